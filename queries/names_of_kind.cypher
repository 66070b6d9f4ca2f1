// The bodies of the kinds $kinds, in $partnership or anywhere.
MATCH (e:Entity)
WHERE e.kind IN $kinds AND ($partnership IS NULL OR e.partnership = $partnership)
RETURN e.key AS key, $classes[e.type] AS type, e.name AS label, e.partnership AS partnership
ORDER BY key
