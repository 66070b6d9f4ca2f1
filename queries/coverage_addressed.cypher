// The priorities that stand in $plans, with the actions that stand in these plans or under these priorities: what each addresses,
// and whether anybody answers for it or what it stands under (STATED stands for $predicates). One that addresses nothing is there once, without an issue.
UNWIND $plans AS wanted
MATCH (plan:Entity {key: wanted})
MATCH way = (plan)<-[:PART_OF|STANDS_IN* {partnership: plan.partnership}]-(e:Priority|Action)
WHERE all(step IN nodes(way)[1..] WHERE step:Priority OR step:Action)
WITH DISTINCT plan, e
OPTIONAL MATCH (e)-[:ADDRESSES {partnership: plan.partnership}]->(i:Issue)
WITH DISTINCT plan, e, i
RETURN [
    plan.partnership, plan.key, e.key, $classes[e.type], e.name, plan.partnership, i.key, i.name,
    EXISTS { (e)<-[:STATED {partnership: plan.partnership}]-() }
    OR EXISTS { (e)-[:PART_OF|STANDS_IN {partnership: plan.partnership}]->(:Priority|Action)<-[:STATED {partnership: plan.partnership}]-() }
] AS row
ORDER BY plan.partnership, e.key, i.key
