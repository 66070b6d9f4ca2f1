// The priorities and actions that stand in one of $plans, or under one that does.
UNWIND $plans AS wanted
MATCH (plan:Entity {key: wanted})
MATCH (plan)<-[:PART_OF|STANDS_IN* {partnership: plan.partnership}]-(e:Priority|Action)
RETURN DISTINCT [e.key, e.key, e.name, $classes[e.type]] AS row
ORDER BY row
