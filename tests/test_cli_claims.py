"""Claims files at the command line: loading them, seeing what became of them, and the schema."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from make_office import packed

from goldenthread.cli import main

Run = Callable[..., Result]
PLAN = "# Plan 2024-2027\n\nThe Brightside Collective leads on arson.\n\nResidents were concerned about burglary.\n"
ARSON = {
    "document": "plan.md",
    "quote": "The Brightside Collective leads on arson",
    "subject": {"type": "Partner", "name": "Brightside Collective"},
    "predicate": "leads",
    "object": {"type": "Issue", "name": "arson"},
}
GHOST = {**ARSON, "subject": {"type": "Partner", "name": "Brightsite Collective"}}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run in a folder that holds the documents docs/plan.md, docs/old/notes.txt and docs/new/notes.txt."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOLDENTHREAD_STORE", raising=False)
    for name, text in (
        ("plan.md", PLAN),
        ("old/notes.txt", "Residents said little.\n"),
        ("new/notes.txt", "Residents said much.\n"),
    ):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    return call


def write(name: str, *claims: dict[str, Any]) -> str:
    Path(name).write_text("".join(json.dumps(claim) + "\n" for claim in claims), encoding="utf-8")
    return name


def load(run: Run, *arguments: str) -> Result:
    return run("load", "docs", "--partnership", "Harrowmere", "--workers", "0", *arguments)


def statements(run: Run) -> set[tuple[str, str, str]]:
    lines = map(json.loads, run("export").stdout.splitlines())
    return {(s["subject"], s["predicate"], s["object"]) for s in lines if s["kind"] == "statement"}


LEADS = ("harrowmere/partner/brightside-collective", "leads", "issue/arson")


# ------------------------------------------------------------------------------------------------------ loading


def test_with_no_reader_only_claims_enter_the_graph(run: Run) -> None:
    result = load(run, "--reader", "none", "--claims", write("claims.jsonl", ARSON))
    assert result.exit_code == 0, result.output
    assert "1 claim taken, 0 rejected." in result.stdout
    assert statements(run) == {LEADS}


def test_claims_are_added_to_what_the_rules_read(run: Run) -> None:
    load(run)
    by_rules = statements(run)
    load(run, "--claims", write("claims.jsonl", ARSON))
    assert statements(run) >= by_rules | {LEADS}
    assert by_rules


def test_each_rejected_claim_is_named_with_reason_and_nearest_words_and_the_rest_is_loaded(run: Run) -> None:
    result = load(
        run,
        "--claims",
        write("claims.jsonl", ARSON, GHOST, {**ARSON, "quote": "leads on begging"}, {"document": "plan.md"}),
    )
    assert result.exit_code == 0
    assert (
        "1 claim taken, 3 rejected (1 name not in the document, 1 no claim, 1 quote not in the document)."
        in result.stdout
    )
    rejected = [line for line in result.stderr.splitlines() if line.startswith("  rejected: ")]
    assert rejected == [
        "  rejected: docs/plan.md: line 2 of claims.jsonl: name not in the document: “Brightsite Collective”; "
        "nearest: “Brightside Collective”",
        "  rejected: docs/plan.md: line 3 of claims.jsonl: quote not in the document: “leads on begging”; nearest: "
        "“leads on arson.”",
        "  rejected: docs/plan.md: line 4 of claims.jsonl: no claim: it has no 'quote'",
    ]


def test_a_document_whose_claims_all_fail_is_loaded(run: Run) -> None:
    result = load(run, "--reader", "none", "--claims", write("claims.jsonl", GHOST))
    assert result.exit_code == 0
    assert result.stdout.startswith("3 documents loaded with 0 statements")


def test_a_document_is_named_by_its_path_below_the_loaded_folder_or_by_its_name_if_that_is_the_only_one(
    run: Run,
) -> None:
    entity = {"quote": "Residents said", "entity": {"type": "Source", "name": "Residents"}}
    names = ["old/notes.txt", "docs/new/notes.txt", "old\\notes.txt", "./old/notes.txt", "notes.txt", "note.txt"]
    result = load(
        run, "--reader", "none", "--claims", write("claims.jsonl", *({**entity, "document": name} for name in names))
    )
    assert "4 claims taken, 2 rejected" in result.stdout
    assert (
        "  rejected: notes.txt: line 5 of claims.jsonl: several documents of this name: "
        "docs/new/notes.txt, docs/old/notes.txt" in result.stderr
    )
    assert "  rejected: note.txt: line 6 of claims.jsonl: document not loaded: “note.txt”; nearest: “" in result.stderr
    assert result.exit_code == 0


def test_claims_find_documents_inside_containers(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs" / "pack.zip").write_bytes(packed({"minutes/june.txt": PLAN.encode()}))
    result = load(run, "--reader", "none", "--claims", write("claims.jsonl", {**ARSON, "document": "june.txt"}))
    assert "1 claim taken, 0 rejected." in result.stdout, result.output


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_document_is_read_again_when_its_claims_or_readers_change_and_not_otherwise(run: Run, workers: str) -> None:
    def loaded(*arguments: str) -> str:
        return run("load", "docs", "--partnership", "Harrowmere", "--workers", workers, *arguments).stdout.splitlines()[
            0
        ]

    load(run)
    write("claims.jsonl", ARSON)
    assert loaded("--claims", "claims.jsonl").endswith("1 of them in place of an older version, 2 unchanged.")
    assert loaded("--claims", "claims.jsonl").endswith("3 unchanged.")
    write("claims.jsonl", {**ARSON, "score": 0.5})
    assert loaded("--claims", "claims.jsonl").endswith("1 of them in place of an older version, 2 unchanged.")
    assert loaded("--claims", "claims.jsonl", "--reader", "none").endswith("3 of them in place of an older version.")
    assert LEADS in statements(run)
    assert loaded("--reader", "none").endswith("1 of them in place of an older version, 2 unchanged.")
    assert statements(run) == set()


def test_a_dry_run_says_what_becomes_of_claims_and_changes_nothing(run: Run) -> None:
    load(run, "--reader", "none")
    result = load(run, "--dry-run", "--reader", "none", "--claims", write("claims.jsonl", ARSON, GHOST))
    assert "1 claim taken, 1 rejected" in result.stdout
    assert statements(run) == set()


def test_a_claims_file_that_cannot_be_parsed_is_named_and_the_rest_is_loaded(run: Run) -> None:
    Path("claims").mkdir()
    write("claims/good.jsonl", ARSON)
    Path("claims/bad.jsonl").write_text('{"document": "plan.md"}\n{"document": \n')
    result = load(run, "--reader", "none", "--claims", "claims")
    assert result.exit_code == 3
    assert "  not read: claims/bad.jsonl: bad.jsonl, line 2: is not JSON" in result.stderr
    assert statements(run) == {LEADS}


def test_a_claims_file_that_is_missing_is_an_input_that_cannot_be_read(run: Run) -> None:
    result = load(run, "--claims", "none.jsonl")
    assert result.exit_code == 3
    assert "none.jsonl does not exist" in result.stderr
    assert result.stdout.startswith("3 documents loaded")


@pytest.mark.parametrize("broken", ["none.jsonl", "bad.jsonl"])
def test_claims_that_cannot_be_read_cost_no_document_what_was_claimed_of_it(
    run: Run, tmp_path: Path, broken: str
) -> None:
    Path("bad.jsonl").write_text("{")
    good = write("claims.jsonl", ARSON)
    load(run, "--reader", "none", "--claims", good)
    before = statements(run)
    (tmp_path / "docs" / "new.md").write_text("Residents were concerned about begging.\n")
    result = load(run, "--claims", broken)
    assert result.exit_code == 3
    assert result.stdout.startswith("1 document loaded")
    assert "3 unchanged" in result.stdout
    assert "note: 3 documents stay as loaded before, for there are claims that could not be read." in result.stderr
    assert statements(run) >= before


def test_a_reader_that_does_not_exist_is_wrong_usage(run: Run) -> None:
    result = load(run, "--reader", "rules,oracle")
    assert result.exit_code == 2
    assert "There is no reader 'oracle'. There are: rules, learned, llm, and 'none'." in result.output


def test_a_messages_words_move_no_cursor(run: Run) -> None:
    result = load(run, "--claims", write("claims.jsonl", {**ARSON, "quote": "\u001b[31mred\u0007\nnext"}))
    assert "\x1b" not in result.stderr
    assert next(line for line in result.stderr.splitlines() if "red" in line).startswith("  rejected: ")


# -------------------------------------------------------------------------------------- what became of the claims


def test_claims_lists_what_was_claimed_by_whom_and_what_became_of_it(run: Run) -> None:
    load(run, "--claims", write("claims.jsonl", ARSON, GHOST))
    command = ("claims", "plan.md", "--claims", "claims.jsonl", "--stated-at", "0")
    result = run(*command)
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(run(*command, "--format", "csv").stdout)))
    assert len(rows) == 7
    expected = "docs/plan.md: 7 claims: 3 stated, 3 of names and other facts, 1 rejected."
    assert result.stdout.splitlines()[0] == expected
    assert {row["Reader"] for row in rows} == {"rules", "file:claims.jsonl"}
    (ghost,) = [row for row in rows if row["Outcome"] == "rejected"]
    assert (ghost["Claim"], ghost["Words"]) == ("Brightsite Collective leads on arson", ARSON["quote"])
    assert ghost["Why"] == "name not in the document: “Brightsite Collective”; nearest: “Brightside Collective”"
    (worry,) = [row for row in rows if row["Claim"] == "residents raised concern about burglary"]
    assert (worry["Reader"], worry["Words"]) == ("rules", "Residents were concerned about burglary.")
    assert worry["Outcome"] == "stated"
    assert worry["Cue"]


def test_claims_lists_each_claim_once(run: Run) -> None:
    (Path("docs") / "plan.md").write_text(
        PLAN + "\n| Priority | Lead |\n| --- | --- |\n| Safer parks | Police |\n| Safer homes | Police |\n"
    )
    load(run)
    rows = run("claims", "plan.md", "--format", "csv").stdout.splitlines()
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("format_", ["table", "csv", "md"])
def test_what_lists_claims_writes_every_format(run: Run, format_: str) -> None:
    load(run)
    result = run("claims", "plan.md", "--format", format_)
    assert result.exit_code == 0
    assert "burglary" in result.stdout


def test_as_json_the_claims_are_a_claims_file_that_gives_the_same_graph(run: Run) -> None:
    load(run, "--claims", write("claims.jsonl", ARSON, GHOST))
    before = statements(run)
    result = run("claims", "docs/plan.md", "--claims", "claims.jsonl", "--format", "json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["outcome"]["status"] for line in lines].count("rejected") == 1
    assert all(line["document"] == "docs/plan.md" for line in lines if line["reader"] == "rules")
    (ghost,) = [line for line in lines if line["outcome"]["status"] == "rejected"]
    assert {key: value for key, value in ghost.items() if key not in ("outcome", "reader", "cue")} == GHOST
    Path("again.jsonl").write_text(result.stdout, encoding="utf-8")
    again = load(run, "--reader", "none", "--claims", "again.jsonl")
    assert "1 rejected (1 name not in the document)." in again.stdout, again.output
    assert statements(run) == before


def test_the_document_is_read_again_as_the_partnerships_under_which_it_was_loaded(run: Run) -> None:
    load(run, "--date", "2024-05")
    member = {"subject": ARSON["subject"], "predicate": "member_of", "quote": "The Brightside Collective leads"}
    claim = {**ARSON, **member, "object": {"type": "Partnership", "name": "Harrowmere Community Safety Partnership"}}
    result = run("claims", "plan.md", "--reader", "none", "--claims", write("claims.jsonl", claim), "--format", "json")
    assert json.loads(result.stdout)["outcome"]["status"] == "stated", result.output


def test_what_stands_in_a_container_is_read_again_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs" / "pack.zip").write_bytes(
        packed({"june.txt": PLAN.encode(), "may.txt": b"Residents were concerned about arson.\n"})
    )
    load(run)
    result = run("claims", "pack.zip!june.txt")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("docs/pack.zip!june.txt: ")
    assert "burglary" in result.stdout


def test_a_sign_of_containers_may_be_part_of_a_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs" / "Wow! plan.md").write_text(PLAN)
    (tmp_path / "docs" / "Wow").write_text("Nothing.")
    load(run)
    result = run("claims", "Wow! plan.md")
    assert result.exit_code == 0, result.output
    assert "burglary" in result.stdout


def test_what_is_no_longer_in_its_container_is_said_to_be_gone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs" / "pack.zip").write_bytes(packed({"june.txt": PLAN.encode(), "may.txt": b"Arson.\n"}))
    load(run)
    (tmp_path / "docs" / "pack.zip").write_bytes(packed({"may.txt": b"Arson.\n"}))
    result = run("claims", "pack.zip!june.txt")
    assert result.exit_code == 3
    assert "docs/pack.zip!june.txt: is no longer there" in result.stderr


def test_only_what_happens_in_the_asked_document_of_a_container_counts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs" / "pack.zip").write_bytes(packed({"june.txt": PLAN.encode(), "may.pdf": b"%PDF-1.4 broken"}))
    assert load(run).exit_code == 3
    result = run("claims", "pack.zip!june.txt")
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_document_read_with_other_claims_is_said_to_be(run: Run) -> None:
    load(run, "--reader", "none", "--claims", write("claims.jsonl", ARSON))
    assert "plan.md was loaded with other readers, claims or options" in run("claims", "plan.md").stderr
    assert run("claims", "plan.md", "--reader", "none", "--claims", "claims.jsonl").stderr == ""


def test_claims_of_a_document_of_the_same_name_are_not_taken_for_this_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs" / "more").mkdir()
    (tmp_path / "docs" / "more" / "plan.md").write_text(PLAN)
    load(run)
    result = run(
        "claims",
        "docs/more/plan.md",
        "--reader",
        "none",
        "--claims",
        write("claims.jsonl", {**ARSON, "document": "plan.md"}),
    )
    assert result.stdout.startswith("docs/more/plan.md: 0 claims")
    assert run("claims", "docs/plan.md", "--reader", "none", "--claims", "claims.jsonl").stdout.startswith(
        "docs/plan.md: 1 claim: 1 stated."
    )


def test_a_document_that_changed_or_is_gone_is_said_to(run: Run, tmp_path: Path) -> None:
    load(run)
    (tmp_path / "docs" / "plan.md").write_text(PLAN + "\nMembers were concerned about begging.\n")
    result = run("claims", "plan.md")
    assert "begging" in result.stdout
    assert "docs/plan.md has changed since it was loaded" in result.stderr
    (tmp_path / "docs" / "plan.md").unlink()
    result = run("claims", "plan.md")
    assert result.exit_code == 3
    assert "plan.md" in result.output


def test_a_claims_file_that_cannot_be_parsed_is_named_here_too(run: Run) -> None:
    load(run)
    Path("bad.jsonl").write_text("{")
    result = run("claims", "plan.md", "--claims", "bad.jsonl")
    assert result.exit_code == 3
    assert "bad.jsonl, line 1: is not JSON" in result.stderr


def test_without_a_document_claims_says_what_it_needs(run: Run) -> None:
    assert run("claims").exit_code == 2
    load(run)
    assert run("claims", "nothing.md").exit_code == 2


def test_the_schema_is_that_of_no_document(run: Run, tmp_path: Path) -> None:
    assert run("claims", "plan.md", "--schema").exit_code == 2
    load(run)
    result = run("claims", "--schema", "--output", "docs/plan.md")
    assert (result.exit_code, "a file that goldenthread reads" in result.output) == (2, True)
    assert (tmp_path / "docs" / "plan.md").read_text() == PLAN
    assert run("claims", "--schema", "--output", "schema.json").exit_code == 0
    assert run("claims", "--schema", "--output", "schema.json").exit_code == 0


def test_the_schema_is_printed(run: Run) -> None:
    result = run("claims", "--schema")
    assert result.exit_code == 0
    schema = json.loads(result.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith("/claims-1.0.schema.json")


# ------------------------------------------------------------------------------------------- stated and suggested


@pytest.mark.parametrize(("stated_at", "finding", "statuses"), [
    ("0", "3 documents loaded with 2 statements.", {"extracted", "assumed"}),
    ("1", "3 documents loaded with 0 statements and 2 possible ones to check.", {"suggested"}),
])  # fmt: skip
def test_the_threshold_divides_what_is_stated_from_what_is_possible(
    run: Run, stated_at: str, finding: str, statuses: set[str]
) -> None:
    assert load(run, "--stated-at", stated_at).stdout.splitlines()[0] == finding
    lines = map(json.loads, run("export").stdout.splitlines())
    assert {line["status"] for line in lines if line["kind"] == "statement"} <= statuses


@pytest.mark.parametrize("wrong", ["1.5", "-0.1", "nan"])
def test_a_threshold_that_is_no_probability_is_refused(run: Run, wrong: str) -> None:
    result = load(run, "--stated-at", wrong)
    assert result.exit_code == 2
    assert "is not a probability" in result.stderr


def test_what_is_only_possible_is_told_by_every_command_and_counted_by_none(run: Run) -> None:
    load(run, "--stated-at", "1")
    assert "1 possible to check" in run("show", "burglary").stdout
    assert "possible, check" in run("owners", "arson").stdout
    assert "possible, check" in run("search", "arson").stdout
    answer = json.loads(run("ask", "Who leads on arson?", "--format", "json").stdout)
    assert (answer["stated"], [a["status"] for a in answer["answers"]]) == (False, ["suggested"])
    gaps = json.loads(run("gaps", "--format", "json").stdout)["gaps"]
    assert not [gap for gap in gaps if gap["severity"] == "violation" and gap["basis"] == "possible"]
