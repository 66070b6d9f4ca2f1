"""The plan in force: which plans count on a day, and which priorities and actions stand in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..graph import Store
from ..graph.dates import first_day
from ..graph.store import SUGGESTED, Handle, Parameters, Row
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
    """Return what is in force in a partnership, by its id; see `in_force`."""
    periods, standing = store.rows_of_each(plan_queries(store, ontology, partnership))
    return in_force(periods, standing, ontology, on)[partnership]


def plan_queries(
    store: Store, ontology: Ontology, partnership: str | None, *, suggested: bool = False
) -> list[tuple[str, Parameters]]:
    """Return the two queries whose answers `in_force` needs, for a partnership (by id) or for all."""
    given = {**_parameters(ontology, suggested=suggested), "partnership": partnership}
    return [(named(query, store.language), given) for query in ("plan_periods", "plan_commitments")]


def in_force(
    periods: Iterable[Row],
    standing: Iterable[Row],
    ontology: Ontology,
    on: str | None = None,
    *,
    spoken_of: Iterable[Row] = (),
) -> Mapping[str, InForce]:
    """Return what is in force in each partnership, by its id.

    Plans in which no priority stands count only when there is no other: they are spoken of, not loaded. Without a day
    the newest plan is in force (latest start, then latest end, then first id), or every plan when none has a period.

    Args:
        periods: the plans, as the first of `plan_queries` answers.
        standing: the answer to the second query: what the plans hold.
        ontology: what the numbers in the store mean.
        on: an ISO date, or a year; None for the newest plan.
        spoken_of: the plans again, with what is suggested to stand in them: they count where no plan has a priority for
            sure.

    Raises:
        DateError: `on` is no date.

    """
    types = type_names(ontology)
    held: dict[str, list[Commitment]] = defaultdict(list)
    for plan, handle, key, label, type_ in standing:
        held[plan].append(Commitment(handle, key, label, types[type_]))
    found = {key: _in_force(plans, held, on) for key, plans in _counting(periods, spoken_of).items()}
    return defaultdict(lambda: _in_force([], held, on), found)


def _in_force(plans: Sequence[Plan], held: Mapping[str, Sequence[Commitment]], on: str | None) -> InForce:
    chosen = _chosen(plans, on)
    first = min((plan.starts for plan in chosen if plan.starts is not None), default=None)
    earlier = [plan for plan in plans if plan.starts is not None and first is not None and plan.starts < first]
    commitments, former = (_standing_in(some, held) for some in (chosen, earlier))
    return InForce(tuple(chosen), commitments, tuple(c for c in former if commitments and c.type == "Priority"), on)


def _standing_in(plans: Sequence[Plan], held: Mapping[str, Sequence[Commitment]]) -> tuple[Commitment, ...]:
    """What stands in any of several plans, by id, each once."""
    return tuple(sorted({c for plan in plans for c in held.get(plan.id, ())}, key=lambda c: c.id))


def plans_in_force(
    store: Store, ontology: Ontology, partnership: str | None, on: str | None = None
) -> dict[str, list[Thing]]:
    """Return the plans in force in each partnership, by its id; none when a day is asked about on which none was.

    Args:
        store: where to look.
        ontology: what the numbers in the store mean.
        partnership: id of the only one that is asked about; None for all.
        on: an ISO date, or a year; None for the newest plan.

    Raises:
        DateError: `on` is no date.

    """
    found = _counting(
        store.rows(named("plan_periods", store.language), {**_parameters(ontology), "partnership": partnership})
    )
    return defaultdict(
        list,
        {key: [Thing(plan.id, "Plan", plan.label, key) for plan in _chosen(plans, on)] for key, plans in found.items()},
    )


def _parameters(ontology: Ontology, *, suggested: bool = False) -> Parameters:
    """The parameters that the queries of this module share."""
    numbers = [ontology.relations[name].number for name in ("part_of", "stands_in")]
    return {
        "predicates": [*numbers, *(SUGGESTED * number for number in numbers if suggested)],
        **{name.lower(): ontology.classes[name].number for name in ("Plan", "Priority", "Action")},
    }


def _counting(periods: Iterable[Row], spoken_of: Iterable[Row] = ()) -> dict[str, list[Plan]]:
    """For each partnership the plans that hold a priority, for sure or as suggested; all plans when none does."""
    all_: dict[str, list[Plan]] = defaultdict(list)
    held: dict[str, list[Plan]] = defaultdict(list)
    suggested: dict[str, list[Plan]] = defaultdict(list)
    for rows, found in ((periods, held), (spoken_of, suggested)):
        for key, *columns, holds in rows:
            if found is held:
                all_[key].append(Plan(*columns))
            if holds:
                found[key].append(Plan(*columns))
    return all_ | suggested | held


def _chosen(plans: Sequence[Plan], on: str | None) -> list[Plan]:
    if on is not None:
        day = first_day(on)
        if day is None:
            raise DateError(f"'{on}' is not a date. Write it like 2024-05-31.")
        return [plan for plan in plans if plan.covers(day.year)]
    dated = [plan for plan in plans if plan.starts is not None]
    newest = max(dated, key=lambda plan: (plan.starts or 0, plan.ends or 0), default=None)  # the first of equals
    return list(plans) if newest is None else [newest]
