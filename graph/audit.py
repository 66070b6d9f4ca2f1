"""Finds every quote again: the words that a store holds as evidence must stand in their document, at their place."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from .attempts import in_one_state
from .model import Document, Mention
from .outputs import file_of
from .store import Store

FileState = Literal["unchanged", "changed", "gone", "in container"]


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """A quote that does not stand where the store says."""

    document: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found; the lists are sorted."""

    documents: int  #: in the store
    checked: int  #: quotes that were looked up
    missing: tuple[Missing, ...] = ()
    text_not_held: tuple[str, ...] = ()  #: documents whose quotes could not be looked up
    changed: tuple[str, ...] = ()  #: documents whose file has other bytes than when it was loaded
    gone: tuple[str, ...] = ()  #: documents whose file, or the container that holds it, is not at its place

    @property
    def passed(self) -> bool:
        """Whether every quote that could be looked up was found. Changed and missing files are notes, not failures."""
        return not self.missing

    @property
    def finding(self) -> str:
        """The result in a sentence."""
        if not self.documents:
            return "The store holds no documents, so there is nothing to check."
        found = f"{self.checked - len(self.missing)} of {_count(self.checked, 'quote')} stand in their documents"
        unheld = _count(len(self.text_not_held), "document")
        return f"{found}; {unheld} could not be checked." if self.text_not_held else f"{found}."


def audit(store: Store, folder: Path, read: Callable[[Path], str | None] | None = None) -> AuditReport:
    """Look up every quote of `store` in the text of its document, and every document in `folder`.

    Args:
        store: what to check.
        folder: the folder to which the documents' paths are relative.
        read: gives the canonical text of a file. With it, a document whose text the store does not hold (an imported
            one) is checked against its file, as long as the file has not changed and can be read.

    """
    missing: list[Missing] = []
    text_not_held: list[str] = []
    states: dict[FileState, list[str]] = {state: [] for state in get_args(FileState)}
    checked = 0
    documents = in_one_state(store, lambda: _looked_up(store))
    for document, quotes, found in documents:
        path = folder / document.path
        state = _file_state(document, path, folder)
        states[state].append(document.id)
        if found is None and read is not None and state == "unchanged":
            text = read(path)
            found = None if text is None else _missing(document, quotes, text)
        if found is None:
            text_not_held.append(document.id)
            continue
        checked += len(quotes)
        missing += found
    return AuditReport(
        len(documents), checked, tuple(sorted(missing)),
        tuple(text_not_held), tuple(states["changed"]), tuple(states["gone"]),
    )  # fmt: skip


def _looked_up(store: Store) -> list[tuple[Document, set[Mention], list[Missing] | None]]:
    """Return each document with its quotes, and those that its text lacks; None where the text is not in the store."""
    quotes = _quotes(store)
    texts = ((document, store.text(document.id)) for document in store.documents())
    return [(d, quotes[d.id], None if text is None else _missing(d, quotes[d.id], text)) for d, text in texts]


def _missing(document: Document, quotes: Iterable[Mention], text: str) -> list[Missing]:
    return [Missing(document.id, q.start, q.end, q.quote) for q in quotes if not _stands(q, text)]


def _quotes(store: Store) -> dict[str, set[Mention]]:
    """Return each document's quotes, those of evidence and of mentions together."""
    found: dict[str, set[Mention]] = defaultdict(set)
    for entity in store.entities():
        for document, mention in entity.mentions:
            found[document].add(mention)
    for statement in store.statements():
        for e in statement.evidence:
            found[e.document].add(Mention(e.start, e.end, e.quote))
    return found


def _stands(quote: Mention, text: str) -> bool:
    """Say whether the quote stands at its place; one without words proves nothing, and does not."""
    return 0 <= quote.start < quote.end and text[quote.start : quote.end] == quote.quote


def _file_state(document: Document, path: Path, folder: Path) -> FileState:
    # An imported path could name a server, and looking there would send it the user's credentials.
    if document.path.startswith(("//", "\\\\")):
        return "gone"
    if not path.is_file():
        return "in container" if file_of(document, folder).is_file() else "gone"
    with path.open("rb") as file:
        same = hashlib.file_digest(file, "sha256").hexdigest() == document.sha256
    return "unchanged" if same else "changed"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
