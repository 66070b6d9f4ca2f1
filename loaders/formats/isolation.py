"""Reads files in child processes: a file that crashes, hangs or fills the memory costs that file only.

A child ends with its parent, however that ends: it watches the parent, Linux is asked to end it, and a job that has
taken too long ends its process even when nobody is left to do so.

    with Readers(workers=2, prepare=partial(make_context, settings)) as readers:
        for outcome in readers.map(read_one, paths):
            ...

Children are started anew ('spawn', as on Windows), so `prepare` and the function must be importable by name. Outcomes
come in the order of the items, however many workers there are.
"""

from __future__ import annotations

import ctypes
import faulthandler
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

from ...ontology import GoldenthreadError
from ...writing.visible import visible_streams
from .refusal import ReadError

#: How long a file may take, in seconds, and how much memory, in MB.
SECONDS = 60.0
MEMORY_MB = 2048
#: How long a child may take to start, on a slow laptop with a virus scanner.
_STARTING = 180.0
#: How long after its time a job ends its own process, which the parent would have ended before.
_GRACE = 5.0
#: `prctl` option of Linux: the signal that a process gets when its parent ends (linux/prctl.h).
_PR_SET_PDEATHSIG = 1

Item = TypeVar("Item")
Result = TypeVar("Result")
Context = TypeVar("Context")


class IsolationError(GoldenthreadError):
    """The processes in which files are read could not be started."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Result]):
    """What became of an item: its result, or why there is none."""

    item: Item
    result: Result | None
    error: GoldenthreadError | None

    def value(self) -> Result:
        """The result.

        Raises:
            GoldenthreadError: there is none, as `error` says.

        """
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]  # without an error there is one, and it may be None


class Readers(Generic[Context]):
    """Child processes that read files, each with a context of its own, which is made once.

    Args:
        workers: how many there are.
        prepare: makes what the function needs beside the item, in each child; without it that is None.
        seconds: how long an item may take; a function of it, or the same for all.
        memory_mb: how much memory a child may take beyond what it holds when it is ready; not limited on Windows.

    """

    def __init__(
        self, workers: int = 1, prepare: Callable[[], Context] | None = None, *,
        seconds: float | Callable[[Any], float] = SECONDS, memory_mb: int = MEMORY_MB
    ) -> None:  # fmt: skip
        self._prepare = pickle.dumps(prepare)
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._count = max(1, workers)
        self._children: list[_Child] = []

    def __enter__(self) -> Readers[Context]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the children."""
        for child in self._children:
            child.end()
        self._children = []

    def map(
        self, function: Callable[[Context, Item], Result], items: Iterable[Item]
    ) -> Iterator[Outcome[Item, Result]]:
        """Call `function(context, item)` for each item in a child.

        Yields:
            The outcomes in the order of the items. Items are taken as they are needed, a few ahead.

        Raises:
            IsolationError: the children do not start.
            GoldenthreadError: `prepare` raised it.

        """
        work = _Work(function, items, self._seconds)
        try:
            while True:
                self._hand_out(work)
                if not work.open:
                    return
                if work.done:
                    yield work.done.popleft()
                    continue
                self._gather(work)
        finally:
            for child in [c for c in self._children if c.job is not None]:
                self._drop(child)

    def _hand_out(self, work: _Work[Item, Result]) -> None:
        while work.ahead < 4 * self._count and (job := work.next()) is not None:
            child = next((c for c in self._children if c.job is None), None)
            if child is None and len(self._children) < self._count:
                child = _Child(self._prepare, self._memory_mb)
                self._children.append(child)
            if child is None:
                work.put_back(job)
                return
            child.give(job, work.calls[job], work.seconds[job])

    def _gather(self, work: _Work[Item, Result]) -> None:
        """Wait until a child answers, ends, or has taken too long."""
        busy = [c for c in self._children if c.job is not None]
        wait([c.connection for c in busy], max(0.0, min(c.deadline for c in busy) - time.monotonic()))
        for child in busy:
            try:
                if child.connection.poll():
                    self._answer(child, work)
                elif time.monotonic() > child.deadline:
                    self._fail(
                        child,
                        work,
                        f"was not read within {child.seconds:.0f} seconds and was left out. "
                        "Divide it, or give it all the time it needs with --workers 0.",
                    )
            except (EOFError, OSError):
                self._fail(
                    child,
                    work,
                    "stopped the reader and was left out. Open it, save it again or save its text, and load that.",
                )

    def _answer(self, child: _Child, work: _Work[Item, Result]) -> None:
        ready, result, error = pickle.loads(child.connection.recv_bytes())
        if child.starting:
            if not ready:
                raise error
            child.started()
        elif child.job is not None:
            job, child.job = child.job, None
            work.settle(job, result, error)
            if isinstance(error, _OutOfMemoryError):
                self._drop(child)  # what it holds is in no known state

    def _fail(self, child: _Child, work: _Work[Item, Result], why: str) -> None:
        if child.starting:
            raise IsolationError(
                "The process in which files are read could not be started. "
                "Try again with --workers 1, or on another computer."
            )
        if child.job is not None:
            work.settle(child.job, None, ReadError(f"{_name_of(work.items[child.job])} {why}"))
        self._drop(child)

    def _drop(self, child: _Child) -> None:
        child.end()
        self._children.remove(child)


def _name_of(item: object) -> str:
    return item.name if isinstance(item, Path) else str(item[0] if isinstance(item, tuple) else item)


class _OutOfMemoryError(ReadError):
    """A file needs more memory than it may have."""


class _Work(Generic[Item, Result]):
    """The items of one `map`: those waiting, under way, and done in order."""

    def __init__(
        self, function: Callable[[Any, Item], Result], items: Iterable[Item], seconds: float | Callable[[Item], float]
    ) -> None:  # fmt: skip
        self._function = function
        self._seconds = seconds
        self._source = enumerate(items)
        self._waiting: deque[int] = deque()
        self._settled: dict[int, Outcome[Item, Result]] = {}
        self._next = 0
        self.items: dict[int, Item] = {}  #: those not yet done
        self.calls: dict[int, bytes] = {}
        self.seconds: dict[int, float] = {}  #: that each may take
        self.done: deque[Outcome[Item, Result]] = deque()

    @property
    def ahead(self) -> int:
        """How many items were taken whose outcome was not yet handed over."""
        return len(self.items) + len(self.done) - len(self._waiting)

    @property
    def open(self) -> bool:
        """Whether there is anything left to do or to hand over."""
        return bool(self.items or self.done)

    def next(self) -> int | None:
        """The number of the next item to read, or None."""
        if self._waiting:
            return self._waiting.popleft()
        job, item = next(self._source, (None, None))
        if job is not None:
            self.items[job] = item  # type: ignore[assignment]  # None only where job is None
            self.calls[job] = pickle.dumps((self._function, item))
            self.seconds[job] = (
                self._seconds(item) if callable(self._seconds) else self._seconds  # type: ignore[arg-type]  # as above
            )
        return job

    def put_back(self, job: int) -> None:
        """Keep an item for later."""
        self._waiting.appendleft(job)

    def settle(self, job: int, result: Result | None, error: GoldenthreadError | None) -> None:
        """Note what became of an item; it is done when those before it are."""
        del self.calls[job], self.seconds[job]
        self._settled[job] = Outcome(self.items[job], result, error)
        while self._next in self._settled:
            self.done.append(self._settled.pop(self._next))
            del self.items[self._next]
            self._next += 1


class _Child:
    """One child process, as its parent sees it."""

    def __init__(self, prepare: bytes, memory_mb: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_serve, args=(theirs, prepare, memory_mb), daemon=True)
        self._process.start()
        theirs.close()
        self.starting = True
        self.job: int | None = None
        self.seconds = self.deadline = 0.0

    def give(self, job: int, call: bytes, seconds: float) -> None:
        """Hand over a job; one that ended meanwhile is noticed when it does not answer."""
        self.job, self.seconds = job, seconds
        self.deadline = time.monotonic() + (_STARTING if self.starting else seconds)
        with suppress(OSError):
            self.connection.send(seconds)
            self.connection.send_bytes(call)

    def started(self) -> None:
        """The child is ready, and the time of its first job begins."""
        self.starting = False
        self.deadline = time.monotonic() + self.seconds

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self.connection.close()


# ----------------------------------------------------------------------------------------- in the child


def _serve(connection: Connection, prepare: bytes, memory_mb: int) -> None:
    """Make the context, then answer one job after another until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    _end_with_parent()
    with visible_streams():
        _serve_jobs(connection, prepare, memory_mb)


def _serve_jobs(connection: Connection, prepare: bytes, memory_mb: int) -> None:
    try:
        make = pickle.loads(prepare)
        context = make() if make is not None else None
    except Exception as error:
        connection.send_bytes(
            _packed(False, None, error if isinstance(error, GoldenthreadError) else IsolationError(_fault(error)))
        )
        return
    _limit_memory(memory_mb)
    connection.send_bytes(_packed(True, None, None))
    with suppress(EOFError, OSError), Path(os.devnull).open("w") as nowhere:
        while True:
            seconds: float = connection.recv()
            call = connection.recv_bytes()
            # Also where Python itself is busy and no thread of it gets a turn, as in a long search by regular
            # expression.
            faulthandler.dump_traceback_later(seconds + _GRACE, exit=True, file=nowhere)
            answer = _answered(call, context)
            faulthandler.cancel_dump_traceback_later()
            connection.send_bytes(answer)


def _end_with_parent() -> None:
    """Have this process end when its parent does, also when that is killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    threading.Thread(target=watch, daemon=True).start()


def _answered(call: bytes, context: object) -> bytes:
    function, item = pickle.loads(call)
    return _packed(True, *attempt(function, context, item))


def attempt(
    function: Callable[[Context, Item], Result], context: Context, item: Item
) -> tuple[Result | None, GoldenthreadError | None]:
    """Call `function(context, item)`; return its result, or the error that says what went wrong with the item.

    Whatever the item does to a reader is an error of that item, in words that hold none of the document's.
    """
    try:
        return function(context, item), None
    except GoldenthreadError as error:
        return None, error
    except MemoryError:
        return None, _OutOfMemoryError(
            f"{_name_of(item)} needs more memory than a document may, and was left out. Save only its text."
        )
    except RecursionError:
        return None, ReadError(f"{_name_of(item)} is nested too deeply to be read. Save its text as plain text.")
    except Exception as error:
        return None, ReadError(
            f"{_name_of(item)} could not be read: {_fault(error)}. Save its text as plain text, and report this."
        )


def _packed(ready: bool, result: object, error: GoldenthreadError | None) -> bytes:
    return pickle.dumps((ready, result, error), protocol=pickle.HIGHEST_PROTOCOL)


def _fault(error: Exception) -> str:
    """An unforeseen error by its kind and place; its own words could hold words of the document."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def _limit_memory(memory_mb: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    with suppress(OSError, ValueError):  # macOS does not take every limit
        held = (
            int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
            if Path("/proc/self/statm").exists()
            else 0
        )
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = held + memory_mb * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
