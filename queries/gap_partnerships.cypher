// The partnerships ($partnership alone when given), each with its own entity, whether or not a document names it.
MATCH (p:PartnershipGraph) WHERE $partnership IS NULL OR p.key = $partnership
OPTIONAL MATCH (e:Partnership {partnership: p.key})
RETURN p.key AS handle, p.key AS key, p.name AS label, coalesce(min(e.key), p.key + '/partnership') AS itself
ORDER BY key
