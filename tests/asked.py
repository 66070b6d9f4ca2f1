"""What tests of the reader `llm` share: three documents, answers about them, and what a load made of these."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result
from replay import Replay, claims

Run = Callable[..., Result]
KEY = "sk-cannot-be-seen-anywhere"
MARK = "zinnia quartz umbrella"  #: words of the documents that nothing but the graph may show
PLAN = f"# Plan 2024-2027\n\nThe Brightside Collective leads on arson. {MARK}.\n"
NOTES = f"The Oakham Wardens lead on graffiti. {MARK}.\n"
CLOSED = f"NOT FOR PUBLICATION\n\nThe Oakham Wardens lead on burglary. {MARK}.\n"
#: Answers about the documents of the example.
RECORDED = Path(__file__).parent / "replies" / "harrowmere"


def leads(who: str, what: str, quote: str, **more: Any) -> dict[str, Any]:
    return {
        "quote": quote, "subject": {"type": "Partner", "name": who}, "predicate": "leads",
        "object": {"type": "Issue", "name": what}, "score": 0.9, **more,
    }  # fmt: skip


ARSON = leads("Brightside Collective", "arson", "The Brightside Collective leads on arson")
GRAFFITI = leads("Oakham Wardens", "graffiti", "The Oakham Wardens lead on graffiti")
RIGHT = {"plan.md": claims(ARSON), "notes.txt": claims(GRAFFITI), "closed.txt": claims()}


def load(run: Run, model: Replay | None, *more: str, readers: str = "llm") -> Result:
    """Load the documents with a model as the reader, agreeing to what is sent; without `model`, by kept answers."""
    where = ("--llm", model.url, "--yes") if model else ()
    return run(
        "load", "docs", "--partnership", "Harrowmere", "--workers", "0", "--reader", readers,
        "--llm-model", "small", *where, *more,
    )  # fmt: skip


def led(run: Run) -> set[tuple[str, str]]:
    """Who leads what, by the store."""
    lines = [json.loads(line) for line in run("export").stdout.splitlines()]
    labels = {line["id"]: line["label"] for line in lines if line["kind"] == "entity"}
    return {
        (labels[line["subject"]], labels[line["object"]])
        for line in lines
        if line["kind"] == "statement" and line["predicate"] == "leads"
    }


def readers_of(run: Run) -> set[str]:
    lines = [json.loads(line) for line in run("export").stdout.splitlines()]
    return {e["reader"] for line in lines if line["kind"] == "statement" for e in line["evidence"]}


def environment() -> dict[str, str]:
    """The environment for a process of its own, which finds the package as this one does."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}


class Terminal:
    """Stands for `sys` where somebody sits at the terminal."""

    class stdin:  # noqa: N801 - the name in `sys`
        isatty = staticmethod(lambda: True)

    class stderr:  # noqa: N801 - likewise
        isatty = staticmethod(lambda: False)
