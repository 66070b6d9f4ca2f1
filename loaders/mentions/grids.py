"""Sees how a table is laid out, and gives each as one with its headings on top.

Headings may stand in several rows, or down the first column: then each further column is an item ('turned'), and a
table of two columns is a card, or several cards that follow one another. Two tables may stand side by side.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...ontology.columns import load_roles, role_of
from ..formats.blocks import Block, Cell
from ..formats.headings import header_depth, labels_run_down
from ..formats.tokens import squeezed

#: Roles of columns that only say what sort of name they hold; the heading above says what for.
_SORTS = frozenset(("agency", "role", "person", "number"))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its headings on top."""

    headings: tuple[str, ...]  #: of each column, from the highest row down
    roles: dict[int, str]  #: of each column, as far as its heading tells
    lines: tuple[tuple[Cell, ...], ...]  #: the rows below; of a turned table, its items
    turned: bool = False  #: its headings stand down the first column
    cards: bool = False  #: each line is a card, whose cells stand one below the other


def grids(block: Block) -> tuple[Grid, ...]:
    """The tables of a table block; more than one where they stand side by side."""
    return tuple(_grid(lines) for lines in _side_by_side(block.rows)) if block.rows else ()


def body_cells(block: Block) -> Iterator[Cell]:
    """The cells of a table that hold words and are no headings."""
    if not block.has_header and not labels_run_down(_words(block.rows)):
        yield from (cell for line in block.rows for cell in line if cell.text)
        return
    found = (cell for grid in grids(block) for line in grid.lines for cell in line if cell.text)
    yield from sorted(dict.fromkeys(found), key=lambda cell: cell.start)


def _grid(lines: Sequence[tuple[Cell, ...]]) -> Grid:
    words = _words(lines)
    if labels_run_down(words):
        return _Turned(lines).grid()
    depth = header_depth(words)
    headings = _headings(words[:depth])
    repeated = words[:depth]
    body = tuple(line for line, said in zip(lines[depth:], words[depth:], strict=True) if said not in repeated)
    return Grid(tuple(" ".join(path) for path in headings), _roles(headings), body)


def _words(lines: Sequence[tuple[Cell, ...]]) -> list[list[str]]:
    return [[squeezed(cell.text) for cell in line] for line in lines]


# ------------------------------------------------------------------------------------------------- headings


def _headings(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The headings of each column, from the highest row down; a wide one counts for every column that it is above."""
    width = max(len(row) for row in rows)
    paths: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(rows):
        wide = ""
        for column in range(width):
            own = row[column] if column < len(row) else ""
            wide = own or wide
            below = any(column < len(lower) and lower[column] for lower in rows[number + 1 :])
            said = own or (wide if below and number < len(rows) - 1 else "")
            if said:
                paths[column].append(said)
    return paths


def _roles(headings: Sequence[Sequence[str]]) -> dict[int, str]:
    found = ((column, _role(path)) for column, path in enumerate(headings))
    return {column: role for column, role in found if role is not None}


def _role(path: Sequence[str]) -> str | None:
    """The role of a column by its lowest heading that tells one; 'Organisation' below 'Lead' is who leads."""
    known = [role for words in reversed(path) if (role := role_of(words)) is not None]
    named = next((role for role in known if load_roles()[role].predicate is not None), None)
    return (named if known[0] in _SORTS else None) or known[0] if known else role_of(" ".join(path))


# -------------------------------------------------------------------------------------------- side by side


def _side_by_side(lines: tuple[tuple[Cell, ...], ...]) -> list[tuple[tuple[Cell, ...], ...]]:
    """The parts of a table: where the same headings begin again, another table begins."""
    header = [squeezed(cell.text) for cell in lines[0]]
    again = [n for n, words in enumerate(header) if words and n and words == header[0]]
    edges = [0, *again, len(header)]
    names = [[words for words in header[left:right] if words] for left, right in itertools.pairwise(edges)]
    if not again or any(part != names[0] for part in names) or len(names[0]) < 2 or labels_run_down(_words(lines)):
        return [lines]
    edges[-1] = max(len(line) for line in lines)
    parts = ([line[left:right] for line in lines] for left, right in itertools.pairwise(edges))
    return [tuple(line for line in part if any(cell.text.strip() for cell in line)) for part in parts]


# ------------------------------------------------------------------------------------------------- turned


@dataclass(slots=True)
class _Card:
    """Labels with their values as they come, up to where a label comes again."""

    title: Cell | None = None  #: a line that has no label
    values: dict[tuple[str, int], tuple[Cell, ...]] = field(default_factory=dict)  #: by label, and how often it came

    def add(self, label: str, values: tuple[Cell, ...]) -> None:
        place = sum(1 for name, _ in self.values if name == label)
        self.values[label, place] = values


class _Turned:
    """A table whose labels stand down the first column, or down every other."""

    def __init__(self, lines: Sequence[tuple[Cell, ...]]) -> None:
        self._lines = lines
        self._pairs = _in_pairs(_words(lines))

    def grid(self) -> Grid:
        cards = list(self._cards())
        columns = list(dict.fromkeys(key for card in cards for key in card.values))
        titled = any(card.title for card in cards)
        names = [label for label, _ in columns]
        lines = [line for card in cards for line in _items(card, columns, titled=titled)]
        headings = (*names, "") if titled else tuple(names)
        roles = _roles([[name.rstrip(" :")] for name in names])
        if titled and not set(roles.values()) & {"title", "action", "priority"}:
            roles[len(names)] = "title"
        single = all(len(values) <= 1 for card in cards for values in card.values.values())
        return Grid(headings, roles, tuple(lines), turned=True, cards=single)

    def _cards(self) -> Iterator[_Card]:
        card, label = _Card(), ""
        for name, values in self._entries():
            words = squeezed(name.text) if name is not None else label
            if name is not None and not any(value.text.strip() for value in values) and role_of(words) is None:
                if card.values:
                    yield card
                    card = _Card()
                card.title, label = card.title or name, ""
                continue
            if name is not None and any(words == known for known, _ in card.values):
                yield card
                card = _Card()
            if words:
                card.add(words, values)
            label = words
        if card.values:
            yield card

    def _entries(self) -> Iterator[tuple[Cell | None, tuple[Cell, ...]]]:
        """Each label with its values; no label where the one above goes on."""
        for line in self._lines:
            step = 2 if self._pairs else max(2, len(line))
            for column in range(0, len(line), step):
                name = line[column]
                values = tuple(_with_merged(line[column + 1 : column + step]))
                if name.text.strip() or any(value.text.strip() for value in values):
                    yield (name if name.text.strip() else None), values


def _in_pairs(words: list[list[str]]) -> bool:
    """Whether labels stand in every other column: 'Lead | Head of Parks | Deadline | May'."""
    width = max(len(line) for line in words)
    if width < 4 or width % 2:
        return False
    second = [line[2] for line in words if len(line) > 2 and line[2]]
    return bool(second) and 2 * sum(role_of(label.rstrip(" :")) is not None for label in second) > len(second)


def _with_merged(values: tuple[Cell, ...]) -> Iterator[Cell]:
    """The values of a label; one that goes on over several items counts for each."""
    before: Cell | None = None
    for value in values:
        whole = value.part_of if value.part_of is not None and value.part_of == before else None
        yield whole or value
        before = whole or value


def _items(card: _Card, columns: list[tuple[str, int]], *, titled: bool) -> Iterator[tuple[Cell, ...]]:
    width = max((len(values) for values in card.values.values()), default=0)
    first = next(iter(card.values.values()))
    for number in range(width):
        at = first[number].start if number < len(first) else first[-1].end
        blank = Cell(at, at, "")
        line = [card.values[key][number] if number < len(card.values.get(key, ())) else blank for key in columns]
        if titled:
            line.append(card.title or blank)
        if any(cell.text.strip() for cell in line):
            yield tuple(line)
