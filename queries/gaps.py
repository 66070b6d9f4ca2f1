"""Where the thread breaks: the gap rules, checked in each partnership, with the words that show each gap.

Each rule is checked on what is stated, and again as if what is only suggested were stated. What is found both times is
*missing*. What is found once is *possible*: a suggested statement would close it, or it exists only through one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ..graph import Evidence, Store
from ..graph.model import POSSIBLE
from ..graph.store import SUGGESTED, Language, Row
from ..ontology import GoldenthreadError, Ontology
from ..ontology.shapes import SEVERITIES, GapRule, Severity, load_rules, relations_in
from .facts import facts
from .gap_checks import Check, Checked, Described, Scope
from .named import named
from .plans import InForce, in_force, plan_queries
from .shacl import compile_rule
from .wording import counted, listed

#: What a gap rests on.
Basis: TypeAlias = Literal["missing", "possible"]
#: How many of the suggested statements that decide a gap are shown.
_MOST_NEAREST = 3


class UnknownRuleError(GoldenthreadError):
    """A rule was asked for that does not exist."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where the thread breaks."""

    rule: str
    severity: Severity
    basis: (
        Basis  #: 'missing', or 'possible' where what is only suggested would close it, or it exists only through that
    )
    id: str
    label: str
    type: str
    partnership: str
    message: str
    hint: str
    words: tuple[Row, ...]  #: (document, start, end, quote, cue, probability) of each piece of evidence, sorted
    nearest: tuple[Evidence, ...] = ()  #: the words of the suggested statements that decide, the likeliest first

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words that show the gap."""
        return tuple(Evidence(*row) for row in self.words)

    def to_json(self) -> dict[str, Any]:
        """The gap as the contract for `gaps --format json` has it."""
        return {
            "rule": self.rule, "severity": self.severity, "basis": self.basis, "id": self.id, "label": self.label,
            "type": self.type, "partnership": self.partnership, "message": self.message, "hint": self.hint,
            "evidence": [_words_json(e) for e in self.evidence], "nearest": [_words_json(e) for e in self.nearest],
        }  # fmt: skip


def _words_json(e: Evidence) -> dict[str, Any]:
    return {
        "document": e.document,
        "start": e.start,
        "end": e.end,
        "quote": e.quote,
        "cue": e.cue,
        "probability": e.probability,
    }


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
    numbers = [r.number for r in ontology.relations.values() if not r.from_vocabulary]
    asked = {
        "partnership": partnership,
        "type": ontology.classes["Partnership"].number,
        "predicates": [SUGGESTED * n for n in numbers],
    }
    scopes, *plans = store.rows_of_each([
        (named("gap_partnerships", store.language), asked),
        *plan_queries(store, ontology, partnership), *plan_queries(store, ontology, partnership, suggested=True),
    ])  # fmt: skip
    stated, possible = (
        in_force(plans[0], plans[1], ontology, on),
        in_force(plans[0], plans[3], ontology, on, spoken_of=plans[2]),
    )
    found = [
        _found(store, ontology, Scope(*columns), chosen, stated[columns[1]], possible[columns[1]] if suggests else None)
        for *columns, suggests in scopes
    ]
    gaps = sorted(
        (gap for each in found for gap in each.gaps),
        key=lambda g: (
            SEVERITIES.index(g.severity),
            g.basis != "missing",
            g.rule,
            g.label.lower(),
            g.id,
            g.partnership,
            g.message,
        ),
    )
    not_checked = tuple(
        NotChecked(each.scope.key, rule.code, _why(rule, stated[each.scope.key], ontology))
        for each in found
        for rule in chosen
        if rule.code in each.checked.not_checked
    )
    return GapReport(tuple(gaps), not_checked, _finding(chosen, found, not_checked))


@dataclass(frozen=True, slots=True)
class _Found:
    """The gaps of one partnership."""

    scope: Scope
    checked: Checked  #: on what is stated
    gaps: tuple[Gap, ...]


def _found(
    store: Store, ontology: Ontology, scope: Scope, rules: Sequence[GapRule], stated: InForce, possible: InForce | None
) -> _Found:  # fmt: skip
    """Check rules in one partnership; `possible` is what is in force if what is suggested counts, or None."""
    check = Check(store, ontology, scope, stated, rules)
    checked = check.find()
    by_code = {rule.code: rule for rule in rules}
    if possible is None:
        return _Found(
            scope, checked, tuple(_gap(d, by_code[d.place[0]], scope) for d in check.describe(checked.places))
        )
    wider = Check(store, ontology, scope, possible, rules, suggested=True)
    again = wider.find().places
    closed, opened = set(checked.places) - set(again), set(again) - set(checked.places)
    described = [*check.describe(checked.places), *wider.describe([place for place in again if place in opened])]
    nearest = _Nearest(store, ontology, scope, {d.id for d in described if d.place in closed | opened})
    gaps = []
    for each in described:
        rule = by_code[each.place[0]]
        doubtful = each.place in closed or each.place in opened
        gaps.append(_gap(each, rule, scope, nearest.of(each, rule, opened=each.place in opened) if doubtful else None))
    return _Found(scope, checked, tuple(gaps))


def _gap(found: Described, rule: GapRule, scope: Scope, nearest: tuple[Evidence, ...] | None = None) -> Gap:
    """A gap; with `nearest`, one that is only possible."""
    severity = "warning" if nearest is not None and rule.severity == "violation" else rule.severity
    basis: Basis = "missing" if nearest is None else "possible"
    message = found.message if nearest is None else f"{POSSIBLE.capitalize()}: {found.message}"
    return Gap(
        rule.code,
        severity,
        basis,
        found.id,
        found.label,
        found.type,
        scope.key,
        message,
        rule.hint,
        found.words,
        nearest or (),
    )


class _Nearest:
    """The suggested statements about things that may have a gap."""

    def __init__(self, store: Store, ontology: Ontology, scope: Scope, things: Collection[str]) -> None:
        self._ontology = ontology
        self._around = {thing: {thing, *_broader(ontology, thing)} for thing in things}
        asked = sorted(set().union(*self._around.values()))
        self._facts = (
            facts(store, ontology, [scope.key], subjects=asked, objects=asked, suggested=True) if asked else []
        )

    def of(self, gap: Described, rule: GapRule, *, opened: bool) -> tuple[Evidence, ...]:
        """The words of those that decide whether this is a gap: of the relations of which the rule speaks."""
        names = set(relations_in(rule.shape)) | (
            {t.name for t in rule.targets} | {"stands_in", "part_of"} if opened else set()
        )
        wanted = {(r, s) for name in names for r, s in [(name, None), *self._ontology.narrower_relations(name)]}
        about = self._around[gap.id]
        chosen = [
            f
            for f in self._facts
            if about & {f.subject.id, f.object.id} and ({(f.predicate, None), (f.predicate, f.stance)} & wanted)
        ]
        words = {(e.document, e.start, e.end): e for f in chosen for e in f.evidence}
        return tuple(sorted(words.values(), key=lambda e: (-e.probability, e))[:_MOST_NEAREST])


def _broader(ontology: Ontology, thing: str) -> list[str]:
    return (
        [f"issue/{name}" for name in ontology.ancestors.get(thing.removeprefix("issue/"), {})]
        if thing.startswith("issue/")
        else []
    )


def _why(rule: GapRule, plan: InForce, ontology: Ontology) -> str:
    if plan.why_nothing and any(need.name in ("PriorityInForce", "formerly_addressed_by") for need in rule.needs):
        return plan.why_nothing
    words = [_in_words(need.name, ontology) for need in rule.needs]
    return f"these documents do not state {listed(words)}"


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


def _finding(rules: Sequence[GapRule], found: Sequence[_Found], not_checked: Iterable[NotChecked]) -> str:
    """The report in a sentence: the rules that stand in the headline, or all when only others were asked for."""
    if not found:
        return "The store holds no documents, so nothing was checked."
    whys = {n.rule: n.why for n in reversed(list(not_checked))}
    headline = sorted((r for r in rules if r.headline is not None), key=lambda r: r.headline or 0) or list(rules)
    text = "; ".join(_sentence(rule, found, whys.get(rule.code, "nothing to check")) for rule in headline) + "."
    others = [gap for each in found for gap in each.gaps if gap.rule not in {r.code for r in headline}]
    counts = Counter(gap.severity for gap in others if gap.basis == "missing")
    more = [counted(counts[s], *_SEVERITY_WORDS[s]) for s in SEVERITIES if counts[s]]
    more += [f"{to_check} more to check" for to_check in [sum(gap.basis == "possible" for gap in others)] if to_check]
    return text[:1].upper() + text[1:] + (f" Besides: {listed(more)}." if more else "")


_SEVERITY_WORDS: dict[Severity, tuple[str, str]] = {
    "violation": ("serious gap", "serious gaps"),
    "warning": ("warning", "warnings"),
    "info": ("remark", "remarks"),
}


def _sentence(rule: GapRule, found: Sequence[_Found], why_not: str) -> str:
    """What came of a rule; only what is missing is a finding, what is possible is to be checked."""
    done = [each for each in found if rule.code not in each.checked.not_checked]
    counts = Counter((gap.rule, gap.basis) for each in found for gap in each.gaps)
    all_ = sum(each.checked.totals[rule.code] for each in done)
    to_check = counts[rule.code, "possible"]
    after = f", and {to_check} to check" if to_check else ""
    if not done:
        return f"{rule.label.lower()}: not stated, since {why_not}{after}"
    if not all_:
        return (
            f"{rule.label.lower()}: these documents hold nothing to "
            f"check{f' but what is possible ({to_check})' if to_check else ''}"
        )
    count = counts[rule.code, "missing"]
    sentence = rule.finding.replace("{gaps}", f"{count:,}").replace("{all}", f"{all_:,}")
    sentence = sentence.replace("{have}", "has" if count == 1 else "have").replace(
        "{are}", "is" if count == 1 else "are"
    )
    part = counts[rule.of_which, "missing"] if rule.of_which else 0
    return sentence + (f" ({part} of them covered in part)" if part else "") + after


def explained(rules: Iterable[GapRule], ontology: Ontology, language: Language = "sql") -> str:
    """Say what each rule checks, and show the query by which it is checked."""
    parts = []
    for rule in rules:
        needs = (
            f"\n  checked where: the documents state {listed([_in_words(n.name, ontology) for n in rule.needs])}"
            if rule.needs
            else ""
        )
        query = "\n".join("    " + line for line in compile_rule(rule, ontology, language).gaps.splitlines())
        parts.append(
            f"{rule.code} ({rule.severity}): {rule.label}\n  {rule.definition}{needs}\n  what to do: {rule.hint}\n"
            f"  as a query:\n{query}\n"
        )
    return "\n".join(parts)
