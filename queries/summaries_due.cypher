// The partnerships without a summary, and the revision of each.
MATCH (p:PartnershipGraph) WHERE NOT p.summarised
WITH p ORDER BY p.key
RETURN [p.key, p.revision] AS row
