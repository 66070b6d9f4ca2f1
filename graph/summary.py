"""What a store keeps for questions across all partnerships, so that they need not read every statement.

A partnership's summary is worked out by `queries.summaries`, from the same queries as the answers about that
partnership alone. The transaction that changes what its documents say takes the summary away: one that is there is
never out of date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IssueSummary:
    """The state of one issue in one partnership, under its newest plan."""

    issue: str  #: id
    state: str  #: of coverage: covered, partly, uncovered or not stated
    whole: bool  #: somebody leads or delivers a priority that covers it
    sources: Mapping[str, int]  #: how many sources raise it, by stance
    years: Mapping[
        int, int
    ]  #: how many times it is raised in the documents of a year; 0 stands for those without a date
