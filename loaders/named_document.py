"""Finds the document of a store that a person names: by its id, its path, or the end of its path."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..graph import Store
from ..graph.file_system import names_a_server
from .load import OptionError, place_of


def document_named(store: Store, name: str, folder: Path, others: Iterable[str] = ()) -> str:
    """Return the id of the document that a person means.

    Args:
        store: that holds it.
        name: its id; its path as the store knows it, from the current folder or from the root; or the end of its path.
            What stands in a container is named like 'bundle.zip!plan.docx'.
        folder: to which the paths of the store's documents are relative.
        others: ids of documents that may be meant as well, though the store does not hold them.

    Raises:
        OptionError: there is none, or several.

    """
    documents = {d.id: d.path for d in store.documents()} | {i: i.removeprefix("document/") for i in others}
    spelled = {name, name.replace("\\", "/")}
    wanted = spelled | {each.removeprefix("./") for each in spelled}
    found = {i for i, path in documents.items() if {i, path} & wanted} | _standing_at(name, documents, folder)
    if not found:
        found = {i for i in documents if any(i.endswith("/" + each) for each in wanted)}
    if len(found) == 1:
        return found.pop()
    if found:
        paths = ", ".join(sorted(os.path.normpath(folder / documents[i]) for i in found))
        raise OptionError(f"Several documents are called '{name}': {paths}. Give one of these paths.")
    raise OptionError(
        f"The store holds no document '{name}'. Its documents are: {', '.join(documents.values()) or 'none'}."
    )


def _standing_at(name: str, documents: Mapping[str, str], folder: Path) -> set[str]:
    """Find the document at a path from the current folder or from the root.

    It is also found when a link leads there, or the path has other capitals.
    """
    place = place_of(Path(name), folder)
    found = {i for i, path in documents.items() if path == place}
    if found or not os.path.lexists(name.partition("!")[0]):
        return found
    return {i for i, path in documents.items() if _same_file(name, path, folder)}


def _same_file(name: str, path: str, folder: Path) -> bool:
    (outer, *inner), (known, *within) = name.split("!"), path.split("!")
    if inner != within or names_a_server(known):
        return False
    try:
        return Path(outer).samefile(folder / known)
    except (OSError, ValueError):
        return False
