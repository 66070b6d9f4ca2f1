"""Claims made from the marked documents: what these state enters the graph; an owner they do not name does not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED
from marks import claims_of, marked, write_documents

from goldenthread.graph import open_store
from goldenthread.graph.exchange.jsonl import write_jsonl
from goldenthread.loaders.load import Options, load
from goldenthread.loaders.outcomes import Reason
from goldenthread.loaders.report import LoadReport
from goldenthread.ontology import Ontology

OWNERSHIP = ("leads", "chairs", "delivers", "supports")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marked")
    write_documents(marked("dev"), folder)
    return folder


def loaded(folder: Path, name: str, claims: list[dict[str, Any]], ontology: Ontology) -> tuple[LoadReport, Path]:
    """Load the documents with these claims alone, and export the graph."""
    (folder / f"{name}-claims.jsonl").write_text("\n".join(map(json.dumps, claims)), encoding="utf-8")
    with open_store(str(folder / f"{name}.db"), ontology, create=True) as store:
        report = load(
            store, ontology, [folder / "docs"], folder, Options(readers=()), claims=folder / f"{name}-claims.jsonl"
        )
        with (folder / f"{name}.jsonl").open("wb") as file:
            write_jsonl(store, file)
    assert report.failed == []
    return report, folder / f"{name}.jsonl"


def test_what_the_marks_state_enters_the_graph(folder: Path, ontology: Ontology) -> None:
    claims = claims_of(marked("dev"))
    report, exported = loaded(folder, "true", claims, ontology)
    assert report.taken + len(report.rejected) == len(claims)
    command = [
        sys.executable,
        str(SHARED / "eval" / "score.py"),
        str(exported),
        str(folder / "gold"),
        "--docs",
        str(folder / "docs"),
        "--json",
    ]
    scores = json.loads(subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout)
    assert scores["= relations"]["r"] >= 0.96
    assert scores["evidence_exact"] == 1


def test_no_owner_enters_whom_the_document_does_not_name_and_each_is_named(folder: Path, ontology: Ontology) -> None:
    invented = list(with_owners_of_other_documents(folder))
    assert len(invented) > 1_000
    report, exported = loaded(folder, "invented", invented, ontology)
    statements = [
        line
        for line in map(json.loads, exported.read_text(encoding="utf-8").splitlines())
        if line["kind"] == "statement"
    ]
    assert (report.taken, statements) == (0, [])
    named = {(o.claim.line, o.reason, o.about.strip("“”")) for _, o in report.rejected if hasattr(o.claim, "line")}
    assert named == {(n, Reason.NAME, claim["subject"]["name"]) for n, claim in enumerate(invented, 1)}


def with_owners_of_other_documents(folder: Path) -> list[dict[str, Any]]:
    """The claims of ownership, each with an owner that its own document does not name.

    That owner is of the same type, and from a claim of another document.
    """
    claims = [claim for claim in claims_of(marked("dev")) if claim["predicate"] in OWNERSHIP]
    texts = {
        path.name: " ".join(path.read_text(encoding="utf-8").lower().split()) for path in (folder / "docs").iterdir()
    }
    changed = []
    for number, claim in enumerate(claims):
        others = (c["subject"] for c in (*claims[number:], *claims) if c["subject"]["type"] == claim["subject"]["type"])
        owner = next(
            o
            for o in others
            if o["name"].lower() not in texts[claim["document"]] and len(o["name"].split()) in (2, 3, 4)
        )
        changed.append({**claim, "subject": owner})
    return changed
