"""Reads the rows of tables: each cell by what its column holds, merged cells and blanks by the row above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..formats.blocks import Cell
from .grids import Grid

#: The roles of columns that group the rows of a table.
_GROUPING = ("priority", "group", "parent")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells by what their columns hold."""

    cells: Mapping[str, tuple[Cell, ...]]
    inherited: frozenset[str]  #: roles whose words stand in a row above
    guessed: frozenset[str]  #: those of them whose cell is only blank, and not part of a merged cell
    first: Cell  #: the first cell that holds something

    def of(self, *names: str) -> Cell | None:
        """The first cell with words in it, of the first of these roles that has one."""
        return next((c for name in names for c in self.cells.get(name, ()) if c.text.strip()), None)


def rows(grid: Grid) -> Iterator[Row]:
    """The rows of a table below its header.

    A merged cell counts for every row that it spans. A blank cell in a column that groups the rows inherits from above.
    """
    held = grid.roles
    grouping = ("priority", "group") if "action" in held.values() else ("parent",)
    above: dict[str, Cell] = {}
    last: dict[int, Cell] = {}
    for line in grid.lines:
        if not any(c.text.strip() for c in line):
            continue
        cells: dict[str, list[Cell]] = defaultdict(list)
        inherited, guessed = set(), set()
        for index, role in held.items():
            cell = line[index] if index < len(line) else None
            if cell is None:
                continue
            if cell.text.strip():
                last[index] = cell
                above[role] = cell
            elif cell.part_of is not None and cell.part_of == last.get(index):
                cell = cell.part_of
                inherited.add(role)
            elif role in _GROUPING and role in grouping and role in above:
                cell = above[role]
                inherited.add(role)
                guessed.add(role)
            cells[role].append(cell)
        kept = {role: tuple(found) for role, found in cells.items()}
        yield Row(kept, frozenset(inherited), frozenset(guessed), next(c for c in line if c.text.strip()))
