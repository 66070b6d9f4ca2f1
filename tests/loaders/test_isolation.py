"""Reading in child processes: order is kept, and a file that crashes, hangs or fills memory costs only that file."""

from __future__ import annotations

import os
import sys
import time
from functools import partial

import pytest

from goldenthread.loaders.formats.isolation import IsolationError, Readers
from goldenthread.loaders.formats.refusal import ReadError
from goldenthread.ontology import GoldenthreadError


def behave(word: str, item: str) -> str:
    """What a child is told to do."""
    if item == "crash":
        os._exit(134)
    if item == "hang":
        time.sleep(60)
    if item == "fill":
        return str(len(bytearray(3_000_000_000)))
    if item == "refuse":
        raise ReadError("refuse is empty.")
    if item == "fault":
        raise KeyError("words of the document")
    if item == "slow":
        time.sleep(0.3)
    return f"{word} {item}"


def broken() -> str:
    raise GoldenthreadError("The vocabulary does not hold.")


def said(items: list[str], workers: int = 2, **limits: float) -> list[str]:
    # seconds and memory_mb are numbers
    with Readers(workers, partial(str, "read"), **limits) as readers:  # type: ignore[arg-type]
        return [outcome.result or str(outcome.error) for outcome in readers.map(behave, items)]


@pytest.mark.parametrize("workers", [1, 3])
def test_outcomes_come_in_the_order_of_the_items(workers: int) -> None:
    items = ["slow", *map(str, range(20)), "slow"]
    assert said(items, workers) == [f"read {item}" for item in items]


def test_a_crash_or_fault_costs_that_file_only() -> None:
    found = said(["a", "crash", "b", "refuse", "fault", "c"])
    assert [found[i] for i in (0, 2, 5)] == ["read a", "read b", "read c"]
    assert found[1].startswith("crash stopped the reader")
    assert found[3] == "refuse is empty."
    assert found[4].startswith("fault could not be read: KeyError at test_isolation.py:")
    assert "words of the document" not in found[4]


def test_a_file_that_takes_too_long_is_left_out() -> None:
    begun = time.monotonic()
    found = said(["hang", "a", "b"], seconds=1)
    assert found[0].startswith("hang was not read within 1 seconds")
    assert found[1:] == ["read a", "read b"]
    assert time.monotonic() - begun < 20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is limited where the system can")
def test_a_file_that_fills_the_memory_is_left_out() -> None:
    found = said(["fill", "a"], memory_mb=500)
    assert found[0].startswith("fill needs more memory")
    assert found[1] == "read a"


def test_what_prepares_the_children_says_why_it_fails() -> None:
    with Readers(1, broken) as readers, pytest.raises(GoldenthreadError, match="does not hold"):
        list(readers.map(behave, ["a"]))
    with Readers(1, partial(os._exit, 3)) as readers, pytest.raises(IsolationError, match="could not be started"):
        list(readers.map(behave, ["a"]))


def test_readers_serve_several_times_and_after_an_early_end() -> None:
    with Readers(2, partial(str, "read")) as readers:
        assert next(readers.map(behave, ["a", "slow", "slow"])).result == "read a"
        assert [o.result for o in readers.map(behave, ["b", "c"])] == ["read b", "read c"]
        assert list(readers.map(behave, [])) == []
