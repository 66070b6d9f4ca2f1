"""Finds the files to read: those that a person names, and those that stand in the folders that they name."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: What holds documents of its own.
CONTAINERS = frozenset((".zip", ".eml"))
#: What is read in a folder besides; a file that is named is read whatever it is called.
SUFFIXES = frozenset(
    (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".csv", ".tsv", ".pdf", ".docx", ".xlsx", ".xlsm")
)
_LINK = "a link; load what it leads to under its own name"


@dataclass(slots=True)
class FoundFiles:
    """The files to read, and what is not read, each with the reason."""

    files: list[Path] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)  #: (path, why and what to do)
    passed_over: list[tuple[str, str]] = field(default_factory=list)  #: (path, why)


def not_read(what: str) -> str:
    """Say that files of a type are not read, by the type."""
    return f"files of type '{what}' are not read in this version"


def find_files(
    paths: Iterable[Path], endings: frozenset[str] = SUFFIXES | CONTAINERS, other: Callable[[str], str] = not_read
) -> FoundFiles:  # fmt: skip
    """Find the files to read: those named, whatever they are called, and in folders those of a type that is read.

    Links in folders are not followed: what they lead to would be read twice, or stands outside the folder. A name that
    is no text fails, since no store can hold it. Hidden folders are named once and not entered.

    Args:
        paths: files and folders.
        endings: of the files that are read in folders.
        other: says why a file in a folder with another ending is not read.

    """
    found = FoundFiles()
    for path in paths:
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except (OSError, ValueError):
            is_folder = False  # reading it says why
        if is_folder:
            _search(path, found, endings, other)
        elif _is_text(path):
            found.files.append(path)
        else:
            found.failed.append((shown(path), _NO_TEXT))
    return found


def shown(path: Path) -> str:
    """A path as it can be printed and stored, with an escape for each byte that is no text."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


_NO_TEXT = "its name is not valid text (UTF-8). Rename it, and load it again."


def _is_text(path: Path) -> bool:
    try:
        str(path.absolute()).encode("utf-8")
    except (UnicodeEncodeError, OSError):
        return False
    return True


def _search(folder: Path, found: FoundFiles, endings: frozenset[str], other: Callable[[str], str]) -> None:
    """Add the files in a folder and its subfolders, in the order of their paths."""
    entries = sorted(_entries(folder, found), key=lambda each: each[0])
    if not entries and not any(path == folder.as_posix() for path, _ in found.failed):
        found.failed.append((folder.as_posix(), "the folder holds no files."))
    for path, why in entries:
        if why:
            found.passed_over.append((shown(path), why))
        elif not _is_text(path):
            found.failed.append((shown(path), _NO_TEXT))
        elif path.suffix.lower() in endings:
            found.files.append(path)
        else:
            found.passed_over.append((path.as_posix(), other(path.suffix or path.name)))


def _entries(folder: Path, found: FoundFiles) -> Iterator[tuple[Path, str]]:
    """Yield each file below a folder, and why it is not to be read: '' when it is."""
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as listed:
                entries = list(listed)
        except OSError as error:
            found.failed.append(
                (shown(current), f"the folder cannot be listed: {error.strerror or error}. Check its permissions.")
            )
            continue
        for entry in entries:
            path = current / entry.name
            if entry.name.startswith((".", "~$")):
                yield path, "hidden"
            elif entry.is_symlink():
                yield path, _LINK
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif entry.is_file(follow_symlinks=False):
                yield path, ""
            else:
                yield path, "not an ordinary file"
