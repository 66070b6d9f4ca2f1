// Statements whose quotes hold the $words, the shortest first.
CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()
CALL db.index.fulltext.queryRelationships('quotes', $words) YIELD relationship AS r
WITH startNode(r) AS s, r, endNode(r) AS o WHERE $partnership IS NULL OR r.partnership = $partnership
WITH s, r, o
ORDER BY r.end - r.start, r.document, r.start, r.end, s.key, $relations[type(r)], o.key, coalesce($stances[r.stance], 0), r.cue
LIMIT $most
RETURN s.key AS subject, $classes[s.type] AS subject_type, s.name AS subject_label, s.partnership AS subject_partnership,
       $relations[type(r)] AS predicate,
       o.key AS object, $classes[o.type] AS object_type, o.name AS object_label, o.partnership AS object_partnership,
       coalesce($stances[r.stance], 0) AS stance,
       NOT EXISTS {
           (s)-[other:STATED]->(o)
           WHERE type(other) = type(r) AND other.partnership = r.partnership AND NOT other.assumed
             AND coalesce(other.stance, '') = coalesce(r.stance, '')
       } AS assumed,
       r.partnership AS partnership,
       r.document AS document, r.start AS start, r.end AS end, r.quote AS quote, r.cue AS cue, r.confidence AS confidence, r.assumed AS assumed_here
