"""The gap rules checked in one partnership, on what is stated alone or together with what is only suggested."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias, TypeVar

from ..graph import Store
from ..graph.store import Handle, Row, Value
from ..ontology import Ontology
from ..ontology.shapes import GapRule
from .compiled import CompiledRule
from .named import named
from .plans import InForce
from .shacl import compile_rule
from .wording import listed


@dataclass(frozen=True, slots=True)
class Scope:
    """A partnership, as the engine knows it."""

    handle: Handle
    key: str  #: its id
    label: str
    itself: Handle  #: its own entity


#: A gap without its words: the code of the rule, the number of the shape within it, and the thing that has the gap.
Place: TypeAlias = tuple[str, int, Handle]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rules found in one partnership."""

    places: tuple[Place, ...]
    not_checked: tuple[str, ...]  #: codes of the rules of which there is nothing to check
    totals: Mapping[str, int]  #: by the code of a rule, at how many things it is aimed


@dataclass(frozen=True, slots=True)
class Described:
    """A gap in words."""

    place: Place
    id: str
    label: str
    type: str
    message: str
    words: tuple[Row, ...]  #: (document, start, end, quote, cue, probability) of each piece of evidence, sorted


class Check:
    """Checks rules in one partnership.

    Args:
        store: where to look.
        ontology: what its numbers mean.
        scope: the partnership.
        in_force: the plan in force there.
        rules: to check.
        suggested: count what is only suggested as if it were stated.

    """

    def __init__(
        self,
        store: Store,
        ontology: Ontology,
        scope: Scope,
        in_force: InForce,
        rules: Sequence[GapRule],
        *,
        suggested: bool = False,
    ) -> None:
        self._store, self._ontology, self._scope, self._rules = store, ontology, scope, rules
        self._compiled = [compile_rule(rule, ontology, store.language, suggested=suggested) for rule in rules]
        self._parameters: dict[str, Value] = {
            "partnership": scope.handle,
            "itself": scope.itself,
            "in_force": [c.handle for c in in_force.commitments],
            "priorities": [c.handle for c in in_force.commitments if c.type == "Priority"],
            "former": [c.handle for c in in_force.former],
        }

    def find(self) -> Checked:
        """Find the gaps."""
        for compiled in self._compiled:
            self._follow_repetitions(compiled)
        self._list()
        answers = self._store.rows_of_each([(c.gaps, {**self._parameters, **c.parameters}) for c in self._compiled])
        places: list[Place] = []
        not_checked, totals = [], {}
        for rule, rows in zip(self._rules, answers, strict=True):
            told = {what: value for what, value in rows if what in ("checked", "all")}
            if not told["checked"]:
                not_checked.append(rule.code)
                continue
            totals[rule.code] = told["all"]
            places += [(rule.code, int(what), thing) for what, thing in rows if what not in ("checked", "all")]
        return Checked(tuple(places), tuple(not_checked), totals)

    def _follow_repetitions(self, compiled: CompiledRule) -> None:
        for name, query in compiled.closures:
            steps: dict[str, set[str]] = defaultdict(set)
            for here, there in self._store.rows(query, {**self._parameters, **compiled.parameters}):
                steps[here].add(there)
            self._parameters[name] = {start: _reached(start, steps) for start in sorted(steps)}

    def _list(self) -> None:
        lists = {name: (query, {**self._parameters, **c.parameters}) for c in self._compiled for name, query in c.lists}
        if lists:
            for name, rows in zip(lists, self._store.rows_of_each(list(lists.values())), strict=True):
                self._parameters[name] = [value for (value,) in rows]

    def describe(self, places: Collection[Place]) -> list[Described]:
        """Say in words what `find` found."""
        if not places:
            return []
        # Everything is asked at once, for rules without gaps too: a server is far away, and plans a query that it knows
        # faster.
        language, rules = self._store.language, range(len(self._rules))
        found = [[(shape, thing) for code, shape, thing in places if code == rule.code] for rule in self._rules]
        named_by = [n for n in rules if self._compiled[n].names]
        shown_by = [n for n in rules if self._compiled[n].evidence]
        mentioned = _focus(chain.from_iterable(found[n] for n in rules if n not in shown_by))
        given = [{**self._parameters, **self._compiled[n].parameters, "focus": _focus(found[n])} for n in rules]
        things, mentions, *words = self._store.rows_of_each([
            (named("gap_things", language), {"focus": _focus(chain(*found))}),
            (named("gap_mentions", language), {**self._parameters, "focus": mentioned}),
            *((self._compiled[n].names or "", given[n]) for n in named_by),
            *((self._compiled[n].evidence or "", given[n]) for n in shown_by),
        ])  # fmt: skip
        types = {c.number: c.name for c in self._ontology.classes.values()}
        known = {handle: (key, types[type_], label) for handle, key, type_, label in things}
        elsewhere = self._elsewhere(known)
        names = dict(zip(named_by, words, strict=False))
        evidence = dict(zip(shown_by, words[len(named_by) :], strict=True))
        by_mention = _by_thing((thing, tuple(piece)) for thing, *piece in mentions)
        described = []
        for n in rules:
            called = _by_thing(
                (thing, str(value if label is None else label)) for thing, value, label in names.get(n, ())
            )
            shown = _by_thing((thing, tuple(piece)) for thing, *piece in evidence[n]) if n in evidence else by_mention
            for shape, thing in found[n]:
                key, type_, label = known.get(thing) or (
                    f"{self._scope.key}/partnership",
                    "Partnership",
                    self._scope.label,
                )
                message = _message(self._rules[n], shape, label, called[thing]) + elsewhere.get(thing, "")
                described.append(
                    Described(
                        (self._rules[n].code, shape, thing), key, label, type_, message, tuple(sorted(shown[thing]))
                    )
                )
        return described

    def _elsewhere(self, known: Mapping[Handle, tuple[str, str, str]]) -> Mapping[Handle, str]:
        """For each thing that is known only by a short form: what other documents use that for, in a sentence."""
        short = sorted((handle for handle, (_, _, label) in known.items() if _SHORT_FORM.fullmatch(label)), key=str)
        rows = (
            self._store.rows(named("gap_namesakes", self._store.language), {**self._parameters, "focus": short})
            if short
            else []
        )
        return {
            handle: f" Elsewhere these documents use “{known[handle][2]}” for {listed(sorted(labels))}."
            for handle, labels in _by_thing((handle, label) for handle, label in rows).items()
        }


#: 'NAG', 'CDP': a name of which the documents may say elsewhere what it is short for.
_SHORT_FORM = re.compile(r"[A-Z][A-Z&]{1,7}")


def _message(rule: GapRule, shape: int, label: str, names: Iterable[str]) -> str:
    message = (rule.shape.properties[shape - 1].message if shape else None) or rule.message
    message = message.replace("{label}", label).replace(
        "{names}", listed(sorted(names, key=lambda n: (n.lower(), n)), 8)
    )
    return message[:1].upper() + message[1:]


def _reached(start: str, steps: Mapping[str, set[str]]) -> list[str]:
    """Return `start` and all that can be reached from it."""
    found, ahead = {start}, [start]
    while ahead:
        ahead = sorted({there for here in ahead for there in steps.get(here, ())} - found)
        found.update(ahead)
    return sorted(found)


_Words = TypeVar("_Words", bound=Hashable)


def _focus(gaps: Iterable[tuple[int, Handle]]) -> list[Any]:
    """Return the things that have gaps, each once."""
    return sorted({thing for _, thing in gaps}, key=str)


def _by_thing(pairs: Iterable[tuple[Handle, _Words]]) -> defaultdict[Handle, set[_Words]]:
    found: defaultdict[Handle, set[_Words]] = defaultdict(set)
    for thing, words in pairs:
        found[thing].add(words)
    return found
