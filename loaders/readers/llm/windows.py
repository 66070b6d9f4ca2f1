"""Divides a document into windows that a language model can read one by one.

A window is a piece of the canonical text, so that what is quoted from it stands in the document. It ends between two
blocks, or between two rows of a long table, and begins with the end of the window before, so that nothing is cut off
from what introduces it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...formats.blocks import Block
from ...formats.tokens import sentences, squeezed
from ...page import Page

#: In characters: how long a window is at most, and how much of it stands in the window before as well.
WINDOW, OVERLAP = 12_000, 800
#: How many names that were met in earlier windows are told.
_MOST_NAMES = 60
#: The classes whose names are told.
_TOLD = ("Partnership", "Plan", "Priority", "Subgroup", "Partner", "Role")


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a document, and what a reader of it alone would miss."""

    number: int  #: from 1
    of: int
    start: int  #: in the canonical text
    end: int
    title: str
    headings: tuple[str, ...]  #: those above its first block, outermost first
    columns: tuple[str, ...]  #: the headings of the table that it begins in, if it does
    names: tuple[str, ...]  #: met before it


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is not divided: a block, a row of a long table, or a sentence of a long paragraph."""

    start: int
    end: int
    block: int
    inside: bool  #: is not the first of its block


def windows_of(page: Page, longest: int = WINDOW) -> list[Window]:
    """The windows of a document, in order; none where it has no words.

    Args:
        page: the document, with the names that stand in it.
        longest: how many characters a window holds at most, apart from a single sentence or row that is longer.

    """
    units = [unit for index, block in enumerate(page.blocks) for unit in _units(index, block, longest)]
    pieces = list(_pieces(units, longest))
    return [_window(page, number, len(pieces), piece) for number, piece in enumerate(pieces, 1)]


def _units(index: int, block: Block, longest: int) -> Iterator[_Unit]:
    if block.end <= block.start:
        return
    if block.end - block.start <= longest // 2:
        yield _Unit(block.start, block.end, index, inside=False)
    elif block.kind == "table":
        for number, row in enumerate(block.rows):
            if row and min(c.start for c in row) >= block.start:  # else the header of another part of the table
                yield _Unit(min(c.start for c in row), max(c.end for c in row), index, inside=number > 0)
    else:
        for number, (start, end) in enumerate(sentences(block.text)):
            yield _Unit(block.start + start, block.start + end, index, inside=number > 0)


def _pieces(units: list[_Unit], longest: int) -> Iterator[list[_Unit]]:
    """Runs of units that fit into a window; each but the first begins with the last units of the one before."""
    first = 0
    while first < len(units):
        last = first
        while last + 1 < len(units) and units[last + 1].end - units[first].start <= longest:
            last += 1
        yield units[first : last + 1]
        if last + 1 >= len(units):
            return
        again, following = last + 1, units[last + 1].end
        while (
            again - 1 > first
            and units[last].end - units[again - 1].start <= min(OVERLAP, longest // 10)
            and following - units[again - 1].start <= longest
        ):
            again -= 1
        first = again


def _window(page: Page, number: int, of: int, piece: list[_Unit]) -> Window:
    start, end, block = piece[0].start, piece[-1].end, page.blocks[piece[0].block]
    headings = tuple(squeezed(page.blocks[i].text) for i in block.headings)
    told = block.rows and block.has_header and piece[0].inside
    columns = tuple(squeezed(c.text) for c in block.rows[0]) if told else ()
    met = (m for found in page.mentions for m in found if m.end <= start and m.type in _TOLD and m.rank >= 0)
    names = tuple(dict.fromkeys(f"{m.type}: {m.label}" for m in met))
    return Window(number, of, start, end, page.context.title, headings, columns, names[-_MOST_NAMES:])
