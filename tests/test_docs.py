"""The documentation names every command and rule, and what it says to type works."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # nbformat brings it
from replay import Replay

from goldenthread.cli import main
from goldenthread.examples.demo import copy_documents
from goldenthread.loaders.readers.written.written_claims import schema_text
from goldenthread.ontology.shapes import load_rules

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_guide_names_every_command() -> None:
    for name in main.list_commands(click.Context(main)):
        assert f"goldenthread {name}" in GUIDE or f"goldenthread --vocabulary own.csv {name}" in GUIDE, name


def test_every_rule_is_described() -> None:
    text = (ROOT / "docs" / "gap-rules.md").read_text(encoding="utf-8")
    for rule in load_rules():
        assert f"| `{rule.code}` | {rule.severity} |" in text, rule.code


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_picture_is_shown_somewhere() -> None:
    shown = README + "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md"))
    for picture in (ROOT / "docs" / "pictures").iterdir():
        assert f"pictures/{picture.name})" in shown, picture.name


def commands_in(text: str) -> list[str]:
    """The commands of its blocks for the shell, and those for gaps, owners and coverage that stand in its lines."""
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return [line for line in lines if line.startswith("goldenthread ")] + re.findall(
        r"`(goldenthread (?:gaps|owners|coverage)[^`]*)`", text
    )


def run_all(commands: list[str]) -> None:
    for command in commands:
        result = CliRunner().invoke(main, shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}: {result.output}"


def blocks(page: str, language: str) -> list[str]:
    """The blocks of a page of docs/ in a language."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_claims_of_its_page_fit_the_schema_and_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = json.loads(schema_text())
    Draft202012Validator.check_schema(schema)
    lines = [line for block in blocks("claims.md", "jsonl") for line in block.splitlines()]
    assert len(lines) == 8
    for line in lines:
        Draft202012Validator(schema).validate(json.loads(line))
    monkeypatch.chdir(tmp_path)
    copy_documents(tmp_path)
    unsigned = [line for line in lines if "trusted" not in line]
    Path("claims.jsonl").write_text("\n".join(unsigned), encoding="utf-8")
    result = CliRunner().invoke(
        main, shlex.split("load harrowmere --partnership Harrowmere --workers 0 --reader none --claims claims.jsonl")
    )
    assert f"{len(unsigned)} claims taken, 0 rejected." in result.output


def test_the_reader_of_its_page_reads_and_its_commands_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    copy_documents(tmp_path)
    (reader,) = blocks("claims.md", "python")
    Path("headlines.py").write_text(reader, encoding="utf-8")
    command = [sys.executable, "headlines.py", "harrowmere/plan-2024-2027.md"]
    claims = subprocess.run(command, capture_output=True, check=True).stdout
    assert len(claims.splitlines()) == 6
    Path("claims.jsonl").write_bytes(claims)
    commands = commands_in((ROOT / "docs" / "claims.md").read_text(encoding="utf-8"))
    assert len(commands) > 7
    run_all(commands)
    invented = {**json.loads(claims.splitlines()[-1]), "subject": {"type": "Subgroup", "name": "Rural Crime Board"}}
    Path("claims.jsonl").write_bytes(claims + json.dumps(invented).encode())
    result = CliRunner().invoke(
        main, shlex.split("load harrowmere --partnership Harrowmere --workers 0 --claims claims.jsonl")
    )
    (shown,) = re.findall(r"```\n(  rejected: .*)\n```", (ROOT / "docs" / "claims.md").read_text(encoding="utf-8"))
    assert shown in result.output.splitlines()


def test_what_the_page_on_language_models_says_to_type_works(
    replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    copy_documents(tmp_path)
    replay.recorded(ROOT / "tests" / "replies" / "harrowmere")
    page = (ROOT / "docs" / "language-model.md").read_text(encoding="utf-8")
    first, *others = (command.replace("http://localhost:11434/v1", replay.url) for command in commands_in(page))
    run_all([first])
    assert replay.asked == []
    assert not Path("goldenthread.db").exists()
    run_all(others)
    assert len(others) == 3
    assert len(replay.asked) == 7
    known = {option for each in main.commands.values() for p in each.params for option in p.opts}
    assert {option for option in re.findall(r"(?<![-\w])--[a-z-]+", page) if option.startswith("--llm")} <= known


def test_what_readme_and_pages_say_to_type_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.move(str(copy_documents(tmp_path)), str(tmp_path / "our-documents"))
    commands = commands_in(README)
    assert len(commands) > 6
    run_all(commands)
    pages = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    commands = commands_in(pages)
    assert len(commands) > 9
    run_all(commands)
    (code,) = re.findall(r"```python\n(.*?)```", pages, re.DOTALL)
    exec(code, {})
    written = {"board.html", "network.html", "source.html", "briefing.html", "briefing.docx", "harrowmere.xlsx"}
    assert written <= {path.name for path in tmp_path.iterdir()}
