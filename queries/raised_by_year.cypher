// How many times each issue is raised in the documents of each year (0 without a date), in $partnership.
MATCH (:Entity {partnership: $partnership})-[r:RAISES {partnership: $partnership}]->(i:Issue)
WITH i, coalesce(r.year, 0) AS year, count(*) AS times
RETURN i.key AS key, i.name AS label, year, times
ORDER BY key, year
