// Of the partnerships with a summary: how many sources raise each issue, by stance.
MATCH (i:Issue)<-[c:COVERAGE]-()
UNWIND range(0, size(c.stances) - 1) AS n
WITH i, c.stances[n] AS stance, sum(c.sources[n]) AS sources
RETURN [i.key, stance, sources] AS row
