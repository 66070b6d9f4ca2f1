"""The plan in force: which plans count on a day, and which priorities and actions stand in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..graph import Store
from ..graph.dates import first_day
from ..graph.store import Handle, Parameters
from ..ontology import GoldenthreadError, Ontology
from .facts import Thing, type_names
from .named import named


class DateError(GoldenthreadError):
    """A day was asked about that is none."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A priority or action that stands in a plan."""

    handle: Handle  #: in the engine
    id: str
    label: str
    type: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan and its period, whole years, both included."""

    handle: Handle  #: in the engine
    id: str
    label: str
    starts: int | None
    ends: int | None  #: None when the plan does not say; it is then taken not to end

    def covers(self, year: int) -> bool:
        """Say whether the plan is in force in `year`; one without a period never is."""
        return self.starts is not None and self.starts <= year and (self.ends is None or year <= self.ends)


@dataclass(frozen=True, slots=True)
class InForce:
    """What is in force in one partnership on one day."""

    plans: tuple[Plan, ...] = ()
    commitments: tuple[Commitment, ...] = ()  #: the priorities and actions of these plans, by id
    former: tuple[Commitment, ...] = ()  #: the priorities of earlier plans, by id
    on: str | None = None  #: the day asked about; None for the newest plan

    @property
    def why_nothing(self) -> str:
        """Why no priority is in force, in words; empty when one is."""
        if any(c.type == "Priority" for c in self.commitments):
            return ""
        if self.plans:
            return "no priority of the plan in force is in these documents"
        return f"no plan in these documents is in force on {self.on}" if self.on else "no plan is in these documents"


def plan_in_force(store: Store, ontology: Ontology, partnership: str, on: str | None = None) -> InForce:
    """Return what is in force in a partnership, by its id.

    Plans in which no priority stands count only when there is no other: they are spoken of, not loaded. Without a day the
    newest plan is in force (latest start, then latest end, then first id), or every plan when none has a period.

    Args:
        store: where to look.
        ontology: what the numbers in the store mean.
        partnership: id.
        on: an ISO date, or a year; None for the newest plan.

    Raises:
        DateError: `on` is no date.

    """
    plans = _plans(store, ontology, partnership)[partnership]
    chosen = _chosen(plans, on)
    first = min((plan.starts for plan in chosen if plan.starts is not None), default=None)
    earlier = [plan for plan in plans if plan.starts is not None and first is not None and plan.starts < first]
    commitments, former = _commitments(store, ontology, [chosen, earlier])
    return InForce(tuple(chosen), commitments, tuple(c for c in former if commitments and c.type == "Priority"), on)


def plans_in_force(store: Store, ontology: Ontology, partnership: str | None, on: str | None = None) -> dict[str, list[Thing]]:
    """Return the plans in force in each partnership, by its id; none when a day is asked about on which none was.

    Args:
        store: where to look.
        ontology: what the numbers in the store mean.
        partnership: id of the only one that is asked about; None for all.
        on: an ISO date, or a year; None for the newest plan.

    Raises:
        DateError: `on` is no date.

    """
    found = _plans(store, ontology, partnership)
    return defaultdict(
        list, {key: [Thing(plan.id, "Plan", plan.label, key) for plan in _chosen(plans, on)] for key, plans in found.items()}
    )


def _parameters(ontology: Ontology) -> Parameters:
    """The parameters that the queries of this module share."""
    return {
        "part_of": ontology.relations["part_of"].number,
        "stands_in": ontology.relations["stands_in"].number,
        **{name.lower(): ontology.classes[name].number for name in ("Plan", "Priority", "Action")},
    }


def _plans(store: Store, ontology: Ontology, partnership: str | None) -> dict[str, list[Plan]]:
    """For each partnership the plans in which some priority stands, or all when there is none such."""
    all_: dict[str, list[Plan]] = defaultdict(list)
    held: dict[str, list[Plan]] = defaultdict(list)
    for key, *columns, holds in store.rows(named("plan_periods", store.language), {**_parameters(ontology), "partnership": partnership}):
        plan = Plan(*columns)
        all_[key].append(plan)
        if holds:
            held[key].append(plan)
    return defaultdict(list, all_ | held)


def _chosen(plans: Sequence[Plan], on: str | None) -> list[Plan]:
    if on is not None:
        day = first_day(on)
        if day is None:
            raise DateError(f"'{on}' is not a date. Write it like 2024-05-31.")
        return [plan for plan in plans if plan.covers(day.year)]
    dated = [plan for plan in plans if plan.starts is not None]
    newest = max(dated, key=lambda plan: (plan.starts or 0, plan.ends or 0), default=None)  # the first of equals
    return list(plans) if newest is None else [newest]


def _commitments(store: Store, ontology: Ontology, plans: Sequence[Sequence[Plan]]) -> list[tuple[Commitment, ...]]:
    """Return what stands in each of several groups of plans."""
    types = type_names(ontology)
    query, given = named("plan_commitments", store.language), _parameters(ontology)
    answers = store.rows_of_each([(query, {**given, "plans": [plan.handle for plan in group]}) for group in plans])
    return [tuple(Commitment(handle, key, label, types[type_]) for handle, key, label, type_ in rows) for rows in answers]
