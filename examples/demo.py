"""The example borough, for the command `demo`."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

#: The folder of the documents.
BOROUGH = "harrowmere"
#: An issue whose thread the demonstration shows.
HIGHLIGHT = "fraud"


def copy_documents(folder: Path) -> Path:
    """Copy the documents into a folder below `folder`, in place of what stands there; return it."""
    target = folder / BOROUGH
    target.mkdir(parents=True, exist_ok=True)
    with as_file(files(__package__ or "") / BOROUGH) as source:
        for document in sorted(source.iterdir()):
            shutil.copyfile(document, target / document.name)
    return target
