"""Does some work with many items at once, in threads that end with the program."""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from ..ontology import GoldenthreadError

Item = TypeVar("Item")
Result = TypeVar("Result")

#: An item with its result, or with why there is none.
_Outcome: TypeAlias = tuple[Item, Result | None, GoldenthreadError | None]
#: How often, in seconds, whoever waits can be interrupted.
_PATIENCE = 0.5


class Concurrently(Generic[Item, Result]):
    """Does some work with each item, several at the same time; yields each with its result, or with why there is none.

    The outcomes come as they are done, in no order.

    Args:
        work: what is done with one item, in a thread.
        items: all of them.
        at_once: how many threads there are.

    """

    def __init__(self, work: Callable[[Item], Result], items: Iterable[Item], at_once: int) -> None:
        self._work = work
        self._waiting: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[_Outcome[Item, Result], threading.Event] | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        for item in items:
            self._waiting.put(item)
        self._at_work = min(max(1, at_once), self._waiting.qsize())

    def stop(self) -> None:
        """Begin nothing more; what is under way is still yielded."""
        self._stopped.set()

    def __iter__(self) -> Iterator[_Outcome[Item, Result]]:
        for _ in range(self._at_work):
            # They do not keep the program from ending.
            threading.Thread(target=self._work_on, daemon=True).start()
        try:
            while self._at_work:
                try:
                    found = self._done.get(timeout=_PATIENCE)
                except queue.Empty:
                    continue
                if found is None:
                    self._at_work -= 1
                else:
                    outcome, taken = found
                    yield outcome
                    taken.set()
        finally:
            self.stop()

    def _work_on(self) -> None:
        while not self._stopped.is_set():
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                break
            taken = threading.Event()
            self._done.put(((item, *self._attempt(item)), taken))
            # Nothing more is begun before whoever takes the outcomes has seen this one: they may stop.
            while not taken.wait(_PATIENCE) and not self._stopped.is_set():
                pass
        self._done.put(None)

    def _attempt(self, item: Item) -> tuple[Result | None, GoldenthreadError | None]:
        try:
            return self._work(item), None
        except GoldenthreadError as error:
            return None, error
        except Exception as error:  # by its kind and place: its own words could hold words of a document
            frames = traceback.extract_tb(error.__traceback__, limit=-1)
            where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
            return None, GoldenthreadError(f"something unforeseen: {type(error).__name__}{where}. Report this.")
