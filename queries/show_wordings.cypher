// The words by which documents mention the entity $thing, with counts.
MATCH (:Entity {key: $thing})<-[m:MENTIONS]-(:Document)
UNWIND m.quotes AS quote
RETURN quote, count(*) AS times
ORDER BY times DESC, quote
