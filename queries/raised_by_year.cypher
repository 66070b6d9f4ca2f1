// How many times each issue is raised in the documents of each year (0 without a date), in $partnership.
MATCH (:Entity {partnership: $partnership})-[r:RAISES {partnership: $partnership}]->(i:Issue)
WITH i, coalesce(r.year, 0) AS year, count(*) AS times
RETURN [i.key, i.name, year, times] AS row
ORDER BY i.key, year
