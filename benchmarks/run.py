"""Measures goldenthread on a synthetic country, against the same questions in networkx and rdflib in the same run.

    python benchmarks/run.py --size S|M [--smoke]

S is 20 thousand statements, M a million. Prints a Markdown table; times are medians of five, after one that is not counted.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from country import country, prose

from goldenthread.graph import Store, open_store
from goldenthread.ontology import Ontology, load_ontology

SIZES = {"S": 20_000, "M": 1_000_000}
SMOKE = 6_000
#: In milliseconds: what `gaps` of one partnership may take in the smoke test, on a machine that others use too.
SMOKE_LIMIT = 25.0
QUESTION = "borough-0000"


def main() -> None:
    """Measure, print, and in a smoke test exit with 1 when an answer differs or a query is slow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=sorted(SIZES), default="S")
    parser.add_argument("--smoke", action="store_true", help="a small country, in seconds")
    args = parser.parse_args()
    statements = SMOKE if args.smoke else SIZES[args.size]
    ontology = load_ontology()
    with tempfile.TemporaryDirectory() as folder:
        rows, sound = measure(Path(folder), statements, ontology, against_rdf=statements <= SIZES["S"])
    print(f"| {statements:,} statements | median | least to most |\n|---|---|---|")
    for name, values, unit in rows:
        print(f"| {name} | {statistics.median(values):,.2f} {unit} | {min(values):,.2f} to {max(values):,.2f} |")
    if not sound:
        sys.exit("The engines do not give the same answers, or a query is too slow.")


def measure(folder: Path, statements: int, ontology: Ontology, *, against_rdf: bool) -> tuple[list[tuple[str, list[float], str]], bool]:
    """Return (what, values, unit) rows, and whether all engines agree."""
    from goldenthread.queries.gaps import find_gaps, rules_named
    from goldenthread.queries.owners import owners

    rows: list[tuple[str, list[float], str]] = []
    with open_store(str(folder / "s.db"), ontology, create=True) as store:
        store.use_vocabulary(ontology)
        start, count = time.perf_counter(), 0
        for graph in country(statements, ontology):
            store.replace(graph)
            count += len(graph.statements)
        rows.append(("loading", [count / (time.perf_counter() - start)], "statements/s"))
        rows.append(("reading and extraction", [reading(folder, 0.3)], "MB/s"))
        all_rules, uncovered = rules_named(()), rules_named(["uncovered-issue"])
        rows.append(("gaps of one partnership, all rules", times(lambda: find_gaps(store, ontology, all_rules, QUESTION)), "ms"))
        ours = times(lambda: find_gaps(store, ontology, uncovered, QUESTION))
        rows.append(("uncovered issues of one partnership", ours, "ms"))
        report = find_gaps(store, ontology, uncovered, QUESTION)
        issue = next(s.object for s in store.statements(QUESTION) if s.predicate == "addresses")
        rows.append(("owners of one issue", times(lambda: owners(store, ontology, issue, QUESTION)), "ms"))
        expected = {g.id for g in report.gaps}
        sound = statements > SMOKE or statistics.median(ours) < SMOKE_LIMIT
        sound &= peers(store, ontology, expected, rows, statistics.median(ours), against_rdf)
    rows.append(("start: goldenthread --help", [seconds_of_help() for _ in range(5)], "s"))
    rows.append(("peak memory of this process", [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024], "MB"))
    return rows, sound


def times(run: Callable[[], object]) -> list[float]:
    """Milliseconds of five runs, after one that is not counted."""
    run()
    found = []
    for _ in range(5):
        start = time.perf_counter()
        run()
        found.append((time.perf_counter() - start) * 1000)
    return found


def reading(folder: Path, megabytes: float) -> float:
    """Megabytes of text a second, from file to statements."""
    from goldenthread.loaders.cues import load_cues
    from goldenthread.loaders.extract import Extractor
    from goldenthread.loaders.load import Options, read_document

    extractor, total = Extractor(load_ontology(), load_cues()), 0
    paths = []
    for number, text in enumerate(prose(megabytes)):
        path = folder / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
        total += len(text)
    start = time.perf_counter()
    for path in paths:
        read_document(path, folder, extractor, Options(partnership="Oakvale"))
    return total / 1e6 / (time.perf_counter() - start)


def seconds_of_help() -> float:
    """How long `goldenthread --help` takes as a process of its own."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "goldenthread", "--help"], check=True, capture_output=True)
    return time.perf_counter() - start


def peers(
    store: Store, ontology: Ontology, expected: set[str], rows: list[tuple[str, list[float], str]], ours: float, against_rdf: bool
) -> bool:
    """Ask the question about uncovered issues in networkx, and in rdflib where it fits; say whether the answers are the same."""
    from goldenthread.graph.networks import as_networkx

    graph = as_networkx(store, None if against_rdf else QUESTION)
    above = {f"issue/{name}": {f"issue/{a}" for a in found} for name, found in ontology.ancestors.items()}
    found = times(lambda: in_networkx(graph, above))
    rows.append(("the same in networkx", found, "ms"))
    rows.append(("goldenthread is faster than networkx", [statistics.median(found) / ours], "times"))
    sound = in_networkx(graph, above) == expected
    if against_rdf:
        data = plain_rdf(store, ontology)
        start = time.perf_counter()
        answer = in_rdflib(data)
        took = (time.perf_counter() - start) * 1000
        rows += [("the same in rdflib", [took], "ms"), ("goldenthread is faster than rdflib", [took / ours], "times")]
        sound &= answer == expected
    return sound


def in_networkx(graph: Any, above: dict[str, set[str]]) -> set[str]:
    """Issues raised as concern or request of which no priority of the newest plan addresses the issue or something broader."""
    plan = f"{QUESTION}/plan/2024-2027"
    own = [(s, k, o) for s, o, k in graph.edges(keys=True) if s.startswith(QUESTION)]
    relation = [(s, k.split("/")[0], k.partition("/")[2], o) for s, k, o in own]
    force = {s for s, p, _, o in relation if p == "stands_in" and o == plan}
    addressed = {o for s, p, _, o in relation if p == "addresses" and s in force}
    wanted = {o for _, p, stance, o in relation if p == "raises" and stance in ("concern", "request")}
    return {issue for issue in wanted if not above[issue] & addressed}


def plain_rdf(store: Store, ontology: Ontology) -> Any:
    """The partnership's triples, with wider relations, as the gap rules' oracle has them."""
    from goldenthread.graph.rdf import facts
    from goldenthread.queries.plans import plan_in_force

    number = store.rows("SELECT id FROM partnership WHERE key = :key", {"key": QUESTION})[0][0]
    force = plan_in_force(store, ontology, int(number))
    return facts(store, ontology, QUESTION, [c.id for c in force.commitments], [c.id for c in force.former])


def in_rdflib(data: Any) -> set[str]:
    """The same question in SPARQL, in rdflib's own engine."""
    query = """
        PREFIX gt: <https://w3id.org/goldenthread/ns#>
        SELECT DISTINCT ?issue WHERE {
            ?source gt:wants_dealt_with ?issue .
            FILTER NOT EXISTS { ?issue gt:broader* ?wider . ?priority gt:addresses ?wider . ?priority a gt:CommitmentInForce }
        }
    """
    return {str(row[0]).removeprefix("https://w3id.org/goldenthread/") for row in data.query(query)}


if __name__ == "__main__":
    main()
