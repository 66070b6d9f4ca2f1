// All that is said by $predicates, in $partnerships, with the words that prove it.
UNWIND $partnerships AS scope
MATCH (s:Entity {partnership: scope})-[r:STATED {partnership: scope}]->(o:Entity)
WHERE $relations[type(r)] IN $predicates
WITH s, o, type(r) AS type, r.stance AS stance, r.partnership AS partnership, collect(r) AS evidence,
     sum(CASE WHEN r.assumed THEN 0 ELSE 1 END) = 0 AS assumed
UNWIND evidence AS r
RETURN s.key AS subject, $classes[s.type] AS subject_type, s.name AS subject_label, s.partnership AS subject_partnership,
       $relations[type] AS predicate,
       o.key AS object, $classes[o.type] AS object_type, o.name AS object_label, o.partnership AS object_partnership,
       coalesce($stances[stance], 0) AS stance, assumed, partnership,
       r.document AS document, r.start AS start, r.end AS end, r.quote AS quote, r.cue AS cue, r.confidence AS confidence, r.assumed AS assumed_here
