"""What a page shows of one partnership: items, links between them, the words behind each and their places.

Every page is made from a scene, so that a box, a row and a sentence say the same. Items, links and the places of quotes
are numbered throughout a page, and the numbers are the names of its anchors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, starmap
from typing import Any, TypeAlias

from ..graph import Document, Statement, Store
from ..graph.exchange.networks import decided_statuses, statement_target
from ..graph.model import POSSIBLE
from ..graph.store import StoredEntity
from ..ontology import Ontology
from ..ontology.shapes import load_rules
from .columns import BACKGROUND, COLUMN_OF, COLUMNS
from .wording import SEVERITIES, day_in_words

#: The theme of issues that are not in the vocabulary.
OTHER_ISSUES = "other issues"
#: The order in which links are told: from what is raised to who must act.
_WAY = {
    name: place for place, name in enumerate((
        "raises", "requests", "about", "addresses", "leads", "delivers", "chairs", "supports", "stands_in", "part_of",
        "member_of", "renames",
    ))
}  # fmt: skip
#: By which a priority or action stands in a plan, or under another priority.
_WITHIN = ("part_of", "stands_in")
_COMMITMENTS = ("Priority", "Action")

Gap: TypeAlias = Mapping[str, Any]  #: as `gaps --format json` has it
Place: TypeAlias = tuple[str, int, int, str]  #: id of the document, start, end and quote


@dataclass(frozen=True, slots=True)
class Flag:
    """A gap at an item, in words."""

    rule: str  #: its code
    short: str  #: in the fewest words: 'No owner'
    name: str  #: 'Priority without an owner'
    severity: str
    message: str
    hint: str
    to_check: bool = False  #: it is only possible: a suggested statement decides

    @property
    def severity_in_words(self) -> str:
        """How grave it is; of what is only possible, that it is to be checked."""
        return POSSIBLE.capitalize() if self.to_check else SEVERITIES[self.severity]

    @property
    def broken(self) -> bool:
        """Whether the thread breaks here; a remark, or what is to be checked, is not drawn so."""
        return self.severity != "info" and not self.to_check


@dataclass(eq=False, slots=True)
class Item:
    """A box."""

    number: int
    id: str
    label: str
    type: str
    kind: str  #: its class in words: 'Subgroup'
    column: int
    theme: str = ""  #: of an issue
    plans: tuple[str, ...] = ()  #: labels of the plans in which it stands
    in_force: bool = True  #: false for a priority, action or plan that is not in force
    flags: tuple[Flag, ...] = ()  #: the gravest first
    links: list[Link] = field(default_factory=list, repr=False)

    @property
    def anchor(self) -> str:
        """What a link on the page points to."""
        return f"i{self.number}"

    @property
    def group(self) -> str:
        """The name of its style."""
        return COLUMNS[self.column][0]

    @property
    def background(self) -> bool:
        """Whether it is drawn only when asked for."""
        return self.type in BACKGROUND

    @property
    def broken(self) -> bool:
        """Whether the thread breaks here."""
        return any(flag.broken for flag in self.flags)

    @property
    def stated(self) -> list[Link]:
        """Its links that are stated."""
        return [link for link in self.links if not link.suggested]


@dataclass(eq=False, slots=True)
class Source:
    """A document that is cited."""

    number: int
    document: Document
    text: str | None  #: None when the store holds none
    marks: list[Mark] = field(default_factory=list, repr=False)  #: by where they begin

    @property
    def anchor(self) -> str:
        """What a link on the page points to."""
        return f"d{self.number}"

    @property
    def title(self) -> str:
        """How it is cited."""
        return self.document.title or self.document.path


@dataclass(eq=False, slots=True)
class Mark:
    """Words of a document that prove something, and where they stand."""

    number: int
    source: Source = field(repr=False)
    start: int
    end: int
    quote: str
    links: list[Link] = field(default_factory=list, repr=False)  #: what they prove
    shows: list[Item] = field(default_factory=list, repr=False)  #: whose gaps they show

    @property
    def anchor(self) -> str:
        """What a link on the page points to."""
        return f"m{self.number}"

    @property
    def place(self) -> str:
        """The page or sheet on which they begin: 'page 3'; empty where the document has none."""
        return self.source.document.place_at(self.start)

    @property
    def cited(self) -> str:
        """Where they stand, in words: 'Safer Harrowmere Plan, page 3, 1 March 2024'."""
        title, day = self.source.title, day_in_words(self.source.document.date)
        return ", ".join(filter(None, (title, self.place, day if day not in title else "")))


@dataclass(frozen=True, slots=True)
class Words:
    """A mark as evidence of one statement, once, although several rules may have read it so."""

    mark: Mark
    assumed: bool  #: a part was inherited from a heading or the document, in whichever way it was read


@dataclass(eq=False, slots=True)
class Link:
    """A statement between two items."""

    number: int
    subject: Item
    object: Item
    predicate: str
    stance: str | None  #: of what a source raises
    relation: str  #: as read from the subject: 'raised concern about'
    inverse: str  #: as read from the object: 'concern is raised by'
    status: str  #: extracted, assumed, suggested or confirmed
    words: tuple[Words, ...]

    @property
    def suggested(self) -> bool:
        """Whether it is only possible, and to be checked."""
        return self.status == "suggested"

    @property
    def status_in_words(self) -> str:
        """The status as a page shows it: 'possible, check'; empty for what is plainly stated."""
        return {"extracted": "", "suggested": POSSIBLE}.get(self.status, self.status)

    def other(self, item: Item) -> Item:
        """Return the end that is not `item`."""
        return self.object if item is self.subject else self.subject

    def read_from(self, item: Item) -> str:
        """Return the relation as read from one of its ends."""
        return self.relation if item is self.subject else self.inverse

    def status_by(self, words: Words) -> str:
        """Say how far some of its words prove it: 'stated', 'assumed', 'confirmed' or 'possible, check'.

        It is 'assumed' where they assume a part, and 'confirmed' by a person.
        """
        if self.status == "extracted":
            return "assumed" if words.assumed else "stated"
        return self.status_in_words


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a page shows of one partnership."""

    partnership: str  #: id
    label: str
    finding: str  #: in a sentence
    items: Mapping[str, Item]  #: by id, sorted
    links: tuple[Link, ...]  #: sorted by subject, predicate and object
    sources: tuple[Source, ...]  #: the documents that are cited, by id
    documents: tuple[Document, ...]  #: all documents of the partnership, by id
    gaps: tuple[Gap, ...]  #: all, the gravest first
    marks: Mapping[Place, Mark]
    not_checked: tuple[str, ...]  #: why rules could not be checked, in words
    on: str | None = None  #: the day that was asked about; None for the newest plan
    only: tuple[str, ...] = ()  #: to what it is narrowed, in words, one after the other; empty where it is all

    @property
    def stated(self) -> tuple[Link, ...]:
        """The links that are stated; the others are possible, and to be checked."""
        return tuple(link for link in self.links if not link.suggested)

    @property
    def latest(self) -> str | None:
        """The date of the newest document, as far as any has one."""
        return max((d.date for d in self.documents if d.date), default=None)

    @property
    def themes(self) -> list[str]:
        """The themes of its issues, sorted."""
        return sorted({item.theme for item in self.items.values() if item.theme})

    @property
    def plans(self) -> list[str]:
        """The labels of the plans in which something stands, sorted."""
        return sorted({plan for item in self.items.values() for plan in item.plans})


@dataclass(frozen=True, slots=True)
class Findings:
    """What the queries found in one partnership, as the pages need it."""

    finding: str  #: the report of the gap rules in a sentence
    gaps: Sequence[Gap]  #: as `gaps --format json` has them
    in_force: Collection[str]  #: ids of the plans in force, and of the priorities and actions that stand in them
    not_checked: Sequence[tuple[str, str]] = ()  #: (rule, why) of the rules of which there was nothing to check
    on: str | None = None  #: the day that was asked about; None for the newest plan


def scene_of(
    store: Store, ontology: Ontology, partnership: str, label: str, found: Findings,
    numbers: Iterator[int] | None = None, *, uncited: bool = False,
) -> Scene:  # fmt: skip
    """Return what the documents of one partnership show.

    Args:
        store: where it is.
        ontology: the words for classes and relations.
        partnership: id.
        label: its name.
        found: what the queries found in it.
        numbers: from which its items, links and marks are numbered, for a page of several scenes.
        uncited: its sources are all documents, also those that prove nothing.

    """
    return _Painter(store, ontology, partnership, numbers or count(1)).paint(label, found, uncited=uncited)


class _Painter:
    """Makes one scene."""

    def __init__(self, store: Store, ontology: Ontology, partnership: str, numbers: Iterator[int]) -> None:
        self._store, self._ontology, self._partnership, self._numbers = store, ontology, partnership, numbers
        self._rules = {rule.code: rule for rule in load_rules()}

    def paint(self, label: str, found: Findings, *, uncited: bool) -> Scene:
        entities = sorted(self._store.entities(self._partnership), key=lambda e: e.id)
        flags = self._flags(found.gaps)
        items = {e.id: self._item(e, flags.get(e.id, ()), found.in_force) for e in entities}
        everywhere = self._store.documents()
        documents = [d for d in everywhere if d.partnership == self._partnership]
        said = self._said()
        marks = self._marks(said, items, found.gaps, {d.id: d for d in everywhere})
        links = tuple(self._link(statement, status, items, marks) for statement, status in said)
        plans = _plans(link for link in links if not link.suggested)
        for item in items.values():
            item.plans = plans.get(item, ())
            # What stands in no plan cannot be of an earlier one.
            item.in_force = item.in_force or (item.type in _COMMITMENTS and not item.plans)
        reasons = sorted({f"{self._rule_name(rule)}: {why}" for rule, why in found.not_checked})
        sources = {mark.source.document.id: mark.source for mark in marks.values()}
        for document in documents if uncited else ():
            if document.id not in sources:
                sources[document.id] = Source(next(self._numbers), document, self._store.text(document.id))
        return Scene(
            self._partnership, label, found.finding, items, links, tuple(sources[name] for name in sorted(sources)),
            tuple(documents), tuple(found.gaps), marks, tuple(reasons), found.on,
        )  # fmt: skip

    def _item(self, entity: StoredEntity, flags: Iterable[Flag], in_force: Collection[str]) -> Item:
        dated = entity.type in (*_COMMITMENTS, "Plan")
        return Item(
            next(self._numbers), entity.id, entity.label, entity.type, self._ontology.classes[entity.type].label,
            COLUMN_OF[entity.type], theme_of(self._ontology, entity.id) if entity.type == "Issue" else "",
            in_force=not dated or entity.id in in_force, flags=tuple(flags),
        )  # fmt: skip

    def _flags(self, gaps: Iterable[Gap]) -> dict[str, list[Flag]]:
        found: dict[str, list[Flag]] = defaultdict(list)
        for gap in gaps:
            found[gap["id"]].append(flag_of(gap, self._rules))
        return found

    def _rule_name(self, code: str) -> str:
        return self._rules[code].label if code in self._rules else code

    def _said(self) -> list[tuple[Statement, str]]:
        """The statements that nobody rejected, each with its status."""
        decided = decided_statuses(self._store)
        said = [(s, decided.get(statement_target(s), s.status)) for s in self._store.statements(self._partnership)]
        return [(statement, status) for statement, status in said if status != "rejected"]

    def _marks(
        self,
        said: Iterable[tuple[Statement, str]],
        items: Mapping[str, Item],
        gaps: Iterable[Gap],
        documents: Mapping[str, Document],
    ) -> dict[Place, Mark]:
        """The words that prove a statement or show a gap, sorted by where they stand."""
        shown: dict[Place, list[Item]] = defaultdict(list)
        for gap in gaps:
            for e in gap["evidence"]:
                shown[e["document"], e["start"], e["end"], e["quote"]] += (
                    [items[gap["id"]]] if gap["id"] in items else []
                )
        proving = {(e.document, e.start, e.end, e.quote) for s, _ in said for e in s.stated_by or s.evidence}
        proving |= {(e["document"], e["start"], e["end"], e["quote"]) for gap in gaps for e in gap["nearest"]}
        sources: dict[str, Source] = {}
        marks: dict[Place, Mark] = {}
        for place in sorted(proving | shown.keys()):
            name, start, end, quote = place
            if name not in sources:
                sources[name] = Source(next(self._numbers), documents[name], self._store.text(name))
            mark = Mark(next(self._numbers), sources[name], start, end, quote)
            mark.shows = list(dict.fromkeys(shown[place]))
            mark.source.marks.append(mark)
            marks[place] = mark
        return marks

    def _link(self, s: Statement, status: str, items: Mapping[str, Item], marks: Mapping[Place, Mark]) -> Link:
        subject, object_ = items[s.subject], items[s.object]
        relation, inverse = self._ontology.words(s.predicate, object_.type, s.stance)
        link = Link(
            next(self._numbers), subject, object_, s.predicate, s.stance, relation, inverse, status, _words(s, marks)
        )
        link.subject.links.append(link)
        if link.object is not link.subject:
            link.object.links.append(link)
        for words in link.words:
            words.mark.links.append(link)
        return link


def _words(statement: Statement, marks: Mapping[Place, Mark]) -> tuple[Words, ...]:
    assumed: dict[Mark, bool] = {}
    for e in statement.stated_by or statement.evidence:
        mark = marks[e.document, e.start, e.end, e.quote]
        assumed[mark] = assumed.get(mark, True) and e.assumed
    return tuple(starmap(Words, assumed.items()))


def flag_of(gap: Gap, rules: Mapping[str, Any] | None = None) -> Flag:
    """Return a gap in words; those of a rule that is not ours are made from its code."""
    known = {rule.code: rule for rule in load_rules()} if rules is None else rules
    code = gap["rule"]
    plain = code.replace("-", " ").capitalize()
    short, name = (known[code].short, known[code].label) if code in known else (plain, plain)
    to_check = gap["basis"] == "possible"
    if to_check:
        short, name = f"{short}?", f"{name}: {POSSIBLE}"
    return Flag(code, short, name, gap["severity"], gap["message"], gap.get("hint") or "", to_check)


def relations_of(item: Item) -> list[tuple[str, list[Link]]]:
    """Return an item's links by their relations in words: from what is raised to who must act."""
    found: dict[str, list[Link]] = defaultdict(list)
    for link in sorted(item.links, key=lambda link: (way_of(link), link.read_from(item), link.suggested)):
        found[link.read_from(item)].append(link)
    return list(found.items())


def way_of(link: Link) -> int:
    """Return the place of a link among the others: from what is raised to who must act."""
    return _WAY.get(link.predicate, len(_WAY))


def proven(marks: Iterable[Mark]) -> list[Link]:
    """Return what any of several marks proves, each link once."""
    return list(dict.fromkeys(link for mark in marks for link in mark.links))


def shown_by(marks: Iterable[Mark]) -> list[Item]:
    """Return the items whose gaps any of several marks shows, though it proves nothing; each once."""
    return list(dict.fromkeys(item for mark in marks if not mark.links for item in mark.shows))


def gaps_by_rule(gaps: Iterable[Gap]) -> list[list[Gap]]:
    """Return gaps rule by rule, what is missing and what is possible apart, in the order in which they first come."""
    found: dict[tuple[str, str], list[Gap]] = defaultdict(list)
    for gap in gaps:
        found[gap["rule"], gap["basis"]].append(gap)
    return list(found.values())


def evidence_of(gap: Gap, scene: Scene) -> list[Mark]:
    """Return the marks that show a gap, as far as the scene has them.

    For a gap that is only possible, they are those that may decide it.
    """
    places = [(e["document"], e["start"], e["end"], e["quote"]) for e in gap["nearest"] or gap["evidence"]]
    return [scene.marks[place] for place in places if place in scene.marks]


def theme_of(ontology: Ontology, issue: str) -> str:
    """Return the widest term above an issue (by id) in the vocabulary; `OTHER_ISSUES` for an issue outside it."""
    above = ontology.ancestors.get(issue.removeprefix("issue/"), {})
    # Of several widest terms the nearest, then the first.
    widest = sorted((steps, name) for name, steps in above.items() if not ontology.concepts[name].broader)
    return ontology.concepts[widest[0][1]].label if widest else OTHER_ISSUES


def _plans(links: Iterable[Link]) -> dict[Item, tuple[str, ...]]:
    """For each priority and action the labels of the plans in which it stands, directly or under another."""
    within: dict[Item, list[Item]] = defaultdict(list)
    for link in links:
        if link.predicate in _WITHIN and link.subject.type in _COMMITMENTS:
            within[link.subject].append(link.object)

    def plans(item: Item, path: frozenset[Item]) -> set[str]:
        if item.type == "Plan":
            return {item.label}
        return {label for above in within.get(item, ()) if above not in path for label in plans(above, path | {above})}

    return {item: tuple(sorted(plans(item, frozenset({item})))) for item in within}
