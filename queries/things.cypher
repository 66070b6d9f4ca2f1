// The entities $things.
UNWIND $things AS thing
MATCH (e:Entity {key: thing})
RETURN [e.key, $classes[e.type], e.name, e.partnership, e.kind, e.starts, e.ends] AS row
