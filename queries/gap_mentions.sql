-- Where the documents of :partnership name the things of :focus (numbers).
SELECT m.entity, d.key, m.start, m."end", m.quote, 'mention', 1.0
FROM json_each(:focus) f CROSS JOIN mention m ON m.entity = f.value CROSS JOIN document d ON d.id = m.document
WHERE d.partnership = :partnership
