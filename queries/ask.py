"""Answers questions in words, with what documents state.

The form of a question is recognised, and the names in it are looked up. What counts is what counts in `owners`,
`coverage` and `gaps`: the plan in force. Where a name is not clear, or nothing is stated, the answer says so and gives
what is known instead; it never guesses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ..graph import Evidence, Store
from ..ontology import Ontology
from ..ontology.shapes import load_rules
from .answer import Answer
from .coverage import coverages
from .facts import Fact, Thing, facts, owning, wanting
from .gaps import find_gaps
from .names import Resolution, classes_called, find_partnership, labelled, resolve, words_of
from .owners import threads
from .plans import plans_in_force
from .questions import Question, plain, questions
from .thread import COMMITMENTS, Step, Thread, conflict_sentence, conflicts_in
from .wording import called, listed

#: The classes of who may speak.
SPEAKERS = ("Source", "Role", "Partner", "Subgroup")
#: The classes of what may have an owner, in the order in which a name is taken for one.
OWNED = ("Priority", "Action", "Subgroup", "Plan", "Issue")
NOT_STATED = "Not stated in these documents."
UNDERSTOOD = (
    "The question was not understood. One can ask who owns, leads, delivers, supports, chairs or sits on something; "
    "which priority or action addresses an issue, or what a priority addresses; "
    "who raised an issue, or what somebody raised or asked for; which issues are not covered; "
    "which priorities have no lead; what something is now called, or was called before; and what is part of it."
)
#: The classes of who may do something.
_DOERS = {"Subgroup", "Partner", "Role"}
#: The ways of finding that look for statements, and may also find what is only suggested.
_BY_STATEMENTS = frozenset({"related", "owners", "raisers", "raised", "requesters"})
#: The most answers that the sentence names.
_MOST = 12


def ask(store: Store, ontology: Ontology, question: str) -> Answer:
    """Answer a question with what the documents state.

    Args:
        store: where to look.
        ontology: its words.
        question: as a person asks it.

    Returns:
        The answer; `stated` is False when the documents do not state it, when it is only suggested, or when the
        question was not understood, and the text says which.

    """
    text = plain(question)
    fitting = [(form, match) for form in questions() if (match := form.fits(text)) is not None]
    forms = [(form, {k: v for k, v in match.groupdict().items() if v}) for form, match in fitting]
    silent: Answer | None = None
    for form, slots in forms:
        found = _Asked(store, ontology, question, form, slots).answer()
        if found is not None and found.stated:
            more = _possible(store, ontology, question, form, slots, besides=[thing for thing, _ in found.answers])
            return (
                found
                if more is None
                else replace(found, text=f"{found.text} Possible besides, to check: {_names(more)}.")
            )
        silent = silent or found
    if silent is None:
        return Answer(question, "", f"{NOT_STATED} {UNDERSTOOD}")
    for form, slots in forms:
        possible = _possible(store, ontology, question, form, slots)
        if possible is not None:
            return replace(possible, text=f"{silent.text} Possible, to check: {_names(possible)}.", possible=True)
    return silent


def _possible(
    store: Store, ontology: Ontology, question: str, form: Question, slots: dict[str, str],
    besides: Collection[Thing] = ()
) -> Answer | None:  # fmt: skip
    """What is only suggested, besides what is stated.

    None where that is nothing, or the form does not look for statements.
    """
    if form.find not in _BY_STATEMENTS:
        return None
    found = _Asked(store, ontology, question, form, slots, suggested=True).answer()
    answers = () if found is None else tuple((thing, words) for thing, words in found.answers if thing not in besides)
    return replace(found, answers=answers) if found is not None and answers else None


def _names(answer: Answer) -> str:
    return listed([thing.label for thing, _ in answer.answers], _MOST)


#: What a way of finding says: in front of the answers when there are any, else why there are none. None: another form
#: fits.
_Remark: TypeAlias = str | None


@dataclass
class _Asked:
    """A question whose form is known."""

    store: Store
    ontology: Ontology
    question: str
    form: Question
    slots: dict[str, str]
    suggested: bool = False  #: look for what is only suggested
    labels: dict[str, str] = field(init=False)  #: of the partnerships asked about
    found: dict[Thing, list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    taken: list[Thing] = field(default_factory=list)  #: what the names of the question were taken for
    after: str = ""  #: what must be said behind the answers
    passed_over: dict[str, None] = field(
        default_factory=dict
    )  #: labels of what is stated, but is not of the kind asked for

    def __post_init__(self) -> None:
        self.labels = dict(self.store.partnerships())

    def answer(self) -> Answer | None:
        """Return the answer, or None when another form may fit better."""
        remark = self._ways()[self.form.find]()
        if remark is None:
            return None
        query = " of ".join([self.form.name, *([listed([t.id for t in self.taken])] if self.taken else [])])
        order = sorted(self.found.items(), key=lambda item: (-len(set(item[1])), item[0].label.lower(), item[0].id))
        answers = tuple((thing, tuple(sorted(set(evidence)))) for thing, evidence in order)
        if not answers:
            others = f" They name {listed(list(self.passed_over))}." if self.passed_over else ""
            return Answer(self.question, query, f"{NOT_STATED} {remark}{others}".strip())
        places = {thing.partnership for thing, _ in answers if thing.partnership}
        names = [
            f"{t.label} ({self.labels.get(t.partnership, t.partnership)})"
            if t.partnership and len(places) > 1
            else t.label
            for t, _ in answers
        ]
        told = f"{remark} {listed(names, _MOST)}.".strip()
        return Answer(self.question, query, f"{told[:1].upper()}{told[1:]}{self.after}", answers)

    def _ways(self) -> dict[str, Callable[[], _Remark]]:
        return {
            "related": self._related, "owners": self._owners, "addressing": self._addressing, "raisers": self._raisers,
            "raised": self._raised, "requesters": self._requesters, "unaddressed": self._unaddressed,
            "without": self._without, "priorities": self._priorities,
        }  # fmt: skip

    # ------------------------------------------------------------------------------------------------- looking up

    def _meant(self, slot: str, types: Iterable[str]) -> tuple[list[list[Thing]], str]:
        """What the words of a slot may mean, class by class, the best first.

        Returns also what to say when the meaning is not clear.
        """
        wanted = list(types) or list(self.ontology.classes)
        found = self._resolved(self.slots[slot], wanted)
        exact = [t for t in found.found if t.label.lower() == self.slots[slot].lower()] or list(found.found)
        clear, unclear = [], []
        for type_ in wanted:
            same = [t for t in exact if t.type == type_]
            if len({t.partnership for t in same}) < len(same):
                unclear += [t.label for t in same]
            elif same:
                clear.append(same)
        if not clear and unclear:
            return [], f"“{self.slots[slot]}” may mean {listed(sorted(set(unclear)))}: say more of its name."
        like = (
            f" Did you mean {' or '.join(f'“{s}”' for s in found.suggestions[:3])}?"
            if found.suggestions and not clear
            else ""
        )
        return clear, f"They do not speak of “{self.slots[slot]}”.{like}"

    def _resolved(self, text: str, types: list[str]) -> Resolution:
        whole = resolve(self.store, self.ontology, text, types)
        for word in (" in ", " for ", " at "):
            name, _, place = text.rpartition(word)
            # 'burglary in Oakvale': the partnership is named, if it is not a part of the name itself.
            key = find_partnership(self.store, place) if name and not whole.found else None
            if key:
                self.labels = {key: self.labels[key]}
                return resolve(self.store, self.ontology, name, types, key)
        return whole

    def _facts(
        self, relations: Iterable[str], *, subjects: Iterable[Thing] = (), objects: Iterable[Thing] = ()
    ) -> list[Fact]:
        """Return the statements with one of `subjects` at the left or one of `objects` at the right end.

        There are none when neither is given.
        """
        left, right = [t.id for t in subjects], [t.id for t in objects]
        if not left and not right:
            return []
        return facts(
            self.store,
            self.ontology,
            list(self.labels),
            subjects=left,
            objects=right,
            predicates=list(relations),
            suggested=self.suggested,
        )

    def _all(self, relation: str) -> list[Fact]:
        return facts(self.store, self.ontology, list(self.labels), predicates=[relation], suggested=self.suggested)

    def _threads(self, things: Iterable[Thing]) -> list[Thread]:
        return [
            t for thing in things for t in threads(self.store, self.ontology, thing.id) if t.partnership in self.labels
        ]

    def _take(self, thing: Thing, *evidence: Iterable[Evidence]) -> None:
        wanted = set(self.form.gives) or self._asked_for()
        if not wanted or thing.type in wanted:
            self.found[thing].extend(e for some in evidence for e in some)
        else:
            self.passed_over[thing.label] = None

    def _asked_for(self) -> set[str]:
        """The classes of 'which agency ...' and 'which group ...'; none for 'who'."""
        noun = re.match(r"(?:which|what) ([\w-]+)", plain(self.question), re.IGNORECASE)
        classes = (
            _classes(noun[1]) & _DOERS
            if noun and self.form.find in ("owners", "related") and self.form.reads == "from"
            else set()
        )
        return classes | {"Partnership"} if "Subgroup" in classes else classes

    # --------------------------------------------------------------------------------------------- who does what

    def _related(self) -> _Remark:
        meanings, unknown = self._meant("thing", self.form.of)
        for things in meanings:
            self.taken = things
            found = self._facts(self.form.relations, **{"objects" if self.form.reads == "from" else "subjects": things})
            for fact in found:
                self._take(fact.subject if self.form.reads == "from" else fact.object, fact.evidence)
            if (classes := _classes(self.slots.get("what", ""))) and self.found:
                self.found = {t: e for t, e in self.found.items() if t.type in classes}
            if self.found:
                return ""
        if not meanings:
            return unknown
        relation = self.ontology.relations[self.form.relations[0]]
        words = relation.inverse_label if self.form.reads == "from" else relation.label
        return f"They do not say what {called(self.ontology, meanings[0][0])} {words}."

    def _owners(self) -> _Remark:
        meanings, unknown = self._meant("thing", OWNED)
        answering = owning(self.ontology)
        asked = [r for name in self.form.relations for r in (answering if name == "owns" else [name])]
        for things in meanings:
            self.taken = things
            said = self._facts(answering, objects=things)
            found = [f for f in said if f.predicate in asked] or said
            for fact in found:
                self._take(fact.subject, fact.evidence)
            if self.found:
                self.after = "".join(f" {conflict_sentence(c, self.ontology)}" for c in conflicts_in(found))
                # Who leads is not who delivers: the answer says which it is, when it is not what was asked.
                other = (
                    ""
                    if found[0].predicate in asked
                    else f"It {self.ontology.relations[found[0].predicate].inverse_label}"
                )
                return other
            if things[0].type == "Issue" and (remark := self._through_commitments(things)):
                return remark
        if not meanings:
            return unknown
        return self._why_unowned(meanings[-1] if meanings[-1][0].type == "Issue" else meanings[0])

    def _through_commitments(self, issues: list[Thing]) -> str:
        """Take those who answer for what addresses the issues, in the plan in force; say by way of what."""
        owned = [c for t in self._threads(issues) for c in t.commitments if c.owners]
        nearest = [c for c in owned if c.via is None] or owned
        for commitment in nearest:
            for owner in commitment.owners:
                self._take(owner.thing, owner.fact.evidence, commitment.fact.evidence)
        if not self.found:
            return ""
        wider = "" if nearest[0].via is None else f" (for “{nearest[0].via.label}”)"
        return f"By way of {self._names(nearest)}{wider}:"

    def _why_unowned(self, things: list[Thing]) -> str:
        woven = self._threads(things)
        if things[0].type in ("Subgroup", "Plan") or not woven:
            return f"They do not say who leads or delivers {called(self.ontology, things[0])}."
        return " ".join(f"{t.partnership_label}: {t.sentence}" if len(woven) > 1 else t.sentence for t in woven)

    # --------------------------------------------------------------------------------------------- what addresses

    def _addressing(self) -> _Remark:
        meanings, unknown = self._meant("thing", ("Issue",))
        if not meanings:
            return unknown
        self.taken = meanings[0]
        classes = _classes(self.slots.get("by", "")) & set(COMMITMENTS) or set(COMMITMENTS)
        if self.slots.keys() & {"period", "renamed"}:
            return self._addressing_at_another_time(classes)
        woven = self._threads(self.taken)
        steps = [s for t in woven for s in t.commitments if s.thing.type in classes]
        nearest = [s for s in steps if s.via is None] or steps
        for step in nearest:
            self._take(step.thing, step.fact.evidence)
        if nearest and nearest[0].via is None:  # an action against a part of the problem is one against it
            for step in (s for t in woven for s in t.narrower if s.thing.type == "Action" and s.thing.type in classes):
                self._take(step.thing, step.fact.evidence)
        if nearest:
            return "" if nearest[0].via is None else f"Only for something broader, “{nearest[0].via.label}”:"
        kinds = " or ".join(self.ontology.classes[c].label.lower() for c in sorted(classes, reverse=True))
        others = [s for t in woven for s in t.commitments]
        told = [
            f"{self._names(others)} does" if others else "",
            self._told(woven, "narrower"),
            self._told(woven, "earlier"),
        ]
        known = "".join(f"; {part}" for part in told if part)
        return f"No {kinds} in force is said to address {called(self.ontology, self.taken[0])}{known}."

    def _told(self, woven: Iterable[Thread], which: str) -> str:
        steps: list[Step] = [s for t in woven for s in getattr(t, which)]
        if not steps:
            return ""
        if which == "narrower":
            return "something narrower is addressed: " + listed(
                [f"“{s.via.label}” by “{s.thing.label}”" for s in steps if s.via]
            )
        return "another plan does: " + listed([f"“{s.thing.label}” ({s.plan})" for s in steps])

    def _addressing_at_another_time(self, classes: set[str]) -> _Remark:
        found = [f for f in self._facts(["addresses"], objects=self.taken) if f.subject.type in classes]
        if "renamed" in self.slots:
            names = self._facts(["renames"], subjects=[f.subject for f in found], objects=[f.subject for f in found])
            new = {f.object for f in names}
            found = [f for f in found if f.subject in new]
        if period := self.slots.get("period"):
            found = [f for f in found if self._stands_in_period(f.subject, period)]
        for fact in found:
            self._take(fact.subject, fact.evidence)
        return "" if found else f"They do not say it of {called(self.ontology, self.taken[0])} for that time."

    def _stands_in_period(self, commitment: Thing, period: str) -> bool:
        held = self._facts(["stands_in", "part_of"], subjects=[commitment])
        return any(f.object.id.rsplit("/", 1)[-1].startswith(period[:4]) for f in held)

    # ------------------------------------------------------------------------------------------------ who says what

    def _raisers(self) -> _Remark:
        meanings, unknown = self._meant("thing", ("Issue",))
        if not meanings:
            return unknown
        self.taken = meanings[0]
        said = self._facts(["raises"], objects=self.taken)
        # Who wants it dealt with raised it; who only reports on it is named when nobody else is.
        for fact in [f for f in said if f.stance in wanting(self.ontology)] or said:
            self._take(fact.subject, fact.evidence)
        return "" if said else f"They do not say who raised {called(self.ontology, self.taken[0])}."

    def _speakers(self) -> tuple[list[Thing], str]:
        meanings, unknown = self._meant("source", SPEAKERS)
        if meanings:
            return meanings[0], ""
        return [t for t in labelled(self.store, self.ontology, self.slots["source"]) if t.type in SPEAKERS], unknown

    def _raised(self) -> _Remark:
        self.taken, unknown = self._speakers()
        if not self.taken:
            return unknown
        said = self._facts(["raises"], subjects=self.taken)
        if "open" in self.slots:
            bare = self._uncovered(actions_too="by" not in self.slots or "Action" in _classes(self.slots["by"]))
            said = [
                f
                for f in said
                if (f.partnership, f.object.id) in bare and f.stance in (*wanting(self.ontology), "decrease")
            ]
        for fact in said:
            self._take(fact.object, fact.evidence)
        who = listed([t.label for t in self.taken])
        return (
            ""
            if said
            else f"They do not say that {who} raised anything{' that is left open' if 'open' in self.slots else ''}."
        )

    def _requesters(self) -> _Remark:
        wanted = labelled(self.store, self.ontology, self.slots["thing"])
        self.taken = [t for t in wanted if t.type == "Request"]
        for fact in self._facts(["requests"], objects=self.taken):
            self._take(fact.subject, fact.evidence)
        return "" if self.found else f"They do not say who asked for “{self.slots['thing']}”."

    # ---------------------------------------------------------------------------------------------- what is missing

    def _uncovered(self, *, actions_too: bool) -> set[tuple[str, str]]:
        """The (partnership, issue) pairs that no priority in force covers.

        With `actions_too`, they are also covered by no action of which no plan is stated.

        Those that something suggested may cover are left out: whether they are is to be checked.
        """
        bare = {
            (c.partnership, i.issue.id)
            for c in coverages(self.store, self.ontology)
            for i in c.issues
            if i.state == "uncovered"
        }
        if bare and not self.suggested:
            report = find_gaps(self.store, self.ontology, [r for r in load_rules() if r.code == "uncovered-issue"])
            bare -= {(gap.partnership, gap.id) for gap in report.gaps if gap.basis == "possible"}
        if actions_too and bare:
            loose: dict[str, set[str]] = defaultdict(set)
            for suggested in (False, True):
                for fact in facts(
                    self.store, self.ontology, list(self.labels), predicates=["addresses"], suggested=suggested
                ):
                    loose[fact.partnership].add(fact.object.id)
            bare = {
                (p, i) for p, i in bare
                if not loose[p] & {f"issue/{a}" for a in self.ontology.ancestors.get(i.removeprefix("issue/"), {})}
                       | {i} & loose[p]
            }  # fmt: skip
        return bare

    def _unaddressed(self) -> _Remark:
        said = self._all("raises")
        if "source" in self.slots:
            self.taken, unknown = self._speakers()
            if not self.taken:
                return unknown
            said = [f for f in said if f.subject in self.taken]
        if all(i.state == "not stated" for c in coverages(self.store, self.ontology) for i in c.issues):
            return "They state no priority in force, so none can be said to be missing."
        bare = self._uncovered(actions_too="Action" in _classes(self.slots.get("by", "")))
        for fact in said:
            if (fact.partnership, fact.object.id) in bare and fact.stance in wanting(self.ontology):
                self._take(fact.object, fact.evidence)
        return "" if self.found else "Every concern that they state is covered, at least in part."

    def _without(self) -> _Remark:
        codes = {"Priority": "unowned-priority", "Action": "unowned-action", "Subgroup": "unchaired-group"}
        chairs = "chairs" in self.form.relations
        classes = _classes(self.slots["what"])
        wanted = {code for type_, code in codes.items() if type_ in classes and (type_ == "Subgroup") == chairs}
        if not wanted:
            return None
        report = find_gaps(self.store, self.ontology, [r for r in load_rules() if r.code in wanted])
        for gap in report.gaps:
            if gap.basis == "missing":
                self._take(Thing(gap.id, gap.type, gap.label, gap.partnership), gap.evidence)
        to_check = [gap.label for gap in report.gaps if gap.basis == "possible"]
        self.after = f" To check: {listed(to_check, _MOST)}." if to_check else ""
        if self.found:
            return ""
        if to_check:
            return f"None is without for sure.{self.after}"
        return (
            f"{report.not_checked[0].why.capitalize()}."
            if report.not_checked
            else "There is none without, as far as they say."
        )

    def _priorities(self) -> _Remark:
        period = self.slots.get("period")
        for key in self.labels:
            plans = plans_in_force(self.store, self.ontology, key, period[:4] if period else None)[key]
            for fact in self._facts(["stands_in", "part_of"], objects=plans):
                if fact.subject.type == "Priority":
                    self._take(fact.subject, fact.evidence)
        return "" if self.found else "They state no priority in force" + (f" in {period}." if period else ".")

    def _names(self, steps: Iterable[Step]) -> str:
        return listed(list(dict.fromkeys(called(self.ontology, s.thing) for s in steps)))


def _classes(noun: str) -> set[str]:
    """Return the classes of what 'pillars', 'community safety groups' or 'pillar or scheme' stand for."""
    words = words_of(noun)
    joined = {"".join(words), *(words if "or" in words else words[-1:])}
    return {class_ for word in joined for class_ in classes_called(word)}
