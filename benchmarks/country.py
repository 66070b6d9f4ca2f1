"""A synthetic country, the same for the same seed: partnerships as graphs, and documents as text for the readers.

Nothing in it is real but the vocabulary of issues and the kinds of bodies. A partnership has three plans, each with
priorities, actions, groups, members and owners, and 28 documents of feedback: minutes and consultations in which
sources raise issues and ask for changes. Every statement is a line of its document's text, so every quote is found
again.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

from goldenthread.graph import Document, DocumentGraph, Entity, Evidence, Mention, Statement
from goldenthread.ontology import Ontology, slug

#: Statements in the documents of one partnership, about; a country grows by partnerships.
PER_PARTNERSHIP = 3330
#: The first years of the three plans; the last is the one in force.
PLANS = (2018, 2021, 2024)
_FEEDBACK = 28
_RAISED = 80  #: statements that raise an issue, in one document of feedback
_REQUESTS = 10

_AIMS = (
    "Calmer nights", "Safer streets", "Homes without fear", "Fair trade", "Young people first", "Welcoming estates",
    "Trust in the town", "Cleaner places", "Safer journeys", "Nobody left out", "Second chances", "Stronger families",
    "Open spaces", "Eyes on the market",
)  # fmt: skip
_GROUPS = ("Night Time", "Youth", "Estates", "Families", "Market", "Roads", "Reoffending", "Cohesion")
_SPEAKERS = (
    "residents",
    "shopkeepers",
    "tenants",
    "school pupils",
    "older people",
    "ward members",
    "traders",
    "carers",
)
#: What follows the bare statement in its sentence; sentences come to some 90 characters, as in real documents.
_TAILS = (
    "", "", " in the north of the borough", " after dark", " near the bus station and the market",
    ", as it did the year before",
    ", with a first report to the board in the autumn and another before the end of the year",
    ", which those at the meeting thought the most useful thing that could be done with the money",
    " on the larger estates",
    ", and asked to be told what comes of it",
)  # fmt: skip


def country(partnerships: int, ontology: Ontology, seed: int = 7) -> Iterator[list[DocumentGraph]]:
    """Yield for each partnership what its documents say."""
    for number in range(partnerships):
        yield partnership(number, ontology, seed)


def partnership(number: int, ontology: Ontology, seed: int = 7) -> list[DocumentGraph]:
    """Return what one partnership's documents say: plans, then feedback; about `PER_PARTNERSHIP` statements."""
    return _Borough(key_of(number), ontology, random.Random(f"{seed}/{number}")).documents()


def key_of(number: int) -> str:
    """The id of a partnership."""
    return f"borough-{number:04d}"


class _Borough:
    """One partnership and all that is named in its documents."""

    def __init__(self, key: str, ontology: Ontology, dice: random.Random) -> None:
        self.key, self.dice, self.ontology = key, dice, ontology
        concepts = sorted(c.id for c in ontology.concepts.values() if not c.general)
        # What people and plans in one borough speak of, again and again.
        self.issues = [self._issue(name) for name in dice.sample(concepts, 60)]
        kinds = sorted(k.id for k in ontology.kinds.values() if k.type == "Partner" and k.one_per_partnership)
        self.partners = [
            self._thing("Partner", ontology.kinds[k].label, k, k) for k in dice.sample(kinds, min(10, len(kinds)))
        ]
        self.partners += [self._thing("Partner", f"{name} Trust") for name in dice.sample(_AIMS, 12)]
        self.roles = [self._thing("Role", f"Head of {name} Services {n}") for name in _GROUPS for n in (1, 2, 3)]
        self.board = self._thing("Subgroup", "Partnership Board", "partnership-board", "partnership-board")
        self.groups = [self._thing("Subgroup", f"{name} Group") for name in _GROUPS]

    def documents(self) -> list[DocumentGraph]:
        found: list[DocumentGraph] = []
        before: list[Entity] = []
        for first in PLANS:
            graph, before = self._plan(first, before)
            found.append(graph)
        return found + [self._feedback(n) for n in range(_FEEDBACK)]

    def _thing(self, type_: str, label: str, kind: str | None = None, name: str | None = None) -> Entity:
        return Entity(f"{self.key}/{type_.lower()}/{name or slug(label)}", type_, label, 1, kind)

    def _issue(self, name: str) -> Entity:
        return Entity(f"issue/{name}", "Issue", self.ontology.concepts[name].label, 1)

    def _plan(self, first: int, before: list[Entity]) -> tuple[DocumentGraph, list[Entity]]:
        pen, dice = _Pen(self, f"plan-{first}", "plan", first), self.dice
        name = f"{first}-{first + 3}"
        plan = Entity(f"{self.key}/plan/{name}", "Plan", f"Community Safety Plan {name}", 1, None, first, first + 3)
        priorities = [self._thing("Priority", aim) for aim in dice.sample(_AIMS, 8)]
        for n, priority in enumerate(priorities):
            self._priority(pen, plan, priority, f"{first}/{n + 1}")
        dropped = [p for p in before if p not in priorities]
        for old, new in list(zip(dropped, (p for p in priorities if p not in before), strict=False))[:2]:
            pen.write(old, "renames", new)
        for partner in dice.sample(self.partners, dice.randint(8, len(self.partners))):
            pen.write(partner, "member_of", self.board)
        for group in self.groups:
            pen.write(group, "part_of", self.board)
        for group in self.groups[:-1]:
            pen.write(dice.choice(self.roles), "chairs", group)
        return pen.graph(), priorities

    def _priority(self, pen: _Pen, plan: Entity, priority: Entity, number: str) -> None:
        dice = self.dice
        pen.write(priority, "stands_in", plan)
        for issue in dice.sample(self.issues, 5):
            pen.write(priority, "addresses", issue)
        if dice.random() < 0.8:
            pen.write(dice.choice(self.groups), "delivers", priority)
        if dice.random() < 0.7:
            pen.write(dice.choice(self.roles), "leads", priority)
        for partner in dice.sample(self.partners, 2):
            pen.write(partner, "supports", priority)
        for n in range(3):
            action = self._thing("Action", f"Action {number}.{n + 1}")
            pen.write(action, "stands_in", priority)
            pen.write(action, "addresses", dice.choice(self.issues))
            if dice.random() < 0.6:
                pen.write(dice.choice(self.partners), "leads", action)

    def _feedback(self, number: int) -> DocumentGraph:
        kind, year, dice = ("minutes", "consultation")[number % 2], PLANS[0] + number % 8, self.dice
        pen = _Pen(self, f"{kind}-{number:02d}", kind, year)
        # The residents speak in every document, the others in this one.
        sources = [self._thing("Source", "residents")]
        sources += [self._thing("Source", f"{who} in {kind} {number:02d}") for who in dice.sample(_SPEAKERS, 4)]
        stances = sorted(self.ontology.stances)
        for source, issue in dice.sample([(source, issue) for source in sources for issue in self.issues], _RAISED):
            pen.write(source, "raises", issue, dice.choice(stances))
        for n in range(_REQUESTS):
            request = self._thing("Request", f"change {n + 1} of {kind} {number:02d}")
            pen.write(dice.choice(sources), "requests", request)
            pen.write(request, "about", dice.choice(self.issues))
        return pen.graph()


class _Pen:
    """Writes one document: a sentence for each statement, which is its evidence."""

    def __init__(self, borough: _Borough, name: str, kind: str, year: int) -> None:
        self._borough, self._kind, self._year = borough, kind, year
        self._path = f"{borough.key}/{name}.txt"
        self._sentences: list[str] = []
        self._at = 0
        self._entities: dict[str, Entity] = {}
        self._mentions: dict[str, list[Mention]] = {}
        self._statements: dict[tuple[str, str, str, str | None], list[Evidence]] = {}

    def write(self, subject: Entity, predicate: str, object_: Entity, stance: str | None = None) -> None:
        how = self._borough.ontology.relations[predicate].label + (f" as a {stance}" if stance else "")
        sentence = f"{subject.label} {how} {object_.label}{self._borough.dice.choice(_TAILS)}."
        after = self._at + len(f"{subject.label} {how} ")
        for entity, start in ((subject, self._at), (object_, after)):
            self._entities[entity.id] = entity
            self._mentions.setdefault(entity.id, []).append(Mention(start, start + len(entity.label), entity.label))
        evidence = Evidence(f"document/{self._path}", self._at, self._at + len(sentence), sentence, "synthetic", 0.9)
        self._statements.setdefault((subject.id, predicate, object_.id, stance), []).append(evidence)
        self._sentences.append(sentence)
        self._at += len(sentence) + 1

    def graph(self) -> DocumentGraph:
        key, text = self._borough.key, "\n".join(self._sentences)
        label = f"Safer {key.replace('-', ' ').title()} Partnership"
        document = Document(
            f"document/{self._path}", self._path, hashlib.sha256(text.encode()).hexdigest(),
            f"{self._kind.title()} of {self._year}", f"{self._year}-06-01", key, label, self._kind, text, "benchmark",
        )  # fmt: skip
        entities = tuple(
            Entity(e.id, e.type, e.label, e.rank, e.kind, e.starts, e.ends, (), tuple(self._mentions[e.id]))
            for e in self._entities.values()
        )
        statements = tuple(
            Statement(s, p, o, tuple(e), stance, key) for (s, p, o, stance), e in self._statements.items()
        )
        return DocumentGraph(document, entities, statements)


# ------------------------------------------------------------------------------------------- documents as text


def texts(megabytes: float, ontology: Ontology, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Yield the (file name, text) of plans, minutes and consultation lists, together about as large as asked.

    Each has some 10 kB.
    """
    dice, written, number = random.Random(seed), 0, 0
    forms = (("plan", _plan_text), ("minutes", _minutes_text), ("consultation", _consultation_text))
    while written < megabytes * 1e6:
        kind, write = forms[number % len(forms)]
        text = "\n".join(write(_Phrases(ontology, dice), number)) + "\n"
        yield f"{kind}-{number:04d}.txt", text
        written, number = written + len(text), number + 1


class _Phrases:
    """Sentences in the manner of such documents; about half of them state nothing that goldenthread looks for."""

    def __init__(self, ontology: Ontology, dice: random.Random) -> None:
        self._dice = dice
        self._issues = sorted(c.label.lower() for c in ontology.concepts.values() if not c.general)
        self._bodies = sorted(k.label for k in ontology.kinds.values() if k.type in ("Partner", "Subgroup", "Role"))

    def issue(self) -> str:
        return self._dice.choice(self._issues)

    def body(self) -> str:
        return self._dice.choice(self._bodies)

    def choose(self, *forms: str) -> str:
        return self._dice.choice(forms).format(b=self.body(), c=self.body(), i=self.issue(), j=self.issue())

    def filling(self) -> str:
        return self.choose(
            "The figures were gathered over four quarters and are set beside those of similar towns in the annex.",
            "A further paper will come to the next meeting, when the budget for the coming year is known.",
            "Partners described what they had learnt, and thanked the volunteers who had given up their evenings.",
            "The map on the following page shows the wards, the main roads and the three town centres.",
            "Several of the measures depend on money that has yet to be agreed.",
        )


def _plan_text(say: _Phrases, number: int) -> Iterator[str]:
    yield from (f"Community Safety Plan {2018 + number % 9}-{2021 + number % 9}", "", "Our priorities", "")
    for n in range(1, 9):
        yield from (f"Priority {n}: tackling {say.issue()}", "")
        for _ in range(4):
            yield " ".join((
                say.choose("We will work to reduce {i} and {j}.",
                    "This priority covers {i}, {j} and the harm that comes of them."),
                say.filling(),
                say.choose("{b} leads this work, with {c}.", "The work is delivered by {b}.",
                    "{b} will report on {i} each quarter."),
                say.filling(),
            ))  # fmt: skip
            yield ""
        yield from (*(say.choose("• Action on {i}, led by {b}", "• {b} to review {i} by March") for _ in range(3)), "")


def _minutes_text(say: _Phrases, number: int) -> Iterator[str]:
    yield from (f"Minutes of the Community Safety Board, meeting {number}", f"Held on 12 March {2018 + number % 9}", "")
    yield "Present: " + ", ".join(say.body() for _ in range(9))
    for item in range(1, 11):
        yield from ("", f"{item}. {say.issue().capitalize()}", "")
        for _ in range(2):
            yield " ".join((
                say.choose("{b} reported that {i} had not increased since the spring.",
                    "{b} presented the figures on {i}."),
                say.filling(),
                say.choose("The committee was concerned about {i} near the station.",
                    "Members asked {b} for a report on {i}."),
                say.filling(),
                say.choose("Residents raised {i} and asked for more patrols after dark.",
                    "It was agreed that {b} would chair the group."),
            ))  # fmt: skip


def _consultation_text(say: _Phrases, number: int) -> Iterator[str]:
    yield from (f"Consultation on community safety, {2018 + number % 9}: what people told us", "")
    for group in ("Residents", "Shopkeepers", "Young people", "Tenants", "Older people"):
        yield from (f"{group} told us:", "")
        for _ in range(16):
            yield say.choose(
                "• They are worried about {i} in the evening", "• More should be done about {i}",
                "• {i} has become worse, and so has {j}", "• They would like to see {b} more often",
                "• The bins, the benches and the lights in the park", "• It is a friendly place",
                "• Please ask {b} to look at {i} behind the shops",
            )  # fmt: skip
        yield ""
