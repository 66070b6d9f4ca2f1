"""The triples of the ontology's files, in a form that is quick to ask, and how ids are made of words."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from .errors import OntologyError
from .terms import BASE, RDF_TYPE


def slug(text: str) -> str:
    """`text` as a readable part of an id: lower case, ASCII, hyphens ('Women’s safety' -> 'womens-safety')."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’`]", "", plain.lower())).strip("-")


class Facts:
    """The triples of all files, by subject and predicate, in a form that is quick to ask."""

    def __init__(self) -> None:
        self.by_subject: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.by_type: dict[str, list[str]] = defaultdict(list)

    def add(self, turtle: bytes, name: str) -> list[str]:
        """Add the triples of `turtle`; return the subjects it speaks of, sorted."""
        try:
            return self.add_quads(ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=BASE))
        except (SyntaxError, ValueError) as error:
            raise OntologyError(f"{name} is not valid Turtle: {error}. Mend the file and try again.") from error

    def add_quads(self, quads: Iterable[ox.Quad]) -> list[str]:
        """Add triples without triples in them; return the subjects they speak of, sorted."""
        return sorted({self.put(_value(quad.subject), quad.predicate.value, _value(quad.object)) for quad in quads})

    def put(self, subject: str, predicate: str, value: str) -> str:
        values = self.by_subject[subject][predicate]
        if value not in values:
            values.append(value)
            if predicate == RDF_TYPE:
                self.by_type[value].append(subject)
        return subject

    def all_of(self, type_: str) -> list[str]:
        return sorted(self.by_type.get(type_, ()))

    def values(self, subject: str, predicate: str) -> tuple[str, ...]:
        return tuple(sorted(self.by_subject[subject].get(predicate, ())))

    def one(self, subject: str, predicate: str, default: str | None = None) -> str:
        found = self.by_subject[subject].get(predicate)
        if found and len(found) == 1:
            return found[0]
        if not found and default is not None:
            return default
        what = predicate.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
        count = len(found or ())
        raise OntologyError(f"{local(subject)} has {count} values for '{what}' where it must have one. Mend its entry.")

    def flag(self, subject: str, predicate: str) -> bool:
        return self.by_subject[subject].get(predicate) == ["true"]


def _value(term: object) -> str:
    return str(term.value)  # type: ignore[attr-defined]  # only a triple has none, and there are no triples in triples


def local(iri: str) -> str:
    """The last part of an IRI."""
    return re.split(r"[/#]", iri)[-1]
