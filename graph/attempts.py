"""Reads a store in one state, however often another process changes it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TypeVar

from .store import ChangedError, Store, StoreError

T = TypeVar("T")

#: How often a block is tried.
_MOST = 10
#: The first attempts hold nobody up; in the further ones writers wait, where the engine needs it.
_UNHINDERED = 3


def attempts(store: Store) -> Iterator[AbstractContextManager[None]]:
    """Yield blocks in which to read, until one of them has read one state of the store.

        for attempt in attempts(store):
            with attempt:
                found = …

    A file needs one attempt; a server may need more while others write. So a block only reads, and what it found is
    used after the loop.

    Raises:
        StoreError: the store was changed in every attempt, or cannot be used.

    """
    for number in range(_MOST):
        attempt = _Attempt(store.reading(writers_wait=number >= _UNHINDERED))
        yield attempt
        if attempt.done:
            return
    raise StoreError(
        f"The store was changed each of the {_MOST} times that it was read. Wait until the documents are loaded, "
        "then try again."
    )


def in_one_state(store: Store, read: Callable[[], T]) -> T:
    """Return what `read` finds in one state of the store; it may be called several times.

    Raises:
        StoreError: see `attempts`.

    """
    for attempt in attempts(store):
        with attempt:
            found = read()
    return found


class _Attempt(AbstractContextManager[None]):
    """A block that ends quietly, but is not `done`, when the store was changed in it."""

    def __init__(self, reading: AbstractContextManager[None]) -> None:
        self._reading = reading
        self.done = False

    def __enter__(self) -> None:
        self._reading.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        try:
            self._reading.__exit__(kind, error, trace)
        except ChangedError:
            return True
        self.done = error is None
        return isinstance(error, ChangedError)
