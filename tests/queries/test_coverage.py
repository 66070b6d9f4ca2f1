"""Coverage: which issues the plan in force covers, in a partnership."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from graphs import CONCEPTS, small_ontology, store_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.graph import Store
from goldenthread.queries.coverage import IssueCoverage, coverage
from goldenthread.queries.gaps import find_gaps, rules_named
from goldenthread.queries.owners import owners

PLAN = "Priority:safe-streets stands_in Plan:2024-2027\nPriority:safe-streets addresses Issue:nuisance\n"


def issue_of(store: Store, name: str, on: str | None = None) -> IssueCoverage:
    found = coverage(store, small_ontology(), "oakvale", on)
    return next(i for i in found.issues if i.issue.id == f"issue/{name}")


@pytest.mark.parametrize(
    ("issue", "state"),
    [("nuisance", "covered"), ("graffiti", "covered"), ("disorder", "partly"), ("bike-theft", "uncovered")],
)
def test_an_issue_is_covered_by_the_same_or_broader_and_partly_by_narrower(
    tmp_path: Path, issue: str, state: str
) -> None:
    store = store_of(tmp_path, PLAN + f"Source:residents raises/concern Issue:{issue}")
    assert issue_of(store, issue).state == state


@pytest.mark.parametrize("plan", ["", "Plan:2024-2027"])
def test_without_a_priority_coverage_is_not_stated(tmp_path: Path, plan: str) -> None:
    store = store_of(tmp_path, f"Source:residents raises/concern Issue:noise\n{plan}")
    assert issue_of(store, "noise").state == "not stated"
    assert "not stated" in coverage(store, small_ontology(), "oakvale").finding


def test_only_the_plan_in_force_covers(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        PLAN + "Priority:old stands_in Plan:2020-2023\nPriority:old addresses Issue:theft\n"
        "Source:s raises/concern Issue:theft",
    )
    assert issue_of(store, "theft").state == "uncovered"
    assert issue_of(store, "theft", on="2022-01-01").state == "covered"


def test_how_often_an_issue_is_raised_is_counted_by_stance(tmp_path: Path) -> None:
    lines = (
        "Source:residents raises/concern Issue:noise\nSource:traders raises/concern Issue:noise\n"
        "Source:traders raises/request Issue:noise"
    )
    found = issue_of(store_of(tmp_path, PLAN + lines), "noise")
    assert (found.raised, found.times) == ((("concern", 2), ("request", 1)), 3)


def test_the_priorities_that_address_an_issue_are_named_with_what_they_are_for(tmp_path: Path) -> None:
    found = issue_of(store_of(tmp_path, PLAN + "Source:residents raises/concern Issue:graffiti"), "graffiti")
    assert (found.priorities, [(p.label, what) for p, what in found.broader]) == ((), [("safe streets", "nuisance")])


@pytest.mark.parametrize(("line", "whole"), [("", False), ("Role:warden leads Priority:safe-streets", True)])
def test_a_covered_issue_says_whether_its_thread_is_whole(tmp_path: Path, line: str, whole: bool) -> None:
    store = store_of(tmp_path, PLAN + line)
    assert issue_of(store, "nuisance").whole is whole
    assert ("nobody leads or delivers" in coverage(store, small_ontology(), "oakvale").finding) is not whole


def test_an_action_is_led_by_whoever_leads_the_priority_under_which_it_stands(tmp_path: Path) -> None:
    lines = (
        "Action:locks stands_in Priority:safe-streets\nAction:locks addresses Issue:theft\n"
        "Role:warden leads Priority:safe-streets"
    )
    assert issue_of(store_of(tmp_path, PLAN + lines), "theft").whole


def test_the_finding_counts_and_the_worst_come_first(tmp_path: Path) -> None:
    lines = (
        "Source:residents raises/concern Issue:theft\nSource:residents raises/concern Issue:violence\n"
        "Source:traders raises/concern Issue:violence"
    )
    found = coverage(store_of(tmp_path, PLAN + lines), small_ontology(), "oakvale")
    assert found.finding.startswith("2 of 3 issues have no priority")
    assert [i.issue.label for i in found.issues] == ["violence", "theft", "nuisance"]


ISSUES = st.sampled_from(sorted(CONCEPTS))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(ISSUES, min_size=1, max_size=4), st.sets(ISSUES, min_size=1, max_size=4), st.booleans())
def test_coverage_is_what_its_definition_says_and_agrees_with_the_threads(
    raised: set[str], addressed: set[str], owned: bool
) -> None:
    ontology = small_ontology()
    lines = [
        "Priority:p stands_in Plan:2024-2027",
        *(f"Priority:p addresses Issue:{i}" for i in sorted(addressed)),
        *(f"Source:residents raises/concern Issue:{i}" for i in sorted(raised)),
        *(["Role:warden leads Priority:p"] if owned else []),
    ]
    with tempfile.TemporaryDirectory() as folder, store_of(Path(folder), "\n".join(lines)) as store:
        found = coverage(store, ontology, "oakvale").issues
        threads = {i.issue.id: owners(store, ontology, i.issue.id, "oakvale") for i in found}
        unowned = {gap.id for gap in find_gaps(store, ontology, rules_named(["unowned-issue"])).gaps}
    assert unowned == {i.issue.id for i in found if i.times and i.state == "covered" and not i.whole}
    assert {i.issue.id for i in found} == {f"issue/{name}" for name in raised | addressed}
    for item in found:
        name = item.issue.id.removeprefix("issue/")
        covered = bool(addressed & ontology.ancestors[name].keys())
        partly = any(name in ontology.ancestors[a] for a in addressed)
        assert item.state == ("covered" if covered else "partly" if partly else "uncovered")
        assert item.whole is (threads[item.issue.id].state == "whole")
        assert bool(threads[item.issue.id].commitments) is covered
