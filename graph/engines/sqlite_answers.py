"""What language models answered, in an embedded store. What writes works in a transaction that is open."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from ..model import Answer

#: The columns of an answer, in the order of its fields.
_COLUMNS = "document, prompt, model, sha256, text, whole"
READ = f"SELECT {_COLUMNS} FROM answer WHERE ?1 IS NULL OR document = ?1 ORDER BY document, prompt, model"


def keep(db: sqlite3.Connection, answer: Answer) -> None:
    """Keep an answer, in place of what the same model answered to the same prompt before."""
    db.execute(
        f"INSERT OR REPLACE INTO answer ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
        (answer.document, answer.prompt, answer.model, answer.sha256, answer.text, int(answer.whole)),
    )


def prune(db: sqlite3.Connection, document: str, prompts: Collection[str]) -> int:
    """Remove the answers about a document to other prompts than these; return how many."""
    return db.execute(
        "DELETE FROM answer WHERE document = ? AND prompt NOT IN (SELECT value FROM json_each(?))",
        (document, json.dumps(sorted(prompts))),
    ).rowcount


def forget(db: sqlite3.Connection, document: str, but: str | None = None) -> bool:
    """Remove the answers about a document, except those about the version of it whose SHA-256 is `but`."""
    return db.execute("DELETE FROM answer WHERE document = ? AND sha256 IS NOT ?", (document, but)).rowcount > 0


def from_row(document: str, prompt: str, model: str, sha256: str, text: str, whole: int) -> Answer:
    """Return the answer that stands in a row of `READ`."""
    return Answer(document, prompt, model, sha256, text, bool(whole))
