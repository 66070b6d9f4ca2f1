"""Checks the ontology like code: definitions are there, labels mean one thing, classes and relations are complete."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from .reader import Ontology


def findings(ontology: Ontology, normal: Callable[[str], str]) -> list[str]:
    """All that is wrong with the ontology, sorted; an empty list when it is sound.

    Dangling references and circles of 'broader' are not among them: reading raises on those.

    Args:
        ontology: to be checked.
        normal: how the loaders compare labels; two labels are the same when it makes the same of them.

    """
    return sorted(
        [
            *_incomplete(ontology),
            *_ambiguous(ontology, normal),
            *_numbers(ontology),
            *_ends(ontology),
            *_ids(ontology),
        ]
    )


def _incomplete(ontology: Ontology) -> Iterator[str]:
    everything: Iterable[tuple[str, str, str]] = [
        *((f"issue/{c.id}", c.label, c.definition) for c in ontology.concepts.values()),
        *((f"body/{k.id}", k.label, k.definition) for k in ontology.kinds.values()),
        *((f"body/{b.id}", b.label, b.definition) for b in ontology.named_bodies.values()),
        *((f"place/{p.id}", p.label, p.definition) for p in ontology.places.values()),
        *((f"duty/{d.id}", d.label, d.definition) for d in ontology.duties.values()),
    ]
    for name, label, definition in everything:
        if not label.strip():
            yield f"{name} has an empty label"
        if len(definition.split()) < 3:
            yield f"{name} has no definition worth the name"


def _ambiguous(ontology: Ontology, normal: Callable[[str], str]) -> Iterator[str]:
    """A wording may stand for one thing only. Masks are exempt: they exist to take wordings away from others."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for concept in ontology.concepts.values():
        for label in concept.labels:
            meanings[normal(label)].add(f"issue/{concept.id}")
    for kind in ontology.kinds.values():
        if kind.type != "Mask":
            for label in kind.labels:
                meanings[normal(label)].add(f"body/{kind.id}")
    for body in ontology.named_bodies.values():
        for label in (body.label, *body.alt_labels):
            meanings[normal(label)].add(f"body/{body.id}")
    for wording, things in meanings.items():
        if len(things) > 1:
            yield f"'{wording}' means {' and '.join(sorted(things))}"


def _numbers(ontology: Ontology) -> Iterator[str]:
    for what, items in (("class", ontology.classes.values()), ("relation", ontology.relations.values())):
        seen: dict[int, str] = {}
        for item in items:
            if item.number in seen:
                yield f"the {what} {item.name} has the number of {seen[item.number]}"
            seen[item.number] = item.name


def _ends(ontology: Ontology) -> Iterator[str]:
    known = set(ontology.classes)
    for relation in ontology.relations.values():
        for end in sorted((relation.domain | relation.range) - known):
            yield f"the relation {relation.name} ends at {end}, which is no class"
        if not relation.domain or not relation.range:
            yield f"the relation {relation.name} lacks a domain or a range"


def _ids(ontology: Ontology) -> Iterator[str]:
    for group in (ontology.concepts, ontology.kinds, ontology.named_bodies, ontology.places, ontology.duties):
        for name in group:
            if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name):
                yield f"the id {name} is not made of lower-case words with hyphens"
