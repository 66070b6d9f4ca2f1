-- The priorities that stand in :plans (a JSON list), what each addresses, and whether anybody answers for it.
-- A priority that addresses nothing is there once, without an issue.
SELECT p.key, plan.key, e.key, e.type, e.label, p.key, i.key, i.label,
       EXISTS (SELECT 1 FROM json_each(:owning) AS owning
               CROSS JOIN statement AS o ON o.partnership = p.id AND o.object = e.id AND o.predicate = owning.value)
FROM json_each(:plans) AS wanted
CROSS JOIN entity AS plan ON plan.key = wanted.value
CROSS JOIN partnership AS p ON p.id = plan.partnership
CROSS JOIN statement AS part ON part.partnership = p.id AND part.object = plan.id AND part.predicate IN (:part_of, :stands_in)
CROSS JOIN entity AS e ON e.id = part.subject AND e.type = :priority
LEFT JOIN statement AS a ON a.partnership = p.id AND a.subject = e.id AND a.predicate = :addresses
LEFT JOIN entity AS i ON i.id = a.object
ORDER BY p.key, e.key, i.key
