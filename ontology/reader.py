"""Reads the ontology's Turtle files into plain objects; nothing else in goldenthread reads them.

Reading goes in two passes: every definition first, then every reference, and a
reference to something that is not defined raises `OntologyError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

from .broader import check_broader
from .errors import OntologyError
from .facts import Facts, local
from .terms import BASE as BASE
from .terms import NS as NS
from .terms import RDF_TYPE as RDF_TYPE
from .terms import RDFS as RDFS
from .terms import SKOS as SKOS

#: The files of the community-safety pack, in the order in which they are read.
FILES = ("core.ttl", "issues.ttl", "bodies.ttl", "places.ttl", "duties.ttl", "gaps.ttl")


@dataclass(frozen=True, slots=True)
class EntityClass:
    """A class of entities, such as Priority."""

    name: str
    number: int  #: what the engines store
    label: str
    plural: str
    definition: str
    notes: tuple[str, ...] = ()  #: what counts as one, and what does not
    short_names: tuple[str, ...] = ()  #: words that stand for one that was named before: 'the panel', 'this scheme'


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation between entities, such as `leads`, with the classes that may stand at its ends."""

    name: str
    number: int  #: what the engines store
    label: str
    inverse_label: str
    definition: str
    domain: frozenset[str]
    range: frozenset[str]
    takes_stance: bool
    wider: frozenset[str]  #: names of the wider relations that this one implies
    from_vocabulary: bool  #: stated by the ontology, not by documents
    of_issue: tuple[str, str]  #: label and inverse label where the object is an issue
    notes: tuple[str, ...] = ()  #: what states it, and what does not


@dataclass(frozen=True, slots=True)
class Concept:
    """An issue of the vocabulary."""

    id: str  #: the local name, such as 'knife-crime'
    label: str
    definition: str
    alt_labels: tuple[str, ...] = ()
    hidden_labels: tuple[str, ...] = ()  #: matched, never shown
    broader: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()  #: IRIs of the same or a close concept elsewhere
    general: bool = False  #: known, but too wide to count as an issue on its own

    @property
    def labels(self) -> tuple[str, ...]:
        """Every wording under which a document may name it."""
        return (self.label, *self.alt_labels, *self.hidden_labels)


@dataclass(frozen=True, slots=True)
class BodyKind:
    """A kind of body, post or speaker, and the ways people write it.

    Type 'Mask' is none of these: it is a name to pass over.
    """

    id: str
    type: str
    label: str
    definition: str
    labels: tuple[str, ...] = ()  #: wordings which by themselves mean this body
    capital_labels: tuple[str, ...] = ()  #: wordings which do so only with capitals
    name_endings: tuple[str, ...] = ()  #: closing words of proper names of this kind
    name_starts: tuple[str, ...] = ()  #: opening words of proper names of this kind
    responsible_authority: bool = False  #: Crime and Disorder Act 1998, section 5
    cooperating_body: bool = False
    one_per_partnership: bool = False  #: all its names in one partnership mean one body
    name_as_written: bool = False  #: the kind gathers many bodies, so each keeps the name that the text gives it
    traits: frozenset[str] = frozenset()  #: what kinds have in common; bodies.ttl lists them
    broader: tuple[str, ...] = ()  #: kinds for which this one may stand, as an integrated care board does for health


@dataclass(frozen=True, slots=True)
class NamedBody:
    """One particular body, such as a police force."""

    id: str
    kind: str
    label: str
    definition: str
    alt_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The area of a council."""

    id: str
    label: str
    definition: str
    alt_labels: tuple[str, ...] = ()
    council_names: tuple[str, ...] = ()
    council_kind: str = ""
    nation: str = ""
    region: str = ""
    county: str | None = None
    police: str | None = None
    fire: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What a statute requires, of whom, about which issue."""

    id: str
    label: str
    definition: str
    alt_labels: tuple[str, ...] = ()
    statute: str = ""
    since: int | None = None  #: the year from which it is in force
    binds: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ontology:
    """All that the Turtle files say."""

    classes: dict[str, EntityClass]
    relations: dict[str, Relation]
    stances: dict[str, int]
    wider_by_stance: dict[str, frozenset[str]]  #: stance -> wider relations it implies for `raises`
    stance_definitions: dict[str, str]
    stance_words: dict[str, tuple[str, str]]  #: stance -> label and inverse label of `raises` with it
    concepts: dict[str, Concept]
    kinds: dict[str, BodyKind]
    named_bodies: dict[str, NamedBody]
    places: dict[str, Place]
    duties: dict[str, Duty]
    own_concepts: frozenset[str] = field(default_factory=frozenset)  #: ids that a user's vocabulary added

    @cached_property
    def ancestors(self) -> dict[str, dict[str, int]]:
        """For each concept, itself and all that is broader, with the number of steps up."""
        return {concept: dict(self._upwards(concept)) for concept in sorted(self.concepts)}

    def _upwards(self, concept: str) -> Iterator[tuple[str, int]]:
        seen, level, steps = {concept}, [concept], 0
        while level:
            yield from ((name, steps) for name in level)
            level = sorted({b for name in level for b in self.concepts[name].broader} - seen)
            seen.update(level)
            steps += 1

    def words(self, relation: str, object_type: str, stance: str | None = None) -> tuple[str, str]:
        """Return how a statement reads from its subject and from its object: ('leads', 'is led by')."""
        known = self.relations[relation]
        if stance is not None:
            return self.stance_words[stance]
        return known.of_issue if object_type == "Issue" else (known.label, known.inverse_label)

    def narrower_relations(self, wider: str) -> list[tuple[str, str | None]]:
        """The (relation, stance) pairs that imply the `wider` relation; stance None stands for any."""
        plain: list[tuple[str, str | None]] = [(r.name, None) for r in self.relations.values() if wider in r.wider]
        raising = [r.name for r in self.relations.values() if r.takes_stance]
        by_stance = [(name, s) for name in raising for s, implied in self.wider_by_stance.items() if wider in implied]
        return plain + by_stance


def load_ontology(vocabulary: Path | None = None) -> Ontology:
    """Read the ontology, with the user's own concepts from `vocabulary` (Turtle or CSV) added if given.

    Raises:
        OntologyError: a file cannot be parsed, lacks something, or refers to something that is not there.

    """
    if vocabulary is None:
        return _load(None, (0, 0))
    try:
        state = vocabulary.stat()
    except OSError:
        return _load(vocabulary, (0, 0))  # which says that it is missing
    return _load(vocabulary.absolute(), (state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=8)
def _load(vocabulary: Path | None, _state: tuple[int, int]) -> Ontology:
    """Read the ontology once for each state of the user's file."""
    facts = Facts()
    folder = files(__package__ or "")
    for name in FILES:
        facts.add((folder / name).read_bytes(), name)
    own: frozenset[str] = frozenset()
    if vocabulary is not None:
        from .user_vocabulary import read_user_vocabulary

        own = read_user_vocabulary(vocabulary, facts)
    return _build(facts, own)


def _locals(iris: Iterable[str]) -> tuple[str, ...]:
    return tuple(local(iri) for iri in iris)


def _build(facts: Facts, own: frozenset[str]) -> Ontology:
    stance_iris = facts.all_of(NS + "Stance")
    ontology = Ontology(
        classes={local(c): _class(facts, c) for c in facts.all_of("http://www.w3.org/2002/07/owl#Class")},
        relations={
            local(r): _relation(facts, r, vocabulary)
            for type_, vocabulary in (("Relation", False), ("VocabularyRelation", True))
            for r in facts.all_of(NS + type_)
        },
        stances={local(s): int(facts.one(s, NS + "number")) for s in stance_iris},
        wider_by_stance={local(s): frozenset(_locals(facts.values(s, NS + "implies"))) for s in stance_iris},
        stance_definitions={local(s): facts.one(s, SKOS + "definition") for s in stance_iris},
        stance_words={local(s): _of_issue(facts, s) for s in stance_iris},
        concepts={local(c): _concept(facts, c) for c in facts.all_of(SKOS + "Concept")},
        kinds={local(k): _kind(facts, k, type_) for type_ in ("BodyKind", "Mask") for k in facts.all_of(NS + type_)},
        named_bodies={local(b): _named_body(facts, b) for b in facts.all_of(NS + "NamedBody")},
        places={local(p): _place(facts, p) for p in facts.all_of(NS + "Place")},
        duties={local(d): _duty(facts, d) for d in facts.all_of(NS + "Duty")},
        own_concepts=own,
    )
    _check_references(ontology)
    return ontology


def _class(facts: Facts, iri: str) -> EntityClass:
    return EntityClass(
        name=local(iri),
        number=int(facts.one(iri, NS + "number")),
        label=facts.one(iri, RDFS + "label"),
        plural=facts.one(iri, NS + "plural"),
        definition=facts.one(iri, SKOS + "definition"),
        notes=facts.values(iri, SKOS + "scopeNote"),
        short_names=facts.values(iri, NS + "shortName"),
    )


def _relation(facts: Facts, iri: str, from_vocabulary: bool) -> Relation:
    label, inverse = facts.one(iri, RDFS + "label"), facts.one(iri, NS + "inverseLabel")
    return Relation(
        name=local(iri),
        number=int(facts.one(iri, NS + "number")),
        label=label,
        inverse_label=inverse,
        definition=facts.one(iri, SKOS + "definition"),
        domain=frozenset(_locals(facts.values(iri, RDFS + "domain"))),
        range=frozenset(_locals(facts.values(iri, RDFS + "range"))),
        takes_stance=facts.flag(iri, NS + "takesStance"),
        wider=frozenset(local(w) for w in facts.values(iri, RDFS + "subPropertyOf") if w.startswith(NS)),
        from_vocabulary=from_vocabulary,
        of_issue=_of_issue(facts, iri, label, inverse),
        notes=facts.values(iri, SKOS + "scopeNote"),
    )


def _of_issue(facts: Facts, iri: str, label: str | None = None, inverse: str | None = None) -> tuple[str, str]:
    return facts.one(iri, NS + "issueLabel", label), facts.one(iri, NS + "issueInverseLabel", inverse)


def _concept(facts: Facts, iri: str) -> Concept:
    return Concept(
        id=local(iri),
        label=facts.one(iri, SKOS + "prefLabel"),
        definition=facts.one(iri, SKOS + "definition"),
        alt_labels=facts.values(iri, SKOS + "altLabel"),
        hidden_labels=facts.values(iri, SKOS + "hiddenLabel"),
        broader=_locals(facts.values(iri, SKOS + "broader")),
        matches=facts.values(iri, SKOS + "exactMatch") + facts.values(iri, SKOS + "closeMatch"),
        general=facts.flag(iri, NS + "general"),
    )


def _kind(facts: Facts, iri: str, type_: str) -> BodyKind:
    return BodyKind(
        id=local(iri),
        type="Mask" if type_ == "Mask" else local(facts.one(iri, NS + "type")),
        label=facts.one(iri, SKOS + "prefLabel"),
        definition=facts.one(iri, SKOS + "definition"),
        labels=facts.values(iri, SKOS + "altLabel") + facts.values(iri, SKOS + "hiddenLabel"),
        capital_labels=facts.values(iri, NS + "capitalLabel"),
        name_endings=facts.values(iri, NS + "nameEnding"),
        name_starts=facts.values(iri, NS + "nameStart"),
        responsible_authority=facts.flag(iri, NS + "responsibleAuthority"),
        cooperating_body=facts.flag(iri, NS + "cooperatingBody"),
        one_per_partnership=facts.flag(iri, NS + "onePerPartnership"),
        name_as_written=facts.flag(iri, NS + "nameAsWritten"),
        traits=frozenset(facts.values(iri, NS + "trait")),
        broader=_locals(facts.values(iri, SKOS + "broader")),
    )


def _named_body(facts: Facts, iri: str) -> NamedBody:
    return NamedBody(
        id=local(iri),
        kind=local(facts.one(iri, NS + "kind")),
        label=facts.one(iri, SKOS + "prefLabel"),
        definition=facts.one(iri, SKOS + "definition"),
        alt_labels=facts.values(iri, SKOS + "altLabel"),
    )


def _place(facts: Facts, iri: str) -> Place:
    def maybe(name: str) -> str | None:
        return local(facts.one(iri, NS + name, "")) or None

    return Place(
        id=local(iri),
        label=facts.one(iri, SKOS + "prefLabel"),
        definition=facts.one(iri, SKOS + "definition"),
        alt_labels=facts.values(iri, SKOS + "altLabel"),
        council_names=facts.values(iri, NS + "councilName"),
        council_kind=facts.one(iri, NS + "councilKind", ""),
        nation=facts.one(iri, NS + "nation", ""),
        region=facts.one(iri, NS + "region", ""),
        county=maybe("county"),
        police=maybe("police"),
        fire=maybe("fire"),
    )


def _duty(facts: Facts, iri: str) -> Duty:
    since = facts.one(iri, NS + "from", "")
    return Duty(
        id=local(iri),
        label=facts.one(iri, SKOS + "prefLabel"),
        definition=facts.one(iri, SKOS + "definition"),
        alt_labels=facts.values(iri, SKOS + "altLabel"),
        statute=facts.one(iri, NS + "statute", ""),
        since=int(since) if since else None,
        binds=_locals(facts.values(iri, NS + "binds")),
        requires=_locals(facts.values(iri, NS + "requires")),
    )


def _check_references(ontology: Ontology) -> None:
    """Raise on the first reference to something that no file defines."""
    known = {
        "concept": ontology.concepts.keys(),
        "class": ontology.classes.keys(),
        "kind of body": ontology.kinds.keys(),
        "body": ontology.named_bodies.keys() | set(ontology.kinds),
        "place": ontology.places.keys(),
    }
    references: list[tuple[str, str, str]] = [
        *((c.id, "concept", b) for c in ontology.concepts.values() for b in c.broader),
        *((k.id, "class", k.type) for k in ontology.kinds.values() if k.type != "Mask"),
        *((b.id, "kind of body", b.kind) for b in ontology.named_bodies.values()),
        *((d.id, "concept", i) for d in ontology.duties.values() for i in d.requires),
        *((d.id, "kind of body", b) for d in ontology.duties.values() for b in d.binds),
        *((p.id, "body", b) for p in ontology.places.values() for b in (p.police, p.fire) if b),
        *((p.id, "place", p.county) for p in ontology.places.values() if p.county),
    ]
    for owner, what, name in references:
        if name not in known[what]:
            raise OntologyError(
                f"'{owner}' refers to the {what} '{name}', which no file defines. Add it or correct the name."
            )
    check_broader({concept.id: concept.broader for concept in ontology.concepts.values()})
