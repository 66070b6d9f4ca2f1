"""Finds the titles, tables and sections of a sheet, and writes them."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...ontology.columns import role_of
from .blocks import Cell, known_headings
from .headings import labels_run_down
from .writing import LONGEST_HEADING, Place, Writer

#: How many rows may stand above the header.
_DEEPEST_HEADER = 25
_LONGEST_HEADER = 60
#: The roles of columns that name what a row is about, and those that only a table of groups has.
_SUBJECTS = frozenset(("action", "priority", "group", "issues", "title", "person", "agency"))
_OF_GROUPS = frozenset(("chair", "members", "parent"))


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The words of a sheet: its rows, and where cells are merged."""

    lines: list[list[str]]
    covered: dict[Place, Place]  #: each cell that a merged cell covers, and where that begins

    def across(self, place: Place) -> int:
        """How many columns a cell covers."""
        row, column = place
        end = column + 1
        while self.covered.get((row, end)) == place:
            end += 1
        return end - column

    def is_tall(self, place: Place) -> bool:
        """Whether a cell goes on below."""
        return self.covered.get((place[0] + 1, place[1])) == place


def write_sheet(parts: Sequence[SheetRows], writer: Writer, name: str) -> None:
    """Write the name of a sheet, then its tables; `parts` are those that stand side by side, from the left."""
    writer.sheet = " ".join(name.split()) or "Sheet"
    writer.begin(f"sheet “{writer.sheet}”")
    writer.line("heading", writer.sheet, 1)
    for rows in parts:
        _PartWriter(rows, writer).write()


class _PartWriter:
    """Writes the tables of a sheet that stand one below the other.

    Args:
        rows: their words.
        writer: what they are written to.

    """

    def __init__(self, rows: SheetRows, writer: Writer) -> None:
        self._rows = rows
        self._filled = [[index for index, words in enumerate(line) if words] for line in rows.lines]
        self._writer = writer

    def write(self) -> None:
        """Write each table below its titles."""
        start = 0
        while start < len(self._filled):
            header = self._header(start)
            first = self._first_of_several(start) if header is None else header
            end = len(self._filled) if header is None else self._next_table(header + 1)
            self._titles(start, first)
            self._table(first, end, has_header=header is not None)
            start = end

    def _first_of_several(self, start: int) -> int:
        """The first row with more than one filled cell, or the end."""
        return next((i for i in range(start, len(self._filled)) if len(self._filled[i]) > 1), len(self._filled))

    def _header(self, start: int) -> int | None:
        """The row that names the columns.

        Its words say so, or it is the first row that is filled with short, distinct words.
        """
        within = range(start, min(start + _DEEPEST_HEADER, len(self._rows.lines)))
        first = self._first_of_several(start)
        if labels_run_down([line for line in self._rows.lines[first : first + _DEEPEST_HEADER] if any(line)]):
            return None
        for index in within:
            if self._could_head(index) and known_headings(_cells(self._rows.lines[index])) >= 2:
                return index
        typical = Counter(len(f) for f in self._filled[start : start + 200] if len(f) > 1).most_common(1)
        enough = max(2, -(-typical[0][0] // 2)) if typical else 2
        for index in within:
            if self._could_head(index) and len(self._filled[index]) >= enough:
                below = next((i for i in range(index + 1, len(self._filled)) if self._filled[i]), None)
                return index if below is not None and len(self._filled[below]) > 1 else None
        return None

    def _could_head(self, index: int) -> bool:
        words = [self._rows.lines[index][column] for column in self._filled[index]]
        return (
            len(words) >= 2
            and len(set(words)) == len(words)
            and all(len(w) <= _LONGEST_HEADER and re.search(r"[A-Za-z#£%]", w) for w in words)
            and not any(w.endswith(".") and len(w) > 12 for w in words)
        )

    def _titles(self, start: int, end: int) -> None:
        """What stands above a table: the first line as a heading, the others as paragraphs."""
        first = True
        for index in range(start, end):
            for column in self._filled[index]:
                words = " ".join(self._rows.lines[index][column].split())
                if (
                    first
                    and len(self._filled[index]) == 1
                    and len(words) <= LONGEST_HEADING
                    and not words.endswith(".")
                ):
                    self._writer.line("heading", words, 2)
                else:
                    self._writer.line("paragraph", words)
                first = False

    def _next_table(self, start: int) -> int:
        """Where the next table begins.

        It follows a blank row, with titles if any, and starts with a row that is a header by its words.
        """
        for index in range(start, len(self._filled)):
            if self._filled[index] and not self._filled[index - 1]:
                header = index
                while header < len(self._filled) and header < index + 6 and len(self._filled[header]) < 2:
                    header += 1
                if (
                    header < len(self._filled)
                    and self._could_head(header)
                    and known_headings(_cells(self._rows.lines[header])) >= 2
                ):
                    return index
        return len(self._filled)

    def _table(self, start: int, end: int, *, has_header: bool) -> None:
        sections = {index - start for index in range(start + has_header, end) if self._is_section(index, start)}
        covered = {
            (row - start, column): (whole[0] - start, whole[1])
            for (row, column), whole in self._rows.covered.items()
            if start <= row < end and whole[0] >= start
        }
        self._writer.grid(self._rows.lines[start:end], sections, lambda _: has_header, covered=covered)

    def _is_section(self, index: int, start: int) -> bool:
        """Whether a row is a line all across: a merged cell over most columns, or one alone behind a blank row."""
        if len(self._filled[index]) != 1 or len(self._rows.lines[index]) < 3:
            return False
        column = self._filled[index][0]
        if self._rows.is_tall((index, column)):
            return False
        if self._rows.across((index, column)) * 4 >= len(self._rows.lines[index]) * 3:
            return True
        return column < 2 and index > start and not self._filled[index - 1]


def _cells(line: list[str]) -> tuple[Cell, ...]:
    return tuple(Cell(0, len(words), words) for words in line)


# -------------------------------------------------------------------------------------------- side by side


def side_by_side(rows: SheetRows, gaps: Sequence[int]) -> list[SheetRows]:
    """The tables of a sheet that stand side by side, with blank columns between them.

    Args:
        rows: the words of the sheet, without blank columns.
        gaps: the columns before which blank columns stand.

    """
    width = len(rows.lines[0])
    edges = [0]
    for gap, following in itertools.pairwise((*gaps, width)):
        left, right = (_Side(rows, *edge) for edge in ((edges[-1], gap), (gap, following)))
        if left.is_table and right.is_table and right.stands_apart(left):
            edges.append(gap)
    return [_columns(rows, left, right) for left, right in itertools.pairwise((*edges, width))]


class _Side:
    """Some columns of a sheet, which may be a table."""

    def __init__(self, rows: SheetRows, left: int, right: int) -> None:
        lines = [line[left:right] for line in rows.lines]
        within = range(min(_DEEPEST_HEADER, len(lines)))
        found = next((n for n in within if known_headings(_cells(lines[n])) >= 2), None)
        self.is_table = found is not None
        self._header = found
        self._roles = set() if found is None else {role_of(" ".join(words.split())) for words in lines[found]} - {None}
        self._last = max((number for number, line in enumerate(lines) if any(line)), default=0)

    def stands_apart(self, left: _Side) -> bool:
        """Whether this is a table of its own, and not more columns of the one on the left."""
        if self._header != left._header or self._roles & left._roles or self._roles & _OF_GROUPS:
            return True
        return bool(self._roles & _SUBJECTS) and self._last != left._last


def _columns(rows: SheetRows, left: int, right: int) -> SheetRows:
    covered = {
        (row, column - left): (whole[0], whole[1] - left)
        for (row, column), whole in rows.covered.items()
        if left <= column < right and left <= whole[1] < right
    }
    return SheetRows([line[left:right] for line in rows.lines], covered)
