"""Gaps of documents are held against those that annotations name, what is missing and what is possible apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphs import document_of

from goldenthread.evaluation.gaps import measure_gaps
from goldenthread.evaluation.gold import read_gold
from goldenthread.evaluation.scores import Tally
from goldenthread.loaders.combine import Combined
from goldenthread.ontology import Ontology

PLAN = """
    Priority:safe-streets stands_in Plan:2024-2027
    Priority:quiet-nights stands_in Plan:2024-2027
    Priority:green-parks stands_in Plan:2024-2027
    Role:warden leads Priority:green-parks
    Role:warden leads? Priority:quiet-nights
"""


@pytest.mark.parametrize(
    ("optional", "missing", "both"),
    [
        ([], Tally(1, 1, 2), Tally(2, 2, 2)),
        (["Quiet nights"], Tally(1, 1, 1), Tally(1, 1, 1)),
        (["Safe streets"], Tally(0, 0, 1), Tally(1, 1, 1)),
    ],
)
def test_gaps_are_counted_by_basis_and_what_is_optional_counts_neither_way(
    tmp_path: Path, ontology: Ontology, optional: list[str], missing: Tally, both: Tally
) -> None:
    priorities = [{"name": name} for name in ("Safe streets", "Quiet nights", "Green parks")]
    gold = {
        "council": "Oakvale",
        "priorities": priorities,
        "unowned": ["Safe streets", "Quiet nights"],
        "unowned_optional": optional,
        "uncovered": [],
    }
    (tmp_path / "plan.json").write_text(json.dumps(gold), encoding="utf-8")
    combined = Combined(document_of("plan.md", PLAN, ontology=ontology), {}, {}, 0.0, 0.6)
    found = measure_gaps([(read_gold(tmp_path / "plan.json"), combined)], ontology)
    assert (found["unowned-priority", "missing"], found["unowned-priority", "missing or possible"]) == (missing, both)


def test_where_no_gaps_are_annotated_none_are_measured(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "plan.json").write_text(
        json.dumps({"council": "Oakvale", "priorities": [{"name": "Safe streets"}]}), encoding="utf-8"
    )
    combined = Combined(document_of("plan.md", PLAN, ontology=ontology), {}, {}, 0.0, 0.6)
    assert measure_gaps([(read_gold(tmp_path / "plan.json"), combined)], ontology) == {}
