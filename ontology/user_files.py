"""Reads the files that a user gives: bounded in size, and refused by name where they would never come to an end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from .errors import OntologyError
from .terms import BASE, RDF

#: The largest file of shapes or of a vocabulary, in bytes; a vocabulary of ten thousand issues has some two million.
LARGEST = 10_000_000
#: How many values one thing may have for one relation.
_MOST_VALUES = 1000
#: How many triples may stand in triples, in the whole file; the sign may also stand in a text.
_MOST_NESTED = 500
_IMPORTS = "http://www.w3.org/2002/07/owl#imports"


def read_user_file(path: Path, what: str, cure: str) -> bytes:
    """Return the bytes of a user's file.

    Args:
        path: where it is.
        what: what it is, for messages, such as 'The vocabulary'.
        cure: what to do when it cannot be read.

    Raises:
        OntologyError: it cannot be read, or is too large.

    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise OntologyError(f"{what} {path} could not be read: {error.strerror or error}. {cure}") from error
    if len(data) > LARGEST:
        raise OntologyError(
            f"{what} {path} is larger than {LARGEST // 1_000_000} MB. Divide it, or leave out what is no part of it."
        )
    return data


def parse_turtle(data: bytes, name: str) -> list[ox.Quad]:
    """Return the triples of a Turtle file. IRIs are only names: nothing that they name is read or fetched.

    Raises:
        OntologyError: it is not Turtle, or asks for another file.

    """
    if data.count(b"<<(") > _MOST_NESTED:
        raise OntologyError(f"{name} has triples in triples, which mean nothing here. Take them out.")
    try:
        quads = list(ox.parse(data, format=ox.RdfFormat.TURTLE, base_iri=BASE))
    except (SyntaxError, ValueError) as error:
        raise OntologyError(f"{name} is not valid Turtle: {error}. Mend the file and try again.") from error
    counts: Counter[tuple[object, object]] = Counter()
    for quad in quads:
        counts[quad.subject, quad.predicate] += 1
        if counts[quad.subject, quad.predicate] > _MOST_VALUES:
            raise OntologyError(
                f"{name}: {quad.subject} has more than {_MOST_VALUES} values for {quad.predicate}. Leave some out."
            )
        if isinstance(quad.object, ox.Triple):
            raise OntologyError(f"{name} has triples in triples, which mean nothing here. Take them out.")
        if quad.predicate.value == _IMPORTS:
            raise OntologyError(
                f"{name} imports {quad.object}, and nothing is fetched. Put what it needs into the file, "
                "and take owl:imports out."
            )
    return quads


def check_lists(quads: Iterable[ox.Quad], name: str) -> None:
    """Check that every list has an end.

    Raises:
        OntologyError: one leads back into itself, or goes on in two ways.

    """
    rests: dict[object, list[object]] = {}
    for quad in quads:
        if quad.predicate.value == RDF + "rest":
            rests.setdefault(quad.subject, []).append(quad.object)
    ended: set[object] = set()
    for start in rests:
        way: set[object] = set()
        node = start
        while node in rests and node not in ended:
            if node in way:
                raise OntologyError(
                    f"{name} holds a list that leads back into itself, at {node}. Give it an end (rdf:nil)."
                )
            if len(rests[node]) > 1:
                raise OntologyError(
                    f"{name} holds a list that goes on in {len(rests[node])} ways, at {node}. Leave one."
                )
            way.add(node)
            node = rests[node][0]
        ended |= way
