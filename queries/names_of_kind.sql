-- The bodies of the kinds :kinds (a JSON list), in :partnership or anywhere.
SELECT e.key, e.type, e.label, (SELECT key FROM partnership WHERE id = e.partnership)
FROM entity AS e
WHERE e.kind IN (SELECT value FROM json_each(:kinds))
  AND (:partnership IS NULL OR e.partnership = (SELECT id FROM partnership WHERE key = :partnership))
ORDER BY e.key
