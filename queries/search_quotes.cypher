// Statements whose quotes hold the $words, the shortest first.
CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()
WITH CASE WHEN $partnership IS NULL THEN '' ELSE ' AND partnership:"' + $partnership + '"' END AS scope
CALL db.index.fulltext.queryRelationships('quotes', 'terms:(' + $words + ')' + scope) YIELD relationship AS r
WITH startNode(r) AS s, r, endNode(r) AS o WHERE $partnership IS NULL OR r.partnership = $partnership
WITH s, r, o
ORDER BY r.end - r.start, r.document, r.start, r.end, s.key, $relations[type(r)], o.key, coalesce($stances[r.stance], 0), r.cue
LIMIT $most
WITH s, r, o, NOT EXISTS {
    (s)-[other:STATED]->(o)
    WHERE type(other) = type(r) AND other.partnership = r.partnership AND NOT other.assumed
      AND coalesce(other.stance, '') = coalesce(r.stance, '')
} AS assumed
RETURN [
    s.key, $classes[s.type], s.name, s.partnership,
    $relations[type(r)],
    o.key, $classes[o.type], o.name, o.partnership,
    coalesce($stances[r.stance], 0), assumed, r.partnership,
    r.document, r.start, r.end, r.quote, r.cue, r.probability, r.assumed, r.reader
] AS row
ORDER BY r.end - r.start, r.document, r.start, r.end, s.key, $relations[type(r)], o.key, coalesce($stances[r.stance], 0), r.cue
