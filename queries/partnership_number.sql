-- The number of :partnership in the engine.
SELECT id FROM partnership WHERE key = :partnership
