// What the things of $focus are called.
UNWIND $focus AS thing
MATCH (e:Entity {key: thing})
RETURN [e.key, e.key, $classes[e.type], e.name] AS row
