"""What is broader than what: the links between issues must come to an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .errors import OntologyError

#: How many levels of issues there may be, and how many pairs of an issue and one above it.
_MOST_LEVELS, _MOST_PAIRS = 100, 2_000_000


def check_broader(broader_of: Mapping[str, Sequence[str]]) -> None:
    """Raise when an issue is broader than itself, or when there are more links than can be worked with.

    Args:
        broader_of: for each issue the next broader ones, all of which are there.

    Raises:
        OntologyError: it is so.

    """
    above: dict[str, frozenset[str]] = {}
    levels: dict[str, int] = {}
    pairs = 0
    for start in broader_of:
        way: dict[str, Iterator[str]] = {} if start in above else {start: iter(broader_of[start])}
        while way:
            concept, ahead = next(reversed(way.items()))
            following = next((name for name in ahead if name not in above), None)
            if following in way:
                raise OntologyError(
                    f"'{following}' is broader than itself. Remove one of the 'broader' links in the circle."
                )
            if following is not None:
                way[following] = iter(broader_of[following])
                if len(way) <= _MOST_LEVELS:
                    continue
            broader = broader_of[concept]
            levels[concept] = 1 + max((levels.get(name, 0) for name in broader), default=0)
            if len(way) > _MOST_LEVELS or levels[concept] > _MOST_LEVELS:
                raise OntologyError(
                    f"Above '{concept}' there are more than {_MOST_LEVELS} levels of broader issues. "
                    "Leave some of the links out."
                )
            above[concept] = frozenset(broader).union(*(above[name] for name in broader))
            pairs += len(above[concept])
            if pairs > _MOST_PAIRS:
                raise OntologyError(
                    "The vocabulary has too many links to broader issues to be worked with. "
                    "Leave some out, or divide it."
                )
            del way[concept]
