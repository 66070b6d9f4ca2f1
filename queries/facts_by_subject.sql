-- What is said of :things as subjects, by :predicates, in :partnerships (each a JSON list), with the words that prove it.
-- CROSS JOIN pins the order: without it the planner may scan all evidence.
SELECT s.key, s.type, s.label, (SELECT key FROM partnership WHERE id = s.partnership),
       t.predicate,
       o.key, o.type, o.label, (SELECT key FROM partnership WHERE id = o.partnership),
       t.stance, t.assumed, p.key,
       d.key, e.start, e."end", e.quote, e.cue, e.probability, e.assumed, e.reader
FROM json_each(:partnerships) AS scope
CROSS JOIN partnership AS p ON p.key = scope.value
CROSS JOIN json_each(:things) AS thing
CROSS JOIN entity AS s ON s.key = thing.value
CROSS JOIN json_each(:predicates) AS wanted
CROSS JOIN statement AS t ON t.partnership = p.id AND t.subject = s.id AND t.predicate = wanted.value
CROSS JOIN entity AS o ON o.id = t.object
CROSS JOIN evidence AS e ON e.statement = t.id
CROSS JOIN document AS d ON d.id = e.document
