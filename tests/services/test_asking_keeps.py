"""Answers that are kept: they count again, resume, travel and go; and what other commands make of them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest
from asked import GRAFFITI, RECORDED, RIGHT, Run, environment, led, load, readers_of
from click.testing import Result
from replay import Replay, Said, claims

from goldenthread.commands.language_model import time_left
from goldenthread.examples.demo import copy_documents
from goldenthread.graph import Answer, open_store
from goldenthread.ontology import load_ontology


def test_the_same_answers_count_again_without_a_request(run: Run, model: Replay) -> None:
    load(run, model)
    first = run("export", "--with-text").stdout
    model.asked.clear()
    assert "3 unchanged" in load(run, model).stdout
    assert model.asked == []
    result = load(run, None)
    assert (result.exit_code, model.asked) == (0, []), result.output
    assert run("export", "--with-text").stdout == first


def test_refresh_asks_again(run: Run, model: Replay) -> None:
    load(run, model)
    model.asked.clear()
    model.say = lambda _: Said(claims())
    assert load(run, model, "--refresh").exit_code == 0
    assert len(model.asked) == 2
    assert led(run) == set()


def test_another_model_is_asked_for_itself(run: Run, model: Replay) -> None:
    load(run, model)
    model.asked.clear()
    result = run(
        "load", "docs", "--partnership", "Harrowmere", "--workers", "0", "--reader", "llm", "--llm-model", "large",
        "--llm", model.url, "--yes",
    )  # fmt: skip
    assert (result.exit_code, len(model.asked)) == (0, 2)
    assert readers_of(run) == {"llm:large"}


def test_a_colleague_without_a_model_gets_the_same_graph(run: Run, model: Replay) -> None:
    load(run, model)
    run("export", "--output", "graph.jsonl")
    model.asked.clear()
    imported = run("--store", "colleague.db", "import", "graph.jsonl")
    assert "2 answers of language models imported" in imported.stdout
    assert run("--store", "colleague.db", "export").stdout == run("export").stdout
    loaded = run(
        "--store", "colleague.db", "load", "docs", "--partnership", "Harrowmere", "--workers", "0", "--reader", "llm",
        "--llm-model", "small",
    )  # fmt: skip
    assert (loaded.exit_code, model.asked) == (0, []), loaded.output
    assert "3 of them in place of an older version" in loaded.stdout
    assert run("--store", "colleague.db", "export").stdout == run("export").stdout


def test_parts_without_a_kept_answer_are_counted_and_named(run: Run, model: Replay) -> None:
    load(run, model)
    Path("docs/new.txt").write_text("The Oakham Wardens lead on fraud.\n", encoding="utf-8")
    result = load(run, None)
    assert result.exit_code == 3
    assert "not read by the model: docs/new.txt: 1 of 1 part without an answer of the model." in result.stderr
    assert "only answers that are kept counted there. Load with --llm URL" in result.stderr
    assert ("Oakham Wardens", "graffiti") in led(run)


def test_answers_go_with_their_document_and_with_its_older_version(run: Run, model: Replay) -> None:
    load(run, model)
    Path("docs/plan.md").write_text("# Plan\n\nThe Brightside Collective is no more.\n", encoding="utf-8")
    model.say = lambda _: Said(claims())
    load(run, model)
    kept = [json.loads(line) for line in run("export").stdout.splitlines() if '"kind":"answer"' in line]
    assert [(each["document"], "arson" in each["text"]) for each in kept] == [
        ("document/docs/notes.txt", False),
        ("document/docs/plan.md", False),
    ]
    run("forget", "docs/plan.md")
    kept = [json.loads(line) for line in run("export").stdout.splitlines() if '"kind":"answer"' in line]
    assert [each["document"] for each in kept] == ["document/docs/notes.txt"]


def test_answers_to_what_is_asked_no_more_are_pruned_once_there_are_new_ones(run: Run, model: Replay) -> None:
    load(run, model)
    Path("own.csv").write_text("label\nbeekeeping\n", encoding="utf-8")

    def with_own_issues(*more: str) -> Result:
        return run(
            "--vocabulary", "own.csv", "load", "docs", "--partnership", "Harrowmere", "--workers", "0",
            "--reader", "llm", "--llm-model", "small", *more,
        )  # fmt: skip

    assert with_own_issues().exit_code == 3
    assert run("--vocabulary", "own.csv", "export").stdout.count('"kind":"answer"') == 2
    assert with_own_issues("--llm", model.url, "--yes").exit_code == 0
    assert run("--vocabulary", "own.csv", "export").stdout.count('"kind":"answer"') == 2
    assert load(run, None).exit_code == 3


def test_a_kill_in_the_middle_costs_no_answer_that_was_there(run: Run, replay: Replay) -> None:
    for number in range(6):
        Path(f"docs/{number}.txt").write_text(f"The Oakham Wardens lead on item {number}.\n", encoding="utf-8")
    replay.say = lambda _: Said(claims(), seconds=0 if len(replay.asked) <= 3 else 60)
    arguments = [
        "load", "docs", "--partnership", "Harrowmere", "--workers", "0", "--reader", "llm", "--llm-model", "small",
        "--llm", replay.url, "--yes", "--llm-requests", "1",
    ]  # fmt: skip
    child = subprocess.Popen([sys.executable, "-m", "goldenthread", *arguments], env=environment())
    try:
        last = time.monotonic() + 60
        while len(replay.asked) < 4 and time.monotonic() < last and child.poll() is None:
            time.sleep(0.05)
    finally:
        child.kill()
        child.wait()
    first = [asked.document for asked in replay.asked]
    assert len(first) == 4
    replay.asked.clear()
    replay.say = lambda _: Said(claims())
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert set(first[:3]).isdisjoint(asked.document for asked in replay.asked)
    assert len(replay.asked) == 5


def test_answers_about_a_document_that_was_never_loaded_can_be_forgotten(run: Run, model: Replay) -> None:
    load(run, model)
    exported = [json.loads(line) for line in run("export").stdout.splitlines()]
    (answer,) = (each for each in exported if each["kind"] == "answer" and "graffiti" in each["text"])
    with open_store("goldenthread.db", load_ontology()) as store:
        store.keep_answer(Answer("document/docs/gone.txt", answer["prompt"], "small", "f0", "what it said"))
    assert run("forget", "docs/gone.txt").exit_code == 0
    with open_store("goldenthread.db", load_ontology()) as store:
        assert {each.document for each in store.answers()} == {"document/docs/notes.txt", "document/docs/plan.md"}


def test_several_requests_at_once_give_the_same_bytes(run: Run, model: Replay) -> None:
    for number in range(8):
        name = f"{number}.txt"
        Path(f"docs/{name}").write_text("The Oakham Wardens lead on graffiti.\n", encoding="utf-8")
        RIGHT[name] = claims(GRAFFITI)
    slow = {name: 0.02 * (index % 3) for index, name in enumerate(sorted(RIGHT))}
    model.say = lambda asked: Said(RIGHT[asked.document], seconds=slow[asked.document])
    found = set()
    for at_once in ("1", "4"):
        result = run(
            "--store", f"{at_once}.db", "load", "docs", "--partnership", "Harrowmere", "--workers", "0", "--reader",
            "llm", "--llm-model", "small", "--llm", model.url, "--yes", "--llm-requests", at_once,
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        found.add(run("--store", f"{at_once}.db", "export").stdout)
    assert len(found) == 1
    assert 2 <= model.busiest <= 4


def test_claims_shows_what_the_kept_answers_claim_and_asks_nobody(run: Run, model: Replay) -> None:
    load(run, model)
    model.asked.clear()
    shown = run("claims", "plan.md", "--reader", "rules,llm", "--llm-model", "small", "--format", "json")
    assert shown.exit_code == 0, shown.output
    assert "llm:small" in {json.loads(line)["reader"] for line in shown.stdout.splitlines()}
    assert model.asked == []


def test_evaluate_measures_the_kept_answers(run: Run, model: Replay) -> None:
    load(run, model)
    Path("gold").mkdir()
    gold = {"document": "plan.md", "council": "Harrowmere", "kind": "plan", "entities": [], "relations": []}
    Path("gold/plan.json").write_text(json.dumps(gold), encoding="utf-8")
    result = run("evaluate", "docs", "gold", "--reader", "llm", "--llm-model", "small")
    assert "1 document" in result.output, result.output


def test_a_calibration_of_ones_own_decides_what_is_stated(run: Run, model: Replay) -> None:
    data = json.loads((files("goldenthread.loaders") / "calibration.json").read_text(encoding="utf-8"))
    load(run, model)
    statuses = []
    for prior in (0.2, 0.95):
        data["priors"]["llm"] = {"other": prior}
        Path("own.json").write_text(json.dumps(data), encoding="utf-8")
        result = load(run, None, "--calibration", "own.json")
        assert "2 of them in place of an older version" in result.stdout or "3 of them" in result.stdout
        lines = [json.loads(line) for line in run("export").stdout.splitlines()]
        statuses.append({line["status"] for line in lines if line["kind"] == "statement"})
    assert statuses == [{"suggested"}, {"extracted"}]


@pytest.mark.parametrize(
    "data",
    [b"{}", b"[1]", b"\xff", b'{"threshold": NaN}', b'{"threshold": 2, "floor": 0, "weights": {}, "priors": {}}'],
)
def test_a_file_that_is_no_calibration_is_refused(run: Run, data: bytes) -> None:
    Path("own.json").write_bytes(data)
    result = run("load", "docs", "--calibration", "own.json")
    assert result.exit_code == 2
    assert "own.json" in result.stderr
    assert "goldenthread evaluate --fit-prior" in result.stderr


def test_the_time_left_is_told_in_words() -> None:
    assert time_left(1, 3, 10.0) == ", less than a minute left"
    assert time_left(2, 10, 60.0) == ", about 4 minutes left"
    assert time_left(10, 10, 60.0) == ""


def test_the_example_is_read_through_an_endpoint(
    run: Run, replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_documents(tmp_path)
    replay.recorded(RECORDED)
    arguments = (
        "load", "harrowmere", "--partnership", "Harrowmere", "--reader", "rules,llm", "--llm-model", "recorded",
    )  # fmt: skip
    result = run(*arguments, "--llm", replay.url, "--yes")
    assert result.exit_code == 0, result.output
    assert len(replay.asked) == 7
    assert "2 rejected" in result.stdout
    owners = run("owners", "Serious Violence Panel", "--format", "json").stdout
    assert "Youth Justice Service Manager" in owners
    assert "Westmarch Cyber Crime Unit" not in run("export").stdout.replace(
        "".join(line for line in run("export").stdout.splitlines(True) if '"kind":"answer"' in line), ""
    )
    assert run("audit").exit_code == 0
    first = run("export", "--with-text").stdout
    replay.asked.clear()
    assert "7 unchanged" in run(*arguments).stdout
    run("forget", "workshop-2023.txt")
    assert run(*arguments, "--llm", replay.url, "--yes").exit_code == 0
    assert [asked.document for asked in replay.asked] == ["workshop-2023.txt"]
    assert run("export", "--with-text").stdout == first
