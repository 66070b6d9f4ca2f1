"""Beside a writer: whatever a command reads belongs to one state of the store, on each engine."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from cli_commands import READING
from click.testing import CliRunner
from engines import Engine
from graphs import document_of, exported

from goldenthread.cli import main
from goldenthread.graph import Store, open_store
from goldenthread.notebook import Graph, open_graph
from goldenthread.ontology import Ontology, load_ontology

WAIT = 120  #: seconds
ROUNDS = 3


def _plan(issue: str, version: str) -> str:
    """A document that names much which only this version of it names."""
    lines = [
        f"Priority:{version}-{n} stands_in Plan:2024-2027\nRole:warden-{version} leads Priority:{version}-{n}"
        for n in range(20)
    ]
    return "\n".join(
        [*lines, f"Source:residents raises/concern Issue:{issue}", f"Priority:{version}-0 addresses Issue:{issue}"]
    )


#: What is there all the time.
STAYS = ("ashvale", "ash/s.md", "Role:mayor leads Priority:roads\nPriority:roads addresses Issue:fraud")
#: What the writer does again and again: (whose document, path, what it says; None forgets it).
STEPS = (
    ("oakvale", "oak/a.md", _plan("fraud", "first")),
    ("elmdon", "elm/b.md", _plan("speeding", "first")),
    ("oakvale", "oak/a.md", _plan("speeding", "second")),
    ("elmdon", "elm/b.md", None),
    ("elmdon", "elm/b.md", _plan("fraud", "third")),
    ("elmdon", "elm/b.md", None),
    ("oakvale", "oak/c.md", "Partner:police member_of Subgroup:oak-group\nSource:residents raises/concern Issue:fraud"),
    ("oakvale", "oak/a.md", None),
    ("oakvale", "oak/c.md", None),
)


def _take(store: Store, ontology: Ontology, step: tuple[str, str, str | None]) -> None:
    partnership, path, text = step
    if text is None:
        store.forget(f"document/{path}")
    else:
        store.replace(document_of(path, text, partnership, ontology))


def _write_for_ever(address: str, begun: Event, stop: Event) -> None:
    ontology = load_ontology()
    with open_store(address, ontology) as store:
        for step in itertools.cycle(STEPS):
            if stop.is_set():
                return
            _take(store, ontology, step)
            begun.set()


def _states(engine: Engine, ontology: Ontology) -> Iterator[Store]:
    """Bring a store into each state that the writer makes, in turn."""
    with engine.make(ontology) as store:
        _take(store, ontology, STAYS)
        for step in STEPS:
            _take(store, ontology, step)
            yield store


@pytest.fixture
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def beside_a_writer(engine: Engine, ontology: Ontology) -> Iterator[Engine]:
    """A store in which another process replaces and forgets documents without a pause."""
    with engine.make(ontology) as store:
        _take(store, ontology, STAYS)
    context = multiprocessing.get_context("spawn")
    begun, stop = context.Event(), context.Event()
    writer = context.Process(target=_write_for_ever, args=(engine.address, begun, stop))
    writer.start()
    try:
        assert begun.wait(WAIT)
        yield engine
    finally:
        stop.set()
        writer.join(WAIT)
    assert writer.exitcode == 0


def _output(address: str, command: tuple[str, ...]) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--store", address, *command])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.mark.usefixtures("in_empty_folder")
def test_every_command_shows_one_state_of_a_store_that_is_written(
    engine: Engine, ontology: Ontology, request: pytest.FixtureRequest
) -> None:
    possible = {command: {_output(engine.address, command) for _ in _states(engine, ontology)} for command in READING}
    request.getfixturevalue("beside_a_writer")
    for _, command in itertools.product(range(ROUNDS), READING):
        assert _output(engine.address, command) in possible[command]


NOTEBOOK: tuple[Callable[[Graph], object], ...] = (
    lambda graph: graph.to_frame().to_csv(), lambda graph: graph.gaps().to_frame().to_csv(),
    lambda graph: graph.coverage().to_csv(), lambda graph: graph.owners("fraud").to_frame().to_csv(),
    lambda graph: sorted(graph.to_networkx().edges(keys=True)),
)  # fmt: skip


def _shown(address: str) -> list[object]:
    found = []
    for ask in NOTEBOOK:
        with open_graph(address) as graph:
            found.append(ask(graph))
    return found


def test_a_notebook_shows_one_state_of_a_store_that_is_written(
    engine: Engine, ontology: Ontology, request: pytest.FixtureRequest
) -> None:
    possible = list(zip(*(_shown(engine.address) for _ in _states(engine, ontology)), strict=True))
    request.getfixturevalue("beside_a_writer")
    for _ in range(ROUNDS):
        for shown, expected in zip(_shown(engine.address), possible, strict=True):
            assert shown in expected


def test_a_copy_of_a_store_that_is_written_is_one_state_of_it(
    engine: Engine, ontology: Ontology, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    possible = {exported(store) for store in _states(engine, ontology)}
    request.getfixturevalue("beside_a_writer")
    for number in range(ROUNDS):
        copied = str(tmp_path / f"copy-{number}.db")
        assert _output(engine.address, ("copy", engine.address, copied))[0] == 0
        with open_store(copied, ontology) as store:
            assert exported(store) in possible


@pytest.mark.usefixtures("in_empty_folder")
@pytest.mark.parametrize("format_", ["jsonl", "nq"])
def test_what_is_exported_beside_a_writer_can_be_imported(
    beside_a_writer: Engine, tmp_path: Path, format_: str
) -> None:
    for number in range(ROUNDS):
        code, exported = _output(beside_a_writer.address, ("export", "--format", format_))
        assert code == 0, exported
        Path(f"{number}.{format_}").write_text(exported, encoding="utf-8", newline="")
        copied = str(tmp_path / f"imported-{number}.db")
        code, says = _output(copied, ("import", f"{number}.{format_}"))
        assert code == 0, says
        assert _output(copied, ("export", "--format", format_)) == (0, exported)
