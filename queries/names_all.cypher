// Every label of what the documents name, in $partnership or anywhere.
MATCH (e:Entity)
WHERE ($partnership IS NULL OR e.partnership IS NULL OR e.partnership = $partnership) AND EXISTS { (e)<-[:MENTIONS]-() }
RETURN DISTINCT [e.name] AS row
ORDER BY row
