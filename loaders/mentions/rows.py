"""Reads the rows of tables: each cell by what its column holds, blank cells by the row above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...ontology.columns import role_of
from ..formats.blocks import Block, Cell
from ..formats.tokens import squeezed


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells by what their columns hold."""

    cells: Mapping[str, tuple[Cell, ...]]
    inherited: frozenset[str]  #: roles whose cell is blank here and taken from a row above
    first: Cell  #: the first cell that holds something

    def of(self, *names: str) -> Cell | None:
        """The first cell with words in it, of the first of these roles that has one."""
        return next((c for name in names for c in self.cells.get(name, ()) if c.text.strip()), None)


def columns(header: tuple[Cell, ...]) -> dict[int, str]:
    """The role of each column, as far as its heading tells."""
    found = ((index, role_of(squeezed(cell.text))) for index, cell in enumerate(header))
    return {index: role for index, role in found if role is not None}


def rows(block: Block) -> Iterator[Row]:
    """The rows of a table below its header; a blank cell in a column that groups the rows inherits from above."""
    held = columns(block.rows[0])
    grouping = ("priority", "group") if "action" in held.values() else ("parent",)
    header = [squeezed(c.text) for c in block.rows[0]]
    above: dict[str, Cell] = {}
    for line in block.rows[1:]:
        if [squeezed(c.text) for c in line] == header or not any(c.text.strip() for c in line):
            continue  # a header that is repeated on the next page
        cells: dict[str, list[Cell]] = defaultdict(list)
        inherited = set()
        for index, role in held.items():
            cell = line[index] if index < len(line) else None
            if cell is None:
                continue
            if role in ("priority", "group", "parent"):
                if cell.text.strip():
                    above[role] = cell
                elif role in grouping and role in above:
                    cell = above[role]
                    inherited.add(role)
            cells[role].append(cell)
        kept = {role: tuple(found) for role, found in cells.items()}
        yield Row(kept, frozenset(inherited), next(c for c in line if c.text.strip()))
