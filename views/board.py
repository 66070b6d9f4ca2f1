"""The board: columns of issues, priorities, groups and partners, gaps on top, and the words behind whatever is chosen.

It is plain HTML with lines in SVG. Without scripts it is the same board: a box leads to its details, a quote to its
place. With them, boxes can be searched and filtered, and the thread of a chosen one stands out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..ontology import GoldenthreadError, Ontology, load_ontology
from .columns import BACKGROUND, COLUMNS, heading_of, legend_of
from .layout import COLUMN_GAP, LINE, PADDING, TOP, WIDTH, Box, Picture, box_of, picture_of
from .page import render
from .scene import Item, Link, Scene

#: With more items than this, a page would be too large to send and too slow to open.
MOST_ITEMS = 2000


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column: a box, or a lane for the lines that pass."""

    box: Box | None
    lane: int = 0  #: its number
    shown: bool = True  #: before anything is filtered

    @property
    def rows(self) -> int:
        """How many lines of text its box has room for."""
        return (self.box.height - 2 * PADDING) // LINE if self.box else 0


@dataclass(frozen=True, slots=True)
class Line:
    """A link as it is drawn."""

    link: Link
    path: str  #: of SVG; empty where it is not drawn before anything is filtered
    lanes: tuple[int, ...]  #: numbers of the lanes that it takes, from left to right


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the board."""

    style: str
    heading: str
    cells: tuple[Cell, ...]
    background: bool  #: it is shown only when asked for

    @property
    def count(self) -> int:
        """How many boxes are shown before anything is filtered."""
        return sum(cell.shown for cell in self.cells if cell.box)


@dataclass(frozen=True, slots=True)
class Board:
    """One partnership as the template draws it."""

    scene: Scene
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    height: int  #: of the columns, in pixels
    width: int


def board_page(scenes: Sequence[Scene], *, title: str, ontology: Ontology | None = None) -> str:
    """Return the page.

    Args:
        scenes: what it shows, one for each partnership.
        title: the heading.
        ontology: the words for classes; goldenthread's own when None.

    Raises:
        GoldenthreadError: there is too much for a page.

    """
    known = ontology or load_ontology()
    count = sum(len(scene.items) for scene in scenes)
    if count > MOST_ITEMS:
        raise GoldenthreadError(
            f"A board of {count:,} items would be too large to open. Choose one partnership with --partnership, "
            "or one thing with --focus."
        )
    return render(
        "board.html.j2", styles=["base.css", "board.css"], scripts=["base.js", "board.js"], title=title,
        boards=[_board(scene, known) for scene in scenes], scenes=scenes,
        legend=legend_of((item.type for scene in scenes for item in scene.items.values() if is_shown(item)), known),
        themes=sorted({theme for scene in scenes for theme in scene.themes}),
        plans=sorted({plan for scene in scenes for plan in scene.plans}),
    )  # fmt: skip


def _board(scene: Scene, known: Ontology) -> Board:
    shown = [item for item in scene.items.values() if is_shown(item)]
    lines = [link for link in scene.links if link.subject is not link.object]
    drawn = [link for link in lines if is_shown(link.subject) and is_shown(link.object)]
    picture = picture_of(shown, drawn)
    lanes = {
        name: n
        for n, name in enumerate(name for column in picture.columns for name in column if name not in picture.boxes)
    }
    columns = tuple(_column(number, scene, picture, lanes, known) for number in range(len(COLUMNS)))
    place = {
        number: x
        for x, number in enumerate(n for n, column in enumerate(columns) if column.count and not column.background)
    }
    paths = {link: _path(link, picture, place) for link in drawn}
    deepest = max(
        (picture.centre[name] + picture.height(name) / 2 for column in picture.columns for name in column), default=0
    )
    return Board(
        scene, columns,
        tuple(
            Line(link, paths.get(link, ""), tuple(lanes[name] for name in picture.lanes.get(link, ())))
            for link in lines
        ),
        round(deepest) + TOP, max(len(place) * (WIDTH + COLUMN_GAP) - COLUMN_GAP, 0),
    )  # fmt: skip


def is_shown(item: Item) -> bool:
    """Whether an item is shown before anything is filtered: what is in force, and no sources."""
    return not item.background and item.in_force


def _column(number: int, scene: Scene, picture: Picture, lanes: Mapping[str, int], known: Ontology) -> Column:
    cells = [
        Cell(box) if (box := picture.boxes.get(name)) else Cell(None, lanes[name]) for name in picture.columns[number]
    ]
    hidden = (item for item in scene.items.values() if item.column == number and not is_shown(item))
    cells += [Cell(box_of(item), shown=False) for item in sorted(hidden, key=lambda i: (i.label.casefold(), i.id))]
    style, types = COLUMNS[number]
    present = {cell.box.item.type for cell in cells if cell.box}
    return Column(
        style, heading_of(number, present, known), tuple(cells), background=all(t in BACKGROUND for t in types)
    )


def _path(link: Link, picture: Picture, place: dict[int, int]) -> str:
    """Return the curve of a line from left to right through its lanes, as SVG writes it."""
    left, right = sorted((link.subject, link.object), key=lambda item: item.column)
    x0 = place[left.column] * (WIDTH + COLUMN_GAP)
    if left.column == right.column:
        a, b = picture.centre[link.subject.anchor], picture.centre[link.object.anchor]
        edge, out = x0 + WIDTH, min(COLUMN_GAP * 0.75, 18 + abs(a - b) * 0.06)
        return f"M{edge} {_n(a)}C{_n(edge + out)} {_n(a)} {_n(edge + out)} {_n(b)} {edge} {_n(b)}"
    x, y = float(x0 + WIDTH), picture.centre[left.anchor]
    path = f"M{_n(x)} {_n(y)}"
    stations = [
        (column, picture.centre[name])
        for column, name in enumerate(picture.lanes[link], left.column + 1)
        if column in place
    ]
    for column, below in [*stations, (right.column, picture.centre[right.anchor])]:
        to = place[column] * (WIDTH + COLUMN_GAP)
        middle = (x + to) / 2
        path += f"C{_n(middle)} {_n(y)} {_n(middle)} {_n(below)} {_n(to)} {_n(below)}"
        if column != right.column:
            path += f"H{_n(to + WIDTH)}"
        x, y = to + WIDTH, below
    return path


def _n(number: float) -> str:
    """A number of pixels, as short as can be."""
    return f"{number:.1f}".removesuffix(".0")
