"""Passages: the paragraphs of a document with the quotes marked, and what each proves beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .scene import Mark, Source

#: Characters; a longer paragraph is cut around its marks.
LONGEST = 1200
#: Characters kept around a mark where a paragraph is cut.
_AROUND = 240


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters that the same marks cover."""

    text: str
    marks: tuple[Mark, ...]  #: that cover it; empty for plain text
    begins: tuple[Mark, ...]  #: that begin here


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a document."""

    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]  #: that begin in it
    place: str  #: 'page 3', where it begins another than the passage before; else empty
    after_gap: bool = False  #: something before it is left out


def passages(source: Source, *, whole: bool) -> tuple[Passage, ...]:
    """Return the paragraphs of a document.

    Args:
        source: the document with its marks.
        whole: all of them; otherwise only those with marks, long ones cut around these.

    """
    if source.text is None:
        return ()
    found: list[Passage] = []
    before, end = "", 0
    starts = [mark.start for mark in source.marks]
    for start, stop in _paragraphs(source.text, source.marks):
        marks = source.marks[bisect_left(starts, start) : bisect_left(starts, stop)]
        if not marks and not whole:
            continue
        place = source.document.place_at(start)
        parts = [(start, stop)] if whole or stop - start <= LONGEST else list(_around(start, stop, marks))
        for first, last in parts:
            here = tuple(m for m in marks if first <= m.start < last)
            pieces = tuple(_pieces(source.text, first, last, here))
            skipped = bool(source.text[end:first].strip())
            found.append(Passage(pieces, here, place if place != before else "", skipped))
            before, end = place, last
    return tuple(found)


def _paragraphs(text: str, marks: Sequence[Mark]) -> Iterator[tuple[int, int]]:
    """Cut a text where lines are empty, or, where no line is, at each line end; never within a mark."""
    ends = r"\n[ \t]*\n\s*" if re.search(r"\S[ \t]*\n[ \t]*\n\s*\S", text) else r"\n\s*"
    cuts = [match.span() for match in re.finditer(ends, text)]
    inside = iter(sorted((m.start, m.end) for m in marks))
    start, reach, ahead = 0, 0, next(inside, None)
    for first, last in [*cuts, (len(text), len(text))]:
        while ahead is not None and ahead[0] < last:
            reach, ahead = max(reach, ahead[1]), next(inside, None)
        if reach > first or first < start:
            continue
        if text[start:first].strip():
            yield start, first
        start = last
    if start < len(text) and text[start:].strip():
        yield start, len(text)


def _around(start: int, stop: int, marks: Sequence[Mark]) -> Iterator[tuple[int, int]]:
    """The parts of a long paragraph that hold its marks with some words around them."""
    part: tuple[int, int] | None = None
    for mark in marks:
        first, last = max(start, mark.start - _AROUND), min(stop, mark.end + _AROUND)
        if part and first <= part[1]:
            part = part[0], max(part[1], last)
            continue
        if part:
            yield part
        part = first, last
    if part:
        yield part


def _pieces(text: str, start: int, stop: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    cuts = sorted(
        {
            start,
            stop,
            *(max(m.start, start) for m in marks if m.start < stop),
            *(min(m.end, stop) for m in marks if m.end > start),
        }
    )
    for first, last in pairwise(cuts):
        covering = tuple(m for m in marks if m.start <= first and m.end >= last)
        yield Piece(text[first:last], covering, tuple(m for m in covering if m.start == first))
