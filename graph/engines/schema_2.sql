-- Version 2: what a person said of a document when loading it, which counts until they say something else.

ALTER TABLE document ADD COLUMN said TEXT NOT NULL DEFAULT '{}';
