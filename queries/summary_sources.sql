-- Of the partnerships with a summary: how many sources raise each issue, by stance.
SELECT e.key, s.stance, s.sources
FROM (SELECT issue, stance, sum(sources) AS sources FROM summary_sources GROUP BY issue, stance) AS s
CROSS JOIN entity AS e ON e.id = s.issue
