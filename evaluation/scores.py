"""Documents held against annotations: what was found, what is right, and what was to be found.

What counts as the same is told in gold.py. What annotators do not agree on counts neither way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..graph import Statement, Store, open_store
from ..loaders.calibration import Featured
from ..loaders.claims import WrittenClaim
from ..loaders.combine import Combined
from ..loaders.extract import READERS, Extractor
from ..loaders.formats.files import find_files
from ..loaders.formats.refusal import ReadError
from ..loaders.load import Options, place_of, read_combined
from ..loaders.readers.written.given_claims import Loaded, assign
from ..ontology import GoldenthreadError, Ontology
from .gold import ENTITIES, PREDICATES, Gold, GoldRelation, Names, closest, pair_up, read_gold

#: What is looked at together.
GROUPS = {
    "entities": tuple(ENTITIES),
    "relations": PREDICATES,
    "ownership": ("leads", "chairs", "delivers", "supports"),
}


class EvaluationError(GoldenthreadError):
    """There is nothing to measure, or it cannot be told what belongs to what."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Finds counted against what was to be found; optional ones count nowhere."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what was to be found that was; 0 where nothing was."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.wanted) if self.right else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a statement is worth."""

    predicate: str
    readers: tuple[str, ...]
    claimed: tuple[Featured, ...]  #: what each reader claims of it
    probability: float
    suggested: bool
    right: bool | None  #: None where it matches an optional row
    stance_right: bool | None  #: of a `raises` that is right and whose stance is annotated


@dataclass(frozen=True, slots=True)
class Measured:
    """One document held against its annotation."""

    gold: Gold
    every: Mapping[str, Tally]  #: by type of entity and by predicate, of all that was found
    stated: Mapping[str, Tally]  #: the same of what is stated
    verdicts: tuple[Verdict, ...]
    names: tuple[Verdict, ...] = ()  #: the same of names, where the readers of this program are weighed together


@dataclass(frozen=True, slots=True)
class Sample:
    """Documents with their annotations."""

    folder: Path
    documents: tuple[tuple[Path, Gold], ...]
    passed_over: tuple[str, ...] = ()  #: documents without annotation, and annotations without document, in words


@dataclass(slots=True)
class Reads:
    """A sample's documents as they were read."""

    done: list[tuple[Gold, Combined]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)  #: (path, why)


def find_sample(documents: Path, annotations: Path) -> Sample:
    """Find the documents of a folder that have an annotation of the same name in another.

    Raises:
        EvaluationError: there are none, or two documents share a name.
        GoldError: an annotation cannot be used.

    """
    found: dict[str, Path] = {}
    for path in find_files([documents]).files:
        if path.stem in found:
            raise EvaluationError(
                f"{found[path.stem]} and {path} would have the same annotation, {path.stem}.json. Rename one of them."
            )
        found[path.stem] = path
    golds = {path.stem: path for path in sorted(annotations.glob("*.json"))}
    both = sorted(found.keys() & golds.keys())
    if not both:
        raise EvaluationError(
            f"No document in {documents} has an annotation in {annotations}. 'plan.json' is that of 'plan.txt'."
        )
    lonely = [f"{found[s].as_posix()}: has no annotation" for s in sorted(found.keys() - golds.keys())]
    lonely += [f"{golds[s].as_posix()}: has no document that can be read" for s in sorted(golds.keys() - found.keys())]
    return Sample(documents, tuple((found[s], read_gold(golds[s])) for s in both), tuple(lonely))


def read_sample(
    sample: Sample, extractor: Extractor, readers: tuple[str, ...] = READERS, claims: Sequence[WrittenClaim] = ()
) -> Reads:
    """Read a sample's documents in this process; annotated documents are the evaluator's own.

    Args:
        sample: the documents.
        extractor: reads them.
        readers: those of the program that read.
        claims: what others claim of the documents, named as below the sample's folder.

    """
    reads, folder = Reads(), sample.folder.absolute()
    places = {path: place_of(path, folder) for path, _ in sample.documents}
    given = assign(claims, [Loaded(place, place) for place in places.values()])
    for path, gold in sample.documents:
        try:
            combined = read_combined(path, folder, extractor, Options(readers=readers), given.of(places[path]))
            reads.done.append((gold, combined))
        except ReadError as error:
            reads.failed.append((path.as_posix(), str(error)))
    return reads


def measure(reads: Sequence[tuple[Gold, Combined]], ontology: Ontology) -> list[Measured]:
    """Hold what the documents of one sample say against their annotations.

    The documents go through a store as they do when people load them, because documents of one partnership share their
    entities, and with them the best label.
    """
    with TemporaryDirectory() as folder, open_store(str(Path(folder) / "measure.db"), ontology, create=True) as store:
        store.use_vocabulary(ontology)
        for _, combined in reads:
            store.replace(combined.graph)
        named, types = _named(store)
    return [_held_against(gold, combined, named, types) for gold, combined in reads]


def _named(store: Store) -> tuple[dict[tuple[str, str], Names], dict[str, str]]:
    """What each document calls each entity, by (entity, document): its label, the words at its mentions, its type."""
    names: dict[tuple[str, str], Names] = {}
    types = {}
    for entity in store.entities():
        types[entity.id] = entity.type
        names[entity.id, ""] = (entity.label,)
        for document, mentions in groupby(entity.mentions, key=lambda pair: pair[0]):
            names[entity.id, document] = (entity.label, *(m.quote for _, m in mentions))
    return names, types


def _held_against(
    gold: Gold, combined: Combined, named: Mapping[tuple[str, str], Names], types: Mapping[str, str]
) -> Measured:
    document = combined.graph.document.id
    every: dict[str, Tally] = {}
    of_names: list[Verdict] = []
    for type_ in ENTITIES:
        names = {
            entity: called
            for (entity, where), called in sorted(named.items())
            if where == document and types[entity] == type_
        }
        wanted = [e for e in gold.entities if e.type == type_]
        worth = _worth(list(names.values()), wanted, lambda got, e: closest(got, e.names))[0]
        every[type_] = _tally(worth, [e.optional for e in wanted])
        for entity, right in zip(names, worth, strict=True):
            if (name := combined.names.get(entity)) is not None:
                of_names.append(Verdict(type_, (name.reader,), (name,), 0.0, False, right, None))
    stated = dict(every)
    verdicts: list[Verdict] = []
    made = [_Made.of(s, combined, named) for s in combined.graph.statements]
    for predicate in PREDICATES:
        rows = [r for r in gold.relations if r.predicate == predicate]
        got = [m for m in made if m.predicate == predicate]
        worth, paired = _worth(got, rows, lambda one, row: one.likeness(row, gold))
        every[predicate] = _tally(worth, [r.optional for r in rows])
        likely = [m for m in got if not m.suggested]
        stated[predicate] = _tally(
            _worth(likely, rows, lambda one, row: one.likeness(row, gold))[0], [r.optional for r in rows]
        )
        for one, right, row in zip(got, worth, paired, strict=True):
            stances = (
                gold.stances.get(rows[row].object[0], ()) if right and row is not None and predicate == "raises" else ()
            )
            verdicts.append(one.verdict(right, (one.stance in stances) if stances else None))
    return Measured(gold, every, stated, tuple(verdicts), tuple(of_names))


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement as one document makes it."""

    predicate: str
    subject: Names
    object: Names
    quotes: Names
    stance: str | None
    suggested: bool
    claimed: tuple[Featured, ...]
    probability: float

    @classmethod
    def of(cls, s: Statement, combined: Combined, named: Mapping[tuple[str, str], Names]) -> _Made:
        document, key = combined.graph.document.id, (s.subject, s.predicate, s.object, s.stance)
        subject, object_ = (named.get((end, document)) or named[end, ""] for end in (s.subject, s.object))
        return cls(
            s.predicate, subject, object_, tuple(e.quote for e in s.evidence), s.stance,
            combined.likely[key] < combined.stated_at, combined.judged[key], combined.likely[key],
        )  # fmt: skip

    def likeness(self, row: GoldRelation, gold: Gold) -> float:
        object_ = gold.fit(self.object, row.object)
        if (
            row.predicate == "requests"
        ):  # annotators word what is requested freely: the passage that they quote counts as well
            object_ = max(object_, closest(self.quotes, [row.quote]))
        return min(gold.fit(self.subject, row.subject), object_)

    def verdict(self, right: bool | None, stance_right: bool | None) -> Verdict:
        readers = tuple(c.reader for c in self.claimed)
        return Verdict(self.predicate, readers, self.claimed, self.probability, self.suggested, right, stance_right)


def _worth(
    got: Sequence[Any], rows: Sequence[Any], score: Callable[[Any, Any], Any]
) -> tuple[list[bool | None], list[int | None]]:
    """Whether each find is right, and the row that it is paired with.

    A find that is paired with an optional row is neither right nor wrong: None.
    """
    worth: list[bool | None] = [False] * len(got)
    paired: list[int | None] = [None] * len(got)
    for i, j in pair_up(got, rows, score):
        worth[i], paired[i] = (None if rows[j].optional else True), j
    return worth, paired


def _tally(worth: Sequence[bool | None], optional: Sequence[bool]) -> Tally:
    return Tally(worth.count(True), len(worth) - worth.count(None), list(optional).count(False))


def summed(tallies: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    """The tallies of several documents together: by type of entity, by predicate, and by group of them."""
    total: dict[str, Tally] = defaultdict(Tally)
    for one in tallies:
        for name, tally in one.items():
            total[name] += tally
    return {**total, **{group: sum((total[name] for name in names), Tally()) for group, names in GROUPS.items()}}
