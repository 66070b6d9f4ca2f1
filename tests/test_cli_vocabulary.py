"""The commands that look after the vocabulary, from a candidate to a found issue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goldenthread.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "minutes.txt").write_text(
        "Members were concerned about drone spying over the allotments.\n", encoding="utf-8"
    )
    with chdir(tmp_path):
        yield tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def labels() -> list[str]:
    return [c["label"] for c in json.loads(run("vocabulary", "candidates", "--format", "json").output)["candidates"]]


def test_an_accepted_candidate_is_an_issue_from_the_next_load_on(folder: Path) -> None:
    assert run("load", "minutes.txt", "--workers", "0").exit_code == 0
    assert "drone spying" in labels()
    accepted = run("vocabulary", "accept", "drone spying", "--broader", "harassment", "--into", "own.csv")
    assert accepted.exit_code == 0, accepted.output
    again = run("--vocabulary", "own.csv", "load", "minutes.txt", "--workers", "0")
    assert "in place of an older version" in again.output
    assert '"issue/drone-spying"' in run("--vocabulary", "own.csv", "export").output
    known = run("vocabulary", "accept", "Drone Spying", "--into", "own.csv")
    assert known.exit_code == 2
    assert "known already" in known.output


def test_a_rejected_candidate_is_not_listed_again(folder: Path) -> None:
    run("load", "minutes.txt", "--workers", "0")
    assert run("vocabulary", "reject", "drone spying", "--by", "analyst").exit_code == 0
    assert "drone spying" not in labels()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("accept", "drone spying", "--broader", "no such thing", "--into", "own.csv"), "There is no issue"),
     (("accept", "drone spying", "--into", "own.ttl"), "no CSV file")],
)  # fmt: skip
def test_what_cannot_be_accepted_gets_a_message(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    result = run("vocabulary", *arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_candidates_of_an_unknown_partnership_are_not_those_of_all(folder: Path) -> None:
    run("load", "minutes.txt", "--workers", "0")
    result = run("vocabulary", "candidates", "--partnership", "Nowhere")
    assert result.exit_code == 2
    assert "holds no partnership 'Nowhere'" in result.output
