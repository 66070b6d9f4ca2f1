"""An embedded store in a place that cannot be written is still read, by every command.

It is read whatever files were left beside it.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cli_commands import READING
from click.testing import CliRunner
from graphs import document_of

from goldenthread.cli import main
from goldenthread.graph import Store, open_store
from goldenthread.graph.attempts import attempts
from goldenthread.graph.engines import sqlite_file
from goldenthread.ontology import load_ontology

Result = tuple[int, str]

SAYS = (
    "Role:mayor leads Priority:roads\nPriority:roads addresses Issue:fraud\nSource:residents raises/concern Issue:fraud"
)

#: Runs commands, given as JSON, and prints (exit code, output) of each; 'told' is false where the system does not tell
#: of its rights.
_CHILD = """
import json, sys
from click.testing import CliRunner
from goldenthread.cli import main
from goldenthread.graph.engines import sqlite_file
commands, told = json.loads(sys.argv[1])
if not told:
    sqlite_file._may_be_written = lambda path: True
results = [CliRunner().invoke(main, command) for command in commands]
print(json.dumps([
    (r.exit_code, r.output if isinstance(r.exception, (SystemExit, type(None))) else repr(r.exception))
    for r in results
]))
"""
_SET_SECUREBITS, _NO_ROOT = 28, 3  # of prctl(2): the program that is started has none of root's powers


def _without_powers() -> None:
    if os.geteuid() == 0 and ctypes.CDLL(None).prctl(_SET_SECUREBITS, _NO_ROOT, 0, 0, 0):
        raise OSError("root's powers cannot be given up")


def ordinary_user(*commands: tuple[str, ...], told: bool = True) -> list[Result]:
    """Run commands in a process for which permissions count, also where the tests run as root."""
    if sys.platform == "win32":
        pytest.skip("folders have no permissions that a test could set")
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, json.dumps((commands, told))],
            preexec_fn=_without_powers, capture_output=True, check=True, encoding="utf-8",
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise AssertionError(error.stderr) from error
    except subprocess.SubprocessError as error:
        pytest.skip(f"permissions do not count for root here: {error}")
    return [(code, text) for code, text in json.loads(done.stdout)]


def here(*commands: tuple[str, ...]) -> list[Result]:
    results = [CliRunner().invoke(main, command) for command in commands]
    return [(result.exit_code, result.output) for result in results]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder, which can be cleaned up whatever was forbidden."""
    (tmp_path / "store").mkdir()
    yield tmp_path / "store"
    (tmp_path / "store").chmod(0o755)


def _filled(path: Path, *names: str) -> Store:
    ontology = load_ontology()
    store = open_store(str(path), ontology, create=True)
    store.use_vocabulary(ontology)
    for name in names:
        store.replace(document_of(name, SAYS + f"\nPartner:partner-of-{name[0]}", "ashvale", ontology))
    return store


def _leave(folder: Path, *, as_open: Path, endings: tuple[str, ...]) -> None:
    """Copy a store as it is while a program writes it: what is left when that program dies."""
    for ending in endings:
        shutil.copy(as_open.with_name(as_open.name + ending), folder)


def _nothing(folder: Path, work: Path) -> None:
    _filled(folder / "s.db", "a.md", "b.md").close()


def _file_that_may_be_written(folder: Path, work: Path) -> None:
    _nothing(folder, work)
    (folder / "s.db").chmod(0o666)


def _without_log(folder: Path, work: Path) -> None:
    _nothing(folder, work)
    with sqlite3.connect(folder / "s.db") as db:
        db.execute("PRAGMA journal_mode = DELETE")


def _log_and_index(folder: Path, work: Path) -> None:
    with _filled(work / "s.db", "a.md", "b.md"):
        _leave(folder, as_open=work / "s.db", endings=("", "-wal", "-shm"))


def _log_alone(folder: Path, work: Path) -> None:
    with _filled(work / "s.db", "a.md", "b.md"):
        _leave(folder, as_open=work / "s.db", endings=("", "-wal"))


def _half_a_transaction(folder: Path, work: Path) -> None:
    _without_log(work, work)
    with sqlite3.connect(work / "s.db", isolation_level=None) as db:
        db.execute("PRAGMA cache_size = 1")
        db.execute("BEGIN")
        for table in ("mention", "naming", "evidence", "statement", "document"):
            db.execute(f"DELETE FROM {table}")
        _leave(folder, as_open=work / "s.db", endings=("", "-journal"))
    assert (folder / "s.db-journal").stat().st_size


LEFT = (_nothing, _file_that_may_be_written, _without_log, _log_and_index, _log_alone, _half_a_transaction)


@pytest.mark.parametrize(("left", "told"), [*((left, True) for left in LEFT), (_nothing, False), (_log_alone, False)])
def test_what_a_store_holds_is_read_whatever_was_left_beside_it(
    folder: Path, tmp_path: Path, left: Callable[[Path, Path], None], told: bool
) -> None:
    _filled(tmp_path / "same.db", "a.md", "b.md").close()
    (same,) = here(("--store", str(tmp_path / "same.db"), "export"))
    (tmp_path / "work").mkdir()
    left(folder, tmp_path / "work")
    before = sorted(path.name for path in folder.iterdir())
    for path in folder.iterdir():
        if left is not _file_that_may_be_written:
            path.chmod(0o444)
    folder.chmod(0o555)
    store = ("--store", str(folder / "s.db"))
    assert ordinary_user((*store, "export"), (*store, "query", "--sql", "SELECT path FROM document"), told=told) == [
        same,
        (0, "2 rows.\n\npath\n------\na.md\nb.md\n"),
    ]
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize("forbidden", ["file", "folder"])
def test_every_command_reads_where_nothing_may_be_written(folder: Path, forbidden: str) -> None:
    _filled(folder / "s.db", "a.md", "b.md").close()
    store = ("--store", str(folder / "s.db"))
    commands = [(*store, *command) for command in READING]
    expected = here(*commands)
    {"file": folder / "s.db", "folder": folder}[forbidden].chmod(0o555 if forbidden == "folder" else 0o444)
    assert ordinary_user(*commands) == expected
    assert [path.name for path in folder.iterdir()] == ["s.db"]


@pytest.mark.parametrize("left", [_nothing, _log_and_index, _log_alone])
def test_what_would_write_says_what_to_do_instead(
    folder: Path, tmp_path: Path, left: Callable[[Path, Path], None]
) -> None:
    (tmp_path / "work").mkdir()
    left(folder, tmp_path / "work")
    (tmp_path / "plan.txt").write_text("Priority 1: Safer parks\n", encoding="utf-8")
    _filled(tmp_path / "other.db", "c.md").close()
    here(("--store", str(tmp_path / "other.db"), "export", "--output", str(tmp_path / "other.jsonl")))
    folder.chmod(0o555)
    store = str(folder / "s.db")
    results = ordinary_user(
        ("--store", store, "load", str(tmp_path / "plan.txt")),
        ("--store", store, "forget", "a.md"),
        ("--store", store, "import", str(tmp_path / "other.jsonl")),
        ("--store", store, "vocabulary", "reject", "parks", "--by", "officer"),
        ("copy", str(tmp_path / "other.db"), store),
    )
    for code, text in results:
        assert (code, "can only be read" in text, f"goldenthread copy {store} FILE" in text) == (4, True, True), text
    assert ordinary_user(("copy", store, str(tmp_path / "mine.db")))[0][0] == 0


def test_no_store_is_made_where_nothing_may_be_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("Priority 1: Safer parks\n", encoding="utf-8")
    folder.chmod(0o555)
    ((code, text),) = ordinary_user(("--store", str(folder / "new.db"), "load", str(tmp_path / "plan.txt")))
    assert (code, "cannot be made, because its folder may not be written" in text) == (4, True), text


def test_a_file_that_only_others_may_write_is_read_in_one_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ontology, path = load_ontology(), tmp_path / "s.db"
    _filled(path, "a.md").close()
    with ExitStack() as opened:
        monkeypatch.setattr(sqlite_file, "_may_be_written", lambda path: False)
        reader = opened.enter_context(open_store(str(path), ontology))
        monkeypatch.undo()
        seen: list[tuple[list[str], list[str]]] = []
        for attempt in attempts(reader):
            with attempt:
                before = [d.path for d in reader.documents()]
                if not seen:
                    _filled(path, "b.md").close()
                seen.append((before, sorted({e.document for s in reader.statements() for e in s.evidence})))
        assert seen[-1] == (["a.md", "b.md"], ["document/a.md", "document/b.md"])
        assert len(seen) == 2


def test_a_link_leads_to_the_store_and_to_what_stands_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("real", "link"):
        (tmp_path / name).mkdir()
    try:
        (tmp_path / "link" / "s.db").symlink_to(tmp_path / "real" / "s.db")
    except OSError as error:
        pytest.skip(f"this user may make no links: {error}")
    with _filled(tmp_path / "real" / "s.db", "a.md"):
        monkeypatch.setattr(sqlite_file, "_may_be_written", lambda path: False)
        with open_store(str(tmp_path / "link" / "s.db"), load_ontology()) as reader:
            assert [d.path for d in reader.documents()] == ["a.md"]


def test_a_store_beside_which_nothing_can_be_made_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "50% of #1? no"
    folder.mkdir()
    _filled(folder / "s t.db", "a.md").close()
    folder.chmod(0o555)
    ((code, text),) = ordinary_user(("--store", str(folder / "s t.db"), "query", "--sql", "SELECT path FROM document"))
    folder.chmod(0o755)
    assert (code, "a.md" in text) == (0, True), text


def test_an_empty_file_that_may_not_be_written_is_told_apart(folder: Path) -> None:
    (folder / "s.db").touch()
    folder.chmod(0o555)
    ((code, text),) = ordinary_user(("--store", str(folder / "s.db"), "gaps"))
    assert (code, "is empty, or was made by an older goldenthread" in text) == (4, True), text
