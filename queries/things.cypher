// The entities $things.
UNWIND $things AS thing
MATCH (e:Entity {key: thing})
RETURN e.key AS key, $classes[e.type] AS type, e.name AS label, e.partnership AS partnership, e.kind AS kind, e.starts AS starts, e.ends AS ends
