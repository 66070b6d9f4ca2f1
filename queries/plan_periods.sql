-- The plans of :partnership with their periods, and whether any priority stands in each.
SELECT e.id, e.key, e.label, e.starts, e.ends, EXISTS (
    SELECT 1 FROM statement s CROSS JOIN entity c ON c.id = s.subject
    WHERE s.partnership = :partnership AND s.object = e.id AND s.predicate IN (:part_of, :stands_in) AND c.type = :priority
)
FROM entity e WHERE e.partnership = :partnership AND e.type = :plan ORDER BY e.key
