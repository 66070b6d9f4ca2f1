-- Version 3.

-- How likely a statement is, by what a document says; and who read the words so: the rules of this program, or what a claims file calls its reader.
ALTER TABLE evidence RENAME COLUMN confidence TO probability;
ALTER TABLE evidence ADD COLUMN reader TEXT NOT NULL DEFAULT 'rules';
DROP INDEX evidence_by_statement;
CREATE UNIQUE INDEX evidence_by_statement ON evidence (statement, document, start, "end", cue, reader);

-- What is only suggested is kept as a statement whose predicate is the negated number of its relation, so that no query of what is stated
-- can meet it; the evidence of a statement is either all stated or all suggested.
