"""The store: where a graph lives. One interface, one engine for each kind of address."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from ..ontology import GoldenthreadError, Ontology
from .model import Answer, Decision, Document, DocumentGraph, Mention, Statement
from .summary import IssueSummary

#: What a query can be given; a list stands for a JSON list in SQL.
Value: TypeAlias = (
    str | int | float | Sequence[str] | Sequence[int] | Sequence[int | str] | Mapping[str, Sequence[str]] | None
)
Parameters: TypeAlias = Mapping[str, Value]
#: A query knows a relation by its number, and what is only suggested by the negated number, so that no query of what is
#: stated can meet it.
SUGGESTED = -1
#: How an engine knows a thing: by number in SQL, by id in Cypher.
Handle: TypeAlias = int | str
Row: TypeAlias = tuple[Any, ...]
Language: TypeAlias = Literal["sql", "cypher"]
Change: TypeAlias = Literal["added", "replaced", "unchanged"]


class StoreError(GoldenthreadError):
    """The store could not be used."""

    exit_code = 4


class ChangedError(StoreError):
    """The store was changed while it was read: what was read may belong to no one state of it."""

    def __init__(self) -> None:
        super().__init__("The store was changed while it was read. Try again.")


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
    language: Language

    @abstractmethod
    def reading(self, *, writers_wait: bool = False) -> AbstractContextManager[None]:
        """Within this, whatever is read belongs to one state of the store; one within another changes nothing.

        Nothing may be written to the store within it. `attempts` repeats a block in which the store was changed.

        Args:
            writers_wait: where an engine cannot show a state that others change, let them wait until the block ends.

        Raises:
            ChangedError: at the end, in place of any error of the block: the engine could not show one state.
            StoreError: the store cannot be used.

        """

    @abstractmethod
    def replace(self, graph: DocumentGraph) -> Change:
        """Put in what one document says, in place of what it said before, in one transaction.

        Answers of language models about other bytes of the document go.
        """

    def replace_all(self, graphs: Iterable[DocumentGraph]) -> Iterator[Change]:
        """Put in what each of several documents says, each in a transaction of its own.

        An engine may have several transactions under way at once.

        What was done is told in the order of `graphs`. Of documents after one that fails some may be in.
        """
        return (self.replace(graph) for graph in graphs)

    @abstractmethod
    def forget(self, document: str) -> bool:
        """Remove a document (by id), all that only it said, and the answers of language models about it.

        False when there is neither.
        """

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
        """Yield the entities that documents name or speak of, sorted by id; with `partnership`, only its own.

        Its own are those that the partnership's documents speak of.
        """

    @abstractmethod
    def statements(self, partnership: str | None = None) -> Iterator[Statement]:
        """Yield the statements, sorted by subject, predicate, object, stance and partnership."""

    @abstractmethod
    def graph_of(self, document: str) -> DocumentGraph:
        """Return all that a document (by id) says, as it was put in.

        Raises:
            StoreError: the store does not hold it.

        """

    @abstractmethod
    def rows(self, query: str, parameters: Parameters | None = None) -> list[Row]:
        """Return the rows of a reading query in the engine's language.

        A query in Cypher gives a single column `row`, a list.
        """

    def rows_of_each(self, queries: Sequence[tuple[str, Parameters]]) -> list[list[Row]]:
        """Return the rows of several reading queries; an engine may ask them all at once."""
        return [self.rows(query, parameters) for query, parameters in queries]

    @abstractmethod
    def columns_and_rows(self, query: str, limit: int) -> tuple[Sequence[str], list[Row]]:
        """Run a query of the user's on a connection that can only read; at most `limit` rows.

        Raises:
            QueryError: the query is wrong, or takes more than it may (`query_limits`).
            StoreError: the store cannot be used.

        """

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
    def keep_answer(self, answer: Answer) -> None:
        """Keep what a language model answered, in place of what the same model answered to the same prompt before.

        The document need not be in the store yet.
        """

    @abstractmethod
    def answers(self, document: str | None = None) -> list[Answer]:
        """Return the answers that are kept, of one document (by id) or of all, sorted."""

    @abstractmethod
    def prune_answers(self, document: str, prompts: Collection[str]) -> int:
        """Remove the answers about a document (by id) to other prompts than these; return how many."""

    @abstractmethod
    def keep_summary(self, partnership: str, revision: int, issues: Sequence[IssueSummary]) -> bool:
        """Keep the summary of a partnership; return False if its documents have changed since `revision`.

        In that case nothing is kept.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the engine."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def unchanged(changed: Callable[[], bool]) -> Iterator[None]:
    """Check after the block that what it read has not changed meanwhile; an error of the block may come from that.

    Raises:
        ChangedError: it has.

    """
    try:
        yield
    except ChangedError:
        raise
    except Exception as error:
        if changed():
            raise ChangedError from error
        raise
    if changed():
        raise ChangedError


def check_ends(graph: DocumentGraph) -> None:
    """Check that a document names whatever it states something of.

    Raises:
        StoreError: it does not; nothing may be stored.

    """
    named = {entity.id for entity in graph.entities}
    for statement in graph.statements:
        for end in (statement.subject, statement.object):
            if end not in named:
                raise StoreError(
                    f"{graph.document.path} states something of '{end}', which it does not name. Mend what made it."
                )


def unknown_document(document: str) -> StoreError:
    """Return the error for a document that the store does not hold, by its id."""
    return StoreError(
        f"The store does not hold {document.removeprefix('document/')}. It may have been forgotten meanwhile; "
        "try again."
    )


def places_written(places: Sequence[tuple[int, str]]) -> str:
    """Return the places of a document as the text that engines and RDF keep."""
    return json.dumps(places, ensure_ascii=False, separators=(",", ":"))


def places_read(text: str) -> tuple[tuple[int, str], ...]:
    """Return what `places_written` wrote."""
    return tuple((offset, name) for offset, name in json.loads(text))


def said_written(said: Sequence[tuple[str, str]]) -> str:
    """Return what a person said of a document as the text that engines and RDF keep."""
    return json.dumps(dict(said), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def said_read(text: str) -> tuple[tuple[str, str], ...]:
    """Return what `said_written` wrote."""
    return tuple(sorted(json.loads(text).items()))


def fullest(labels: Iterable[str]) -> str:
    """Return the longest of several names, of equally long ones the first."""
    return min(labels, key=lambda label: (-len(label), label))


def fingerprint(ontology: Ontology) -> str:
    """Return a fingerprint of the vocabulary and the duties."""
    parts = [
        *((c.id, c.label, *c.broader) for c in sorted(ontology.concepts.values(), key=lambda c: c.id)),
        *((d.id, d.label, *d.requires) for d in sorted(ontology.duties.values(), key=lambda d: d.id)),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def store_folder(address: str) -> Path:
    """Return the folder to which the paths of documents are relative."""
    return Path.cwd() if "://" in address else Path(address).absolute().parent
