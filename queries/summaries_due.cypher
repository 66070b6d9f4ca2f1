// The partnerships without a summary, and the revision of each.
MATCH (p:PartnershipGraph) WHERE NOT coalesce(p.summarised, false)
WITH p ORDER BY p.key
RETURN [p.key, p.revision] AS row
