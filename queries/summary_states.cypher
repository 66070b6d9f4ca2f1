// Of the partnerships with a summary: in how many each issue is in which state, and in how many of these its thread is whole.
MATCH (i:Issue)<-[c:COVERAGE]-()
WITH i, c.state AS state, count(*) AS partnerships, sum(CASE WHEN c.whole THEN 1 ELSE 0 END) AS whole
RETURN [i.key, i.name, state, partnerships, whole] AS row
