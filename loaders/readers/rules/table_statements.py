"""States what tables say: actions with their owners, priorities, groups with their chairs, answers of surveys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....ontology import slug
from ...claims import Claim, EntityClaim, RelationClaim, Span
from ...formats.blocks import Block, Cell
from ...formats.tables import Row, columns, names_in, rows
from ...formats.tokens import sentences, squeezed
from ...mentions.finder import issues_of
from ...mentions.people import CHAIR
from .lists import ListReader
from .sentences import read_sentences
from .work import Work, named_issues, plan_claims, with_attributes

#: The cue of what stands in a cell of 'you said'; it counts only where the document says nowhere else who raised it.
YOU_SAID = "you-said"
#: An answer that is none: 'not in this strategy', 'we decided against it'.
_REFUSED = re.compile(
    r"\b(?:not (?:in|part of) (?:this|the|our)|against it|outside|we (?:cannot|can't|have passed)|no plans?)\b",
    re.IGNORECASE,
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
_FORMERLY = re.compile(
    r",?\s+\(?(?:formerly|previously)(?: known as| called)?(?: the)?\s+(?P<old>[A-Z][^()]{2,60})\)?\s*$"
)
_NOW = re.compile(r"\s*\((?:now|now known as|now called|renamed)\s+(?:the\s+)?(?P<name>[A-Z][^()]{1,60})\)\s*$")
_BODY_COLUMNS = frozenset(("lead", "support", "group", "parent", "chair", "members", "agency"))
_HELPED = re.compile(r"\bwith (?:the )?(?:help|support|assistance|backing) (?:from|of)\s+(?:the\s+)?$")


class TableReader:
    """Reads one table of a page.

    Args:
        work: the page, and what answers questions about it.
        index: of the table among its blocks.
        block: the table.

    """

    def __init__(self, work: Work, index: int, block: Block) -> None:
        self._work = work
        self._page = work.page
        self._lists = ListReader(work)
        self._index = index
        self._block = block
        self._held = set(columns(block.rows[0]).values()) if block.rows else set()

    def claims(self) -> Iterator[Claim]:
        """What the rows say."""
        if len(self._block.rows) < 2:
            return
        held = self._held
        for row in rows(self._block):
            yield from self._renamings(row)
            if "answer" in held and "lead" not in held and len(row.cells) > 1:
                yield from self._answered(row)
            elif held & {"count", "said"} and not held & {"lead", "action", "group", "chair", "support"}:
                yield from self._opinion(row)
            elif (
                held & {"action", "title"}
                and held & {"lead", "support", "deadline", "status"}
                and not held & {"chair", "parent", "members"}
            ):
                yield from self._action(row)
            elif "priority" in held and not held & {"chair", "parent", "members"}:
                yield from self._priority(row)
            elif "group" in held and held & {"chair", "lead", "issues", "priority", "parent", "members"}:
                yield from self._group(row)
            elif held & {"agency", "role"}:
                yield from self._attendance(row)

    def _mentions(self, cell: Cell | None) -> list[Span]:
        return [
            m
            for m in self._page.mentions[self._index]
            if cell is not None and m.start >= cell.start and m.end <= cell.end
        ]

    def _bodies(self, row: Row, column: str, predicate: str) -> list[tuple[Span, str]]:
        """The bodies and posts that a cell names, each with what stands in brackets behind it."""
        cell = row.cells.get(column)
        if cell is None or not cell.text.strip():
            return []
        helper = _ASSISTING.search(cell.text)
        if helper is not None and predicate == "leads":
            cell = Cell(cell.start, cell.start + helper.start(), cell.text[: helper.start()])
        now = _NOW.search(cell.text)
        if now is not None:
            renamed = self._renamed(cell, now, predicate)
            return [(renamed[1], "")] if renamed else []
        named = [
            (self._work.owners.body_of(name, predicate), aside)
            for name, aside in names_in(
                cell, self._work.owners.is_body, self._work.owners.is_post, self._work.owners.is_one
            )
        ]
        return [(body, aside) for body, aside in named if body is not None]

    def _renamed(self, cell: Cell, now: re.Match[str], predicate: str) -> tuple[Span, Span] | None:
        """'Contextual Safeguarding Group (now VERG)': one body under two names, the old and the new, of which the new one counts."""
        old = self._work.owners.body_of(
            Cell(cell.start, cell.start + now.start(), cell.text[: now.start()].rstrip()), predicate
        )
        if old is None:
            return None
        name, start = now.group("name").strip(), cell.start + now.start("name")
        return old, Span(old.type, slug(name), name, start, start + len(name), 1, old.kind)

    def _renamings(self, row: Row) -> Iterator[Claim]:
        """What the cells that name bodies say of new names."""
        for column, cell in row.cells.items():
            now = _NOW.search(cell.text) if column in _BODY_COLUMNS else None
            renamed = (
                self._renamed(cell, now, "member_of" if column in ("members", "agency") else "leads") if now else None
            )
            if renamed is not None:
                yield RelationClaim(renamed[0], "renames", renamed[1], cell.start, cell.end, "now-in-brackets")

    def _owned(self, row: Row, target: Span, quote: Cell) -> Iterator[Claim]:
        """Who leads and who supports what a row is about."""
        lead = row.cells.get("lead")
        helper = _ASSISTING.search(lead.text) if lead is not None else None
        if lead is not None and helper is not None:
            group = next(name for name in ("who", "with", "by") if helper.group(name))
            at = lead.start + helper.start(group)
            body = self._work.owners.body_of(Cell(at, at + len(helper.group(group)), helper.group(group)), "supports")
            if body is not None:
                yield RelationClaim(body, "supports", target, quote.start, quote.end, "partners-column")
        leading = self._bodies(row, "lead", "leads")
        marked = any("lead" in aside for _, aside in leading)
        for body, aside in leading:
            predicate = "leads" if not marked or "lead" in aside else "supports"
            yield RelationClaim(body, predicate, target, quote.start, quote.end, "lead-column")
        for body, aside in self._bodies(row, "support", "supports"):
            predicate = "leads" if "lead" in aside else "supports"
            yield RelationClaim(body, predicate, target, quote.start, quote.end, "partners-column")

    def _action(self, row: Row) -> Iterator[Claim]:
        cell = row.cells.get("title") or row.cells.get("action")
        if cell is None or not cell.text.strip():
            return
        named, renamed = self._formerly(cell)
        yield from renamed
        name = squeezed(named.text)
        found = Span("Action", slug(name), name, named.start, named.end, 2)
        details = {
            k: squeezed(row.cells[k].text)
            for k in ("number", "deadline", "status")
            if k in row.cells and row.cells[k].text.strip()
        }
        yield from with_attributes(found, **details)
        end = max(c.end for c in row.cells.values() if c.text.strip())
        quote = Cell(row.first.start, end, "")
        yield from self._owned(row, found, quote if self._page.read.format == "csv" else cell)
        yield from named_issues(self._page, found, "action-named-after-issue")
        for column in ("update", "said", "status"):
            note = row.cells.get(column)
            if note is not None and len(note.text.split()) > 3:
                about = [*self._page.issues_in_name(found), found]
                yield from read_sentences(self._work, self._index, note, self._mentions(note), about)
        for mention in self._mentions(row.cells.get("issues")):
            for issue in issues_of(mention):
                yield RelationClaim(found, "addresses", issue, cell.start, cell.end, "issues-column")
        if any("recommendation" in c.text.lower() for c in self._block.rows[0]):
            yield from self._recommended(found, cell)
        priority = self._priority_of(row) or self._band()
        if priority is not None and "priority" in row.cells and "priority" not in row.inherited:
            yield from self._lists.cell_fields(row.cells["priority"], priority)
        target = priority or self._page.plan(None)
        yield from plan_claims(target, None if priority else self._page.context.period)
        yield RelationClaim(
            found,
            "stands_in",
            target,
            cell.start,
            cell.end,
            "action-table",
            assumed="priority" in row.inherited or priority is None,
        )
        if priority is not None:
            for body, _ in self._bodies(row, "group", "delivers"):
                if body.type == "Subgroup":
                    yield RelationClaim(
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
        for priority, found in self._page.priorities:
            if priority.block == self._index - 1:
                return found
        return self._page.headed_by(self._index)

    def _recommended(self, action: Span, cell: Cell) -> Iterator[Claim]:
        """A committee's recommendation is its request."""
        committee = self._work.attribution.committee
        if committee is not None:
            words = squeezed(cell.text)
            request = Span("Request", slug(words)[:70], words[:240], cell.start, cell.end, 1)
            yield RelationClaim(
                committee, "requests", request, cell.start, cell.end, "recommendation-table", assumed=True
            )
            for issue in self._page.issues_in_name(action):
                yield RelationClaim(
                    committee,
                    "raises",
                    issue,
                    cell.start,
                    cell.end,
                    "recommendation-table",
                    assumed=True,
                    stance="request",
                )
                yield RelationClaim(request, "about", issue, cell.start, cell.end, "recommendation-table", assumed=True)

    def _formerly(self, cell: Cell) -> tuple[Cell, list[Claim]]:
        """'ASB Case Review, formerly the Community Trigger': the new name, and that it replaces the old one."""
        match = _FORMERLY.search(cell.text)
        if match is None:
            return cell, []
        old, start = match.group("old").strip(" ."), cell.start + match.start("old")
        now = Cell(cell.start, cell.start + match.start(), cell.text[: match.start()])
        was = Span("Action", slug(old), old, start, start + len(old), 1)
        new = Span("Action", slug(now.text), squeezed(now.text), now.start, now.end, 2)
        return now, [RelationClaim(was, "renames", new, cell.start, cell.end, "formerly")]

    def _priority_of(self, row: Row) -> Span | None:
        cell = row.cells.get("priority")
        if cell is None or not cell.text.strip():
            return None
        for priority, found in self._page.priorities:
            if priority.block == self._index and cell.start <= priority.start < cell.end:
                return found
        return next((m for m in self._mentions(cell) if m.type == "Priority"), None)

    def _priority(self, row: Row) -> Iterator[Claim]:
        target = self._priority_of(row)
        if target is None:
            return
        yield from self._lists.cell_fields(row.cells["priority"], target)
        yield from self._owned(
            row,
            target,
            Cell(row.first.start, max(c.end for c in row.cells.values()), "")
            if self._page.read.format == "csv"
            else row.cells["priority"],
        )
        for body, _ in self._bodies(row, "group", "delivers"):
            predicate = "delivers" if body.type == "Subgroup" else "leads"
            yield RelationClaim(
                body, predicate, target, row.cells["group"].start, row.cells["group"].end, "group-column"
            )
        for column in ("issues", "action"):
            cell = row.cells.get(column)
            for mention in self._mentions(cell):
                for issue in issues_of(mention):
                    yield RelationClaim(target, "addresses", issue, cell.start, cell.end, "issues-column")  # type: ignore[union-attr]  # no mention without a cell

    def _group(self, row: Row) -> Iterator[Claim]:
        for group, _ in self._bodies(row, "group", "delivers")[:1]:
            yield EntityClaim(group)
            for parent, _ in self._bodies(row, "parent", "part_of")[:1]:
                yield RelationClaim(
                    group,
                    "part_of",
                    parent,
                    row.cells["group"].start,
                    row.cells["group"].end,
                    "parent-column",
                    assumed="parent" in row.inherited,
                )
            for column, predicate in (
                ("chair", "chairs"),
                ("lead", "leads"),
                ("support", "member_of"),
                ("members", "member_of"),
            ):
                for body, _ in self._bodies(row, column, predicate):
                    yield RelationClaim(
                        body, predicate, group, row.cells[column].start, row.cells[column].end, f"{column}-column"
                    )
            for column in ("issues", "priority"):
                cell = row.cells.get(column)
                for mention in self._mentions(cell):
                    for one in [mention] if mention.type == "Priority" else issues_of(mention):
                        yield RelationClaim(group, "delivers", one, cell.start, cell.end, "group-table")  # type: ignore[union-attr]  # no mention without a cell

    def _attendance(self, row: Row) -> Iterator[Claim]:
        """Attending is not membership; but a list of members is, and a row that says who took the chair says that."""
        agency = row.cells.get("agency")
        for column in ("role", "agency"):
            cell = row.cells.get(column)
            match = CHAIR.search(cell.text) if cell else None
            if cell and match and not re.search(r"\b(?:Vice|Deputy)\b", match.group()):
                body = self._work.owners.body_of(
                    Cell(cell.start, cell.start + match.start(), cell.text[: match.start()]), "chairs"
                )
                if body is not None:
                    yield RelationClaim(
                        body, "chairs", self._page.board(), cell.start, cell.end, "chair-in-attendance", assumed=True
                    )
        for body, _ in self._bodies(row, "agency", "member_of") if agency is not None else ():
            if body.type == "Partner":
                yield EntityClaim(body)
            if self._members and agency is not None:
                yield RelationClaim(
                    body, "member_of", self._page.board(), agency.start, agency.end, "member-in-table", assumed=True
                )

    @property
    def _members(self) -> bool:
        """Whether the words above call the table a list of members, and not of who was there."""
        above = [self._block.intro] if self._block.intro is not None else list(self._block.headings[-1:])
        words = " ".join(self._page.blocks[i].text for i in above)
        return bool(re.search(r"\bmember(?:s|ship)\b", words, re.IGNORECASE)) and not re.search(
            r"\b(?:attend\w*|present|apologies)\b", words, re.IGNORECASE
        )

    def _opinion(self, row: Row) -> Iterator[Claim]:
        """A table of answers: each row's issue is raised by those who answered, or its priority supported."""
        scope = self._work.attribution.scope(self._index)
        if scope is None:
            return
        column = next((c for c in ("issues", "priority", "title", "action") if c in row.cells), None)
        cell = row.cells[column] if column else row.first
        if self._asks_agreement:
            return  # how many agreed is a figure; that most did is for a sentence to say
        for mention in self._mentions(cell):
            for issue in issues_of(mention):
                yield RelationClaim(
                    scope.found, "raises", issue, cell.start, cell.end, "survey-table", assumed=True, stance="concern"
                )

    @property
    def _asks_agreement(self) -> bool:
        words = " ".join(c.text for row in self._block.rows[:2] for c in row)
        return bool(re.search(r"\b(?:agree|disagree|support|oppose|draft)", words, re.IGNORECASE))

    def _answered(self, row: Row) -> Iterator[Claim]:
        """'You said' beside 'Our answer': the issue is raised by those who answered, and what the answer names addresses it."""
        said = next((row.cells[c] for c in ("said", "issues", "title", "priority") if c in row.cells), row.first)
        answer = row.cells["answer"]
        issues = [issue for mention in self._mentions(said) for issue in issues_of(mention)]
        scope = self._work.attribution.scope(self._index)
        for issue in issues if said is not answer else ():
            if scope is not None:
                yield RelationClaim(
                    scope.found, "raises", issue, said.start, said.end, YOU_SAID, assumed=True, stance="concern"
                )
        mentions = self._mentions(answer)
        for start, end in sentences(answer.text):
            here = [m for m in mentions if answer.start + start <= m.start < answer.start + end]
            done = [m for m in here if m.type in ("Action", "Priority")]
            if not done and (scheme := self._unnamed(answer, start, end, here)) is not None:
                yield from self._helpers(answer, start, end, here, scheme)
                done = [scheme]
            for action in done[:1] if not _REFUSED.search(answer.text[start:end]) else ():
                for issue in issues:
                    yield RelationClaim(
                        action, "addresses", issue, answer.start + start, answer.start + end, "our-answer"
                    )
            mentions = sorted(
                (*(m for m in mentions if not any(m.start < d.end and m.end > d.start for d in done)), *done),
                key=lambda m: m.start,
            )
        yield from read_sentences(self._work, self._index, answer, mentions, issues)

    def _unnamed(self, answer: Cell, start: int, end: int, here: list[Span]) -> Span | None:
        """'There will be a campaign in the autumn': a scheme without a name."""
        match = _SCHEME.search(answer.text, start, end) or _CALLED.search(answer.text, start, end)
        at, to = (answer.start + match.start("name"), answer.start + match.end("name")) if match else (0, 0)
        if match is None or any(m.start < to and m.end > at and m.type not in ("Mask", "Issue") for m in here):
            return None
        name = squeezed(match.group("name"))
        return Span("Action", slug(name), name, at, to, 0)

    def _helpers(self, answer: Cell, start: int, end: int, here: list[Span], scheme: Span) -> Iterator[Claim]:
        """Those with whose help a scheme is carried out."""
        for helper in here:
            if helper.type in ("Partner", "Role") and _HELPED.search(answer.text[start : helper.start - answer.start]):
                yield RelationClaim(
                    helper, "supports", scheme, answer.start + start, answer.start + end, "with-support-from"
                )
