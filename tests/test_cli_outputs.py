"""Outputs destroy nothing: no store and no document is written over, and a failed write leaves yesterday's file."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goldenthread.cli import main
from goldenthread.examples.demo import copy_documents
from goldenthread.graph import Document, open_store
from goldenthread.graph.engines import neo4j_store
from goldenthread.notebook import open_graph
from goldenthread.ontology import GoldenthreadError, load_ontology

Run = Callable[..., Result]
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


@pytest.fixture(scope="module")
def borough(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example borough and its store, and a ZIP and a table with documents."""
    folder = tmp_path_factory.mktemp("borough")
    copy_documents(folder)
    with zipfile.ZipFile(folder / "bundle.zip", "w") as bundle:
        bundle.writestr("inner/notes.txt", "Priority 1: Safer parks\n")
    (folder / "own.csv").write_text("label,definition\nswan baiting,Baiting of swans.\n", encoding="utf-8")
    loaded = CliRunner().invoke(
        main,
        [
            "--store",
            str(folder / "goldenthread.db"),
            "load",
            str(folder),
            "--partnership",
            "Harrowmere",
            "--workers",
            "0",
        ],
    )
    assert "9 documents loaded" in loaded.output
    return folder


@pytest.fixture
def folder(borough: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the current folder."""
    place = tmp_path / "place"
    shutil.copytree(borough, place)
    monkeypatch.chdir(place)
    monkeypatch.delenv("GOLDENTHREAD_STORE", raising=False)
    return place


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file, but for what SQLite keeps beside a store that is open."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def refused(folder: Path, *arguments: str, says: str, code: int = 2) -> None:
    before = contents(folder)
    result = run(*arguments)
    assert (result.exit_code, says in result.output) == (code, True), result.output
    assert "Traceback" not in result.output
    assert contents(folder) == before


COMMANDS = [
    ["gaps"], ["owners", "fraud"], ["coverage"], ["coverage", "--years"],
    ["ask", "Who chairs the Serious Violence Panel?"], ["show", "fraud"], ["search", "fraud"], ["audit"],
    ["query", "--sql", "SELECT 1"], ["vocabulary", "candidates"], ["view"], ["view", "--as", "source"],
    ["briefing"], ["export"], ["export", "--format", "xlsx"], ["export", "--format", "csv"],
    ["export", "--format", "trig"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_writes_over_its_store_or_a_document(folder: Path, command: list[str]) -> None:
    refused(folder, *command, "--output", "goldenthread.db", says="goldenthread.db is the store")
    refused(folder, *command, "--output", "harrowmere/plan-2024-2027.md", says="a document")


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("./harrowmere/../goldenthread.db", "is the store"),
        ("goldenthread.db-wal", "belongs to the database goldenthread.db"),
        ("goldenthread.db-SHM", "belongs to the database goldenthread.db"),
        ("goldenthread.db-journal", "belongs to the database goldenthread.db"),
        ("other.db", "is a database"),
        ("other.db-wal", "belongs to the database other.db"),
        ("link.csv", "is the store"),
        ("hard.csv", "is the store"),
        ("document-link.csv", "a document"),
        ("document-hard.csv", "a document"),
        ("bundle.zip", "a document"),
        ("harrowmere", "is a folder"),
        (".", "is a folder"),
        ("nowhere/gaps.csv", "nowhere/gaps.csv could not be written: its folder does not exist"),
    ],
)
def test_it_is_the_file_that_counts_and_not_its_name(folder: Path, output: str, says: str) -> None:
    with open_store("other.db", load_ontology(), create=True):
        pass
    plan = folder / "harrowmere" / "plan-2024-2027.md"
    if sys.platform != "win32":
        Path("link.csv").symlink_to("goldenthread.db")
        Path("document-link.csv").symlink_to(plan)
        Path("hard.csv").hardlink_to("goldenthread.db")
        Path("document-hard.csv").hardlink_to(plan)
    elif "link" in output or "hard" in output:
        pytest.skip("links need rights on Windows")
    refused(folder, "gaps", "--output", output, says=says)
    refused(
        folder,
        "export",
        "--output",
        str(folder / output),
        says=says.replace("nowhere/", f"{folder}{os.sep}nowhere{os.sep}"),
    )


def test_other_capitals_do_not_help(folder: Path) -> None:
    if not Path("GOLDENTHREAD.DB").exists():
        pytest.skip("this file system tells capitals from small letters")
    refused(folder, "gaps", "--output", "GoldenThread.DB", says="is the store")
    refused(folder, "gaps", "--output", "harrowmere/PLAN-2024-2027.md", says="a document")
    refused(folder, "gaps", "--output", "GoldenThread.DB-Wal", says="belongs to the database")


def test_a_link_to_a_folder_hides_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(folder, target_is_directory=True)
    refused(folder, "gaps", "--output", str(tmp_path / "elsewhere" / "goldenthread.db"), says="is the store")
    refused(folder, "gaps", "--output", str(tmp_path / "elsewhere" / "bundle.zip"), says="a document")


def test_a_table_and_a_default_name_are_checked_as_well(folder: Path) -> None:
    shutil.copy("harrowmere/plan-2024-2027.md", "board.html")
    shutil.copy("harrowmere/plan-2021-2024.md", "graph-edges.csv")
    run("load", "board.html", "graph-edges.csv", "--partnership", "Harrowmere", "--workers", "0")
    refused(folder, "view", says="board.html is a file that goldenthread reads")
    refused(
        folder,
        "export",
        "--format",
        "csv-pair",
        "--output",
        "graph",
        says="graph-edges.csv is a file that goldenthread reads",
    )


def test_what_a_command_reads_it_does_not_write_over(folder: Path) -> None:
    Path("question.sql").write_text("SELECT 1", encoding="utf-8")
    refused(folder, "query", "--sql", "question.sql", "--output", "question.sql", says="a file that goldenthread reads")
    shapes = folder / "shapes.ttl"
    shapes.write_bytes((files("goldenthread.ontology") / "gaps.ttl").read_bytes())
    refused(folder, "gaps", "--shapes", "shapes.ttl", "--output", "shapes.ttl", says="a file that goldenthread reads")
    shutil.copy("own.csv", "mine.csv")
    refused(folder, "--vocabulary", "mine.csv", "gaps", "--output", "mine.csv", says="a file that goldenthread reads")


@pytest.mark.parametrize("option", ["--output", "--fit"])
def test_evaluate_does_not_write_over_what_it_measures(folder: Path, option: str) -> None:
    Path("gold").mkdir()
    Path("gold/plan-2024-2027.json").write_text('{"council": "Harrowmere"}', encoding="utf-8")
    for output in ("harrowmere/plan-2024-2027.md", "gold/plan-2024-2027.json"):
        refused(folder, "evaluate", "harrowmere", "gold", option, output, says="a file that goldenthread reads")


@pytest.mark.parametrize("given", ["claims.jsonl", "given"])
def test_claims_are_not_written_over(folder: Path, given: str) -> None:
    Path("given").mkdir()
    for path in ("claims.jsonl", "given/claims.jsonl"):
        Path(path).write_text("", encoding="utf-8")
    target = given if given.endswith("jsonl") else f"{given}/claims.jsonl"
    document = "harrowmere/plan-2024-2027.md"
    refused(folder, "claims", document, "--claims", given, "--output", target, says="a file that goldenthread reads")


def test_the_schema_of_claims_is_not_written_over_a_vocabulary(folder: Path) -> None:
    refused(
        folder,
        "--vocabulary",
        "own.csv",
        "claims",
        "--schema",
        "--output",
        "own.csv",
        says="a file that goldenthread reads",
    )


def test_other_files_are_written_over(folder: Path) -> None:
    Path("gaps.txt").write_text("yesterday", encoding="utf-8")
    assert run("gaps", "--output", "gaps.txt").exit_code == 0
    assert "issues raised" in Path("gaps.txt").read_text(encoding="utf-8")
    with sqlite3.connect("goldenthread.db") as store:
        assert store.execute("SELECT count(*) FROM document").fetchone() == (9,)


def test_a_store_is_safe_before_anything_is_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("it was opened")

    monkeypatch.setattr("goldenthread.graph.open_store", fail)
    refused(folder, "gaps", "--output", "goldenthread.db", says="is the store")


def test_a_server_is_asked_once_and_for_its_documents_only_where_a_file_is_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    asked: list[int] = []

    def server(address: str, ontology: object, **_: object) -> object:
        opened.append(address)
        store = open_store("goldenthread.db", load_ontology())
        documents = store.documents

        def counted() -> list[Document]:
            asked.append(1)
            return documents()

        monkeypatch.setattr(store, "documents", counted)
        return store

    monkeypatch.setattr(neo4j_store, "Neo4jStore", server)
    for output, says in (("new.txt", ""), ("harrowmere/plan-2024-2027.md", "a document")):
        opened.clear()
        asked.clear()
        result = run("--store", "neo4j://host/graph", "search", "fraud", "--output", output)
        assert (says in result.output, opened, len(asked)) == (True, ["neo4j://host/graph"], int(bool(says))), (
            result.output
        )


# --------------------------------------------------------------------------------------------------- writing that fails


@posix
@pytest.mark.parametrize(
    "command",
    [
        ["view", "--output", "out.html"], ["briefing", "--output", "out.docx"],
        ["export", "--output", "out.jsonl", "--with-text"], ["export", "--output", "out.xlsx"],
        ["export", "--output", "out.graphml"], ["export", "--format", "csv-pair", "--output", "out"],
        ["query", "--sql", "SELECT e.quote FROM evidence e, evidence f LIMIT 2000", "--output", "out.json"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_full_disk_leaves_yesterdays_file(folder: Path, command: list[str]) -> None:
    """The system itself ends the writing half-way: no file may grow beyond a size that the output has."""
    for name in (
        "out.html",
        "out.docx",
        "out.jsonl",
        "out.xlsx",
        "out.graphml",
        "out-nodes.csv",
        "out-edges.csv",
        "out.json",
    ):
        Path(name).write_bytes(b"yesterday")
    before = contents(folder)
    code = (
        "import resource, signal, sys; from goldenthread.cli import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (33_000, 33_000)); "
        "main(sys.argv[1:])"
    )
    with sqlite3.connect("goldenthread.db") as store:  # so that a reader makes no file of its own
        store.execute("PRAGMA journal_mode = DELETE")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, check=False, env=environment
    )
    assert (done.returncode, "File too large. What stood there before is unchanged." in done.stderr) == (2, True), (
        done.stderr
    )
    found = contents(folder)
    assert {name: found[name] for name in found if name != "goldenthread.db"} == {
        n: before[n] for n in before if n != "goldenthread.db"
    }


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("name", ["graph.jsonl", "new.jsonl"])
def test_a_fault_half_way_leaves_yesterdays_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException], name: str
) -> None:
    def half(store: object, ontology: object, format_: str, file: io.BytesIO, **_: object) -> None:
        file.write(b"half")
        raise fault

    monkeypatch.setattr("goldenthread.graph.exchange.files.write_graph", half)
    Path("graph.jsonl").write_bytes(b"yesterday")
    before = contents(folder)
    assert run("export", "--output", name).exit_code == 1
    assert contents(folder) == before


def test_of_a_pair_none_is_replaced_unless_both_can_be(folder: Path) -> None:
    Path("graph-nodes.csv").write_bytes(b"yesterday")
    Path("graph-edges.csv").mkdir()
    refused(folder, "export", "--format", "csv-pair", "--output", "graph", says="graph-edges.csv is a folder")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user who may not write everywhere")
def test_a_folder_that_may_not_be_written_says_so(folder: Path) -> None:
    Path("kept").mkdir()
    Path("kept/gaps.txt").write_bytes(b"yesterday")
    Path("kept").chmod(0o555)
    for name in ("gaps.txt", "new.txt"):
        refused(folder, "gaps", "--output", f"kept/{name}", says=f"kept/{name} could not be written: Permission denied")
    Path("kept").chmod(0o755)


@posix
def test_devices_and_pipes_are_written_to(folder: Path) -> None:
    assert run("gaps", "--output", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()
    os.mkfifo("pipe")
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(Path("pipe").read_bytes()))
    reader.start()
    assert run("gaps", "--output", "pipe").exit_code == 0
    reader.join(10)
    assert b"issues raised" in found[0]
    assert Path("pipe").is_fifo()


# -------------------------------------------------------------------------------------------------------- other writers


def test_a_page_of_a_notebook_destroys_nothing(folder: Path) -> None:
    with open_graph("goldenthread.db") as graph:
        page = graph.board()
    for name in ("goldenthread.db", "harrowmere/plan-2024-2027.md", "bundle.zip", "harrowmere"):
        before = contents(folder)
        with pytest.raises(GoldenthreadError, match=r"goldenthread\.db|a document|is a folder"):
            page.save(name)
        assert contents(folder) == before
    page.save("board.html")
    assert Path("board.html").read_text(encoding="utf-8") == page.text


def test_the_demonstration_keeps_other_documents_of_the_same_names(folder: Path) -> None:
    Path("mine/harrowmere").mkdir(parents=True)
    Path("mine/harrowmere/plan-2024-2027.md").write_text("mine", encoding="utf-8")
    refused(
        folder,
        "demo",
        "--folder",
        "mine",
        says="mine/harrowmere holds other documents of the same names: plan-2024-2027.md",
    )
    assert copy_documents(Path("ours")) == copy_documents(Path("ours"))


def test_a_vocabulary_is_added_to_and_no_document(folder: Path) -> None:
    refused(folder, "vocabulary", "accept", "drone spying", "--into", "own.csv", says="a document")
    assert run("--vocabulary", "own.csv", "vocabulary", "accept", "drone spying").exit_code == 0
    assert Path("own.csv").read_text(encoding="utf-8").splitlines()[2] == "drone spying,"
    assert run("vocabulary", "accept", "drone spying", "--into", "new.csv").exit_code == 0


def test_a_vocabulary_that_cannot_be_written_stays_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused(folder, "--vocabulary", "own.csv", "vocabulary", "accept", "drone spying", says="No space left on device")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"label,definition\r\nowls,\r\n", b"label,definition\r\nowls,\r\ndrones,Small ones\r\n"),
        (
            b"\xef\xbb\xbfdefinition,label,note\n,owls,",
            b"\xef\xbb\xbfdefinition,label,note\n,owls,\nSmall ones,drones,\n",
        ),
        ("label\ncafé noise\n".encode("cp1252"), "label\ncafé noise\ndrones\n".encode("cp1252")),
        (b"", b"label,definition,broader,alternatives\ndrones,Small ones,,\n"),
    ],
)
def test_what_stands_in_a_vocabulary_stays_byte_for_byte(tmp_path: Path, before: bytes, after: bytes) -> None:
    from goldenthread.ontology.user_vocabulary import add_to_csv

    path = tmp_path / "own.csv"
    path.write_bytes(before)
    add_to_csv(path, "drones", "Small ones", "", "")
    assert path.read_bytes() == after


def test_a_vocabulary_in_an_old_encoding_takes_no_letter_that_it_lacks(tmp_path: Path) -> None:
    from goldenthread.ontology.user_vocabulary import add_to_csv

    path = tmp_path / "own.csv"
    path.write_bytes(b"label\ncaf\xe9\n")
    with pytest.raises(GoldenthreadError, match="which is cp1252"):
        add_to_csv(path, "ştreet", "", "", "")
    assert path.read_bytes() == b"label\ncaf\xe9\n"


def test_what_would_be_a_formula_comes_back_from_a_vocabulary(folder: Path) -> None:
    words = {"label": "=swans", "definition": "+44", "alternatives": "@swans; -owls"}
    arguments = ["--definition", words["definition"], "--alternatives", words["alternatives"], "--into", "formulas.csv"]
    assert run("vocabulary", "accept", words["label"], *arguments).exit_code == 0
    assert Path("formulas.csv").read_text(encoding="utf-8").splitlines()[1] == "'=swans,'+44,,\"'@swans; -owls\""
    concept = load_ontology(folder / "formulas.csv").concepts["swans"]
    assert (concept.label, concept.definition, set(concept.labels)) == ("=swans", "+44", {"=swans", "@swans", "-owls"})


# --------------------------------------------------------------------------------- the ending of a name says the format


@pytest.mark.parametrize("command", [c for c in COMMANDS if c[0] not in ("view", "briefing", "export")], ids=" ".join)
def test_the_ending_says_how_a_list_is_written(folder: Path, command: list[str]) -> None:
    for ending, format_ in (
        (".csv", "csv"),
        (".json", "json"),
        (".md", "md"),
        (".CSV", "csv"),
        (".txt", "table"),
        ("", "table"),
    ):
        assert run(*command, "--output", f"out{ending}").exit_code == 0
        assert Path(f"out{ending}").read_bytes() == run(*command, "--format", format_).stdout_bytes
    run(*command, "--output", "out.csv", "--format", "json")
    json.loads(Path("out.csv").read_text(encoding="utf-8"))


def test_coverage_in_json_is_the_same_by_name_and_by_ending(folder: Path) -> None:
    Path("elm.txt").write_text("Priority 1: Safer parks\n", encoding="utf-8")
    run("load", "elm.txt", "--partnership", "Elmdon", "--workers", "0")
    run("coverage", "--output", "out.json")
    assert Path("out.json").read_bytes() == run("coverage", "--format", "json").stdout_bytes


@pytest.mark.parametrize("ending", ["jsonl", "trig", "ttl", "nq", "jsonld", "graphml", "gexf", "cypher", "csv", "xlsx"])
def test_the_ending_says_how_the_graph_is_written(folder: Path, ending: str) -> None:
    assert run("export", "--output", f"out.{ending}").exit_code == 0
    run("export", "--format", ending, "--output", "same")
    assert Path(f"out.{ending}").read_bytes() == Path("same").read_bytes()


def test_a_workbook_may_be_of_one_partnership_by_its_ending(folder: Path) -> None:
    assert run("export", "--partnership", "Harrowmere", "--output", "out.xlsx").exit_code == 0
    assert run("export", "--partnership", "Harrowmere", "--output", "out.csv").exit_code == 2


def test_a_list_to_a_csv_file_is_a_table_of_cells(folder: Path) -> None:
    run("gaps", "--output", "gaps.csv")
    with Path("gaps.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file))[:2] == ["Severity", "Basis"]


# ------------------------------------------------------------------------------------------------- naming a document


@pytest.mark.parametrize(
    ("below", "name"),
    [
        (".", "harrowmere/plan-2024-2027.md"), (".", "./harrowmere/plan-2024-2027.md"), (".", "plan-2024-2027.md"),
        (".", "document/harrowmere/plan-2024-2027.md"), (".", "{}/harrowmere/plan-2024-2027.md"), (".", "{}/own.csv"),
        ("harrowmere", "plan-2024-2027.md"), ("harrowmere", "../bundle.zip!inner/notes.txt"),
        ("harrowmere", "../own.csv"), (".", "bundle.zip!inner/notes.txt"), (".", "{}/bundle.zip!inner/notes.txt"),
        (".", "notes.txt"),
        ("harrowmere", "harrowmere/plan-2024-2027.md"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["forget", "view"])
def test_a_document_is_found_by_any_path_that_leads_to_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, below: str, name: str
) -> None:
    monkeypatch.chdir(folder / below)
    store = ("--store", str(folder / "goldenthread.db"))
    named = name.format(folder)
    result = (
        run(*store, "forget", named)
        if command == "forget"
        else run(*store, "view", "--as", "source", "--document", named)
    )
    assert result.exit_code == 0, result.output
    assert Path(name).name.split("/")[-1] in (
        result.output if command == "forget" else Path("source.html").read_text(encoding="utf-8")
    )


@posix
def test_a_document_is_found_over_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(folder, target_is_directory=True)
    assert run("forget", str(tmp_path / "elsewhere" / "own.csv")).exit_code == 0
    assert run("forget", str(tmp_path / "elsewhere" / "bundle.zip!inner/notes.txt")).exit_code == 0
    assert run("forget", str(tmp_path / "elsewhere" / "bundle.zip!inner/other.txt")).exit_code == 2


def test_a_document_whose_file_is_gone_is_found_as_well(folder: Path) -> None:
    Path("own.csv").unlink()
    assert run("forget", str(folder / "own.csv")).exit_code == 0


def test_where_a_name_may_mean_two_documents_neither_is_forgotten(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("harrowmere/own.csv").write_text("label\nowls\n", encoding="utf-8")
    run("load", "harrowmere/own.csv", "--partnership", "Harrowmere", "--workers", "0")
    monkeypatch.chdir(folder / "harrowmere")
    store = ("--store", str(folder / "goldenthread.db"))
    result = run(*store, "forget", "own.csv")
    assert (result.exit_code, "Several documents are called 'own.csv'" in result.output) == (2, True)
    assert str(folder / "harrowmere" / "own.csv") in result.output
    assert run(*store, "forget", str(folder / "own.csv")).output.startswith("own.csv is forgotten")
