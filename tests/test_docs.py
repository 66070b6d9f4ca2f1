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


def test_what_the_readme_says_to_type_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.move(str(copy_documents(tmp_path)), str(tmp_path / "our-documents"))
    lines = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("goldenthread ")] + re.findall(
        r"`(goldenthread (?:gaps|owners|coverage)[^`]*)`", README
    )
    assert len(commands) > 4
    for command in commands:
        result = CliRunner().invoke(main, shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}: {result.output}"
