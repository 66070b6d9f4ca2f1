"""Decides which names in one document are the same body: short forms, spellings, the place's name in front."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from .names import written_out

#: Types in which two names may mean one thing. Issues come from the vocabulary; priorities and actions are what the
#: text calls them.
_TYPES = ("Partner", "Subgroup", "Role")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SMALL = frozenset("and of for the in on to &".split())
#: Similarity from which two spellings are one name, or are worth a look.
_SAME, _ALIKE = 95.0, 88.0


@dataclass(frozen=True, slots=True)
class Named:
    """An entity with its names."""

    id: str
    type: str
    label: str
    kind: str | None


def same_names(entities: Iterable[Named], place: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Which entities of a document are one.

    Only names of one type and of one kind are compared, or where one has no kind.

    Args:
        entities: what the document names.
        place: the partnership's place, such as 'Harrowmere', which may precede a name or not.

    Returns:
        For each id that is to go the id that stays, and the pairs of labels that may be one but are kept apart.

    """
    groups: dict[str, list[Named]] = defaultdict(list)
    for entity in sorted(entities, key=lambda e: e.id):
        if entity.type in _TYPES:
            groups[entity.type].append(entity)
    joined: dict[str, str] = {}
    doubtful: list[tuple[str, str]] = []
    for group in groups.values():
        for short, full in _short_forms(group, place):
            joined.setdefault(short.id, full.id)
        for left, right, score in _spellings([e for e in group if e.id not in joined]):
            if score >= _SAME:
                joined.setdefault(right.id, left.id)
            else:
                doubtful.append((left.label, right.label))
    return {short: _end(joined, short) for short in joined}, doubtful


def _end(joined: Mapping[str, str], start: str) -> str:
    seen = {start}
    at = joined[start]
    while at in joined and at not in seen:
        seen.add(at)
        at = joined[at]
    return at


def _short_forms(group: list[Named], place: str) -> Iterator[tuple[Named, Named]]:
    """Pairs (short, full) of names that mean the same; none if two full names would fit.

    The short one is the initials of the other, the same name without the place, or one with abbreviated words.
    """
    by_form: dict[str, list[Named]] = defaultdict(list)
    for entity in group:
        for form in _forms(entity.label, place):
            by_form[form].append(entity)
    for entity in group:
        own = entity.label.strip()
        if own.islower() and not own.endswith("s") and entity.kind is not None:
            named = [e for e in group if e.kind == entity.kind and not e.label.islower()]
            if len(named) == 1:  # 'the county council', where only one is named
                yield entity, named[0]
                continue
        for form in (own, written_out(own).lower()):
            fits = [
                e
                for e in by_form.get(form, ())
                if e.id != entity.id and _kinds_fit(entity, e) and len(e.label) > len(own)
            ]
            if len(fits) == 1:
                yield entity, fits[0]
                break


def _forms(label: str, place: str) -> Iterator[str]:
    """How a name may be shortened."""
    words = _WORD.findall(label)
    capitals = [w for w in words if w.lower() not in _SMALL]
    yield from initials(label)
    full = written_out(label).lower()
    yield full
    if place and full.startswith(place.lower() + " ") and len(capitals) > 2:
        yield full.removeprefix(place.lower() + " ")
    last = words[-1] if words else ""
    if len(words) > 1 and last.isupper() and len(last) > 2:
        yield last  # 'NHS Eskmoor ICB' is 'the ICB'


def initials(name: str) -> Iterator[str]:
    """The initials of a name of two words or more, without its small words and with them: 'HCP' and 'HCAP'."""
    words = _WORD.findall(name)
    capitals = [w for w in words if w.lower() not in _SMALL]
    if len(capitals) >= 2:
        yield "".join(w[0].upper() for w in capitals)
        if len(capitals) != len(words):
            yield "".join(w[0].upper() for w in words)


def _kinds_fit(left: Named, right: Named) -> bool:
    return left.kind is None or right.kind is None or left.kind == right.kind


def _spellings(group: list[Named]) -> Iterator[tuple[Named, Named, float]]:
    """Pairs of names that differ by a slip: 'Combating' and 'Combatting Drugs Partnership'."""
    for n, left in enumerate(group):
        for right in group[n + 1 :]:
            a, b = written_out(left.label).lower(), written_out(right.label).lower()
            if min(len(a), len(b)) < 10 or not _kinds_fit(left, right) or re.sub(r"\D", "", a) != re.sub(r"\D", "", b):
                continue
            if len(a.split()) == len(b.split()) and (score := fuzz.ratio(a, b)) >= _ALIKE and a[0] == b[0]:
                first, second = (left, right) if len(left.label) >= len(right.label) else (right, left)
                yield first, second, score
