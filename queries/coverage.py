"""Which issues the plan in force covers: priorities by issues, in each partnership."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..graph import Store
from ..ontology import Ontology
from .facts import Thing, owning, type_names
from .named import named
from .plans import plans_in_force
from .wording import counted

Covered: TypeAlias = Literal["covered", "partly", "uncovered", "not stated"]
STATES: tuple[Covered, ...] = ("uncovered", "partly", "covered", "not stated")


@dataclass(frozen=True, slots=True)
class IssueCoverage:
    """The state of one issue in one partnership."""

    issue: Thing
    partnership: str  #: id
    state: Covered
    raised: tuple[tuple[str, int], ...]  #: (stance, how many sources), for those stances that occur
    priorities: tuple[Thing, ...]  #: those in force that address it
    broader: tuple[tuple[Thing, str], ...]  #: those that address something broader, and the label of that
    narrower: tuple[tuple[Thing, str], ...]  #: those that address something narrower, and the label of that
    whole: bool  #: somebody leads or delivers a priority that covers it, or what that stands under

    @property
    def times(self) -> int:
        """How many sources raise it, in any stance."""
        return sum(count for _, count in self.raised)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The states of the issues of one partnership."""

    partnership: str
    partnership_label: str
    plan: str | None  #: id of the plan that counts
    finding: str
    issues: tuple[IssueCoverage, ...]  #: the uncovered first, the most raised first
    priorities: tuple[Thing, ...]  #: all priorities in force, by label


def coverage(store: Store, ontology: Ontology, partnership: str, on: str | None = None) -> Coverage:
    """Return the state of each issue that is raised or addressed in a partnership.

    Args:
        store: where to look.
        ontology: what is broader than what.
        partnership: id.
        on: ISO date on which the plan must be in force; the newest plan when left out.

    """
    label = dict(store.partnerships()).get(partnership, partnership)
    return _coverages(store, ontology, [(partnership, label)], plans_in_force(store, ontology, partnership, on))[0]


def coverages(store: Store, ontology: Ontology, on: str | None = None) -> list[Coverage]:
    """Return the coverage of every partnership, sorted by id."""
    return _coverages(store, ontology, store.partnerships(), plans_in_force(store, ontology, None, on))


def _coverages(
    store: Store, ontology: Ontology, partnerships: Sequence[tuple[str, str]], plans: Mapping[str, Sequence[Thing]]
) -> list[Coverage]:
    raised = _raised(store, ontology, [key for key, _ in partnerships])
    addressed = _addressed(store, ontology, [plan.id for found in plans.values() for plan in found])
    return [
        _coverage(
            ontology, key, label, next((plan.id for plan in plans[key]), None), raised.get(key, {}),
            addressed.get(key, _Addressed({}, {}, set())),
        )
        for key, label in partnerships
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Addressed:
    """What the priorities in force of one partnership address."""

    issues: dict[str, Thing]
    priorities: dict[Thing, set[str]]  #: the ids of the issues that each addresses
    owned: set[Thing]  #: those for which somebody answers

    def by_issue(self) -> dict[str, list[Thing]]:
        found: dict[str, list[Thing]] = defaultdict(list)
        for priority in sorted(self.priorities, key=lambda t: (t.label, t.id)):
            for issue in sorted(self.priorities[priority]):
                found[issue].append(priority)
        return found


_Raised: TypeAlias = Mapping[Thing, dict[str, int]]


def _raised(store: Store, ontology: Ontology, partnerships: Sequence[str]) -> dict[str, dict[Thing, dict[str, int]]]:
    stances = {number: name for name, number in ontology.stances.items()}
    found: dict[str, dict[Thing, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for key, id_, label, stance, count in store.rows(
        named("coverage_raised", store.language),
        {"partnerships": list(partnerships), "raises": ontology.relations["raises"].number},
    ):
        found[key][Thing(id_, "Issue", label)][stances.get(stance, "reported")] = count
    return found


def _addressed(store: Store, ontology: Ontology, plans: Sequence[str]) -> dict[str, _Addressed]:
    found: dict[str, _Addressed] = defaultdict(lambda: _Addressed({}, defaultdict(set), set()))
    relations = ontology.relations
    types = type_names(ontology)
    for key, _, id_, type_, label, scope, issue, issue_label, owned in store.rows(
        named("coverage_addressed", store.language),
        {
            "plans": sorted(plans),
            "predicates": [relations[name].number for name in owning(ontology)],
            "part_of": relations["part_of"].number,
            "stands_in": relations["stands_in"].number,
            "addresses": relations["addresses"].number,
            "priority": ontology.classes["Priority"].number,
            "action": ontology.classes["Action"].number,
        },
    ):
        priority = Thing(id_, types[type_], label, scope)
        here = found[key]
        issues = here.priorities[priority]
        if issue:
            issues.add(issue)
            here.issues[issue] = Thing(issue, "Issue", issue_label)
        if owned:
            here.owned.add(priority)
    return found


def _coverage(
    ontology: Ontology, key: str, label: str, plan: str | None, raised: _Raised, addressed: _Addressed
) -> Coverage:
    by_issue = addressed.by_issue()
    listed = {t.id: t for t in raised} | addressed.issues
    items = [_issue(ontology, key, listed[id_], raised, addressed, by_issue) for id_ in sorted(listed)]
    items.sort(key=lambda i: (STATES.index(i.state), -i.times, i.issue.label, i.issue.id))
    priorities = tuple(sorted((t for t in addressed.priorities if t.type == "Priority"), key=lambda t: (t.label, t.id)))
    return Coverage(key, label, plan, _finding(items, bool(priorities)), tuple(items), priorities)


def _issue(
    ontology: Ontology,
    partnership: str,
    issue: Thing,
    raised: _Raised,
    addressed: _Addressed,
    by_issue: Mapping[str, list[Thing]],
) -> IssueCoverage:
    name = issue.id.removeprefix("issue/")
    above = {f"issue/{n}" for n in ontology.ancestors.get(name, {})} - {issue.id}
    direct = by_issue.get(issue.id, [])
    broader = [(p, addressed.issues[i].label) for i in sorted(above & by_issue.keys()) for p in by_issue[i]]
    narrower = [
        (p, addressed.issues[i].label)
        for i in sorted(by_issue)
        if i != issue.id and name in ontology.ancestors.get(i.removeprefix("issue/"), {})
        for p in by_issue[i]
    ]
    state: Covered = "not stated"
    if addressed.priorities:
        state = "covered" if direct or broader else "partly" if narrower else "uncovered"
    return IssueCoverage(
        issue, partnership, state, tuple(sorted(raised.get(issue, {}).items())), tuple(direct), tuple(broader),
        tuple(narrower), any(p in addressed.owned for p in (*direct, *(p for p, _ in broader))),
    )  # fmt: skip


def _finding(items: Sequence[IssueCoverage], stated: bool) -> str:
    issues = counted(len(items), "issue", "issues")
    if not items:
        return "No issue was found in these documents that anybody raises or a priority addresses."
    if not stated:
        return f"These documents name no priority in force, so whether the {issues} are covered is not stated."
    count = Counter(item.state for item in items)
    text = f"{count['uncovered']:,} of {issues} {_have(count['uncovered'])} no priority"
    if count["partly"]:
        text += f"; {count['partly']:,} {_have(count['partly'])} one for a part of it only"
    stopped = sum(item.state == "covered" and not item.whole for item in items)
    if stopped:
        text += f"; {stopped:,} {_have(stopped)} one that nobody leads or delivers"
    return text + "."


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
