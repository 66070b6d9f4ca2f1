"""How far reading can be trusted: documents are read and held against annotations made by hand.

Every statement is laid at the door of the cues that made it, which gives each cue its precision; and each council is
read with the cues judged on the others only. What counts as the same is told in gold.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from ..graph import DocumentGraph, Statement, Store, StoredEntity, open_store
from ..ontology import GoldenthreadError, Ontology
from .extract import Extractor
from .files import find_files
from .gold import ENTITIES, PREDICATES, Gold, GoldRelation, Names, closest, pair_up, read_gold
from .load import Options, read_document
from .readers.rules.cues import Cue, load_cues
from .reading import ReadError

#: What is looked at together.
GROUPS = {
    "entities": tuple(ENTITIES),
    "relations": PREDICATES,
    "ownership": ("leads", "chairs", "delivers", "supports"),
}
#: How many finds the precision of a cue's relation counts for, beside the cue's own finds.
PRIOR_WEIGHT = 5
#: Cues that code applies, beside those of cues.toml: what they state. Those of fields ('Lead: ...') are named 'field-' and the label.
CODED: dict[str, tuple[str, ...]] = {
    "action-named-after-issue": ("addresses",),
    "asks-for-change": ("requests",),
    "chair-column": ("chairs",),
    "chair-in-attendance": ("chairs",),
    "feedback-concern": ("raises",),
    "feedback-decrease": ("raises",),
    "feedback-reported": ("raises",),
    "feedback-request": ("raises",),
    "feedback-support": ("raises",),
    "formerly": ("renames",),
    "group-column": ("delivers", "leads"),
    "group-named-after-issue": ("delivers",),
    "group-table": ("delivers",),
    "issues-column": ("addresses",),
    "lead-column": ("leads",),
    "listed-group": ("part_of",),
    "listed-member": ("member_of",),
    "listed-priority": ("addresses",),
    "listed-under-priority": ("addresses",),
    "member-in-table": ("member_of",),
    "members-column": ("member_of",),
    "now-in-brackets": ("renames",),
    "numbered-priority": ("addresses",),
    "our-answer": ("addresses",),
    "owner-in-brackets": ("leads", "supports"),
    "parent-column": ("part_of",),
    "partners-column": ("supports", "leads"),
    "priority-as-heading": ("addresses",),
    "priority-in-action-table": ("addresses",),
    "priority-in-prose": ("addresses",),
    "priority-in-table": ("addresses",),
    "promised-under-priority": ("addresses",),
    "recommendation-table": ("requests", "raises"),
    "renamed-to-quoted-name": ("renames", "addresses"),
    "support-column": ("member_of",),
    "supported-priority": ("supports", "raises"),
    "survey-table": ("raises",),
    "you-said": ("raises",),
}


class MeasureError(GoldenthreadError):
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
    """What a statement is worth: right, wrong, or None where it matches an optional one."""

    predicate: str
    cues: tuple[str, ...]
    right: bool | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One document held against its annotation."""

    gold: Gold
    tallies: Mapping[str, Tally]  #: by type of entity and by predicate
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A folder of documents with its folder of annotations."""

    folder: Path
    documents: tuple[tuple[Path, Gold], ...]
    passed_over: tuple[str, ...]  #: documents without annotation, and annotations without document, in words


@dataclass(frozen=True, slots=True)
class CueRecord:
    """What one cue found, all documents together."""

    name: str
    predicates: tuple[str, ...]
    right: int
    wrong: int
    neither: int
    wanted: int  #: how often the annotations have its relations
    confidence: float  #: smoothed precision

    @property
    def hits(self) -> int:
        """The statements that it made or helped to make."""
        return self.right + self.wrong + self.neither

    @property
    def judged(self) -> int:
        """The hits that count."""
        return self.right + self.wrong

    @property
    def precision(self) -> float | None:
        """The share of what counts that is right; None for a cue that was never judged."""
        return self.right / self.judged if self.judged else None

    @property
    def recall(self) -> float | None:
        """Its right ones as a share of all that the annotations have of its relations; None where they have none."""
        return self.right / self.wanted if self.wanted else None


@dataclass(frozen=True, slots=True)
class Council:
    """One council's documents, read with cues that were judged on the other councils only."""

    name: str
    documents: int
    left_out: tuple[str, ...]  #: cues
    every: Mapping[str, Tally]  #: with all cues
    chosen: Mapping[str, Tally]  #: without those left out
    promised: float  #: sum of the confidences of its judged relations; divided by their number it is to be like the precision


Read: TypeAlias = tuple[Gold, DocumentGraph]


# ------------------------------------------------------------------------------------------------ reading samples


def find_sample(documents: Path, annotations: Path) -> Sample:
    """Find the documents of a folder that have an annotation of the same name in another.

    Raises:
        MeasureError: there are none, or two documents share a name.
        GoldError: an annotation cannot be used.

    """
    found: dict[str, Path] = {}
    for path in find_files([documents]).files:
        if path.stem in found:
            raise MeasureError(f"{found[path.stem]} and {path} would have the same annotation, {path.stem}.json. Rename one of them.")
        found[path.stem] = path
    golds = {path.stem: path for path in sorted(annotations.glob("*.json"))}
    both = sorted(found.keys() & golds.keys())
    if not both:
        raise MeasureError(f"No document in {documents} has an annotation in {annotations}. 'plan.json' is that of 'plan.txt'.")
    lonely = [f"{found[s].as_posix()}: has no annotation" for s in sorted(found.keys() - golds.keys())]
    lonely += [f"{golds[s].as_posix()}: has no document that can be read" for s in sorted(golds.keys() - found.keys())]
    return Sample(documents, tuple((found[s], read_gold(golds[s])) for s in both), tuple(lonely))


def read_sample(sample: Sample, ontology: Ontology, cues: Sequence[Cue]) -> tuple[list[Read], list[tuple[str, str]]]:
    """Read a sample's documents; return what they say beside their annotations, and (path, why) of what could not be read."""
    extractor = Extractor(ontology, cues)
    done: list[Read] = []
    failed = []
    for path, gold in sample.documents:
        try:
            done.append((gold, read_document(path, sample.folder.absolute(), extractor, Options())))
        except ReadError as error:
            failed.append((path.as_posix(), str(error)))
    return done, failed


def measure(reads: Sequence[Read], ontology: Ontology) -> list[Measured]:
    """Hold what the documents of one sample say against their annotations.

    The documents go through a store as they do when people load them, because documents of one partnership share their
    entities, and with them the best label.
    """
    with TemporaryDirectory() as folder, open_store(str(Path(folder) / "measure.db"), ontology, create=True) as store:
        store.use_vocabulary(ontology)
        for _, graph in reads:
            store.replace(graph)
        named = _named(store)
        entities = list(store.entities())
        statements = list(store.statements())
    return [_held_against(gold, graph.document.id, entities, statements, named) for gold, graph in reads]


def _named(store: Store) -> dict[tuple[str, str], Names]:
    """What each document calls each entity, by (entity, document): its label, and the words at its mentions."""
    names: dict[tuple[str, str], Names] = {}
    for entity in store.entities():
        names[entity.id, ""] = (entity.label,)
        for document, mentions in groupby(entity.mentions, key=lambda pair: pair[0]):
            names[entity.id, document] = (entity.label, *(m.quote for _, m in mentions))
    return names


def _held_against(
    gold: Gold, document: str, entities: Iterable[StoredEntity], statements: Iterable[Statement], named: Mapping[tuple[str, str], Names]
) -> Measured:
    tallies: dict[str, Tally] = {}
    for type_ in ENTITIES:
        names = [named[e.id, document] for e in entities if e.type == type_ and (e.id, document) in named]
        wanted = [e for e in gold.entities if e.type == type_]
        pairs = pair_up(names, wanted, lambda got, e: closest(got, e.names))
        worth = _worth(len(names), [e.optional for e in wanted], pairs)
        tallies[type_] = _tally(worth, [e.optional for e in wanted])
    verdicts: list[Verdict] = []
    made = [_Made.of(s, document, named) for s in statements if any(e.document == document for e in s.evidence)]
    for predicate in PREDICATES:
        got = [m for m in made if m.predicate == predicate]
        rows = [r for r in gold.relations if r.predicate == predicate]
        worth = _worth(len(got), [r.optional for r in rows], pair_up(got, rows, lambda one, row: one.likeness(row, gold)))
        tallies[predicate] = _tally(worth, [r.optional for r in rows])
        verdicts += [Verdict(predicate, m.cues, right) for m, right in zip(got, worth, strict=True)]
    return Measured(gold, tallies, tuple(verdicts))


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement as one document makes it."""

    predicate: str
    subject: Names
    object: Names
    quotes: Names
    cues: tuple[str, ...]

    @classmethod
    def of(cls, statement: Statement, document: str, named: Mapping[tuple[str, str], Names]) -> _Made:
        own = [e for e in statement.evidence if e.document == document]
        subject, object_ = (named.get((end, document)) or named[end, ""] for end in (statement.subject, statement.object))
        return cls(statement.predicate, subject, object_, tuple(e.quote for e in own), tuple(sorted({e.cue for e in own})))

    def likeness(self, row: GoldRelation, gold: Gold) -> float:
        object_ = gold.fit(self.object, row.object)
        if row.predicate == "requests":  # annotators word what is requested freely: the passage that they quote counts as well
            object_ = max(object_, closest(self.quotes, [row.quote]))
        return min(gold.fit(self.subject, row.subject), object_)


def _worth(found: int, optional: Sequence[bool], pairs: Sequence[tuple[int, int]]) -> list[bool | None]:
    """Whether each find is right; None for one that is paired with an optional row."""
    worth: list[bool | None] = [False] * found
    for i, j in pairs:
        worth[i] = None if optional[j] else True
    return worth


def _tally(worth: Sequence[bool | None], optional: Sequence[bool]) -> Tally:
    return Tally(worth.count(True), len(worth) - worth.count(None), list(optional).count(False))


def summed(measured: Iterable[Measured]) -> dict[str, Tally]:
    """The tallies of several documents together: by type of entity, by predicate, and by group of them."""
    total = together(one.tallies for one in measured)
    return total | {group: sum((total[name] for name in names), Tally()) for group, names in GROUPS.items()}


def together(tallies: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    """The sum of several tallies under each name."""
    total: dict[str, Tally] = {name: Tally() for name in (*ENTITIES, *PREDICATES)}
    for one in tallies:
        for name, tally in one.items():
            total[name] = total.get(name, Tally()) + tally
    return total


# ---------------------------------------------------------------------------------------------------- calibrating


def calibrated(measured: Sequence[Measured], cues: Sequence[Cue], also: Mapping[str, Sequence[str]] | None = None) -> list[CueRecord]:
    """What each cue found and how far it can be trusted, sorted by name; cues that found nothing are there as well.

    The confidence is a smoothed precision, (right + k * prior) / (right + wrong + k): the mean of a Beta distribution whose
    prior is worth k = `PRIOR_WEIGHT` finds. The prior is the precision of the cue's relation, all cues together, itself
    smoothed in the same way by that of all relations. That is empirical Bayes (Casella, 'An Introduction to Empirical
    Bayes Data Analysis', 1985): a cue that was right twice out of twice is not sure, it is like its kind and a little
    better. A cue that was never judged has the precision that cues.toml gives it; one that code applies has its prior.

    Args:
        measured: documents held against their annotations.
        cues: those of cues.toml.
        also: other cues, with the predicates of what they state.

    """
    declared: dict[str, Sequence[str]] = {**{cue.name: (cue.predicate,) for cue in cues}, **CODED, **(also or {})}
    counts: dict[str, Counter[bool | None]] = defaultdict(Counter)
    stated: dict[str, Counter[str]] = defaultdict(Counter)
    for verdict in (v for one in measured for v in one.verdicts):
        for name in verdict.cues:
            counts[name][verdict.right] += 1
            stated[name][verdict.predicate] += 1
    totals = summed(measured)
    written = {cue.name: cue.precision for cue in cues}
    records = []
    for name in sorted({*declared, *stated}):
        own = stated[name] or Counter(declared[name])
        right, wrong = counts[name][True], counts[name][False]
        prior = sum(_prior(totals, p) * n for p, n in own.items()) / own.total()
        confidence = _smoothed(right, right + wrong, prior) if right + wrong or name not in written else written[name]
        wanted = sum(totals[p].wanted for p in own)
        records.append(CueRecord(name, tuple(sorted(own)), right, wrong, counts[name][None], wanted, confidence))
    return records


def _smoothed(right: int, judged: int, prior: float) -> float:
    return (right + PRIOR_WEIGHT * prior) / (judged + PRIOR_WEIGHT)


def _prior(totals: Mapping[str, Tally], predicate: str) -> float:
    """The precision of a relation; where few were found, more that of all relations, and without any, one half."""
    overall, own = totals["relations"], totals[predicate]
    return _smoothed(own.right, own.found, _smoothed(overall.right, overall.found, 0.5))


def as_toml(records: Iterable[CueRecord]) -> str:
    """The cues that were judged, as the file cue_precision.toml that the loaders read."""
    head = (
        "# How far each cue can be trusted, measured on annotated documents. 'goldenthread cues DOCS GOLD --write FILE' writes\n"
        "# this file: do not edit it. A cue that is not here has the precision that cues.toml, or the code, gives it.\n\n"
    )
    return head + "".join(f"{r.name} = {{ precision = {r.confidence:.4f}, hits = {r.judged} }}\n" for r in records if r.judged)


# ----------------------------------------------------------------------------------------------- leave one council out


def leave_one_out(samples: Sequence[Sample], ontology: Ontology, threshold: float) -> list[Council]:
    """Read each council's documents with the cues that the other councils' documents do not speak against.

    The cues were written by people who had read documents of all these councils, so this does not say how well they
    read a council never seen. It says how far a cue's confidence, and the choice of cues by it, carry over.

    A cue of cues.toml that is left out is not applied at all. One that code applies has its statements taken out
    afterwards; the names that it found stay.

    Args:
        samples: documents with their annotations.
        ontology: what may exist.
        threshold: cues whose smoothed precision on the other councils is below it are left out; those that were never judged
            there stay.

    Raises:
        MeasureError: all documents are of one council.

    """
    cues = load_cues()
    before = [(sample, measure(read_sample(sample, ontology, cues)[0], ontology)) for sample in samples]
    everything = [one for _, measured in before for one in measured]
    names = sorted({one.gold.council for one in everything})
    if len(names) < 2:
        raise MeasureError(f"All documents are of one council ({', '.join(names)}), so none can be left out. Give more with --also.")
    stated = {cue: (v.predicate,) for one in everything for v in one.verdicts for cue in v.cues}
    met = {cue: predicates for cue, predicates in sorted(stated.items()) if cue not in CODED}
    councils = []
    for name in names:
        own = [one for one in everything if one.gold.council == name]
        records = calibrated([one for one in everything if one.gold.council != name], cues, met)
        trusted = {r.name: r.confidence for r in records}
        left_out = {r.name for r in records if r.judged and r.confidence < threshold}
        after = _read_without(samples, ontology, cues, name, left_out) if left_out else own
        judged = [v for one in after for v in one.verdicts if v.right is not None]
        promised = sum(max(trusted[cue] for cue in v.cues) for v in judged)
        councils.append(Council(name, len(own), tuple(sorted(left_out)), summed(own), summed(after), promised))
    return councils


def _read_without(samples: Sequence[Sample], ontology: Ontology, cues: Sequence[Cue], council: str, left_out: set[str]) -> list[Measured]:
    kept = [cue for cue in cues if cue.name not in left_out]
    measured = []
    for sample in samples:
        own = replace(sample, documents=tuple(pair for pair in sample.documents if pair[1].council == council))
        reads = [(gold, without(graph, left_out)) for gold, graph in read_sample(own, ontology, kept)[0]]
        measured += measure(reads, ontology) if reads else []
    return measured


def without(graph: DocumentGraph, cues: Iterable[str]) -> DocumentGraph:
    """What a document says, less what only these cues say of it."""
    gone = frozenset(cues)
    rest = (replace(s, evidence=tuple(e for e in s.evidence if e.cue not in gone)) for s in graph.statements)
    return replace(graph, statements=tuple(s for s in rest if s.evidence))
