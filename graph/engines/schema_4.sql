-- Version 4: what language models answered about documents, so that they are asked once. An answer may be there before its document.
CREATE TABLE answer (
    document TEXT NOT NULL, -- the key of the document
    prompt TEXT NOT NULL, -- a hash of all that was asked
    model TEXT NOT NULL,
    sha256 TEXT NOT NULL, -- of the bytes of the document
    text TEXT NOT NULL,
    whole INTEGER NOT NULL, -- 0 where the answer broke off
    PRIMARY KEY (document, prompt, model)
) WITHOUT ROWID;
