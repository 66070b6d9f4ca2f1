// The priorities that stand in $plans, with the actions that stand in these plans or under these priorities: what each addresses,
// and whether anybody answers for it. One that addresses nothing is there once, without an issue.
UNWIND $plans AS wanted
MATCH (plan:Entity {key: wanted})
MATCH (plan)<-[:PART_OF|STANDS_IN* {partnership: plan.partnership}]-(e:Priority|Action)
WITH DISTINCT plan, e
OPTIONAL MATCH (e)-[:ADDRESSES {partnership: plan.partnership}]->(i:Issue)
WITH DISTINCT plan, e, i
RETURN plan.partnership AS partnership, plan.key AS plan, e.key AS thing, $classes[e.type] AS type, e.name AS label,
       plan.partnership AS scope, i.key AS issue, i.name AS issue_label,
       EXISTS { (e)<-[o:STATED]-() WHERE o.partnership = plan.partnership AND $relations[type(o)] IN $owning } AS owned
ORDER BY partnership, thing, issue
