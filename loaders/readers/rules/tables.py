"""States what tables say: actions and their owners, priorities, groups, chairs, members, and survey answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ....ontology import slug
from ....ontology.columns import load_roles
from ...claims import Claim, EntityClaim, RelationClaim, Span
from ...formats.blocks import Block, Cell
from ...formats.tokens import squeezed
from ...mentions.finder import issues_of
from ...mentions.grids import Grid, grids
from ...mentions.people import CHAIR
from ...mentions.rows import Row, rows
from .fields import FieldReader, fields_of
from .records import facts_of
from .surveys import is_survey, survey_claims
from .work import Work, named_issues, plan_claims, with_attributes

#: What an action's row has besides its name.
_OF_ACTIONS = frozenset(("lead", "support", "deadline", "status", "update"))
#: What only a table of groups has.
_OF_GROUPS = frozenset(("chair", "parent", "members"))
#: What names the thing that a row is about. A card without it is about what stands above it.
_NAMED = frozenset(
    ("title", "item", "action", "answer", "outcome", "decision", "priority", "issues", "person", "agency")
)
#: What may name an action, the best first.
_ACTION_NAMES = ("title", "item", "action", "answer", "outcome", "decision")
#: The same where the item of an agenda is what was discussed, not what is to be done.
_DECISION_NAMES = ("title", "answer", "outcome", "decision", "item")
#: What a cell says in place of an action.
_NO_ACTION = re.compile(
    r"\s*(?:see\b|yes\b|no\b|none\b|n/?a\b|noted\b|agreed\W*$|approved\b|as above\b)", re.IGNORECASE
)
_DEPUTY = re.compile(r"\b(?:Vice|Deputy)\b")
_NUMERIC = re.compile(r"\d[\d,.]*\s*%?")
#: Words above a list that say whether it is of members, or of who was there.
_MEMBERS = re.compile(r"\bmember(?:s|ship)\b", re.IGNORECASE)
_PRESENT = re.compile(r"\b(?:attend\w*|present|apologies)\b", re.IGNORECASE)
_AGREEMENT = re.compile(r"\b(?:agree|disagree|support|oppose|draft)", re.IGNORECASE)


def table_claims(work: Work, index: int, block: Block) -> Iterator[Claim]:
    """What a table of a page says; `index` is its place among the blocks."""
    for grid in grids(block):
        if is_survey(grid):
            yield from survey_claims(work, index, grid)
        else:
            yield from _TableReader(work, index, block, grid).claims()


class _TableReader:
    """Reads one table of a page.

    Args:
        work: the page, and what answers questions about it.
        index: of the table among its blocks.
        block: the block that holds it.
        grid: the table.

    """

    def __init__(self, work: Work, index: int, block: Block, grid: Grid) -> None:
        self._work = work
        self._page = work.page
        self._index = index
        self._block = block
        self._grid = grid
        self._held = set(grid.roles.values())

    def claims(self) -> Iterator[Claim]:
        """What the rows say."""
        if "risk" in self._held:
            return  # who watches a risk leads nothing
        for row in rows(self._grid):
            yield from self._row(row)

    def _row(self, row: Row) -> Iterator[Claim]:
        held = self._held
        if self._grid.turned and not held & _NAMED:
            return self._below_name(row)
        if held & _OF_GROUPS and held & {"group", "person"}:
            return self._group(row)
        if held & {"said", "count"} and not held & {"lead", "action", "group"}:
            return self._opinion(row)
        if held & _OF_ACTIONS and (held & {"title", "action"} or held >= {"outcome", "lead"}):
            return self._action(row)
        if "priority" in held:
            return self._priority(row)
        if "group" in held:
            return self._group(row)
        if "lead" in held and held & {"answer", "decision", "item"} and ("issues" not in held or "answer" in held):
            return self._action(row)
        if "lead" in held and "issues" in held:
            return self._issue(row)
        return self._members(row) if held & {"agency", "role"} else iter(())

    def _below_name(self, row: Row) -> Iterator[Claim]:
        """A card below the name of what it is about: a priority, an action, or a group."""
        target = FieldReader(self._work).above(self._index, self._block)
        if target is not None and (target.type != "Subgroup" or self._held & _OF_GROUPS):
            yield from self._facts(row, target, row.first, "lead", "support", "group", "chair", "members", "parent")
        elif self._held & _OF_GROUPS and "group" in self._held:
            yield from self._group(row)
        elif self._held & {"deadline", "status"} and "lead" in self._held:
            yield from self._headed(row)

    def _headed(self, row: Row) -> Iterator[Claim]:
        """A card that says who does something by when is about the action that is the heading above it."""
        heading = self._page.blocks[self._index - 1] if self._index else None
        if heading is None or heading.kind != "heading":
            return
        yield from self._of_action(row, Cell(heading.start, heading.end, heading.text))

    def _mentions(self, cell: Cell | None) -> list[Span]:
        found = self._page.mentions[self._index]
        return [m for m in found if cell is not None and m.start >= cell.start and m.end <= cell.end]

    def _quote(self, row: Row, cell: Cell) -> Cell:
        """What proves a row's facts: the cell that names what it is about; in a CSV file the row, of a card all."""
        if self._page.read.format != "csv" and not self._grid.cards:
            return cell
        places = [c for cells in row.cells.values() for c in cells if c.text.strip()]
        own = [c for role, cells in row.cells.items() if role not in row.inherited for c in cells if c.text.strip()]
        start = min(c.start for c in own) if self._grid.cards else row.first.start
        return Cell(start, max(c.end for c in places), "")

    def _facts(self, row: Row, target: Span, about: Cell, *roles: str) -> Iterator[Claim]:
        cells = _by_label({role: found for role, found in row.cells.items() if role in roles})
        yield from facts_of(self._work, target, cells, "column", self._quote(row, about), row.guessed)

    # ------------------------------------------------------------------------------------ actions and priorities

    def _action(self, row: Row) -> Iterator[Claim]:
        cell = row.of(*(_ACTION_NAMES if "action" in self._held else _DECISION_NAMES))
        if cell is None or _NO_ACTION.match(cell.text):
            return
        yield from self._of_action(row, cell)

    def _of_action(self, row: Row, cell: Cell) -> Iterator[Claim]:
        """What a row says of the action that a cell names."""
        name = squeezed(cell.text)
        found = Span("Action", slug(name), name, cell.start, cell.end, 2)
        details = {role: row.of(role) for role in ("number", "deadline", "status")}
        yield from with_attributes(found, **{role: squeezed(c.text) for role, c in details.items() if c is not None})
        yield from self._facts(row, found, cell, "lead", "support", "issues")
        yield from named_issues(self._page, found, "action-named-after-issue")
        if any("recommendation" in heading.lower() for heading in self._grid.headings):
            yield from self._recommended(found, cell)
        yield from self._placed(row, found, cell)

    def _recommended(self, action: Span, cell: Cell) -> Iterator[Claim]:
        """A committee's recommendation is its request."""
        committee = self._work.attribution.committee
        if committee is None:
            return
        words = squeezed(cell.text)
        request = Span("Request", slug(words)[:70], words[:240], cell.start, cell.end, 1)
        ends = [(committee, "requests", request)]
        ends += [(request, "about", issue) for issue in self._page.issues_in_name(action)]
        for subject, predicate, object_ in ends:
            yield RelationClaim(subject, predicate, object_, cell.start, cell.end, "recommendation-table", assumed=True)

    def _placed(self, row: Row, action: Span, cell: Cell) -> Iterator[Claim]:
        """An action belongs to the priority of its row or of the chapter, else to the plan."""
        priority = self._priority_of(row) or self._band()
        target = priority or self._page.plan(None)
        yield from plan_claims(target, None if priority else self._page.context.period)
        assumed = "priority" in row.guessed or priority is None
        yield RelationClaim(action, "stands_in", target, cell.start, cell.end, "action-table", assumed=assumed)
        own = row.of("priority")
        if priority is not None and own is not None and "priority" not in row.inherited:
            yield from FieldReader(self._work).cell(own, priority)
            yield from self._facts(row, priority, own, "group")

    def _band(self) -> Span | None:
        """The priority whose rows these are, by the line above the table or the chapter."""
        above = next((found for priority, found in self._page.priorities if priority.block == self._index - 1), None)
        return above or self._page.headed_by(self._index)

    def _priority_of(self, row: Row) -> Span | None:
        cell = row.of("priority")
        if cell is None:
            return None
        for priority, found in self._page.priorities:
            if priority.block == self._index and cell.start <= priority.start < cell.end:
                return found
        return next((m for m in self._mentions(cell) if m.type == "Priority"), None)

    def _priority(self, row: Row) -> Iterator[Claim]:
        target, cell = self._priority_of(row), row.of("priority")
        if target is None or cell is None:
            return
        yield from FieldReader(self._work).cell(cell, target)
        yield from self._facts(row, target, cell, "lead", "support", "group", "issues")
        for mention in self._mentions(row.of("action")):
            for issue in issues_of(mention):
                yield RelationClaim(target, "addresses", issue, cell.start, cell.end, "issues-column")

    def _issue(self, row: Row) -> Iterator[Claim]:
        cell = row.of("issues")
        for mention in self._mentions(cell):
            for issue in issues_of(mention):
                if cell is not None:
                    yield from self._facts(row, issue, cell, "lead", "support")

    # -------------------------------------------------------------------------------------- groups and members

    def _group(self, row: Row) -> Iterator[Claim]:
        """A row about a group: its chair, lead, members and parent, and what it works on."""
        cell = row.of("group", "person")
        named = next(self._work.owners.in_cell(cell, "delivers"), None) if cell is not None else None
        if cell is None or named is None or named[0].type != "Subgroup":
            return
        group = named[0]
        yield EntityClaim(group)
        for role in ("chair", "lead", "support", "members", "role", "parent", "issues"):
            quote = next(iter(row.cells.get(role, ())), cell)
            if quote.text.strip():
                cells = {role: row.cells.get(role, ())}
                yield from facts_of(self._work, group, cells, "column", quote, row.guessed)
        priority = row.of("priority")
        for mention in self._mentions(priority):
            if mention.type == "Priority" and priority is not None:
                yield RelationClaim(group, "delivers", mention, priority.start, priority.end, "group-column")

    def _members(self, row: Row) -> Iterator[Claim]:
        """Attending is not membership; but a list of members is, and a row that says who took the chair says that."""
        board = self._page.body_above(self._index) or self._page.board()
        for column in ("role", "agency"):
            cell = row.of(column)
            if cell is None:
                continue
            chair = CHAIR.search(cell.text)
            named = Cell(cell.start, cell.start + chair.start(), cell.text[: chair.start()]) if chair else cell
            for found, _ in self._work.owners.in_cell(named, "member_of"):
                body = found
                if column == "role" and body.type == "Partner" and body.kind is None:
                    body = replace(body, type="Role", kind="role-lead")  # 'Secretary', in a column of posts
                if body.type == "Partner":
                    yield EntityClaim(body)
                if chair is not None and not _DEPUTY.search(chair.group()):
                    cue = "chair-in-attendance"
                    yield RelationClaim(body, "chairs", board, cell.start, cell.end, cue, assumed=True)
                if self._lists_members:
                    cue = "member-in-table"
                    yield RelationClaim(body, "member_of", board, cell.start, cell.end, cue, assumed=True)

    @property
    def _lists_members(self) -> bool:
        """Whether the words above call the table a list of members, and not of who was there."""
        above = [self._block.intro] if self._block.intro is not None else list(self._block.headings[-1:])
        words = " ".join(self._page.blocks[i].text for i in above)
        return _MEMBERS.search(words) is not None and _PRESENT.search(words) is None

    # ------------------------------------------------------------------------------------------------ opinions

    def _opinion(self, row: Row) -> Iterator[Claim]:
        """A table of answers: each row's issue is raised by those who answered."""
        scope = self._work.attribution.scope(self._index)
        cell = row.of("issues", "priority", "title", "said") or row.first
        if scope is None or self._asks_agreement or cell is None:
            return  # how many agreed is a figure; that most did is for a sentence to say
        for mention in self._mentions(cell):
            for issue in issues_of(mention):
                yield RelationClaim(
                    scope.found, "raises", issue, cell.start, cell.end, "survey-table", assumed=True, stance="concern"
                )

    @property
    def _asks_agreement(self) -> bool:
        words = " ".join(c.text for row in self._block.rows[:2] for c in row)
        return _AGREEMENT.search(words) is not None


def _by_label(cells: Mapping[str, tuple[Cell, ...]]) -> Mapping[str, list[Cell]]:
    """Cells by role, where labels inside a cell of names go before its column: 'Lead: Parks; Support: …'."""
    found: dict[str, list[Cell]] = defaultdict(list)
    for role, each in cells.items():
        for cell in each:
            fields = fields_of(cell) if load_roles()[role].names_bodies else []
            if not fields or fields[0].start > 0:
                found[role].append(cell)
            for field in fields if fields and fields[0].start == 0 else ():
                found[field.role].append(field.value)
    return found
