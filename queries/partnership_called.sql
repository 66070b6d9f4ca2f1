-- The number of :partnership in the engine, and its name.
SELECT id, label FROM partnership WHERE key = :partnership
