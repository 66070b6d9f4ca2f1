"""Fits what turns claims into probabilities, on documents held against annotations.

The model is a logistic regression with an L2 penalty (ridge), fitted by Newton's method (iteratively reweighted least
squares: McCullagh and Nelder, 'Generalized Linear Models', 1989, section 4.4). The weight of the score may not be
negative: a reader that is surer is never believed less.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from ..loaders.calibration import Calibration, kind_of, load_calibration
from ..ontology import GoldenthreadError
from .scores import Measured, Verdict

#: How strongly weights are drawn towards 0; chosen on split `tune` by models fitted on `train`.
PENALTY = 3.0
#: Weights below this say nothing.
_SMALLEST = 0.005


def fitted(verdicts: Iterable[Verdict], reader: str) -> dict[str, float]:
    """Return the weight of each feature of a reader's claims.

    Args:
        verdicts: statements that were judged; those that count neither way, and those of other readers, are left out.
        reader: whose.

    Raises:
        GoldenthreadError: there is nothing to learn from.

    """
    import numpy as np  # other commands do without it, and it takes time to start

    rows = [
        (claimed.features(), bool(v.right))
        for v in verdicts
        for claimed in v.claimed
        if v.right is not None and claimed.reader == reader
    ]
    if len({right for _, right in rows}) < 2:
        raise GoldenthreadError(
            f"There are no right and wrong statements of the reader '{reader}' to learn from. Give more documents."
        )
    names = sorted({name for features, _ in rows for name in features})
    place = {name: number for number, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for number, (features, _) in enumerate(rows):
        for name, value in features.items():
            matrix[number, place[name]] = value
    right = np.array([float(y) for _, y in rows])
    penalty = np.full(len(names), PENALTY)
    penalty[place["bias"]] = 1e-6
    weights = np.zeros(len(names))
    for _ in range(50):
        likely = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (likely - right) + penalty * weights
        curve = (matrix * (likely * (1 - likely))[:, None]).T @ matrix + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        weights[place["score"]] = max(weights[place["score"]], 0.0)
        if np.abs(step).max() < 1e-7:
            break
    found = {name: round(float(weights[place[name]]), 3) for name in names}
    return {name: weight for name, weight in found.items() if abs(weight) >= _SMALLEST}


def fitted_together(measured: Sequence[Measured], readers: str) -> dict[str, dict[str, float]]:
    """Return the weights of what readers of this program claim, and of names where several are weighed together.

    Args:
        measured: documents held against annotations.
        readers: their names, sorted and joined by '+'.

    Raises:
        GoldenthreadError: there is nothing to learn from.

    """
    found = {readers: fitted((v for one in measured for v in one.verdicts), readers)}
    if any(one.names for one in measured):
        found[f"names of {readers}"] = fitted((v for one in measured for v in one.names), f"names of {readers}")
    return found


def fitted_priors(measured: Iterable[Measured], calibration: Calibration) -> tuple[Priors, dict[str, float]]:
    """How often readers without a model of their own are right, and what their silence says.

    A prior is the share of right statements by predicate, drawn towards the share of all by twenty statements.
    Silence is the ratio of two odds: of what others claim in documents that such a reader read, and it did not, how
    much is right, to how likely it was without it.

    Args:
        measured: documents held against annotations.
        calibration: by which the other readers' claims are weighed.

    Returns:
        Both by kind of reader; priors also by predicate, with 'other' for all together.

    """
    priors: dict[str, dict[str, float]] = {}
    silence: dict[str, float] = {}
    documents = [[v for v in one.verdicts if v.right is not None] for one in measured]
    kinds = {kind_of(r) for verdicts in documents for v in verdicts for r in v.readers if r not in calibration.weights}
    for kind in sorted(kinds):
        read = [verdicts for verdicts in documents if any(_by(kind, v) for v in verdicts)]
        own = [v for verdicts in read for v in verdicts if _by(kind, v)]
        share = _share(own)
        priors[kind] = {"other": round(share, 3)}
        for predicate in sorted({v.predicate for v in own}):
            some = [v for v in own if v.predicate == predicate]
            mixed = (sum(bool(v.right) for v in some) + _DRAWN * share) / (len(some) + _DRAWN)
            priors[kind][predicate] = round(mixed, 3)
        others = [v for verdicts in read for v in verdicts if not _by(kind, v)]
        if others:
            expected = sum(calibration.probability(v.claimed) for v in others) / len(others)
            ratio = _odds(_share(others)) / _odds(expected)
            silence[kind] = round(min(max(ratio, 0.02), 1.0), 3)
    return priors, silence


#: By how many statements a share of few is drawn towards the share of all.
_DRAWN = 20.0
Priors: TypeAlias = dict[str, dict[str, float]]


def _by(kind: str, verdict: Verdict) -> bool:
    return any(kind_of(reader) == kind for reader in verdict.readers)


def _share(verdicts: Sequence[Verdict]) -> float:
    return (sum(bool(v.right) for v in verdicts) + 0.5) / (len(verdicts) + 1)


def _odds(share: float) -> float:
    return share / (1 - share)


def expected_calibration_error(verdicts: Sequence[Verdict], bins: int = 10) -> float:
    """Return by how much probabilities miss how often statements are right, on average (Naeini et al., AAAI 2015)."""
    judged = [v for v in verdicts if v.right is not None]
    missed = sum(abs(sum(v.probability - bool(v.right) for v in group)) for group in binned(judged, bins).values())
    return missed / len(judged) if judged else 0.0


def binned(verdicts: Iterable[Verdict], bins: int = 10) -> dict[int, list[Verdict]]:
    """Return judged statements by probability: 0 holds those below 1/bins, and so on."""
    found: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.right is not None:
            found.setdefault(min(int(verdict.probability * bins), bins - 1), []).append(verdict)
    return dict(sorted(found.items()))


def as_json(
    weights: Mapping[str, Mapping[str, float]], figures: Mapping[str, Any], base: Calibration | None = None,
    priors: Mapping[str, Mapping[str, float]] | None = None, silence: Mapping[str, float] | None = None,
) -> str:  # fmt: skip
    """Return calibration.json: what is new, with the figures that it rests on, by reader; the rest as it is."""
    old = base or load_calibration()
    data = {
        "threshold": old.threshold,
        "floor": old.floor,
        "together": dict(sorted(old.together.items())),
        "priors": {kind: dict(sorted(row.items())) for kind, row in sorted({**old.priors, **(priors or {})}.items())},
        "silence": dict(sorted({**old.silence, **(silence or {})}.items())),
        "fixed": dict(sorted(old.fixed.items())),
        "figures": {**old.figures, **figures},
        "weights": {reader: dict(sorted(row.items())) for reader, row in sorted({**old.weights, **weights}.items())},
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
