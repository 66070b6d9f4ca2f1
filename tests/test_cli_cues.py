"""The command that measures cues: its formats, what it writes, and what it says when something is missing."""

from __future__ import annotations

import csv
import io
import json
import tomllib
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
        text = f"Update\n\nThe Quillgate Action Group is chaired by the {chair}.\n\nOperation Lantern is run by Westmarch Police.\n"
        relations = [
            {"s": chair, "p": "chairs", "o": "Quillgate Action Group", "quote": ""},
            {"s": "Trading Standards", "p": "leads", "o": "Operation Heron", "quote": ""},
        ]
        gold = {"council": council.title(), "subgroups": [{"name": "Quillgate Action Group"}], "relations": relations}
        (tmp_path / council / "docs" / "minutes.txt").write_text(text, encoding="utf-8")
        (tmp_path / council / "gold" / "minutes.json").write_text(json.dumps(gold), encoding="utf-8")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["cues", *arguments])

    return call


OAKVALE = ("oakvale/docs", "oakvale/gold")
BOTH = (*OAKVALE, "--also", "brackenby/docs", "brackenby/gold")


def test_the_first_line_is_the_finding(run: Run) -> None:
    result = run(*BOTH)
    assert result.exit_code == 0, result.output
    first = result.output.splitlines()[0]
    assert first.startswith("2 of 4 statements are right in 2 documents of 2 councils (")
    assert "2 of " in first.split(";")[1]


def test_cues_that_are_wrong_come_first(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run(*BOTH, "--format", "csv").output)))
    assert [(r["Cue"], r["Hits"], r["Right"], r["Wrong"], r["Neither"]) for r in rows[:2]] == [
        ("led-by", "2", "0", "2", "0"), ("chaired-by", "2", "2", "0", "0"),
    ]  # fmt: skip
    assert {r["Hits"] for r in rows[2:]} == {"0"}
    assert "survey-table" in {r["Cue"] for r in rows}


@pytest.mark.parametrize("more", [(), ("--leave-one-out",)])
def test_every_format_is_written(run: Run, more: tuple[str, ...]) -> None:
    found = json.loads(run(*BOTH, *more, "--format", "json").output)
    assert found["finding"].endswith(".")
    assert len({len(row) for row in csv.reader(io.StringIO(run(*BOTH, *more, "--format", "csv").output))}) == 1
    assert "| --- |" in run(*BOTH, *more, "--format", "md").output
    assert run(*BOTH, *more).output == run(*BOTH, *more).output


def test_json_holds_the_scores_and_the_cues(run: Run) -> None:
    found = json.loads(run(*BOTH, "--format", "json").output)
    assert found["councils"] == ["Brackenby", "Oakvale"]
    assert found["scores"]["relations"] == {"p": 0.5, "r": 0.5, "f": 0.5, "found": 4, "n": 4}
    chaired = next(c for c in found["cues"] if c["cue"] == "chaired-by")
    assert chaired["precision"] == chaired["recall"] == 1.0
    assert 0.5 < chaired["confidence"] < 1


def test_councils_are_left_out_in_turn(run: Run) -> None:
    found = json.loads(run(*BOTH, "--leave-one-out", "--format", "json").output)
    assert [c["council"] for c in found["councils"]] == ["Brackenby", "Oakvale"]
    # What led-by finds is wrong in either council, so the other is read without it, and is the better for it.
    assert all("led-by" in c["left_out"] for c in found["councils"])
    assert found["pooled"]["scores_with_all"]["relations"]["p"] == 0.5
    assert found["pooled"]["scores"]["relations"]["p"] == 1.0
    assert found["pooled"]["scores"]["relations"]["r"] == 0.5
    strictest = json.loads(run(*BOTH, "--leave-one-out", "--threshold", "1", "--format", "json").output)
    assert [c["left_out"] for c in strictest["councils"]] == [["chaired-by", "led-by"]] * 2, "cues that were never judged stay"
    all_kept = json.loads(run(*BOTH, "--leave-one-out", "--threshold", "0", "--format", "json").output)
    assert all_kept["pooled"]["scores"] == all_kept["pooled"]["scores_with_all"]


def test_confidences_are_written_for_the_loaders(run: Run, tmp_path: Path) -> None:
    assert run(*BOTH, "--write", "precision.toml", "--output", "cues.txt").exit_code == 0
    written = tomllib.loads((tmp_path / "precision.toml").read_text(encoding="utf-8"))
    assert list(written) == ["chaired-by", "led-by"]
    assert written["led-by"]["hits"] == 2
    assert written["led-by"]["precision"] < 0.5 < written["chaired-by"]["precision"]
    assert b"\r" not in (tmp_path / "precision.toml").read_bytes()


def test_what_could_not_be_read_is_named_and_the_rest_measured(run: Run, tmp_path: Path) -> None:
    (tmp_path / "oakvale" / "docs" / "empty.txt").write_bytes(b"")
    (tmp_path / "oakvale" / "gold" / "empty.json").write_text('{"council": "Oakvale"}', encoding="utf-8")
    (tmp_path / "oakvale" / "docs" / "other.txt").write_text("Notes\n", encoding="utf-8")
    result = run(*OAKVALE)
    assert result.exit_code == 3
    assert "1 of 2 statements are right in 1 document of 1 council" in result.output
    assert "not read: oakvale/docs/empty.txt" in result.output
    assert "passed over: oakvale/docs/other.txt: has no annotation" in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("oakvale/docs", "nowhere"), 2, "does not exist"),
        (("oakvale/docs", "oakvale/docs"), 2, "has an annotation"),
        ((*OAKVALE, "--leave-one-out"), 2, "one council"),
        ((*OAKVALE, "--threshold", "2"), 2, "not in the range"),
        ((*OAKVALE, "--also", "oakvale/docs"), 2, "requires 2 arguments"),
        ((*OAKVALE, "--write", "nowhere/file.toml"), 2, "could not be written"),
    ],
)
def test_what_cannot_be_used_gets_a_message(run: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, words in result.output) == (code, True), result.output
    assert "Traceback" not in result.output


def test_a_broken_annotation_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "oakvale" / "gold" / "minutes.json").write_text("{", encoding="utf-8")
    result = run(*OAKVALE)
    assert result.exit_code == 3
    assert "minutes.json is not an annotation" in result.output
