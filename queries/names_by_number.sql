-- What a document numbers :number ('Priority 2'), of the types :types (a JSON list), in :partnership or anywhere.
SELECT DISTINCT e.key, e.type, e.label, (SELECT key FROM partnership WHERE id = e.partnership)
FROM json_each(:types) AS wanted
CROSS JOIN entity AS e ON e.type = wanted.value
CROSS JOIN naming AS n ON n.entity = e.id AND n.attributes <> '[]'
CROSS JOIN json_each(n.attributes) AS pair
WHERE (:partnership IS NULL OR e.partnership = (SELECT id FROM partnership WHERE key = :partnership))
  AND json_extract(pair.value, '$[0]') = 'number' AND json_extract(pair.value, '$[1]') = :number
ORDER BY e.key
