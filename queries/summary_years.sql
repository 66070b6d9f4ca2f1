-- Of the partnerships with a summary: how many times each issue is raised in the documents of each year (0 without a date).
SELECT e.key, e.label, s.year, s.times
FROM (SELECT issue, year, sum(times) AS times FROM summary_year GROUP BY issue, year) AS s
CROSS JOIN entity AS e ON e.id = s.issue
