"""Finds the ruled tables of a page: their cells, also merged ones, and which words stand in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .pdf_page import Box, Page, Word

#: How far apart lines may be that are meant to meet, in points.
_NEAR = 3.5


@dataclass(slots=True)
class Grid:
    """A ruled table, or a box of one cell: its place, the edges of its columns, and its cells' words row by row."""

    box: Box
    edges: tuple[float, ...]  #: x of each column's left edge, and of the last one's right
    cells: list[list[list[Word]]]  #: of a merged cell the words stand in its first row and column

    @property
    def is_box(self) -> bool:
        """Whether it is a frame around text rather than a table."""
        return len(self.cells) == 1 and len(self.cells[0]) == 1


def find_grids(page: Page) -> tuple[list[Grid], list[Word]]:
    """The tables and boxes of a page, and the words that stand in none of them."""
    level = _joined([r for r in page.rules if r.x1 - r.x0 >= r.y1 - r.y0], flat=True)
    upright = _joined([r for r in page.rules if r.x1 - r.x0 < r.y1 - r.y0], flat=False)
    words = list(page.words)
    grids: list[Grid] = []
    for rows, columns in _connected(level, upright):
        ys, xs = _places([(r.y0 + r.y1) / 2 for r in rows]), _places([(c.x0 + c.x1) / 2 for c in columns])
        if len(ys) < 2 or len(xs) < 2:
            continue
        box = Box(xs[0], ys[0], xs[-1], ys[-1])
        if box.x1 - box.x0 > 0.97 * page.width and box.y1 - box.y0 > 0.9 * page.height:
            continue  # a frame around the page
        inside = [w for w in words if box.holds(*_middle(w.box))]
        if not inside:
            continue
        grids.append(Grid(box, tuple(xs), _cells(xs, ys, rows, columns, inside)))
        held = {id(w) for w in inside}
        words = [w for w in words if id(w) not in held]
    return grids, words


def _middle(box: Box) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def _joined(rules: list[Box], *, flat: bool) -> list[Box]:
    """Rules with those that go on from one another made one: a table's line is often drawn cell by cell."""

    def at(r: Box) -> tuple[float, float]:
        return ((r.y0 + r.y1) / 2, r.x0) if flat else ((r.x0 + r.x1) / 2, r.y0)

    lanes: list[list[Box]] = []
    for rule in sorted(rules, key=at):
        if lanes and at(rule)[0] - at(lanes[-1][0])[0] <= 1.5:
            lanes[-1].append(rule)
        else:
            lanes.append([rule])
    joined: list[Box] = []
    for lane in lanes:
        lane.sort(key=lambda r: r.x0 if flat else r.y0)
        joined.append(lane[0])
        for rule in lane[1:]:
            last = joined[-1]
            gap = rule.x0 - last.x1 if flat else rule.y0 - last.y1
            if gap <= _NEAR:
                joined[-1] = last.around(rule)
            else:
                joined.append(rule)
    return joined


def _connected(level: list[Box], upright: list[Box]) -> Iterable[tuple[list[Box], list[Box]]]:
    """Level and upright rules that meet, table by table, from the top of the page down."""
    owner = list(range(len(level) + len(upright)))

    def find(i: int) -> int:
        while owner[i] != i:
            owner[i] = owner[owner[i]]
            i = owner[i]
        return i

    for i, row in enumerate(level):
        for j, column in enumerate(upright):
            if (
                row.x0 - _NEAR <= (column.x0 + column.x1) / 2 <= row.x1 + _NEAR
                and column.y0 - _NEAR <= (row.y0 + row.y1) / 2 <= column.y1 + _NEAR
            ):
                owner[find(i)] = find(len(level) + j)
    groups: dict[int, tuple[list[Box], list[Box]]] = {}
    for i, rule in enumerate([*level, *upright]):
        groups.setdefault(find(i), ([], []))[0 if i < len(level) else 1].append(rule)
    found = [g for g in groups.values() if len(g[0]) >= 2 and len(g[1]) >= 2]
    return sorted(found, key=lambda g: (-max(r.y1 for r in g[0]), min(r.x0 for r in g[0])))


def _places(values: list[float]) -> list[float]:
    """Sorted values, those that lie near one another made one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _cells(
    xs: list[float], ys: list[float], rows: list[Box], columns: list[Box], words: list[Word]
) -> list[list[list[Word]]]:
    """The words of each cell, the top row first; a cell that no line divides from its neighbour is one with it."""
    across, down = len(xs) - 1, len(ys) - 1
    owner = {(r, c): (r, c) for r in range(down) for c in range(across)}  # row 0 is the lowest

    def find(cell: tuple[int, int]) -> tuple[int, int]:
        while owner[cell] != cell:
            cell = owner[cell]
        return cell

    for r in range(down):
        middle = (ys[r] + ys[r + 1]) / 2
        for c in range(across - 1):
            if not any(abs((k.x0 + k.x1) / 2 - xs[c + 1]) <= _NEAR and k.y0 - 1 <= middle <= k.y1 + 1 for k in columns):
                owner[find((r, c + 1))] = find((r, c))
    for c in range(across):
        middle = (xs[c] + xs[c + 1]) / 2
        for r in range(down - 1):
            if not any(abs((k.y0 + k.y1) / 2 - ys[r + 1]) <= _NEAR and k.x0 - 1 <= middle <= k.x1 + 1 for k in rows):
                owner[find((r, c))] = find((r + 1, c))
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for r in range(down - 1, -1, -1):
        for c in range(across):
            first.setdefault(find((r, c)), (r, c))
    table: list[list[list[Word]]] = [[[] for _ in range(across)] for _ in range(down)]
    for word in words:
        x, y = _middle(word.box)
        c = next((i for i in range(across) if x <= xs[i + 1]), across - 1)
        r = next((i for i in range(down) if y <= ys[i + 1]), down - 1)
        top, left = first[find((r, c))]
        table[down - 1 - top][left].append(word)
    return table
