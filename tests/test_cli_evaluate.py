"""The command that measures reading: what it finds, what it writes, and what it says when something is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goldenthread.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run in a folder with two councils' documents and annotations, each council's in folders of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOLDENTHREAD_STORE", raising=False)
    for council, chair in (("oakvale", "Head of Housing"), ("brackenby", "Head of Roads")):
        for folder in ("docs", "gold"):
            (tmp_path / council / folder).mkdir(parents=True)
        text = (
            f"Update\n\nThe Quillgate Action Group is chaired by the {chair}.\n\n"
            "Operation Lantern is run by Westmarch Police.\n"
        )
        relations = [
            {"s": chair, "p": "chairs", "o": "Quillgate Action Group", "quote": ""},
            {"s": "Trading Standards", "p": "leads", "o": "Operation Heron", "quote": ""},
        ]
        gold = {
            "council": council.title(),
            "kind": "minutes",
            "subgroups": [{"name": "Quillgate Action Group"}],
            "relations": relations,
        }
        (tmp_path / council / "docs" / f"{council}.txt").write_text(text, encoding="utf-8")
        (tmp_path / council / "gold" / f"{council}.json").write_text(json.dumps(gold), encoding="utf-8")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["evaluate", *arguments])

    return call


OAKVALE = ("oakvale/docs", "oakvale/gold")
BOTH = (*OAKVALE, "--also", "brackenby/docs", "brackenby/gold")


def test_the_first_line_is_the_finding(run: Run) -> None:
    result = run(*BOTH)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("2 documents: relations F1 0.500 (P 0.50, R 0.50); stated P")


def test_json_tells_all_from_stated_and_kinds_apart(run: Run) -> None:
    data = json.loads(run(*BOTH, "--format", "json").output)
    assert data["documents"] == ["oakvale", "brackenby"]
    assert data["all"]["chairs"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "found": 2, "wanted": 2}
    assert data["kinds"]["minutes"]["documents"] == 2
    assert data["stated"]["relations"]["found"] <= data["all"]["relations"]["found"]


def test_councils_are_told_apart(run: Run) -> None:
    data = json.loads(run(*BOTH, "--leave-out", "council", "--format", "json").output)
    assert sorted(data["council"]) == ["Brackenby", "Oakvale"]
    assert data["mean"] == 0.5


def test_probabilities_are_fitted_and_written(run: Run, tmp_path: Path) -> None:
    result = run(*BOTH, "--fit", "calibration.json")
    assert result.exit_code == 0, result.output
    data = json.loads((tmp_path / "calibration.json").read_text(encoding="utf-8"))
    assert data["weights"]["rules"]["cue chaired-by"] > 0 > data["weights"]["rules"]["cue led-by"]
    assert data["figures"]["rules"]["fitted on"].startswith("2 documents")


def test_what_cannot_be_read_or_compared_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "oakvale/docs/plan.txt").write_text("A plan.\n", encoding="utf-8")
    (tmp_path / "oakvale/docs/oakvale.txt").write_bytes(b"\x89PNG")
    result = run(*OAKVALE)
    assert result.exit_code == 3
    assert "passed over: oakvale/docs/plan.txt: has no annotation" in result.output
    assert "not read: oakvale/docs/oakvale.txt" in result.output
    assert run("oakvale/docs", "brackenby/gold").exit_code == 2


def test_claims_of_others_are_measured_alone(run: Run, tmp_path: Path) -> None:
    words = "The Quillgate Action Group is chaired by the Head of Housing."
    claim = {
        "document": "oakvale.txt", "quote": words, "subject": {"type": "Role", "name": "Head of Housing"},
        "predicate": "chairs", "object": {"type": "Subgroup", "name": "Quillgate Action Group"}, "reader": "llm:test",
    }  # fmt: skip
    (tmp_path / "claims.jsonl").write_text(json.dumps(claim) + "\n", encoding="utf-8")
    data = json.loads(run(*OAKVALE, "--reader", "none", "--claims", "claims.jsonl", "--format", "json").output)
    assert (data["all"]["relations"]["found"], data["all"]["chairs"]["p"], data["all"]["leads"]["found"]) == (1, 1.0, 0)
    assert run(*OAKVALE, "--reader", "nobody").exit_code == 2


@pytest.mark.parametrize("options", [(), ("--leave-out", "letter")])
def test_where_nothing_could_be_read_nothing_is_measured(run: Run, options: tuple[str, ...]) -> None:
    Path("oakvale/docs/oakvale.txt").write_bytes(b"")
    result = run(*OAKVALE, *options)
    assert result.exit_code == 3
    assert "not read: oakvale/docs/oakvale.txt" in result.stderr
    assert "None of the documents could be read, so nothing was measured." in result.stderr


def test_a_name_makes_no_line_of_its_own(run: Run) -> None:
    Path("oakvale/docs/ev\nil.txt").write_text("Nothing.")
    assert not [line for line in run(*OAKVALE).stderr.splitlines() if line.startswith("il.txt")]


def test_how_far_probabilities_hold_is_drawn(run: Run) -> None:
    from lxml import etree

    assert run(*OAKVALE, "--plot", "plot.svg").exit_code == 0
    drawing = etree.parse("plot.svg").getroot()
    said = re.fullmatch(r"2 statements; off by (0\.\d{3}) on average", drawing[0].text or "")
    told = [circle.findtext("{*}title") or "" for circle in drawing.findall("{*}circle")]
    bins = [re.fullmatch(r"(\d) statements of probability (0\.\d\d): ([01]\.\d\d) right", title) for title in told]
    off = [int(m[1]) * abs(float(m[2]) - float(m[3])) for m in bins if m]
    assert said is not None
    assert sum(int(m[1]) for m in bins if m) == 2
    assert abs(float(said[1]) - sum(off) / 2) < 0.01
    first = Path("plot.svg").read_bytes()
    run(*OAKVALE, "--plot", "plot.svg")
    assert Path("plot.svg").read_bytes() == first
