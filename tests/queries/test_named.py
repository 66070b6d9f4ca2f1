"""The named queries: each exists for every engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.queries import named as module
from goldenthread.queries.named import named

FOLDER = Path(module.__file__).parent


def test_every_query_is_there_for_every_engine() -> None:
    by_language = [{path.stem for path in FOLDER.glob(f"*.{language}")} for language in ("sql", "cypher")]
    assert by_language[0] == by_language[1]
    assert by_language[0]


def test_an_unknown_query_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        named("nothing")
