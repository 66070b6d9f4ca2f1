-- The partnerships (:partnership alone when given), each with the number of its own entity, or 0 when no document names it, and whether anything is stated by :predicates.
SELECT p.id, p.key, p.label, coalesce((
    SELECT min(e.id) FROM entity e WHERE e.partnership = p.id AND e.type = :type
), 0), EXISTS (
    SELECT 1 FROM json_each(:predicates) wanted CROSS JOIN statement s WHERE s.partnership = p.id AND s.predicate = wanted.value
)
FROM partnership p WHERE :partnership IS NULL OR p.key = :partnership ORDER BY p.key
