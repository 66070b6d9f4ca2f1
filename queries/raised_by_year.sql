-- How many times each issue is raised in the documents of each year (0 without a date), in :partnership.
SELECT o.key, o.label, coalesce(d.year, 0), count(*)
FROM partnership AS p
CROSS JOIN statement AS t ON t.partnership = p.id AND t.predicate = :raises
CROSS JOIN evidence AS e ON e.statement = t.id
CROSS JOIN document AS d ON d.id = e.document
CROSS JOIN entity AS o ON o.id = t.object
WHERE p.key = :partnership
GROUP BY t.object, d.year
ORDER BY o.key, d.year
