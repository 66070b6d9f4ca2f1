"""Reads CSV; the canonical text is the file's own, and every cell keeps its place in it."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from .blocks import Block, Cell, ReadFile, linked


def read_csv(text: str) -> ReadFile:
    """Read a table with commas, semicolons, tabs or bars between its cells.

    The standard library's reader gives no offsets, and without them there is no evidence; hence a scanner of our own.
    """
    rows = [row for row in _rows(text, _delimiter(text)) if any(cell.text.strip() for cell in row)]
    lead: list[Block] = []
    while len(rows) > 2 and sum(1 for c in rows[0] if c.text.strip()) == 1 < sum(1 for c in rows[1] if c.text.strip()):
        only = next(c for c in rows[0] if c.text.strip())  # a title above the header
        lead.append(Block("heading", only.start, only.end, only.text, 1))
        rows = rows[1:]
    table = [Block("table", rows[0][0].start, rows[-1][-1].end, "", rows=tuple(rows))] if rows else []
    title = lead[0].text if lead else ""
    return ReadFile(text, linked([*lead, *table]), title, "csv")


def _delimiter(text: str) -> str:
    try:
        return csv.Sniffer().sniff(text[:8192], delimiters=",;\t|").delimiter
    except csv.Error:
        return ","


def _rows(text: str, delimiter: str) -> Iterator[tuple[Cell, ...]]:
    row: list[Cell] = []
    at = 0
    while at < len(text):
        cell, at = _cell(text, at, delimiter)
        row.append(cell)
        if at >= len(text) or text[at] != delimiter:
            yield tuple(row)
            row = []
            at += 2 if text.startswith("\r\n", at) else 1
        else:
            at += 1
            if at == len(text):
                row.append(Cell(at, at, ""))
    if row:
        yield tuple(row)


def _cell(text: str, at: int, delimiter: str) -> tuple[Cell, int]:
    """The cell that begins at `at`, and where it ends; doubled quotation marks become a mark and a space."""
    if text.startswith('"', at):
        end = at + 1
        while end < len(text) and (text[end] != '"' or text.startswith('""', end)):
            end += 2 if text.startswith('""', end) else 1
        words = text[at + 1 : end].replace('""', '" ')
        stop = min(end + 1, len(text))
        while stop < len(text) and text[stop] not in (delimiter, "\r", "\n"):
            stop += 1  # stray characters behind the closing mark
        return _trimmed(at + 1, words), stop
    end = at
    while end < len(text) and text[end] not in (delimiter, "\r", "\n"):
        end += 1
    return _trimmed(at, text[at:end]), end


def _trimmed(start: int, words: str) -> Cell:
    lead = len(words) - len(words.lstrip())
    inner = words.strip()
    return Cell(start + lead, start + lead + len(inner), inner)
