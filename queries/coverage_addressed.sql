-- The priorities that stand in :plans (a JSON list), with the actions that stand in these plans or under these priorities:
-- what each addresses, and whether anybody answers for it or what it stands under (by one of :predicates). One that addresses nothing is there once, without an issue.
WITH RECURSIVE standing (partnership, plan, id) AS (
    SELECT plan.partnership, plan.key, plan.id FROM json_each(:plans) AS wanted CROSS JOIN entity AS plan ON plan.key = wanted.value
    UNION
    SELECT a.partnership, a.plan, part.subject FROM standing AS a
    CROSS JOIN statement AS part ON part.partnership = a.partnership AND part.object = a.id AND part.predicate IN (:part_of, :stands_in)
    CROSS JOIN entity AS e ON e.id = part.subject AND e.type IN (:priority, :action)
)
SELECT p.key, c.plan, e.key, e.type, e.label, p.key, i.key, i.label,
       EXISTS (SELECT 1 FROM json_each(:predicates) AS owning
               CROSS JOIN (
                   SELECT e.id AS thing
                   UNION ALL
                   SELECT above.id FROM statement AS s CROSS JOIN entity AS above ON above.id = s.object
                   WHERE s.partnership = p.id AND s.subject = e.id AND s.predicate IN (:part_of, :stands_in)
                     AND above.type IN (:priority, :action)
               ) AS led
               CROSS JOIN statement AS o ON o.partnership = p.id AND o.object = led.thing AND o.predicate = owning.value)
FROM standing AS c
CROSS JOIN partnership AS p ON p.id = c.partnership
CROSS JOIN entity AS e ON e.id = c.id AND e.type IN (:priority, :action)
LEFT JOIN statement AS a ON a.partnership = p.id AND a.subject = e.id AND a.predicate = :addresses
LEFT JOIN entity AS i ON i.id = a.object
ORDER BY p.key, e.key, i.key
