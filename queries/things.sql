-- The entities :things (a JSON list of ids).
SELECT e.key, e.type, e.label, (SELECT key FROM partnership WHERE id = e.partnership), e.kind, e.starts, e.ends
FROM json_each(:things) AS thing
CROSS JOIN entity AS e ON e.key = thing.value
