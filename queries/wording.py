"""How findings are put into words: lists, quoted names and counts, the same in every answer."""

from __future__ import annotations

from collections.abc import Sequence

from ..ontology import Ontology
from .facts import Thing

#: The most names that a sentence spells out.
SPELT_OUT = 4


def listed(words: Sequence[str], most: int = SPELT_OUT) -> str:
    """Return 'a, b and c'; past `most`, 'a, b, c, d and 3 more'."""
    if len(words) > most + 1:
        words = [*words[:most], f"{len(words) - most} more"]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def called(ontology: Ontology, thing: Thing) -> str:
    """Return a thing by class and name, as a sentence has it: 'the priority "Safer Streets"'."""
    return (
        f'"{thing.label}"'
        if thing.type == "Issue"
        else f'the {ontology.classes[thing.type].label.lower()} "{thing.label}"'
    )


def counted(number: int, one: str, several: str) -> str:
    """Return '1 issue', '3 issues'."""
    return f"{number:,} {one if number == 1 else several}"
