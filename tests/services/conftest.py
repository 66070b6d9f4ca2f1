"""A folder with documents, and a model that answers about them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from asked import CLOSED, NOTES, PLAN, RIGHT, Run
from click.testing import CliRunner
from replay import Replay, Said

from goldenthread.cli import main


@pytest.fixture(autouse=True)
def quick_and_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the environment, and no pauses before a request is tried again."""
    for name in list(os.environ):
        if name.startswith(("GOLDENTHREAD_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
    monkeypatch.setattr("openai._base_client.MAX_RETRY_DELAY", 0.001)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run in a folder that holds docs/plan.md, docs/notes.txt and docs/closed.txt, which is exempt."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("plan.md", PLAN), ("notes.txt", NOTES), ("closed.txt", CLOSED)):
        path = tmp_path / "docs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return lambda *arguments, **how: CliRunner().invoke(main, list(arguments), **how)


@pytest.fixture
def model(replay: Replay) -> Replay:
    """A model that answers rightly."""
    replay.say = lambda asked: Said(RIGHT[asked.document])
    return replay
