"""Reading is measured: each statement is right, wrong or neither, each cue gets its share, and councils are left out in turn."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.graph import open_store
from goldenthread.graph.exchange import write_jsonl
from goldenthread.loaders.gold import GoldError, alike, pair_up, read_gold
from goldenthread.loaders.load import Options, load
from goldenthread.loaders.measure import (
    CODED,
    GROUPS,
    PRIOR_WEIGHT,
    CueRecord,
    Measured,
    MeasureError,
    Sample,
    Tally,
    as_toml,
    calibrated,
    find_sample,
    leave_one_out,
    measure,
    read_sample,
    summed,
)
from goldenthread.loaders.readers.rules import cues as cues_module
from goldenthread.loaders.readers.rules.cues import Cue, confidence_of, load_cues
from goldenthread.ontology import Ontology

LOADERS = Path(cues_module.__file__).resolve().parents[2]
#: It names two chairs and two leaders. The annotation has one chair and one leader of them, calls one leader debatable, and adds a third.
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
#: It names a chair and a leader; the annotation has the leader only.
BRACKENBY = (
    "Safer Brackenby Partnership\n\nThe Tannery Street Group is chaired by the Head of Roads.\n\nTrading Standards leads Operation Wren.\n"
)
BRACKENBY_GOLD: dict[str, Any] = {
    "council": "Brackenby",
    "subgroups": [{"name": "Tannery Street Group"}],
    "relations": [{"s": "Trading Standards", "p": "leads", "o": "Operation Wren"}],
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


def measured_in(sample: Sample, ontology: Ontology) -> list[Measured]:
    reads, failed = read_sample(sample, ontology, load_cues())
    assert failed == []
    return measure(reads, ontology)


def record_of(name: str, measured: list[Measured]) -> CueRecord:
    return next(r for r in calibrated(measured, load_cues()) if r.name == name)


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


def test_statements_are_right_wrong_or_neither(sample_of: MakeSample, ontology: Ontology) -> None:
    (measured,) = measured_in(sample_of(oakvale=(OAKVALE, OAKVALE_GOLD)), ontology)
    assert measured.tallies["chairs"] == Tally(right=1, found=2, wanted=1)
    assert measured.tallies["leads"] == Tally(right=1, found=1, wanted=2)
    assert measured.tallies["Partner"] == Tally(right=1, found=1, wanted=1)
    assert measured.tallies["Subgroup"] == Tally(right=2, found=2, wanted=3)
    owning = summed([measured])["ownership"]
    assert owning == Tally(right=2, found=3, wanted=3)
    assert (owning.precision, owning.recall, owning.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))


def test_each_cue_answers_for_its_own_statements(sample_of: MakeSample, ontology: Ontology) -> None:
    measured = measured_in(sample_of(oakvale=(OAKVALE, OAKVALE_GOLD)), ontology)
    chaired, led, unmet = (record_of(name, measured) for name in ("chaired-by", "led-by", "sits-with"))
    assert (chaired.hits, chaired.right, chaired.wrong, chaired.neither, chaired.wanted) == (2, 1, 1, 0, 1)
    assert (led.hits, led.right, led.wrong, led.neither, led.wanted) == (2, 1, 0, 1, 2)
    assert (led.precision, led.recall, chaired.precision, chaired.recall) == (1.0, 0.5, 0.5, 1.0)
    assert (unmet.hits, unmet.precision, unmet.recall) == (0, None, 0.0)


def test_cues_that_were_never_met_are_listed_with_what_they_are_given(sample_of: MakeSample, ontology: Ontology) -> None:
    records = calibrated(measured_in(sample_of(oakvale=(OAKVALE, OAKVALE_GOLD)), ontology), load_cues())
    names = {r.name for r in records}
    assert {c.name for c in load_cues()} | set(CODED) <= names
    given_precision = {c.name: c.precision for c in load_cues()}
    assert all(r.confidence == given_precision[r.name] for r in records if r.name in given_precision and not r.judged)


def test_confidence_is_drawn_towards_that_of_the_relation(sample_of: MakeSample, ontology: Ontology) -> None:
    measured = measured_in(sample_of(oakvale=(OAKVALE, OAKVALE_GOLD)), ontology)
    every = (2 + PRIOR_WEIGHT * 0.5) / (3 + PRIOR_WEIGHT)
    chairs = (1 + PRIOR_WEIGHT * every) / (2 + PRIOR_WEIGHT)
    assert record_of("chaired-by", measured).confidence == pytest.approx((1 + PRIOR_WEIGHT * chairs) / (2 + PRIOR_WEIGHT))
    leads = (1 + PRIOR_WEIGHT * every) / (1 + PRIOR_WEIGHT)
    assert record_of("led-by", measured).confidence == pytest.approx((1 + PRIOR_WEIGHT * leads) / (1 + PRIOR_WEIGHT))


def test_what_was_judged_is_written_and_read_as_confidence(
    sample_of: MakeSample, ontology: Ontology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = as_toml(calibrated(measured_in(sample_of(oakvale=(OAKVALE, OAKVALE_GOLD)), ontology), load_cues()))
    names = re.findall(r"^([\w-]+) = \{ precision = 0\.\d{4}, hits = \d+ \}$", text, re.MULTILINE)
    assert names == ["chaired-by", "led-by"]
    (tmp_path / "cue_precision.toml").write_text(text, encoding="utf-8")
    cues_module.measured.cache_clear()
    monkeypatch.setattr(cues_module, "files", lambda package: tmp_path)
    try:
        assert confidence_of("chaired-by", 0.3) == round(float(re.findall(r"chaired-by = \{ precision = ([\d.]+)", text)[0]), 2)
        assert confidence_of("sits-with", 0.3) == 0.3
    finally:
        cues_module.measured.cache_clear()


def test_evidence_carries_the_confidence_of_its_cue(read_text: Callable[..., Any]) -> None:
    graph = read_text("Update\n\nThe Oakvale Action Group is chaired by the Head of Housing.\n")
    (evidence,) = next(s for s in graph.statements if s.predicate == "chairs").evidence
    assert (evidence.cue, evidence.confidence) == ("chaired-by", confidence_of("chaired-by", -1))
    assert 0 < evidence.confidence <= 1


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
    with pytest.raises(MeasureError, match="has an annotation"):
        find_sample(tmp_path / "docs", tmp_path / "docs")
    (tmp_path / "docs" / "oakvale.md").write_text(OAKVALE, encoding="utf-8")
    with pytest.raises(MeasureError, match="the same annotation"):
        find_sample(tmp_path / "docs", tmp_path / "gold")


# ----------------------------------------------------------------------------------------------- leaving councils out


def test_a_council_is_read_without_the_cues_that_the_others_speak_against(sample_of: MakeSample, ontology: Ontology) -> None:
    sample = sample_of(oakvale=(OAKVALE, OAKVALE_GOLD), brackenby=(BRACKENBY, BRACKENBY_GOLD))
    brackenby, oakvale = leave_one_out([sample], ontology, 0.6)
    assert (brackenby.name, oakvale.name) == ("Brackenby", "Oakvale")
    # In Brackenby the one chair is not annotated: that speaks against the wording when Oakvale is read, and costs it a right one as well.
    assert "chaired-by" in oakvale.left_out
    assert (oakvale.every["chairs"], oakvale.chosen["chairs"]) == (Tally(1, 2, 1), Tally(0, 0, 1))
    assert oakvale.every["leads"] == oakvale.chosen["leads"] == Tally(1, 1, 2)
    assert brackenby.every["leads"] == Tally(1, 1, 1)


def test_with_nothing_left_out_all_stays_as_it_is(sample_of: MakeSample, ontology: Ontology) -> None:
    sample = sample_of(oakvale=(OAKVALE, OAKVALE_GOLD), brackenby=(BRACKENBY, BRACKENBY_GOLD))
    for council in leave_one_out([sample], ontology, 0):
        assert council.left_out == ()
        assert council.every == council.chosen
        assert 0 < council.promised <= council.chosen["relations"].found


def test_statements_of_cues_in_code_are_left_out_too(sample_of: MakeSample, ontology: Ontology) -> None:
    text = "Work goes on in the burglary task group.\n"
    group = {"council": "Oakvale", "subgroups": [{"name": "burglary task group"}], "relations": []}
    row = {"s": "burglary task group", "p": "delivers", "o": "burglary"}
    sample = sample_of(one=(text, group), two=(text, {**group, "council": "Brackenby", "relations": [row]}))
    brackenby, oakvale = leave_one_out([sample], ontology, 0.5)
    assert "group-named-after-issue" in brackenby.left_out
    assert (brackenby.every["delivers"], brackenby.chosen["delivers"]) == (Tally(1, 1, 1), Tally(0, 0, 1))
    assert brackenby.every["Subgroup"] == brackenby.chosen["Subgroup"]
    assert "group-named-after-issue" not in oakvale.left_out


def test_one_council_cannot_be_left_out(sample_of: MakeSample, ontology: Ontology) -> None:
    with pytest.raises(MeasureError, match="one council"):
        leave_one_out([sample_of(oakvale=(OAKVALE, OAKVALE_GOLD))], ontology, 0.5)


# ------------------------------------------------------------------------------------------------- what code names


def cues_in_code() -> Iterator[tuple[str, str]]:
    """The (module, name) of every cue that code states something by, where the name is written out."""
    place = {"RelationClaim": 5, "named_issues": 2}  # of the cue among the arguments
    for path in sorted(LOADERS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) > place.get(node.func.id, 99):
                argument, relation = node.args[place[node.func.id]], node.args[1]
                if isinstance(argument, ast.Constant):
                    structure = isinstance(relation, ast.Constant) and relation.value in ("stands_in", "about")
                    if not structure:
                        yield path.name, str(argument.value)


def test_every_cue_that_code_applies_is_listed() -> None:
    found = list(cues_in_code())
    assert len(found) > 10
    listed = set(CODED) | {c.name for c in load_cues()}
    assert {(module, name) for module, name in found if name not in listed} == set(), "add it to CODED in loaders/measure.py"


def test_no_cue_is_listed_that_code_does_not_apply() -> None:
    source = "\n".join(p.read_text(encoding="utf-8") for p in sorted(LOADERS.rglob("*.py")) if p.name != "measure.py")
    made = {f"{column}-column" for column in ("chair", "lead", "support", "members")}
    gone = {n for n in CODED if f'"{n}"' not in source and n not in made and not n.startswith("feedback-")}
    assert gone == set(), "take it out of CODED in loaders/measure.py"


def test_measured_precisions_are_of_cues_that_there_are() -> None:
    known = set(CODED) | {c.name for c in load_cues()}
    names = set(cues_module.measured())
    assert names
    assert {n for n in names - known if not n.startswith("field-")} == set(), (
        "write loaders/readers/rules/cue_precision.toml again: goldenthread cues --write"
    )
    assert all(0 <= value <= 1 for value in cues_module.measured().values())


def test_cues_are_those_of_the_ontologys_relations(ontology: Ontology) -> None:
    assert {p for predicates in CODED.values() for p in predicates} <= set(GROUPS["relations"]) <= set(ontology.relations)
    assert all(isinstance(c, Cue) for c in load_cues())


# ------------------------------------------------------------------------------------------------------ the yardstick


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="the evaluation corpus (../shared) is not here, so scores cannot be compared")
def test_the_figures_are_those_of_the_scorer(tmp_path: Path, ontology: Ontology) -> None:
    corpus = SHARED / "corpus"
    with open_store(str(tmp_path / "corpus.db"), ontology, create=True) as store, (tmp_path / "out.jsonl").open("wb") as file:
        load(store, ontology, [corpus / "docs"], tmp_path, Options())
        write_jsonl(store, file)
    command = [sys.executable, str(SHARED / "eval" / "score.py"), str(tmp_path / "out.jsonl"), str(corpus / "gold"), "--json"]
    scores = json.loads(subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout)
    totals = summed(measured_in(find_sample(corpus / "docs", corpus / "gold"), ontology))
    ours = {name: (*(round(x, 3) for x in (t.precision, t.recall, t.f1)), t.wanted) for name, t in totals.items()}
    theirs = {n.removeprefix("= "): (*(round(s[k], 3) for k in "prf"), s["n"]) for n, s in scores.items() if isinstance(s, dict)}
    assert ours == {name: theirs[name] for name in ours}
