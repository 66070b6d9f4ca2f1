-- For a rule whose message names nothing.
SELECT 0, 0, 0 WHERE 0
