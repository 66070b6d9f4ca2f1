"""How a table of a Word document is built: its rows and cells, what was deleted of it, which cells are merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .docx_rest import deleted_words, word_count
from .docx_styles import W, count, value
from .writing import Place

if TYPE_CHECKING:
    from lxml.etree import _Element

TABLE = W + "tbl"
#: What holds no words that are read: what was deleted or moved away, and properties.
SKIPPED = frozenset(
    W + name for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "tcPr", "trPr", "tblPr", "tblGrid", "sectPr", "rt")
)


class Rows:
    """The rows and cells of a table, without those that were deleted or are hidden."""

    def __init__(self, table: _Element) -> None:
        self.deleted = self.hidden = 0  #: words in rows and cells that are left out
        self.rows: list[_Element] = []
        for row in below(table, W + "tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.deleted += deleted_words(row) + word_count(row)
            elif _is_on(row.find(f"{W}trPr"), "hidden"):
                self.hidden += word_count(row)
            else:
                self.rows.append(row)
        self.cells = [list(self._kept(row)) for row in self.rows]

    def _kept(self, row: _Element) -> Iterator[_Element]:
        for cell in below(row, W + "tc"):
            if cell.find(f"{W}tcPr/{W}cellDel") is None:
                yield cell
            else:
                self.deleted += deleted_words(cell) + word_count(cell)


@dataclass(slots=True)
class Merged:
    """Where cells go on, as the rows of a table come."""

    covered: dict[Place, Place] = field(default_factory=dict)  #: each (row, column), and where its merged cell begins
    _open: dict[int, Place] = field(default_factory=dict)  #: the merged cells that may go on below, by column

    def goes_on(self, cell: _Element, place: Place) -> bool:
        """Take note of a cell that begins at a place, and say whether another goes on in it."""
        properties = cell.find(f"{W}tcPr")
        row, column = place
        start = place
        if _continues(properties, "vMerge"):
            start = self._open.get(column, place)
        elif _continues(properties, "hMerge"):
            start = self.covered.get((row, column - 1), (row, column - 1))
        if start == place:
            self._open.pop(column, None)
        if properties is not None and properties.find(f"{W}vMerge") is not None and start == place:
            self._open[column] = place
        for covered in range(column, column + width(cell)):
            if (row, covered) != start:
                self.covered[row, covered] = start
        return _continues(properties, "vMerge") or _continues(properties, "hMerge")


def before(row: _Element) -> int:
    """How many columns a row leaves out before its first cell."""
    return _number(row.find(f"{W}trPr"), "gridBefore", 0)


def width(cell: _Element) -> int:
    """How many columns a cell covers."""
    return _number(cell.find(f"{W}tcPr"), "gridSpan", 1)


def below(element: _Element, tag: str) -> Iterator[_Element]:
    """The rows of a table or cells of a row, also within content controls and tracked insertions."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in SKIPPED and child.tag not in (TABLE, W + "tr", W + "tc"):
            yield from below(child, tag)


def _continues(properties: _Element | None, name: str) -> bool:
    merged = None if properties is None else properties.find(W + name)
    return merged is not None and merged.get(f"{W}val") in (None, "continue")


def _is_on(properties: _Element | None, name: str) -> bool:
    found = None if properties is None else properties.find(W + name)
    return found is not None and found.get(f"{W}val") not in ("0", "false", "off")


def _number(properties: _Element | None, name: str, otherwise: int) -> int:
    """A count such as gridSpan; no more than any table has columns."""
    return min(count(value(properties, name), otherwise), 100) or otherwise
