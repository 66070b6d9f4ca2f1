-- What else the documents of :partnership call by the name of a thing of :focus (numbers).
SELECT DISTINCT t.id, e.label
FROM json_each(:focus) f CROSS JOIN entity t ON t.id = f.value CROSS JOIN document d ON d.partnership = :partnership
CROSS JOIN mention m ON m.document = d.id CROSS JOIN entity e ON e.id = m.entity
WHERE m.quote = t.label AND e.id <> t.id AND e.label <> t.label
