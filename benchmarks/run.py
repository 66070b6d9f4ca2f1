"""Measures goldenthread on a synthetic country, beside the same questions in networkx and rdflib in the same run.

    python benchmarks/run.py --size S|M [--json FILE]
    python benchmarks/run.py --smoke

S is 20 thousand statements in 6 partnerships, M a million in 300 of the same size. Prints a Markdown table; each step
runs in a process of its own, so that its peak memory is its own. Ends with 1 when the engines' answers differ; the
smoke test, on a country of two partnerships, also when `gaps` of one takes longer than it may.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

# This process imports nothing of goldenthread: on Linux a child process starts with its parent's peak memory.

PARTNERSHIPS = {"S": 6, "M": 300, "smoke": 2}
#: The number of the partnership that is asked about: at every size it is the same, so that only the country around it
#: grows.
ASKED = 1
#: The sizes at which rdflib is asked: a million statements need more memory than a laptop has.
WITH_RDFLIB = ("S", "smoke")
#: Megabytes of text to read.
READ = {"S": 0.5, "M": 0.5, "smoke": 0.06}
#: In milliseconds: what `gaps` of one partnership may take in the smoke test, on a machine that others use too.
SMOKE_LIMIT = 25.0
GAPS = "`gaps` of one partnership, all rules"


@dataclass(frozen=True, slots=True)
class Measure:
    """What was measured, and how it came out each time."""

    what: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def row(self) -> str:
        """A line of the table."""
        few = len(self.values) == 1
        spread = "once" if few else f"{shown(min(self.values))} to {shown(max(self.values))}, {len(self.values)} times"
        return f"| {self.what} | {shown(self.median)} {self.unit} | {spread} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=("S", "M"), default="S")
    parser.add_argument("--smoke", action="store_true", help="a tiny country, in seconds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every measurement to this file as well")
    parser.add_argument("--step", choices=sorted(STEPS), help=argparse.SUPPRESS)  # what a child process runs
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    size = "smoke" if args.smoke else args.size
    if args.step:
        found = STEPS[args.step](size, args.folder)
        (args.folder / f"{args.step}.json").write_text(json.dumps(found | {"peak": peak_memory()}), encoding="utf-8")
        return
    measures, same = measured(size)
    print(f"| {PARTNERSHIPS[size]} partnerships | median | least to most |\n|---|---|---|")
    print("\n".join(m.row() for m in measures))
    if args.json:
        result = {"size": size, **machine(), "same_answers": same, "measures": [asdict(m) for m in measures]}
        args.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if not same:
        sys.exit("The engines do not give the same answers.")
    took = next(m.median for m in measures if m.what == GAPS)
    if args.smoke and took > SMOKE_LIMIT:
        sys.exit(f"{GAPS} takes {shown(took)} ms, more than {SMOKE_LIMIT} ms.")


def measured(size: str) -> tuple[list[Measure], bool]:
    """Run every step in a process of its own; return what came out, and whether the engines agree."""
    measures: list[Measure] = []
    answers: dict[str, Any] = {}
    times: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for step in STEPS:
            if step == "rdflib" and size not in WITH_RDFLIB:
                continue
            command = [sys.executable, __file__, "--step", step, "--folder", folder]
            subprocess.run([*command, *(["--smoke"] if size == "smoke" else ["--size", size])], check=True)
            found = json.loads((Path(folder) / f"{step}.json").read_text(encoding="utf-8"))
            measures += [Measure(what, unit, tuple(values)) for what, unit, values in found["measures"]]
            measures.append(Measure(f"{step}: peak memory", "MB", (found["peak"],)))
            if "answers" in found:
                answers[step], times[step] = found["answers"], found["times"]
    for peer in sorted(times.keys() - {"query"}):
        for question, took in times[peer].items():
            measures.append(
                Measure(f"{question}: {peer}'s time in goldenthread's", "times", (took / times["query"][question],))
            )
    return measures, all(answer == answers["query"] for answer in answers.values())


# ------------------------------------------------------------------------------------------------------- steps


def load_step(size: str, folder: Path) -> dict[str, Any]:
    """Load the country, a transaction for each document; the writing of its documents is not counted."""
    from country import country

    from goldenthread.graph import open_store

    ontology, partnerships = known(), PARTNERSHIPS[size]
    boroughs, parts, total = country(partnerships, ontology), min(10, partnerships), 0
    rates = []
    with open_store(str(folder / "country.db"), ontology, create=True) as store:
        store.use_vocabulary(ontology)
        for part in range(parts):
            count, took = 0, 0.0
            for documents in islice(boroughs, partnerships * (part + 1) // parts - partnerships * part // parts):
                start = time.perf_counter()
                for graph in documents:
                    store.replace(graph)
                took += time.perf_counter() - start
                count += sum(len(graph.statements) for graph in documents)
            rates.append(count / took)
            total += count
    return steps_result(
        ("load: all documents", "statements", [total]),
        ("load: into SQLite, in ten parts of the country", "statements/s", rates),
        ("load: size of the store", "MB", [(folder / "country.db").stat().st_size / 1e6]),
    )


def read_step(size: str, folder: Path) -> dict[str, Any]:
    """Read text documents and find what they say."""
    from country import texts

    from goldenthread.loaders.extract import Extractor
    from goldenthread.loaders.load import Options, read_combined
    from goldenthread.loaders.readers.rules.cues import load_cues

    ontology = known()
    start = time.perf_counter()
    extractor = Extractor(ontology, load_cues())
    ready = time.perf_counter() - start
    rates: dict[str, list[float]] = {}
    for name, text in texts(READ[size], ontology):
        path = folder / name
        path.write_text(text, encoding="utf-8")
        start = time.perf_counter()
        read_combined(path, folder, extractor, Options(partnership="Oakvale"))
        rates.setdefault(name.split("-")[0], []).append(len(text) / 1e6 / (time.perf_counter() - start))
    return steps_result(
        ("read: making the reader ready", "ms", [ready * 1000]),
        ("read: text to statements", "MB/s", list(chain(*rates.values()))),
        *((f"read: of these, {kind}", "MB/s", values) for kind, values in rates.items()),
    )


def query_step(size: str, folder: Path) -> dict[str, Any]:
    """Ask goldenthread, in the process."""
    from country import key_of
    from peers import InGoldenthread

    from goldenthread.graph import open_store
    from goldenthread.queries.gaps import find_gaps, rules_named

    start = time.perf_counter()
    ontology = known()
    with open_store(str(folder / "country.db"), ontology) as store:
        asked, rules = key_of(ASKED), rules_named(())
        find_gaps(store, ontology, rules, asked)
        first = milliseconds(start)
        found = times_of(lambda: find_gaps(store, ontology, rules, asked), 50)
        result = both_questions(InGoldenthread(store, ontology), "goldenthread", 50)
    result["measures"] = [
        ("query: ontology, store and the first `gaps`", "ms", [first]),
        (GAPS, "ms", found),
        *result["measures"],
    ]
    return result


def command_step(size: str, folder: Path) -> dict[str, Any]:
    """Run commands as a person does, each a process of its own."""
    from country import key_of

    store = ["--store", str(folder / "country.db")]
    scope = ["--partnership", f"Safer {key_of(ASKED).replace('-', ' ').title()} Partnership"]
    commands = {
        "--help": ["--help"],
        "gaps": [*store, "gaps", *scope],
        "owners": [*store, "owners", asked_issue(), *scope],
    }
    return steps_result(
        *(
            (f"`goldenthread {name}` as a process", "ms", command_times(given, 2 if size == "smoke" else 7))
            for name, given in commands.items()
        )
    )


def command_times(arguments: list[str], runs: int) -> list[float]:
    """Milliseconds of each run of the command."""
    command = [sys.executable, "-m", "goldenthread", *arguments]
    return times_of(lambda: subprocess.run(command, check=True, capture_output=True), runs)


def networkx_step(size: str, folder: Path) -> dict[str, Any]:
    """Ask networkx, with the whole country in memory."""
    from country import country
    from peers import InNetworkx

    ontology, took = known(), Stopwatch()
    engine = InNetworkx(took.without(country(PARTNERSHIPS[size], ontology)), ontology)
    return filled("networkx", took.seconds(), both_questions(engine, "networkx", 50))


def rdflib_step(size: str, folder: Path) -> dict[str, Any]:
    """Ask rdflib, with the whole country in memory."""
    from country import country
    from peers import InRdflib

    ontology, took = known(), Stopwatch()
    engine = InRdflib(took.without(country(PARTNERSHIPS[size], ontology)), ontology)
    return filled("rdflib", took.seconds(), both_questions(engine, "rdflib", 3 if size == "smoke" else 7))


STEPS: dict[str, Callable[[str, Path], dict[str, Any]]] = {
    "load": load_step,
    "read": read_step,
    "query": query_step,
    "command": command_step,
    "networkx": networkx_step,
    "rdflib": rdflib_step,
}


# ----------------------------------------------------------------------------------------------------- helpers


def both_questions(engine: Any, name: str, runs: int) -> dict[str, Any]:
    """Ask an engine of `peers` the two questions; return times and answers."""
    from country import key_of

    partnership, issue = key_of(ASKED), asked_issue()
    uncovered = times_of(lambda: engine.uncovered(partnership), runs)
    ownership = times_of(lambda: engine.ownership(partnership, f"issue/{issue}"), runs)
    answers = {
        "uncovered": engine.rows(engine.uncovered(partnership)),
        "ownership": engine.rows(engine.ownership(partnership, f"issue/{issue}")),
    }
    result = steps_result(
        (f"uncovered issues of one partnership, {name}", "ms", uncovered),
        (f"ownership of one issue, {name}", "ms", ownership),
    )
    times = {"uncovered issues": statistics.median(uncovered), "ownership": statistics.median(ownership)}
    return result | {"answers": answers, "times": times}


def asked_issue() -> str:
    """The issue whose ownership is asked: the first that the newest plan of the partnership addresses."""
    from country import PLANS, partnership

    plan = partnership(ASKED, known())[len(PLANS) - 1]
    return str(min(s.object for s in plan.statements if s.predicate == "addresses")).removeprefix("issue/")


def known() -> Any:
    from goldenthread.ontology import load_ontology

    return load_ontology()


class Stopwatch:
    """Counts from its making on, but for the time in which items are made."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def without(self, items: Iterable[Any]) -> Iterable[Any]:
        waiting = iter(items)
        while True:
            paused = time.perf_counter()
            item = next(waiting, None)
            self._start += time.perf_counter() - paused
            if item is None:
                return
            yield item

    def seconds(self) -> float:
        return time.perf_counter() - self._start


def filled(name: str, seconds: float, result: dict[str, Any]) -> dict[str, Any]:
    result["measures"] = [(f"{name}: filling the graph", "s", [seconds]), *result["measures"]]
    return result


def steps_result(*measures: tuple[str, str, list[float]]) -> dict[str, Any]:
    return {"measures": list(measures)}


def times_of(run: Callable[[], object], runs: int, warm: int = 2) -> list[float]:
    """Milliseconds of each run, after `warm` that are not counted."""
    found = []
    for number in range(runs + warm):
        start = time.perf_counter()
        run()
        if number >= warm:
            found.append(milliseconds(start))
    return found


def milliseconds(start: float) -> float:
    return (time.perf_counter() - start) * 1000


def peak_memory() -> float:
    """Peak memory in MB of this process, or of the largest that it started."""
    import resource

    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def machine() -> dict[str, Any]:
    """What it ran on."""
    import sqlite3

    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.system(),
        "cores": os.cpu_count(),
    }


def shown(number: float) -> str:
    """Three figures or so."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"


if __name__ == "__main__":
    main()
