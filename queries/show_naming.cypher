// How each document names the entity $thing: its label there, its attributes, and how often it is mentioned.
MATCH (:Entity {key: $thing})<-[m:MENTIONS]-(d:Document)
RETURN [d.key, m.label, m.attributes, size(m.quotes)] AS row
ORDER BY d.key
