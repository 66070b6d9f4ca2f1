"""The store: where a graph lives. One interface, one engine for each kind of address."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from ..ontology import GoldenthreadError, Ontology
from .model import Decision, Document, DocumentGraph, Mention, Statement

Value: TypeAlias = str | int | float | None
Row: TypeAlias = tuple[Any, ...]
Change: TypeAlias = Literal["added", "replaced", "unchanged"]


class StoreError(GoldenthreadError):
    """The store could not be used."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """An entity as the whole store knows it, with every place where a document names it."""

    id: str
    type: str
    label: str
    partnership: str | None
    kind: str | None
    starts: int | None
    ends: int | None
    attributes: tuple[tuple[str, str], ...]
    broader: tuple[str, ...]  #: ids of the next broader issues
    mentions: tuple[tuple[str, Mention], ...]  #: (document id, where), sorted


class Store(ABC):
    """What every engine does. A store is used from one thread; several processes may open the same one."""

    #: The language in which `rows` takes its queries.
    language: Literal["sql", "cypher"]

    @abstractmethod
    def replace(self, graph: DocumentGraph) -> Change:
        """Put in what one document says, in place of what it said before, in one transaction."""

    @abstractmethod
    def forget(self, document: str) -> bool:
        """Remove a document (by id) and all that only it said; False when there is none such."""

    @abstractmethod
    def use_vocabulary(self, ontology: Ontology) -> None:
        """Take over the issues, what is broader than each, and the duties."""

    @abstractmethod
    def documents(self) -> list[Document]:
        """Return all documents without their texts, sorted by id."""

    @abstractmethod
    def text(self, document: str) -> str | None:
        """Return the canonical text of a document, or None when the store does not hold it."""

    @abstractmethod
    def partnerships(self) -> list[tuple[str, str]]:
        """Return the (id, label) of every partnership, sorted."""

    @abstractmethod
    def entities(self, partnership: str | None = None) -> Iterator[StoredEntity]:
        """Yield the entities that documents name or speak of, sorted by id; with `partnership`, only those it speaks of."""

    @abstractmethod
    def statements(self, partnership: str | None = None) -> Iterator[Statement]:
        """Yield the statements, sorted by subject, predicate, object, stance and partnership."""

    @abstractmethod
    def rows(self, query: str, parameters: Mapping[str, Value] | None = None) -> list[Row]:
        """Return the rows of a reading query in the engine's language."""

    @abstractmethod
    def columns_and_rows(self, query: str, limit: int) -> tuple[Sequence[str], list[Row]]:
        """Run a query of the user's on a connection that can only read; at most `limit` rows."""

    @abstractmethod
    def record(self, decision: Decision) -> int:
        """Keep a decision; return its number."""

    @abstractmethod
    def decisions(self) -> list[tuple[int, Decision]]:
        """Return the decisions that stand, with their numbers, oldest first."""

    @abstractmethod
    def undo(self, number: int) -> bool:
        """Take a decision back; False when there is none such."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the engine."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_store(address: str, ontology: Ontology, *, create: bool = False) -> Store:
    """Open the store at `address`: a path is an embedded SQLite file.

    Args:
        address: a file's path.
        ontology: what may exist in it.
        create: make an empty store when there is none.

    Raises:
        StoreError: there is no such store, it is something else, or it cannot be opened.

    """
    scheme = address.split("://", 1)[0] if "://" in address else ""
    if scheme:
        raise StoreError(
            f"There is no engine for '{scheme}://' addresses in this version. Give the path of a file, such as goldenthread.db."
        )
    from .sqlite_store import SqliteStore

    return SqliteStore(Path(address), ontology, create=create)


def store_folder(address: str) -> Path:
    """Return the folder to which the paths of documents are relative."""
    return Path.cwd() if "://" in address else Path(address).absolute().parent
