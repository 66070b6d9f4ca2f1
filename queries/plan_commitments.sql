-- The priorities and actions that stand in one of :plans, or under one that does.
WITH RECURSIVE standing (id) AS (
    SELECT value FROM json_each(:plans)
    UNION
    SELECT s.subject FROM standing CROSS JOIN statement s CROSS JOIN entity e ON e.id = s.subject
    WHERE s.partnership = :partnership AND s.object = standing.id AND s.predicate IN (:part_of, :stands_in)
    AND e.type IN (:priority, :action)
)
SELECT e.id, e.key, e.label, e.type FROM standing CROSS JOIN entity e ON e.id = standing.id
WHERE e.type IN (:priority, :action) ORDER BY e.key
