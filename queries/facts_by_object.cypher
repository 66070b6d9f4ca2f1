// What is said of $things as objects, by $predicates, in $partnerships, with the words that prove it.
// The index over relationships is the way: all partnerships speak of an issue. STATED stands for the types of $predicates.
UNWIND $partnerships AS scope
UNWIND $things AS thing
MATCH (s)-[r:STATED]->(o)
WHERE r.partnership = scope AND r.object = thing
WITH s, o, type(r) AS type, r.stance AS stance, r.partnership AS partnership, collect(r) AS evidence,
     sum(CASE WHEN r.assumed THEN 0 ELSE 1 END) = 0 AS assumed
UNWIND evidence AS r
RETURN [
    s.key, $classes[s.type], s.name, s.partnership,
    $relations[type],
    o.key, $classes[o.type], o.name, o.partnership,
    coalesce($stances[stance], 0), assumed, partnership,
    r.document, r.start, r.end, r.quote, r.cue, r.probability, r.assumed, r.reader
] AS row
