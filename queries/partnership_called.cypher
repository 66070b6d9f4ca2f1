// How the engine knows $partnership (by its id), and its name.
MATCH (p:PartnershipGraph {key: $partnership})
RETURN [p.key, p.name] AS row
