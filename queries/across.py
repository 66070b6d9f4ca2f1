"""Coverage across partnerships: in how many of them each issue is covered, and how often it is raised."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..graph import Store
from ..graph.model import NOT_STATED
from ..ontology import Ontology
from .coverage import STATES, Coverage, Covered, coverage, coverages
from .facts import Thing
from .summaries import summed_up
from .wording import counted, listed


@dataclass(frozen=True, slots=True)
class IssueAcross:
    """In how many partnerships an issue is in each state."""

    issue: Thing
    states: tuple[tuple[Covered, int], ...]
    raised: tuple[tuple[str, int], ...]  #: (stance, how many sources)
    whole: int  #: in how many its thread is whole


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """The coverage of one partnership, or of several beside one another."""

    finding: str
    partnerships: tuple[Coverage, ...]  #: one by one; empty for several when they were not asked for
    across: tuple[IssueAcross, ...] = ()  #: when there are several


def coverage_of(
    store: Store, ontology: Ontology, partnership: str | None, on: str | None = None, *, one_by_one: bool = True
) -> CoverageReport:
    """Return the coverage of one partnership, or of all when it is None.

    Args:
        store: where to look.
        ontology: what is broader than what.
        partnership: id; None for all.
        on: ISO date on which the plan must be in force; the newest plan when left out.
        one_by_one: return each of several partnerships as well; without them the answer comes from the summaries.

    """
    known = [key for key, _ in store.partnerships()] if partnership is None else [partnership]
    if len(known) == 1:
        one = coverage(store, ontology, known[0], on)
        return CoverageReport(one.finding, (one,))
    found = coverages(store, ontology, on) if one_by_one or on is not None else None
    rows = _sorted(_counts(found) if found is not None else _summarised(store, ontology))
    return CoverageReport(_finding(rows, known), tuple(found or ()), tuple(rows))


@dataclass(slots=True)
class _Count:
    """The partnerships counted so far for one issue."""

    label: str
    states: Counter[str]
    raised: Counter[str]
    whole: int = 0


def _counts(found: Iterable[Coverage], before: Mapping[str, _Count] | None = None) -> dict[str, _Count]:
    """Count partnerships, on top of those counted before."""
    counts = dict(before or {})
    for item in (item for coverage_ in found for item in coverage_.issues):
        count = counts.setdefault(item.issue.id, _Count(item.issue.label, Counter(), Counter()))
        count.states[item.state] += 1
        count.raised.update(dict(item.raised))
        count.whole += item.whole
    return counts


def _summarised(store: Store, ontology: Ontology) -> dict[str, _Count]:
    """Count the partnerships that have a summary by it, and the others one by one."""
    stances = {number: name for name, number in ontology.stances.items()}
    due, (states, sources) = summed_up(store, ("summary_states", "summary_sources"))
    raised: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for issue, stance, count in sources:
        raised[issue][stances.get(stance, "reported")] += count
    counts: dict[str, _Count] = {}
    for issue, label, state, partnerships, whole in states:
        found = counts.setdefault(issue, _Count(label, Counter(), raised[issue]))
        found.states[state] += partnerships
        found.whole += whole
    return _counts((coverage(store, ontology, partnership) for partnership in due), counts)


def _sorted(counts: Mapping[str, _Count]) -> list[IssueAcross]:
    """The most often uncovered first."""
    rows = [
        IssueAcross(
            Thing(issue, "Issue", count.label),
            tuple((state, count.states[state]) for state in STATES),
            tuple(sorted(count.raised.items())),
            count.whole,
        )
        for issue, count in counts.items()
    ]
    return sorted(rows, key=lambda row: ([-count for _, count in row.states], row.issue.label, row.issue.id))


def _finding(rows: Sequence[IssueAcross], partnerships: Sequence[str]) -> str:
    if not partnerships:
        return "The store holds no documents."
    bare = [row for row in rows if dict(row.states)["uncovered"]]
    unplaced = sum(key.startswith(NOT_STATED) for key in partnerships)
    where = "across " + listed([
        *(
            [counted(len(partnerships) - unplaced, "partnership", "partnerships")]
            if unplaced < len(partnerships) else []
        ),
        *(
            [counted(unplaced, "document that does not say whose it is", "documents that do not say whose they are")]
            if unplaced else []
        ),
    ])  # fmt: skip
    if not bare:
        return f"No issue is known to be uncovered {where}."
    most = bare[0]
    count = dict(most.states)["uncovered"]
    alone = sum(dict(row.states)["uncovered"] == count for row in bare) == 1
    often = (
        f'most often "{most.issue.label}", in {count:,}'
        if alone
        else f'in {count:,} of them at most, such as "{most.issue.label}"'
    )
    return (
        f"{len(bare):,} of {counted(len(rows), 'issue', 'issues')} {'has' if len(bare) == 1 else 'have'} no priority "
        f"somewhere {where}; {often}."
    )
