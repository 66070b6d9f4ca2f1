// For a rule whose message names nothing.
UNWIND [] AS row
RETURN row
