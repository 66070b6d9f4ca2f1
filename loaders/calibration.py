"""From what readers claim to how likely it is: probabilities learned on marked documents, kept as data.

Each reader's claims of one statement become features (predicate, cues, assumed or not, kind of document, types and
kinds of both ends), which a logistic model weighs: p = 1 / (1 + exp(-w·x)). A reader without a model of its own has a
prior for its kind. Where several readers claim the same statement, it is false only if all are wrong (noisy or: Pearl,
'Probabilistic Reasoning in Intelligent Systems', 1988, section 4.3.2). `evaluation/calibrate.py` makes
calibration.json.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from ..ontology import GoldenthreadError

#: No statement of a reader is surer than this, nor less sure than its complement.
SUREST = 0.99
_NAMES = frozenset(("threshold", "floor", "together", "weights", "priors", "fixed", "figures", "silence"))


class CalibrationError(GoldenthreadError):
    """A calibration of a person's own cannot be used."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one reader claims of one statement, all its claims together."""

    reader: str
    predicate: str
    cues: frozenset[str]
    score: float  #: the best of its claims' scores
    assumed: bool  #: each of its claims is
    several: bool  #: more than one passage says so
    document_kind: str
    subject_type: str
    object_type: str
    subject_kind: str | None
    object_kind: str | None
    stance: str | None
    trusted: bool = False  #: a person signed it
    named: float = 1.0  #: how sure the reader is of the names of both ends, at best
    pronoun: bool = False  #: an end is told by a word such as 'it' in each of its claims
    passages: int = 1  #: how many passages say so

    def features(self) -> dict[str, float]:
        """The features of the logistic model, by name."""
        ends = f"{self.subject_type}>{self.object_type}"
        found = {
            "bias": 1.0,
            "score": log_odds(self.score),
            f"predicate {self.predicate}": 1.0,
            f"document {self.document_kind}": 1.0,
            f"predicate {self.predicate} document {self.document_kind}": 1.0,
            f"predicate {self.predicate} ends {ends}": 1.0,
            f"subject {self.subject_kind}": 1.0,
            f"object {self.object_kind}": 1.0,
            "assumed": float(self.assumed),
            "several": float(self.several),
        }
        found |= {f"cue {cue}": 1.0 / len(self.cues) for cue in self.cues}
        if self.stance:
            found[f"stance {self.stance}"] = 1.0
        return found


class Featured(Protocol):
    """What a reader, or several together, claim of one statement."""

    @property
    def reader(self) -> str:
        """Whose claims these are."""
        ...

    @property
    def predicate(self) -> str:
        """The statement's predicate."""
        ...

    @property
    def score(self) -> float:
        """The best of the claims' scores."""
        ...

    @property
    def trusted(self) -> bool:
        """Whether a person signed a claim."""
        ...

    def features(self) -> Mapping[str, float]:
        """The features of the logistic model, by name."""
        ...


@dataclass(frozen=True, slots=True)
class Calibration:
    """How claims become probabilities, and what counts as stated."""

    threshold: float  #: what is likelier is stated, the rest suggested
    floor: float  #: what is less likely is dropped
    #: The same where the learned reader reads: 'threshold', 'floor', and 'names', from which on a name stays of which
    #: nothing is said.
    together: Mapping[str, float]
    weights: Mapping[str, Mapping[str, float]]  #: by reader, of each feature; a feature that is not here weighs nothing
    priors: Mapping[str, Mapping[str, float]]  #: by kind of reader and predicate (else 'other'), how often it is right
    fixed: Mapping[str, float]  #: by predicate, of relations that nobody marked: the probability of each
    figures: Mapping[str, Mapping[str, str]]  #: by reader, what its numbers were fitted on
    #: By kind of reader: how many times less the odds are of what it read and did not claim.
    silence: Mapping[str, float]
    #: A hash of the file that a person gave, which is part of how a document was read; none for the package's own.
    given: tuple[str, ...] = ()

    def limits(self, *, together: bool) -> Mapping[str, float]:
        """What is stated, dropped, and kept as a name; `together` where the learned reader reads."""
        return self.together if together else {"threshold": self.threshold, "floor": self.floor, "names": 0.0}

    def without_limits(self) -> Calibration:
        """The same calibration, by which nothing is dropped: what is fitted must see what is unlikely."""
        return replace(self, floor=0.0, together={**self.together, "floor": 0.0, "names": 0.0})

    def probability(self, claimed: Sequence[Featured], readers: AbstractSet[str] = frozenset()) -> float:
        """How likely a statement is that one or several readers claim.

        It is rounded to four decimals, so that all processors agree.

        Args:
            claimed: what each reader claims of it.
            readers: who read the whole document; where one of them finds most of what there is, its silence speaks
                against what another reader of this program claims.

        """
        wrong = 1.0
        for each in claimed:
            if each.trusted:
                return 1.0
            wrong *= 1.0 - self._of_reader(each)
        silent = {kind_of(r) for r in readers} - {kind_of(each.reader) for each in claimed}
        if any(each.predicate in self.fixed or each.reader not in self.weights for each in claimed):
            silent = set()
        odds = log_odds(1.0 - wrong) + sum(math.log(self.silence.get(kind, 1.0)) for kind in sorted(silent))
        return round(_probability(odds) if silent & self.silence.keys() else min(1.0 - wrong, SUREST), 4)

    def _of_reader(self, claimed: Featured) -> float:
        if claimed.predicate in self.fixed:
            return self.fixed[claimed.predicate]
        weights = self.weights.get(claimed.reader)
        if weights is None:
            rights = self.priors.get(kind_of(claimed.reader), self.priors["other"])
            prior = rights.get(claimed.predicate, rights["other"])
            return _probability(log_odds(prior) + log_odds(claimed.score) - log_odds(0.8))
        return _probability(sum(weights.get(name, 0.0) * value for name, value in sorted(claimed.features().items())))


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """The calibration that comes with the package."""
    return _calibration(json.loads((files(__package__ or "") / "calibration.json").read_text(encoding="utf-8")))


def read_calibration(path: Path) -> Calibration:
    """Read a calibration of one's own, as `evaluate --fit` and `--fit-prior` write it.

    Raises:
        CalibrationError: the file is missing, or holds none.

    """
    try:
        data = path.read_bytes()
        found = _calibration(json.loads(data.decode("utf-8-sig"), parse_constant=_no_number))
    except OSError as error:
        raise CalibrationError(f"{path} could not be read: {error.strerror or error}. Check the name.") from error
    except (ValueError, RecursionError, CalibrationError) as error:
        why = str(error) if isinstance(error, CalibrationError) else "is no JSON in UTF-8"
        raise CalibrationError(f"{path} {why}. Make it with 'goldenthread evaluate --fit-prior FILE'.") from error
    return replace(found, given=(f"calibration={hashlib.sha256(data).hexdigest()}",))


def _no_number(constant: str) -> float:
    raise CalibrationError(f"holds {constant}, which is no number of JSON")


def _calibration(data: Any) -> Calibration:
    if not isinstance(data, dict) or _NAMES - data.keys():
        missing = ", ".join(sorted(_NAMES - data.keys())) if isinstance(data, dict) else "all"
        raise CalibrationError(f"holds no calibration (missing: {missing})")
    right = (
        all(_is_probability(data[name]) for name in ("threshold", "floor"))
        and _are(data["together"], _is_probability)
        and data["together"].keys() == {"threshold", "floor", "names"}
        and _are(data["fixed"], _is_probability)
        and _are(data["priors"], lambda rights: _are(rights, _is_probability) and "other" in rights)
        and "other" in data["priors"]
        and _are(data["silence"], lambda value: _is_number(value) and value > 0)
        and _are(data["weights"], lambda weights: _are(weights, _is_number))
        and _are(data["figures"], lambda figures: _are(figures, lambda words: isinstance(words, str)))
    )
    if not right:
        raise CalibrationError("holds a calibration with something else where a number must stand, or without 'other'")
    return Calibration(**{name: data[name] for name in _NAMES})


def _are(values: Any, right: Callable[[Any], bool]) -> bool:
    return isinstance(values, dict) and all(right(value) for value in values.values())


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_probability(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= 1


def kind_of(reader: str) -> str:
    """The kind of a reader: 'llm' of 'llm:pasted'."""
    return reader.partition(":")[0]


def log_odds(probability: float) -> float:
    """The logarithm of the odds of a probability, kept away from 0 and 1."""
    kept = min(max(probability, 1 - SUREST), SUREST)
    return math.log(kept / (1 - kept))


def _probability(log_odds: float) -> float:
    return min(max(1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0))), 1 - SUREST), SUREST)
