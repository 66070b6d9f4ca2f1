-- Version 1 of the embedded store. Types, predicates and stances are the numbers that ontology/core.ttl gives them.

CREATE TABLE partnership (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0, -- grows whenever what its documents say changes
    summarised INTEGER NOT NULL DEFAULT 0 -- whether the summary tables hold it; what changes it empties them of it
);

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT,
    year INTEGER,
    kind TEXT NOT NULL,
    partnership INTEGER NOT NULL REFERENCES partnership (id),
    partnership_label TEXT NOT NULL,
    reader TEXT NOT NULL,
    text TEXT,
    places TEXT NOT NULL -- JSON: [[offset, name], …]
);
CREATE INDEX document_by_partnership ON document (partnership);

CREATE TABLE entity (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    type INTEGER NOT NULL,
    label TEXT NOT NULL,
    partnership INTEGER REFERENCES partnership (id),
    kind TEXT,
    starts INTEGER,
    ends INTEGER,
    vocabulary INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX entity_by_partnership ON entity (partnership, type, id, label);
CREATE INDEX entity_by_label ON entity (label COLLATE NOCASE);

-- What a document calls an entity: the entity's own label is the best of these.
CREATE TABLE naming (
    entity INTEGER NOT NULL REFERENCES entity (id),
    document INTEGER NOT NULL REFERENCES document (id),
    label TEXT NOT NULL,
    rank INTEGER NOT NULL,
    kind TEXT,
    starts INTEGER,
    ends INTEGER,
    attributes TEXT NOT NULL,
    PRIMARY KEY (entity, document)
) WITHOUT ROWID;
CREATE INDEX naming_by_document ON naming (document);

CREATE TABLE mention (
    entity INTEGER NOT NULL REFERENCES entity (id),
    document INTEGER NOT NULL REFERENCES document (id),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    quote TEXT NOT NULL,
    PRIMARY KEY (entity, document, start, "end")
) WITHOUT ROWID;
CREATE INDEX mention_by_document ON mention (document);

CREATE TABLE statement (
    id INTEGER PRIMARY KEY,
    partnership INTEGER NOT NULL REFERENCES partnership (id),
    subject INTEGER NOT NULL REFERENCES entity (id),
    predicate INTEGER NOT NULL,
    object INTEGER NOT NULL REFERENCES entity (id),
    stance INTEGER NOT NULL DEFAULT 0,
    assumed INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX statement_by_subject ON statement (partnership, subject, predicate, object, stance);
CREATE INDEX statement_by_object ON statement (partnership, object, predicate, subject, stance);
CREATE INDEX statement_by_predicate ON statement (partnership, predicate, stance, object, subject);
CREATE INDEX statement_by_entity ON statement (subject);
CREATE INDEX statement_by_target ON statement (object);

CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    statement INTEGER NOT NULL REFERENCES statement (id),
    document INTEGER NOT NULL REFERENCES document (id),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    quote TEXT NOT NULL,
    cue TEXT NOT NULL,
    confidence REAL NOT NULL,
    assumed INTEGER NOT NULL
);
CREATE UNIQUE INDEX evidence_by_statement ON evidence (statement, document, start, "end", cue);
CREATE INDEX evidence_by_document ON evidence (document);
-- The words of the quotes, without endings (graph/terms.py); they are made again from the quote when it is removed.
CREATE VIRTUAL TABLE evidence_text USING fts5 (terms, content = '', tokenize = 'ascii');

-- The vocabulary: each concept with itself and all that is broader.
CREATE TABLE broader (
    narrow INTEGER NOT NULL REFERENCES entity (id),
    broad INTEGER NOT NULL REFERENCES entity (id),
    steps INTEGER NOT NULL,
    PRIMARY KEY (narrow, broad)
) WITHOUT ROWID;
CREATE INDEX broader_by_broad ON broader (broad, narrow);

CREATE TABLE requires (
    duty INTEGER NOT NULL REFERENCES entity (id),
    issue INTEGER NOT NULL REFERENCES entity (id),
    PRIMARY KEY (duty, issue)
) WITHOUT ROWID;

-- What becomes of the issues of each partnership under its newest plan, for questions across all; see graph/summary.py.
CREATE TABLE summary_state (
    issue INTEGER NOT NULL REFERENCES entity (id),
    state TEXT NOT NULL,
    partnership INTEGER NOT NULL REFERENCES partnership (id),
    whole INTEGER NOT NULL,
    PRIMARY KEY (issue, state, partnership)
) WITHOUT ROWID;
CREATE INDEX summary_state_of ON summary_state (partnership);
CREATE TABLE summary_sources (
    issue INTEGER NOT NULL REFERENCES entity (id),
    stance INTEGER NOT NULL,
    partnership INTEGER NOT NULL REFERENCES partnership (id),
    sources INTEGER NOT NULL,
    PRIMARY KEY (issue, stance, partnership)
) WITHOUT ROWID;
CREATE INDEX summary_sources_of ON summary_sources (partnership);
CREATE TABLE summary_year (
    issue INTEGER NOT NULL REFERENCES entity (id),
    year INTEGER NOT NULL, -- 0 for documents without a date
    partnership INTEGER NOT NULL REFERENCES partnership (id),
    times INTEGER NOT NULL,
    PRIMARY KEY (issue, year, partnership)
) WITHOUT ROWID;
CREATE INDEX summary_year_of ON summary_year (partnership);

-- What people decided; applied on reading, never mixed with what was extracted.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    other TEXT,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    expires TEXT,
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX decision_by_target ON decision (target);

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
