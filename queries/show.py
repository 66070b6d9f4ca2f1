"""Everything that the documents and the vocabulary say of one thing."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..graph import Store
from ..ontology import Ontology
from .facts import Fact, Thing, UnknownThingError, facts, partnerships_of, thing
from .named import named
from .names import resolve, unknown
from .wording import called, counted


@dataclass(frozen=True, slots=True)
class Said:
    """A statement about the thing, as read from it."""

    words: str  #: the relation: 'is led by'
    other: Thing
    fact: Fact


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is known of a thing."""

    thing: Thing
    finding: str
    definition: str  #: of the vocabulary, or of the thing's class
    vocabulary: tuple[str, ...]  #: other names that the vocabulary has for it
    broader: tuple[str, ...]  #: labels of the next broader issues
    narrower: tuple[str, ...]  #: labels of the next narrower issues
    period: tuple[int | None, int | None]  #: first and last year of a plan
    attributes: tuple[tuple[str, str], ...]
    wordings: tuple[tuple[str, int], ...]  #: the words of the documents, with counts, the commonest first
    mentions: tuple[tuple[str, int], ...]  #: (document id, how often it mentions it)
    statements: tuple[Said, ...]  #: what is only suggested comes after what is stated


def show(store: Store, ontology: Ontology, entity: str, partnership: str | None = None) -> Shown:
    """Return everything on an entity.

    Args:
        store: where to look.
        ontology: the vocabulary.
        entity: id.
        partnership: id of the one whose statements count; all when left out.

    Raises:
        UnknownThingError: the store has no such entity.

    """
    subject = thing(store, ontology, entity)
    (row,) = store.rows(named("things", store.language), {"things": [entity]})
    scope = [partnership] if partnership else [key for key, _ in partnerships_of(store, subject)]
    found, possible = (
        facts(store, ontology, scope, subjects=[entity], objects=[entity], suggested=suggested)
        for suggested in (False, True)
    )
    naming = store.rows(named("show_naming", store.language), {"thing": entity})
    mentions = tuple((document, count) for document, _, _, count in naming)
    return Shown(
        subject,
        _finding(ontology, subject, len(found), len(possible), mentions),
        *_vocabulary(ontology, subject),
        period=(row[5], row[6]),
        attributes=tuple(sorted({(n, v) for _, _, text, _ in naming for n, v in json.loads(text)})),
        wordings=tuple(
            (quote, count) for quote, count in store.rows(named("show_wordings", store.language), {"thing": entity})
        ),
        mentions=mentions,
        statements=(*_read(ontology, found, entity), *_read(ontology, possible, entity)),
    )


def _read(ontology: Ontology, found: list[Fact], entity: str) -> list[Said]:
    said = [Said(fact.words(ontology, entity), fact.other(entity), fact) for fact in found]
    return sorted(said, key=lambda s: (s.words, -len(s.fact.evidence), s.other.label, s.other.id, s.fact.partnership))


def _vocabulary(ontology: Ontology, subject: Thing) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the definition, other names, broader and narrower labels that the ontology has."""
    name = subject.id.split("/", 1)[-1]
    if subject.type == "Issue" and name in ontology.concepts:
        concept = ontology.concepts[name]
        narrower = sorted(c.label for c in ontology.concepts.values() if name in c.broader)
        broader = tuple(ontology.concepts[b].label for b in concept.broader)
        return concept.definition, concept.alt_labels, broader, tuple(narrower)
    if subject.type == "Duty" and name in ontology.duties:
        duty = ontology.duties[name]
        return duty.definition, duty.alt_labels, (), ()
    return ontology.classes[subject.type].definition, (), (), ()


def _finding(
    ontology: Ontology, subject: Thing, statements: int, possible: int, mentions: tuple[tuple[str, int], ...]
) -> str:
    times = sum(count for _, count in mentions)
    what = called(ontology, subject)
    if not mentions and not statements and not possible:
        return f"{what[:1].upper()}{what[1:]} is in the vocabulary; these documents do not mention it."
    where = f"{counted(times, 'mention', 'mentions')} in {counted(len(mentions), 'document', 'documents')}"
    return (
        f"{what[:1].upper()}{what[1:]}: "
        f"{counted(statements, 'statement', 'statements')}{f' and {possible} possible to check' if possible else ''}, "
        f"{where}."
    )


def show_name(store: Store, ontology: Ontology, name: str, partnership: str | None = None) -> list[Shown]:
    """Return everything on all that a person calls `name`.

    Raises:
        UnknownThingError: nothing is called so; the message suggests what is called like it.

    """
    found = resolve(store, ontology, name, partnership=partnership)
    if not found.found:
        raise UnknownThingError(unknown(found))
    return [show(store, ontology, thing_.id, partnership) for thing_ in found.found]
