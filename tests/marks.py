"""Claims made from the marked documents of training/, as a reader without faults would make them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

MARKED = Path(__file__).resolve().parents[1] / "training"
Claims: TypeAlias = list[dict[str, Any]]


def marked(split: str, formats: tuple[str, ...] = ("md", "txt")) -> list[Path]:
    """The marked documents of a split whose text is their own canonical text."""
    found = []
    for path in sorted((MARKED / "documents").glob("*.mark")):
        head = path.read_text(encoding="utf-8").split("\n---\n")[0].splitlines()
        if f"split: {split}" in head and any(f"format: {each}" in head for each in formats):
            found.append(path)
    return found


def write_documents(paths: list[Path], folder: Path) -> None:
    """Write the documents to folder/docs and their annotations to folder/gold."""
    _markup("gold", *map(str, paths), "--to", str(folder))


def claims_of(paths: list[Path]) -> Claims:
    """A claim for each relation of the documents.

    It has the words of the block that states the relation, and the nearest names of its ends.
    """
    return [claim for line in _markup("json", *map(str, paths)).splitlines() for claim in _of(json.loads(line))]


def _markup(*arguments: str) -> str:
    command = [sys.executable, str(MARKED / "markup.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def _of(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    head, text = document["head"], document["text"]
    for relation in document["relations"]:
        start, end = relation["start"], relation["end"]
        quote = text[start:end].strip()
        claim: dict[str, Any] = {
            "document": f"{head['id']}.{head['format']}",
            "quote": quote,
            "predicate": relation["p"],
        }
        if text.find(quote) < start:
            claim["prefix"] = text[max(0, start - 80) : start]
        ends = {"subject": relation["s"], "object": relation["o"], "about": relation["about"]}
        claim |= {key: _name(document, identity, start, end) for key, identity in ends.items() if identity}
        if relation["words"]:
            claim["object"] = {"type": "Request", "name": relation["words"]}
        if relation["stance"]:
            claim["stance"] = relation["stance"]
        if claim["subject"] and claim["object"]:
            yield claim


def _name(document: dict[str, Any], identity: str, start: int, end: int) -> dict[str, str] | None:
    """The name of a thing that stands nearest to a block; None for what the document never names."""
    named = [m for m in document["mentions"] if m["id"] == identity and not m["loose"]]
    if not named:
        return None
    nearest = min(named, key=lambda m: (max(start - m["end"], m["start"] - end, 0), m["start"]))
    return {"type": document["types"][identity], "name": nearest["words"]}
