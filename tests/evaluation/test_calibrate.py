"""Priors of readers from elsewhere, and what their silence says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from goldenthread.evaluation.calibrate import fitted_priors
from goldenthread.evaluation.scores import Measured, Verdict
from goldenthread.loaders.calibration import Claimed, kind_of, load_calibration


def claimed(reader: str, predicate: str = "leads", score: float = 0.8) -> Claimed:
    return Claimed(
        reader,
        predicate,
        frozenset({"lead-column"}),
        score,
        False,
        False,
        "plan",
        "Partner",
        "Priority",
        None,
        None,
        None,
    )


def verdict(right: bool | None, *claims: Claimed) -> Verdict:
    readers = tuple(each.reader for each in claims)
    return Verdict(claims[0].predicate, readers, claims, 0.8, False, right, None)


def measured(*verdicts: Verdict) -> Measured:
    return cast(Measured, SimpleNamespace(verdicts=verdicts))


def test_the_kind_of_a_reader_is_the_first_part_of_its_name() -> None:
    assert (kind_of("llm:some-model"), kind_of("rules")) == ("llm", "rules")


def test_what_a_model_read_and_did_not_claim_is_less_likely() -> None:
    calibration = load_calibration()
    alone = calibration.probability([claimed("rules")], {"rules"})
    silent = calibration.probability([claimed("rules")], {"rules", "llm:x"})
    agreed = calibration.probability([claimed("rules"), claimed("llm:x")], {"rules", "llm:x"})
    assert silent < alone < agreed


def test_silence_of_a_script_says_nothing_and_a_person_is_believed() -> None:
    calibration = load_calibration()
    alone = calibration.probability([claimed("rules")], {"rules"})
    assert calibration.probability([claimed("rules")], {"rules", "script:x"}) == alone
    signed = Claimed(
        "person:Jo",
        "leads",
        frozenset({"claimed"}),
        0.5,
        False,
        False,
        "plan",
        "Partner",
        "Priority",
        None,
        None,
        None,
        True,
    )
    assert calibration.probability([signed], {"person:Jo", "llm:x"}) == 1.0


def test_a_surer_claim_of_a_model_is_likelier() -> None:
    calibration = load_calibration()
    low, high = (calibration.probability([claimed("llm:x", score=score)]) for score in (0.4, 0.95))
    assert low < high


def test_priors_are_the_share_of_right_statements_by_relation() -> None:
    right = [verdict(True, claimed("llm:x")) for _ in range(40)]
    wrong = [verdict(False, claimed("llm:x", "raises")) for _ in range(20)]
    priors, silence = fitted_priors([measured(*right, *wrong, verdict(None, claimed("llm:x")))], load_calibration())
    row = priors["llm"]
    assert row["raises"] < row["other"] < row["leads"]
    assert row["other"] == pytest.approx(2 / 3, abs=0.01)
    assert silence == {}


def test_silence_is_learnt_only_where_the_model_read() -> None:
    read = measured(verdict(True, claimed("llm:x")), *(verdict(False, claimed("rules")) for _ in range(20)))
    unread = measured(*(verdict(True, claimed("rules")) for _ in range(20)))
    _, silence = fitted_priors([read, unread], load_calibration())
    assert 0 < silence["llm"] < 0.2
