"""What may not be written over, and the writing of everything else."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..ontology import GoldenthreadError
from ..writing.files import is_stream, replaced
from .file_system import names_a_server
from .model import Document

#: What SQLite keeps beside a database while it is in use; a database that loses one may be damaged.
_COMPANIONS = ("-wal", "-shm", "-journal")
_SQLITE = b"SQLite format 3\0"
_ANOTHER = "Name another file with --output."
_CURES = {
    errno.EACCES: (
        "Check its permissions and those of its folder, close the program that holds it, or name another file with "
        "--output."
    ),
    errno.EDQUOT: "Free some room, or name another file with --output.",
    errno.EFBIG: "Name a file on another disk with --output.",
    errno.ENOSPC: "Free some room, or name a file on another disk with --output.",
}
_CURES[errno.EPERM] = _CURES[errno.EACCES]


class OutputError(GoldenthreadError):
    """A file cannot be written, or must not be written over."""


@contextmanager
def output_file(path: Path, store: str | None = None, sources: Iterable[str | Path] = ()) -> Iterator[BinaryIO]:
    """Open a file for bytes that takes the place of `path` when the block ends, unless `refuse` refuses it.

    When writing fails, what stood there stays; see `writing.files.replaced`.

    Raises:
        OutputError: it cannot be written, or must not be written over.

    """
    refuse(path, store, sources)
    try:
        with replaced(path) as file:
            yield file
    except BrokenPipeError:
        raise  # whoever reads a pipe has seen enough
    except OSError as error:
        why = error.strerror or str(error)
        cure = _CURES.get(error.errno or 0, _ANOTHER)
        raise OutputError(
            f"{path} could not be written: {why}. What stood there before is unchanged. {cure}"
        ) from error


def refuse(path: Path, store: str | None = None, sources: Iterable[str | Path] = ()) -> None:
    """Refuse to write over a store, over what SQLite keeps beside one, over a file that is read, and over a folder.

    Args:
        path: where an output shall go; a link is followed. Where nothing is there yet, this costs next to nothing.
        store: the address of the store that is asked, which must not be written over even if it is something else.
        sources: the files that are read: documents, a vocabulary, rules.

    Raises:
        OutputError: one of these is there, or there is no such folder.

    """
    if is_stream(path):
        return
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise OutputError(f"{path} is a folder. Name a file in it with --output.")
    if not target.parent.is_dir():
        raise OutputError(
            f"{path} could not be written: its folder does not exist. "
            "Make it first, or name another file with --output."
        )
    own = Path(store) if store and "://" not in store else None
    if own and _same_place(target, own):
        raise OutputError(f"{path} is the store that --store names, and is not written over. {_ANOTHER}")
    for ending in _COMPANIONS:
        database = target.with_name(target.name[: -len(ending)]) if target.name.lower().endswith(ending) else None
        if database and database.name and (_is_database(database) or (own and _same_place(database, own))):
            raise OutputError(
                f"{path} belongs to the database {database.name}, which could be damaged without it. {_ANOTHER}"
            )
    if _is_database(target):
        raise OutputError(
            f"{path} is a database, such as goldenthread keeps a graph in, and is not written over. {_ANOTHER}"
        )
    if _is_one_of(target, sources):
        raise OutputError(
            f"{path} is a file that goldenthread reads: a document, a vocabulary, rules or claims. "
            f"It is not written over. {_ANOTHER}"
        )


def files_of(documents: Iterable[Document], folder: Path) -> list[str]:
    """Return the files in which documents stand; for one in a container ('bundle.zip!plan.docx') the container as well.

    Args:
        documents: of a store.
        folder: to which their paths are relative; see `store.store_folder`.

    """
    paths: dict[str, None] = {}
    for document in documents:
        # The name of a file may hold such a sign as well, so all that it could mean counts.
        parts = document.path.split("!")
        paths |= dict.fromkeys("!".join(parts[:number]) for number in range(1, len(parts) + 1))
    # There are thousands of them, and os.path is faster.
    return [path if names_a_server(path) else os.path.join(folder, path) for path in paths if path]  # noqa: PTH118


def file_of(document: Document, folder: Path) -> Path:
    """Return the file that holds a document: its own, or its container's.

    '!' may also be a character of the name itself.

    Args:
        document: of a store.
        folder: to which its path is relative. Where no such file is there, the document's own place is returned.

    """
    place = folder / document.path
    if names_a_server(document.path):
        return place
    parts = document.path.split("!")
    paths = (folder / "!".join(parts[:number]) for number in range(len(parts), 0, -1))
    return next((path for path in paths if path.is_file()), place)


def _is_one_of(target: Path, sources: Iterable[str | Path]) -> bool:
    """Whether `target` is the same file as one of `sources`, however they are spelled."""
    try:
        there = target.stat()
    except OSError:
        return False
    return any(_leads_to(source, target, there) for source in sources)


def _leads_to(source: str | Path, target: Path, there: os.stat_result) -> bool:
    if names_a_server(str(source)):
        return os.path.normcase(target) == os.path.normcase(os.path.normpath(source))
    try:
        return os.path.samestat(os.stat(source), there)  # noqa: PTH116 - thousands of them
    except (OSError, ValueError):
        return False


def _same_place(one: Path, other: Path) -> bool:
    return _is_one_of(one, (other,)) or os.path.normcase(one) == os.path.normcase(os.path.realpath(other))


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False
