// The plans of $partnership, or of all, with their periods, and whether any priority stands in each. STATED stands for the types of $predicates.
CALL () {
    MATCH (p:PartnershipGraph {key: $partnership}) RETURN p
    UNION ALL
    MATCH (p:PartnershipGraph) WHERE $partnership IS NULL RETURN p
}
MATCH (e:Plan {partnership: p.key})
WITH p, e, EXISTS { (e)<-[:STATED {partnership: p.key}]-(:Priority) } AS holds
RETURN [p.key, e.key, e.key, e.name, e.starts, e.ends, holds] AS row
ORDER BY p.key, e.key
