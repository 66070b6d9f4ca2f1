// The priorities and actions that stand in one of $plans, or under one that does.
UNWIND $plans AS wanted
MATCH (:Entity {key: wanted})<-[:PART_OF|STANDS_IN* {partnership: $partnership}]-(e:Priority|Action)
RETURN DISTINCT e.key AS handle, e.key AS key, e.name AS label, $classes[e.type] AS type
ORDER BY key
