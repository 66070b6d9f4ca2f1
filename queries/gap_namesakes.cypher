// What else the documents of $partnership call by the name of a thing of $focus.
UNWIND $focus AS thing
MATCH (t:Entity {key: thing})
MATCH (:Document {partnership: $partnership})-[m:MENTIONS]->(e:Entity)
WHERE t.name IN m.quotes AND e <> t AND e.name <> t.name
RETURN DISTINCT [thing, e.name] AS row
