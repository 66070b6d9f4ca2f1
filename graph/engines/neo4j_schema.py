"""What a Neo4j database must have before documents come: constraints, indexes, and the mark that it is ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...ontology import Ontology
from ..store import StoreError
from .neo4j_server import Address

if TYPE_CHECKING:
    from neo4j import ManagedTransaction, Session

#: The newest schema; the node Goldenthread says which one a database has.
VERSION = 3
#: What takes a database from a version to the next, before indexes are made: in version 2 evidence has a probability
#: and a reader, and the full-text index holds what is only suggested as well. Version 3 only adds what answers need.
_UPDATES = {
    1: (
        "DROP INDEX quotes IF EXISTS",
        "MATCH ()-[r]->() WHERE r.confidence IS NOT NULL SET r.probability = r.confidence, r.reader = 'rules' "
        "REMOVE r.confidence",
    )
}
#: What the types of relationships of suggested statements begin with.
POSSIBLE = "POSSIBLY_"


def relationship_type(relation: str) -> str:
    """Return the type of relationship that stands for a relation of the ontology: 'part_of' -> 'PART_OF'."""
    return relation.upper()


def possible_type(relation: str) -> str:
    """Return the type of relationship for what is only suggested: 'leads' -> 'POSSIBLY_LEADS'.

    Queries of what is stated never match it.
    """
    return f"{POSSIBLE}{relationship_type(relation)}"


def every_type(ontology: Ontology) -> list[str]:
    """Return the types of relationships by which documents state or suggest something, sorted."""
    relations = [r.name for r in ontology.relations.values() if not r.from_vocabulary]
    return sorted(type_(name) for name in relations for type_ in (relationship_type, possible_type))


def prepare(session: Session, address: Address, ontology: Ontology, *, create: bool) -> None:
    """Check that a database is a store of ours, and make one of an empty database if `create`.

    Raises:
        StoreError: it is empty, or holds something else, or a newer goldenthread made it.

    """
    version = _version(session)
    if version > VERSION:
        raise StoreError(
            f"{address} was made by a newer goldenthread (schema {version}, this one knows {VERSION}). "
            "Update goldenthread."
        )
    if version == 0:
        # Asked again, because another process may be making the store; it makes the mark before all else.
        if session.run("MATCH (n) RETURN n LIMIT 1").peek() and not _version(session):
            raise StoreError(
                f"The database at {address} holds something else. Name an empty one at the end of the address."
            )
        if not create:
            raise StoreError(
                f"There is no store at {address}. Load documents first ('goldenthread load FOLDER'), or name another "
                "with --store."
            )
    if version < VERSION:
        for command in (*_UPDATES.get(version, ()), *_commands(ontology)):
            session.execute_write(_run, command)
        session.run("CALL db.awaitIndexes(300)").consume()
        session.run(
            "MERGE (g:Goldenthread {key: 'store'}) ON CREATE SET g.decisions = 0 SET g.schema = $version",
            version=VERSION,
        ).consume()


def _version(session: Session) -> int:
    found = session.run("MATCH (g:Goldenthread) RETURN g.schema").single()
    return int(found[0]) if found else 0


def _run(tx: ManagedTransaction, command: str) -> None:
    tx.run(command).consume()


def _commands(ontology: Ontology) -> Iterator[str]:
    for label, key in (
        ("Goldenthread", "key"),
        ("Entity", "key"),
        ("Document", "key"),
        ("PartnershipGraph", "key"),
        ("Decision", "number"),
    ):
        yield f"CREATE CONSTRAINT {label.lower()}_{key} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"
    # Its index serves what is asked by document alone as well.
    yield (
        "CREATE CONSTRAINT answer_key IF NOT EXISTS FOR (a:Answer) REQUIRE (a.document, a.prompt, a.model) IS UNIQUE"
    )
    yield "CREATE INDEX answer_of_document IF NOT EXISTS FOR (a:Answer) ON (a.document)"
    for label in ("Document", *sorted(ontology.classes.keys() - {"Document"})):
        yield f"CREATE INDEX {label.lower()}_of_partnership IF NOT EXISTS FOR (n:{label}) ON (n.partnership)"
    for key in ("kind", "partnership"):
        yield f"CREATE INDEX entity_by_{key} IF NOT EXISTS FOR (n:Entity) ON (n.{key})"
    # All partnerships speak of an issue: what one of them says of it is found without going through what the others
    # say.
    for type_ in every_type(ontology):
        yield f"CREATE INDEX {type_.lower()}_by_object IF NOT EXISTS FOR ()-[r:{type_}]-() ON (r.partnership, r.object)"
    # Brought up to date beside the loading, which is a third faster so; a search waits for it.
    yield (
        f"CREATE FULLTEXT INDEX quotes IF NOT EXISTS FOR ()-[r:{'|'.join(every_type(ontology))}]-() ON EACH [r.terms, "
        "r.partnership] OPTIONS {indexConfig: {`fulltext.analyzer`: "
        "'whitespace', `fulltext.eventually_consistent`: true}}"
    )
