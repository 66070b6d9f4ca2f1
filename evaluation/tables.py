"""What evaluating found, as a sentence, rows of text, and JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any, TypeAlias

from .calibrate import binned, expected_calibration_error
from .gold import ENTITIES, PREDICATES
from .scores import GROUPS, Measured, Tally, Verdict, summed

#: The finding in a sentence; column names and rows; the same for programs.
Found: TypeAlias = tuple[str, tuple[tuple[str, ...], list[tuple[str, ...]]], dict[str, Any]]
_COLUMNS = ("Of", "", "P", "R", "F1", "Found", "Wanted")


def report(
    measured: Sequence[Measured], gaps: Mapping[tuple[str, str], Tally], passed_over: Sequence[str] = ()
) -> Found:
    """Scores by type, predicate, kind of document and reader, with gaps, stances and calibration.

    All that is found and what is stated are counted apart; the calibration says how far probabilities hold.
    """
    every, stated = (summed(getattr(one, which) for one in measured) for which in ("every", "stated"))
    verdicts = [v for one in measured for v in one.verdicts]
    rows = [
        *_rows("all", every, (*ENTITIES, *PREDICATES, *GROUPS)),
        *_rows("stated", stated, (*PREDICATES, "relations", "ownership")),
    ]
    kinds = _by(measured, lambda one: one.gold.kind)
    for kind, group in kinds.items():
        for which in ("every", "stated"):
            total = summed(getattr(one, which) for one in group)
            rows += _rows(
                f"{kind} ({len(group)}), {'all' if which == 'every' else which}", total, ("relations", "ownership")
            )
    rows += [_reader_row(reader, verdicts) for reader in sorted({r for v in verdicts for r in v.readers})]
    rows += [
        row
        for (rule, basis), tally in sorted(gaps.items(), reverse=True)
        for row in _rows(f"gaps, {basis}", {rule: tally}, [rule])
    ]
    rows += [_bin_row(number, group) for number, group in binned(verdicts).items()]
    judged = [v.stance_right for v in verdicts if v.stance_right is not None]
    error = expected_calibration_error(verdicts)
    relations, sure = every["relations"], stated["relations"]
    finding = (
        f"{_many(len(measured), 'document')}: relations F1 {relations.f1:.3f} (P {relations.precision:.2f}, "
        f"R {relations.recall:.2f}); stated P {sure.precision:.2f} at R {sure.recall:.2f}; "
        f"entities F1 {every['entities'].f1:.3f}, ownership F1 {every['ownership'].f1:.3f}; "
        f"{judged.count(True)} of {len(judged)} stances right; probabilities miss by {error:.3f} on average."
    )
    json = {
        "finding": finding, "documents": [one.gold.stem for one in measured], "all": _json(every),
        "stated": _json(stated),
        "kinds": {
            kind: {
                "documents": len(g), "all": _json(summed(m.every for m in g)),
                "stated": _json(summed(m.stated for m in g)),
            }
            for kind, g in kinds.items()
        },
        "gaps": {
            basis: _json({rule: t for (rule, b), t in gaps.items() if b == basis})
            for basis in sorted({b for _, b in gaps})
        },
        "stances": {"right": judged.count(True), "judged": len(judged)}, "calibration_error": round(error, 4),
        "passed_over": list(passed_over),
    }  # fmt: skip
    return finding, (_COLUMNS, rows), json


def left_out(measured: Sequence[Measured], by: str) -> Found:
    """Relations and ownership for each council or each hand by itself, with the mean and the worst."""
    key: Callable[[Measured], str] = (
        (lambda one: one.gold.council) if by == "council" else (lambda one: one.gold.stem[:1])
    )
    groups = {name: summed(one.every for one in group) for name, group in _by(measured, key).items()}
    rows = [row for name, total in groups.items() for row in _rows(name, total, ("relations", "ownership"))]
    scores = {name: total["relations"].f1 for name, total in groups.items()}
    worst = min(scores, key=lambda name: (scores[name], name))
    finding = (
        f"Relations by {by}: F1 {fmean(scores.values()):.3f} on average over {_many(len(scores), by)}, "
        f"{scores[worst]:.3f} for {worst}."
    )
    json = {
        "finding": finding,
        "mean": round(fmean(scores.values()), 4),
        "worst": worst,
        by: {n: _json(t) for n, t in groups.items()},
    }
    return finding, (_COLUMNS, rows), json


def _by(measured: Iterable[Measured], key: Callable[[Measured], str]) -> dict[str, list[Measured]]:
    groups: dict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        groups[key(one)].append(one)
    return dict(sorted(groups.items()))


def _rows(of: str, total: Mapping[str, Tally], names: Iterable[str]) -> list[tuple[str, ...]]:
    shown = ((name, total.get(name, Tally())) for name in names)
    return [
        (name, of, f"{t.precision:.3f}", f"{t.recall:.3f}", f"{t.f1:.3f}", str(t.found), str(t.wanted))
        for name, t in shown
        if t.found or t.wanted
    ]


def _reader_row(reader: str, verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    own = [v for v in verdicts if reader in v.readers and v.right is not None]
    right = sum(bool(v.right) for v in own)
    return ("relations", f"reader {reader}", f"{right / len(own):.3f}" if own else "", "", "", str(len(own)), "")


def _bin_row(number: int, group: Sequence[Verdict]) -> tuple[str, ...]:
    right = sum(bool(v.right) for v in group)
    mean = fmean(v.probability for v in group)
    return (
        "probability",
        f"{number / 10:.1f} to {(number + 1) / 10:.1f}",
        f"{right / len(group):.3f}",
        f"{mean:.3f}",
        "",
        str(len(group)),
        "",
    )


def _json(total: Mapping[str, Tally]) -> dict[str, dict[str, float]]:
    return {
        name: {
            "p": round(t.precision, 4),
            "r": round(t.recall, 4),
            "f1": round(t.f1, 4),
            "found": t.found,
            "wanted": t.wanted,
        }
        for name, t in sorted(total.items())
        if t.found or t.wanted
    }


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
