"""The example borough, for the command `demo`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from goldenthread.graph.outputs import OutputError, output_file

#: The folder of the documents.
BOROUGH = "harrowmere"
#: An issue whose thread the demonstration shows.
HIGHLIGHT = "fraud"


def copy_documents(folder: Path) -> Path:
    """Copy the documents into a folder below `folder`; return it.

    Raises:
        OutputError: a file of the same name, and with other words, stands there already; nothing is copied then. Or one
            cannot be written.

    """
    target = folder / BOROUGH
    documents = {entry.name: entry.read_bytes() for entry in (files(__package__ or "") / BOROUGH).iterdir()}
    others = [
        name for name in sorted(documents) if (target / name).exists() and not _holds(target / name, documents[name])
    ]
    if others:
        raise OutputError(
            f"{target.as_posix()} holds other documents of the same names: {', '.join(others)}. They stay as they are. "
            "Name another folder with --folder, or move them."
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {target.as_posix()} cannot be made: {error.strerror}. Name another with --folder."
        ) from error
    for name, data in sorted(documents.items()):
        if not (target / name).exists():
            with output_file(target / name) as file:
                file.write(data)
    return target


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
