"""The store on a Neo4j server: for teams, and for what one machine cannot hold.

Entities are nodes with the label Entity and that of their class. Each piece of evidence is a relationship of its own,
from the subject to the object, with the predicate as its type; a document has one relationship MENTIONS to each entity
that it names. `docs/neo4j.md` describes it for those who want to look at it with Neo4j's own tools.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

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
    StoreError,
    check_ends,
    places_read,
    said_read,
    unchanged,
    unknown_document,
)
from ..summary import IssueSummary
from . import neo4j_answers, neo4j_query
from . import neo4j_writing as writing
from .neo4j_schema import POSSIBLE, every_type, possible_type, prepare, relationship_type
from .neo4j_server import QUERY_SECONDS, Address, AskPassword, connect, query_translated, translated
from .query_limits import within

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, Session

T = TypeVar("T")

#: The types of relationships of what is stated and of what is only suggested, each with the sign of its number.
_SIGNS = ((relationship_type, 1), (possible_type, SUGGESTED))
#: How many records are fetched at once.
_FETCH = 10_000
#: How many of a person's own query, whose records may be large.
_FETCH_OF_A_PERSON = 500
#: How many documents are on their way at once when there are many.
_AT_ONCE = 2


class Neo4jStore(Store):
    """A store in one database of a Neo4j server.

    Args:
        address: of the database, such as neo4j://host:7687/database.
        ontology: what may exist in it.
        create: prepare an empty database.
        ask: asks for the password where NEO4J_PASSWORD is not set.

    Raises:
        StoreError: the database cannot be reached or is not a goldenthread store.

    """

    language: Language = "cypher"

    def __init__(
        self, address: str, ontology: Ontology, *, create: bool = False, ask: AskPassword | None = None
    ) -> None:
        self.address = Address(address)
        self._predicates = {
            type_(name): name for name in ontology.relations for type_ in (relationship_type, possible_type)
        }
        self._numbers = {
            "classes": {name: c.number for name, c in ontology.classes.items()},
            # What is only suggested has the negated number, as in SQL.
            "relations": {
                type_(name): sign * r.number for name, r in ontology.relations.items() for type_, sign in _SIGNS
            },
            "stances": dict(ontology.stances),
        }
        self._every_type = "|".join(every_type(ontology))
        self._driver = connect(self.address, ask)
        self._session = self._new_session()
        self._within_reading = False
        try:
            with translated(self.address):
                prepare(self._session, self.address, ontology, create=create)
        except BaseException:
            self.close()
            raise

    def _new_session(self, fetch_size: int = _FETCH, **how: Any) -> Session:
        return self._driver.session(database=self.address.database, fetch_size=fetch_size, **how)

    def close(self) -> None:
        self._let_go(self._session)
        self._let_go(self._driver)

    def _let_go(self, connection: Session | Driver) -> None:
        # A connection that was lost has been told of already, and cannot be closed in an orderly way.
        with contextlib.suppress(StoreError), translated(self.address):
            connection.close()

    # ------------------------------------------------------------------------------------------------- writing

    def _write(self, work: Callable[[ManagedTransaction], T]) -> T:
        with translated(self.address):
            return self._session.execute_write(work)

    def replace(self, graph: DocumentGraph) -> Change:
        return self._replace(self._session, graph)

    def replace_all(self, graphs: Iterable[DocumentGraph]) -> Iterator[Change]:
        def replace(graph: DocumentGraph) -> Change:
            with self._new_session() as session:
                return self._replace(session, graph)

        # The next document is made ready while the server is busy with the last; of one partnership it lets in one at a
        # time.
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            under_way: deque[Future[Change]] = deque()
            for graph in graphs:
                under_way.append(pool.submit(replace, graph))
                if len(under_way) > _AT_ONCE:
                    yield under_way.popleft().result()
            for last in under_way:
                yield last.result()

    def _replace(self, session: Session, graph: DocumentGraph) -> Change:
        check_ends(graph)
        rows = writing.rows_of(graph)
        with translated(self.address):
            return session.execute_write(writing.replace, graph.document, rows)

    def forget(self, document: str) -> bool:
        return self._write(lambda tx: writing.forget(tx, document))

    def use_vocabulary(self, ontology: Ontology) -> None:
        self._write(lambda tx: writing.use_vocabulary(tx, ontology))

    # ------------------------------------------------------------------------------------------------- reading

    @contextlib.contextmanager
    def reading(self, *, writers_wait: bool = False) -> Iterator[None]:
        if self._within_reading:
            yield
            return
        with self._writers_waiting() if writers_wait else contextlib.nullcontext():
            before = self._state()
            self._settle()
            self._within_reading = True
            try:
                with unchanged(lambda: self._differs_from(before)):
                    yield
            finally:
                self._within_reading = False

    def _state(self) -> list[Row]:
        return list(self._read(writing.STATE))

    def _differs_from(self, state: list[Row]) -> bool:
        self._settle()
        return self._state() != state

    def _settle(self) -> None:
        """See to it that the next query sees the whole of each transaction of which those before it saw a part.

        A query may run while the server takes over what a transaction wrote. But it waits for all transactions that
        were finished when the one before it in the session began; so one is asked between those that must not see the
        same transaction in part.
        """
        list(self._read("RETURN 1"))

    @contextlib.contextmanager
    def _writers_waiting(self) -> Iterator[None]:
        """Let writers wait, where the server lets us: a user who may only read has no such right."""
        session = self._new_session()
        try:
            with contextlib.suppress(StoreError), translated(self.address):
                try:
                    writing.lock_all(session.begin_transaction())
                except BaseException:
                    session.close()  # and so let go of what was locked
                    raise
            yield
        finally:
            self._let_go(session)

    def _read(self, query: str, /, **parameters: Any) -> Iterator[Row]:
        with translated(self.address):
            for record in self._session.run(query, parameters):
                yield tuple(record.values())

    def documents(self) -> list[Document]:
        return [
            _document(properties)
            for (properties,) in self._read("MATCH (d:Document) RETURN d {.*, text: null} ORDER BY d.key")
        ]

    def text(self, document: str) -> str | None:
        found = list(self._read("MATCH (d:Document {key: $key}) RETURN d.text", key=document))
        return found[0][0] if found else None

    def partnerships(self) -> list[tuple[str, str]]:
        return [
            (key, label)
            for key, label in self.rows("MATCH (p:PartnershipGraph) RETURN [p.key, p.name] AS row ORDER BY p.key")
        ]

    def entities(self, partnership: str | None = None) -> Iterator[StoredEntity]:
        scope = (
            ""
            if partnership is None
            else "WHERE e.partnership = $partnership OR e.partnership IS NULL AND d.partnership = $partnership"
        )
        query = f"""
            MATCH (e:Entity)<-[m:MENTIONS]-(d:Document) {scope}
            WITH e, collect([d.key, m.starts_at, m.ends_at, m.quotes, m.attributes]) AS named ORDER BY e.key
            RETURN e, named, [(e)-[:BROADER]->(b) | b.key]
        """
        for e, named, broader in self._read(query, partnership=partnership):
            mentions = ((d, Mention(*m)) for d, *places, _ in named for m in zip(*places, strict=True))
            attributes = {(name, value) for *_, pairs in named for name, value in json.loads(pairs)}
            yield StoredEntity(
                e["key"], e["type"], e["name"], e.get("partnership"), e.get("kind"), e.get("starts"), e.get("ends"),
                tuple(sorted(attributes)), tuple(sorted(broader)), tuple(sorted(mentions)),
            )  # fmt: skip

    def statements(self, partnership: str | None = None) -> Iterator[Statement]:
        scope = "" if partnership is None else "WHERE r.partnership = $partnership"
        query = f"MATCH (s:Entity)-[r:{self._every_type}]->(o:Entity) {scope} RETURN {_EVIDENCE}"
        yield from self._statements(self._read(query, partnership=partnership))

    def graph_of(self, document: str) -> DocumentGraph:
        found = list(self._read("MATCH (d:Document {key: $key}) RETURN d {.*}", key=document))
        if not found:
            raise unknown_document(document)
        ((properties,),) = found
        named = self._read(
            "MATCH (:Document {key: $key})-[m:MENTIONS]->(e) RETURN e.key, e.type, m {.*} ORDER BY e.key", key=document
        )
        said = self._read(
            f"MATCH (:Document {{key: $key}})-[:MENTIONS]->(s)-[r:{self._every_type}]->(o) WHERE r.document = $key "
            f"RETURN {_EVIDENCE}",
            key=document,
        )
        return DocumentGraph(
            _document(properties),
            tuple(_entity(key, type_, m) for key, type_, m in named),
            tuple(self._statements(said)),
        )

    def _statements(self, rows: Iterator[Row]) -> Iterator[Statement]:
        def known(row: Row) -> tuple[str, ...]:
            return (row[0], self._predicates[row[1]], row[2], row[3] or "", row[4])

        for (subject, predicate, object_, stance, scope), group in groupby(
            sorted(rows, key=lambda r: (known(r), r[5:])), key=known
        ):
            yield Statement(
                subject, predicate, object_, tuple(Evidence(*row[5:]) for row in group), stance or None, scope
            )

    def rows(self, query: str, parameters: Parameters | None = None) -> list[Row]:
        return self.rows_of_each([(query, parameters or {})])[0]

    def rows_of_each(self, queries: Sequence[tuple[str, Parameters]]) -> list[list[Row]]:
        # One journey to the server for all, and one record for all rows: sending a record takes longer than most of
        # what is in it. So each query gives a list, and has names for its parameters that differ where their values do:
        # sending these takes long, too.
        lists, given, names = [], dict[str, Any](self._numbers), dict[tuple[str, object], str]()
        for number, (query, parameters) in enumerate(queries):
            used = (name for name in _parameters_of(query) if name in parameters)
            own = tuple((name, names.setdefault((name, _same(parameters[name])), f"{name}_{number}")) for name in used)
            lists.append(
                f"COLLECT {{\n{_renamed(query.replace('STATED', self._types_for(parameters)), own)}\n"
                f"}} AS rows_{number}"
            )
            given |= {name: parameters[old] for old, name in own}
        ((*answers,),) = self._read(f"RETURN {', '.join(lists)}", **given)
        return [[tuple(row) for row in rows] for rows in answers]

    def _types_for(self, parameters: Parameters) -> str:
        """What STATED stands for in a query: types of relationships.

        They are those of its $predicates, or all by which documents state or suggest something.
        """
        wanted = parameters.get("predicates")
        if not isinstance(wanted, Sequence):
            return self._every_type
        return "|".join(type_ for type_, number in self._numbers["relations"].items() if number in wanted)

    def columns_and_rows(self, query: str, limit: int) -> tuple[Sequence[str], list[Row]]:
        from neo4j import READ_ACCESS

        words = neo4j_query.checked(query)
        with (
            translated(self.address),
            self._new_session(_FETCH_OF_A_PERSON, default_access_mode=READ_ACCESS) as session,
        ):
            with session.begin_transaction(timeout=QUERY_SECONDS) as tx, query_translated():
                neo4j_query.check_plan(tx.run(f"EXPLAIN {words}").consume())
            with session.begin_transaction(timeout=QUERY_SECONDS) as tx, query_translated():
                result = tx.run(words)
                columns = result.keys()
                rows = (tuple(_plain(value) for value in record.values()) for record in result)
                return columns, within(rows, len(columns), limit)

    # ----------------------------------------------------------------------------------------------- decisions

    def record(self, decision: Decision) -> int:
        return self._write(lambda tx: writing.record(tx, decision))

    def decisions(self) -> list[tuple[int, Decision]]:
        query = """
            MATCH (d:Decision) WHERE NOT d.undone
            RETURN d.number, d.action, d.target, d.reason, d.by, d.other, d.expires ORDER BY d.number
        """
        return [(number, Decision(*values)) for number, *values in self._read(query)]

    def undo(self, number: int) -> bool:
        return self._write(lambda tx: writing.undo(tx, number))

    # ------------------------------------------------------------------------------------------------- answers

    def keep_answer(self, answer: Answer) -> None:
        self._write(lambda tx: neo4j_answers.keep(tx, answer))

    def answers(self, document: str | None = None) -> list[Answer]:
        return [Answer(*row) for row in self._read(neo4j_answers.READ, document=document)]

    def prune_answers(self, document: str, prompts: Collection[str]) -> int:
        return self._write(lambda tx: neo4j_answers.prune(tx, document, prompts))

    # ----------------------------------------------------------------------------------------------- summaries

    def keep_summary(self, partnership: str, revision: int, issues: Sequence[IssueSummary]) -> bool:
        return self._write(lambda tx: writing.keep_summary(tx, partnership, revision, issues, self._numbers["stances"]))


def _same(value: object) -> object:
    """Return what two values have in common that need not be sent twice."""
    return (type(value), value) if isinstance(value, Hashable) else id(value)


@lru_cache(maxsize=500)
def _parameters_of(query: str) -> tuple[str, ...]:
    return tuple(sorted(set(re.findall(r"\$(\w+)", query))))


@lru_cache(maxsize=500)
def _renamed(query: str, names: tuple[tuple[str, str], ...]) -> str:
    """Return a query with other names for its parameters."""
    new = dict(names)
    return re.sub(r"\$(\w+)", lambda match: f"${new.get(match[1], match[1])}", query)


#: A piece of evidence of (s)-[r]->(o), as columns.
_EVIDENCE = f"""
    s.key, type(r), o.key, r.stance, r.partnership,
    r.document, r.start, r.end, r.quote, r.cue, r.probability, r.assumed, r.reader, type(r) STARTS WITH '{POSSIBLE}'
"""


def _document(p: Mapping[str, Any]) -> Document:
    return Document(
        p["key"], p["path"], p["sha256"], p["name"], p.get("date"), p["partnership"], p["partnership_label"],
        p["kind"], p.get("text"), p["reader"], places_read(p["places"]), said_read(p.get("said", "{}")),
    )  # fmt: skip


def _entity(key: str, type_: str, m: Mapping[str, Any]) -> Entity:
    return Entity(
        key, type_, m["label"], m["rank"], m.get("kind"), m.get("starts"), m.get("ends"),
        tuple((name, value) for name, value in json.loads(m["attributes"])),
        tuple(Mention(*place) for place in zip(m["starts_at"], m["ends_at"], m["quotes"], strict=True)),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a value of a query as what JSON can hold."""
    from neo4j.graph import Node, Path, Relationship
    from neo4j.spatial import Point
    from neo4j.time import Duration

    if isinstance(value, Node):
        return {"labels": sorted(value.labels), **{k: _plain(v) for k, v in sorted(value.items())}}
    if isinstance(value, Relationship):
        return {"type": value.type, **{k: _plain(v) for k, v in sorted(value.items())}}
    if isinstance(value, Path):
        steps = [(_plain(r), _plain(n)) for r, n in zip(value.relationships, value.nodes[1:], strict=True)]
        return [_plain(value.nodes[0]), *(part for step in steps for part in step)]
    if isinstance(value, (Duration, Point)):  # tuples of numbers, whose text says which is what
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str, bytes, bytearray)) else str(value)
