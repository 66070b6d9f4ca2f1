"""The answers of queries as rows of text and as JSON, for what prints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ..graph import Evidence
from ..graph.audit import AuditReport
from ..graph.model import POSSIBLE
from ..ontology import Ontology
from .across import CoverageReport
from .answer import Answer
from .coverage import IssueCoverage
from .facts import Fact, Thing
from .gaps import GapReport
from .owners import Named
from .search import Found
from .show import Shown
from .thread import Step, Thread
from .years import UNDATED, YearReport

Table: TypeAlias = tuple[tuple[str, ...], list[tuple[str, ...]]]


def evidence_json(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Evidence as JSON."""
    return [
        {
            "document": e.document,
            "start": e.start,
            "end": e.end,
            "quote": e.quote,
            "cue": e.cue,
            "reader": e.reader,
            "probability": e.probability,
            "assumed": e.assumed,
            "suggested": e.suggested,
        }
        for e in evidence
    ]


def thing_json(thing: Thing) -> dict[str, Any]:
    """A thing as JSON."""
    return {"id": thing.id, "label": thing.label, "type": thing.type}


def gap_rows(report: GapReport, labels: Mapping[str, str]) -> Table:
    """A row for each gap, with the first words that show it, or that may close it.

    Where `labels` names several partnerships, it also says to which the gap belongs.
    """
    head: tuple[str, ...] = ("Severity", "Basis", "Rule", "What is missing", "What to do", "Words", "Document")
    rows: list[tuple[str, ...]] = [
        (
            g.severity,
            g.basis,
            g.rule,
            g.message,
            g.hint,
            _quote(g.nearest or g.evidence),
            _place(g.nearest or g.evidence),
        )
        for g in report.gaps
    ]
    if len(labels) > 1:
        return ("Partnership", *head), [(labels[g.partnership], *row) for g, row in zip(report.gaps, rows, strict=True)]
    return head, rows


def thread_rows(found: Named, ontology: Ontology) -> Table:
    """A row for each link of each thread, indented by how far it is from the start."""
    rows: list[tuple[str, ...]] = []
    several = len(found.threads) > 1
    for thread in found.threads:
        if several:
            rows.append((f"{thread.thing.label} ({thread.partnership_label})", "", "", "", ""))
        for title, steps in (
            ("", thread.steps),
            ("of other plans:", thread.earlier),
            ("only in part:", thread.narrower),
        ):
            if steps and title:
                rows.append((title, "", "", "", ""))
            for depth, step in _walk(steps, 0):
                via = f' (for "{step.via.label}")' if step.via else ""
                who = f"{step.thing.label} [{ontology.classes[step.thing.type].label.lower()}]{via}"
                rows.append(
                    (
                        "  " * depth + step.words,
                        who,
                        _status(step.fact),
                        _quote(step.fact.evidence),
                        _place(step.fact.evidence),
                    )
                )
        if thread.possible:
            rows.append((f"{POSSIBLE}:", "", "", "", ""))
        for fact in thread.possible:
            rows.append((fact.sentence(ontology), "", _status(fact), _quote(fact.evidence), _place(fact.evidence)))
    return ("Link", "To", "Status", "Words", "Document"), rows


def _walk(steps: Iterable[Step], depth: int) -> Iterator[tuple[int, Step]]:
    for step in steps:
        yield depth, step
        yield from _walk(step.steps, depth + 1)


def threads_json(found: Named, ontology: Ontology) -> dict[str, Any]:
    """The threads as JSON."""
    return {
        "finding": found.finding,
        "name": found.name,
        "suggestions": list(found.suggestions),
        "threads": [_thread_json(t, ontology) for t in found.threads],
    }


def _thread_json(thread: Thread, ontology: Ontology) -> dict[str, Any]:
    return {
        **thing_json(thread.thing), "partnership": thread.partnership, "state": thread.state,
        "finding": thread.sentence, "stops_at": [thing_json(t) for t in thread.stops_at],
        "steps": [_step_json(s) for s in thread.steps],
        "other_plans": [_step_json(s) for s in thread.earlier],
        "narrower": [_step_json(s) for s in thread.narrower],
        "conflicts": [
            {
                **thing_json(c.thing),
                "owners": [thing_json(f.subject) | {"evidence": evidence_json(f.evidence)} for f in c.facts],
            }
            for c in thread.conflicts
        ],
        "possible": [_fact_json(fact, ontology) for fact in thread.possible],
    }  # fmt: skip


def _fact_json(fact: Fact, ontology: Ontology) -> dict[str, Any]:
    return {
        "subject": thing_json(fact.subject), "predicate": fact.predicate, "object": thing_json(fact.object),
        "stance": fact.stance, "sentence": fact.sentence(ontology), "status": fact.status,
        "evidence": evidence_json(fact.evidence),
    }  # fmt: skip


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "link": step.words, **thing_json(step.thing), "via": thing_json(step.via) if step.via else None,
        "status": step.fact.status, "evidence": evidence_json(step.fact.evidence),
        "steps": [_step_json(s) for s in step.steps],
    }  # fmt: skip


def coverage_rows(found: CoverageReport) -> Table:
    """A row for each issue: of one partnership with its priorities, across several with counts."""
    if found.across:
        names = ("uncovered", "partly", "covered", "not stated")
        rows: list[tuple[str, ...]] = [
            (
                a.issue.label,
                *(str(next((count for state, count in a.states if state == n), 0)) for n in names),
                _counts(a.raised),
            )
            for a in found.across
        ]
        return ("Issue", *(n.capitalize() for n in names), "Raised by sources"), rows
    issues = [issue for c in found.partnerships for issue in c.issues]
    return ("Issue", "State", "Raised by sources", "Priorities", "Thread"), [
        (
            i.issue.label,
            i.state,
            _counts(i.raised),
            _priorities(i),
            "whole" if i.whole else ("" if i.state in ("uncovered", "not stated") else "no owner"),
        )
        for i in issues
    ]


def _priorities(issue: IssueCoverage) -> str:
    parts = [t.label for t in issue.priorities]
    parts += [f"{t.label} (for {label})" for t, label in (*issue.broader, *issue.narrower)]
    return "; ".join(parts)


def _counts(raised: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {stance}" for stance, count in raised)


def coverage_json(found: CoverageReport) -> dict[str, Any]:
    """The coverage as JSON."""
    return {
        "finding": found.finding,
        "partnerships": [
            {
                "partnership": c.partnership, "label": c.partnership_label, "plan": c.plan, "finding": c.finding,
                "issues": [
                    {
                        **thing_json(i.issue), "state": i.state, "raised": dict(i.raised), "whole": i.whole,
                        "priorities": [thing_json(t) for t in i.priorities],
                        "broader": [thing_json(t) | {"for": label} for t, label in i.broader],
                        "narrower": [thing_json(t) | {"for": label} for t, label in i.narrower],
                    }
                    for i in c.issues
                ],
            }
            for c in found.partnerships
        ],
    }  # fmt: skip


def year_rows(found: YearReport) -> Table:
    """A row for each issue, with a column for each year."""
    years = (*found.years, *([UNDATED] if found.undated else []))
    rows: list[tuple[str, ...]] = [
        (i.issue.label, *(str(dict(i.times).get(year, "")) for year in years), str(i.all)) for i in found.issues
    ]
    return ("Issue", *(str(year) if year else "No date" for year in years), "In all"), rows


def years_json(found: YearReport) -> dict[str, Any]:
    """How often issues are raised, as JSON; 'undated' stands for documents without a date."""
    return {
        "finding": found.finding,
        "issues": [
            {
                **thing_json(i.issue),
                "times": {str(year) if year else "undated": count for year, count in i.times},
                "all": i.all,
            }
            for i in found.issues
        ],
    }


def answer_rows(answer: Answer) -> Table:
    """A row for each answer."""
    status = POSSIBLE if answer.possible else ""
    return ("Answer", "Type", "Status", "Words", "Document"), [
        (t.label, t.type, status, _quote(e), _place(e)) for t, e in answer.answers
    ]


def shown_rows(shown: list[Shown]) -> Table:
    """A row for each thing that is known."""
    rows: list[tuple[str, ...]] = []
    for item in shown:
        rows.append((item.thing.label, f"{item.thing.type}: {item.definition}", "", "", ""))
        rows += [(name, value, "", "", "") for name, value in item.attributes]
        if item.vocabulary:
            rows.append(("also known as", ", ".join(item.vocabulary), "", "", ""))
        rows += [
            (word, ", ".join(labels), "", "", "")
            for word, labels in (("is a kind of", item.broader), ("has as kinds", item.narrower))
            if labels
        ]
        if item.wordings:
            rows.append(("in the documents' words", ", ".join(f"{w} ({n})" for w, n in item.wordings[:12]), "", "", ""))
        rows += [
            (s.words, s.other.label, _status(s.fact), _quote(s.fact.evidence), _place(s.fact.evidence))
            for s in item.statements
        ]
    return ("What", "Says", "Status", "Words", "Document"), rows


def shown_json(shown: list[Shown], ontology: Ontology) -> list[dict[str, Any]]:
    """What is known, as JSON."""
    return [
        {
            **thing_json(i.thing), "definition": i.definition, "vocabulary": list(i.vocabulary),
            "broader": list(i.broader), "narrower": list(i.narrower), "attributes": dict(i.attributes),
            "wordings": dict(i.wordings), "mentions": dict(i.mentions),
            "statements": [
                {"words": s.words, **thing_json(s.other), "sentence": s.fact.sentence(ontology),
                 "status": s.fact.status, "evidence": evidence_json(s.fact.evidence)}
                for s in i.statements
            ],
        }
        for i in shown
    ]  # fmt: skip


def found_rows(found: Found, ontology: Ontology) -> Table:
    """A row for each thing and quote."""
    rows: list[tuple[str, ...]] = [(t.label, t.type, "", "") for t in found.things]
    rows += [
        (h.fact.sentence(ontology), _status(h.fact), _quote([h.evidence]), _place([h.evidence])) for h in found.hits
    ]
    return ("Statement or thing", "Type or status", "Words", "Document"), rows


def found_json(found: Found, ontology: Ontology) -> dict[str, Any]:
    """What a search found, as JSON."""
    hits = [{"statement": h.fact.sentence(ontology), "evidence": evidence_json([h.evidence])[0]} for h in found.hits]
    return {"finding": found.finding, "things": [thing_json(t) for t in found.things], "quotes": hits}


def audit_rows(report: AuditReport) -> Table:
    """A row for each quote that is missing, and for each document of which there is something to say."""
    rows: list[tuple[str, ...]] = [
        ("quote missing", m.document, f"{m.start}-{m.end}", _short(m.quote)) for m in report.missing
    ]
    for what, documents in (
        ("text not held", report.text_not_held),
        ("changed since it was loaded", report.changed),
        ("file no longer there", report.gone),
    ):
        rows += [(what, document, "", "") for document in documents]
    return ("What", "Document", "Place", "Words"), rows


def audit_json(report: AuditReport) -> dict[str, Any]:
    """An audit as JSON."""
    return {
        "finding": report.finding, "passed": report.passed, "checked": report.checked,
        "missing": [{"document": m.document, "start": m.start, "end": m.end, "quote": m.quote} for m in report.missing],
        "text_not_held": list(report.text_not_held), "changed": list(report.changed), "gone": list(report.gone),
    }  # fmt: skip


def _status(fact: Fact) -> str:
    return {"extracted": "", "suggested": POSSIBLE}.get(fact.status, fact.status)


def _quote(evidence: Iterable[Evidence]) -> str:
    first = next(iter(evidence), None)
    return f"“{_short(first.quote)}”" if first else ""


def _short(quote: str, most: int = 160) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + " …"


def _place(evidence: Iterable[Evidence]) -> str:
    items = list(evidence)
    if not items:
        return ""
    more = len({e.document for e in items}) - 1
    return items[0].document.removeprefix("document/") + (f" and {more} more" if more else "")
