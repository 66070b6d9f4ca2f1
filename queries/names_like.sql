-- Every wording of an entity that holds one of :words (a JSON list of lower-case beginnings of words), in :partnership or
-- anywhere when that is null. Issues of the vocabulary are looked up in the ontology instead of by their many mentions.
WITH scope (id, vocabulary) AS (
    SELECT e.id, e.vocabulary FROM partnership AS p CROSS JOIN entity AS e ON e.partnership = p.id WHERE p.key = :partnership
    UNION ALL
    SELECT id, vocabulary FROM entity WHERE partnership IS NULL AND :partnership IS NOT NULL
    UNION ALL
    SELECT id, vocabulary FROM entity WHERE :partnership IS NULL
),
-- How good the wording is: 2 the label shown, 1 a document's label, 0 words by which a document mentions it.
wording (entity, text, rank) AS (
    SELECT e.id, e.label, 2 FROM scope AS s CROSS JOIN entity AS e ON e.id = s.id AND EXISTS (SELECT 1 FROM naming WHERE entity = e.id)
    UNION
    SELECT n.entity, n.label, 1 FROM scope AS s CROSS JOIN naming AS n ON n.entity = s.id WHERE NOT s.vocabulary
    UNION
    SELECT m.entity, m.quote, 0 FROM scope AS s CROSS JOIN entity AS e ON e.id = s.id AND e.partnership IS NOT NULL
    CROSS JOIN mention AS m ON m.entity = e.id
)
SELECT e.key, e.type, e.label, (SELECT key FROM partnership WHERE id = e.partnership), e.kind, w.text, max(w.rank)
FROM wording AS w
CROSS JOIN entity AS e ON e.id = w.entity
WHERE EXISTS (SELECT 1 FROM json_each(:words) AS word WHERE instr(lower(w.text), word.value))
GROUP BY e.id, w.text
ORDER BY e.key, w.text
