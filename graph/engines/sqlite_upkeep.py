"""Keeps the tables of an embedded store in step when what a document says is put in or removed.

Evidence and its index change together; what nothing mentions any more is removed, and what stays gets its best label.
Each function works in a transaction that is open.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from ..model import Evidence
from ..terms import terms_of

#: The tables of `summary.IssueSummary`.
SUMMARIES = ("summary_state", "summary_sources", "summary_year")
#: Of a partnership to which no document belongs: keeps its revision, so that none which comes later, or comes back,
#: begins before it.
_KEEP_REVISION = """
    INSERT INTO setting SELECT 'revision', revision FROM partnership
    WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM document WHERE partnership = ?1)
    ON CONFLICT DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))
"""
#: A statement is assumed when every piece of its evidence is.
_ASSUMED = (
    "UPDATE statement SET assumed = NOT EXISTS (SELECT 1 FROM evidence WHERE statement = ?1 AND NOT assumed) "
    "WHERE id = ?1"
)


def prove(db: sqlite3.Connection, statements: Sequence[tuple[int, Sequence[Evidence]]], document: int) -> None:
    """Put in the evidence of a document's statements, which has none yet; all at once takes half the time."""
    db.executemany(
        'INSERT INTO evidence (statement, document, start, "end", quote, cue, probability, assumed, reader)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            (number, document, e.start, e.end, e.quote, e.cue, e.probability, int(e.assumed), e.reader)
            for number, evidence in statements
            for e in evidence
        ),
    )
    _index(db, "INSERT INTO evidence_text (rowid, terms) VALUES (?, ?)", document)
    db.executemany(_ASSUMED, [(number,) for number, _ in statements])


def remove(db: sqlite3.Connection, document: int) -> set[int]:
    """Remove all that a document said; return the entities it named."""
    touched = {row[0] for row in db.execute("SELECT entity FROM naming WHERE document = ?", (document,))}
    statements = [
        row[:1] for row in db.execute("SELECT DISTINCT statement FROM evidence WHERE document = ?", (document,))
    ]
    _index(db, "INSERT INTO evidence_text (evidence_text, rowid, terms) VALUES ('delete', ?, ?)", document)
    db.execute("DELETE FROM evidence WHERE document = ?", (document,))
    db.executemany(
        "DELETE FROM statement WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM evidence WHERE statement = ?1)",
        statements,
    )
    db.executemany(_ASSUMED, statements)
    for table in ("mention", "naming"):
        db.execute(f"DELETE FROM {table} WHERE document = ?", (document,))
    db.execute("DELETE FROM document WHERE id = ?", (document,))
    return touched


def tidy(db: sqlite3.Connection, touched: Iterable[int]) -> None:
    """Remove entities that no document names any more, and give the others the best of their labels."""
    entities = [(number,) for number in sorted(touched)]
    gone = "id = ?1 AND NOT vocabulary AND NOT EXISTS (SELECT 1 FROM naming WHERE entity = ?1)"
    db.executemany(f"DELETE FROM broader WHERE narrow IN (SELECT id FROM entity WHERE {gone})", entities)
    db.executemany(f"DELETE FROM entity WHERE {gone}", entities)
    db.executemany(
        """
        UPDATE entity SET (label, kind, starts, ends) = (
            SELECT label, kind, starts, ends FROM naming WHERE entity = ?1
            ORDER BY rank DESC, count(*) OVER (PARTITION BY label) DESC, length(label) DESC, label, kind,
                starts, ends
            LIMIT 1
        ) WHERE id = ?1 AND NOT vocabulary
        """,
        entities,
    )


def change_partnerships(db: sqlite3.Connection, touched: Iterable[int]) -> None:
    """Remove the summaries of these partnerships, and those partnerships that no document belongs to any more.

    The others get the fullest of their names.
    """
    numbers = [(number,) for number in sorted(touched)]
    for table in SUMMARIES:
        db.executemany(f"DELETE FROM {table} WHERE partnership = ?", numbers)
    db.executemany("UPDATE partnership SET revision = revision + 1, summarised = 0 WHERE id = ?", numbers)
    db.executemany(_KEEP_REVISION, numbers)
    db.executemany(
        "DELETE FROM partnership WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM document WHERE partnership = ?1)",
        numbers,
    )
    db.executemany(
        """
        UPDATE partnership SET label = (
            SELECT partnership_label FROM document WHERE partnership = ?1
            ORDER BY length(partnership_label) DESC, partnership_label LIMIT 1
        ) WHERE id = ?1
        """,
        numbers,
    )


def _index(db: sqlite3.Connection, command: str, document: int) -> None:
    rows = db.execute("SELECT id, quote FROM evidence WHERE document = ?", (document,)).fetchall()
    db.executemany(command, [(number, terms_of(quote)) for number, quote in rows])
