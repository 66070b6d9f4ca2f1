// The priorities and actions that stand in each plan of $partnership, or of all, or under one that does. STATED stands for the types of $predicates.
CALL () {
    MATCH (p:PartnershipGraph {key: $partnership}) RETURN p
    UNION ALL
    MATCH (p:PartnershipGraph) WHERE $partnership IS NULL RETURN p
}
MATCH (plan:Plan {partnership: p.key})
MATCH way = (plan)<-[:STATED* {partnership: plan.partnership}]-(e:Priority|Action)
WHERE all(step IN nodes(way)[1..] WHERE step:Priority OR step:Action)
WITH DISTINCT plan, e
RETURN [plan.key, e.key, e.key, e.name, $classes[e.type]] AS row
ORDER BY e.key, plan.key
