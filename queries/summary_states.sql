-- Of the partnerships with a summary: in how many each issue is in which state, and in how many of these its thread is whole.
SELECT e.key, e.label, s.state, s.partnerships, s.whole
FROM (SELECT issue, state, count(*) AS partnerships, sum(whole) AS whole FROM summary_state GROUP BY issue, state) AS s
CROSS JOIN entity AS e ON e.id = s.issue
