"""What kind of folder a store stands in: write-ahead logs fail on network shares and in synchronised folders."""

from __future__ import annotations

import sys
from pathlib import Path

_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "box sync", "sharepoint", "cloudstorage")
_REMOTE_TYPES = ("nfs", "cifs", "smb", "9p", "afs", "sshfs", "fuse.", "drvfs", "vboxsf", "davfs")
_DRIVE_REMOTE = 4  # of GetDriveTypeW, Windows SDK, fileapi.h


def shared_folder_reason(path: Path) -> str | None:
    """Say why the folder of `path` is shared or synchronised, or None for an ordinary local one."""
    full = path.absolute()
    for part in full.parts:
        if any(name in part.lower() for name in _SYNCED):
            return f"'{part}' is a synchronised folder"
    if sys.platform == "win32":
        return _windows_reason(full)
    mounts = Path("/proc/mounts")
    if mounts.is_file():
        return _mount_reason(full, mounts.read_text(encoding="utf-8", errors="replace"))
    if full.parts[1:2] == ("Volumes",):
        return "it is on a mounted volume"
    return None


def names_a_server(path: str) -> bool:
    """Whether looking at `path` could send a user's credentials to a server, as on Windows.

    An imported graph may name any path.
    """
    return path.replace("\\", "/").startswith("//")


def _windows_reason(path: Path) -> str | None:
    if str(path).startswith("\\\\"):
        return "it is on a network share"
    import ctypes

    drives = getattr(ctypes, "windll").kernel32  # noqa: B009 - the attribute exists on Windows only
    return "it is on a network drive" if drives.GetDriveTypeW(path.drive + "\\") == _DRIVE_REMOTE else None


def _mount_reason(path: Path, mounts: str) -> str | None:
    """Look up the file system of `path` in the text of /proc/mounts: device, mount point, type, options."""
    best, found = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:
            point = fields[1].replace("\\040", " ")
            if path.is_relative_to(point) and len(point) >= len(best):
                best, found = point, fields[2]
    return f"its file system is {found}" if found.startswith(_REMOTE_TYPES) else None
