-- The plans of :partnership, or of all, with their periods, and whether any priority stands in each, by :predicates (a JSON list).
SELECT p.key, e.id, e.key, e.label, e.starts, e.ends, EXISTS (
    SELECT 1 FROM json_each(:predicates) AS wanted CROSS JOIN statement AS s CROSS JOIN entity AS c ON c.id = s.subject
    WHERE s.partnership = p.id AND s.object = e.id AND s.predicate = wanted.value AND c.type = :priority
)
FROM partnership AS p
CROSS JOIN entity AS e ON e.partnership = p.id AND e.type = :plan
WHERE :partnership IS NULL OR p.key = :partnership
ORDER BY p.key, e.key
