"""Prompts at the command line, and the way back of their answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goldenthread.cli import main

Run = Callable[..., Result]
PLAN = "# Plan 2024-2027\n\nThe Brightside Collective leads on arson.\n"
CLAIM = {
    "quote": "The Brightside Collective leads on arson",
    "subject": {"type": "Partner", "name": "Brightside Collective"},
    "predicate": "leads",
    "object": {"type": "Issue", "name": "arson"},
}
GHOST = {**CLAIM, "subject": {"type": "Partner", "name": "Ghost Service"}}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run in a folder that holds docs/plan.md and docs/closed/report.txt, which is exempt."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOLDENTHREAD_STORE", raising=False)
    for name, text in (("plan.md", PLAN), ("closed/report.txt", "NOT FOR PUBLICATION\n\nThe Police lead on arson.\n")):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def test_prompts_are_written_and_exempt_documents_left_out(run: Run) -> None:
    result = run("prompts", "docs", "--to", "prompts")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("1 prompt for 1 document written, about ")
    assert "Nothing was sent anywhere." in result.stdout
    assert "left out: docs/closed/report.txt: says that it is not for publication" in result.stderr
    assert [path.name for path in Path("prompts").rglob("*.txt")] == ["plan.md.1-of-1.txt"]
    before = Path("prompts/plan.md.1-of-1.txt").read_bytes()
    assert run("prompts", "docs", "--to", "prompts", "--include-exempt").exit_code == 0
    assert Path("prompts/plan.md.1-of-1.txt").read_bytes() == before
    assert Path("prompts/closed/report.txt.1-of-1.txt").is_file()


@pytest.mark.parametrize(
    ("head", "is_exempt"),
    [
        ("CONFIDENTIAL", True),
        ("PRIVATE AND CONFIDENTIAL", True),
        ("Part 2 – exempt under Schedule 12 A", True),
        ("OFFICIAL-SENSITIVE", True),
        ("This report contains exempt information.", True),
        ("This report contains no exempt information.", False),
        ("Confidential helplines are listed below.", False),
    ],
)
def test_what_says_that_it_is_exempt_is_left_out(run: Run, head: str, is_exempt: bool) -> None:
    Path("one").mkdir()
    Path("one/a.txt").write_text(f"Report\n\n{head}\n\nThe Police lead on arson.\n", encoding="utf-8")
    result = run("prompts", "one", "--to", "prompts")
    assert ("left out: one/a.txt" in result.stderr, not Path("prompts").exists()) == (is_exempt, is_exempt)


def test_prompts_of_two_documents_with_one_name_do_not_overwrite_each_other(run: Run) -> None:
    for year in ("2023", "2024"):
        Path(year).mkdir()
        Path(year, "minutes.txt").write_text(f"Minutes of {year}.\n", encoding="utf-8")
    result = run("prompts", "2023", "2024", "--to", "prompts")
    assert result.exit_code == 3
    assert "not read: 2024/minutes.txt: is called as 2023/minutes.txt" in result.stderr
    assert "Minutes of 2023." in Path("prompts/minutes.txt.1-of-1.txt").read_text(encoding="utf-8")


def test_answers_come_back_and_what_is_invented_is_rejected(run: Run) -> None:
    run("prompts", "docs", "--to", "prompts")
    answers = Path("answers")
    answers.mkdir()
    fenced = "Of course!\n```json\n" + json.dumps(CLAIM) + "\n" + json.dumps(GHOST) + "\n```\n"
    (answers / "plan.md.1-of-1.txt").write_text(fenced, encoding="utf-8")
    loaded = run(
        "load", "docs", "--partnership", "Harrowmere", "--workers", "0", "--reader", "none", "--claims", "answers"
    )
    assert loaded.exit_code == 0, loaded.output
    assert "name not in the document: “Ghost Service”" in loaded.stderr
    owners = run("owners", "arson", "--format", "json")
    assert "Brightside Collective" in owners.stdout
    assert "Ghost" not in owners.stdout


def test_prompts_given_as_answers_are_passed_over(run: Run) -> None:
    run("prompts", "docs", "--to", "prompts")
    loaded = run("load", "docs", "--partnership", "Harrowmere", "--workers", "0", "--claims", "prompts")
    assert loaded.exit_code == 0, loaded.output
    assert "a prompt, not the answer to one" in loaded.stderr


def test_a_document_that_cannot_be_read_is_named(run: Run) -> None:
    result = run("prompts", "none.pdf", "--to", "prompts")
    assert result.exit_code == 3
    assert "not read: none.pdf" in result.stderr
