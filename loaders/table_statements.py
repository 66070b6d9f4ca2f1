"""States what tables say: actions with their owners, priorities, groups with their chairs, answers of surveys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..ontology import slug
from .blocks import Block, Cell
from .mentions import Found, issues_of
from .tables import Row, columns, names_in, rows
from .tokens import squeezed

if TYPE_CHECKING:
    from .extract import Reading


class TableReader:
    """The work on one table of a document.

    Args:
        reading: the work on the document.
        index: of the table among its blocks.
        block: the table.

    """

    def __init__(self, reading: Reading, index: int, block: Block) -> None:
        self._r = reading
        self._b = reading.builder
        self._index = index
        self._block = block
        self._held = set(columns(block.rows[0]).values()) if block.rows else set()

    def state(self) -> None:
        """State what the rows say."""
        if len(self._block.rows) < 2:
            return
        opinion = self._held & {"count", "said"} and not self._held & {"lead", "action", "group", "chair"}
        for row in rows(self._block):
            if opinion:
                self._opinion(row)
            elif self._held & {"action", "title"} and self._held & {"lead", "support", "deadline", "status"}:
                self._action(row)
            elif "priority" in self._held:
                self._priority(row)
            elif "group" in self._held and self._held & {"chair", "lead", "issues", "priority"}:
                self._group(row)
            elif self._held >= {"agency", "role"} or self._held >= {"role"}:
                self._attendance(row)

    def _bodies(self, row: Row, column: str, predicate: str) -> list[tuple[Found, str]]:
        cell = row.cells.get(column)
        if cell is None or not cell.text.strip():
            return []
        named = [
            (self._r.body_of(name, predicate), aside) for name, aside in names_in(cell, self._r.is_body, self._r.is_post, self._r.is_one)
        ]
        return [(body, aside) for body, aside in named if body is not None]

    def _own(self, row: Row, target: Found, quote: Cell) -> None:
        for body, _ in self._bodies(row, "lead", "leads"):
            self._b.state(body, "leads", target, quote.start, quote.end, "lead-column")
        for body, aside in self._bodies(row, "support", "supports"):
            predicate = "leads" if aside in ("lead", "jointlead") else "supports"
            self._b.state(body, predicate, target, quote.start, quote.end, "partners-column")

    def _action(self, row: Row) -> None:
        cell = row.cells.get("title") or row.cells.get("action")
        if cell is None or not cell.text.strip():
            return
        name = squeezed(cell.text)
        found = Found("Action", slug(name), name, cell.start, cell.end, 2)
        details = {k: squeezed(row.cells[k].text) for k in ("number", "deadline", "status") if k in row.cells and row.cells[k].text.strip()}
        self._b.entity(found, number=details.get("number"), deadline=details.get("deadline"), status=details.get("status"))
        end = max(c.end for c in row.cells.values() if c.text.strip())
        quote = Cell(row.first.start, end, "")
        self._own(row, found, quote if self._r.read.format == "csv" else cell)
        self._r.address_by_name(found, "action-named-after-issue")
        priority = self._priority_of(row)
        target = priority or self._r.plan(None)
        self._b.entity(target, period=None if priority else self._r.context.period)
        self._b.state(
            found, "stands_in", target, cell.start, cell.end, "action-table", assumed="priority" in row.inherited or priority is None
        )
        if priority is not None:
            for body, _ in self._bodies(row, "group", "delivers"):
                if body.type == "Subgroup":
                    self._b.state(
                        body,
                        "delivers",
                        priority,
                        row.cells["group"].start,
                        row.cells["group"].end,
                        "group-column",
                        assumed="group" in row.inherited,
                    )

    def _priority_of(self, row: Row) -> Found | None:
        cell = row.cells.get("priority")
        if cell is None or not cell.text.strip():
            return None
        for priority, found in self._r.priorities:
            if priority.block == self._index and cell.start <= priority.start < cell.end:
                return found
        return next((m for m in self._r.in_text(cell) if m.type == "Priority"), None)

    def _priority(self, row: Row) -> None:
        target = self._priority_of(row)
        if target is None:
            return
        self._own(
            row,
            target,
            Cell(row.first.start, max(c.end for c in row.cells.values()), "") if self._r.read.format == "csv" else row.cells["priority"],
        )
        for body, _ in self._bodies(row, "group", "delivers"):
            predicate = "delivers" if body.type == "Subgroup" else "leads"
            self._b.state(body, predicate, target, row.cells["group"].start, row.cells["group"].end, "group-column")
        for column in ("issues", "action"):
            cell = row.cells.get(column)
            for mention in self._r.in_text(cell) if cell else ():
                for issue in issues_of(mention):
                    self._b.state(target, "addresses", issue, cell.start, cell.end, "issues-column")  # type: ignore[union-attr]  # no mention without a cell

    def _group(self, row: Row) -> None:
        for group, _ in self._bodies(row, "group", "delivers")[:1]:
            self._b.entity(group)
            for column, predicate in (("chair", "chairs"), ("lead", "leads"), ("support", "member_of")):
                for body, _ in self._bodies(row, column, predicate):
                    self._b.state(body, predicate, group, row.cells[column].start, row.cells[column].end, f"{column}-column")
            for column in ("issues", "priority"):
                cell = row.cells.get(column)
                for mention in self._r.in_text(cell) if cell else ():
                    for one in [mention] if mention.type == "Priority" else issues_of(mention):
                        self._b.state(group, "delivers", one, cell.start, cell.end, "group-table")  # type: ignore[union-attr]  # no mention without a cell

    def _attendance(self, row: Row) -> None:
        """Attending is not membership; but a row that says who took the chair says that."""
        for column in ("role", "agency"):
            cell = row.cells.get(column)
            match = re.search(r"(?:\(|,\s*)[Cc]hair\)?\s*$", cell.text) if cell else None
            if cell and match:
                body = self._r.body_of(Cell(cell.start, cell.start + match.start(), cell.text[: match.start()]), "chairs")
                if body is not None:
                    self._b.state(body, "chairs", self._r.board(), cell.start, cell.end, "chair-in-attendance", assumed=True)

    def _opinion(self, row: Row) -> None:
        """A table of answers: each row's issue is raised by those who answered."""
        scope = self._r.attribution.scope(self._index)
        if scope is None:
            return
        column = next((c for c in ("issues", "priority", "title", "action") if c in row.cells), None)
        cell = row.cells[column] if column else row.first
        agreed = "priority" in self._held and re.search(
            r"\b(?:agree|support|draft)", " ".join(c.text for c in self._block.rows[0]), re.IGNORECASE
        )
        for mention in self._r.in_text(cell):
            for issue in issues_of(mention):
                self._b.state(
                    scope.found,
                    "raises",
                    issue,
                    cell.start,
                    cell.end,
                    "survey-table",
                    assumed=True,
                    stance="support" if agreed else "concern",
                )
