"""The embedded store: one SQLite file, crash-safe, with readers beside a writer."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from ...ontology import Ontology
from ..model import Answer, Decision, Document, DocumentGraph, Entity, Evidence, Mention, Statement
from ..store import (
    SUGGESTED,
    Change,
    Language,
    Parameters,
    Row,
    Store,
    StoredEntity,
    Value,
    check_ends,
    fingerprint,
    places_read,
    places_written,
    said_read,
    said_written,
    unchanged,
    unknown_document,
)
from ..summary import IssueSummary
from . import sqlite_answers, sqlite_vocabulary
from .query_limits import LIMITS
from .sqlite_file import StoreFile, only_readable, query_translated, translated
from .sqlite_query import run_query
from .sqlite_upkeep import SUMMARIES, change_partnerships, prove, remove, tidy

_DOCUMENT = """
    SELECT d.key, d.path, d.sha256, d.title, d.date, p.key, d.partnership_label, d.kind, d.reader, d.places, d.said
    FROM document d JOIN partnership p ON p.id = d.partnership
"""
_EVIDENCE = """
    SELECT s.key, abs(t.predicate), o.key, t.stance, p.key,
           d.key, e.start, e."end", e.quote, e.cue, e.probability, e.assumed, e.reader, t.predicate < 0
    FROM evidence e JOIN document d ON d.id = e.document JOIN statement t ON t.id = e.statement
    JOIN entity s ON s.id = t.subject JOIN entity o ON o.id = t.object JOIN partnership p ON p.id = t.partnership
"""
_ADD_PARTNERSHIP = """
    INSERT INTO partnership (key, label, revision)
    VALUES (?, ?, coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'revision'), 0))
    ON CONFLICT DO NOTHING
"""


class SqliteStore(Store):
    """A store in one SQLite file.

    Args:
        path: the file.
        ontology: what may exist in it.
        create: make the file when there is none.

    Raises:
        StoreError: there is no file, it is no store, or SQLite cannot use it.

    """

    language: Language = "sql"

    def __init__(self, path: Path, ontology: Ontology, *, create: bool = False) -> None:
        self.path = path
        self._types = {name: c.number for name, c in ontology.classes.items()}
        self._type_names = {number: name for name, number in self._types.items()}
        self._predicates = {name: r.number for name, r in ontology.relations.items()}
        self._predicate_names = {number: name for name, number in self._predicates.items()}
        self._stances = ontology.stances
        self._stance_names: dict[int, str | None] = {0: None} | {
            number: name for name, number in ontology.stances.items()
        }
        self._file = StoreFile(path, create=create)
        self._keys: dict[str, int] = {}

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self._file.only_read:
            raise only_readable(self.path)
        with translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            # Another process may have removed entities since the last transaction.
            self._keys.clear()
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._file.connection

    @contextlib.contextmanager
    def reading(self, *, writers_wait: bool = False) -> Iterator[None]:
        if self._connection.in_transaction:
            yield
            return
        self._file.renew()
        with translated(self.path):
            self._connection.execute("BEGIN")
            # The first query chooses the state that all others see.
            self._connection.execute("SELECT 1 FROM setting").fetchone()
        try:
            with unchanged(self._file.changed):
                yield
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._file.close()

    # ------------------------------------------------------------------------------------------------- writing

    def replace(self, graph: DocumentGraph) -> Change:
        check_ends(graph)
        document = graph.document
        with self._transaction() as db:
            old = db.execute(
                "SELECT id, sha256, reader, partnership FROM document WHERE key = ?", (document.id,)
            ).fetchone()
            if old and old[1:3] == (document.sha256, document.reader):
                return "unchanged"
            sqlite_answers.forget(db, document.id, but=document.sha256)
            touched = remove(db, old[0]) if old else set()
            number = self._insert(db, graph, touched)
            self._tidy(db, touched)
            change_partnerships(db, {self._partnership_of(db, number), *([old[3]] if old else [])})
        return "replaced" if old else "added"

    def _insert(self, db: sqlite3.Connection, graph: DocumentGraph, touched: set[int]) -> int:
        document = graph.document
        partnership = self._partnership(db, document.partnership, document.partnership_label)
        year = int(document.date[:4]) if document.date else None
        (number,) = db.execute(
            "INSERT INTO document (key, path, sha256, title, date, year, kind, partnership, partnership_label, "
            "reader, text, places, said) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (document.id, document.path, document.sha256, document.title, document.date, year, document.kind,
             partnership, document.partnership_label, document.reader, document.text, places_written(document.places),
             said_written(document.said)),
        ).fetchone()  # fmt: skip
        for entity in graph.entities:
            touched.add(self._name(db, entity, number, None if entity.type in ("Issue", "Duty") else partnership))
        proofs = [
            (s, suggested, [e for e in s.evidence if e.suggested == suggested])
            for s in graph.statements
            for suggested in (False, True)
        ]
        prove(
            db,
            [(self._state(db, s, suggested, partnership), evidence) for s, suggested, evidence in proofs if evidence],
            number,
        )
        return int(number)

    def _partnership(self, db: sqlite3.Connection, key: str, label: str) -> int:
        db.execute(_ADD_PARTNERSHIP, (key, label))
        return int(db.execute("SELECT id FROM partnership WHERE key = ?", (key,)).fetchone()[0])

    def _name(self, db: sqlite3.Connection, entity: Entity, document: int, partnership: int | None) -> int:
        number = self._number(db, entity.id)
        if number is None:
            (number,) = db.execute(
                "INSERT INTO entity (key, type, label, partnership, kind, starts, ends) VALUES (?, ?, ?, ?, ?, ?, ?) "
                "RETURNING id",
                (
                    entity.id,
                    self._types[entity.type],
                    entity.label,
                    partnership,
                    entity.kind,
                    entity.starts,
                    entity.ends,
                ),
            ).fetchone()
            self._keys[entity.id] = number
            if entity.type == "Issue":
                db.execute("INSERT INTO broader VALUES (?, ?, 0)", (number, number))
        db.execute(
            "INSERT INTO naming VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                document,
                entity.label,
                entity.rank,
                entity.kind,
                entity.starts,
                entity.ends,
                json.dumps(entity.attributes),
            ),
        )
        db.executemany(
            "INSERT INTO mention VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(number, document, m.start, m.end, m.quote) for m in entity.mentions],
        )
        return number

    def _number(self, db: sqlite3.Connection, key: str) -> int | None:
        if key not in self._keys:
            row = db.execute("SELECT id FROM entity WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            self._keys[key] = row[0]
        return self._keys[key]

    def _state(self, db: sqlite3.Connection, statement: Statement, suggested: bool, partnership: int) -> int:
        predicate = self._predicates[statement.predicate]
        triple = (partnership, self._number(db, statement.subject), SUGGESTED * predicate if suggested else predicate,
                  self._number(db, statement.object), self._stances.get(statement.stance or "", 0))  # fmt: skip
        row = (
            db.execute(
                "SELECT id FROM statement WHERE partnership = ? AND subject = ? AND predicate = ? AND object = ? "
                "AND stance = ?",
                triple,
            ).fetchone()
            or db.execute(
                "INSERT INTO statement (partnership, subject, predicate, object, stance) VALUES (?, ?, ?, ?, ?) "
                "RETURNING id",
                triple,
            ).fetchone()
        )
        return int(row[0])

    def forget(self, document: str) -> bool:
        with self._transaction() as db:
            found = db.execute("SELECT id, partnership FROM document WHERE key = ?", (document,)).fetchone()
            if found:
                self._tidy(db, remove(db, found[0]))
                change_partnerships(db, {found[1]})
            return sqlite_answers.forget(db, document) or found is not None

    def _partnership_of(self, db: sqlite3.Connection, document: int) -> int:
        return int(db.execute("SELECT partnership FROM document WHERE id = ?", (document,)).fetchone()[0])

    def _tidy(self, db: sqlite3.Connection, touched: Iterable[int]) -> None:
        tidy(db, touched)
        self._keys.clear()

    def use_vocabulary(self, ontology: Ontology) -> None:
        print_ = fingerprint(ontology)
        known = self.rows("SELECT value FROM setting WHERE name = 'vocabulary'")
        if known and known[0][0] == print_:
            return
        with self._transaction() as db:
            sqlite_vocabulary.use(db, ontology, self._types, print_)
            self._keys.clear()

    # ------------------------------------------------------------------------------------------------- reading

    def documents(self) -> list[Document]:
        return [
            Document(
                key,
                path,
                sha256,
                title,
                date,
                partnership,
                label,
                kind,
                None,
                reader,
                places_read(places),
                said_read(said),
            )
            for key, path, sha256, title, date, partnership, label, kind, reader, places, said in self._read(
                _DOCUMENT + " ORDER BY d.key"
            )
        ]

    def text(self, document: str) -> str | None:
        found = self._read("SELECT text FROM document WHERE key = ?", (document,))
        return found[0][0] if found else None

    def partnerships(self) -> list[tuple[str, str]]:
        return [(key, label) for key, label in self._read("SELECT key, label FROM partnership ORDER BY key")]

    def entities(self, partnership: str | None = None) -> Iterator[StoredEntity]:
        where = "" if partnership is None else (
            "AND (p.key = ?1 OR e.partnership IS NULL AND EXISTS (SELECT 1 FROM naming n "
            "JOIN document d ON d.id = n.document JOIN partnership q ON q.id = d.partnership WHERE n.entity = e.id "
            "AND q.key = ?1))"
        )  # fmt: skip
        parameters = () if partnership is None else (partnership,)
        query = f"""
            SELECT e.id, e.key, e.type, e.label, p.key, e.kind, e.starts, e.ends FROM entity e
            LEFT JOIN partnership p ON p.id = e.partnership
            WHERE EXISTS (SELECT 1 FROM naming WHERE entity = e.id) {where} ORDER BY e.key
        """
        for number, key, type_, label, scope, kind, starts, ends in self._read(query, parameters):
            yield StoredEntity(
                key, self._type_names[type_], label, scope, kind, starts, ends,
                self._attributes(number, None if scope else partnership), self._broader(number),
                self._mentions(number, None if scope else partnership),
            )  # fmt: skip

    def _attributes(self, entity: int, partnership: str | None) -> tuple[tuple[str, str], ...]:
        rows = self._read(
            "SELECT n.attributes FROM naming n JOIN document d ON d.id = n.document "
            "JOIN partnership p ON p.id = d.partnership WHERE n.entity = ?1 AND n.attributes <> '[]' AND (?2 IS NULL "
            "OR p.key = ?2)",
            (entity, partnership),
        )
        return tuple(sorted({(name, value) for (text,) in rows for name, value in json.loads(text)}))

    def _broader(self, entity: int) -> tuple[str, ...]:
        rows = self._read(
            "SELECT e.key FROM broader b JOIN entity e ON e.id = b.broad WHERE b.narrow = ? AND b.steps = 1 ORDER BY 1",
            (entity,),
        )
        return tuple(key for (key,) in rows)

    def _mentions(self, entity: int, partnership: str | None) -> tuple[tuple[str, Mention], ...]:
        rows = self._read(
            'SELECT d.key, m.start, m."end", m.quote FROM mention m JOIN document d ON d.id = m.document'
            " JOIN partnership p ON p.id = d.partnership WHERE m.entity = ?1 AND (?2 IS NULL OR p.key = ?2) "
            "ORDER BY 1, 2, 3",
            (entity, partnership),
        )
        return tuple((key, Mention(start, end, quote)) for key, start, end, quote in rows)

    def statements(self, partnership: str | None = None) -> Iterator[Statement]:
        yield from self._statements(self._read(_EVIDENCE + " WHERE ?1 IS NULL OR p.key = ?1", (partnership,)))

    def _statements(self, rows: Iterable[Row]) -> Iterator[Statement]:
        def order(row: Row) -> tuple[str, ...]:
            return (
                str(row[0]),
                self._predicate_names[int(row[1] or 0)],
                str(row[2]),
                self._stance_names[int(row[3] or 0)] or "",
                str(row[4]),
            )

        for _, group in groupby(sorted(rows, key=lambda row: (order(row), row[5:])), key=order):
            items = list(group)
            subject, predicate, object_, stance, scope = items[0][:5]
            yield Statement(
                subject, self._predicate_names[predicate], object_,
                tuple(_evidence(*item[5:]) for item in items),
                self._stance_names[stance], scope,
            )  # fmt: skip

    def graph_of(self, document: str) -> DocumentGraph:
        found = self._read(
            _DOCUMENT.replace("SELECT", "SELECT d.id,").replace("d.said", "d.said, d.text") + " WHERE d.key = ?",
            (document,),
        )
        if not found:
            raise unknown_document(document)
        ((number, *columns, text),) = found
        key, path, sha256, title, date, partnership, label, kind, reader, places, said_of_it = columns
        mentions: dict[int, list[Mention]] = defaultdict(list)
        for entity, start, end, quote in self._read(
            'SELECT entity, start, "end", quote FROM mention WHERE document = ? ORDER BY 1, 2, 3', (number,)
        ):
            mentions[entity].append(Mention(start, end, quote))
        named = self._read(
            "SELECT e.id, e.key, e.type, n.label, n.rank, n.kind, n.starts, n.ends, n.attributes FROM naming n"
            " JOIN entity e ON e.id = n.entity WHERE n.document = ? ORDER BY e.key",
            (number,),
        )
        entities = tuple(
            Entity(
                id_,
                self._type_names[type_],
                label,
                rank,
                kind,
                starts,
                ends,
                tuple((n, v) for n, v in json.loads(attributes)),
                tuple(mentions[entity]),
            )
            for entity, id_, type_, label, rank, kind, starts, ends, attributes in named
        )
        said = self._read(_EVIDENCE + " WHERE d.id = ?", (number,))
        return DocumentGraph(
            Document(
                key,
                path,
                sha256,
                title,
                date,
                partnership,
                label,
                kind,
                text,
                reader,
                places_read(places),
                said_read(said_of_it),
            ),
            entities,
            tuple(self._statements(said)),
        )

    def rows(self, query: str, parameters: Parameters | None = None) -> list[Row]:
        given = {
            name: json.dumps(value) if isinstance(value, (list, tuple)) else value
            for name, value in (parameters or {}).items()
        }
        with translated(self.path):
            return self._connection.execute(query, given).fetchall()

    def columns_and_rows(self, query: str, limit: int) -> tuple[Sequence[str], list[Row]]:
        with translated(self.path), query_translated():
            return run_query(self._file.reading_address(), query, limit, LIMITS)

    # The columns of a row vary by query.
    def _read(self, query: str, parameters: Sequence[Value] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with translated(self.path):
            return self._connection.execute(query, parameters).fetchall()

    # ----------------------------------------------------------------------------------------------- decisions

    def record(self, decision: Decision) -> int:
        with self._transaction() as db:
            (number,) = db.execute(
                "INSERT INTO decision (action, target, other, reason, decided_by, expires) VALUES (?, ?, ?, ?, ?, ?) "
                "RETURNING id",
                (decision.action, decision.target, decision.other, decision.reason, decision.by, decision.expires),
            ).fetchone()
        return int(number)

    def decisions(self) -> list[tuple[int, Decision]]:
        rows = self._read(
            "SELECT id, action, target, reason, decided_by, other, expires FROM decision WHERE NOT undone ORDER BY id"
        )
        return [(number, Decision(*values)) for number, *values in rows]

    def undo(self, number: int) -> bool:
        with self._transaction() as db:
            return db.execute("UPDATE decision SET undone = 1 WHERE id = ? AND NOT undone", (number,)).rowcount > 0

    # ------------------------------------------------------------------------------------------------- answers

    def keep_answer(self, answer: Answer) -> None:
        with self._transaction() as db:
            sqlite_answers.keep(db, answer)

    def answers(self, document: str | None = None) -> list[Answer]:
        return [sqlite_answers.from_row(*row) for row in self._read(sqlite_answers.READ, (document,))]

    def prune_answers(self, document: str, prompts: Collection[str]) -> int:
        with self._transaction() as db:
            return sqlite_answers.prune(db, document, prompts)

    # ----------------------------------------------------------------------------------------------- summaries

    def keep_summary(self, partnership: str, revision: int, issues: Sequence[IssueSummary]) -> bool:
        with self._transaction() as db:
            found = db.execute(
                "UPDATE partnership SET summarised = 1 WHERE key = ? AND revision = ? AND NOT summarised RETURNING id",
                (partnership, revision),
            ).fetchone()
            if found:
                (number,) = found
                entities = {item.issue: self._number(db, item.issue) for item in issues}
                rows: list[list[tuple[Value, ...]]] = [
                    [(entities[i.issue], i.state, number, int(i.whole)) for i in issues],
                    [
                        (entities[i.issue], self._stances.get(name, 0), number, count)
                        for i in issues
                        for name, count in i.sources.items()
                    ],
                    [(entities[i.issue], year, number, count) for i in issues for year, count in i.years.items()],
                ]
                for table, lines in zip(SUMMARIES, rows, strict=True):
                    db.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", lines)
        return found is not None


def _evidence(
    document: str, start: int, end: int, quote: str, cue: str, probability: float, assumed: int, reader: str,
    suggested: int
) -> Evidence:  # fmt: skip
    return Evidence(document, start, end, quote, cue, probability, bool(assumed), reader, bool(suggested))
