// How many sources raise each issue, by stance, in $partnerships.
UNWIND $partnerships AS scope
MATCH (s:Entity {partnership: scope})-[r:RAISES {partnership: scope}]->(i:Issue)
WITH scope, i, r.stance AS stance, count(DISTINCT s) AS sources
RETURN scope, i.key AS issue, i.name AS label, coalesce($stances[stance], 0) AS stance, sources
ORDER BY scope, issue, stance
