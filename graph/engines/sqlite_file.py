"""The file of an embedded store, opened to be written or only to be read; errors say what to do."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from ..store import StoreError
from .query_limits import QueryError
from .sqlite_schema import check, prepare

#: Seconds for which a connection waits until another program has written, or read.
_PATIENCE = 30.0
#: What SQLite says where it may not write, or not make the files that it needs beside the store.
_NOT_WRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
#: The bytes of the header that say how the file is written, and what they are where there is a write-ahead log
#: (https://www.sqlite.org/fileformat2.html, "File format version numbers").
_FORMAT, _LOGGED = slice(18, 20), b"\2\2"
#: The files beside a store while it is written, and after a program died writing.
_LOG, _JOURNAL = "-wal", "-journal"


class StoreFile:
    """An open file of a store.

    Where the file or its folder may not be written, it is read as it is:

    - with its write-ahead log, while somebody else writes it;
    - without locks where there is no log, because SQLite would have to make one: see `renew` and `changed`;
    - as a copy of our own where a program died writing, and what it left must be worked off first.

    Args:
        path: the file.
        create: it is to be written; made when there is none.

    Attributes:
        connection: to it.
        only_read: it may not be written.

    Raises:
        StoreError: there is no file, it is no store, it may not be written but should be, or SQLite cannot use it.

    """

    def __init__(self, path: Path, *, create: bool) -> None:
        self.path = path
        self.only_read = False
        self._without_locks = False
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        with translated(path):
            _check_place(path, create=create)
            try:
                self.connection = self._open(create)
            except BaseException:
                self._throw_copy_away()
                raise

    def _open(self, create: bool) -> sqlite3.Connection:
        self._address = f"{_uri(self.path)}?mode=ro"
        if _may_be_written(self.path):
            try:
                return _connected(_uri(self.path), self.path)
            except sqlite3.OperationalError as error:
                if create or not _is_not_writable(error):
                    raise
        elif create:
            raise only_readable(self.path)
        self.only_read = True
        return self._open_to_read()

    def _open_to_read(self) -> sqlite3.Connection:
        self._version = _version_of(self.path)
        self._without_locks = _is_logged(self.path) and not _beside(self.path, _LOG).exists()
        if self._without_locks:
            return _connected(f"{self._address}&immutable=1", self.path, only_read=True)
        try:
            return _connected(self._address, self.path, only_read=True)
        except sqlite3.OperationalError as error:
            if not _is_not_writable(error):
                raise
        self._copy = _copied(self.path)
        copy = Path(self._copy.name) / _beside(self.path).name
        self._address = f"{_uri(copy)}?mode=ro"
        return _connected(_uri(copy), self.path)

    def renew(self) -> None:
        """Open a file anew that is read without locks and has changed.

        Raises:
            StoreError: it can be read no more.

        """
        if self.changed():
            self.connection.close()
            with translated(self.path):
                self.connection = self._open_to_read()

    def changed(self) -> bool:
        """Say whether a file that is read without locks has changed since it was opened.

        If so, what was read may mix two versions.
        """
        return self._without_locks and _version_of(self.path) != self._version

    def reading_address(self) -> str:
        """Return a URI for another connection that only reads."""
        return f"{self._address}&immutable=1" if self._without_locks else self._address

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()
        self._throw_copy_away()

    def _throw_copy_away(self) -> None:
        if self._copy is not None:
            self._copy.cleanup()


def _connected(uri: str, path: Path, *, only_read: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_PATIENCE)
    try:
        (check if only_read else prepare)(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _uri(path: Path) -> str:
    """Return a file's name as SQLite takes it; `Path.as_uri` makes an address of a share's server that it refuses."""
    name = quote(os.fsencode(path.absolute().as_posix()), safe="/:")
    return f"file://{name}" if name.startswith("/") else f"file:///{name}"


def _check_place(path: Path, *, create: bool) -> None:
    if path.is_file():
        return
    if path.exists():
        raise StoreError(f"{path} is not a file. Name a file with --store, such as goldenthread.db.")
    if not create:
        raise StoreError(
            f"There is no store at {path}. Load documents first ('goldenthread load FOLDER'), or name another with "
            "--store."
        )
    if not path.absolute().parent.is_dir():
        raise StoreError(
            f"The folder of the store {path} does not exist. Make it first, or name another place with --store."
        )
    if not _may_be_written(path):
        raise StoreError(
            f"The store {path} cannot be made, because its folder may not be written. Name another place with --store."
        )


def _may_be_written(path: Path) -> bool:
    """Say whether the system lets us write the file and its folder.

    Where the system does not tell of a restriction, it shows when SQLite tries to write.
    """
    return (not path.exists() or os.access(path, os.W_OK)) and os.access(_beside(path).parent, os.W_OK)


def _is_logged(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(100)[_FORMAT] == _LOGGED


def _beside(path: Path, ending: str = "") -> Path:
    """Return what SQLite keeps beside the file, which a link may lead to; without an ending the file itself."""
    file = path.resolve()
    return file.with_name(file.name + ending)


def _version_of(path: Path) -> list[tuple[int, int, int]]:
    """Return what changes when the file, or its write-ahead log, is written or replaced."""
    found = [place.stat() for place in (_beside(path), _beside(path, _LOG)) if place.exists()]
    return [(status.st_ino, status.st_size, status.st_mtime_ns) for status in found]


def _copied(path: Path) -> tempfile.TemporaryDirectory[str]:
    """Copy a store, with what was left beside it, to where it can be put in order."""
    version = _version_of(path)
    folder = tempfile.TemporaryDirectory(prefix="goldenthread-")
    try:
        for place in (_beside(path, ending) for ending in ("", _LOG, _JOURNAL)):
            if place.exists():
                shutil.copyfile(place, Path(folder.name) / place.name)
        if _version_of(path) != version:
            raise _in_use(path)
    except BaseException:
        folder.cleanup()
        raise
    return folder


# ---------------------------------------------------------------------------------------------------------- errors


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, with a cure."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _in_words(path, error) from error
    except OSError as error:
        raise StoreError(
            f"The store {path} cannot be read: {error.strerror or error}. Check its permissions."
        ) from error


@contextlib.contextmanager
def query_translated() -> Iterator[None]:
    """Turn what SQLite says of a query of the user's own into our error; what it says of the file is left as it is."""
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning, UnicodeError) as error:  # a warning: of two commands in one
        if isinstance(error, sqlite3.Error) and _code(error) in _OF_STORE:
            raise
        raise QueryError(f"The query cannot be run: {str(error).rstrip('.')}. Mend it, and try again.") from error


def only_readable(path: Path) -> StoreError:
    """Return the error for what would change a store that may only be read."""
    return StoreError(
        f"The store {path} can only be read: the file or its folder may not be written. "
        f"Ask for the right to write there, or copy it with 'goldenthread copy {path} FILE' to a folder of yours, "
        "and name FILE with --store."
    )


#: SQLite's codes for what is wrong with the file, not with a query.
_OF_STORE = frozenset((
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PROTOCOL,
))  # fmt: skip


def _in_words(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    text = str(error)
    if "not a database" in text:
        return StoreError(f"{path} is not a goldenthread store. Name another file with --store.")
    if "malformed" in text:
        return StoreError(f"The store {path} is damaged. Delete it and load the documents again.")
    if "readonly" in text:
        return only_readable(path)
    if "unable to open" in text:
        return StoreError(
            f"The store {path} cannot be opened. Check its permissions and its folder's, or name another file with "
            "--store."
        )
    if "locked" in text or "busy" in text:
        return _in_use(path)
    if "full" in text:
        return StoreError(f"The disk of the store {path} is full. Free some room, then try again.")
    return StoreError(f"The store {path} could not be used: {text}.")


def _in_use(path: Path) -> StoreError:
    return StoreError(f"The store {path} is in use by another program. Wait for it to finish, then try again.")


def _is_not_writable(error: sqlite3.Error) -> bool:
    return _code(error) in _NOT_WRITABLE


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's code for the error, without what makes it more precise; 0 for Python's own errors."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
