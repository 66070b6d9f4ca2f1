"""What the readers of this program together say of a statement, as features of a logistic model.

The rules and the learned reader miss different things and err in different ways, so neither decides alone. Beside how
sure each is, it counts whether something else would fit as well (another body that leads the same), how sure the names
are, and what they look like. Names are weighed likewise. The features are those that helped on marked documents;
`evaluation/calibrate.py` fits their weights.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .calibration import Calibration, Claimed, Featured, log_odds

#: A statement: subject, predicate, object, stance.
Key: TypeAlias = tuple[str, str, str, str | None]

#: The readers of this program that are weighed together where the learned one reads.
LEARNED = "learned"
#: The log-odds of what the learned reader does not claim.
_UNSEEN = -3.5
#: How much less the log-odds of names vary than those of statements.
_OF_NAMES = 0.3


@dataclass(frozen=True, slots=True)
class End:
    """One end of a statement, as the readers of this program know it."""

    type: str
    label: str
    mentions: int
    seen: float  #: how sure the learned reader is of its name; 0 where it does not see it
    others: frozenset[str]  #: what other readers name it


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the readers of this program claim of one statement, all together."""

    reader: str  #: their names, joined by '+'
    predicate: str
    stance: str | None
    given: Mapping[str, float]  #: the features by name
    trusted: bool = False
    score: float = 0.0

    def features(self) -> Mapping[str, float]:
        """The features of the logistic model, by name."""
        return self.given


def together(
    claimed: Mapping[Key, tuple[Claimed, ...]], ends: Mapping[str, End], calibration: Calibration, own: tuple[str, ...]
) -> dict[Key, tuple[Featured, ...]]:
    """What is claimed of each statement, with the claims of this program's readers as one.

    Args:
        claimed: by statement, what each reader claims of it.
        ends: what the statements speak of, by id.
        calibration: says how likely a statement is by the rules alone.
        own: the readers of this program that read the document, sorted.

    """
    surest: dict[tuple[str, ...], float] = {}
    for (subject, predicate, object_, _), each in claimed.items():
        for rival in ((subject, predicate), (predicate, object_, "")):
            surest[rival] = max(surest.get(rival, -math.inf), _learned_log_odds(each))
    found: dict[Key, tuple[Featured, ...]] = {}
    for key, each in claimed.items():
        subject, predicate, object_, _ = key
        ours = tuple(c for c in each if c.reader in own)
        if not ours or predicate in calibration.fixed:
            found[key] = each
            continue
        rules = [c for c in ours if c.reader != LEARNED]
        by_rules = calibration.probability(rules) if rules else None
        rivals = surest[subject, predicate], surest[predicate, object_, ""]
        features = _of_statement(ours, (ends[subject], ends[object_]), rivals, by_rules)
        weighed = Weighed("+".join(own), predicate, ours[0].stance, features)
        found[key] = (weighed, *(c for c in each if c not in ours))
    return found


def names_together(ends: Mapping[str, End], likely: Mapping[Key, float], own: tuple[str, ...]) -> dict[str, Weighed]:
    """What the readers of this program know of each name that nobody else gives.

    Args:
        ends: the entities, by id.
        likely: by statement, how likely it is.
        own: the readers of this program that read the document, sorted.

    """
    used: dict[str, float] = {}
    for (subject, _, object_, _), probability in likely.items():
        for identity in (subject, object_):
            used[identity] = max(used.get(identity, 0.0), probability)
    return {
        identity: Weighed(f"names of {'+'.join(own)}", end.type, None, _of_name(end, used.get(identity, 0.0)))
        for identity, end in ends.items()
        if end.others <= set(own)
    }


def _learned_log_odds(claimed: Collection[Claimed]) -> float:
    """How sure the learned reader is of a statement."""
    return max((log_odds(each.score) for each in claimed if each.reader == LEARNED), default=_UNSEEN)


def _of_statement(
    claimed: Collection[Claimed], ends: tuple[End, End], rivals: tuple[float, float], rules: float | None
) -> dict[str, float]:
    """The features of a statement.

    Args:
        claimed: what each reader of this program claims of it, one at least.
        ends: subject and object.
        rivals: how sure the learned reader is of the surest statement with this subject and predicate, and with this
            predicate and object, itself included; as log-odds.
        rules: how likely the statement is by the rules alone; None where they do not claim it.

    """
    one = next(iter(claimed))
    learned = next((each for each in claimed if each.reader == LEARNED), None)
    score, by_rules = _learned_log_odds(claimed), float(rules is not None)
    found = {
        "bias": 1.0,
        "score": score,
        "not seen": float(learned is None),
        "rules": by_rules,
        "rules' log-odds": log_odds(rules) if rules is not None else 0.0,
        "rules alone": by_rules * (learned is None),
        "rules alone log-odds": log_odds(rules) if rules is not None and learned is None else 0.0,
        "rules and score": score * by_rules,
        "names": _OF_NAMES * log_odds(learned.named) if learned else 0.0,
        "pronoun": float(learned is not None and learned.pronoun),
        "passages": math.log1p(learned.passages) if learned else 0.0,
        "assumed": float(all(each.assumed for each in claimed)),
        "short of the subject's surest": score - rivals[0],
        "short of the object's surest": score - rivals[1],
        f"predicate {one.predicate}": 1.0,
        f"predicate {one.predicate} score": score,
        f"predicate {one.predicate} rules": by_rules,
        f"document {one.document_kind}": 1.0,
        f"ends {ends[0].type}>{ends[1].type}": 1.0,
    }
    for manner in sorted({_manner(cue) for each in claimed if each.reader != LEARNED for cue in each.cues}):
        found |= {f"rules by {manner}": 1.0, f"rules alone by {manner}": float(learned is None)}
    for side, end in zip(("subject", "object"), ends, strict=True):
        found |= {
            f"{side} {end.type}": 1.0,
            f"{side} seen": _OF_NAMES * log_odds(end.seen),
            f"{side} by rules": float(bool(end.others)),
            f"{side} in small letters": float(end.label.islower()),
            f"{side} words": math.log1p(len(end.label.split())),
            f"{side} mentions": math.log1p(end.mentions),
        }
    return found


def _manner(cue: str) -> str:
    """How the rules came to a claim: by the columns of a table, by labelled fields, or by words."""
    last = cue.rpartition("-")[2]
    return {"column": "table", "table": "table", "scale": "table", "answer": "table", "field": "field"}.get(
        last, "words"
    )


def _of_name(end: End, used: float) -> dict[str, float]:
    """The features of a name.

    Args:
        end: what it names.
        used: how likely the likeliest statement is that speaks of it.

    """
    score, by_rules = log_odds(end.seen) if end.seen else _UNSEEN, float(bool(end.others))
    return {
        "bias": 1.0,
        "score": score,
        "not seen": float(not end.seen),
        "rules": by_rules,
        "rules and score": by_rules * score,
        "in a statement": used,
        "in small letters": float(end.label.islower()),
        "words": math.log1p(len(end.label.split())),
        "mentions": math.log1p(end.mentions),
        f"type {end.type}": 1.0,
        f"type {end.type} score": score,
        f"type {end.type} rules": by_rules,
    }
