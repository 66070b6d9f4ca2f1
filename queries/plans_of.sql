-- The plans in which the priorities and actions :things (a JSON list) stand, directly or under another, in :partnership.
WITH RECURSIVE above (thing, place) AS (
    SELECT e.id, e.id FROM json_each(:things) AS thing CROSS JOIN entity AS e ON e.key = thing.value
    UNION
    SELECT a.thing, t.object
    FROM above AS a
    CROSS JOIN statement AS t ON t.partnership = (SELECT id FROM partnership WHERE key = :partnership)
        AND t.subject = a.place AND t.predicate IN (:part_of, :stands_in)
)
SELECT e.key, plan.key, plan.label, plan.starts, plan.ends
FROM above AS a
CROSS JOIN entity AS plan ON plan.id = a.place AND plan.type = :plan
CROSS JOIN entity AS e ON e.id = a.thing
ORDER BY e.key, plan.key
