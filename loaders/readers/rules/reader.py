"""Reads a page by rules: its priorities, what its names say, its lists, fields, sentences and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...claims import Claim, EntityClaim, RelationClaim, Span
from ...formats.blocks import Block, Cell
from ...formats.tokens import squeezed
from ...mentions.priorities import PriorityFound
from ...page import Page
from .assigned import assigned_actions
from .attribution import Speaker
from .cues import Cue
from .fields import FieldReader
from .lists import ListReader
from .owners import owner_cells
from .sentences import read_passage
from .tables import table_claims
from .work import Work, named_issues, plan_claims, start_work, with_attributes

#: What follows the name of a group that no longer exists.
_ENDED = re.compile(
    r"[^.;\n]{0,40}?\b(?:stood down|disbanded|dissolved|wound up|abolished|discontinued|disestablished"
    r"|(?:has|have|had) (?:gone|ended|ceased|closed|been closed)|no longer (?:meets?|exists?|sits?)"
    r"|ceased to (?:meet|exist)|came to an end)\b",
    re.IGNORECASE,
)
#: What comes before the name of a group if only its papers are meant.
_PAPERS = re.compile(
    r"\b(?:terms of reference|minutes|papers|notes|apologies|membership|dates?|(?:annual |update )?reports?|updates?"
    r"|action plan|work programme|presentation)\b"
    r"[^.⟦⟧]{0,20}\b(?:of|from|for) (?:the )?$",
    re.IGNORECASE,
)
_CHROME = re.compile(
    r"(?:Venue|Contact|Tags|Page Last Updated|Download|Supporting documents|Published|Email|Telephone|Meeting)\b"
    r"[^.]{0,30}:"
)


class RuleReader:
    """Reads by rules.

    Args:
        cues: the wordings that state relations.

    """

    name = "rules"

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = cues

    def read(self, page: Page) -> Iterator[Claim]:
        """Yield what the rules claim of a page."""
        return _claims(start_work(page, self._cues))


def _claims(work: Work) -> Iterator[Claim]:
    page = work.page
    for priority, found in page.priorities:
        yield from _priority(page, priority, found)
    yield from _named(page)
    before: Speaker | None = None  # who reports in the paragraph before
    lists, fields = ListReader(work), FieldReader(work)
    for index, block in enumerate(page.blocks):
        if index in page.reference:
            continue
        if block.kind == "table":
            yield from table_claims(work, index, block)
            continue
        yield from assigned_actions(work, block)
        if block.kind == "heading":
            yield from fields.block(index, block)
        elif not _is_chrome(block):
            yield from fields.block(index, block)
            labelled = fields.item(index, block) if block.kind == "item" else []
            yield from labelled or lists.item(index, block)
            said, before = read_passage(
                work, index, Cell(block.start, block.end, block.text), page.mentions[index], before
            )
            yield from said


def _priority(page: Page, priority: PriorityFound, found: Span) -> Iterator[Claim]:
    """A priority belongs to its plan, and addresses the issues in its name."""
    yield from with_attributes(found, number=priority.number)
    plan = page.plan(priority.period)
    yield from plan_claims(plan, priority.period or page.context.period)
    yield RelationClaim(found, "stands_in", plan, found.start, found.end, priority.cue, assumed=True)
    yield from named_issues(page, found, priority.cue)


def _named(page: Page) -> Iterator[Claim]:
    """Issues, partners and groups are entities wherever they are named.

    Speakers and posts are entities only where they take part in something.
    """
    for index, found in enumerate(page.mentions):
        block = page.blocks[index]
        if _is_chrome(block) or index in page.reference:
            continue
        owners = owner_cells(block)
        for mention in found:
            if block.kind == "heading" and _is_sector(page, mention):
                continue  # 'Faith groups' above what they said: a chapter's name
            if mention.type == "Partner" and any(f.start <= mention.start < f.end for _, f in page.priorities):
                continue  # a body only by the look of a priority's name, such as 'Safer Homes'
            if mention.type in ("Issue", "Subgroup", "Partnership") or (
                mention.type == "Partner" and mention.start not in owners and not _nobody_in_particular(page, mention)
            ):
                yield EntityClaim(mention)
            yield from _issues_inside(block, mention)


def _issues_inside(block: Block, mention: Span) -> Iterator[Claim]:
    """The issues in a name: a group that exists delivers them, and an action addresses them."""
    for issue in mention.inside:
        yield EntityClaim(issue)
        at, to = mention.start - block.start, mention.end - block.start
        spoken_of = _ENDED.match(block.text, to) or _PAPERS.search(block.text, max(0, at - 60), at)
        if mention.type == "Subgroup" and not spoken_of:
            yield RelationClaim(mention, "delivers", issue, mention.start, mention.end, "group-named-after-issue")
        elif mention.type == "Action":
            yield RelationClaim(mention, "addresses", issue, mention.start, mention.end, "action-named-after-issue")


def _nobody_in_particular(page: Page, partner: Span) -> bool:
    """Whether a partner is one of many and has no name, such as 'schools' or 'a hospital'.

    It counts only where it takes part in something.
    """
    kind = page.ontology.kinds.get(partner.kind or "")
    common = partner.label.islower() or (partner.label[1:].islower() and page.finder.is_wording(partner.label))
    return kind is not None and kind.name_as_written and common


def _is_sector(page: Page, mention: Span) -> bool:
    """Whether a mention is a common name for many, such as 'Faith groups' or 'Businesses'."""
    kind = page.ontology.kinds.get(mention.kind or "")
    return (
        mention.type == "Partner"
        and kind is not None
        and kind.name_as_written
        and page.finder.is_wording(mention.label)
    )


def _is_chrome(block: Block) -> bool:
    return _CHROME.match(squeezed(block.text)) is not None
