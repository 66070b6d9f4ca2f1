// The partnerships ($partnership alone when given), each with its own entity, whether or not a document names it, and whether anything is stated by $predicates.
CALL () {
    MATCH (p:PartnershipGraph {key: $partnership}) RETURN p
    UNION ALL
    MATCH (p:PartnershipGraph) WHERE $partnership IS NULL RETURN p
}
OPTIONAL MATCH (e:Partnership {partnership: p.key})
WITH p, coalesce(min(e.key), p.key + '/partnership') AS itself
RETURN [
    p.key, p.key, p.name, itself, EXISTS { MATCH ()-[r:STATED]->() WHERE r.partnership = p.key AND r.object IS NOT NULL }
] AS row
ORDER BY p.key
