"""Where the boxes of a picture stand: in columns, gaps on top, ordered so that lines cross little.

A line that passes over a column gets a lane through it. The same items give the same places in every process.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .columns import COLUMNS
from .scene import Item, Link
from .wording import first_up

# Pixels: of a box, of its text, between boxes, and of the lane that a line takes through a column.
WIDTH, COLUMN_GAP, ROW_GAP, LANE = 184, 57, 9, 7
LINE, TOP = 18, 12
PADDING, _TEXT_WIDTH = 8, 164
_MOST_LINES = 3
_SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Box:
    """An item as it is drawn."""

    item: Item
    lines: tuple[str, ...]  #: its label, cut to fit; all of it stands elsewhere on the page
    #: its class, where other classes stand in the same column, and whether it is of a plan not in force; else empty
    caption: str
    gap: str  #: what it says of its gaps; empty where there is none

    @property
    def height(self) -> int:
        """In pixels."""
        return 2 * PADDING + LINE * (len(self.lines) + bool(self.gap) + bool(self.caption))


@dataclass(slots=True)
class Picture:
    """What is drawn: boxes and lanes in their columns, from top to bottom."""

    boxes: dict[str, Box]  #: by the item's anchor
    columns: list[list[str]]  #: anchors of items, and names of lanes
    lanes: dict[Link, list[str]]  #: of the columns over which each line passes, from left to right
    centre: dict[str, float] = field(default_factory=dict)  #: how far down each box and lane is

    def height(self, name: str) -> int:
        """Return the height of a box or lane, in pixels."""
        return self.boxes[name].height if name in self.boxes else LANE


def picture_of(items: Iterable[Item], links: Iterable[Link]) -> Picture:
    """Place items in their columns: gaps on top, then by the mean height of the neighbours."""
    boxes = {item.anchor: box_of(item) for item in items}
    columns: list[list[str]] = [[] for _ in COLUMNS]
    for name in sorted(boxes, key=lambda n: (boxes[n].item.label.casefold(), boxes[n].item.id)):
        columns[boxes[name].item.column].append(name)
    picture = Picture(boxes, columns, {})
    beside: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    lanes = set[str]()
    for link in links:
        left, right = sorted((link.subject, link.object), key=lambda item: item.column)
        first, last = left.column, right.column
        between = [
            f"lane {column} {left.anchor}" for column in range(first + 1, last)
        ]  # lines from one box share theirs
        picture.lanes[link] = between
        for column, lane in enumerate(between, first + 1):
            if lane not in lanes:
                lanes.add(lane)
                columns[column].append(lane)
        if first != last:
            stations = [left.anchor, *between, right.anchor]
            for (column, a), b in zip(enumerate(stations[:-1], first), stations[1:], strict=True):
                beside[a][column + 1].add(b)
                beside[b][column].add(a)
    for column in range(len(columns)):
        _stack(picture, column)
    for sweep in range(_SWEEPS):
        _sweep(picture, beside, towards_right=sweep % 2 == 0)
    return picture


def box_of(item: Item) -> Box:
    """Return what the picture must know of an item."""
    more = len(item.flags) - 1
    gap = "" if not item.flags else item.flags[0].short + (f" + {more}" if more else "")
    main = item.type == COLUMNS[item.column][1][0]
    caption = ", ".join(filter(None, ("" if main else item.kind, "" if item.in_force else "not in force")))
    return Box(item, lines_of(item.label), first_up(caption), gap)


def _sweep(picture: Picture, beside: Mapping[str, Mapping[int, set[str]]], *, towards_right: bool) -> None:
    """Order every column by where its neighbours in the column before stand."""
    step = 1 if towards_right else -1
    for column in range(len(picture.columns))[::step]:

        def place(name: str, before: int = column - step) -> tuple[int, float]:
            others = sorted(picture.centre[n] for n in beside[name][before]) or [picture.centre[name]]
            box = picture.boxes.get(name)
            urgency = 2 if box is None or not box.gap else 0 if box.item.broken else 1
            return urgency, round(sum(others) / len(others), 3)

        picture.columns[column].sort(key=place)
        _stack(picture, column)


def _stack(picture: Picture, column: int) -> None:
    y = float(TOP)
    for name in picture.columns[column]:
        height = picture.height(name)
        picture.centre[name] = y + height / 2
        y += height + ROW_GAP


def lines_of(label: str) -> tuple[str, ...]:
    """Cut a label into lines that fit a box, at most three."""
    lines = [""]
    for word in label.split() or ["(no name)"]:
        while _pixels(word) > _TEXT_WIDTH:
            cut = next(n for n in range(len(word), 0, -1) if n == 1 or _pixels(word[:n]) <= _TEXT_WIDTH)
            lines[-1:] = [line for line in (lines[-1], word[:cut]) if line] + [""]
            word = word[cut:] or "…"
        joined = f"{lines[-1]} {word}".strip()
        if _pixels(joined) <= _TEXT_WIDTH:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES - 1 :] = [shortened(lines[_MOST_LINES - 1], _TEXT_WIDTH, more=True)]
    return tuple(lines)


def shortened(text: str, width: float, *, more: bool = False) -> str:
    """Cut a text to a width in pixels, with '…' where something is left out, or where `more` is elsewhere."""
    if _pixels(text) <= width and not more:
        return text
    while text and _pixels(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


#: How wide Arial, Helvetica and Liberation Sans set a character, in thousandths of the size of the type.
_WIDTHS = {
    c: width
    for width, characters in {
        191: "'", 222: "ijl‘’", 260: "|", 278: " !,./:;[]\\ftI", 333: "()-`r“”", 355: '"', 389: "*", 469: "^",
        500: "ckxyzsvJ",
        556: "0123456789abdeghnopquL$?#_–", 584: "+<=>~", 611: "FTZ", 667: "ABEKPSVXY&", 722: "CDHNRUw", 778: "GOQ",
        833: "mM", 889: "%", 944: "W", 1000: "—…", 1015: "@",
    }.items()
    for c in characters
}  # fmt: skip
#: The size of the type in pixels, with something over for how programs round.
_TYPE = 13 * 1.01


def _pixels(text: str) -> float:
    """Estimate the width of `text` in 13 pixel Arial."""
    return sum(map(_width, text)) * _TYPE / 1000


@lru_cache(maxsize=10_000)
def _width(c: str) -> int:
    plain = unicodedata.normalize("NFD", c)[0]
    return _WIDTHS.get(plain) or (1000 if unicodedata.east_asian_width(c) in "WF" else 722)
