// The plans of $partnership with their periods, and whether any priority stands in each.
MATCH (e:Plan {partnership: $partnership})
RETURN e.key AS handle, e.key AS key, e.name AS label, e.starts AS starts, e.ends AS ends,
       EXISTS { (e)<-[:PART_OF|STANDS_IN {partnership: $partnership}]-(:Priority) } AS holds
ORDER BY key
