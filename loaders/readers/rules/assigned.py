"""Reads what minutes give somebody to do: 'ACTION 3: Head of Housing to write to the landlords by 4 May'."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....ontology import slug
from ...claims import Claim, RelationClaim, Span
from ...formats.blocks import Block, Cell
from ...formats.tokens import sentences, squeezed
from .work import Work, named_issues, with_attributes

#: The label, who is to act, and what they are to do; 'to be invited' gives the one named nothing to do.
_GIVEN = re.compile(
    r"[\s*•]*\b(?:ACTION|Action)(?:\s+(?:[Pp]oint|POINT|[Nn]o\.?))?(?:\s+(?P<number>[A-Z]{0,3}\d[\w./]*))?\s*[:–—-]+[\s*]*"
    r"(?P<owner>[^\n.:;]{2,80}?)\s+to\s+(?P<task>(?!be\s)[a-z]\S*\s[^\n]{3,})",
)
#: What follows the task: how far it is, and by when it is due.
_STATUS = re.compile(r"\s+[–—-]+\s*(?P<status>[A-Za-z][A-Za-z ]{2,24})$")
_DEADLINE = re.compile(
    r"[,\s]+(?:by|before|no later than)\s+(?P<deadline>(?:the\s+)?[^,;]{0,25}?"
    r"(?:\d|\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|week|month|year|meeting|spring|summer|autumn|winter|Christmas|Easter)\b)[^,;]{0,15})$"
)
_MARKS = " *.;,"


def assigned_actions(work: Work, block: Block) -> Iterator[Claim]:
    """Yield the actions that a block gives to somebody: each with its owners, its deadline and the issues it names.

    One that is given to nobody who can be named, such as 'All', is left out.
    """
    for start, end in sentences(block.text):
        given = _GIVEN.match(block.text, start, end)
        if given is None:
            continue
        owner = Cell(block.start + given.start("owner"), block.start + given.end("owner"), given.group("owner"))
        owners = list(work.owners.in_cell(owner, "leads"))
        if not owners:
            continue
        found, details = _action(block, given)
        yield from with_attributes(found, number=given.group("number"), **details)
        yield from named_issues(work.page, found, "action-named-after-issue")
        for body, predicate in owners:
            yield RelationClaim(body, predicate, found, block.start + start, block.start + end, "assigned-action")


def _action(block: Block, given: re.Match[str]) -> tuple[Span, dict[str, str]]:
    """The action, and what is said of it behind its name."""
    name, details = given.group("task").rstrip(_MARKS), {}
    for role, pattern in (("status", _STATUS), ("deadline", _DEADLINE)):
        if said := pattern.search(name):
            details[role] = squeezed(said.group(role))
            name = name[: said.start()].rstrip(_MARKS)
    start = block.start + given.start("task")
    words = squeezed(name)
    return Span("Action", slug(words), words, start, start + len(name), 2), details
