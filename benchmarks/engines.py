"""Measures both engines on the same synthetic country, in one run: a file, and a Neo4j server that is running already.

    NEO4J_PASSWORD=… python benchmarks/engines.py --server neo4j://127.0.0.1:7687 --size S|M|smoke

The server's database must be empty, or hold what an earlier run of this size put there: nothing is loaded twice. Prints
a Markdown table; ends with 1 when the engines' answers differ.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

from country import country, key_of, partnership
from run import ASKED, PARTNERSHIPS, Measure, asked_issue, known, times_of

from goldenthread.graph import Store, open_store
from goldenthread.queries.across import coverage_of
from goldenthread.queries.gaps import find_gaps, rules_named
from goldenthread.queries.owners import owners
from goldenthread.queries.search import search
from goldenthread.queries.summaries import summaries_due, summarise
from goldenthread.queries.years import issues_by_year

#: How often a question is asked before it is timed: a server compiles what it does often.
WARM = 200


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, metavar="URL")
    parser.add_argument("--size", choices=tuple(PARTNERSHIPS), default="S")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = [measured(address, args.size) for address in (str(Path(folder) / "country.db"), args.server)]
    print(f"| {PARTNERSHIPS[args.size]} partnerships | SQLite | Neo4j |\n|---|---|---|")
    for ours, theirs in zip(found[0][0], found[1][0], strict=True):
        print(f"| {ours.what} | {_cell(ours)} | {_cell(theirs)} |")
    different = [question for question, answer in found[0][1].items() if found[1][1][question] != answer]
    if different:
        sys.exit(f"The engines do not give the same answers: {', '.join(different)}.")


def measured(address: str, size: str) -> tuple[list[Measure], dict[str, Any]]:
    """Load the country into a store and ask it; return what was measured, and the answers."""
    ontology = known()
    with open_store(address, ontology, create=True) as store:
        store.use_vocabulary(ontology)
        measures = [Measure("loading, a transaction a document", "statements/s", _loaded(store, size))]
        start, due = time.perf_counter(), len(summaries_due(store))
        summarise(store, ontology)
        measures.append(
            Measure("summarising one partnership", "ms", ((time.perf_counter() - start) * 1000 / max(due, 1),))
        )
        questions = _questions(store, ontology)
        measures += [
            Measure(what, "ms", tuple(times_of(ask, runs, warm=min(WARM, 10 * runs))))
            for what, (ask, runs) in questions.items()
        ]
        measures.append(Measure("replacing one document", "ms", tuple(_replaced(store))))
        return measures, {what: ask() for what, (ask, _) in questions.items()}


def _loaded(store: Store, size: str) -> tuple[float, ...]:
    """Statements a second, in each tenth of the country; what is there already is not counted."""
    held = {d.id for d in store.documents()}
    rates: list[float] = []
    count, took, part = 0, 0.0, max(1, PARTNERSHIPS[size] // 10)
    for number, documents in enumerate(country(PARTNERSHIPS[size], known()), start=1):
        new = [graph for graph in documents if graph.document.id not in held]
        start = time.perf_counter()
        for _ in store.replace_all(new):
            pass
        took += time.perf_counter() - start
        count += sum(len(graph.statements) for graph in new)
        if number % part == 0 and count:
            rates.append(count / took)
            count, took = 0, 0.0
    return tuple(rates) or (0.0,)


def _questions(store: Store, ontology: Any) -> dict[str, tuple[Callable[[], object], int]]:
    asked, issue, rules = key_of(ASKED), f"issue/{asked_issue()}", rules_named(())
    return {
        "`gaps` of one partnership, all rules": (lambda: find_gaps(store, ontology, rules, asked).to_json(), 30),
        "`owners` of one issue": (lambda: owners(store, ontology, issue, asked), 30),
        "`coverage` of one partnership": (lambda: coverage_of(store, ontology, asked), 30),
        "`search` in one partnership": (lambda: search(store, ontology, "late evening", asked), 10),
        "in how many partnerships each issue is uncovered": (
            lambda: coverage_of(store, ontology, None, one_by_one=False),
            10,
        ),
        "how often each issue is raised, by year": (lambda: issues_by_year(store, ontology, None), 10),
        "the first of these without summaries": (lambda: coverage_of(store, ontology, None).across, 1),
    }


def _replaced(store: Store) -> list[float]:
    graph = partnership(ASKED, known())[10]
    versions = cycle(("one", "other"))

    def load() -> None:
        store.replace(replace(graph, document=replace(graph.document, sha256=next(versions))))

    times = times_of(load, 10)
    store.replace(graph)
    return times


def _cell(measure: Measure) -> str:
    return " | ".join(measure.row().split(" | ")[1:]).rstrip(" |").replace(" | ", " (") + ")"


if __name__ == "__main__":
    main()
