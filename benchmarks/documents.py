"""Loads many documents as people do, with one and with two workers and in another order, and compares what comes out.

    python benchmarks/documents.py [--count 1000] [--json FILE]

A third of the documents are Markdown and a third web pages, so that several readers take part. Each run is a process of
its own. Prints documents and megabytes a second, the peak memory at a quarter, half and all of the documents, and
whether the graph came out the same, byte for byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from html import escape
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def main() -> None:
    """Run it, or one load of it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--load", nargs=3, metavar=("FOLDER", "WORKERS", "ORDER"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.load:
        print(json.dumps(loaded(Path(args.load[0]), int(args.load[1]), args.load[2])))
        return
    with tempfile.TemporaryDirectory() as folder:
        size = written(Path(folder), args.count)
        runs = {
            f"{w} worker{'' if w == 1 else 's'}, {order}": run(Path(folder), w, order)
            for w, order in ((1, "sorted"), (2, "sorted"), (2, "reversed"))
        }
    report(runs, args.count, size)
    if args.json:
        args.json.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    if len({found["sha256"] for found in runs.values()}) > 1:
        sys.exit("The graphs differ.")


def written(folder: Path, count: int) -> float:
    """Write the documents; return how large they are, in MB."""
    from country import texts

    from goldenthread.ontology import load_ontology

    total = 0
    for number, (name, text) in enumerate(islice(texts(1e9, load_ontology()), count)):
        stem = Path(name).stem
        path, words = ((f"{stem}.txt", text), (f"{stem}.md", text), (f"{stem}.html", "".join(page(text))))[number % 3]
        data = words.encode()
        (folder / path).write_bytes(data)
        total += len(data)
    return total / 1e6


def page(text: str) -> Iterator[str]:
    """A text as a web page: a line is a heading, an item or a paragraph."""
    yield "<!doctype html><html><body><nav><a href='/'>Home</a></nav><main>"
    for line in filter(None, (line.strip() for line in text.splitlines())):
        tag = "li" if line[:1] in "•-" else "h2" if len(line) < 40 and not line.endswith((".", ":")) else "p"
        yield f"<{tag}>{escape(line.lstrip('•- '))}</{tag}>\n"
    yield "</main></body></html>"


def run(folder: Path, workers: int, order: str) -> dict[str, object]:
    """One load in a process of its own."""
    command = [sys.executable, __file__, "--load", str(folder), str(workers), order]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def loaded(folder: Path, workers: int, order: str) -> dict[str, object]:
    """Load all documents; return how long it took, the memory used on the way, and what came out."""
    from goldenthread.graph import open_store
    from goldenthread.graph.exchange.jsonl import write_jsonl
    from goldenthread.loaders.load import Options, load
    from goldenthread.ontology import load_ontology

    ontology = load_ontology()
    paths = sorted(folder.iterdir(), reverse=order == "reversed")
    memory: list[float] = []
    marks = {len(paths) // 4, len(paths) // 2, len(paths)}
    seen = 0

    def progress(_: str) -> None:
        nonlocal seen
        seen += 1
        if seen in marks:
            memory.append(round(resident()))

    with (
        tempfile.TemporaryDirectory() as stored,
        open_store(str(Path(stored) / "s.db"), ontology, create=True) as store,
    ):
        start = time.perf_counter()
        report = load(
            store, ontology, paths, folder, Options(partnership="Oakvale"), workers=workers, progress=progress
        )
        seconds = time.perf_counter() - start
        export = Path(stored) / "all.jsonl"
        with export.open("wb") as file:
            write_jsonl(store, file)
        digest = hashlib.sha256(export.read_bytes()).hexdigest()
    return {
        "seconds": seconds,
        "memory": memory,
        "sha256": digest,
        "loaded": len(report.added),
        "failed": len(report.failed),
    }


def resident() -> float:
    """MB that this process and its children hold now; 0 where the system does not tell."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            if stat.parent.name == str(os.getpid()) or fields[1] == str(os.getpid()):
                total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total / 1e6


def report(runs: dict[str, dict[str, object]], count: int, size: float) -> None:
    """Print what was found."""
    print(f"{count} documents, {size:.1f} MB")
    for name, found in runs.items():
        seconds = float(str(found["seconds"]))
        print(
            f"{name}: {count / seconds:.1f} documents/s, {size / seconds:.2f} MB/s, {found['loaded']} loaded, "
            f"memory {found['memory']} MB"
        )
    first, second = (float(str(found["seconds"])) for found in list(runs.values())[:2])
    same = len({found["sha256"] for found in runs.values()}) == 1
    print(
        f"two workers: {first / second:.2f} times as fast as one; "
        f"the graphs are {'the same' if same else 'NOT the same'}"
    )


if __name__ == "__main__":
    main()
