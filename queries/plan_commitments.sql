-- The priorities and actions that stand in one of :plans (numbers), or under one that does.
WITH RECURSIVE standing (partnership, id) AS (
    SELECT plan.partnership, plan.id FROM json_each(:plans) AS wanted CROSS JOIN entity AS plan ON plan.id = wanted.value
    UNION
    SELECT s.partnership, s.subject FROM standing
    CROSS JOIN statement AS s ON s.partnership = standing.partnership AND s.object = standing.id AND s.predicate IN (:part_of, :stands_in)
    CROSS JOIN entity AS e ON e.id = s.subject AND e.type IN (:priority, :action)
)
SELECT e.id, e.key, e.label, e.type FROM standing CROSS JOIN entity AS e ON e.id = standing.id AND e.type IN (:priority, :action)
ORDER BY e.key
