"""Documents compared with annotations: statements are right, wrong or neither, and probabilities are fitted."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import RULES, SHARED
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.evaluation import calibrate, tables
from goldenthread.evaluation.gold import GoldError, alike, pair_up, read_gold
from goldenthread.evaluation.scores import (
    EvaluationError,
    Measured,
    Sample,
    Tally,
    Verdict,
    find_sample,
    measure,
    read_sample,
    summed,
)
from goldenthread.graph import open_store
from goldenthread.graph.exchange.jsonl import write_jsonl
from goldenthread.loaders.calibration import Claimed, load_calibration
from goldenthread.loaders.extract import Extractor
from goldenthread.loaders.load import Options, load
from goldenthread.ontology import GoldenthreadError, Ontology

#: It names two chairs and two leaders. The annotation has one chair and one leader of them, calls one leader debatable,
#: and adds a third.
OAKVALE = (
    "Safer Oakvale Partnership\n\nThe Quillgate Action Group is chaired by the Head of Housing. "
    "The Marsh Lane Panel is chaired by the Head of Parks.\n\nOperation Lantern is run by Westmarch Police. "
    "Operation Heron is run by Trading Standards.\n"
)
OAKVALE_GOLD: dict[str, Any] = {
    "council": "Oakvale",
    "partners": [{"name": "Westmarch Police"}, {"name": "Trading Standards", "optional": True}],
    "subgroups": [{"name": "Quillgate Action Group"}, {"name": "Marsh Lane Panel"}, {"name": "Ferry Road Forum"}],
    "relations": [
        {"s": "Head of Housing", "p": "chairs", "o": "Quillgate Action Group"},
        {"s": "Westmarch Police", "p": "leads", "o": "Operation Lantern"},
        {"s": "Trading Standards", "p": "leads", "o": "Operation Heron", "optional": True},
        {"s": "Head of Libraries", "p": "leads", "o": "Operation Curlew"},
    ],
}
MakeSample = Callable[..., Sample]


@pytest.fixture
def sample_of(tmp_path: Path) -> MakeSample:
    """Write documents with their annotations, given as name=(text, annotation), and find them again."""

    def make(**documents: tuple[str, dict[str, Any]]) -> Sample:
        for folder in ("docs", "gold"):
            (tmp_path / folder).mkdir(exist_ok=True)
        for name, (text, gold) in documents.items():
            (tmp_path / "docs" / f"{name}.txt").write_text(text, encoding="utf-8")
            (tmp_path / "gold" / f"{name}.json").write_text(json.dumps(gold), encoding="utf-8")
        return find_sample(tmp_path / "docs", tmp_path / "gold")

    return make


def measured_in(sample: Sample, extractor: Extractor) -> list[Measured]:
    reads = read_sample(sample, extractor, RULES)
    assert reads.failed == []
    return measure(reads.done, extractor.ontology)


# ---------------------------------------------------------------------------------------------------- annotations


@pytest.mark.parametrize(
    ("left", "right", "likeness"),
    [
        ("anti-social behaviour", "Antisocial behaviours", 1.0),
        ("the Quillgate Group", "Quillgate group", 1.0),
        ("knife crime", "knife crime in schools", 0.8),
        ("burglary", "burglary and theft", 0.5),
        ("burglary", "speeding", 0.0),
        ("the", "The ", 1.0),
        ("", "", 0.0),
    ],
)
def test_how_alike_names_are(left: str, right: str, likeness: float) -> None:
    assert alike(left, right) == pytest.approx(likeness)


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_a_share_and_has_no_direction(left: str, right: str) -> None:
    assert alike(left, right) == alike(right, left)
    assert 0 <= alike(left, right) <= 1


@given(st.lists(st.sampled_from("abcd"), max_size=6), st.lists(st.sampled_from("abcd"), max_size=6))
def test_pairs_are_one_to_one_and_all_that_can_be(left: list[str], right: list[str]) -> None:
    pairs = pair_up(left, right, lambda a, b: float(a == b))
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert len(pairs) == sum(min(left.count(letter), right.count(letter)) for letter in "abcd")


def test_an_end_that_means_another_thing_of_the_annotation_does_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    groups = [{"name": "Violence Reduction Board"}, {"name": "Violence Reduction Delivery Group", "surface": ["VRDG"]}]
    path.write_text(json.dumps({"council": "Oakvale", "subgroups": groups}), encoding="utf-8")
    gold = read_gold(path)
    board, group = (e.names for e in gold.entities)
    assert gold.fit(["Violence Reduction Board"], board) == 1
    assert gold.fit(["Reduction Board"], board) == pytest.approx(0.8)
    assert gold.fit(["Violence Reduction Delivery Group"], board) == 0
    assert gold.fit(["VRDG"], group) == 1


def test_an_optional_issue_makes_its_relations_optional(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    issues = [{"label": "noise", "surface": ["din"], "optional": True}, {"label": "graffiti"}]
    relations = [{"s": "residents", "p": "raises", "o": issue, "quote": "q"} for issue in ("noise", "graffiti")]
    path.write_text(json.dumps({"council": "Oakvale", "issues": issues, "relations": relations}), encoding="utf-8")
    gold = read_gold(path)
    assert [(r.object, r.optional) for r in gold.relations] == [(("noise", "din"), True), (("graffiti",), False)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Expecting"),
        ("[]", "not an annotation"),
        ("{}", "it lacks 'council'"),
        ('{"council": "Oakvale", "relations": [{"s": "a", "o": "b"}]}', "it lacks 'p'"),
        ('{"council": "Oakvale", "relations": [{"s": "a", "p": "likes", "o": "b"}]}', "no relation is called 'likes'"),
    ],
)
def test_what_is_no_annotation_is_named_with_the_reason(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GoldError, match=re.escape(why)) as caught:
        read_gold(path)
    assert "plan.json" in str(caught.value)


# ------------------------------------------------------------------------------------------------------ measuring


def test_statements_are_right_wrong_or_neither(sample_of: MakeSample, extractor: Extractor) -> None:
    (measured,) = measured_in(sample_of(oakvale=(OAKVALE, OAKVALE_GOLD)), extractor)
    assert measured.every["chairs"] == Tally(right=1, found=2, wanted=1)
    assert measured.every["leads"] == Tally(right=1, found=1, wanted=2)
    assert measured.every["Partner"] == Tally(right=1, found=1, wanted=1)
    assert measured.every["Subgroup"] == Tally(right=2, found=2, wanted=3)
    owning = summed([measured.every])["ownership"]
    assert owning == Tally(right=2, found=3, wanted=3)
    assert (owning.precision, owning.recall, owning.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))


def test_documents_and_annotations_that_stand_alone_are_passed_over(sample_of: MakeSample, tmp_path: Path) -> None:
    sample_of(oakvale=(OAKVALE, OAKVALE_GOLD))
    (tmp_path / "docs" / "minutes.txt").write_text("Minutes\n", encoding="utf-8")
    (tmp_path / "gold" / "plan.json").write_text("{}", encoding="utf-8")
    sample = find_sample(tmp_path / "docs", tmp_path / "gold")
    assert [path.stem for path, _ in sample.documents] == ["oakvale"]
    assert [line.split("/")[-1] for line in sample.passed_over] == [
        "minutes.txt: has no annotation", "plan.json: has no document that can be read",
    ]  # fmt: skip


def test_there_must_be_something_to_measure(sample_of: MakeSample, tmp_path: Path) -> None:
    sample_of(oakvale=(OAKVALE, OAKVALE_GOLD))
    with pytest.raises(EvaluationError, match="has an annotation"):
        find_sample(tmp_path / "docs", tmp_path / "docs")
    (tmp_path / "docs" / "oakvale.md").write_text(OAKVALE, encoding="utf-8")
    with pytest.raises(EvaluationError, match="the same annotation"):
        find_sample(tmp_path / "docs", tmp_path / "gold")


# ------------------------------------------------------------------------------------------------------ calibrating


def claimed(**other: Any) -> Claimed:
    known: dict[str, Any] = {
        "reader": "rules", "predicate": "leads", "cues": frozenset(["led-by"]), "score": 0.8, "assumed": False,
        "several": False, "document_kind": "minutes", "subject_type": "Role", "object_type": "Action",
        "subject_kind": None, "object_kind": None, "stance": None,
    }  # fmt: skip
    return Claimed(**{**known, **other})


def verdict(right: bool | None, probability: float = 0.8, **other: Any) -> Verdict:
    one = claimed(**other)
    return Verdict(one.predicate, (one.reader,), (one,), probability, probability < 0.6, right, None)


def test_a_cue_that_is_often_right_becomes_likelier_and_a_surer_reader_is_never_believed_less() -> None:
    good = [verdict(n % 10 != 0, cues=frozenset(["led-by"]), score=0.9) for n in range(60)]
    bad = [verdict(n % 10 == 0, cues=frozenset(["runs"]), score=0.95) for n in range(60)]
    weights = {"rules": calibrate.fitted([*good, *bad, verdict(None)], "rules")}
    likely = replace(load_calibration(), weights=weights).probability
    assert likely([claimed(cues=frozenset(["led-by"]))]) > 0.7 > 0.5 > likely([claimed(cues=frozenset(["runs"]))])
    scores = [likely([claimed(score=score)]) for score in (0.1, 0.5, 0.9)]
    assert scores == sorted(scores)


def test_there_must_be_right_and_wrong_ones_to_learn_from() -> None:
    with pytest.raises(GoldenthreadError, match="right and wrong statements of the reader 'rules'"):
        calibrate.fitted([verdict(True), verdict(None)], "rules")


def test_what_is_fitted_is_read_back_and_keeps_the_rest(tmp_path: Path) -> None:
    data = json.loads(calibrate.as_json({"rules": {"bias": 0.5}}, {"rules": {"fitted on": "a test"}}))
    old = load_calibration()
    assert (data["weights"], data["threshold"], data["figures"]) == (
        {**old.weights, "rules": {"bias": 0.5}},
        old.threshold,
        {**old.figures, "rules": {"fitted on": "a test"}},
    )


def test_probabilities_that_hold_have_no_calibration_error() -> None:
    true = [verdict(n < 8, 0.8) for n in range(10)]
    assert calibrate.expected_calibration_error(true) == pytest.approx(0)
    assert calibrate.expected_calibration_error([*true, *(verdict(False, 0.9) for _ in range(10))]) == pytest.approx(
        0.45
    )
    assert list(calibrate.binned([verdict(True, 0.05), verdict(True, 1.0), verdict(None, 0.5)])) == [0, 9]


def test_the_report_tells_stated_from_all_and_kinds_of_documents_apart(
    sample_of: MakeSample, extractor: Extractor
) -> None:
    measured = measured_in(sample_of(oakvale=(OAKVALE, {**OAKVALE_GOLD, "kind": "minutes"})), extractor)
    finding, (columns, rows), data = tables.report(measured, {("unowned-priority", "missing"): Tally(1, 2, 4)})
    assert finding.startswith("1 document: relations F1 0.667 (P 0.67, R 0.67); stated P")
    assert data["all"]["leads"] == {"p": 1.0, "r": 0.5, "f1": 0.6667, "found": 1, "wanted": 2}
    assert data["kinds"]["minutes"]["all"]["chairs"]["found"] == 2
    assert all(len(row) == len(columns) for row in rows)
    assert {row[1] for row in rows} >= {"all", "minutes (1), all", "reader rules", "gaps, missing"}
    assert data["gaps"] == {
        "missing": {"unowned-priority": {"p": 0.5, "r": 0.25, "f1": 0.3333, "found": 2, "wanted": 4}}
    }


@pytest.mark.parametrize(("by", "name"), [("council", "Oakvale"), ("letter", "o")])
def test_councils_and_hands_are_told_apart(sample_of: MakeSample, extractor: Extractor, by: str, name: str) -> None:
    other = {**OAKVALE_GOLD, "council": "Brackenby", "relations": []}
    measured = measured_in(sample_of(oakvale=(OAKVALE, OAKVALE_GOLD), brackenby=(OAKVALE, other)), extractor)
    finding, _, data = tables.left_out(measured, by)
    assert data[by][name]["relations"]["f1"] == pytest.approx(0.6667)
    assert data["worst"] in finding
    assert data["mean"] == pytest.approx(0.6667 / 2, abs=0.001)


@given(st.floats(0, 1), st.floats(0, 1))
def test_readers_that_agree_are_believed_more_than_each_alone(one: float, other: float) -> None:
    likely = load_calibration().probability
    a, b = claimed(reader="llm:x", score=one), claimed(reader="file:y", score=other)
    assert likely([a, b]) >= max(likely([a]), likely([b])) - 1e-9
    assert likely([replace(a, trusted=True), b]) == 1
    assert not math.isnan(likely([a]))


# ------------------------------------------------------------------------------------------------------ the yardstick


@pytest.mark.skipif(
    not (SHARED / "corpus").is_dir(),
    reason="the evaluation corpus (../shared) is not here, so scores cannot be compared",
)
def test_the_figures_are_those_of_the_scorer(tmp_path: Path, ontology: Ontology, extractor: Extractor) -> None:
    corpus = SHARED / "corpus"
    with (
        open_store(str(tmp_path / "corpus.db"), ontology, create=True) as store,
        (tmp_path / "out.jsonl").open("wb") as file,
    ):
        load(store, ontology, [corpus / "docs"], tmp_path, Options(readers=RULES))
        write_jsonl(store, file)
    command = [
        sys.executable,
        str(SHARED / "eval" / "score.py"),
        str(tmp_path / "out.jsonl"),
        str(corpus / "gold"),
        "--json",
    ]
    scores = json.loads(subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout)
    totals = summed(one.every for one in measured_in(find_sample(corpus / "docs", corpus / "gold"), extractor))
    ours = {name: (t.precision, t.recall, t.f1, t.wanted) for name, t in totals.items()}
    theirs = {
        n.removeprefix("= "): (*(round(s[k], 3) for k in "prf"), s["n"])
        for n, s in scores.items()
        if isinstance(s, dict)
    }
    assert {name: pytest.approx(theirs[name], abs=0.0006) for name in ours} == ours  # the scorer rounds to 3 digits
