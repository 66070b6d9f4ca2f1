"""Answers questions in words: a question is known by its form, its names are looked up, and the answer is what documents state."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from ..graph import Evidence, Store
from ..ontology import Ontology
from ..ontology.shapes import load_rules
from .facts import Fact, Thing, facts, owning
from .gaps import find_gaps
from .names import Resolution, classes_called, labelled, resolve
from .plans import plan_in_force, plans_in_force
from .wording import called, listed

_COMMITMENTS = ("Priority", "Action")
_SPEAKERS = ("Source", "Role", "Partner", "Subgroup")
NOT_STATED = "Not stated in these documents."


@dataclass(frozen=True, slots=True)
class Question:
    """A form of question: what it looks like, and what is to be found."""

    name: str
    find: str
    patterns: tuple[re.Pattern[str], ...]
    relations: tuple[str, ...] = ()
    reads: str = "from"
    of: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()

    def fits(self, text: str) -> re.Match[str] | None:
        """The match of the first pattern that fits all of `text`."""
        return next((m for pattern in self.patterns if (m := pattern.fullmatch(text))), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents answer, each part with the words that prove it."""

    question: str
    query: str  #: the form of question as which it was understood; empty when it was not
    text: str  #: in a sentence
    answers: tuple[tuple[Thing, tuple[Evidence, ...]], ...] = ()

    @property
    def stated(self) -> bool:
        """Whether these documents state an answer."""
        return bool(self.answers)

    def to_json(self) -> dict[str, Any]:
        """The answer as the contract for `ask --format json` has it."""
        return {
            "question": self.question,
            "stated": self.stated,
            "query": self.query,
            "text": self.text,
            "answers": [
                {
                    "id": thing.id, "label": thing.label, "type": thing.type,
                    "evidence": [
                        {"document": e.document, "start": e.start, "end": e.end, "quote": e.quote, "cue": e.cue, "confidence": e.confidence}
                        for e in evidence
                    ],
                }
                for thing, evidence in self.answers
            ],
        }  # fmt: skip


@cache
def questions() -> tuple[Question, ...]:
    """The forms of question that are understood, in the order in which they are tried."""
    data = tomllib.loads((files(__package__ or "") / "questions.toml").read_text(encoding="utf-8"))
    words = data["words"]
    return tuple(
        Question(
            row["name"], row["find"], tuple(_compiled(p, words) for p in row["patterns"]),
            **{k: tuple(row.get(k, ())) for k in ("relations", "of", "gives", "matches", "misses")}, reads=row.get("reads", "from"),
        )
        for row in data["question"]
    )  # fmt: skip


def _compiled(pattern: str, words: dict[str, str]) -> re.Pattern[str]:
    slots = {"thing": "(?P<thing>.+?)", "source": "(?P<source>.+?)", "what": r"(?P<what>[\w-]+(?: [\w-]+)??)"}
    while found := re.search(r"%(\w+)%", pattern):
        name = found.group(1)
        pattern = pattern[: found.start()] + (slots.get(name) or words[name]) + pattern[found.end() :]
    # The slot for what is asked after stands more than once in a few patterns: only the first is read.
    for slot in ("what", "by"):
        first, *rest = pattern.split(f"(?P<{slot}>")
        pattern = first + (f"(?P<{slot}>" + "(?:".join(rest) if rest else "")
    return re.compile(re.sub(r" (?![?*+])", r"\\s+", pattern), re.IGNORECASE)


def ask(store: Store, ontology: Ontology, question: str) -> Answer:
    """Answer a question with what the documents state.

    Args:
        store: where to look.
        ontology: its words.
        question: as a person asks it.

    Returns:
        The answer; `stated` is False when the documents do not state it, or the question was not understood, and the
        text says which.

    """
    text = " ".join(question.replace("’", "'").split()).rstrip(" ?.!")
    silent: Answer | None = None
    for form in questions():
        match = form.fits(text)
        if match is not None:
            found = _Asked(store, ontology, question, form, {k: v for k, v in match.groupdict().items() if v}).answer()
            if found is not None and found.stated:
                return found
            silent = silent or found
    if silent is not None:
        return silent
    forms = "; ".join(q.matches[0] for q in questions()[:4])
    return Answer(question, "", f"{NOT_STATED} The question was not understood. One can ask, for example: {forms}")


@dataclass
class _Asked:
    """A question whose form is known."""

    store: Store
    ontology: Ontology
    question: str
    form: Question
    slots: dict[str, str]
    found: dict[Thing, list[Evidence]] = field(default_factory=dict)

    def answer(self) -> Answer | None:
        """Find the answer; None when another form may fit better."""
        kind = getattr(self, f"_{self.form.find}")
        text = kind()
        if text is None:
            return None
        order = sorted(self.found.items(), key=lambda item: (-len(set(item[1])), item[0].label.lower(), item[0].id))
        answers = tuple((thing, tuple(sorted(set(evidence)))) for thing, evidence in order)
        if not answers:
            return Answer(self.question, self.form.name, f"{NOT_STATED} {text}".strip())
        several = listed([f"{thing.label}" for thing, _ in answers], 12)
        return Answer(self.question, self.form.name, f"{text}{several[:1].upper()}{several[1:]}.", answers)

    # ------------------------------------------------------------------------------------------------- looking up

    def _named(self, slot: str, types: Iterable[str]) -> list[Thing]:
        """What the words of a slot name, of the first of `types` of which there is something."""
        return list(self._resolution(slot, types).found)

    def _resolution(self, slot: str, types: Iterable[str]) -> Resolution:
        wanted = list(types) or list(self.ontology.classes)
        whole = resolve(self.store, self.ontology, self.slots[slot], wanted)
        exact = [t for t in whole.found if t.label.lower() == self.slots[slot].lower()]
        for type_ in wanted:
            same = [t for t in (exact or whole.found) if t.type == type_]
            if same:
                return Resolution(whole.text, tuple(same))
        return whole

    def _unknown(self, slot: str, resolution: Resolution) -> str:
        suggested = f" Did you mean {listed([f'“{s}”' for s in resolution.suggestions[:3]])}?" if resolution.suggestions else ""
        return f"They do not speak of “{self.slots[slot]}”.{suggested}"

    def _facts(self, things: Iterable[Thing], relations: Iterable[str], *, at: str) -> list[Fact]:
        """The statements with these relations that have one of `things` at the end `at` ('subject' or 'object')."""
        ids = [t.id for t in things]
        scope = [key for key, _ in self.store.partnerships()]
        ends = {"subjects": ids} if at == "subject" else {"objects": ids}
        return facts(self.store, self.ontology, scope, predicates=list(relations), **ends) if ids else []

    def _take(self, found: Iterable[Fact], end: str) -> None:
        for fact in found:
            thing = fact.subject if end == "subject" else fact.object
            if not self.form.gives or thing.type in self.form.gives:
                self.found.setdefault(thing, []).extend(fact.evidence)

    def _relations(self) -> list[str]:
        return [r for name in self.form.relations for r in (owning(self.ontology) if name == "owns" else [name])]

    # ---------------------------------------------------------------------------------------------- what is found

    def _related(self) -> str | None:
        resolution = self._resolution("thing", self.form.of)
        things = list(resolution.found)
        if not things:
            return self._unknown("thing", resolution)
        at, end = ("object", "subject") if self.form.reads == "from" else ("subject", "object")
        self._take(self._facts(things, self._relations(), at=at), end)
        if "what" in self.slots and (classes := classes_called(self.slots["what"].rstrip("s"))):
            self.found = {t: e for t, e in self.found.items() if t.type in classes} or self.found
        return f"These documents do not say it of {called(self.ontology, things[0])}." if not self.found else ""

    def _owners(self) -> str | None:
        resolution = self._resolution("thing", ("Priority", "Action", "Subgroup", "Issue", "Plan"))
        things = list(resolution.found)
        if not things:
            return self._unknown("thing", resolution)
        self._take(self._facts(things, self._relations(), at="object"), "subject")
        if not self.found:
            self._take(self._facts(things, owning(self.ontology), at="object"), "subject")
        if not self.found and things[0].type == "Issue":
            above = [f"issue/{n}" for n in self.ontology.ancestors.get(things[0].id.removeprefix("issue/"), {})]
            wider = [Thing(i, "Issue", i) for i in above] or things
            commitments = [f.subject for f in self._facts(wider, ["addresses"], at="object")]
            self._take(self._facts(commitments, owning(self.ontology), at="object"), "subject")
        if not self.found and things[0].type == "Priority":
            under = [f.subject for f in self._facts(things, ["part_of"], at="object")]
            self._take(self._facts(under, owning(self.ontology), at="object"), "subject")
        return "" if self.found else f"They do not say who leads or delivers {called(self.ontology, things[0])}."

    def _addressing(self) -> str | None:
        resolution = self._resolution("thing", ("Issue",))
        things = [t for t in resolution.found if t.type == "Issue"]
        if not things:
            return self._unknown("thing", resolution)
        by = classes_called(self.slots["by"].split()[0]) if "by" in self.slots else frozenset(_COMMITMENTS)
        found = self._facts(things, ["addresses"], at="object")
        if "renamed" in self.slots:
            new = {f.object for f in self._facts([f.subject for f in found], ["renames"], at="object")}
            renamed = {f.object for f in self._facts([f.subject for f in found], ["renames"], at="subject")} | new
            found = [f for f in found if f.subject in renamed] or found
        kept = [f for f in found if f.subject.type in (by or _COMMITMENTS)] or found
        if period := self.slots.get("period"):
            kept = [f for f in kept if self._in_period(f.subject, period)]
        current = self._in_force()
        self._take(
            [f for f in kept if f.subject.id in current]
            if not self.slots.keys() & {"period", "renamed"} and current & {f.subject.id for f in kept}
            else kept,
            "subject",
        )
        if not self.found:
            above = [
                Thing(f"issue/{n}", "Issue", n)
                for n in self.ontology.ancestors.get(things[0].id.removeprefix("issue/"), {})
                if f"issue/{n}" != things[0].id
            ]
            self._take([f for f in self._facts(above, ["addresses"], at="object") if f.subject.type in (by or _COMMITMENTS)], "subject")
            return (
                "Only for something broader: "
                if self.found
                else f"No priority or action is said to address {called(self.ontology, things[0])}."
            )
        return ""

    def _in_force(self) -> set[str]:
        """The ids of what the plans in force commit to; actions of which no plan is stated are among them."""
        plans = {plan.id for key, _ in self.store.partnerships() for plan in plans_in_force(self.store, self.ontology, key)}
        standing = facts(self.store, self.ontology, [key for key, _ in self.store.partnerships()], predicates=["stands_in", "part_of"])
        placed = {f.subject.id for f in standing}
        found = {f.subject.id for f in standing if f.object.id in plans}
        found |= {f.subject.id for f in standing if f.object.id in found}
        addressing = facts(self.store, self.ontology, [key for key, _ in self.store.partnerships()], predicates=["addresses"])
        return found | {f.subject.id for f in addressing if f.subject.id not in placed}

    def _in_period(self, priority: Thing, period: str) -> bool:
        start = period[:4]
        return any(
            f.object.id.rsplit("/", 1)[-1].startswith(start) for f in self._facts([priority], ["stands_in", "part_of"], at="subject")
        )

    def _raisers(self) -> str | None:
        resolution = self._resolution("thing", ("Issue",))
        things = [t for t in resolution.found if t.type == "Issue"]
        if not things:
            return self._unknown("thing", resolution)
        self._take(self._facts(things, ["raises"], at="object"), "subject")
        return "" if self.found else f"They do not say who raised {called(self.ontology, things[0])}."

    def _raised(self) -> str | None:
        sources = self._named("source", _SPEAKERS) or [
            t for t in labelled(self.store, self.ontology, self.slots["source"]) if t.type in _SPEAKERS
        ]
        if not sources:
            return self._unknown("source", self._resolution("source", _SPEAKERS))
        said = self._facts(sources, ["raises"], at="subject")
        if "open" in self.slots:
            covered = self._covered()
            said = [f for f in said if f.object.id not in covered and f.stance in ("concern", "request", "decrease")]
        self._take(said, "object")
        return (
            ""
            if self.found
            else f"They do not say that {sources[0].label} raised anything" + (" that is left open." if "open" in self.slots else ".")
        )

    def _covered(self) -> set[str]:
        """The issues that some priority or action addresses, or something broader."""
        direct = {
            f.object.id for f in facts(self.store, self.ontology, [k for k, _ in self.store.partnerships()], predicates=["addresses"])
        }
        return {
            f"issue/{name}" for name, above in self.ontology.ancestors.items() if any(f"issue/{a}" in direct for a in above)
        } | direct  # fmt: skip

    def _requesters(self) -> str | None:
        wanted = labelled(self.store, self.ontology, self.slots["thing"])
        requests = [t for t in wanted if t.type == "Request"]
        self._take(self._facts(requests, ["requests"], at="object"), "subject")
        return "" if self.found else f"They do not say who asked for “{self.slots['thing']}”."

    def _unaddressed(self) -> str | None:
        scope = [key for key, _ in self.store.partnerships()]
        said = facts(self.store, self.ontology, scope, predicates=["raises"])
        if "source" in self.slots:
            who = {t.id for t in self._named("source", _SPEAKERS)}
            if not who:
                return self._unknown("source", self._resolution("source", _SPEAKERS))
            said = [f for f in said if f.subject.id in who]
        if not facts(self.store, self.ontology, scope, predicates=["addresses"]):
            return "They state no priority, so none can be said to be missing."
        covered = self._covered()
        self._take([f for f in said if f.object.id not in covered and f.stance in ("concern", "request")], "object")
        return "" if self.found else "Every concern that they state is addressed."

    def _without(self) -> str | None:
        classes = classes_called(self.slots["what"].rstrip("s")) or classes_called(self.slots["what"])
        codes = {"Priority": "unowned-priority", "Action": "unowned-action", "Subgroup": "unchaired-group"}
        wanted = {code for type_, code in codes.items() if type_ in classes and (type_ == "Subgroup") == ("chairs" in self.form.relations)}
        if not wanted:
            return None
        report = find_gaps(self.store, self.ontology, [r for r in load_rules() if r.code in wanted])
        for gap in report.gaps:
            self.found.setdefault(Thing(gap.id, gap.type, gap.label, gap.partnership), []).extend(gap.evidence)
        return (
            ""
            if self.found
            else (report.not_checked[0].why.capitalize() + "." if report.not_checked else "There is none of which they do not say it.")
        )

    def _priorities(self) -> str | None:
        for number, key, *_ in self.store.rows("SELECT id, key FROM partnership ORDER BY key") if self.store.language == "sql" else ():
            in_force = plan_in_force(self.store, self.ontology, int(number), None)
            period = self.slots.get("period")
            commitments = [c for c in in_force.commitments if c.type == "Priority"]
            things = [
                Thing(c.id, c.type, c.label, key)
                for c in commitments
                if not period or self._in_period(Thing(c.id, c.type, c.label), period)
            ]
            for fact in self._facts(things, ["stands_in", "part_of"], at="subject"):
                self.found.setdefault(fact.subject, []).extend(fact.evidence)
        return "" if self.found else "They state no priority in force."
