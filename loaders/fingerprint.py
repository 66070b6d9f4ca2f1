"""A fingerprint of all that decides how a document is read: where it differs, the same bytes are read again.

It is computed from the files themselves (code, rules, wordings, calibration, ontology), from the versions of the
libraries that open documents, and from what the person gave: own issues, options, claims. Nothing of it is kept by
hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from ..ontology import Ontology

#: The packages whose files decide how documents are read.
_PACKAGES = ("loaders", "ontology")
#: What else opens documents and finds names in them.
LIBRARIES = ("ahocorasick-rs", "lxml", "markdown-it-py", "pypdfium2", "python-calamine", "rapidfuzz")
_ENDINGS = (".py", ".toml", ".json", ".ttl")


def reading_fingerprint(ontology: Ontology, given: Iterable[str]) -> str:
    """Return the fingerprint, 16 hexadecimal digits.

    Args:
        ontology: its own issues may be a user's.
        given: what the person gave beside: options, names of readers, a fingerprint of claims.

    """
    own = (repr(ontology.concepts[name]) for name in sorted(ontology.own_concepts))
    return _digest([software_fingerprint(), *own, *given])[:16]


@lru_cache(maxsize=1)
def software_fingerprint() -> str:
    """Return a fingerprint of the program's own files and of the libraries that open documents."""
    package = (__package__ or "").rpartition(".")[0]
    own = (part for name in _PACKAGES for part in file_parts(files(f"{package}.{name}"), name))
    return _digest([*own, *(f"{name} {_version(name)}" for name in LIBRARIES)])


def file_parts(folder: Traversable, name: str) -> Iterator[str]:
    """Yield a line for each file below a folder that decides how documents are read: its path and a hash."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from file_parts(entry, path)
        elif entry.name.endswith(_ENDINGS):
            yield f"{path} {hashlib.sha256(entry.read_bytes()).hexdigest()}"


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"


def _digest(parts: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(f"{len(part)}:{part}".encode())
    return whole.hexdigest()
