-- Statements whose quotes hold the :words, the shortest first.
SELECT s.key, s.type, s.label, (SELECT key FROM partnership WHERE id = s.partnership),
       t.predicate,
       o.key, o.type, o.label, (SELECT key FROM partnership WHERE id = o.partnership),
       t.stance, t.assumed, p.key,
       d.key, e.start, e."end", e.quote, e.cue, e.probability, e.assumed, e.reader
FROM evidence_text
CROSS JOIN evidence AS e ON e.id = evidence_text.rowid
CROSS JOIN statement AS t ON t.id = e.statement
CROSS JOIN partnership AS p ON p.id = t.partnership
CROSS JOIN entity AS s ON s.id = t.subject
CROSS JOIN entity AS o ON o.id = t.object
CROSS JOIN document AS d ON d.id = e.document
WHERE evidence_text MATCH :words AND (:partnership IS NULL OR p.key = :partnership)
ORDER BY e."end" - e.start, d.key, e.start, e."end", s.key, t.predicate, o.key, t.stance, e.cue
LIMIT :most
