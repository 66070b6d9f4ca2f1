"""What an SQLite file must have before documents come: the tables, and the mark that it is ours."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from ..file_system import shared_folder_reason
from ..store import StoreError

#: Marks a file as ours: 'GTHR' in ASCII.
APPLICATION_ID = 0x47544852
#: The newest schema; each version N has its script schema_N.sql, which takes a store from N - 1 to N.
VERSION = 4
_CACHE = "PRAGMA cache_size = -65536"


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Check that an open file that may only be read is a store of ours.

    Raises:
        StoreError: it is another program's file, or another goldenthread made it.

    """
    version = _version_of(connection, path)
    if version < VERSION:
        raise StoreError(
            f"{path} is empty, or was made by an older goldenthread (schema {version}, this one knows {VERSION}), "
            "and may not be written to bring it up to date. Copy it to a folder of yours, and name the copy with "
            "--store."
        )
    connection.execute(_CACHE)


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Check that an open file is a store of ours, and bring it to the newest schema; an empty file becomes a store.

    Raises:
        StoreError: it is another program's file, or a newer goldenthread made it, or this SQLite lacks full-text
            search.

    """
    version = _version_of(connection, path)
    if version < VERSION:
        _migrate(connection, version, path)
    if not shared_folder_reason(path):
        # Best effort: another process may hold the file, and the mode it chose serves as well.
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # Pages that document after document changes are copied into the file once for all of them; the log stays below 32
    # MB.
    connection.execute("PRAGMA wal_autocheckpoint = 8000")
    connection.execute(_CACHE)


def _version_of(connection: sqlite3.Connection, path: Path) -> int:
    # The tables first: another process may be making the store, and marks it in the transaction that makes them.
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if tables and application != APPLICATION_ID:
        raise StoreError(f"{path} is an SQLite file, but not a goldenthread store. Name another file with --store.")
    if version > VERSION:
        raise StoreError(
            f"{path} was made by a newer goldenthread (schema {version}, this one knows {VERSION}). "
            "Update goldenthread."
        )
    return int(version)


def _migrate(connection: sqlite3.Connection, version: int, path: Path) -> None:
    if not connection.execute("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'").fetchone():
        raise StoreError(
            "This Python's SQLite has no full-text search (FTS5). Install Python from python.org, or a newer one."
        )
    for number in range(version + 1, VERSION + 1):
        script = (files(__package__ or "") / f"schema_{number}.sql").read_text(encoding="utf-8")
        # One transaction, so that two processes which make the store at once do not meet half-way.
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version_of(connection, path) < number:
                for command in _commands(script):
                    connection.execute(command)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _commands(script: str) -> Iterator[str]:
    """Yield the commands of an SQL script one by one; `executescript` would commit between them."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
