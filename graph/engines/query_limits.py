"""How much a query of a person's own may take, in every language, and what is said when it takes more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..store import Row, StoreError


class QueryError(StoreError):
    """A query of a person's own cannot be run."""

    exit_code = 2


class LimitError(QueryError):
    """A query takes more than it may."""


class RefusedQueryError(QueryError):
    """A query would do more than read this graph."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take."""

    seconds: float = 60.0  #: of time, from when the data are ready
    memory_mb: int = 1000  #: beyond what the data take
    steps: int = 500_000_000  #: of SQLite's machine: a query ends at the same step on every computer
    cells: int = 1_000_000  #: of the result
    result_bytes: int = 64_000_000  #: of the texts in the result
    text: int = 100_000  #: characters of the query itself
    depth: int = 100  #: brackets in brackets


#: What holds for every query that is not given other limits.
LIMITS = Limits()

_LESS = "Ask for less: for one partnership, for fewer columns, or with a LIMIT"


def out_of_time(limits: Limits) -> LimitError:
    """Return the error for a query that was ended."""
    return LimitError(f"The query took longer than {limits.seconds:g} seconds and was stopped. {_LESS}.")


def out_of_steps(limits: Limits) -> LimitError:
    """Return the error for a query that never came to its end."""
    return LimitError(
        f"The query took more than {limits.steps // 1_000_000} million steps and was stopped. "
        f"{_LESS}, or see whether it can end."
    )


def out_of_memory(limits: Limits) -> LimitError:
    """Return the error for a query that needed more memory than it may, or broke the process in which it ran."""
    return LimitError(f"The query needs more than {limits.memory_mb} MB of memory, and was stopped. {_LESS}.")


def checked_text(text: str, limits: Limits = LIMITS) -> str:
    """Return the text of a query if it is one that an engine may be given.

    Raises:
        LimitError: it is too long.
        RefusedQueryError: it is empty, or holds what is no text.

    """
    if not text.strip():
        raise RefusedQueryError("The query is empty. Give a query, or the name of a file that holds one.")
    if len(text) > limits.text:
        raise LimitError(f"The query is longer than {limits.text:,} characters. Shorten it, or divide it.")
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise RefusedQueryError("The query holds characters that are no text. Save it as UTF-8, or write it again.")
    return text


def within(rows: Iterator[Row], columns: int, most: int, limits: Limits = LIMITS) -> list[Row]:
    """Take at most `most` rows.

    Raises:
        LimitError: together they hold more than a result may.

    """
    found: list[Row] = []
    size = 0
    while len(found) < most and (row := next(rows, None)) is not None:
        found.append(row)
        size += sum(map(_size, row))
        if size > limits.result_bytes:
            raise LimitError(
                f"The result is larger than {limits.result_bytes // 1_000_000} MB. {_LESS}, or for a part of each text."
            )
        if len(found) * columns > limits.cells:
            raise LimitError(f"The result has more than {limits.cells:,} cells. {_LESS}.")
    return found


def _size(value: object) -> int:
    """Return about how many bytes a value takes."""
    if isinstance(value, (str, bytes, bytearray)):
        return len(value)
    if isinstance(value, (list, tuple)):
        return 8 + sum(map(_size, value))
    if isinstance(value, dict):
        return 8 + sum(_size(k) + _size(v) for k, v in value.items())
    return 8
