"""The example borough says what examples/README.md promises."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from conftest import RULES

from goldenthread.examples.demo import copy_documents
from goldenthread.graph import Store, open_store
from goldenthread.graph.audit import audit
from goldenthread.graph.exchange.jsonl import write_jsonl
from goldenthread.loaders.load import Options, load
from goldenthread.ontology import Ontology
from goldenthread.queries.across import coverage_of
from goldenthread.queries.ask import ask
from goldenthread.queries.gaps import GapReport, find_gaps, rules_named
from goldenthread.queries.owners import owners_of_name


@pytest.fixture(scope="module")
def found(harrowmere: Store, ontology: Ontology) -> GapReport:
    return find_gaps(harrowmere, ontology, rules_named(()))


def labels(found: GapReport, rule: str, *bases: str) -> set[str]:
    return {g.label for g in found.gaps if g.rule == rule and g.basis in (bases or ("missing", "possible"))}


def test_nobody_owns_safer_lives_online(found: GapReport) -> None:
    assert labels(found, "unowned-priority", "missing") == {"Safer Lives Online"}
    assert labels(found, "unowned-priority", "possible") == set()


def test_what_people_raise_and_nothing_covers(found: GapReport) -> None:
    assert {"catalytic converter theft", "speeding", "rural crime"} <= labels(found, "uncovered-issue")
    assert not {"anti-social behaviour", "burglary", "knife crime", "fraud", "domestic abuse"} & labels(
        found, "uncovered-issue"
    )


def test_the_new_plan_drops_rural_crime(found: GapReport) -> None:
    assert labels(found, "dropped-issue") == {"rural crime", "hare coursing", "farm theft"}


def test_the_probation_service_is_missing_from_the_board(found: GapReport) -> None:
    assert [g.message for g in found.gaps if g.rule == "absent-authority" and g.basis == "missing"] == [
        "The probation service is not named among the members of Safer Harrowmere Partnership; "
        "the law makes it a responsible authority."
    ]


def test_two_things_have_two_owners_and_no_more(found: GapReport) -> None:
    assert labels(found, "conflicting-owners", "missing") == {
        "Breaking the Cycle of Reoffending", "Renew the Public Spaces Protection Order for Quillgate town centre",
    }  # fmt: skip


def test_a_plan_is_called_by_its_own_title_not_by_that_of_its_action_plan(harrowmere: Store) -> None:
    assert {each.label for each in harrowmere.entities() if each.type == "Plan"} == {
        "Safer Harrowmere Plan 2021-2024", "Safer Harrowmere Plan 2024-2027", "Plan (period not stated)",
    }  # fmt: skip


def test_one_group_has_no_chair(found: GapReport) -> None:
    assert "Cohesion and Prevent Group" in labels(found, "unchaired-group")
    assert not {"Serious Violence Panel", "Neighbourhood Action Group"} & labels(found, "unchaired-group")


def test_the_thread_of_anti_social_behaviour_is_whole_and_that_of_fraud_is_not(
    harrowmere: Store, ontology: Ontology
) -> None:
    (whole,) = owners_of_name(harrowmere, ontology, "ASB").threads
    assert (whole.state, {s.thing.label for c in whole.commitments for s in c.owners}) == (
        "whole",
        {"Head of Community Safety", "Neighbourhood Action Group"},
    )
    (broken,) = owners_of_name(harrowmere, ontology, "fraud").threads
    assert broken.state == "broken"
    assert "Safer Lives Online" in {t.label for t in broken.stops_at}


def test_a_misspelt_name_gets_suggestions_and_no_answer(harrowmere: Store, ontology: Ontology) -> None:
    found = owners_of_name(harrowmere, ontology, "burglery of homs")
    assert found.threads == ()
    assert "Not stated" in found.finding


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("Who leads Safer Streets and Neighbourhoods?", {"Head of Community Safety"}),
        ("Who chairs the Neighbourhood Action Group?", {"Head of Community Safety"}),
        ("Which priority covers burglary?", {"Safer Streets and Neighbourhoods"}),
        ("Which priorities have no lead?", {"Safer Lives Online"}),
        ("What is Pride in Our Place now called?", {"Safer Streets and Neighbourhoods"}),
        ("Who leads Safer Lives Online?", set()),
        ("Who painted the town hall?", set()),
    ],
)
def test_questions_are_answered_or_said_to_be_not_stated(
    harrowmere: Store, ontology: Ontology, question: str, answers: set[str]
) -> None:
    answer = ask(harrowmere, ontology, question)
    assert {thing.label for thing, _ in answer.answers} == answers
    assert answer.stated is bool(answers)
    assert answers or "Not stated" in answer.text


def test_what_is_only_suggested_is_no_answer_but_told(harrowmere: Store, ontology: Ontology) -> None:
    answer = ask(harrowmere, ontology, "Who raised speeding?")
    assert (answer.stated, answer.possible) == (False, True)
    assert {thing.label for thing, _ in answer.answers} == {"Communities Scrutiny Committee", "respondents"}
    assert answer.text.startswith("Not stated in these documents.")
    assert answer.text.endswith("Possible, to check: Communities Scrutiny Committee and respondents.")
    assert {each["status"] for each in answer.to_json()["answers"]} == {"suggested"}


def test_every_owner_that_a_table_names_is_stated(harrowmere: Store) -> None:
    owning = [s for s in harrowmere.statements() if s.predicate in ("leads", "delivers", "chairs")]
    from_tables = [s for s in owning if any(e.cue.endswith("-column") for e in s.evidence)]
    assert len(from_tables) > 20
    assert {s.status for s in from_tables} <= {"extracted", "assumed"}


def test_coverage_and_gaps_agree_on_what_is_uncovered(harrowmere: Store, ontology: Ontology, found: GapReport) -> None:
    uncovered = {
        i.issue.label
        for c in coverage_of(harrowmere, ontology, None).partnerships
        for i in c.issues
        if i.state in ("uncovered", "partly")
    }
    assert labels(found, "uncovered-issue", "missing") <= uncovered


def test_every_quote_is_found_again(harrowmere: Store, tmp_path: Path) -> None:
    report = audit(harrowmere, tmp_path)
    assert report.passed
    assert report.checked > 300


def test_one_by_one_backwards_or_twice_the_export_is_the_same(
    harrowmere: Store, ontology: Ontology, tmp_path: Path
) -> None:
    folder = copy_documents(tmp_path)
    with open_store(str(tmp_path / "s.db"), ontology, create=True) as store:
        for path in [*sorted(folder.iterdir(), reverse=True), folder]:
            load(store, ontology, [path], tmp_path, Options(readers=RULES, partnership="Harrowmere"))
        assert exported(store) == exported(harrowmere)


def exported(store: Store) -> bytes:
    file = io.BytesIO()
    write_jsonl(store, file)
    return file.getvalue()
