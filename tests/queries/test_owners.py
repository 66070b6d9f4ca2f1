"""The golden thread: how far it carries, where it stops, and what does not count."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphs import CONCEPTS, small_ontology, store_of, thing_id
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.graph import Store
from goldenthread.queries.facts import Fact, UnknownThingError
from goldenthread.queries.owners import owners, owners_of_name, threads
from goldenthread.queries.thread import Step, Thread

PLAN = "Priority:safe-streets stands_in Plan:2024-2027\nPriority:safe-streets addresses Issue:graffiti\n"
OLD = (
    "Priority:clean-walls stands_in Plan:2020-2023\nPriority:clean-walls addresses Issue:graffiti\n"
    "Role:warden leads Priority:clean-walls\n"
)


def thread_of(store: Store, word: str, on: str | None = None) -> Thread:
    return owners(store, small_ontology(), thing_id(word), on=on)


def woven(tmp_path: Path, lines: str, word: str, on: str | None = None) -> Thread:
    return thread_of(store_of(tmp_path, lines), word, on)


def owner_labels(thread: Thread) -> set[str]:
    return {owner.thing.label for commitment in thread.commitments for owner in commitment.owners}


def all_facts(steps: tuple[Step, ...]) -> Iterator[Fact]:
    for step in steps:
        yield step.fact
        yield from all_facts(step.steps)


# ------------------------------------------------------------------------------------------------------- issues


def test_a_thread_that_reaches_somebody_who_leads_is_whole(tmp_path: Path) -> None:
    thread = woven(
        tmp_path,
        PLAN + "Role:warden leads Priority:safe-streets\nSource:residents raises/concern Issue:graffiti",
        "Issue:graffiti",
    )
    assert (thread.state, owner_labels(thread), thread.stops_at) == ("whole", {"warden"}, ())
    assert (
        thread.sentence == 'The thread from "graffiti" carries through the priority "safe streets" to warden (leads).'
    )
    assert [s.words for s in thread.steps] == ["concern is raised by", "is addressed by"]


def test_a_group_that_delivers_makes_a_thread_whole_too(tmp_path: Path) -> None:
    assert (
        woven(tmp_path, PLAN + "Subgroup:oak-group delivers Priority:safe-streets", "Issue:graffiti").state == "whole"
    )


@pytest.mark.parametrize("line", ["", "Partner:lantern supports Priority:safe-streets"])
def test_a_priority_without_owner_is_where_the_thread_stops(tmp_path: Path, line: str) -> None:
    thread = woven(tmp_path, PLAN + line, "Issue:graffiti")
    assert (thread.state, [t.label for t in thread.stops_at]) == ("broken", ["safe streets"])
    assert (
        'stops at the priority "safe streets": these documents do not say who leads or delivers it.' in thread.sentence
    )


def test_a_priority_for_something_broader_carries_the_thread_and_says_so(tmp_path: Path) -> None:
    lines = (
        "Priority:calm stands_in Plan:2024-2027\nPriority:calm addresses Issue:disorder\n"
        "Role:warden leads Priority:calm"
    )
    thread = woven(tmp_path, lines, "Issue:graffiti")
    assert thread.state == "whole"
    assert [c.via.label for c in thread.commitments if c.via] == ["disorder"]
    assert 'which addresses the broader "disorder"' in thread.sentence


def test_a_priority_for_something_narrower_does_not_carry_the_thread(tmp_path: Path) -> None:
    thread = woven(tmp_path, PLAN + "Role:warden leads Priority:safe-streets", "Issue:disorder")
    assert (thread.state, thread.commitments) == ("broken", ())
    assert 'Only something narrower is addressed: "graffiti" (by "safe streets").' in thread.sentence


def test_an_issue_that_nothing_addresses_is_where_the_thread_stops(tmp_path: Path) -> None:
    thread = woven(tmp_path, PLAN + "Source:residents raises/concern Issue:bike-theft", "Issue:bike-theft")
    assert (thread.state, [t.label for t in thread.stops_at]) == ("broken", ["bike theft"])


@pytest.mark.parametrize("line", ["", "Plan:2024-2027"])
def test_without_a_priority_in_force_nothing_is_said_to_be_missing(tmp_path: Path, line: str) -> None:
    thread = woven(tmp_path, f"Source:residents raises/concern Issue:bike-theft\n{line}", "Issue:bike-theft")
    assert (thread.state, thread.stops_at) == ("not stated", ())


def test_what_an_earlier_plan_committed_to_is_shown_apart_and_does_not_count(tmp_path: Path) -> None:
    store = store_of(tmp_path, OLD + "Priority:quiet stands_in Plan:2024-2027\nPriority:quiet addresses Issue:noise")
    now = thread_of(store, "Issue:graffiti")
    assert (now.state, owner_labels(now), [s.plan for s in now.earlier]) == ("broken", set(), ["2020 2023"])
    then = thread_of(store, "Issue:graffiti", on="2021-06-01")
    assert (then.state, owner_labels(then)) == ("whole", {"warden"})


def test_who_leads_on_the_issue_itself_is_told_where_no_priority_addresses_it(tmp_path: Path) -> None:
    thread = woven(tmp_path, PLAN + "Partner:lantern leads Issue:noise", "Issue:noise")
    assert ([o.thing.label for o in thread.owners], thread.state) == (["lantern"], "broken")
    assert thread.sentence.endswith("lantern leads it directly.")


def test_an_action_goes_on_to_the_priority_under_which_it_stands(tmp_path: Path) -> None:
    lines = (
        PLAN + "Action:lamps stands_in Priority:safe-streets\nAction:lamps addresses Issue:bike-theft\n"
        "Role:warden leads Priority:safe-streets"
    )
    thread = woven(tmp_path, lines, "Issue:bike-theft")
    assert thread.state == "whole"
    assert (
        'the action "lamps" and the priority "safe streets", under which it stands, to warden (leads)'
        in thread.sentence
    )
    assert owner_labels(thread) == set()  # of the action itself nobody is said to be the owner


def test_a_group_leads_on_to_its_chair_and_to_what_it_is_part_of(tmp_path: Path) -> None:
    lines = (
        PLAN + "Subgroup:oak-group delivers Priority:safe-streets\nRole:warden chairs Subgroup:oak-group\n"
        "Subgroup:oak-group part_of Partnership:"
    )
    (commitment,) = woven(tmp_path, lines, "Issue:graffiti").commitments
    (group,) = commitment.owners
    assert [(s.words, s.thing.type) for s in group.steps] == [("is chaired by", "Role"), ("is part of", "Partnership")]


def test_documents_that_name_different_leaders_are_said_to_differ(tmp_path: Path) -> None:
    documents = {
        "a.md": PLAN + "Role:warden leads Priority:safe-streets",
        "b.md": "Role:marshal leads Priority:safe-streets",
    }
    thread = thread_of(store_of(tmp_path, documents), "Issue:graffiti")
    assert [c.thing.label for c in thread.conflicts] == ["safe streets"]
    assert thread.sentence.endswith(
        'The documents differ on who leads the priority "safe streets": marshal (b.md) and warden (a.md).'
    )


def test_two_leaders_in_one_document_share_the_lead(tmp_path: Path) -> None:
    lines = PLAN + "Role:warden leads Priority:safe-streets\nRole:marshal leads Priority:safe-streets"
    assert woven(tmp_path, lines, "Issue:graffiti").conflicts == ()


def test_a_ring_of_groups_ends(tmp_path: Path) -> None:
    lines = (
        PLAN + "Subgroup:a delivers Priority:safe-streets\nSubgroup:a part_of Subgroup:b\nSubgroup:b part_of Subgroup:a"
    )
    assert woven(tmp_path, lines, "Issue:graffiti").state == "whole"


# ------------------------------------------------------------------------------------------- from other things


@pytest.mark.parametrize(
    ("word", "lines", "state", "words"),
    [
        (
            "Priority:safe-streets",
            PLAN + "Role:warden leads Priority:safe-streets",
            "whole",
            'Warden leads the priority "safe streets".',
        ),
        ("Priority:safe-streets", PLAN, "broken", "these documents do not say who leads or delivers it."),
        (
            "Action:lamps",
            "Action:lamps stands_in Priority:p\nRole:warden leads Priority:p",
            "broken",
            'It stands under the priority "p"',
        ),
        (
            "Subgroup:oak",
            "Role:warden chairs Subgroup:oak\nSubgroup:oak delivers Priority:p",
            "whole",
            'It delivers the priority "p".',
        ),
        ("Subgroup:oak", "Subgroup:oak delivers Priority:p", "broken", "do not say who chairs or leads it"),
        ("Plan:2024-2027", PLAN, "broken", "1 of 1 priority"),
        ("Plan:2024-2027", PLAN + "Role:warden leads Priority:safe-streets", "whole", "each of the 1 priority"),
        ("Partner:lantern", "Partner:lantern", "not stated", "state nothing of"),
    ],
)
def test_a_thread_can_start_anywhere(tmp_path: Path, word: str, lines: str, state: str, words: str) -> None:
    thread = woven(tmp_path, lines, word)
    assert thread.state == state
    assert words in thread.sentence


def test_a_group_shows_which_issues_its_priorities_address(tmp_path: Path) -> None:
    thread = woven(
        tmp_path,
        PLAN + "Subgroup:oak delivers Priority:safe-streets\nRole:warden leads Priority:safe-streets",
        "Subgroup:oak",
    )
    (priority,) = [s for s in thread.steps if s.thing.type == "Priority"]
    assert [(s.words, s.thing.label) for s in priority.steps] == [("addresses", "graffiti")]


def test_an_id_that_is_not_there_is_an_error_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(UnknownThingError, match="goldenthread search"):
        woven(tmp_path, PLAN, "Priority:nowhere")


# -------------------------------------------------------------------------------------------- several partnerships


def test_each_partnership_has_a_thread_of_its_own(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"oak.md": PLAN + "Role:warden leads Priority:safe-streets"})
    store_of(tmp_path, {"elm.md": PLAN}, partnership="elmvale", store=store)
    found = threads(store, small_ontology(), "issue/graffiti")
    assert [(t.partnership, t.state) for t in found] == [("elmvale", "broken"), ("oakvale", "whole")]
    named = owners_of_name(store, small_ontology(), "graffiti")
    assert named.finding.startswith("elmvale: The thread")
    assert [t.partnership for t in owners_of_name(store, small_ontology(), "graffiti", "oakvale").threads] == [
        "oakvale"
    ]


def test_a_misspelt_name_gets_suggestions_and_no_thread(tmp_path: Path) -> None:
    found = owners_of_name(store_of(tmp_path, PLAN), small_ontology(), "grafitti")
    assert (found.threads, found.suggestions) == ((), ("graffiti",))
    assert found.finding.startswith("Not stated")


# ---------------------------------------------------------------------------------------------------------- laws

ISSUES = st.sampled_from(sorted(CONCEPTS))
PRIORITIES = st.sampled_from(["p1", "p2", "p3"])
LINES = st.one_of(
    st.builds("Priority:{} addresses Issue:{}".format, PRIORITIES, ISSUES),
    st.builds("Role:{} leads Priority:{}".format, st.sampled_from(["warden", "marshal"]), PRIORITIES),
    st.builds("Subgroup:oak delivers Priority:{}".format, PRIORITIES),
    st.builds("Source:residents raises/concern Issue:{}".format, ISSUES),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, min_size=1, max_size=10, unique=True), ISSUES)
def test_a_thread_is_whole_exactly_when_a_priority_that_covers_the_issue_has_an_owner(
    lines: list[str], issue: str
) -> None:
    plan = [f"Priority:{p} stands_in Plan:2024-2027" for p in ("p1", "p2", "p3")]
    above = small_ontology().ancestors[issue]
    covering = {line.split()[0] for line in lines if " addresses " in line and line.split("Issue:")[1] in above}
    owned = {line.split()[2] for line in lines if " leads " in line or " delivers " in line}
    with tempfile.TemporaryDirectory() as folder, store_of(Path(folder), "\n".join(plan + lines)) as store:
        thread = thread_of(store, f"Issue:{issue}")
        again = thread_of(store, f"Issue:{issue}")
    assert (thread.state == "whole") is bool(covering & owned)
    assert (thread.state == "broken") is not bool(covering & owned)
    assert thread == again
    assert all(fact.evidence for fact in all_facts(thread.steps + thread.earlier + thread.narrower))
