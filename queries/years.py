"""How often each issue is raised, year by year: in one partnership, or across all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..graph import Store
from ..ontology import Ontology
from .facts import Thing
from .summaries import raised_by_year, summed_up
from .wording import counted

#: Stands for the year of documents without a date.
UNDATED = 0


@dataclass(frozen=True, slots=True)
class IssueYears:
    """How many times an issue is raised in the documents of each year."""

    issue: Thing
    times: tuple[tuple[int, int], ...]  #: (year, times), in order; `UNDATED` first where there are such

    @property
    def all(self) -> int:
        """How many times in all."""
        return sum(times for _, times in self.times)


@dataclass(frozen=True, slots=True)
class YearReport:
    """How often the issues are raised."""

    finding: str
    years: tuple[int, ...]  #: every year of which a document raises something; no `UNDATED`
    undated: bool  #: whether documents without a date raise something
    issues: tuple[IssueYears, ...]  #: the most often raised first


def issues_by_year(store: Store, ontology: Ontology, partnership: str | None) -> YearReport:
    """Return how many times documents raise each issue, by the year of their dates, in any stance.

    Args:
        store: where to look.
        ontology: what the numbers in the store mean.
        partnership: id; None for all.

    """
    if partnership is None:
        due, (rows,) = summed_up(store, ("summary_years",))
    else:
        due, rows = [partnership], []
    labels: dict[str, str] = {}
    times: dict[str, Counter[int]] = {}
    for issue, label, year, count in (*rows, *(row for key in due for row in raised_by_year(store, ontology, key))):
        labels[issue] = label
        times.setdefault(issue, Counter())[year] += count
    issues = [
        IssueYears(Thing(issue, "Issue", labels[issue]), tuple(sorted(by_year.items())))
        for issue, by_year in times.items()
    ]
    issues.sort(key=lambda i: (-i.all, i.issue.label, i.issue.id))
    years = sorted({year for by_year in times.values() for year in by_year})
    return YearReport(
        _finding(issues), tuple(year for year in years if year != UNDATED), UNDATED in years, tuple(issues)
    )


def _finding(issues: Sequence[IssueYears]) -> str:
    if not issues:
        return "No issue was found in these documents that anybody raises."
    most, *others = issues
    also = sum(issue.all == most.all for issue in others)
    often = counted(most.all, "time", "times")
    several = f'"{most.issue.label}" and {counted(also, "other", "others")} are raised most often: {often} each'
    text = several if also else f'"{most.issue.label}" is raised most often: {often}{_when(most)}'
    undated = sum(dict(issue.times).get(UNDATED, 0) for issue in issues)
    if undated:
        text += (
            f". Of all {sum(issue.all for issue in issues):,} times, "
            f"{undated:,} {'stands' if undated == 1 else 'stand'} in documents without a date"
        )
    return text + "."


def _when(issue: IssueYears) -> str:
    """The year in which an issue is raised most, in words; empty when its documents have no date."""
    dated = [(times, year) for year, times in issue.times if year != UNDATED]
    if not dated:
        return ""
    times, year = max(dated)
    return f", in {year}" if times == issue.all else f", {times:,} of them in {year}"
