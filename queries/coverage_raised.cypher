// How many sources raise each issue, by stance, in $partnerships.
UNWIND $partnerships AS scope
MATCH (s:Entity {partnership: scope})-[r:RAISES {partnership: scope}]->(i:Issue)
WITH scope, i, r.stance AS stance, count(DISTINCT s) AS sources
RETURN [scope, i.key, i.name, coalesce($stances[stance], 0), sources] AS row
ORDER BY row
