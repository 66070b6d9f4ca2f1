// What a document numbers $number ('Priority 2'), of the types $types, in $partnership or anywhere.
MATCH (e:Entity)
WHERE $classes[e.type] IN $types AND ($partnership IS NULL OR e.partnership = $partnership)
  AND EXISTS { (e)<-[m:MENTIONS]-() WHERE ('number=' + $number) IN m.pairs }
RETURN e.key AS key, $classes[e.type] AS type, e.name AS label, e.partnership AS partnership
ORDER BY key
