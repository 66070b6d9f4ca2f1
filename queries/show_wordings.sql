-- The words by which documents mention the entity :thing, with counts.
SELECT m.quote, count(*)
FROM entity AS e
CROSS JOIN mention AS m ON m.entity = e.id
WHERE e.key = :thing
GROUP BY m.quote
ORDER BY 2 DESC, 1
