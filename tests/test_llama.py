"""A real server and a real model, small as it is, at the other end of the endpoint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from goldenthread.cli import main


@pytest.mark.slow
def test_a_small_model_at_a_llama_cpp_server_reads_and_invents_nothing(
    llama: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.md").write_text("# Plan 2024-2027\n\nThe Brightside Collective leads on arson.\n", encoding="utf-8")
    arguments = ["load", "plan.md", "--partnership", "Harrowmere", "--reader", "llm", "--llm-model", "smollm2"]
    result = CliRunner().invoke(main, [*arguments, "--llm", llama, "--yes", "--llm-timeout", "1500"])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in CliRunner().invoke(main, ["export"]).stdout.splitlines()]
    (answer,) = (line for line in lines if line["kind"] == "answer")
    # It was held to the schema, and stopped in the middle.
    assert answer["text"].split()[:2] == ["{", '"claims":']
    assert answer["whole"] is False
    assert "broke off" in result.stderr
    # Whatever it says of the instruction's examples, no document says so.
    named = {line["label"] for line in lines if line["kind"] == "entity"}
    assert not {"Violence Reduction Board", "knife crime"} & named
    again = CliRunner().invoke(main, arguments)
    assert (again.exit_code, "1 unchanged" in again.stdout) == (0, True), again.output
