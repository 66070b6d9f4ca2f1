// How each document names the entity $thing: its label there, its attributes, and how often it is mentioned.
MATCH (:Entity {key: $thing})<-[m:MENTIONS]-(d:Document)
RETURN d.key AS document, m.label AS label, m.attributes AS attributes, size(m.quotes) AS times
ORDER BY document
