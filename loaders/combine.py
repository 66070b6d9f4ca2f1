"""Turns readers' claims about one document into what it says: checks claims, makes names entities, and joins these."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from ..graph import Document, DocumentGraph, Entity, Evidence, Mention, Statement
from ..ontology import Ontology, slug
from .calibration import Calibration, Claimed, Featured
from .claims import AttributeClaim, Claim, EntityClaim, RelationClaim, SameClaim, Span
from .mentions.context import Context, years_of
from .mentions.names import written_out
from .mentions.resolution import Named, same_names
from .outcomes import Outcome, Reason, not_allowed, quoted
from .page import Page
from .weighing import LEARNED, End, Key, Weighed, names_together, together

#: Types whose entities belong to no partnership.
_SHARED = frozenset({"Issue", "Duty"})
#: Types whose names people shorten.
_CALLED = frozenset({"Partner", "Role", "Subgroup"})
_LONGEST_KEY = 90
#: How much a reader of the whole document claims at least, against what only others claim.
_HALF = 0.5
#: The cue of what places an action in its plan, though no words say so.
_PLACED = "action-of-the-plan"


@dataclass(slots=True)
class _Draft:
    found: Span
    names: Counter[tuple[int, str]] = field(default_factory=Counter)  #: (rank, label) -> how often
    attributes: set[tuple[str, str]] = field(default_factory=set)
    mentions: set[Mention] = field(default_factory=set)
    period: tuple[int, int] | None = None
    named_by: dict[str, float] = field(default_factory=dict)  #: how sure each reader is of its name


def _thorough(judged: Collection[Sequence[Featured]]) -> frozenset[str]:
    """The readers that claim at least half as much as is left to others: they seem to have read the whole document."""
    numbers = Counter(claimed.reader for each in judged for claimed in each)
    return frozenset(r for r, number in numbers.items() if number >= _HALF * (len(judged) - number))


class _Drafts:
    """Entities and statements of one document, with their words.

    Args:
        text: the canonical text.
        document: the document's id.
        context: what it says about itself, such as its partnership.
        ontology: checks that a relation may join its ends.

    """

    def __init__(self, text: str, document: str, context: Context, ontology: Ontology) -> None:
        self._text = text
        self._document = document
        self._context = context
        self._ontology = ontology
        self._drafts: dict[str, _Draft] = {}
        self._claimed: dict[Key, dict[tuple[int, int, str, str], RelationClaim]] = defaultdict(dict)
        self._same: list[SameClaim] = []
        self._joined: dict[str, str] = {}  #: ids that are gone, and what each became

    def _entity(self, found: Span, reader: str, sure: float = 1.0) -> str:
        """Take note of an entity, of where it is named, and of who says so; return its id."""
        identity = self.id_of(found)
        draft = self._drafts.setdefault(identity, _Draft(found))
        draft.named_by[reader] = max(draft.named_by.get(reader, 0.0), sure)
        if found.rank >= 0:
            draft.names[found.rank, found.label] += 1
        if (found.rank, len(found.label), found.label) > (draft.found.rank, len(draft.found.label), draft.found.label):
            draft.found = found
        if found.end > found.start and found.rank >= 0:
            draft.mentions.add(Mention(found.start, found.end, self._text[found.start : found.end]))
        return identity

    def id_of(self, found: Span) -> str:
        """The id of what was found: readable, and made of nothing but its partnership, type and name."""
        key = found.key if found.type in _SHARED else slug(found.key)
        if found.type in _CALLED and key != found.kind:
            # 'Det Supt' in one document is the 'Detective Superintendent' of another
            key = slug(written_out(key.replace("-", " ")))
        key = key[:_LONGEST_KEY].rstrip("-") or "unnamed"
        if found.type in _SHARED:
            return f"{found.type.lower()}/{key}"
        if found.type == "Partnership" and key == "partnership":  # the document's own; it may name others
            return f"{self._context.partnership}/partnership"
        return f"{self._context.partnership}/{found.type.lower()}/{key}"

    def take(self, claim: Claim) -> None:
        """Take in a claim; a relation only where the ontology lets it join such ends, and they differ."""
        if isinstance(claim, EntityClaim):
            self._entity(claim.entity, claim.reader, claim.score)
        elif isinstance(claim, AttributeClaim):
            identity = self.id_of(claim.entity)
            self._attribute(
                identity if identity in self._drafts else self._entity(claim.entity, claim.reader),
                claim.name,
                claim.value,
            )
        elif isinstance(claim, SameClaim):
            self._same.append(claim)
        else:
            self._relation(claim)

    def _allows(self, claim: RelationClaim) -> bool:
        relation = self._ontology.relations[claim.predicate]
        return claim.subject.type in relation.domain and claim.object.type in relation.range

    def _relation(self, claim: RelationClaim) -> None:
        if not self._allows(claim):
            return
        ends = tuple(self._entity(end, claim.reader, claim.named) for end in (claim.subject, claim.object))
        if ends[0] == ends[1]:
            return
        rows = self._claimed[(ends[0], claim.predicate, ends[1], claim.stance)]
        place = (claim.start, claim.end, claim.cue, claim.reader)
        if place not in rows or (rows[place].assumed and not claim.assumed):
            rows[place] = claim

    def _attribute(self, identity: str, name: str, value: str) -> None:
        draft = self._drafts[identity]
        if name == "period":
            draft.period = years_of(value) or draft.period
        else:
            draft.attributes.add((name, value))

    def place_actions(self, page: Page) -> None:
        """Put actions that address an issue in their chapter's priority, else in the plan, though no words say so."""
        plan, period = page.plan(None), page.context.period
        placed = {s for s, predicate, _, _ in self._claimed if predicate == "stands_in"}
        for (subject, predicate, _, _), rows in list(self._claimed.items()):
            if predicate == "addresses" and subject not in placed and self._drafts[subject].found.type == "Action":
                placed.add(subject)
                first = rows[min(rows)]
                target = page.headed_at(first.start) or plan
                if target is plan:
                    identity = self._entity(plan, "rules")
                    if period:
                        self._attribute(identity, "period", f"{period[0]}-{period[1]}")
                found = self._drafts[subject].found
                self._relation(RelationClaim(found, "stands_in", target, first.start, first.end, _PLACED, assumed=True))

    def resolve(self) -> list[tuple[str, str]]:
        """Join the entities that are one under two names, unless the document renames one into the other.

        Returns:
            The labels of pairs that may be one, but are kept apart.

        """
        named = (Named(identity, d.found.type, d.found.label, d.found.kind) for identity, d in self._drafts.items())
        joined, doubtful = same_names(named, self._context.place_name)
        renamed = {frozenset((s, o)) for s, predicate, o, _ in self._claimed if predicate == "renames"}
        joined = {old: new for old, new in joined.items() if frozenset((old, new)) not in renamed}
        further = self._claimed_same(joined, renamed)
        self._joined = joined = {old: further.get(new, new) for old, new in joined.items()} | further
        for old, new in sorted(joined.items()):
            gone, kept = self._drafts.pop(old), self._drafts[new]
            kept.mentions |= gone.mentions
            kept.names.update(gone.names)
            kept.attributes |= gone.attributes
            kept.period = kept.period or gone.period
            for reader, sure in gone.named_by.items():
                kept.named_by[reader] = max(kept.named_by.get(reader, 0.0), sure)
        for key in [k for k in self._claimed if k[0] in joined or k[2] in joined]:
            rows = self._claimed.pop(key)
            subject, object_ = joined.get(key[0], key[0]), joined.get(key[2], key[2])
            if subject != object_:
                kept_rows = self._claimed[(subject, key[1], object_, key[3])]
                for place, claim in rows.items():
                    if place not in kept_rows or kept_rows[place].assumed:
                        kept_rows[place] = claim
        return doubtful

    def _claimed_same(self, joined: Mapping[str, str], renamed: Set[frozenset[str]]) -> dict[str, str]:
        """What readers claim to be one, by the id that goes: that of the shorter name."""
        found: dict[str, str] = {}
        for claim in self._same:
            ids = [self.id_of(span) for span in (claim.left, claim.right)]
            left, right = (found.get(joined.get(i, i), joined.get(i, i)) for i in ids)
            if left == right or frozenset((left, right)) in renamed or not {left, right} <= self._drafts.keys():
                continue
            if self._drafts[left].found.type == self._drafts[right].found.type:
                gone, kept = sorted((left, right), key=lambda i: (len(self._drafts[i].found.label), i))
                found = {old: kept if new == gone else new for old, new in found.items()} | {gone: kept}
        return found

    def graph(
        self, document: Document, calibration: Calibration, limits: Mapping[str, float], notes: tuple[str, ...],
        own: tuple[str, ...],
    ) -> Combined:  # fmt: skip
        """All that was noted, sorted, with how likely each statement is.

        Args:
            document: whose statements these are.
            calibration: how claims become probabilities.
            limits: a statement less likely than 'threshold' is only suggested, one less likely than 'floor' is dropped,
                and so is a name less likely than 'names' of which nothing is said.
            notes: what is to be told of the document.
            own: the readers of this program that read it.

        """
        floor, stated_at = limits["floor"], limits["threshold"]
        claimed = {key: self._judged(key, rows, document.kind) for key, rows in self._claimed.items()}
        ends = {identity: self._end(identity) for identity in self._drafts} if LEARNED in own else {}
        judged = together(claimed, ends, calibration, own) if LEARNED in own else claimed
        readers = _thorough(judged.values())
        likely = {key: calibration.probability(each, readers) for key, each in judged.items()}
        for key in likely:
            likely[key] = min(likely[key], self._rests_on(key, likely))
        kept = sorted((k for k in likely if likely[k] >= floor), key=lambda key: [part or "" for part in key])
        statements = tuple(
            Statement(
                s,
                predicate,
                o,
                self._evidence((s, predicate, o, stance), likely[s, predicate, o, stance], stated_at),
                stance,
                document.partnership,
            )
            for s, predicate, o, stance in kept
        )
        spoken_of = {end for s, _, o, _ in kept for end in (s, o)}
        names = names_together(ends, likely, own)
        unlikely = {identity for identity, name in names.items() if calibration.probability([name]) < limits["names"]}
        named = {
            identity: draft
            for identity, draft in self._drafts.items()
            if identity in spoken_of or not (draft.found.type == "Request" or identity in unlikely)
        }
        entities = tuple(_entity(identity, draft) for identity, draft in sorted(named.items()))
        return Combined(DocumentGraph(document, entities, statements, notes), judged, likely, floor, stated_at, names)

    def _judged(
        self, key: Key, rows: Mapping[tuple[int, int, str, str], RelationClaim], kind: str
    ) -> tuple[Claimed, ...]:
        """What each reader claims of a statement, all its claims together."""
        subject, predicate, object_, stance = key
        left, right = self._drafts[subject].found, self._drafts[object_].found
        by_reader: dict[str, list[RelationClaim]] = defaultdict(list)
        for claim in rows.values():
            by_reader[claim.reader].append(claim)
        return tuple(
            Claimed(
                reader, predicate, frozenset(c.cue for c in claims), max(c.score for c in claims),
                all(c.assumed for c in claims),
                len({(c.start, c.end) for c in claims}) > 1, kind, left.type, right.type, left.kind, right.kind, stance,
                any(c.trusted for c in claims), max(c.named for c in claims),
                all(min(c.subject.rank, c.object.rank) < 0 for c in claims), len({(c.start, c.end) for c in claims}),
            )
            for reader, claims in sorted(by_reader.items())
        )  # fmt: skip

    def _end(self, identity: str) -> End:
        draft = self._drafts[identity]
        seen = draft.named_by.get(LEARNED, 0.0)
        others = frozenset(draft.named_by) - {LEARNED}
        return End(draft.found.type, draft.found.label, len(draft.mentions), seen, others)

    def _rests_on(self, key: Key, likely: Mapping[Key, float]) -> float:
        """How likely the statement is that a statement about the document's structure rests on.

        A request, for example, is about something only if it is made.
        """
        subject, predicate, *_ = key
        if predicate == "about":
            return max((p for k, p in likely.items() if k[1] == "requests" and k[2] == subject), default=1.0)
        if predicate == "stands_in" and {cue for *_, cue, _ in self._claimed[key]} == {_PLACED}:
            return max((p for k, p in likely.items() if k[1] == "addresses" and k[0] == subject), default=1.0)
        return 1.0

    def outcome(self, claim: Claim, combined: Combined) -> Outcome:
        """What became of a claim that was taken in, once all are combined."""
        if not isinstance(claim, RelationClaim):
            return Outcome(claim, claim.reader, "taken")
        if not self._allows(claim):
            what = not_allowed(claim.subject.type, claim.predicate, claim.object.type)
            return Outcome(claim, claim.reader, "rejected", Reason.NOT_ALLOWED, about=what)
        subject, object_ = (self._joined.get(i, i) for i in (self.id_of(claim.subject), self.id_of(claim.object)))
        if subject == object_:
            what = " and ".join(dict.fromkeys((quoted(claim.subject.label), quoted(claim.object.label))))
            return Outcome(claim, claim.reader, "rejected", Reason.SAME_ENDS, about=what)
        probability = combined.likely[subject, claim.predicate, object_, claim.stance]
        if probability < combined.floor:
            return Outcome(
                claim, claim.reader, "rejected", Reason.UNLIKELY, about=f"{probability:.2f}", probability=probability
            )
        return Outcome(
            claim, claim.reader, "stated" if probability >= combined.stated_at else "suggested", probability=probability
        )

    def _evidence(self, key: Key, probability: float, stated_at: float) -> tuple[Evidence, ...]:
        claims = (claim for _, claim in sorted(self._claimed[key].items(), key=lambda row: row[0]))
        return tuple(
            Evidence(
                self._document, c.start, c.end, self._text[c.start : c.end], c.cue, probability, c.assumed, c.reader,
                probability < stated_at,
            )
            for c in claims
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Combined:
    """What became of the claims of a document."""

    graph: DocumentGraph
    judged: Mapping[
        Key, tuple[Featured, ...]
    ]  #: by statement (subject, predicate, object, stance), what each reader claims
    likely: Mapping[Key, float]  #: by statement, how likely it is; what is below the floor is not in the graph
    floor: float  #: what is less likely is dropped
    stated_at: float  #: what is as likely or likelier is stated, the rest suggested
    #: By entity, what the readers of this program know of its name, where they are weighed together.
    names: Mapping[str, Weighed] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()  #: of each claim, in the order in which they were given


def combine(
    page: Page, document: Document, claims: Iterable[Claim], calibration: Calibration, stated_at: float | None = None,
    own: tuple[str, ...] = (),
) -> Combined:  # fmt: skip
    """Return what a document says, by what readers claim of it.

    Args:
        page: the document as read.
        document: what is known of it.
        claims: what the readers claim.
        calibration: how claims become probabilities.
        stated_at: from which probability on a statement is stated; the calibration's own threshold when left out.
        own: the readers of this program that read it.

    """
    drafts = _Drafts(page.text, document.id, page.context, page.ontology)
    given = list(claims)
    for claim in given:
        drafts.take(claim)
    drafts.place_actions(page)
    doubtful = drafts.resolve()
    notes = [f"{document.path}: {note}" for note in page.read.notes]
    notes += [f"{document.path}: '{a}' and '{b}' may be the same; they are kept apart." for a, b in doubtful]
    if not page.context.stated:
        notes.append(f"{document.path} does not say whose it is: place it with --partnership.")
    limits = calibration.limits(together=LEARNED in own)
    if stated_at is not None:
        limits = {**limits, "threshold": stated_at}
    combined = drafts.graph(document, calibration, limits, tuple(notes), own)
    return replace(combined, outcomes=tuple(drafts.outcome(claim, combined) for claim in given))


def _label(draft: _Draft) -> str:
    """The name that the document uses most, among its best ones; on a tie, the longest."""
    best = [(count, len(label), label) for (rank, label), count in draft.names.items() if rank == draft.found.rank]
    return max(best)[2] if best else draft.found.label


def _entity(identity: str, draft: _Draft) -> Entity:
    starts, ends = draft.period or (None, None)
    found = draft.found
    return Entity(
        identity,
        found.type,
        _label(draft),
        found.rank,
        found.kind,
        starts,
        ends,
        tuple(sorted(draft.attributes)),
        tuple(sorted(draft.mentions)),
    )
