// The partnerships whose documents name the entity $thing, and so may say something of it.
MATCH (e:Entity {key: $thing})
CALL (e) {
    RETURN e.partnership AS key
    UNION
    MATCH (e)<-[:MENTIONS]-(d:Document) RETURN d.partnership AS key
}
MATCH (p:PartnershipGraph {key: key})
RETURN [p.key, p.name] AS row
ORDER BY p.key
