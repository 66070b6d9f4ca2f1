// Where the documents of $partnership name the things of $focus.
UNWIND $focus AS thing
MATCH (:Entity {key: thing})<-[m:MENTIONS]-(d:Document {partnership: $partnership})
UNWIND range(0, size(m.quotes) - 1) AS n
RETURN [thing, d.key, m.starts_at[n], m.ends_at[n], m.quotes[n], 'mention', 1.0] AS row
