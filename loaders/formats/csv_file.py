"""Reads CSV; the canonical text is the file's own, and every cell keeps its place in it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .blocks import Block, Cell, ReadFile, linked

_DELIMITERS = ",;\t|"
_ENDS = {delimiter: re.compile(rf"[{delimiter}\r\n]") for delimiter in _DELIMITERS}
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
    while len(rows) > 2 and sum(1 for c in rows[0] if c.text.strip()) == 1 < sum(1 for c in rows[1] if c.text.strip()):
        only = next(c for c in rows[0] if c.text.strip())  # a title above the header
        lead.append(Block("heading", only.start, only.end, only.text, 1))
        rows = rows[1:]
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


def _delimiter(text: str) -> str:
    sample = text[:8192]
    try:
        return csv.Sniffer().sniff(sample, delimiters=_DELIMITERS).delimiter
    except csv.Error:
        return max(_DELIMITERS, key=lambda delimiter: _alike(sample, delimiter))


def _alike(sample: str, delimiter: str) -> int:
    """How many rows have the same number of cells, more than one, as most others have."""
    widths = Counter(len(row.cells) for row in _rows(sample, delimiter) if len(row.cells) > 1)
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
