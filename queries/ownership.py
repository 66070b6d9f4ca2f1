"""Who owns what: for each issue what addresses it in the plan in force, and who leads or delivers that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..graph import Store
from ..ontology import Ontology
from .coverage import Coverage, IssueCoverage, coverage
from .facts import Fact, Thing, facts, owning

_WITHIN = ("part_of", "stands_in")
_COMMITMENTS = ("Priority", "Action")


@dataclass(frozen=True, slots=True)
class Answer:
    """A priority or action that addresses an issue, and who answers for it."""

    thing: Thing
    via: str  #: the broader issue that it is about, where it is not this one
    owners: tuple[Fact, ...]  #: who leads or delivers it, or else what it stands under
    under: Thing | None = None  #: what it stands under, where that is what is led


@dataclass(frozen=True, slots=True)
class Owned:
    """An issue with all that answers it."""

    coverage: IssueCoverage
    answers: tuple[Answer, ...]  #: what addresses it itself first

    @property
    def owners(self) -> tuple[Fact, ...]:
        """Who leads or delivers any of these."""
        return tuple(dict.fromkeys(fact for answer in self.answers for fact in answer.owners))

    @property
    def owner(self) -> str:
        """Whether somebody owns what addresses the issue itself.

        It is not enough to own something broader, where the issue has priorities of its own.
        """
        own = [answer for answer in self.answers if not answer.via] or self.answers
        return (
            "stated"
            if any(answer.owners for answer in own)
            else "only of something broader"
            if self.owners
            else "not stated"
        )

    def to_json(self) -> dict[str, Any]:
        """The same for programs, and for the pages."""
        return {
            "issue": self.coverage.issue.id, "label": self.coverage.issue.label, "state": self.coverage.state,
            "whole": self.coverage.whole, "owner": self.owner, "raised": dict(self.coverage.raised),
            "answers": [
                {
                    "id": a.thing.id, "label": a.thing.label, "type": a.thing.type, "via": a.via,
                    "under": a.under.label if a.under else None,
                    "owners": [
                        {"id": f.subject.id, "label": f.subject.label, "type": f.subject.type, "how": f.predicate}
                        for f in a.owners
                    ],
                }
                for a in self.answers
            ],
            "narrower": [{"id": thing.id, "label": thing.label, "via": via} for thing, via in self.coverage.narrower],
        }  # fmt: skip


def ownership(
    store: Store, ontology: Ontology, partnership: str, on: str | None = None
) -> tuple[Coverage, tuple[Owned, ...]]:
    """Return the coverage of a partnership, and for each of its issues who owns what addresses it.

    Args:
        store: where to look.
        ontology: what is broader than what, and which relations own.
        partnership: id.
        on: ISO date on which the plan must be in force; the newest plan when left out.

    """
    found = coverage(store, ontology, partnership, on)
    things = {thing for issue in found.issues for thing, _ in _answering(issue)}
    above = _above(store, ontology, partnership, things)
    led = sorted({thing.id for thing in things} | {thing.id for wider in above.values() for thing in wider})
    owners: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts(store, ontology, [partnership], objects=led, predicates=owning(ontology)) if led else ():
        owners[fact.object.id].append(fact)
    return found, tuple(
        Owned(issue, tuple(_answer(thing, via, owners, above) for thing, via in _answering(issue)))
        for issue in found.issues
    )


def _answering(issue: IssueCoverage) -> list[tuple[Thing, str]]:
    """What addresses an issue, each once: what is about the issue itself rather than about something broader."""
    found = {thing.id: (thing, "") for thing in issue.priorities}
    for thing, via in issue.broader:
        found.setdefault(thing.id, (thing, via))
    return list(found.values())


def _above(store: Store, ontology: Ontology, partnership: str, things: Iterable[Thing]) -> dict[str, list[Thing]]:
    """For each priority and action the priorities and actions that it stands in."""
    found: dict[str, list[Thing]] = defaultdict(list)
    ids = sorted(thing.id for thing in things)
    for fact in facts(store, ontology, [partnership], subjects=ids, predicates=_WITHIN) if ids else ():
        if fact.object.type in _COMMITMENTS and fact.object not in found[fact.subject.id]:
            found[fact.subject.id].append(fact.object)
    return found


def _answer(thing: Thing, via: str, owners: dict[str, list[Fact]], above: dict[str, list[Thing]]) -> Answer:
    if owners.get(thing.id):
        return Answer(thing, via, tuple(owners[thing.id]))
    under = next((wider for wider in above.get(thing.id, ()) if owners.get(wider.id)), None)
    return Answer(thing, via, tuple(owners[under.id]) if under else (), under)
