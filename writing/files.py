"""Writes a file whole or not at all: beside its place first, then over what stood there."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

#: Names of what this process has open: '/dev/stdout', '/dev/fd/3'.
_DESCRIPTOR = re.compile(r"/dev/(?:(stdout)|(stderr)|fd/(\d+))|/proc/(?:self|thread-self)/fd/(\d+)")
#: Names of devices in every folder of Windows, whatever their ending.
_WINDOWS_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:[ .:].*)?", re.IGNORECASE)
#: Links that are followed before they count as going round in a circle.
_MOST_LINKS = 40


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the block ends; after an error the old file stays.

    It is written in the folder of `path`. A link stays, and what it leads to is replaced; permissions are kept. Devices
    and pipes are written to directly.

    Raises:
        OSError: it cannot be written; a folder stands there, or a file that may not be changed.

    """
    if is_stream(path):
        with _stream(path) as file:
            yield file
        return
    target = Path(os.path.realpath(path))
    before = _state(target)
    if before is not None and stat.S_ISDIR(before.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if before is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    beside = target.with_name(f".{target.name[:40]}.{os.urandom(6).hex()}.tmp")
    try:
        with beside.open("xb") as file:
            if before is not None:
                _keep_permissions(beside, before)
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def is_stream(path: Path) -> bool:
    """Whether `path` stands for a device, a pipe or something that is open already, which cannot be replaced."""
    if _descriptor(path) is not None or (sys.platform == "win32" and _WINDOWS_DEVICE.fullmatch(path.name)):
        return True
    state = _state(path)
    return state is not None and not stat.S_ISREG(state.st_mode) and not stat.S_ISDIR(state.st_mode)


def _stream(path: Path) -> BinaryIO:
    descriptor = _descriptor(path)
    if descriptor is None:
        return path.open("wb")
    # Opened by its name, a file that stands behind it would be emptied, or written from its beginning.
    if sys.stdout is not None:
        sys.stdout.flush()
    return os.fdopen(os.dup(descriptor), "wb")


def _descriptor(path: Path) -> int | None:
    """Return the file descriptor that `path` names, over links; None when it names none."""
    for _ in range(_MOST_LINKS):
        found = _DESCRIPTOR.fullmatch(os.path.abspath(path))  # noqa: PTH100 - pathlib's keeps '..'
        if found:
            return 1 if found[1] else 2 if found[2] else int(found[3] or found[4])
        if not path.is_symlink():
            return None
        path = path.parent / path.readlink()
    return None


def _state(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _keep_permissions(path: Path, before: os.stat_result) -> None:
    """Give a file the owner, as far as that is allowed, and the permissions of the one that it replaces."""
    if sys.platform != "win32":
        for owner in (-1, before.st_uid):  # many may pass a file on to a group of theirs, few to another owner
            with suppress(OSError):
                os.chown(path, owner, before.st_gid)
    path.chmod(stat.S_IMODE(before.st_mode))
