"""The golden thread of one thing: from what is raised, through what the plan commits to, to who must act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ..graph import Store
from ..ontology import Ontology
from .facts import Fact, Thing, facts, owning, partnerships_of, thing
from .named import named
from .names import resolve
from .plans import plans_in_force
from .thread import COMMITMENTS, Step, Thread, concluded, conflicts_in
from .wording import listed

#: How many links a thread is followed towards its owners: action, priority, group, board, partnership.
DEPTH = 5
#: The relations by which a thing stands in another.
_WITHIN = ("part_of", "stands_in")
#: The classes from which a thread goes on towards owners.
_GOES_ON = frozenset({*COMMITMENTS, "Subgroup", "Partnership"})
#: The order in which links are told: from what is raised to who must act.
_WAY = (
    "raises", "requests", "about", "addresses", "leads", "delivers", "chairs", "supports", "stands_in", "part_of",
    "member_of", "renames",
)  # fmt: skip


def threads(
    store: Store, ontology: Ontology, entity: str, on: str | None = None, partnership: str | None = None
) -> list[Thread]:
    """Return the thread of an entity in each partnership whose documents speak of it, or in one, sorted by partnership.

    Where they do not speak of an issue, but a priority in force addresses something broader, there is a thread too.

    Raises:
        UnknownThingError: the store has no such entity.

    """
    start = thing(store, ontology, entity)
    speaking = {k: v for k, v in partnerships_of(store, start) if partnership in (None, k)}
    found = [_Weaver(store, ontology, key, label, on).weave(start) for key, label in speaking.items()]
    above = ontology.ancestors.get(entity.removeprefix("issue/"), {}) if start.type == "Issue" else {}
    wider = {
        k: v
        for name, steps in above.items()
        if steps
        for k, v in partnerships_of(store, Thing(f"issue/{name}", "Issue", name))
    }
    covered = [
        _Weaver(store, ontology, key, label, on).weave(start)
        for key, label in wider.items()
        if key not in speaking and partnership in (None, key)
    ]
    return sorted(found + [t for t in covered if t.commitments], key=lambda t: t.partnership)


def owners(
    store: Store, ontology: Ontology, entity: str, partnership: str | None = None, on: str | None = None
) -> Thread:
    """Return the thread of an entity in one partnership.

    Args:
        store: where to look.
        ontology: what may be there.
        entity: id.
        partnership: id; may be left out for what belongs to one, and for a store that holds but one.
        on: ISO date on which the plan must be in force; the newest plan when left out.

    Raises:
        UnknownThingError: the store has no such entity.

    """
    start = thing(store, ontology, entity)
    key = partnership or start.partnership or next((key for key, _ in store.partnerships()), "")
    label = next(
        (label for _, label in store.rows(named("partnership_called", store.language), {"partnership": key})), key
    )
    return _Weaver(store, ontology, key, label, on).weave(start)


@dataclass(frozen=True, slots=True)
class Named:
    """The threads of all that a name means, in each partnership that speaks of it."""

    name: str
    threads: tuple[Thread, ...]
    suggestions: tuple[str, ...] = ()

    @property
    def finding(self) -> str:
        """What was found, in a sentence; with several threads, one for each."""
        if not self.threads:
            like = f" Did you mean {listed([f'“{s}”' for s in self.suggestions[:4]])}?" if self.suggestions else ""
            return f"Not stated: these documents do not speak of “{self.name}”.{like}"
        several = len({t.partnership for t in self.threads}) > 1
        return " ".join(f"{t.partnership_label}: {t.sentence}" if several else t.sentence for t in self.threads)


def owners_of_name(
    store: Store, ontology: Ontology, name: str, partnership: str | None = None, on: str | None = None
) -> Named:
    """Return the threads of what a person calls `name`; misspelt names get suggestions, never a guess.

    Args:
        store: where to look.
        ontology: its vocabulary.
        name: of an issue, priority, action, group or anything else.
        partnership: id of the one that is asked about; all when left out.
        on: ISO date on which the plan must be in force; the newest plan when left out.

    """
    found = resolve(store, ontology, name, partnership=partnership)
    woven = [thread for thing_ in found.found for thread in threads(store, ontology, thing_.id, on, partnership)]
    spoken = [t for t in woven if t.steps or t.earlier or t.narrower or t.possible or t.thing.partnership]
    return Named(name, tuple(spoken or woven), found.suggestions)


_Said: TypeAlias = Mapping[str, list[Fact]]


@dataclass
class _Weaver:
    """Follows one thread through one partnership's statements."""

    store: Store
    ontology: Ontology
    partnership: str
    label: str
    on: str | None
    plans: list[Thing] = field(init=False)
    owning: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.owning = owning(self.ontology)
        self.plans = plans_in_force(self.store, self.ontology, self.partnership, self.on)[self.partnership]

    def weave(self, start: Thing) -> Thread:
        said = self._facts(subjects=[start.id], objects=[start.id])
        if start.type == "Issue":
            return self._of_issue(start, said)
        onward = [f.subject for f in said if f.object.id == start.id and f.predicate in _WITHIN]
        known = self._towards_owners([start, *(t for t in onward if t.type in COMMITMENTS)])
        held = [f.object.id for f in said if f.subject.id == start.id and f.predicate in self.owning]
        addressed: dict[str, list[Fact]] = defaultdict(list)
        for fact in self._facts(subjects=held, predicates=["addresses"]):
            addressed[fact.subject.id].append(fact)
        steps = [
            self._step(
                f, start, addressed if f.subject.id == start.id and f.predicate in self.owning else known, {start.id}
            )
            for f in said
        ]
        return self._thread(start, self._ordered(steps))

    def _of_issue(self, issue: Thing, said: list[Fact]) -> Thread:
        wider, narrower = self._issues_around(issue.id)
        addressed = self._facts(objects=[*wider, *narrower], predicates=["addresses"])
        places = self._plans_of({f.subject.id for f in addressed})
        known = self._towards_owners([f.subject for f in addressed if f.object.id not in narrower])
        steps = [self._step(f, issue, known, {issue.id}) for f in said if f.predicate != "addresses"]
        apart: dict[str, list[Step]] = {"now": steps, "earlier": [], "narrower": []}
        for fact in addressed:
            step = self._step(fact, issue, known, {issue.id})
            step = replace(step, via=fact.object if fact.object.id != issue.id else None)
            plans = places.get(fact.subject.id, {})
            if not self._in_force(plans):
                # What an earlier plan did about something narrower says nothing of this issue now.
                if fact.object.id not in narrower:
                    apart["earlier"].append(replace(step, plan=listed(sorted(plans.values()))))
            else:
                apart["narrower" if fact.object.id in narrower else "now"].append(step)
        if not any(step.fact.predicate == "addresses" for step in apart["now"]):
            # A plan that is spoken of, but of which nothing is loaded, leaves no issue out.
            held = {
                f.object.id
                for f in self._facts(objects=[p.id for p in self.plans], predicates=_WITHIN)
                if f.subject.type in COMMITMENTS
            }
            self.plans = [plan for plan in self.plans if plan.id in held]
        now, earlier, below = (tuple(self._ordered(s)) for s in apart.values())
        return self._thread(issue, now, earlier, below)

    def _thread(
        self, start: Thing, steps: Iterable[Step], earlier: Iterable[Step] = (), narrower: Iterable[Step] = ()
    ) -> Thread:
        now = tuple(steps)
        conflicts = conflicts_in(_all_facts(now))
        thread = Thread(
            start, self.partnership, self.label, self.plans[0] if self.plans else None, now, tuple(earlier),
            tuple(narrower), conflicts, self._possible(start, now),
        )  # fmt: skip
        return concluded(thread, self.ontology)

    def _possible(self, start: Thing, steps: Iterable[Step]) -> tuple[Fact, ...]:
        """What is only suggested of a thing, and of who answers for its commitments that have no owner."""
        bare = {s.thing.id for s in steps if s.thing.type in COMMITMENTS and s.fact.subject == s.thing and not s.owners}
        found = facts(
            self.store,
            self.ontology,
            [self.partnership],
            subjects=[start.id],
            objects=sorted({start.id, *bare}),
            suggested=True,
        )
        wanted = [f for f in found if start.id in (f.subject.id, f.object.id) or f.predicate in self.owning]
        return tuple(
            sorted(wanted, key=lambda f: (f.predicate not in self.owning, -max(e.probability for e in f.evidence)))
        )

    def _issues_around(self, issue: str) -> tuple[dict[str, int], set[str]]:
        """Return the issue with all that is broader, by steps up; and all that is narrower."""
        name = issue.removeprefix("issue/")
        ancestors = self.ontology.ancestors
        wider = {f"issue/{above}": steps for above, steps in ancestors.get(name, {name: 0}).items()}
        return wider, {f"issue/{below}" for below, above in ancestors.items() if name in above and below != name}

    def _in_force(self, plans: Mapping[str, str]) -> bool:
        """Whether what stands in `plans` counts: an action of which no plan is stated cannot be of an earlier one."""
        return not plans or any(plan.id in plans for plan in self.plans)

    def _plans_of(self, things: Collection[str]) -> dict[str, dict[str, str]]:
        """For each priority and action, the ids and labels of the plans in which it stands."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for id_, plan, label, _, _ in self.store.rows(
            named("plans_of", self.store.language),
            {
                "things": sorted(things),
                "partnership": self.partnership,
                "part_of": self.ontology.relations["part_of"].number,
                "stands_in": self.ontology.relations["stands_in"].number,
                "plan": self.ontology.classes["Plan"].number,
            },
        ):
            found[id_][plan] = label
        return found

    def _towards_owners(self, start: Iterable[Thing]) -> _Said:
        """What is said of who answers for each thing, of who answers for those in turn, and so on."""
        known: dict[str, list[Fact]] = {}
        ahead = {t.id for t in start if t.type in _GOES_ON or t.type == "Plan"}
        for _ in range(DEPTH):
            if not ahead:
                break
            known |= {id_: [] for id_ in ahead}
            answering = [*self.owning, "supports", "chairs"]
            for fact in self._facts(ahead, ahead, predicates=answering, predicates_of_subjects=_WITHIN):
                known[fact.object.id if fact.predicate in answering else fact.subject.id].append(fact)
            ends = [fact.other(id_) for id_ in sorted(ahead) for fact in known[id_]]
            ahead = {t.id for t in ends if t.type in _GOES_ON} - known.keys()
        return known

    def _step(self, fact: Fact, before: Thing, known: _Said, path: set[str]) -> Step:
        end = fact.other(before.id) if before.id in (fact.subject.id, fact.object.id) else fact.subject
        following = [f for f in known.get(end.id, ()) if f.other(end.id).id not in path]
        steps = [self._step(f, end, known, path | {end.id}) for f in following]
        owns = end == fact.subject and fact.predicate in self.owning
        # Read from the end before this one, which for a broader issue is not the one asked for.
        seen_from = fact.object.id if end == fact.subject else fact.subject.id
        return Step(fact, fact.words(self.ontology, seen_from), end, owns, steps=tuple(self._ordered(steps)))

    def _ordered(self, steps: Iterable[Step]) -> list[Step]:
        """Sort steps: the thread's way from what is raised to who acts, the best supported first."""
        return sorted(
            steps,
            key=lambda s: (
                _WAY.index(s.fact.predicate) if s.fact.predicate in _WAY else len(_WAY),
                s.via is not None, -len(s.fact.evidence), s.thing.label, s.thing.id, s.fact.stance or "",
            ),
        )  # fmt: skip

    def _facts(
        self, subjects: Iterable[str] = (), objects: Iterable[str] = (),
        *, predicates: Iterable[str] = (), predicates_of_subjects: Iterable[str] = (),
    ) -> list[Fact]:  # fmt: skip
        left, right = list(subjects), list(objects)
        if not left and not right:
            return []
        return facts(
            self.store, self.ontology, [self.partnership],
            subjects=left, objects=right, predicates=predicates, predicates_of_subjects=predicates_of_subjects,
        )  # fmt: skip


def _all_facts(steps: Iterable[Step]) -> Iterator[Fact]:
    for step in steps:
        yield step.fact
        yield from _all_facts(step.steps)
