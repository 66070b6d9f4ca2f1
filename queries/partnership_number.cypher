// How the engine knows $partnership: by its id.
MATCH (p:PartnershipGraph {key: $partnership})
RETURN p.key AS handle
