"""Where the thread breaks: the gap rules, checked in each partnership, with the words that show each gap."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from ..graph import Evidence, Store
from ..graph.store import Handle, Language, Row, Value
from ..ontology import GoldenthreadError, Ontology
from ..ontology.shapes import SEVERITIES, GapRule, Severity, load_rules
from .compiled import CompiledRule
from .named import named
from .plans import InForce, in_force, plan_queries
from .shacl import compile_rule
from .wording import counted, listed


class UnknownRuleError(GoldenthreadError):
    """A rule was asked for that does not exist."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where the thread breaks."""

    rule: str
    severity: Severity
    id: str
    label: str
    type: str
    partnership: str
    message: str
    hint: str
    words: tuple[Row, ...]  #: (document, start, end, quote, cue, confidence) of each piece of evidence, sorted

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words that show the gap."""
        return tuple(Evidence(*row) for row in self.words)

    def to_json(self) -> dict[str, Any]:
        """The gap as the contract for `gaps --format json` has it."""
        evidence = [
            {"document": e.document, "start": e.start, "end": e.end, "quote": e.quote, "cue": e.cue, "confidence": e.confidence}
            for e in self.evidence
        ]
        return {
            "rule": self.rule, "severity": self.severity, "id": self.id, "label": self.label, "type": self.type,
            "partnership": self.partnership, "message": self.message, "hint": self.hint, "evidence": evidence,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A rule of which the documents of a partnership hold nothing to check."""

    partnership: str
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class GapReport:
    """What the rules found; the gravest gaps first."""

    gaps: tuple[Gap, ...]
    not_checked: tuple[NotChecked, ...]
    finding: str

    def to_json(self) -> dict[str, Any]:
        """The report as the contract for `gaps --format json` has it."""
        return {
            "finding": self.finding,
            "gaps": [gap.to_json() for gap in self.gaps],
            "not_checked": [{"partnership": n.partnership, "rule": n.rule, "why": n.why} for n in self.not_checked],
        }


def rules_named(codes: Sequence[str], own: Path | None = None) -> tuple[GapRule, ...]:
    """Return the rules with these codes, or all when none is given; `own` is a file with further shapes.

    Raises:
        UnknownRuleError: a code is no rule's.
        OntologyError: the file of shapes cannot be used.

    """
    rules = load_rules(own)
    known = {rule.code: rule for rule in rules}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise UnknownRuleError(f"There is no rule '{unknown[0]}'. The rules are: {', '.join(sorted(known))}.")
    return tuple(known[code] for code in sorted(set(codes))) if codes else rules


def find_gaps(
    store: Store, ontology: Ontology, rules: Iterable[GapRule], partnership: str | None = None, on: str | None = None
) -> GapReport:
    """Check rules in a partnership, or in all.

    Args:
        store: where to look.
        ontology: what its numbers mean.
        rules: see `rules_named`.
        partnership: id of the one to check; None for all.
        on: the day on which plans must be in force; None for the newest.

    Raises:
        DateError: `on` is no date.

    """
    chosen = tuple(rules)
    asked = {"partnership": partnership, "type": ontology.classes["Partnership"].number}
    scopes, periods, standing = store.rows_of_each([
        (named("gap_partnerships", store.language), asked), *plan_queries(store, ontology, partnership),
    ])  # fmt: skip
    plans = in_force(periods, standing, ontology, on)
    checks = [_Check(store, ontology, handle, key, label, itself, plans[key]) for handle, key, label, itself in scopes]
    for check in checks:
        check.rules(chosen)
    gaps = [gap for check in checks for gap in check.gaps]
    gaps.sort(key=lambda g: (SEVERITIES.index(g.severity), g.rule, g.label.lower(), g.id, g.partnership, g.message))
    not_checked = tuple(n for check in checks for n in check.not_checked)
    return GapReport(tuple(gaps), not_checked, _finding(chosen, checks))


@dataclass
class _Check:
    """The rules' findings in one partnership."""

    store: Store
    ontology: Ontology
    handle: Handle
    key: str
    label: str
    itself: Handle
    in_force: InForce

    def __post_init__(self) -> None:
        self.gaps: list[Gap] = []
        self.not_checked: list[NotChecked] = []
        self.totals: Counter[str] = Counter()
        self._parameters: dict[str, Value] = {
            "partnership": self.handle,
            "itself": self.itself,
            "in_force": [c.handle for c in self.in_force.commitments],
            "priorities": [c.handle for c in self.in_force.commitments if c.type == "Priority"],
            "former": [c.handle for c in self.in_force.former],
        }
        self._types = {c.number: c.name for c in self.ontology.classes.values()}

    def rules(self, rules: Sequence[GapRule]) -> None:
        compiled = [compile_rule(rule, self.ontology, self.store.language) for rule in rules]
        for c in compiled:
            self._follow_repetitions(c)
        self._list(compiled)
        answers = self.store.rows_of_each([(c.gaps, {**self._parameters, **c.parameters}) for c in compiled])
        found = [self._found(rule, rows) for rule, rows in zip(rules, answers, strict=True)]
        if any(found):
            self._describe(rules, compiled, found)

    def _follow_repetitions(self, compiled: CompiledRule) -> None:
        for name, query in compiled.closures:
            steps: dict[str, set[str]] = defaultdict(set)
            for here, there in self.store.rows(query, {**self._parameters, **compiled.parameters}):
                steps[here].add(there)
            self._parameters[name] = {start: _reached(start, steps) for start in sorted(steps)}

    def _list(self, rules: Sequence[CompiledRule]) -> None:
        lists = {name: (query, {**self._parameters, **c.parameters}) for c in rules for name, query in c.lists}
        if lists:
            for name, rows in zip(lists, self.store.rows_of_each(list(lists.values())), strict=True):
                self._parameters[name] = [value for (value,) in rows]

    def _found(self, rule: GapRule, rows: Iterable[Row]) -> list[tuple[int, Handle]]:
        """Return (number of the shape, thing) of each gap; note when there was nothing to check."""
        found: list[tuple[int, Handle]] = []
        for what, value in rows:
            if what == "checked":
                if not value:
                    self.not_checked.append(NotChecked(self.key, rule.code, self._why(rule)))
                    return []
            elif what == "all":
                self.totals[rule.code] = value
            else:
                found.append((int(what), value))
        return found

    def _why(self, rule: GapRule) -> str:
        if self.in_force.why_nothing and any(need.name in ("PriorityInForce", "formerly_addressed_by") for need in rule.needs):
            return self.in_force.why_nothing
        words = [_in_words(need.name, self.ontology) for need in rule.needs]
        return f"these documents do not state {listed(words)}"

    def _describe(self, rules: Sequence[GapRule], compiled: Sequence[CompiledRule], found: Sequence[list[tuple[int, Handle]]]) -> None:
        # Everything is asked at once, for rules without gaps too: a server is far away, and plans a query that it knows faster.
        language = self.store.language
        named_by = [n for n, c in enumerate(compiled) if c.names]
        shown_by = [n for n, c in enumerate(compiled) if c.evidence]
        mentioned = _focus(chain.from_iterable(gaps for c, gaps in zip(compiled, found, strict=True) if not c.evidence))
        given = [{**self._parameters, **c.parameters, "focus": _focus(gaps)} for c, gaps in zip(compiled, found, strict=True)]
        things, mentions, *words = self.store.rows_of_each([
            (named("gap_things", language), {"focus": _focus(chain(*found))}),
            (named("gap_mentions", language), {**self._parameters, "focus": mentioned}),
            *((compiled[n].names or "", given[n]) for n in named_by),
            *((compiled[n].evidence or "", given[n]) for n in shown_by),
        ])  # fmt: skip
        known = {handle: (key, self._types[type_], label) for handle, key, type_, label in things}
        elsewhere = self._elsewhere(known)
        names = dict(zip(named_by, words, strict=False))
        evidence = dict(zip(shown_by, words[len(named_by) :], strict=True))
        by_mention = _by_thing((thing, tuple(piece)) for thing, *piece in mentions)
        for number, (rule, gaps) in enumerate(zip(rules, found, strict=True)):
            called = _by_thing((thing, str(value if label is None else label)) for thing, value, label in names.get(number, ()))
            shown = _by_thing((thing, tuple(piece)) for thing, *piece in evidence[number]) if number in evidence else by_mention
            self._take(rule, gaps, known, called, shown, elsewhere)

    def _elsewhere(self, known: Mapping[Handle, tuple[str, str, str]]) -> Mapping[Handle, str]:
        """For each thing that is known only by a short form: what other documents use that for, in a sentence."""
        short = sorted((handle for handle, (_, _, label) in known.items() if _SHORT_FORM.fullmatch(label)), key=str)
        rows = self.store.rows(named("gap_namesakes", self.store.language), {**self._parameters, "focus": short}) if short else []
        return {
            handle: f" Elsewhere these documents use “{known[handle][2]}” for {listed(sorted(labels))}."
            for handle, labels in _by_thing((handle, label) for handle, label in rows).items()
        }

    def _take(
        self, rule: GapRule, gaps: Iterable[tuple[int, Handle]], known: Mapping[Handle, tuple[str, str, str]],
        names: Mapping[Handle, set[str]], evidence: Mapping[Handle, set[Row]], elsewhere: Mapping[Handle, str],
    ) -> None:  # fmt: skip
        for shape, thing in gaps:
            message = (rule.shape.properties[shape - 1].message if shape else None) or rule.message
            key, type_, label = known.get(thing) or (f"{self.key}/partnership", "Partnership", self.label)
            shown = message.replace("{label}", label).replace("{names}", listed(sorted(names[thing], key=lambda n: (n.lower(), n)), 8))
            shown = shown[:1].upper() + shown[1:] + elsewhere.get(thing, "")
            self.gaps.append(Gap(rule.code, rule.severity, key, label, type_, self.key, shown, rule.hint, tuple(sorted(evidence[thing]))))


#: 'NAG', 'CDP': a name of which the documents may say elsewhere what it is short for.
_SHORT_FORM = re.compile(r"[A-Z][A-Z&]{1,7}")


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


def _in_words(name: str, ontology: Ontology) -> str:
    """What a rule needs, in words."""
    if name in ontology.classes:
        return f"any {ontology.classes[name].label.lower()}"
    relation = ontology.relations.get(name)
    if relation is not None:
        return f"who or what {relation.label} anything"
    return {
        "owns": "who leads or delivers anything",
        "PriorityInForce": "a priority in force",
        "formerly_addressed_by": "an earlier plan",
    }.get(name, name)


def _finding(rules: Sequence[GapRule], checks: Sequence[_Check]) -> str:
    """The report in a sentence: the rules that stand in the headline, or all when only others were asked for."""
    if not checks:
        return "The store holds no documents, so nothing was checked."
    headline = sorted((r for r in rules if r.headline is not None), key=lambda r: r.headline or 0) or list(rules)
    sentences = []
    for rule in headline:
        done = [c for c in checks if all(n.rule != rule.code for n in c.not_checked)]
        if not done:
            why = next((n.why for c in checks for n in c.not_checked if n.rule == rule.code), "nothing to check")
            sentences.append(f"{rule.label.lower()}: not stated, since {why}")
            continue
        count, all_ = sum(1 for c in done for g in c.gaps if g.rule == rule.code), sum(c.totals[rule.code] for c in done)
        sentences.append(_sum(rule, count, all_, done) if all_ else f"{rule.label.lower()}: these documents hold nothing to check")
    others = Counter(g.severity for c in checks for g in c.gaps if g.rule not in {r.code for r in headline})
    more = [counted(others[s], *_SEVERITY_WORDS[s]) for s in SEVERITIES if others[s]]
    text = "; ".join(s for s in sentences if s) + "."
    return text[:1].upper() + text[1:] + (f" Besides: {listed(more)}." if more else "")


_SEVERITY_WORDS: dict[Severity, tuple[str, str]] = {
    "violation": ("serious gap", "serious gaps"),
    "warning": ("warning", "warnings"),
    "info": ("remark", "remarks"),
}


def _sum(rule: GapRule, count: int, all_: int, checks: Sequence[_Check]) -> str:
    sentence = rule.finding.replace("{gaps}", f"{count:,}").replace("{all}", f"{all_:,}")
    sentence = sentence.replace("{have}", "has" if count == 1 else "have").replace("{are}", "is" if count == 1 else "are")
    part = sum(1 for c in checks for g in c.gaps if g.rule == rule.of_which) if rule.of_which else 0
    return sentence + (f" ({part} of them covered in part)" if part else "")


def explained(rules: Iterable[GapRule], ontology: Ontology, language: Language = "sql") -> str:
    """Say what each rule checks, and show the query by which it is checked."""
    parts = []
    for rule in rules:
        needs = f"\n  checked where: the documents state {listed([_in_words(n.name, ontology) for n in rule.needs])}" if rule.needs else ""
        query = "\n".join("    " + line for line in compile_rule(rule, ontology, language).gaps.splitlines())
        parts.append(
            f"{rule.code} ({rule.severity}): {rule.label}\n  {rule.definition}{needs}\n  what to do: {rule.hint}\n  as a query:\n{query}\n"
        )
    return "\n".join(parts)
