"""What a store states of a thing, with the words that prove it; the other queries build on this."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from ..graph import Evidence, Store
from ..graph.store import SUGGESTED, Row
from ..ontology import GoldenthreadError, Ontology
from .named import named


class UnknownThingError(GoldenthreadError):
    """A question about an id that the store does not hold."""


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """An entity, as far as it is needed to speak of it."""

    id: str
    type: str
    label: str
    partnership: str | None = None  #: id of the partnership; None for what the vocabulary shares


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement with both its ends by name."""

    subject: Thing
    predicate: str
    object: Thing
    evidence: tuple[Evidence, ...]
    stance: str | None = None
    status: str = "extracted"  #: or 'assumed', 'suggested', as `Statement.status` has it
    partnership: str = ""

    def other(self, thing: str) -> Thing:
        """Return the end that is not `thing`."""
        return self.object if self.subject.id == thing else self.subject

    def words(self, ontology: Ontology, thing: str) -> str:
        """Return the relation as read from `thing`: 'is led by', 'concern is raised by'."""
        label, inverse = ontology.words(self.predicate, self.object.type, self.stance)
        return label if self.subject.id == thing else inverse

    def sentence(self, ontology: Ontology) -> str:
        """Return the whole statement in words, as read from its subject."""
        return f"{self.subject.label} {self.words(ontology, self.subject.id)} {self.object.label}"


def facts(
    store: Store,
    ontology: Ontology,
    partnerships: Sequence[str],
    *,
    subjects: Iterable[str] = (),
    objects: Iterable[str] = (),
    predicates: Iterable[str] = (),
    predicates_of_subjects: Iterable[str] = (),
    suggested: bool = False,
) -> list[Fact]:
    """Return the statements with one of `subjects` at the left or one of `objects` at the right end.

    All statements are returned when neither is given.

    Args:
        store: where to look.
        ontology: what the numbers in the store mean.
        partnerships: ids of those whose statements count.
        subjects: ids.
        objects: ids.
        predicates: names of relations; all that documents state when none is given.
        predicates_of_subjects: the same for what `subjects` are at the left end of, where it differs.
        suggested: return what is only suggested instead of what is stated.

    Returns:
        Each statement once, sorted by subject, predicate, object and stance.

    """
    subjects, objects = list(subjects), list(objects)
    wanted = sorted(predicates) or [r.name for r in ontology.relations.values() if not r.from_vocabulary]
    sign = SUGGESTED if suggested else 1
    ends = (
        ("facts_by_subject", subjects, sorted(predicates_of_subjects) or wanted),
        ("facts_by_object", objects, wanted),
    )
    asked = [(query, things, names) for query, things, names in ends if things] or [("facts_by_predicate", [], wanted)]
    answers = store.rows_of_each([
        (
            named(query, store.language),
            {
                "partnerships": sorted(partnerships), "things": sorted(set(things)),
                "predicates": [sign * ontology.relations[name].number for name in names],
            },
        )
        for query, things, names in asked
    ])  # fmt: skip
    return facts_of(set(chain(*answers)), ontology)


def facts_of(rows: Iterable[Row], ontology: Ontology) -> list[Fact]:
    """Return the statements in rows of the columns that facts_by_subject.sql has, sorted."""
    predicates = {sign * r.number: r.name for r in ontology.relations.values() for sign in (1, SUGGESTED)}
    stances = {number: name for name, number in ontology.stances.items()}
    types = type_names(ontology)
    words: dict[Row, list[Evidence]] = defaultdict(list)
    for row in rows:
        document, start, end, quote, cue, probability, assumed, reader = row[12:]
        words[row[:12]].append(
            Evidence(document, start, end, quote, cue, probability, bool(assumed), reader, row[4] < 0)
        )
    found = [
        Fact(
            thing_of(row[:4], types), predicates[row[4]], thing_of(row[5:9], types), tuple(sorted(evidence)),
            stances.get(row[9]), "suggested" if row[4] < 0 else "assumed" if row[10] else "extracted", row[11],
        )
        for row, evidence in words.items()
    ]  # fmt: skip
    return sorted(found, key=lambda f: (f.subject.id, f.predicate, f.object.id, f.stance or "", f.partnership))


def type_names(ontology: Ontology) -> dict[int, str]:
    """Return the names of the classes by the numbers that a store keeps."""
    return {c.number: c.name for c in ontology.classes.values()}


def thing_of(columns: Sequence[object], types: dict[int, str]) -> Thing:
    """Return the thing of the columns id, type number, label and partnership."""
    id_, number, label, partnership = columns
    return Thing(str(id_), types[int(str(number))], str(label), None if partnership is None else str(partnership))


def thing(store: Store, ontology: Ontology, id_: str) -> Thing:
    """Return the thing with this id.

    Raises:
        UnknownThingError: the store has none such.

    """
    rows = store.rows(named("things", store.language), {"things": [id_]})
    if not rows:
        raise UnknownThingError(f"The store holds no '{id_}'. Look its name up with 'goldenthread search'.")
    return thing_of(rows[0][:4], type_names(ontology))


def partnerships_of(store: Store, thing_: Thing) -> list[tuple[str, str]]:
    """Return the (id, label) of the partnerships whose documents speak of a thing, sorted."""
    return [(key, label) for key, label in store.rows(named("partnerships_of", store.language), {"thing": thing_.id})]


def owning(ontology: Ontology) -> list[str]:
    """Return the names of the relations by which somebody answers for something, as the ontology has it."""
    return sorted(name for name, _ in ontology.narrower_relations("owns"))


def wanting(ontology: Ontology) -> list[str]:
    """Return the stances of a speaker who wants something dealt with, as the ontology has it."""
    return sorted(stance for _, stance in ontology.narrower_relations("wants_dealt_with") if stance)
