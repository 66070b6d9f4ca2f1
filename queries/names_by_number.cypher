// What a document numbers $number ('Priority 2'), of the types $types, in $partnership or anywhere.
CALL () {
    MATCH (e:Entity {partnership: $partnership}) RETURN e
    UNION ALL
    MATCH (e:Entity) WHERE $partnership IS NULL RETURN e
}
WITH e WHERE $classes[e.type] IN $types AND EXISTS { (e)<-[m:MENTIONS]-() WHERE ('number=' + $number) IN m.pairs }
RETURN [e.key, $classes[e.type], e.name, e.partnership] AS row
ORDER BY e.key
