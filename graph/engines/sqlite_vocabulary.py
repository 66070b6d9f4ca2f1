"""Takes over the vocabulary into an embedded store, inside a transaction that is open."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from ...ontology import Ontology
from .sqlite_upkeep import change_partnerships, tidy

_CONCEPT = (
    "INSERT INTO entity (key, type, label, vocabulary) VALUES (?, ?, ?, 1)"
    " ON CONFLICT (key) DO UPDATE SET label = excluded.label, vocabulary = 1 RETURNING id"
)
_PRINT = "INSERT INTO setting VALUES ('vocabulary', ?) ON CONFLICT DO UPDATE SET value = excluded.value"


def use(db: sqlite3.Connection, ontology: Ontology, types: Mapping[str, int], print_: str) -> None:
    """Take over the issues, what is broader than each, and the duties.

    Args:
        db: the store.
        ontology: what holds them.
        types: the number of each class.
        print_: the fingerprint of the vocabulary.

    """
    numbers = {
        (type_, item.id): db.execute(_CONCEPT, (f"{type_.lower()}/{item.id}", types[type_], item.label)).fetchone()[0]
        for type_, items in (("Issue", ontology.concepts.values()), ("Duty", ontology.duties.values()))
        for item in items
    }
    former = [
        number
        for (number,) in db.execute("UPDATE entity SET vocabulary = 0 WHERE vocabulary RETURNING id").fetchall()
        if number not in numbers.values()
    ]
    db.executemany("UPDATE entity SET vocabulary = 1 WHERE id = ?", [(number,) for number in numbers.values()])
    db.execute("DELETE FROM broader WHERE steps > 0")
    db.execute("DELETE FROM requires")
    change_partnerships(db, [number for (number,) in db.execute("SELECT id FROM partnership")])
    tidy(db, former)
    db.executemany(
        "INSERT INTO broader VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (numbers["Issue", narrow], numbers["Issue", broad], steps)
            for narrow, above in ontology.ancestors.items()
            for broad, steps in above.items()
        ],
    )
    db.executemany(
        "INSERT INTO requires VALUES (?, ?)",
        [(numbers["Duty", d.id], numbers["Issue", i]) for d in ontology.duties.values() for i in d.requires],
    )
    db.execute(_PRINT, (print_,))
