"""A gap rule compiled for an engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: The classes whose things belong to no partnership.
SHARED = ("Duty", "Issue")


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule as queries.

    Each takes `parameters`, and `partnership`, `itself`, `in_force`, `priorities` and `former`; the last two also
    `focus`.

    `partnership` is how the engine knows the partnership, `itself` how it knows that one's own entity (in SQL 0 when no
    document names it), `in_force`, the `priorities` among these, and `former` are lists of things, and `focus` is a
    list of those that have the gap.
    """

    #: Rows ('checked', 0 or 1), ('all', how many things the rule is aimed at) and (number of the shape, thing with the
    #: gap). Shape 0 is the rule itself, the others are its property shapes in turn.
    gaps: str
    parameters: Mapping[str, int | str] = field(hash=False)
    names: str | None = None  #: rows (thing, value, the value's label) for {names}
    evidence: str | None = None  #: rows (thing, document, start, end, quote, cue, probability)
    #: Queries to be run before, in this order, each with the name of the parameter that it makes for those after it and
    #: for the others. Its rows are pairs of values; the parameter maps each left one to all that can be reached from
    #: it, itself included.
    closures: tuple[tuple[str, str], ...] = ()
    #: Queries to be run before, each with the name of the parameter that lists its values; the same name means the same
    #: query in every rule, so it is asked once for all.
    lists: tuple[tuple[str, str], ...] = ()
