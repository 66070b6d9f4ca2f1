"""The documentation names every command and rule, and what it says to type works."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from goldenthread.cli import main
from goldenthread.examples.demo import copy_documents
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
