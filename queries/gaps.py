"""Where the thread breaks: the gap rules, checked in each partnership, with the words that show each gap."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..graph import Evidence, Store
from ..graph.store import Row, Value
from ..ontology import GoldenthreadError, Ontology
from ..ontology.shapes import SEVERITIES, GapRule, Severity, load_rules
from .named import named
from .plans import InForce, plan_in_force
from .shacl_sql import CompiledRule, compile_rule
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
    scopes = store.rows(
        named("gap_partnerships", store.language), {"partnership": partnership, "type": ontology.classes["Partnership"].number}
    )
    checks = [
        _Check(store, ontology, number, key, label, itself, plan_in_force(store, ontology, number, on))
        for number, key, label, itself in scopes
    ]
    for check in checks:
        for rule in chosen:
            check.rule(rule)
    gaps = [gap for check in checks for gap in check.gaps]
    gaps.sort(key=lambda g: (SEVERITIES.index(g.severity), g.rule, g.label.lower(), g.id, g.partnership, g.message))
    not_checked = tuple(n for check in checks for n in check.not_checked)
    return GapReport(tuple(gaps), not_checked, _finding(chosen, checks))


@dataclass
class _Check:
    """The rules' findings in one partnership."""

    store: Store
    ontology: Ontology
    number: int
    key: str
    label: str
    itself: int
    in_force: InForce

    def __post_init__(self) -> None:
        self.gaps: list[Gap] = []
        self.not_checked: list[NotChecked] = []
        self.totals: Counter[str] = Counter()
        self._parameters: dict[str, Value] = {
            "partnership": self.number,
            "itself": self.itself,
            "in_force": json.dumps([c.number for c in self.in_force.commitments]),
            "former": json.dumps([c.number for c in self.in_force.former]),
        }
        self._types = {c.number: c.name for c in self.ontology.classes.values()}

    def rule(self, rule: GapRule) -> None:
        compiled = compile_rule(rule, self.ontology)
        found: list[tuple[int, int]] = []
        for what, value in self.store.rows(compiled.gaps, self._parameters | compiled.parameters):
            if what == "checked":
                if not value:
                    self.not_checked.append(NotChecked(self.key, rule.code, self._why(rule)))
                    return
            elif what == "all":
                self.totals[rule.code] = value
            else:
                found.append((int(what), value))
        if found:
            self._describe(rule, compiled, found)

    def _why(self, rule: GapRule) -> str:
        if self.in_force.why_nothing and any(need.name in ("PriorityInForce", "formerly_addressed_by") for need in rule.needs):
            return self.in_force.why_nothing
        words = [_in_words(need.name, self.ontology) for need in rule.needs]
        return f"these documents do not state {listed(words)}"

    def _describe(self, rule: GapRule, compiled: CompiledRule, found: list[tuple[int, int]]) -> None:
        focus = {"focus": json.dumps(sorted({thing for _, thing in found}))}
        things = {n: (key, self._types[t], label) for n, key, t, label in self.store.rows(named("gap_things", self.store.language), focus)}
        names: dict[int, list[str]] = defaultdict(list)
        if compiled.names:
            for thing, value, label in self.store.rows(compiled.names, self._parameters | compiled.parameters | focus):
                names[thing].append(str(label if label is not None else value))
        evidence = self._evidence(compiled, focus)
        for shape, thing in found:
            message = (rule.shape.properties[shape - 1].message if shape else None) or rule.message
            key, type_, label = things.get(thing) or (f"{self.key}/partnership", "Partnership", self.label)
            shown = message.replace("{label}", label).replace("{names}", listed(sorted(set(names[thing]), key=str.lower), 8))
            proof = tuple(sorted(evidence.get(thing, ())))
            self.gaps.append(Gap(rule.code, rule.severity, key, label, type_, self.key, shown[:1].upper() + shown[1:], rule.hint, proof))

    def _evidence(self, compiled: CompiledRule, focus: dict[str, str]) -> dict[int, set[Row]]:
        query = compiled.evidence or named("gap_mentions", self.store.language)
        rows = self.store.rows(query, self._parameters | compiled.parameters | focus)
        found: dict[int, set[Row]] = defaultdict(set)
        for thing, *words in rows:
            found[thing].add(tuple(words))
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
        count = sum(1 for c in done for g in c.gaps if g.rule == rule.code)
        sentences.append(_sum(rule, count, sum(c.totals[rule.code] for c in done), done))
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


def explained(rules: Iterable[GapRule], ontology: Ontology) -> str:
    """Say what each rule checks, and show the query by which it is checked."""
    parts = []
    for rule in rules:
        needs = f"\n  checked where: the documents state {listed([_in_words(n.name, ontology) for n in rule.needs])}" if rule.needs else ""
        query = "\n".join("    " + line for line in compile_rule(rule, ontology).gaps.splitlines())
        parts.append(
            f"{rule.code} ({rule.severity}): {rule.label}\n  {rule.definition}{needs}\n  what to do: {rule.hint}\n  as a query:\n{query}\n"
        )
    return "\n".join(parts)
