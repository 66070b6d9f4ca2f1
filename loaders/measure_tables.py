"""What measuring found, as a sentence, rows of text, and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from .measure import GROUPS, Council, CueRecord, Measured, Tally, summed, together

#: The finding in a sentence; column names and rows; the same for programs.
Found: TypeAlias = tuple[str, tuple[tuple[str, ...], list[tuple[str, ...]]], dict[str, Any]]


def cues_listed(records: Iterable[CueRecord], measured: Sequence[Measured]) -> Found:
    """A row for each cue, those that are wrong most often first, and those that were never met last."""
    ordered = sorted(records, key=lambda r: (-r.wrong, -r.hits, r.name))
    totals = summed(measured)
    councils = sorted({one.gold.council for one in measured})
    met = sum(1 for r in ordered if r.hits)
    finding = (
        f"{totals['relations'].right} of {totals['relations'].found} statements are right in {_many(len(measured), 'document')} of"
        f" {_many(len(councils), 'council')} (entities F1 {totals['entities'].f1:.3f}, relations F1 {totals['relations'].f1:.3f});"
        f" {met} of {_many(len(ordered), 'cue')} were met."
    )
    columns = ("Cue", "States", "Hits", "Right", "Wrong", "Neither", "Precision", "Recall", "Confidence")
    rows: list[tuple[str, ...]] = [
        (r.name, ", ".join(r.predicates), str(r.hits), str(r.right), str(r.wrong), str(r.neither), _share(r.precision), _share(r.recall),
         _share(r.confidence))
        for r in ordered
    ]  # fmt: skip
    json = {
        "finding": finding, "documents": [one.gold.stem for one in measured], "councils": councils, "scores": _tallies_json(totals),
        "cues": [
            {"cue": r.name, "predicates": list(r.predicates), "hits": r.hits, "right": r.right, "wrong": r.wrong, "neither": r.neither,
             "precision": _rounded(r.precision), "recall": _rounded(r.recall), "confidence": round(r.confidence, 4)}
            for r in ordered
        ],
    }  # fmt: skip
    return finding, (columns, rows), json


def councils_listed(councils: Sequence[Council], threshold: float) -> Found:
    """Three rows for each council, and for all together: entities, relations and ownership, with the cues chosen and with all."""
    chosen, every = (together(tallies) for tallies in zip(*((c.chosen, c.every) for c in councils), strict=True))
    pooled = Council(
        "all together", sum(c.documents for c in councils), tuple(sorted({cue for c in councils for cue in c.left_out})),
        every, chosen, sum(c.promised for c in councils),
    )  # fmt: skip
    without = sum(1 for c in councils if c.left_out)
    finding = (
        f"With the cues that the other councils' documents do not speak against (confidence {threshold:g} and more), relations have"
        f" F1 {chosen['relations'].f1:.3f}, with all cues {every['relations'].f1:.3f}; cues were left out for {without} of"
        f" {_many(len(councils), 'council')}, and the others' confidence promised a precision of {_share(_promised(pooled))} where it"
        f" is {_share(_precision(chosen['relations']))}."
    )
    columns = (
        "Council",
        "Of",
        "P",
        "R",
        "F1",
        "P, all cues",
        "R, all cues",
        "F1, all cues",
        "Found",
        "Annotated",
        "Promised P",
        "Cues left out",
    )
    rows: list[tuple[str, ...]] = []
    for c in (*councils, pooled):
        for group in GROUPS:
            about = (_share(_promised(c)), ", ".join(c.left_out)) if group == "relations" else ("", "")
            counts = (str(c.chosen[group].found), str(c.chosen[group].wanted))
            rows.append((c.name, group, *_figures(c.chosen[group]), *_figures(c.every[group]), *counts, *about))
    json = {
        "finding": finding, "threshold": threshold, "councils": [_council_json(c) for c in councils], "pooled": _council_json(pooled),
    }  # fmt: skip
    return finding, (columns, rows), json


def _council_json(council: Council) -> dict[str, Any]:
    return {
        "council": council.name, "documents": council.documents, "left_out": list(council.left_out),
        "promised": _rounded(_promised(council)), "scores": _tallies_json(council.chosen), "scores_with_all": _tallies_json(council.every),
    }  # fmt: skip


def _tallies_json(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    return {
        name: {"p": round(t.precision, 4), "r": round(t.recall, 4), "f": round(t.f1, 4), "found": t.found, "n": t.wanted}
        for name, t in tallies.items()
    }


def _figures(tally: Tally) -> tuple[str, str, str]:
    """Precision, recall and F1; precision is empty where nothing was found, the others where there was nothing to find."""
    recall, f1 = (tally.recall, tally.f1) if tally.wanted else (None, None)
    return _share(_precision(tally)), _share(recall), _share(f1)


def _precision(tally: Tally) -> float | None:
    return tally.precision if tally.found else None


def _promised(council: Council) -> float | None:
    found = council.chosen["relations"].found
    return council.promised / found if found else None


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
