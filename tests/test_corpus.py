"""Scores against the evaluation corpus, which is beside the repository in some workplaces and is not part of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import RULES, SHARED

from goldenthread.graph import Store, open_store
from goldenthread.graph.exchange.jsonl import write_jsonl
from goldenthread.loaders.load import Options, load
from goldenthread.ontology import Ontology
from goldenthread.queries.gaps import find_gaps, rules_named

DOCUMENTS = SHARED / "corpus" / "docs"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not DOCUMENTS.is_dir(), reason="the evaluation corpus (../shared) is not here, so accuracy cannot be scored"
    ),
]


def loaded(folder: Path, ontology: Ontology, names: str, options: Options) -> Store:
    store = open_store(str(folder / "corpus.db"), ontology, create=True)
    report = load(store, ontology, sorted(DOCUMENTS.glob(names)), folder, options)
    assert report.failed == []
    return store


def score(script: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, str(SHARED / "eval" / script), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_extraction_reaches_its_scores_and_every_quote_is_exact(tmp_path: Path, ontology: Ontology) -> None:
    with loaded(tmp_path, ontology, "*", Options(readers=RULES)) as store, (tmp_path / "out.jsonl").open("wb") as file:
        write_jsonl(store, file)
    scores = score("score.py", str(tmp_path / "out.jsonl"), str(SHARED / "corpus" / "gold"), "--docs", str(DOCUMENTS))
    assert scores["= entities"]["f"] > 0.93
    assert scores["= relations"]["f"] > 0.85
    assert scores["evidence_exact"] == 1


def test_gaps_reach_their_scores(tmp_path: Path) -> None:
    cli = f"{sys.executable} -m goldenthread"
    scores = score("gap_score.py", str(DOCUMENTS), str(SHARED / "corpus" / "gold"), "--cli", cli)
    assert scores["unowned-priority"]["f"] > 0.85
    assert scores["uncovered-issue or possible"]["f"] > 0.75
    assert scores["uncovered-issue"]["p"] > 0.85  # of what is missing for sure


def test_the_documents_of_one_borough_make_one_graph(tmp_path: Path, ontology: Ontology) -> None:
    with loaded(tmp_path, ontology, "00*", Options(readers=RULES, partnership="Barking & Dagenham")) as store:
        entities = list(store.entities())
        assert [key for key, _ in store.partnerships()] == ["barking-and-dagenham"]
        forces = [e for e in entities if e.kind == "police"]
        assert [(e.id, e.label) for e in forces] == [
            ("barking-and-dagenham/partner/police", "Metropolitan Police Service")
        ]
        raised = {g.label for g in find_gaps(store, ontology, rules_named(["uncovered-issue"])).gaps}
        assert {
            "fly-tipping",
            "vehicle crime",
            "catalytic converter theft",
            "cannabis cultivation",
            "online crime",
            "police abstraction",
        } <= raised
