"""States what tables say: actions with their owners, priorities, groups with their chairs, answers of surveys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..ontology import slug
from .blocks import Block, Cell
from .claims import Span
from .mentions import issues_of
from .people import CHAIR
from .tables import Row, columns, names_in, rows
from .tokens import sentences, squeezed

if TYPE_CHECKING:
    from .extract import Reading

#: An answer that is none: 'not in this strategy', 'we decided against it'.
_REFUSED = re.compile(
    r"\b(?:not (?:in|part of) (?:this|the|our)|against it|outside|we (?:cannot|can't|have passed)|no plans?)\b", re.IGNORECASE
)
_SCHEME = re.compile(
    r"\b(?:[Aa]|[Aa]n)\s+(?P<name>(?:(?:new|joint|public|local|monthly|weekly|summer|autumn|winter|spring)\s+)?(?:[a-z-]+\s+){0,2}?"
    r"(?:campaign|scheme|project|pilot|operation|programme|initiative|fund|taskforce|task force))\b"
)
#: 'Safer Routes Home will relight the underpass': a scheme that is known by nothing but its capitals.
_CALLED = re.compile(
    r"(?<![a-z,] )(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|of|the|for|on|to|it)){1,4})(?= (?:will|would|is|has|had|have|already|goes|starts|began)\b)"
)
_ASSISTING = re.compile(
    r"\s*\((?P<who>[A-Z][^()]{2,60}?) (?:assisting|supporting|to assist|to support|in support|helping)\)\s*$"
    r"|\s*\((?:with|supported by|helped by|assisted by)\s+(?:the\s+)?(?P<with>[^()]{2,60})\)\s*$"
    r"|,?\s+(?:supported by|helped by|assisted by|with (?:support|help) from)\s+(?:the\s+)?(?P<by>[^()]{2,60})$"
)
_FORMERLY = re.compile(r",?\s+\(?(?:formerly|previously)(?: known as| called)?(?: the)?\s+(?P<old>[A-Z][^()]{2,60})\)?\s*$")
_NOW = re.compile(r"\s*\((?:now|now known as|now called|renamed)\s+(?:the\s+)?(?P<name>[A-Z][^()]{1,60})\)\s*$")
_HELPED = re.compile(r"\bwith (?:the )?(?:help|support|assistance|backing) (?:from|of)\s+(?:the\s+)?$")


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
        held = self._held
        for row in rows(self._block):
            if "answer" in held and "lead" not in held and len(row.cells) > 1:
                self._answered(row)
            elif held & {"count", "said"} and not held & {"lead", "action", "group", "chair", "support"}:
                self._opinion(row)
            elif (
                held & {"action", "title"}
                and held & {"lead", "support", "deadline", "status"}
                and not held & {"chair", "parent", "members"}
            ):
                self._action(row)
            elif "priority" in held and not held & {"chair", "parent", "members"}:
                self._priority(row)
            elif "group" in held and held & {"chair", "lead", "issues", "priority", "parent", "members"}:
                self._group(row)
            elif held & {"agency", "role"}:
                self._attendance(row)

    def _mentions(self, cell: Cell | None) -> list[Span]:
        return [m for m in self._r.mentions[self._index] if cell is not None and m.start >= cell.start and m.end <= cell.end]

    def _bodies(self, row: Row, column: str, predicate: str) -> list[tuple[Span, str]]:
        cell = row.cells.get(column)
        if cell is None or not cell.text.strip():
            return []
        helper = _ASSISTING.search(cell.text)
        if helper is not None and predicate == "leads":
            cell = Cell(cell.start, cell.start + helper.start(), cell.text[: helper.start()])
        now = _NOW.search(cell.text)
        if now is not None:
            return self._renamed(cell, now, predicate)
        named = [
            (self._r.owners.body_of(name, predicate), aside)
            for name, aside in names_in(cell, self._r.owners.is_body, self._r.owners.is_post, self._r.owners.is_one)
        ]
        return [(body, aside) for body, aside in named if body is not None]

    def _renamed(self, cell: Cell, now: re.Match[str], predicate: str) -> list[tuple[Span, str]]:
        """'Contextual Safeguarding Group (now VERG)': one body under two names, of which the new one counts."""
        old = self._r.owners.body_of(Cell(cell.start, cell.start + now.start(), cell.text[: now.start()].rstrip()), predicate)
        if old is None:
            return []
        name, start = now.group("name").strip(), cell.start + now.start("name")
        new = Span(old.type, slug(name), name, start, start + len(name), 1, old.kind)
        self._b.state(old, "renames", new, cell.start, cell.end, "now-in-brackets")
        return [(new, "")]

    def _own(self, row: Row, target: Span, quote: Cell) -> None:
        lead = row.cells.get("lead")
        helper = _ASSISTING.search(lead.text) if lead is not None else None
        if lead is not None and helper is not None:
            group = next(name for name in ("who", "with", "by") if helper.group(name))
            at = lead.start + helper.start(group)
            body = self._r.owners.body_of(Cell(at, at + len(helper.group(group)), helper.group(group)), "supports")
            if body is not None:
                self._b.state(body, "supports", target, quote.start, quote.end, "partners-column")
        leading = self._bodies(row, "lead", "leads")
        marked = any("lead" in aside for _, aside in leading)
        for body, aside in leading:
            predicate = "leads" if not marked or "lead" in aside else "supports"
            self._b.state(body, predicate, target, quote.start, quote.end, "lead-column")
        for body, aside in self._bodies(row, "support", "supports"):
            predicate = "leads" if "lead" in aside else "supports"
            self._b.state(body, predicate, target, quote.start, quote.end, "partners-column")

    def _action(self, row: Row) -> None:
        cell = row.cells.get("title") or row.cells.get("action")
        if cell is None or not cell.text.strip():
            return
        named = self._formerly(cell)
        name = squeezed(named.text)
        found = Span("Action", slug(name), name, named.start, named.end, 2)
        details = {k: squeezed(row.cells[k].text) for k in ("number", "deadline", "status") if k in row.cells and row.cells[k].text.strip()}
        self._b.entity(found, number=details.get("number"), deadline=details.get("deadline"), status=details.get("status"))
        end = max(c.end for c in row.cells.values() if c.text.strip())
        quote = Cell(row.first.start, end, "")
        self._own(row, found, quote if self._r.read.format == "csv" else cell)
        self._r.address_by_name(found, "action-named-after-issue")
        for column in ("update", "said", "status"):
            note = row.cells.get(column)
            if note is not None and len(note.text.split()) > 3:
                self._r.read_sentences(self._index, note, self._mentions(note), [*self._r.issues_in_name(found), found], explicit=True)
        for mention in self._mentions(row.cells.get("issues")):
            for issue in issues_of(mention):
                self._b.state(found, "addresses", issue, cell.start, cell.end, "issues-column")
        if any("recommendation" in c.text.lower() for c in self._block.rows[0]):
            self._recommended(found, cell)
        priority = self._priority_of(row) or self._band()
        if priority is not None and "priority" in row.cells and "priority" not in row.inherited:
            self._r.lists.cell_fields(row.cells["priority"], priority)
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

    def _band(self) -> Span | None:
        """The priority whose rows these are, by the line above the table or the chapter."""
        for priority, found in self._r.priorities:
            if priority.block == self._index - 1:
                return found
        return self._r.headed_by(self._index)

    def _recommended(self, action: Span, cell: Cell) -> None:
        """A committee's recommendation is its request."""
        committee = self._r.attribution.committee
        if committee is not None:
            words = squeezed(cell.text)
            request = Span("Request", slug(words)[:70], words[:240], cell.start, cell.end, 1)
            self._b.state(committee, "requests", request, cell.start, cell.end, "recommendation-table", assumed=True)
            for issue in self._r.issues_in_name(action):
                self._b.state(committee, "raises", issue, cell.start, cell.end, "recommendation-table", assumed=True, stance="request")
                self._b.state(request, "about", issue, cell.start, cell.end, "recommendation-table", assumed=True)

    def _formerly(self, cell: Cell) -> Cell:
        """'ASB Case Review, formerly the Community Trigger': the new name, and that it replaces the old one."""
        match = _FORMERLY.search(cell.text)
        if match is None:
            return cell
        old, start = match.group("old").strip(" ."), cell.start + match.start("old")
        now = Cell(cell.start, cell.start + match.start(), cell.text[: match.start()])
        was = Span("Action", slug(old), old, start, start + len(old), 1)
        self._b.state(
            was, "renames", Span("Action", slug(now.text), squeezed(now.text), now.start, now.end, 2), cell.start, cell.end, "formerly"
        )
        return now

    def _priority_of(self, row: Row) -> Span | None:
        cell = row.cells.get("priority")
        if cell is None or not cell.text.strip():
            return None
        for priority, found in self._r.priorities:
            if priority.block == self._index and cell.start <= priority.start < cell.end:
                return found
        return next((m for m in self._mentions(cell) if m.type == "Priority"), None)

    def _priority(self, row: Row) -> None:
        target = self._priority_of(row)
        if target is None:
            return
        self._r.lists.cell_fields(row.cells["priority"], target)
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
            for mention in self._mentions(cell):
                for issue in issues_of(mention):
                    self._b.state(target, "addresses", issue, cell.start, cell.end, "issues-column")  # type: ignore[union-attr]  # no mention without a cell

    def _group(self, row: Row) -> None:
        for group, _ in self._bodies(row, "group", "delivers")[:1]:
            self._b.entity(group)
            for parent, _ in self._bodies(row, "parent", "part_of")[:1]:
                self._b.state(
                    group,
                    "part_of",
                    parent,
                    row.cells["group"].start,
                    row.cells["group"].end,
                    "parent-column",
                    assumed="parent" in row.inherited,
                )
            for column, predicate in (("chair", "chairs"), ("lead", "leads"), ("support", "member_of"), ("members", "member_of")):
                for body, _ in self._bodies(row, column, predicate):
                    self._b.state(body, predicate, group, row.cells[column].start, row.cells[column].end, f"{column}-column")
            for column in ("issues", "priority"):
                cell = row.cells.get(column)
                for mention in self._mentions(cell):
                    for one in [mention] if mention.type == "Priority" else issues_of(mention):
                        self._b.state(group, "delivers", one, cell.start, cell.end, "group-table")  # type: ignore[union-attr]  # no mention without a cell

    def _attendance(self, row: Row) -> None:
        """Attending is not membership; but a list of members is, and a row that says who took the chair says that."""
        agency = row.cells.get("agency")
        for column in ("role", "agency"):
            cell = row.cells.get(column)
            match = CHAIR.search(cell.text) if cell else None
            if cell and match and not re.search(r"\b(?:Vice|Deputy)\b", match.group()):
                body = self._r.owners.body_of(Cell(cell.start, cell.start + match.start(), cell.text[: match.start()]), "chairs")
                if body is not None:
                    self._b.state(body, "chairs", self._r.board(), cell.start, cell.end, "chair-in-attendance", assumed=True)
        for body, _ in self._bodies(row, "agency", "member_of") if agency is not None else ():
            if body.type == "Partner":
                self._b.entity(body)
            if self._members and agency is not None:
                self._b.state(body, "member_of", self._r.board(), agency.start, agency.end, "member-in-table", assumed=True)

    @property
    def _members(self) -> bool:
        """Whether the words above call the table a list of members, and not of who was there."""
        above = [self._block.intro] if self._block.intro is not None else list(self._block.headings[-1:])
        words = " ".join(self._r.read.blocks[i].text for i in above)
        return bool(re.search(r"\bmember(?:s|ship)\b", words, re.IGNORECASE)) and not re.search(
            r"\b(?:attend\w*|present|apologies)\b", words, re.IGNORECASE
        )

    def _opinion(self, row: Row) -> None:
        """A table of answers: each row's issue is raised by those who answered, or its priority supported."""
        scope = self._r.attribution.scope(self._index)
        if scope is None:
            return
        column = next((c for c in ("issues", "priority", "title", "action") if c in row.cells), None)
        cell = row.cells[column] if column else row.first
        if self._asks_agreement:
            return  # how many agreed is a figure; that most did is for a sentence to say
        for mention in self._mentions(cell):
            for issue in issues_of(mention):
                self._b.state(scope.found, "raises", issue, cell.start, cell.end, "survey-table", assumed=True, stance="concern")

    @property
    def _asks_agreement(self) -> bool:
        words = " ".join(c.text for row in self._block.rows[:2] for c in row)
        return bool(re.search(r"\b(?:agree|disagree|support|oppose|draft)", words, re.IGNORECASE))

    def _answered(self, row: Row) -> None:
        """'You said' beside 'Our answer': the issue is raised by those who answered, and what the answer names addresses it."""
        said = next((row.cells[c] for c in ("said", "issues", "title", "priority") if c in row.cells), row.first)
        answer = row.cells["answer"]
        issues = [issue for mention in self._mentions(said) for issue in issues_of(mention)]
        scope = self._r.attribution.scope(self._index)
        for issue in issues if scope is not None and said is not answer else ():
            self._r.feedback.you_said(scope, issue, said)  # type: ignore[arg-type]  # none without a scope
        mentions = self._mentions(answer)
        for start, end in sentences(answer.text):
            here = [m for m in mentions if answer.start + start <= m.start < answer.start + end]
            done = [m for m in here if m.type in ("Action", "Priority")] or self._unnamed(answer, start, end, here)
            for action in done[:1] if not _REFUSED.search(answer.text[start:end]) else ():
                for issue in issues:
                    self._b.state(action, "addresses", issue, answer.start + start, answer.start + end, "our-answer")
            mentions = sorted(
                (*(m for m in mentions if not any(m.start < d.end and m.end > d.start for d in done)), *done), key=lambda m: m.start
            )
        self._r.read_sentences(self._index, answer, mentions, issues, explicit=True)

    def _unnamed(self, answer: Cell, start: int, end: int, here: list[Span]) -> list[Span]:
        """'There will be a campaign in the autumn': a scheme without a name."""
        match = _SCHEME.search(answer.text, start, end) or _CALLED.search(answer.text, start, end)
        at, to = (answer.start + match.start("name"), answer.start + match.end("name")) if match else (0, 0)
        if match is None or any(m.start < to and m.end > at and m.type not in ("Mask", "Issue") for m in here):
            return []
        name = squeezed(match.group("name"))
        scheme = Span("Action", slug(name), name, at, to, 0)
        for helper in here:
            if helper.type in ("Partner", "Role") and _HELPED.search(answer.text[start : helper.start - answer.start]):
                self._b.state(helper, "supports", scheme, answer.start + start, answer.start + end, "with-support-from")
        return [scheme]
