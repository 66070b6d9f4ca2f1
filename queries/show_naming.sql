-- How each document names the entity :thing: its label there, its attributes, and how often it is mentioned.
SELECT d.key, n.label, n.attributes, (SELECT count(*) FROM mention AS m WHERE m.entity = e.id AND m.document = d.id)
FROM entity AS e
CROSS JOIN naming AS n ON n.entity = e.id
CROSS JOIN document AS d ON d.id = n.document
WHERE e.key = :thing
ORDER BY d.key
