"""What the rules share while they read one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...claims import AttributeClaim, Claim, EntityClaim, RelationClaim, Span
from ...page import Page
from .antecedents import Antecedents
from .attribution import Attribution
from .cues import Cue
from .owners import OwnerNames


@dataclass(frozen=True, slots=True)
class Work:
    """A page, and what answers questions about it."""

    page: Page
    cues: Sequence[Cue]
    attribution: Attribution  #: who speaks
    owners: OwnerNames  #: what names in cells and fields refer to
    antecedents: Antecedents  #: what 'it' and 'the group' refer to


def start_work(page: Page, cues: Sequence[Cue]) -> Work:
    """Get ready to read a page."""
    return Work(
        page,
        cues,
        Attribution(page.read, page.context, page.mentions, page.ontology),
        OwnerNames(page.finder, page.context, page.names),
        Antecedents(page),
    )


def named_issues(page: Page, found: Span, cue: str) -> list[RelationClaim]:
    """A priority or action addresses the issues that its own name names."""
    return [
        RelationClaim(found, "addresses", issue, found.start, found.end, cue) for issue in page.issues_in_name(found)
    ]


def with_attributes(found: Span, **attributes: str | None) -> Iterator[Claim]:
    """An entity with those of its attributes that are known."""
    yield EntityClaim(found)
    for name, value in attributes.items():
        if value:
            yield AttributeClaim(found, name, value)


def plan_claims(plan: Span, period: tuple[int, int] | None) -> Iterator[Claim]:
    """A plan with its period, where that is known."""
    return with_attributes(plan, period=f"{period[0]}-{period[1]}" if period else None)
