"""Summaries of partnerships, by which questions across all of them are answered without reading every statement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial

from ..graph import Store
from ..graph.attempts import in_one_state
from ..graph.store import Parameters, Row
from ..graph.summary import IssueSummary
from ..ontology import Ontology
from .coverage import coverage
from .named import named


def summarise(store: Store, ontology: Ontology) -> None:
    """Summarise the partnerships that have no summary, each in a transaction.

    One that another process changes meanwhile stays without: that process summarises it.
    """
    for partnership, revision in summaries_due(store):
        store.keep_summary(partnership, revision, in_one_state(store, partial(_issues, store, ontology, partnership)))


def _issues(store: Store, ontology: Ontology, partnership: str) -> list[IssueSummary]:
    """Return the state of each issue of a partnership."""
    years: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for issue, _, year, times in raised_by_year(store, ontology, partnership):
        years[issue][year] = times
    issues = coverage(store, ontology, partnership).issues
    return [IssueSummary(i.issue.id, i.state, i.whole, Counter(dict(i.raised)), years[i.issue.id]) for i in issues]


def raised_by_year(store: Store, ontology: Ontology, partnership: str) -> list[Row]:
    """Return rows (id of the issue, its label, year or 0, how many times it is raised) of one partnership."""
    given: Parameters = {"partnership": partnership, "raises": ontology.relations["raises"].number}
    return store.rows(named("raised_by_year", store.language), given)


def summed_up(store: Store, queries: Sequence[str]) -> tuple[list[str], list[list[Row]]]:
    """Ask named queries over the summaries; return also the partnerships without one, which the answers leave out."""
    while True:
        due = summaries_due(store)
        answers = store.rows_of_each([(named(query, store.language), {}) for query in queries])
        # Another process may have changed or summarised a partnership meanwhile.
        if due == summaries_due(store):
            return [partnership for partnership, _ in due], answers


def summaries_due(store: Store) -> list[tuple[str, int]]:
    """Return the partnerships without a summary and the revision of each, sorted."""
    return [(partnership, revision) for partnership, revision in store.rows(named("summaries_due", store.language))]
