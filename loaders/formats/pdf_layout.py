"""Reads a page as people do: column by column, line by line, with the tables and boxes where they stand."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from .pdf_page import HYPHEN, Box, Page, Word, letters_joined, unspaced
from .pdf_tables import Grid, find_grids

#: White space that divides columns is at least this wide, in points, and this many times as wide as letters are high.
_GUTTER, _GUTTER_RATIO = 9.0, 0.9
#: Text has so many lines on each side of it.
_LINES = 3


@dataclass(slots=True)
class Line:
    """Words on one line of one column."""

    words: list[Word]
    box: Box
    right: float  #: where its column ends
    size: float = field(init=False)  #: of most of its letters

    def __post_init__(self) -> None:
        widths: Counter[float] = Counter()
        for word in self.words:
            widths[word.size] += len(word.text)
        self.size = max(widths, key=lambda size: (widths[size], size))

    @property
    def text(self) -> str:
        """Its words; a word that goes on below ends with `HYPHEN`."""
        return unspaced(" ".join(w.text for w in self.words))

    @property
    def bold(self) -> bool:
        """Whether all of it is bold, but for marks."""
        return all(w.bold for w in self.words if any(c.isalnum() for c in w.text))


@dataclass(slots=True)
class Table:
    """A table: the words of its cells, row by row, and its place."""

    rows: list[list[str]]
    box: Box
    edges: tuple[float, ...]
    bold_first: bool = False


@dataclass(slots=True)
class Frame:
    """A box with text of its own."""

    parts: list[Line | Table | Frame] = field(default_factory=list)
    box: Box = field(default_factory=lambda: Box(0, 0, 0, 0))


Part = Line | Table | Frame


def margin_chunks(page: Page) -> list[tuple[str, list[Word]]]:
    """The pieces at the head and foot of a page, as (words with their numbers as '#' and their height, the words)."""
    words = [w for w in page.words if w.box.y0 > 0.9 * page.height or w.box.y1 < 0.1 * page.height]
    chunks = _chunks(words)
    return [
        (re.sub(r"\d+", "#", unspaced(" ".join(w.text for w in c))) + f" {_around(c).y0 / page.height:.2f}", c)
        for c in chunks
    ]


def read_layout(page: Page) -> list[Part]:
    """The lines, tables and boxes of a page in the order in which they are read."""
    grids, words = find_grids(page)
    fixed: list[Part] = []
    for grid in grids:
        fixed.append(_frame(grid) if grid.is_box else _table(grid))
    return _region(_chunks(words), fixed, page.width)


def _frame(grid: Grid) -> Frame:
    words = grid.cells[0][0]
    return Frame(_region(_chunks(words), [], grid.box.x1), grid.box)


def _table(grid: Grid) -> Table:
    filled = [row for row in grid.cells if any(row)]
    bold = bool(filled) and all(w.bold for cell in filled[0] for w in cell if any(c.isalnum() for c in w.text))
    return Table([[_cell_text(cell) for cell in row] for row in grid.cells], grid.box, grid.edges, bold)


def _cell_text(words: list[Word]) -> str:
    lines = [unspaced(" ".join(w.text for w in chunk)) for chunk in _rows(words)]
    text = ""
    for line in lines:
        text = joined(text, line) if text and not re.match(r"[•▪●–-]\s", line) else f"{text}\n{line}" if text else line
    return text.replace(HYPHEN, "-")


def joined(before: str, line: str, known: frozenset[str] = frozenset()) -> str:
    """Join two lines.

    A word that was divided between them is made whole where it is known, or where the hyphen is a soft one.
    """
    if not before:
        return line
    soft = before.endswith(HYPHEN)
    if soft or re.search(r"\w-$", before):
        head, tail = re.search(r"[\w’'-]*$", before[:-1]), re.match(r"[\w’']*", line)
        whole = (head.group() if head else "") + (tail.group() if tail else "")
        if whole.lower() in known or (soft and (head.group() if head else "").lower() not in known):
            return before[:-1] + line
        return before[:-1] + "-" + line
    return f"{before} {line}"


# ------------------------------------------------------------------------------------------------- lines, chunks


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words by lines from the top down, each from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (-(w.box.y0 + w.box.y1) / 2, w.box.x0)):
        middle = (word.box.y0 + word.box.y1) / 2
        home = next((r for r in reversed(rows[-3:]) if _same_line(r[0].box, word.box, middle)), None)
        if home is None:
            rows.append([word])
        else:
            home.append(word)
    return [letters_joined(sorted(row, key=lambda w: w.box.x0)) for row in rows]


def _same_line(box: Box, other: Box, middle: float) -> bool:
    overlap = min(box.y1, other.y1) - max(box.y0, other.y0)
    return overlap > 0.55 * min(box.y1 - box.y0, other.y1 - other.y0) and abs(
        (box.y0 + box.y1) / 2 - middle
    ) < 0.5 * max(box.y1 - box.y0, other.y1 - other.y0)


def _chunks(words: Sequence[Word]) -> list[list[Word]]:
    """The pieces of lines between wide gaps: parts of columns, or a bullet apart from its text."""
    chunks: list[list[Word]] = []
    for row in _rows(words):
        chunks.append([row[0]])
        for before, word in itertools.pairwise(row):
            height = max(before.box.y1 - before.box.y0, word.box.y1 - word.box.y0)
            if word.box.x0 - before.box.x1 > max(_GUTTER, _GUTTER_RATIO * height):
                chunks.append([])
            chunks[-1].append(word)
    return chunks


def _around(words: Sequence[Word]) -> Box:
    return Box(
        min(w.box.x0 for w in words),
        min(w.box.y0 for w in words),
        max(w.box.x1 for w in words),
        max(w.box.y1 for w in words),
    )


@dataclass(slots=True)
class _Piece:
    """Something to be put in order: a piece of a line, or a table or box."""

    box: Box
    words: list[Word]
    part: Part | None = None


def _region(chunks: Sequence[list[Word]], fixed: Sequence[Part], right: float) -> list[Part]:
    pieces = [_Piece(_around(c), c) for c in chunks] + [_Piece(f.box, [], f) for f in fixed]
    return list(_ordered(pieces, right, 0))


def _ordered(pieces: list[_Piece], right: float, depth: int) -> Iterator[Part]:
    """Put pieces in order: where white space divides a stretch into columns, its left side first."""
    pieces = sorted(pieces, key=lambda p: (-p.box.y1, p.box.x0))
    section = _columns(pieces) if depth < 6 and len(pieces) >= 2 * _LINES else None
    if section is None:
        yield from _straight(pieces, right)
        return
    gutter, top, bottom = section
    above = [p for p in pieces if p.box.y0 >= top]
    below = [p for p in pieces if p.box.y1 <= bottom]
    between = [p for p in pieces if p not in above and p not in below]
    yield from _ordered(above, right, depth + 1)
    left = [p for p in between if (p.box.x0 + p.box.x1) / 2 < gutter]
    yield from _ordered(left, gutter, depth + 1)
    yield from _ordered([p for p in between if p not in left], right, depth + 1)
    yield from _ordered(below, right, depth + 1)


def _columns(pieces: list[_Piece]) -> tuple[float, float, float] | None:
    """A gutter: (x, top and bottom of the stretch that it divides), or None."""
    candidates = sorted({round(p.box.x0 - 4, 0) for p in pieces if p.box.x0 > min(q.box.x0 for q in pieces) + 60})
    best: tuple[float, tuple[float, float, float]] | None = None
    for x in candidates:
        for run in _runs(pieces, x):
            sides = [[p for p in run if p.box.x1 <= x + 3], [p for p in run if p.box.x0 >= x - 1]]
            if not all(_is_column(side) for side in sides) or not _beside(*sides):
                continue
            top, bottom = max(p.box.y1 for p in run), min(p.box.y0 for p in run)
            weight = len(run) + sum(sum(len(w.text) for w in p.words) for p in run) / 50
            if best is None or weight > best[0]:
                best = (weight, (x, top + 0.01, bottom - 0.01))
    return best[1] if best else None


def _runs(pieces: list[_Piece], x: float) -> Iterator[list[_Piece]]:
    """Stretches, from the top down, in which nothing crosses `x`."""
    run: list[_Piece] = []
    for piece in pieces:
        if piece.box.x0 < x - 1 and piece.box.x1 > x + 3:
            if run:
                yield run
            run = []
        else:
            run.append(piece)
    if run:
        yield run


def _is_column(side: list[_Piece]) -> bool:
    """Whether pieces are a column of text: enough lines, wide enough, most of them as wide as the column."""
    lines = [p for p in side if p.words]
    if any(isinstance(p.part, Table) for p in side):
        return True
    if sum(isinstance(p.part, Frame) for p in side) and not lines:
        return True
    if len(lines) < _LINES:
        return False
    x0, x1 = min(p.box.x0 for p in lines), max(p.box.x1 for p in lines)
    starts = {round(p.box.y0): p for p in lines}
    reach = sorted(max(q.box.x1 for q in lines if abs(q.box.y0 - p.box.y0) < 4) - x0 for p in starts.values())
    return x1 - x0 >= 90 and median(reach) >= 0.55 * (x1 - x0) and sum(len(w.text) for p in lines for w in p.words) > 60


def _beside(left: list[_Piece], right: list[_Piece]) -> bool:
    """Whether two columns stand beside one another, over some height."""
    top = min(max(p.box.y1 for p in left), max(p.box.y1 for p in right))
    bottom = max(min(p.box.y0 for p in left), min(p.box.y0 for p in right))
    return top - bottom > 30


def _straight(pieces: list[_Piece], right: float) -> Iterator[Part]:
    """One column: its lines, with tables and boxes where they stand; columns of short entries become a table."""
    words = [w for p in pieces for w in p.words]
    edge = max((w.box.x1 for w in words), default=right)
    waiting = sorted((p for p in pieces if p.part is not None), key=lambda p: -p.box.y1)
    lines: list[Part] = [Line(row, _around(row), edge) for row in _rows(words)]
    for part in _with_unruled(lines):
        while waiting and waiting[0].box.y1 > part.box.y1:
            piece = waiting.pop(0).part
            assert piece is not None
            yield piece
        yield part
    yield from (p.part for p in waiting if p.part is not None)


# ------------------------------------------------------------------------------------------ tables without rules


def _with_unruled(lines: list[Part]) -> Iterator[Part]:
    """Lines, with those that are rows of a table without rules gathered into one."""
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        if end - at >= 3:
            yield _unruled([p for p in lines[at:end] if isinstance(p, Line)])
            at = end
        else:
            yield lines[at]
            at += 1


def _starts(line: Line) -> list[tuple[float, list[Word]]]:
    """The entries of a line: words between wide gaps, with where each begins."""
    entries: list[tuple[float, list[Word]]] = [(line.words[0].box.x0, [line.words[0]])]
    for before, word in itertools.pairwise(line.words):
        if word.box.x0 - before.box.x1 > 1.6 * line.size:
            entries.append((word.box.x0, []))
        entries[-1][1].append(word)
    return entries


def _table_end(lines: list[Part], start: int) -> int:
    """The end of a table without rules that begins with a header at `start`; `start` itself if there is none."""
    head = lines[start]
    if not isinstance(head, Line) or not head.bold or len(_starts(head)) < 2:
        return start
    edges = [x for x, _ in _starts(head)]
    if any(len(" ".join(w.text for w in words)) > 40 for _, words in _starts(head)):
        return start
    end, full = start + 1, 0
    while end < len(lines):
        line = lines[end]
        if (
            not isinstance(line, Line)
            or lines[end - 1].box.y0 - line.box.y1 > 2.2 * line.size
            or abs(line.size - head.size) > 2
        ):
            break
        begins = [x for x, _ in _starts(line)]
        if not all(any(abs(x - e) < 6 for e in edges) for x in begins):
            break
        full += len(begins) > 1
        end += 1
    return end if full >= 2 else start


def _unruled(lines: list[Line]) -> Table:
    edges = [x for x, _ in _starts(lines[0])]
    rows: list[list[str]] = []
    for line in lines:
        cells = [""] * len(edges)
        for x, words in _starts(line):
            cells[min(range(len(edges)), key=lambda i: abs(edges[i] - x))] = unspaced(" ".join(w.text for w in words))
        if rows and not cells[0] and len(rows) > 1:
            rows[-1] = [joined(a, b) if b else a for a, b in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    box = Box(min(p.box.x0 for p in lines), lines[-1].box.y0, max(p.box.x1 for p in lines), lines[0].box.y1)
    return Table(rows, box, (*edges, box.x1), True)
