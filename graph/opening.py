"""Opens a store: one address, two engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..ontology import Ontology
from .store import Store, StoreError

#: What addresses of a Neo4j server begin with.
SCHEMES = frozenset(f"{name}{ending}" for name in ("neo4j", "bolt") for ending in ("", "+s", "+ssc"))


def open_store(
    address: str, ontology: Ontology, *, create: bool = False, ask: Callable[[str], str] | None = None
) -> Store:
    """Open the store at `address`: a path is an embedded SQLite file, neo4j:// or bolt:// a database of a Neo4j server.

    Args:
        address: a file's path, or an address such as neo4j://host:7687/database.
        ontology: what may exist in it.
        create: make an empty store when there is none.
        ask: for a server, asks a person for the password where NEO4J_PASSWORD is not set; it is given the words to ask
            with.

    Raises:
        StoreError: there is no such store, it is something else, or it cannot be opened.

    """
    scheme = address.split("://", 1)[0] if "://" in address else ""
    if scheme and scheme not in SCHEMES:
        raise StoreError(
            f"There is no engine for '{scheme}://' addresses. Give the path of a file, such as goldenthread.db, "
            "or neo4j://host:7687/database."
        )
    if scheme:
        from .engines.neo4j_store import Neo4jStore

        return Neo4jStore(address, ontology, create=create, ask=ask)
    from .engines.sqlite_store import SqliteStore

    return SqliteStore(Path(address), ontology, create=create)
