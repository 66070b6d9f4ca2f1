"""What a golden thread is: links from what is raised to who must act, and one sentence on how far they carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from ..ontology import Ontology
from .facts import Fact, Thing
from .wording import called, counted, listed

State: TypeAlias = Literal["whole", "broken", "not stated"]

COMMITMENTS = ("Priority", "Action")


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a thread: a statement, read from the thing before it, and what follows."""

    fact: Fact
    words: str  #: the relation as read from the thing before: 'is led by'
    thing: Thing  #: where the link leads
    owns: bool = False  #: the link leads to somebody who answers for the thing before it
    via: Thing | None = None  #: the broader or narrower issue that it is about, if not the one asked for
    plan: str = ""  #: the label of the plan in which it stands, for commitments that are not in force
    steps: tuple[Step, ...] = ()

    @property
    def owners(self) -> tuple[Step, ...]:
        """The links that follow to somebody who answers for this thing."""
        return tuple(s for s in self.steps if s.owns)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Documents that name different leaders for one thing."""

    thing: Thing
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """How far the golden thread of a thing carries in one partnership, and where it stops."""

    thing: Thing
    partnership: str  #: id
    partnership_label: str
    plan: Thing | None  #: the plan that counts
    steps: tuple[Step, ...] = ()
    earlier: tuple[Step, ...] = ()  #: commitments of other plans than the one that counts
    narrower: tuple[Step, ...] = ()  #: commitments to something narrower than the issue asked for
    conflicts: tuple[Conflict, ...] = ()
    possible: tuple[
        Fact, ...
    ] = ()  #: what is only suggested of the thing, and of who answers for its commitments that have no owner
    state: State = "not stated"
    stops_at: tuple[Thing, ...] = ()  #: where it breaks
    sentence: str = ""  #: the finding

    @property
    def commitments(self) -> tuple[Step, ...]:
        """The links to what addresses the issue asked for, or to what stands in the plan asked for."""
        return tuple(s for s in self.steps if s.thing.type in COMMITMENTS and not s.owns and s.fact.subject == s.thing)

    @property
    def owners(self) -> tuple[Step, ...]:
        """The links to those who answer for the thing itself."""
        return tuple(s for s in self.steps if s.owns)


def conflicts_in(found: Iterable[Fact]) -> tuple[Conflict, ...]:
    """Return the things for which one document names a leader, and another names only others."""
    leaders: dict[Thing, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    leading = sorted({f for f in found if f.predicate == "leads"}, key=lambda f: (f.object, f.subject))
    for fact in leading:
        for words in fact.evidence:
            leaders[fact.object][words.document].add(fact.subject.id)
    return tuple(
        Conflict(thing, tuple(f for f in leading if f.object == thing))
        for thing, by_document in leaders.items()
        if any(one - other for one in by_document.values() for other in by_document.values())
    )


def concluded(thread: Thread, ontology: Ontology) -> Thread:
    """Return the thread with its state and its finding."""
    judge = {
        "Issue": _of_issue,
        "Plan": _of_plan,
        "Subgroup": _of_group,
        "Priority": _of_commitment,
        "Action": _of_commitment,
    }
    state, stops_at, sentence = judge.get(thread.thing.type, _of_other)(thread, ontology)
    told = [sentence, *(conflict_sentence(c, ontology) for c in thread.conflicts), _to_check(thread, state, ontology)]
    return replace(thread, state=state, stops_at=stops_at, sentence=" ".join(filter(None, told)))


def _to_check(thread: Thread, state: State, ontology: Ontology) -> str:
    """What is only suggested and may mend a broken thread: who answers for something, what addresses an issue."""
    mending = {"addresses", "chairs", *(name for name, _ in ontology.narrower_relations("owns"))}
    told = [fact.sentence(ontology) for fact in thread.possible if fact.predicate in mending]
    return "" if state == "whole" or not told else f"Possible, to check: {listed(list(dict.fromkeys(told)), 3)}."


_Finding: TypeAlias = tuple[State, tuple[Thing, ...], str]


def _of_issue(thread: Thread, ontology: Ontology) -> _Finding:
    issue, found = thread.thing, thread.commitments
    direct = f" {_owners(thread.owners, ontology, named=True)} it directly." if thread.owners else ""
    owned = [s for s in found if _reach(s)]
    unowned = [s for s in found if not _reach(s)]
    if owned:
        through = "; ".join(_carried(s, ontology) for s in owned[:3])
        rest = f"; and {len(owned) - 3} more" if len(owned) > 3 else ""
        silent = f" These documents do not say who leads or delivers {_names(unowned, ontology)}." if unowned else ""
        return "whole", (), f'The thread from "{issue.label}" carries through {through}{rest}.{silent}{direct}'
    if unowned:
        them = "it" if len(unowned) == 1 else "them"
        stop = f"these documents do not say who leads or delivers {them}"
        at = f'The thread from "{issue.label}" stops at {_names(unowned, ontology)}: {stop}.'
        return "broken", tuple(s.thing for s in unowned), at + direct
    return _unaddressed(thread, ontology, direct)


def _unaddressed(thread: Thread, ontology: Ontology, direct: str) -> _Finding:
    issue = thread.thing
    part = _listed_with_issue(thread.narrower)
    below = f" Only something narrower is addressed: {part}." if part else ""
    past = listed([f'"{s.thing.label}" ({s.plan})' for s in thread.earlier])
    before = f" Other plans than the one in force address it: {past}." if past else ""
    if thread.plan is None:
        silent = f'These documents name no priority in force, so whether "{issue.label}" is covered is not stated.'
        if not thread.steps and not past and not part and not thread.possible:
            silent = f'These documents do not speak of "{issue.label}".'
        return "not stated", (), silent + below + before + direct
    stop = f"no priority or action of {called(ontology, thread.plan)} is said to address it or anything broader"
    return "broken", (issue,), f'The thread stops at "{issue.label}": {stop}.{below}{before}{direct}'


def _of_commitment(thread: Thread, ontology: Ontology) -> _Finding:
    name = called(ontology, thread.thing)
    if thread.owners:
        return "whole", (), f"{_capital(_owners(thread.owners, ontology, named=True))} {name}."
    above = [
        s
        for s in thread.steps
        if s.fact.predicate in ("part_of", "stands_in") and s.fact.subject == thread.thing and s.owners
    ]
    below = [s for s in thread.commitments if s.owners]
    more = "".join(f" It stands under {called(ontology, s.thing)}, which {_owners(s.owners, ontology)}." for s in above)
    if below:
        more += f" Under it, somebody leads {_names(below, ontology)}."
    return (
        "broken",
        (thread.thing,),
        f"The thread stops at {name}: these documents do not say who leads or delivers it.{more}",
    )


def _of_plan(thread: Thread, ontology: Ontology) -> _Finding:
    priorities = [s for s in thread.commitments if s.thing.type == "Priority"]
    silent = [s for s in priorities if not s.owners]
    name = called(ontology, thread.thing)
    if not priorities:
        return "not stated", (), f"These documents state no priority of {name}."
    if silent:
        have = "has" if len(silent) == 1 else "have"
        many = f"{len(silent)} of {counted(len(priorities), 'priority', 'priorities')} of {name} {have} nobody who"
        return "broken", tuple(s.thing for s in silent), f"{many} leads or delivers: {_names(silent, ontology)}."
    return (
        "whole",
        (),
        f"Somebody leads or delivers each of the {counted(len(priorities), 'priority', 'priorities')} of {name}.",
    )


def _of_group(thread: Thread, ontology: Ontology) -> _Finding:
    name = called(ontology, thread.thing)
    heads = [s for s in thread.steps if s.fact.object == thread.thing and s.fact.predicate in ("chairs", "leads")]
    work = [s for s in thread.steps if s.fact.subject == thread.thing and s.fact.object.type in (*COMMITMENTS, "Issue")]
    does = listed([f"{s.words} {called(ontology, s.thing)}" for s in work])
    tail = f" It {does}." if does else " These documents do not say what it delivers or leads."
    if heads:
        who = listed(sorted({f"{s.thing.label} {s.fact.words(ontology, s.thing.id)}" for s in heads}))
        return ("whole" if does else "broken"), (() if does else (thread.thing,)), f"{who} {name}.{tail}"
    return (
        "broken",
        (thread.thing,),
        f"The thread stops at {name}: these documents do not say who chairs or leads it.{tail}",
    )


def _of_other(thread: Thread, ontology: Ontology) -> _Finding:
    said = listed(list(dict.fromkeys(f"{s.words} {called(ontology, s.thing)}" for s in thread.steps)))
    if not said:
        return "not stated", (), f"These documents state nothing of {called(ontology, thread.thing)}."
    return "whole", (), f"{thread.thing.label} {said}."


def _reach(step: Step) -> tuple[Step, ...]:
    """The links by which somebody answers for a commitment, or for the priority under which it stands."""
    above = [s for s in step.steps if s.fact.predicate in ("part_of", "stands_in") and s.thing.type in COMMITMENTS]
    return step.owners or tuple(owner for s in above for owner in s.owners)


def _carried(step: Step, ontology: Ontology) -> str:
    name = called(ontology, step.thing)
    wider = f', which addresses the broader "{step.via.label}",' if step.via else ""
    if step.owners:
        return f"{name}{wider} to {_people(step.owners)}"
    above = next(s for s in step.steps if s.fact.predicate in ("part_of", "stands_in") and s.owners)
    return f"{name}{wider} and {called(ontology, above.thing)}, under which it stands, to {_people(above.owners)}"


def _people(owners: Iterable[Step]) -> str:
    by_name: dict[str, list[str]] = defaultdict(list)
    for step in owners:
        by_name[step.thing.label].append(step.fact.predicate)
    return listed([f"{name} ({' and '.join(sorted(set(how)))})" for name, how in by_name.items()])


def _owners(owners: Iterable[Step], ontology: Ontology, *, named: bool = False) -> str:
    """Say who answers: 'A leads and B delivers' when `named`, else 'is led by A and is delivered by B'."""
    if named:
        by_how: dict[str, list[str]] = defaultdict(list)
        for step in owners:
            by_how[step.fact.predicate].append(step.thing.label)
        return listed(
            [f"{listed(who)} {_verb(how, who, ontology)}" for how, who in sorted(by_how.items(), reverse=True)]
        )
    return listed([f"{s.words} {s.thing.label}" for s in owners])


def _verb(predicate: str, who: list[str], ontology: Ontology) -> str:
    label = ontology.relations[predicate].label
    return label if len(who) == 1 else label.removesuffix("s")


def _names(steps: Iterable[Step], ontology: Ontology) -> str:
    return listed(list(dict.fromkeys(called(ontology, s.thing) for s in steps)))


def _listed_with_issue(steps: Iterable[Step]) -> str:
    return listed(list(dict.fromkeys(f'"{s.via.label}" (by "{s.thing.label}")' for s in steps if s.via)))


def conflict_sentence(conflict: Conflict, ontology: Ontology) -> str:
    """Return a sentence on who is named by which document."""
    who = listed([
        f"{f.subject.label} ({listed(sorted({e.document.removeprefix('document/') for e in f.evidence}))})"
        for f in conflict.facts
    ])  # fmt: skip
    return f"The documents differ on who leads {called(ontology, conflict.thing)}: {who}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
