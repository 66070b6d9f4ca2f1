-- The priorities and actions that stand in each plan of :partnership, or of all, or under one that does, by :predicates (a JSON list).
WITH RECURSIVE standing (partnership, plan, id) AS (
    SELECT p.id, e.id, e.id
    FROM partnership AS p
    CROSS JOIN entity AS e ON e.partnership = p.id AND e.type = :plan
    WHERE :partnership IS NULL OR p.key = :partnership
    UNION
    SELECT s.partnership, standing.plan, s.subject FROM standing
    CROSS JOIN json_each(:predicates) AS wanted
    CROSS JOIN statement AS s ON s.partnership = standing.partnership AND s.object = standing.id AND s.predicate = wanted.value
    CROSS JOIN entity AS e ON e.id = s.subject AND e.type IN (:priority, :action)
)
SELECT plan.key, e.id, e.key, e.label, e.type
FROM standing
CROSS JOIN entity AS plan ON plan.id = standing.plan
CROSS JOIN entity AS e ON e.id = standing.id AND e.type IN (:priority, :action)
ORDER BY e.key, plan.key
