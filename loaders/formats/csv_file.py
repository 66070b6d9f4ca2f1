"""Reads CSV; the canonical text is the file's own, and every cell keeps its place in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .blocks import Block, Cell, ReadFile, known_headings, linked

_DELIMITERS = ",;\t|"
_ENDS = {delimiter: re.compile(rf"[{delimiter}\r\n]") for delimiter in _DELIMITERS}
#: How much of a file tells which sign stands between its cells, and how many rows may stand above the header.
_SAMPLE, _MOST_TITLES = 8192, 10
#: The line that tells Excel which character separates cells.
_SAID = re.compile(r"\s*sep=([,;\t|])(?:\r\n|\r|\n)")
#: A cell in quotation marks, with white space before it: a byte-order mark was turned into such.
_QUOTED = re.compile(r'([ \u00a0]*)"([^"]*+(?:""[^"]*+)*+)"')


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as it was scanned."""

    cells: tuple[Cell, ...]
    odd: int | None = None  #: where a cell begins whose quotation marks do not match


def read_csv(text: str) -> ReadFile:
    """Read a table with commas, semicolons, tabs or bars between its cells.

    The standard library's reader gives no offsets, and without them there is no evidence; hence a scanner of our own.
    """
    said = _SAID.match(text)
    delimiter = said.group(1) if said else _delimiter(text)
    scanned = list(_rows(text, delimiter, said.end() if said else 0))
    rows = [row.cells for row in scanned if any(cell.text.strip() for cell in row.cells)]
    lead: list[Block] = []
    for row in rows[: _titles(rows)]:
        only = next(c for c in row if c.text.strip())
        lead.append(Block("paragraph" if lead else "heading", only.start, only.end, only.text, 0 if lead else 1))
    rows = rows[len(lead) :]
    table = [_table(text, tuple(rows))] if rows else []
    title = lead[0].text if lead else ""
    return ReadFile(text, linked([*lead, *table]), title, "csv", tuple(_notes(text, scanned)))


def _table(text: str, rows: tuple[tuple[Cell, ...], ...]) -> Block:
    start, end = rows[0][0].start, rows[-1][-1].end
    return Block("table", start, end, text[start:end].replace('"', " "), rows=rows)


def _notes(text: str, rows: Sequence[_Row]) -> Iterator[str]:
    odd = [row.odd for row in rows if row.odd is not None]
    if odd:
        lines = len(re.findall(r"\r\n|\r|\n", text[: odd[0]])) + 1
        yield (
            f"The quotation marks of {'a cell' if len(odd) == 1 else f'{len(odd)} cells'} do not match, "
            f"first in line {lines}; look whether the cells there were read as they were meant."
        )


def is_tabbed(text: str) -> bool:
    """Whether a text is a table with tabs between its cells, as Excel saves 'Unicode Text'."""
    rows = [row.cells for row in _rows(text[:_SAMPLE], "\t") if any(cell.text for cell in row.cells)]
    first = next((number for number, row in enumerate(rows) if len(row) > 1), len(rows))
    table = rows[first:]
    return len(table) > 1 and known_headings(table[0]) >= 2 and all(len(row) > 1 for row in table)


def _titles(rows: Sequence[tuple[Cell, ...]]) -> int:
    """How many rows above the header hold one cell each, which are titles."""
    filled = [sum(1 for cell in row if cell.text.strip()) for row in rows[:_MOST_TITLES]]
    first = next((number for number, count in enumerate(filled) if count > 1), 0)
    return first if len(rows) > first + 1 else 0


def _delimiter(text: str) -> str:
    """The sign between the cells: the one with which a row has most known headings, or else most rows are alike."""
    scanned = {sign: [row.cells for row in _rows(text[:_SAMPLE], sign)] for sign in _DELIMITERS}
    return max(scanned, key=lambda sign: (_headings(scanned[sign]), _alike(scanned[sign])))


def _headings(rows: Sequence[tuple[Cell, ...]]) -> int:
    found = max((known_headings(row) for row in rows[:_MOST_TITLES] if len(row) > 1), default=0)
    return found if found > 1 else 0


def _alike(rows: Sequence[tuple[Cell, ...]]) -> int:
    """How many rows have the same number of cells, more than one, as most others have."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths.values(), default=0)


def _rows(text: str, delimiter: str, at: int = 0) -> Iterator[_Row]:
    row: list[Cell] = []
    odd = None
    while at < len(text):
        begins = at
        cell, at, matches = _cell(text, at, delimiter)
        odd = odd if matches or odd is not None else begins
        row.append(cell)
        if at >= len(text) or text[at] != delimiter:
            yield _Row(tuple(row), odd)
            row, odd = [], None
            at += 2 if text.startswith("\r\n", at) else 1
        else:
            at += 1
            if at == len(text):
                row.append(Cell(at, at, ""))
    if row:
        yield _Row(tuple(row), odd)


def _cell(text: str, at: int, delimiter: str) -> tuple[Cell, int, bool]:
    """The cell that begins at `at`, where it ends, and whether its quotation marks match.

    Doubled quotation marks become a mark and a space. What stands behind the closing mark belongs to the cell, as in
    the standard library; a mark that is never closed is a letter like others.
    """
    ends = _ENDS[delimiter]
    quoted = _QUOTED.match(text, at)
    if quoted is None:
        stop = _end(ends, text, at)
        return _trimmed(at, text[at:stop]), stop, not text[at:stop].lstrip(" \u00a0").startswith('"')
    stop = _end(ends, text, quoted.end())
    behind = text[quoted.end() : stop]
    if quoted.group(1) and behind.strip():
        stop = _end(ends, text, at)  # white space and a mark inside words: 'Plan, "draft" of May'
        return _trimmed(at, text[at:stop]), stop, True
    words = quoted.group(2).replace('""', '" ')
    return _trimmed(quoted.start(2), f"{words} {behind}" if behind.strip() else words), stop, not behind.strip()


def _end(ends: re.Pattern[str], text: str, at: int) -> int:
    found = ends.search(text, at)
    return found.start() if found else len(text)


def _trimmed(start: int, words: str) -> Cell:
    lead = len(words) - len(words.lstrip())
    inner = words.strip()
    return Cell(start + lead, start + lead + len(inner), inner)
