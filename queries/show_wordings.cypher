// The words by which documents mention the entity $thing, with counts.
MATCH (:Entity {key: $thing})<-[m:MENTIONS]-(:Document)
UNWIND m.quotes AS quote
WITH quote, count(*) AS times
RETURN [quote, times] AS row
ORDER BY times DESC, quote
