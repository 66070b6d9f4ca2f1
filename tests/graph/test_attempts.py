"""Reading a store in one state: blocks are repeated until nothing was changed in them, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from engines import Engine
from graphs import document_of, exported, small_ontology

from goldenthread.graph import Decision, Store, StoreError, open_store
from goldenthread.graph.attempts import attempts, in_one_state
from goldenthread.graph.exchange.copying import copy
from goldenthread.graph.store import unchanged
from goldenthread.ontology import load_ontology


class _Restless:
    """Stands for a store that others change in its first readings."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.waits: list[bool] = []  #: for each reading, whether writers waited

    @contextmanager
    def reading(self, *, writers_wait: bool = False) -> Iterator[None]:
        self.waits.append(writers_wait)
        with unchanged(lambda: len(self.waits) <= self.times):
            yield


def _restless(times: int) -> tuple[Store, _Restless]:
    found = _Restless(times)
    return cast(Store, found), found


def test_a_block_is_repeated_until_nothing_was_changed_in_it() -> None:
    store, behind = _restless(2)
    assert in_one_state(store, lambda: len(behind.waits)) == 3


def test_an_error_in_a_store_that_was_changed_is_no_error() -> None:
    store, behind = _restless(2)
    for attempt in attempts(store):
        with attempt:
            if len(behind.waits) < 3:
                raise KeyError("a document that is gone")
    assert len(behind.waits) == 3


def test_an_error_in_a_store_that_stayed_the_same_is_raised_at_once() -> None:
    store, behind = _restless(0)
    with pytest.raises(KeyError):
        in_one_state(store, lambda: dict[str, str]()["a document"])
    assert len(behind.waits) == 1


def test_writers_wait_only_after_attempts_that_hold_nobody_up_and_in_the_end_it_is_said_what_to_do() -> None:
    store, behind = _restless(99)
    with pytest.raises(
        StoreError, match=r"changed each of the 10 times .* Wait until the documents are loaded"
    ) as refused:
        in_one_state(store, lambda: None)
    assert refused.value.exit_code == 4
    assert behind.waits == [False] * 3 + [True] * 7


# -------------------------------------------------------------------------------------------------------- both engines

NOISE = "Source:residents raises/concern Issue:noise"


@pytest.mark.parametrize("gone", [False, True], ids=["comes", "comes and goes"])
def test_what_is_written_while_somebody_reads_is_seen_whole_or_not_at_all(engine: Engine, gone: bool) -> None:
    with engine.make() as store, open_store(engine.address, small_ontology()) as other:
        store.replace(document_of("oak.md", NOISE))
        seen: list[tuple[list[str], list[str]]] = []
        for attempt in attempts(store):
            with attempt:
                documents = [d.id for d in store.documents()]
                if not seen:
                    other.replace(document_of("elm.md", NOISE, "elmdon"))
                entities = [e.id for e in store.entities()]
                seen.append((documents, entities))
                if gone:
                    other.forget("document/elm.md")
        documents, entities = seen[-1]
        assert ("document/elm.md" in documents) is ("elmdon/source/residents" in entities)
        assert len(seen) <= 2


@pytest.mark.parametrize("change", ["a decision", "a decision taken back", "the vocabulary"])
def test_decisions_and_vocabulary_belong_to_the_state(engine: Engine, change: str) -> None:
    with engine.make() as store, open_store(engine.address, small_ontology()) as other:
        store.replace(document_of("oak.md", NOISE))
        number = store.record(Decision("reject", "a|leads|b|", "an old plan", "officer"))
        seen: list[tuple[object, object]] = []
        for attempt in attempts(store):
            with attempt:
                before: object = (store.decisions(), [e.broader for e in store.entities()])
                if not seen:
                    if change == "a decision":
                        other.record(Decision("reject", "c|leads|d|", "an old plan", "officer"))
                    elif change == "a decision taken back":
                        other.undo(number)
                    else:
                        other.use_vocabulary(load_ontology())
                seen.append((before, (store.decisions(), [e.broader for e in store.entities()])))
        assert seen[-1][0] == seen[-1][1]


@pytest.mark.parametrize("when", [1, 3], ids=["after the first document", "after the last"])
def test_a_copy_of_a_store_that_changes_is_one_state_of_it(engine: Engine, tmp_path: Path, when: int) -> None:
    documents = {
        "a.md": NOISE,
        "b.md": "Role:warden leads Priority:parks",
        "c.md": "Priority:parks addresses Issue:noise",
    }
    with engine.make() as store, open_store(engine.address, small_ontology()) as other:
        for path, text in documents.items():
            store.replace(document_of(path, text))
        states = [exported(store)]

        def change(done: int, _: int) -> None:
            if done == when and len(states) == 1:
                other.forget("document/a.md")
                other.replace(document_of("b.md", "Role:warden leads Priority:roads"))
                states.append(exported(other))

        with open_store(str(tmp_path / "copy.db"), small_ontology(), create=True) as target:
            report = copy(store, target, small_ontology(), change)
            assert exported(target) in states
            assert report.documents == len(target.documents())
            target.replace(document_of("d.md", NOISE))
            assert copy(store, target, small_ontology()).others == len(target.documents()) - 2
