// Of the partnerships with a summary: how many times each issue is raised in the documents of each year (0 without a date).
MATCH (i:Issue)<-[c:COVERAGE]-()
UNWIND range(0, size(c.years) - 1) AS n
WITH i, c.years[n] AS year, sum(c.times[n]) AS times
RETURN [i.key, i.name, year, times] AS row
