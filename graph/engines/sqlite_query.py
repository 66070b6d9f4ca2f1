"""A query of a person's own in an SQLite store: it reads this file and nothing else, and comes to an end."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from typing import TypeAlias

from ..store import Row
from .child_process import restrict, run_in_child
from .query_limits import LimitError, Limits, RefusedQueryError, checked_text, out_of_steps, within

Answer: TypeAlias = tuple[Sequence[str], list[Row]]

#: What a query consists of, for SQLite's authorizer; whatever is not listed is refused.
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
#: Functions that reach beyond the query: they load libraries, write files or logs, or change how SQLite works.
_REFUSED_FUNCTIONS = frozenset({
    "edit", "eval", "fts3_tokenizer", "fts5", "icu_load_collation", "load_extension", "readfile", "sqlite_log",
    "writefile",
})  # fmt: skip
#: Those that tell of the store's own make and take nothing but names.
_PRAGMAS = frozenset({
    "collation_list", "compile_options", "foreign_key_list", "function_list", "index_info", "index_list", "index_xinfo",
    "table_info", "table_list", "table_xinfo",
})  # fmt: skip
#: Those that tell a number, and set it where they are given one. The full-text index asks for the first.
_NUMBER_PRAGMAS = frozenset({"data_version", "user_version", "application_id", "page_count", "page_size"})
_NAMES = {
    sqlite3.SQLITE_ATTACH: "ATTACH", sqlite3.SQLITE_DETACH: "DETACH", sqlite3.SQLITE_PRAGMA: "PRAGMA",
    sqlite3.SQLITE_INSERT: "INSERT", sqlite3.SQLITE_UPDATE: "UPDATE", sqlite3.SQLITE_DELETE: "DELETE",
    sqlite3.SQLITE_TRANSACTION: "BEGIN, COMMIT or ROLLBACK", sqlite3.SQLITE_SAVEPOINT: "SAVEPOINT",
    sqlite3.SQLITE_FUNCTION: "the function",
}  # fmt: skip
#: The largest text or blob. Above the largest document, whose text a query must be able to read.
_LONGEST_VALUE = 150_000_000
#: How many steps are counted at once.
_STEPS_AT_ONCE = 10_000


def run_query(address: str, query: str, most: int, limits: Limits) -> Answer:
    """Return the columns and at most `most` rows of a query in the SQLite file at `address`, a URI that only reads.

    Raises:
        RefusedQueryError: it would do more than read this file.
        LimitError: it takes more than it may.
        sqlite3.Error: SQLite refuses it.

    """
    return run_in_child(_answer, address, checked_text(query, limits), most, limits, limits=limits)


def _answer(address: str, query: str, most: int, limits: Limits) -> Answer:
    """In the child: open the file, close everything else, and run the query."""
    db = sqlite3.connect(address, uri=True, isolation_level=None)
    # What a sort or a group needs is held in memory, which is limited, and not in files, which are not.
    for pragma in (
        "query_only = ON",
        "trusted_schema = OFF",
        "temp_store = MEMORY",
        f"hard_heap_limit = {limits.memory_mb * 1_000_000}",
    ):
        db.execute(f"PRAGMA {pragma}")
    # Opens what belongs to the file, and makes the virtual tables, before nothing more can be opened or made.
    db.execute("BEGIN")
    for table in (
        "evidence_text('a')",
        "json_each('[]')",
        "json_tree('[]')",
        *(f"pragma_{name}" for name in sorted(_PRAGMAS)),
    ):
        with contextlib.suppress(sqlite3.OperationalError):  # an older SQLite lacks some of them
            db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall()
    _limit_sizes(db, limits)
    refused: list[str] = []
    steps = _Steps(limits)
    db.set_authorizer(_authorizer(refused))
    db.set_progress_handler(steps.count, _STEPS_AT_ONCE)
    db.text_factory = _text
    restrict(limits)
    try:
        cursor = db.execute(query)
        columns = [column[0] for column in cursor.description or ()]
        rows = within(cursor, len(columns), most, limits)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _explained(error, refused, steps, limits) from error
    if not columns:
        raise RefusedQueryError(
            "There is nothing to run in the query. Give one that begins with SELECT, WITH or VALUES."
        )
    return columns, rows


def _explained(error: Exception, refused: list[str], steps: _Steps, limits: Limits) -> Exception:
    """Return an error that says what the query did, where it was not SQLite that found a mistake in it."""
    if "VACUUM" in str(error):
        refused.append("VACUUM")
    if refused:
        return RefusedQueryError(f"A query may not use {refused[0]}: it can only read this graph. Leave it out.")
    if steps.spent:
        return out_of_steps(limits)
    if "too big" in str(error):
        return LimitError(
            f"A value of the query is larger than {_LONGEST_VALUE // 1_000_000} MB. Ask for a part of it."
        )
    if "one statement" in str(error):  # Python calls it a warning, or an error from 3.12 on
        return RefusedQueryError("Give one query at a time: what stands after the first ';' cannot be run with it.")
    return error


class _Steps:
    """Counts the steps of SQLite's machine, and ends the query when there are too many."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.steps
        self._done = 0

    @property
    def spent(self) -> bool:
        """Whether the query was ended for it."""
        return self._done > self._most

    def count(self) -> bool:
        """Count what was done since the last time; true ends the query."""
        self._done += _STEPS_AT_ONCE
        return self.spent


def _limit_sizes(db: sqlite3.Connection, limits: Limits) -> None:
    for category, most in (
        (sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE), (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 4 * limits.text),
        (sqlite3.SQLITE_LIMIT_COLUMN, 200), (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, limits.depth),
        (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 100), (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
        (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000), (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
    ):  # fmt: skip
        db.setlimit(category, most)


def _authorizer(refused: list[str]) -> Callable[[int, str | None, str | None, str | None, str | None], int]:
    """Return what SQLite asks whether a query may do something; it notes in `refused` what the query may not."""

    def allowed(action: int, first: str | None, second: str | None, _database: str | None, _inside: str | None) -> int:
        name = (second if action == sqlite3.SQLITE_FUNCTION else first or "") or ""
        if action in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and name.lower() not in _REFUSED_FUNCTIONS):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and (name in _PRAGMAS or (name in _NUMBER_PRAGMAS and second is None)):
            return sqlite3.SQLITE_OK
        shown = f" {name}" if action in (sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_PRAGMA) else ""
        refused.append(_NAMES.get(action, "what changes a store") + shown)
        return sqlite3.SQLITE_DENY

    return allowed


def _text(data: bytes) -> str:
    """Return a text as SQLite holds it; it does not check that what is stored as text is any."""
    return data.decode("utf-8", "replace")
