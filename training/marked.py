"""A marked document as the product reads it: its page, and what is marked, by place in the canonical text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import markup

from goldenthread.loaders.extract import Extractor
from goldenthread.loaders.formats.reading import read_bytes
from goldenthread.loaders.mentions.context import find_context
from goldenthread.loaders.page import Page, make_page

#: What holds no text in a web page, then any other tag.
_TAG = re.compile(r"<!--.*?-->|<(script|style|head|title)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Marked:
    """A document with its marks. Mentions and relations are as `markup` gives them, in places of the page's text."""

    page: Page
    head: dict[str, str]
    types: dict[str, str]  #: by mark
    mentions: list[dict[str, Any]]
    relations: list[dict[str, Any]]
    lost: int  #: marks whose words the product does not read


def marked(document: markup.Document, extractor: Extractor) -> Marked:
    """Read a marked document as the product does."""
    name = f"{document.head['id']}.{document.head['format']}"
    read = read_bytes(document.text.encode(), name)
    context = find_context(read, name, extractor.places, partnership=None, plan_period=None, date=None)
    page = make_page(read, context, extractor.ontology, extractor.finder)
    if read.text == document.text:
        return Marked(page, document.head, document.types, document.mentions, document.relations, 0)
    moved = _Moved(document.text, read.text)
    mentions = [found for m in document.mentions if (found := moved.mark(m)) is not None]
    relations = [found for r in document.relations if (found := moved.mark(r)) is not None]
    return Marked(
        page, document.head, document.types, mentions, relations, len(document.mentions) - len(mentions)
    )  # fmt: skip


def marked_documents(paths: list[Path], extractor: Extractor) -> Iterator[Marked]:
    """Read marked files.

    Raises:
        ValueError: a file is not marked as it should be.

    """
    for path in paths:
        document = markup.finished(markup.parse(path))
        if document.errors:
            raise ValueError(f"{path.name}: {document.errors[0]}")
        yield marked(document, extractor)


class _Moved:
    """Moves places in a source to places in the text that was read from it: word by word.

    Args:
        source: as it was marked, such as a web page.
        text: the canonical text.

    """

    def __init__(self, source: str, text: str) -> None:
        blank = _TAG.sub(lambda tag: " " * len(tag.group()), source)
        ours = [(m.start(), m.end(), m.group()) for m in _source_words(blank)]
        theirs = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]
        matcher = SequenceMatcher(None, [w for _, _, w in ours], [w for _, _, w in theirs], autojunk=False)
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        for block in matcher.get_matching_blocks():
            for number in range(block.size):
                a, b = ours[block.a + number], theirs[block.b + number]
                self._starts[a[0]], self._ends[a[1]] = b[0], b[1]

    def mark(self, mark: dict[str, Any]) -> dict[str, Any] | None:
        """A mention or relation at its new place; None where the words of its ends are not in the text."""
        starts = [self._starts[at] for at in range(mark["start"], mark["end"]) if at in self._starts]
        ends = [self._ends[at] for at in range(mark["start"] + 1, mark["end"] + 1) if at in self._ends]
        if not starts or not ends or ends[-1] <= starts[0]:
            return None
        is_mention = "loose" in mark
        if is_mention and (mark["start"] not in self._starts or mark["end"] not in self._ends):
            return None
        return {**mark, "start": starts[0], "end": ends[-1]}


def _source_words(blank: str) -> Iterator[re.Match[str]]:
    """The words of a source without tags; an entity such as '&amp;' counts as the sign that it stands for."""
    plain = re.sub(r"&#?\w+;", lambda e: html.unescape(e.group())[:1].ljust(len(e.group()), " "), blank)
    return _WORD.finditer(plain)
