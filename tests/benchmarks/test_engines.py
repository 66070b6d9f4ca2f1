"""The comparison of the engines runs, and finds that they agree."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from neo4j_server import Login, wipe

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "engines.py"


@pytest.mark.slow
def test_the_engines_are_measured_and_agree(neo4j_login: Login) -> None:
    wipe(neo4j_login)
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--server", neo4j_login.url, "--size", "smoke"],
        env=os.environ | {"NEO4J_PASSWORD": neo4j_login.password}, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "| `gaps` of one partnership, all rules |" in done.stdout
