"""Writes the canonical text of formats that have none of their own, and the blocks that stand in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from .blocks import Block, Cell, Kind
from .headings import header_depth

#: A longer line is a sentence, not a heading.
LONGEST_HEADING = 110

#: The row and the column of a cell.
Place: TypeAlias = tuple[int, int]


def counted(words: int) -> str:
    """A number of words, as a note says it."""
    return "1 word" if words == 1 else f"{words:,} words"


class Writer:
    """Canonical text as it grows: a line for each block, a row of a table with ' | ' between its cells."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.sheet: str | None = None  #: what the next blocks stand in
        self.page: int | None = None  #: on which the next blocks begin
        self.places: list[tuple[int, str]] = []  #: where pages or sheets begin in the text
        self._parts: list[str] = []
        self._at = 0

    @property
    def text(self) -> str:
        """The canonical text so far."""
        return "".join(self._parts)

    def begin(self, place: str, ahead: int = 0) -> None:
        """Say that what comes next, or from `ahead` characters on, stands in a page or sheet of this name."""
        if not self.places or self.places[-1][1] != place:
            self.places.append((self._at + ahead, place))

    def line(
        self, kind: Kind, text: str, level: int = 0, marker: str = "", *, skip: int = 0, author: str | None = None
    ) -> None:
        """Add a heading, paragraph, item or quotation.

        Its first `skip` characters are a marker, and not part of the block.
        """
        start = self._write(text, "\n")
        self.blocks.append(
            Block(
                kind,
                start + skip,
                start + len(text),
                text[skip:],
                level,
                marker,
                author=author,
                sheet=self.sheet,
                page=self.page,
            )
        )

    def grid(
        self,
        lines: Sequence[Sequence[str]],
        sections: Collection[int],
        is_header: Callable[[tuple[Cell, ...]], bool],
        places: Sequence[str] = (),
        covered: Mapping[Place, Place] | None = None,
    ) -> None:
        """Add a table.

        Args:
            lines: the words of its cells, row by row; rows without words are dropped.
            sections: the rows that are one cell all across. They become headings or paragraphs, and the table goes on
                below with the same header.
            is_header: whether the first other row names the columns; those below that divide its headings go with it.
            places: for each row, the page in which it stands; empty where that is not known.
            covered: the (row, column) of each cell that a merged cell covers, and that of the merged cell.

        """
        merged = _Merged(covered or {})
        header: tuple[tuple[Cell, ...], ...] | None = None
        body: list[tuple[Cell, ...]] = []
        before = at_header = len(self.blocks)
        left = 0  # of the header's rows, those still to come
        for index, line in enumerate(lines):
            if not any(line):
                continue
            if places:
                self.begin(places[index])
            if index in sections:
                self._table(header or (), body)
                body, left = [], 0
                self.section(" ".join(next(words for words in line if words).split()))
                continue
            cells = merged.row(index, self._cells(line))
            if header is None:
                header, at_header = (cells,) if is_header(cells) else (), len(self.blocks)
                left = header_depth(_from(lines, index, sections)) - 1 if header else 0
                body = [] if header else [cells]
            elif left and header:
                header, left = (*header, cells), left - 1
            else:
                body.append(cells)
        self._table(header or (), body)
        if header and not any(block.kind == "table" for block in self.blocks[before:]):
            self.blocks.insert(at_header, self._as_table(header, header[0][0].start, has_header=True))

    def section(self, text: str, level: int = 6) -> None:
        """Add a line that stands alone among rows: a heading when it is short and no sentence."""
        if len(text) <= LONGEST_HEADING and not text.endswith((".", ";")):
            self.line("heading", text, level)
        else:
            self.line("paragraph", text)

    def _table(self, header: tuple[tuple[Cell, ...], ...], body: list[tuple[Cell, ...]]) -> None:
        if body:
            follows = bool(header) and header[-1][-1].end + 1 == body[0][0].start
            rows = (*header, *body)
            start = header[0][0].start if follows else body[0][0].start
            self.blocks.append(self._as_table(rows, start, has_header=bool(header)))

    def _as_table(self, rows: tuple[tuple[Cell, ...], ...], start: int, *, has_header: bool) -> Block:
        text = "\n".join(" | ".join(cell.text for cell in row) for row in rows if row[0].start >= start)
        return Block(
            "table", start, start + len(text), text, rows=rows, has_header=has_header, sheet=self.sheet, page=self.page
        )

    def _cells(self, line: Sequence[str]) -> tuple[Cell, ...]:
        cells, at = [], self._at
        for words in line:
            cells.append(Cell(at, at + len(words), words))
            at += len(words) + 3
        self._write(" | ".join(line), "\n")
        return tuple(cells)

    def _write(self, words: str, end: str) -> int:
        start = self._at
        self._parts += (words, end)
        self._at += len(words) + len(end)
        return start


class _Merged:
    """Tells each cell that a merged cell covers which one that is.

    Args:
        covered: the (row, column) of each such cell, and that of the merged cell.

    """

    def __init__(self, covered: Mapping[Place, Place]) -> None:
        self._covered = covered
        self._wanted = frozenset(covered.values())
        self._written: dict[Place, Cell] = {}

    def row(self, number: int, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """The cells of a row, which come row by row."""
        if not self._covered:
            return cells
        self._written |= {(number, column): c for column, c in enumerate(cells) if (number, column) in self._wanted}
        return tuple(self._whole((number, column), cell) for column, cell in enumerate(cells))

    def _whole(self, place: Place, cell: Cell) -> Cell:
        whole = self._written.get(self._covered[place]) if place in self._covered and not cell.text else None
        return cell if whole is None or not whole.text else replace(cell, part_of=whole)


def _from(lines: Sequence[Sequence[str]], start: int, sections: Collection[int]) -> list[Sequence[str]]:
    """The first rows with words from one on, up to a line all across."""
    end = next((i for i in range(start, min(len(lines), start + 6)) if i in sections), min(len(lines), start + 6))
    return [line for line in lines[start:end] if any(line)]
