-- The partnerships without a summary, and the revision of each.
SELECT key, revision FROM partnership WHERE NOT summarised ORDER BY key
