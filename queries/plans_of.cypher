// The plans in which the priorities and actions $things stand, directly or under another, in $partnership.
UNWIND $things AS thing
MATCH (e:Entity {key: thing})-[:PART_OF|STANDS_IN*0.. {partnership: $partnership}]->(plan:Plan)
RETURN DISTINCT e.key AS thing, plan.key AS plan, plan.name AS label, plan.starts AS starts, plan.ends AS ends
ORDER BY thing, plan
