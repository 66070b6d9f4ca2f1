"""What the readers of this program together say of a statement, as features of a logistic model.

The rules and the learned reader miss different things and err in different ways, so neither decides alone. Beside how
sure each is, it counts whether something else would fit as well (another body that leads the same), how sure the names
are, and what they look like. The features are those that helped on marked documents; `evaluation/calibrate.py` fits
their weights.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .calibration import Claimed, log_odds

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
    by_rules: bool  #: the rules name it


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


def learned_log_odds(claimed: Collection[Claimed]) -> float:
    """How sure the learned reader is of a statement."""
    return max((log_odds(each.score) for each in claimed if each.reader == LEARNED), default=_UNSEEN)


def weighed(
    reader: str, claimed: Collection[Claimed], ends: tuple[End, End], rivals: tuple[float, float], rules: float | None
) -> Weighed:
    """Weigh the claims of one statement.

    Args:
        reader: the names of the readers, joined.
        claimed: what each of them claims, one at least.
        ends: subject and object.
        rivals: how sure the learned reader is of the surest statement with this subject and predicate, and with this
            predicate and object, itself included; as log-odds.
        rules: how likely the statement is by the rules alone; None where they do not claim it.

    """
    one = next(iter(claimed))
    learned = next((each for each in claimed if each.reader == LEARNED), None)
    score = learned_log_odds(claimed)
    by_rules = rules is not None
    sure = log_odds(rules) if rules is not None else 0.0
    found = {
        "bias": 1.0,
        "score": score,
        "not seen": float(learned is None),
        "rules": float(by_rules),
        "rules' log-odds": sure,
        "rules alone": float(by_rules and learned is None),
        "rules and score": score * by_rules,
        "names": _OF_NAMES * log_odds(learned.named) if learned else 0.0,
        "pronoun": float(learned is not None and learned.pronoun),
        "passages": math.log1p(learned.passages) if learned else 0.0,
        "assumed": float(all(each.assumed for each in claimed)),
        "short of the subject's surest": score - rivals[0],
        "short of the object's surest": score - rivals[1],
        f"predicate {one.predicate}": 1.0,
        f"predicate {one.predicate} score": score,
        f"predicate {one.predicate} rules": float(by_rules),
        f"document {one.document_kind}": 1.0,
        f"ends {ends[0].type}>{ends[1].type}": 1.0,
    }
    for side, end in zip(("subject", "object"), ends, strict=True):
        found |= {
            f"{side} {end.type}": 1.0,
            f"{side} seen": _OF_NAMES * log_odds(end.seen),
            f"{side} by rules": float(end.by_rules),
            f"{side} in small letters": float(end.label.islower()),
            f"{side} words": math.log1p(len(end.label.split())),
            f"{side} mentions": math.log1p(end.mentions),
        }
    return Weighed(reader, one.predicate, one.stance, found)
