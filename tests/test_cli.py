"""The commands: output formats, exit codes, and a message with a cure for everything that goes wrong."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goldenthread.cli import main
from goldenthread.examples.demo import copy_documents
from goldenthread.graph import Decision, open_store
from goldenthread.ontology import load_ontology

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOLDENTHREAD_STORE", raising=False)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    return call


@pytest.fixture
def loaded(run: Run, tmp_path: Path) -> Run:
    copy_documents(tmp_path)
    assert run("load", "harrowmere", "--partnership", "Harrowmere").exit_code == 0
    return run


def test_help_names_every_command(run: Run) -> None:
    text = run("--help").output
    for command in (
        "demo",
        "load",
        "gaps",
        "owners",
        "coverage",
        "ask",
        "show",
        "search",
        "view",
        "briefing",
        "query",
        "export",
        "import",
        "audit",
        "forget",
        "claims",
    ):
        assert f"\n  {command} " in text


def test_help_is_quick() -> None:
    best = min(_seconds([sys.executable, "-m", "goldenthread", "--help"]) for _ in range(3))
    bare = min(_seconds([sys.executable, "-c", "pass"]) for _ in range(3))
    assert best - bare < 0.25


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def test_the_demonstration_shows_gaps_owners_and_a_picture(run: Run, tmp_path: Path) -> None:
    result = run("demo")
    assert result.exit_code == 0
    assert "issues raised have no priority" in result.output
    assert "Safer Lives Online" in result.output
    assert (tmp_path / "demo" / "network.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    "arguments",
    [
        ["gaps"], ["owners", "fraud"], ["coverage"], ["ask", "Who chairs the Serious Violence Panel?"],
        ["show", "knife crime"], ["search", "fly-tipping"], ["audit"],
        ["query", "--sql", "SELECT label FROM entity WHERE type = 3 ORDER BY 1"],
    ],
)  # fmt: skip
def test_what_lists_writes_every_format(loaded: Run, arguments: list[str]) -> None:
    table = loaded(*arguments)
    assert table.exit_code == 0, table.output
    finding = table.output.splitlines()[0]
    assert finding.endswith((".", "?", "”"))
    json.loads(loaded(*arguments, "--format", "json").output)
    rows = list(csv.reader(io.StringIO(loaded(*arguments, "--format", "csv").output)))
    assert len({len(row) for row in rows}) <= 1
    assert loaded(*arguments, "--format", "md").output.startswith(finding.split(" ")[0])


def test_gaps_as_json_keep_the_contract(loaded: Run) -> None:
    found = json.loads(loaded("gaps", "--format", "json").output)
    assert {"finding", "gaps"} <= set(found)
    for gap in found["gaps"]:
        assert {
            "rule",
            "severity",
            "basis",
            "id",
            "label",
            "type",
            "partnership",
            "message",
            "hint",
            "evidence",
            "nearest",
        } == set(gap)


def test_of_several_partnerships_gaps_say_whose_they_are(loaded: Run, tmp_path: Path) -> None:
    (tmp_path / "elm.txt").write_text("Priority 1: Safer parks\n", encoding="utf-8")
    loaded("load", "elm.txt", "--partnership", "Elmdon")
    head, *rows = csv.reader(io.StringIO(loaded("gaps", "--format", "csv").output))
    assert (head[0], {row[0] for row in rows}) == (
        "Partnership",
        {f"{place} Community Safety Partnership" for place in ("Elmdon", "Harrowmere")},
    )
    assert (
        next(csv.reader(io.StringIO(loaded("gaps", "--partnership", "Elmdon", "--format", "csv").output)))[0]
        == "Severity"
    )


def test_years_are_shown_for_all_days_at_once(loaded: Run) -> None:
    found = json.loads(loaded("coverage", "--years", "--format", "json").output)
    assert found["finding"].startswith(f'"{found["issues"][0]["label"]}" ')
    assert all(sum(issue["times"].values()) == issue["all"] > 0 for issue in found["issues"])
    refused = loaded("coverage", "--years", "--on", "2024-05-31")
    assert (refused.exit_code, "takes no --on" in refused.output) == (2, True)


def test_fail_on_sets_the_exit_code(loaded: Run) -> None:
    assert loaded("gaps", "--fail-on", "violation").exit_code == 1
    assert loaded("gaps", "--rule", "partly-covered-issue", "--fail-on", "violation").exit_code == 0


def test_explain_says_what_a_rule_checks(loaded: Run) -> None:
    text = loaded("gaps", "--explain", "--rule", "unowned-priority").output
    assert "Nobody leads or delivers" in text
    assert "SELECT" in text


def test_export_and_import_go_both_ways(loaded: Run, tmp_path: Path) -> None:
    for format_ in ("jsonl", "trig", "nq"):
        assert loaded("export", "--format", format_, "--output", f"out.{format_}").exit_code == 0
        imported = loaded("--store", f"{format_}.db", "import", f"out.{format_}")
        assert imported.exit_code == 0, imported.output
        assert loaded("--store", f"{format_}.db", "export", "--output", "again.jsonl").exit_code == 0
        assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "out.jsonl").read_bytes()


def test_what_people_decided_comes_back_with_an_import_and_only_once(loaded: Run, tmp_path: Path) -> None:
    with open_store(str(tmp_path / "goldenthread.db"), load_ontology()) as store:
        store.record(Decision("confirm", "a|leads|b|", "looked up", "Scrutiny officer"))
    loaded("export", "--output", "out.jsonl")
    first, again = (loaded("--store", "other.db", "import", "out.jsonl").output for _ in range(2))
    assert first.endswith("0 unchanged; 1 decision imported.\n")
    assert "decision" not in again
    loaded("--store", "other.db", "export", "--output", "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "out.jsonl").read_bytes()


@pytest.mark.parametrize("format_", ["ttl", "jsonld", "graphml", "gexf", "kumu", "cypher", "csv", "xlsx"])
def test_other_formats_are_written(loaded: Run, tmp_path: Path, format_: str) -> None:
    assert loaded("export", "--format", format_, "--output", "out").exit_code == 0
    assert (tmp_path / "out").stat().st_size > 1000


def test_a_pair_of_csv_files_needs_a_name(loaded: Run, tmp_path: Path) -> None:
    assert loaded("export", "--format", "csv-pair").exit_code == 2
    assert loaded("export", "--format", "csv-pair", "--output", "graph").exit_code == 0
    assert (tmp_path / "graph-nodes.csv").read_text(encoding="utf-8").startswith("Id,Label,")
    assert (tmp_path / "graph-edges.csv").read_text(encoding="utf-8").startswith("Source,Target,")


@pytest.mark.parametrize(
    ("arguments", "holds"),
    [
        ([], "who owns which issue?"),
        (["--as", "network"], "From the issue to those who must act"),
        (["--as", "source"], "The text as it was read"),
        (["--as", "source", "--document", "consultation-2024.csv"], "consultation-2024.csv"),
        (["--focus", "fraud"], "Safer Lives Online"),
        (["--as", "network", "--focus", "fraud", "--to", "Trading Standards"], "Scams awareness week in libraries"),
        (["--theme", "violence and weapons"], "knife crime"),
        (["--gaps"], "catalytic converter theft"),
        (["--on", "2022-05-01"], "Safer Villages and Farms"),
    ],
)
def test_pages_are_written_whole_or_narrowed(loaded: Run, arguments: list[str], holds: str) -> None:
    result = loaded("view", *arguments, "--output", "-")
    assert result.exit_code == 0, result.output
    assert holds in result.output
    assert result.output.startswith("<!DOCTYPE html>")


def test_a_narrower_page_holds_less(loaded: Run) -> None:
    whole, near = (len(loaded("view", *arguments, "--output", "-").output) for arguments in ([], ["--focus", "fraud"]))
    assert near < 0.6 * whole


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["view", "--to", "fraud"], 2, "--to needs --focus"),
        (["view", "--document", "plan.md"], 2, "--document is for --as source"),
        (["view", "--theme", "weather"], 2, "No single theme is called “weather”"),
        (["view", "--focus", "piracy"], 2, "do not speak of 'piracy'"),
        (["view", "--focus", "speeding", "--theme", "drug"], 2, "Nothing is left to show"),
        (["view", "--as", "source", "--document", "nothing.md"], 2, "holds no document 'nothing.md'"),
        (["briefing", "--partnership", "Nowhere"], 2, "holds no partnership 'Nowhere'"),
    ],
)
def test_what_cannot_be_drawn_says_why(loaded: Run, arguments: list[str], code: int, says: str) -> None:
    result = loaded(*arguments)
    assert (result.exit_code, says in result.output) == (code, True), result.output


def test_a_briefing_is_a_page_or_a_word_document(loaded: Run, tmp_path: Path) -> None:
    assert loaded("briefing").output == "Wrote briefing.html.\n"
    assert (tmp_path / "briefing.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert loaded("briefing", "--output", "briefing.docx").exit_code == 0
    assert (tmp_path / "briefing.docx").read_bytes().startswith(b"PK")


def test_a_briefing_of_several_partnerships_asks_for_one(loaded: Run, tmp_path: Path) -> None:
    (tmp_path / "elm.txt").write_text("Priority 1: Safer parks\n", encoding="utf-8")
    loaded("load", "elm.txt", "--partnership", "Elmdon")
    refused = loaded("briefing")
    assert (refused.exit_code, "Name one with --partnership" in refused.output) == (2, True)
    assert loaded("briefing", "--partnership", "Elmdon").exit_code == 0


def test_a_dry_run_changes_nothing(loaded: Run, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("Priority 1: Safer parks\n", encoding="utf-8")
    result = loaded("load", "new.txt", "harrowmere", "--partnership", "Harrowmere", "--dry-run")
    assert "1 would be added, 0 replaced, 7 left unchanged" in result.output
    assert "Safer parks" not in loaded("export").output


def test_forgetting_takes_a_documents_words_away(loaded: Run) -> None:
    assert loaded("forget", "consultation-2024.csv").exit_code == 0
    assert "consultation-2024" not in loaded("export").output
    again = loaded("forget", "consultation-2024.csv")
    assert again.exit_code == 2
    assert "holds no document" in again.output


def test_bad_input_costs_that_input_and_never_the_rest(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Priority 1: Safer parks\n", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "utf16.txt").write_text("Priority 1: Safer roads\n", encoding="utf-16")
    (tmp_path / "latin.txt").write_bytes("Priority 1: Safer caf\xe9s \x96 now\n".encode("latin-1"))
    result = run("load", "good.txt", "empty.txt", "binary.txt", "utf16.txt", "latin.txt", "missing-folder")
    assert result.exit_code == 3
    assert "3 documents loaded" in result.output
    for name, why in (("empty.txt", "is empty"), ("binary.txt", "is not text"), ("missing-folder", "does not exist")):
        assert f"not read: {name}" in result.output
        assert why in result.output
    assert "does not say whose it is" in result.output
    assert {"Safer parks", "Safer roads"} <= {
        json.loads(line).get("label") for line in run("export").output.splitlines()
    }
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["gaps"], 4, "There is no store"),
        (["--store", "letter.db", "gaps"], 4, "not a goldenthread store"),
        (["--vocabulary", "bad.ttl", "load", "letter.db"], 2, "not valid Turtle"),
        (["--vocabulary", "bad.csv", "load", "letter.db"], 2, "no column 'label'"),
        (["--vocabulary", "none.csv", "load", "letter.db"], 2, "could not be read"),
        (["load", "letter.db", "--date", "tomorrow"], 2, "is not a date"),
        (["load", "letter.db", "--plan-period", "soon"], 2, "not a plan's period"),
        (["load"], 2, "Missing argument"),
        (["query"], 2, "Give one query"),
    ],
)
def test_what_cannot_be_used_gets_a_message_and_an_exit_code(
    run: Run, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    (tmp_path / "letter.db").write_text("dear council, " * 200, encoding="utf-8")
    (tmp_path / "bad.ttl").write_text("this is not turtle", encoding="utf-8")
    (tmp_path / "bad.csv").write_text("name,sense\na,b\n", encoding="utf-8")
    result = run(*arguments)
    assert (result.exit_code, words in result.output) == (code, True), result.output
    assert "Traceback" not in result.output


def test_own_issues_are_found_from_the_next_load_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(
        "label,broader,alternatives\nswan baiting,rural crime,baiting of swans\n", encoding="utf-8"
    )
    (tmp_path / "plan.txt").write_text("Priority 1: Tackling the baiting of swans\n", encoding="utf-8")
    assert run("--vocabulary", "own.csv", "load", "plan.txt", "--partnership", "Oakvale").exit_code == 0
    assert "issue/swan-baiting" in run("export").output
    assert run("--vocabulary", "own.csv", "vocabulary", "check").exit_code == 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://example.org/x> WHERE { ?s ?p ?o }",
        "SELECT * WHERE { SERVICE <http://x> { ?s ?p ?o } }",
        "DROP ALL",
    ],
)
def test_sparql_cannot_reach_the_network_or_change_anything(loaded: Run, query: str) -> None:
    result = loaded("query", "--sparql", query)
    assert result.exit_code == 2
    assert "Error" in result.output


def test_a_query_that_is_wrong_is_called_that_in_the_words_of_the_engine(loaded: Run) -> None:
    for text, says in (
        ("SELECT nobody FROM entity", "no such column: nobody"),
        ("DELETE FROM entity", "may not use DELETE"),
        ("SELECT 1; SELECT 2", "one"),
    ):
        result = loaded("query", "--sql", text)
        assert (result.exit_code, says in result.output, "The store" in result.output) == (2, True, False), (
            result.output
        )


def test_what_fails_half_way_through_the_store_leaves_no_output(loaded: Run, tmp_path: Path) -> None:
    store, kept = tmp_path / "goldenthread.db", tmp_path / "out.jsonl"
    kept.write_text("the last export\n", encoding="utf-8")
    with sqlite3.connect(store) as db:
        db.execute("UPDATE statement SET predicate = 99 WHERE id = (SELECT max(id) FROM statement)")
    db.close()
    assert loaded("export", "--output", "out.jsonl").exit_code != 0
    assert kept.read_text(encoding="utf-8") == "the last export\n"
    assert loaded("export").stdout == ""


def test_sparql_asks_the_graph(loaded: Run) -> None:
    text = "PREFIX gt: <https://w3id.org/goldenthread/ns#> SELECT ?who WHERE { ?who gt:chairs ?group }"
    assert "head-of-community-safety" in loaded("query", "--sparql", text).output


def test_no_output_leaves_a_file_behind_in_another_encoding(loaded: Run, tmp_path: Path) -> None:
    loaded("gaps", "--output", "gaps.txt")
    assert b"\r\n" not in (tmp_path / "gaps.txt").read_bytes()
    assert "“" in (tmp_path / "gaps.txt").read_text(encoding="utf-8")
