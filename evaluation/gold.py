"""Annotations made by hand: what a careful reader finds in a document, and when a find is the same as theirs.

An annotation is one JSON file for each document, named like it: 'plan.json' for 'plan.txt'. It names the council, the
priorities, issues, partners and subgroups with their wordings, and the relations between them. What annotators do not
agree on is marked optional: to find it is not a mistake, and not to find it is none either.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from ..ontology import GoldenthreadError

#: The types of entities that are annotated, with the annotation's word for each.
ENTITIES = {"Priority": "priorities", "Issue": "issues", "Partner": "partners", "Subgroup": "subgroups"}
#: The relations that are measured.
PREDICATES = (
    "addresses",
    "delivers",
    "leads",
    "supports",
    "member_of",
    "chairs",
    "raises",
    "requests",
    "renames",
    "part_of",
)
#: What may be annotated besides, and is not measured: the plan's own build.
STRUCTURE = ("stands_in", "about")
#: The gap rules whose gaps are annotated, with the annotation's word for them, and for the things that may have them.
GAP_RULES = {"unowned-priority": ("unowned", "Priority"), "uncovered-issue": ("uncovered", "Issue")}
#: Two names that are less alike than this do not mean the same.
FLOOR = 0.5
#: How alike two names are, at least, when one holds the other whole.
_HELD_WHOLE = 0.8
_NO_CONTENT = frozenset("the a an of and in for to on with by our its their local borough london council's".split())

Names: TypeAlias = tuple[str, ...]
A = TypeVar("A")
B = TypeVar("B")


class GoldError(GoldenthreadError):
    """An annotation could not be used."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """A priority, issue, partner or subgroup that the document names."""

    type: str
    names: Names  #: its own name first, then other wordings of the document
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """A relation that the document states."""

    predicate: str
    subject: Names
    object: Names
    quote: str
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldGap:
    """A priority that nobody owns, or an issue that no priority covers."""

    names: Names
    optional: bool


@dataclass(frozen=True, slots=True)
class Gold:
    """What a careful reader finds in one document."""

    stem: str  #: the document's file name without its ending
    council: str
    kind: str  #: of document: plan, minutes, scrutiny, ...; '' where not annotated
    entities: tuple[GoldEntity, ...]
    relations: tuple[GoldRelation, ...]
    stances: Mapping[str, tuple[str, ...]]  #: by issue, the stances that are taken on it, where annotated
    gaps: Mapping[str, tuple[GoldGap, ...]] | None = (
        None  #: by gap rule; None where they are not annotated, or the document has no priority
    )

    def fit(self, names: Iterable[str], wanted: Names) -> float:
        """How well the names of a find fit the end `wanted` of a relation, from 0 to 1.

        It is 0 where they are too little alike, and where they fit another thing of this annotation better: a find that
        means something else is no find.
        """
        found = tuple(names)
        value = closest(found, wanted)
        if value < FLOOR or value == 1:
            return 0.0 if value < FLOOR else value
        better = any(closest(found, e.names) > value for e in self.entities if e.names[0] != wanted[0])
        return 0.0 if better else value


def read_gold(path: Path) -> Gold:
    """Read one annotation.

    Raises:
        GoldError: the file cannot be read, is no JSON, or lacks what an annotation must have.

    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return _gold(path.stem, raw)
    except OSError as error:
        raise GoldError(f"The annotation {path} could not be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise GoldError(
            f"{path} is not an annotation: {what}. Correct it; docs/accuracy.md says what it must hold."
        ) from error


def _gold(stem: str, raw: dict[str, Any]) -> Gold:
    known: dict[str, list[str]] = defaultdict(list)
    entities = []
    for type_, key in ENTITIES.items():
        for item in raw.get(key, []):
            name = item.get("label") or item["name"]
            names = (name, *item.get("surface", []))
            entities.append(GoldEntity(type_, names, bool(item.get("optional"))))
            known[name] += names
    debatable = {e.names[0] for e in entities if e.type == "Issue" and e.optional}
    relations = []
    for row in raw.get("relations", []):
        if row["p"] in STRUCTURE:
            continue
        if row["p"] not in PREDICATES:
            raise ValueError(f"no relation is called '{row['p']}'")
        optional = bool(row.get("optional") or {row["s"], row["o"]} & debatable)
        ends = [tuple(known.get(row[end], [row[end]])) for end in "so"]
        relations.append(GoldRelation(row["p"], ends[0], ends[1], row.get("quote", ""), optional))
    stances = {item["label"]: tuple(item.get("stance") or ()) for item in raw.get("issues", []) if item.get("stance")}
    gaps = _gaps(raw, entities, known) if raw.get("priorities") and "unowned" in raw else None
    return Gold(stem, str(raw["council"]), str(raw.get("kind") or ""), tuple(entities), tuple(relations), stances, gaps)


def _gaps(
    raw: dict[str, Any], entities: Sequence[GoldEntity], known: Mapping[str, list[str]]
) -> dict[str, tuple[GoldGap, ...]]:
    found = {}
    for rule, (key, type_) in GAP_RULES.items():
        optional = {e.names[0] for e in entities if e.type == type_ and e.optional} | set(
            raw.get(f"{key}_optional", [])
        )
        wanted = [name for name in raw.get(key, []) if name not in optional]
        gaps = [GoldGap(tuple(known.get(name) or [name]), False) for name in wanted]
        found[rule] = (*gaps, *(GoldGap((name,), True) for name in sorted(optional)))
    return found


# ------------------------------------------------------------------------------------------------ what is the same


@lru_cache(maxsize=8192)
def _content(text: str) -> frozenset[str]:
    """The words that carry a name's meaning, roughly in the singular."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("anti-social", "antisocial").replace("’", "'"))
    return frozenset(
        w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in words if w not in _NO_CONTENT
    )


def alike(left: str, right: str) -> float:
    """How alike two names are, from 0 to 1: the share of their words that both have.

    It is more where one holds two words or more of the other.
    """
    a, b = _content(left), _content(right)
    if not a or not b:
        return float(left.strip().lower() == right.strip().lower() != "")
    if a == b:
        return 1.0
    overlap = len(a & b) / len(a | b)
    return max(overlap, _HELD_WHOLE) if (a <= b or b <= a) and min(len(a), len(b)) >= 2 else overlap


def closest(names: Iterable[str], others: Iterable[str]) -> float:
    """How alike the two most alike of two things' names are."""
    return _closest(tuple(names), tuple(others))


@lru_cache(maxsize=65536)
def _closest(names: Names, others: Names) -> float:
    return max((alike(name, other) for name in names for other in others), default=0.0)


def pair_up(left: Sequence[A], right: Sequence[B], score: Callable[[A, B], float]) -> list[tuple[int, int]]:
    """Pair what is alike, one to one and the most alike first; return the places of each pair."""
    scored = sorted((-score(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(right))
    pairs: list[tuple[int, int]] = []
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    for value, i, j in scored:
        if -value >= FLOOR and i not in taken_left and j not in taken_right:
            taken_left.add(i)
            taken_right.add(j)
            pairs.append((i, j))
    return pairs
