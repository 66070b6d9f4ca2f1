// The plans in which the priorities and actions $things stand, directly or under another, in $partnership.
UNWIND $things AS thing
MATCH (e:Entity {key: thing})-[:PART_OF|STANDS_IN*0.. {partnership: $partnership}]->(plan:Plan)
RETURN DISTINCT [e.key, plan.key, plan.name, plan.starts, plan.ends] AS row
ORDER BY row
