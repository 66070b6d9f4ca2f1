"""A document as it was read: one canonical text, and the blocks that stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ...ontology.columns import role_of
from .tokens import squeezed

Kind = Literal["heading", "paragraph", "item", "table", "quotation"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, or a part of a text: its place in the canonical text, and its words."""

    start: int
    end: int
    text: str
    part_of: Cell | None = None  #: of a blank cell: the merged cell that goes on here, from above or from the left


def known_headings(row: Sequence[Cell]) -> int:
    """How many different columns the cells of a row are headings of, as people commonly write them."""
    return len({role for cell in row if (role := role_of(squeezed(cell.text))) is not None})


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table.

    `text` is as long as the piece of canonical text from `start` to `end`; where that holds markup, `text` has spaces.
    """

    kind: Kind
    start: int
    end: int
    text: str
    level: int = 0  #: of a heading, 1 the highest; of a list item, 0 the outermost
    marker: str = ""  #: what a list item begins with
    rows: tuple[tuple[Cell, ...], ...] = ()  #: of a table, the header row first
    has_header: bool = True
    headings: tuple[int, ...] = ()  #: indices of the headings above, outermost first
    intro: int | None = None  #: index of the block whose last words introduce this item
    author: str | None = None  #: of a comment: the post or initials of who wrote it
    page: int | None = None  #: of a PDF, on which it begins; the first is 1
    sheet: str | None = None  #: the sheet of a workbook that it stands in

    def moved(self, by: int) -> Block:
        """The same block and its cells, so many characters further on."""
        rows = tuple(tuple(replace(c, start=c.start + by, end=c.end + by) for c in row) for row in self.rows)
        return replace(self, start=self.start + by, end=self.end + by, rows=rows)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a format's reader makes of a file."""

    text: str  #: the canonical text, to which every offset refers
    blocks: tuple[Block, ...]
    title: str
    format: str
    notes: tuple[str, ...] = field(default=())
    places: tuple[tuple[int, str], ...] = ()  #: see `graph.model.Document.places`

    def heading_texts(self, block: Block) -> list[str]:
        """The headings above `block`, outermost first."""
        return [self.blocks[i].text for i in block.headings]


def linked(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give every block the headings above it, and every list item the block that introduces it."""
    result: list[Block] = []
    open_headings: list[int] = []
    intro: int | None = None
    for index, block in enumerate(blocks):
        if block.kind == "heading":
            while open_headings and blocks[open_headings[-1]].level >= block.level:
                open_headings.pop()
            result.append(replace(block, headings=tuple(open_headings)))
            open_headings.append(index)
            intro = index
            continue
        if block.kind == "item":
            result.append(replace(block, headings=tuple(open_headings), intro=intro))
            if block.text.rstrip().endswith(":"):
                intro = index
            continue
        result.append(replace(block, headings=tuple(open_headings), intro=intro if block.kind == "table" else None))
        intro = index
    return tuple(result)
