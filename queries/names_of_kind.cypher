// The bodies of the kinds $kinds, in $partnership or anywhere.
MATCH (e:Entity)
WHERE e.kind IN $kinds AND ($partnership IS NULL OR e.partnership = $partnership)
RETURN [e.key, $classes[e.type], e.name, e.partnership] AS row
ORDER BY e.key
