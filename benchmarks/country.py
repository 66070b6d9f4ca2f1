"""A synthetic country: partnerships with plans, priorities, groups, owners and feedback, the same for the same seed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

from goldenthread.graph import Document, DocumentGraph, Entity, Evidence, Statement
from goldenthread.ontology import Ontology

#: Statements in one partnership, about; a country grows by partnerships.
PER_PARTNERSHIP = 3300
_PER_DOCUMENT = 100
_KINDS = ("council", "police", "fire", "probation", "integrated-care-board")


class _Pen:
    """Writes one document: a line for each statement, which is its evidence."""

    def __init__(self, partnership: str, name: str, year: int) -> None:
        self.partnership, self.year = partnership, year
        self.id, self.path = f"document/{partnership}/{name}.txt", f"{partnership}/{name}.txt"
        self._lines: list[str] = []
        self._at = 0
        self._entities: dict[str, Entity] = {}
        self._statements: dict[tuple[str, str, str, str | None], list[Evidence]] = {}

    def write(self, subject: Entity, predicate: str, object_: Entity, words: str, stance: str | None = None) -> None:
        line = f"{subject.label} {predicate.replace('_', ' ')} {object_.label}: {words}"
        start, end = self._at, self._at + len(line)
        for entity in (subject, object_):
            self._entities.setdefault(entity.id, entity)
        evidence = Evidence(self.id, start, end, line, "synthetic", 0.9)
        self._statements.setdefault((subject.id, predicate, object_.id, stance), []).append(evidence)
        self._lines.append(line)
        self._at = end + 1

    def graph(self) -> DocumentGraph:
        text = "\n".join(self._lines)
        sha = hashlib.sha256(text.encode()).hexdigest()
        document = Document(
            self.id, self.path, sha, self.path, f"{self.year}-06-01", self.partnership, self.partnership.title(), "plan", text, "benchmark"
        )
        statements = tuple(Statement(s, p, o, tuple(e), t, self.partnership) for (s, p, o, t), e in self._statements.items())
        return DocumentGraph(document, tuple(self._entities.values()), statements)


def country(statements: int, ontology: Ontology, seed: int = 7) -> Iterator[DocumentGraph]:
    """Yield the documents of a country of about this many statements, partnership by partnership."""
    for number in range(max(1, round(statements / PER_PARTNERSHIP))):
        yield from _partnership(f"borough-{number:04d}", ontology, random.Random(f"{seed}/{number}"))


def _partnership(key: str, ontology: Ontology, dice: random.Random) -> Iterator[DocumentGraph]:
    def thing(type_: str, name: str, kind: str | None = None, years: tuple[int, int] | None = None) -> Entity:
        label = name.replace("-", " ").capitalize()
        starts, ends = years or (None, None)
        return Entity(f"{key}/{type_.lower()}/{name}", type_, label, 1, kind, starts, ends, ())

    concepts = sorted(c.id for c in ontology.concepts.values() if not c.general)
    issues = [Entity(f"issue/{name}", "Issue", ontology.concepts[name].label, 9) for name in concepts]
    board = thing("Subgroup", "partnership-board", "partnership-board")
    partners = [thing("Partner", kind, kind) for kind in _KINDS] + [thing("Partner", f"charity-{n}") for n in range(20)]
    groups = [thing("Subgroup", f"group-{n}") for n in range(8)]
    roles = [thing("Role", f"post-{n}") for n in range(25)]
    sources = [thing("Source", f"survey-{n}") for n in range(12)]
    spoken_of = dice.sample(issues, 60)  # what people and plans in one borough speak of, again and again
    for first in (2018, 2021, 2024):
        pen = _Pen(key, f"plan-{first}", first)
        plan = thing("Plan", f"{first}-{first + 3}", None, (first, first + 3))
        for n in range(8):
            priority = thing("Priority", f"priority-{first}-{n}")
            pen.write(priority, "stands_in", plan, "so says the plan")
            for issue in dice.sample(spoken_of, 9):
                pen.write(priority, "addresses", issue, "it is among what the priority takes in")
            if dice.random() < 0.8:
                pen.write(dice.choice(groups), "delivers", priority, "the group delivers it")
            if dice.random() < 0.7:
                pen.write(dice.choice(roles), "leads", priority, "the post answers for it")
        for partner in partners[: dice.randint(4, 25)]:
            pen.write(partner, "member_of", board, "among the members of the board")
        for group in groups[:-1]:
            pen.write(dice.choice(roles), "chairs", group, "takes the chair")
        yield pen.graph()
    stances = sorted(ontology.stances)
    for n in range((PER_PARTNERSHIP - 400) // _PER_DOCUMENT):
        pen = _Pen(key, f"feedback-{n:02d}", 2018 + n % 8)
        for _ in range(_PER_DOCUMENT):
            words = f"told us in year {pen.year} that it matters {dice.choice(('a lot', 'to them', 'by night', 'in the town'))}"
            pen.write(dice.choice(sources), "raises", dice.choice(spoken_of), words, dice.choice(stances))
        yield pen.graph()


def prose(megabytes: float, seed: int = 7) -> Iterator[str]:
    """Yield text documents in the manner of minutes and plans, of some 20 kB each, together about as large as asked."""
    dice = random.Random(seed)
    issues = [
        "burglary",
        "knife crime",
        "fly-tipping",
        "anti-social behaviour",
        "domestic abuse",
        "speeding",
        "fraud",
        "hate crime",
        "noise nuisance",
    ]
    bodies = [
        "Westmarch Police",
        "the Probation Service",
        "the Oakvale Action Group",
        "Trading Standards",
        "the Head of Housing",
        "the Youth Council",
    ]
    forms = (
        "{b} leads the work on {i} in the north of the borough.",
        "Residents raised {i} and asked for more patrols after dark.",
        "{b} reported that {i} had not increased since the spring.",
        "The committee was concerned about {i} near the bus station and requested a report from {b}.",
        "Members of the Board heard how the figures are gathered, and what the partners intend to do with them next year.",
    )
    for number in range(max(1, round(megabytes * 50))):
        lines = [f"Minutes of the meeting number {number}", "", "Our priorities for 2024-2027 are:", ""]
        lines += [f"• tackling {i}" for i in dice.sample(issues, 4)]
        while sum(map(len, lines)) < 20_000:
            lines += ["", " ".join(dice.choice(forms).format(b=dice.choice(bodies), i=dice.choice(issues)) for _ in range(5))]
        yield "\n".join(lines) + "\n"
