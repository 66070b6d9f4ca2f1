"""What a person means by a name: taken only when it cannot mean something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphs import small_ontology, store_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.graph import Store
from goldenthread.ontology import Ontology
from goldenthread.queries.facts import UnknownThingError
from goldenthread.queries.names import find_partnership, labelled, one_named, phrase_of, resolve

LINES = """
    Priority:quiet-nights stands_in Plan:2024-2027
    Priority:safer-streets number=2
    Priority:theft stands_in Plan:2024-2027
    Action:lantern-walks-for-students stands_in Priority:quiet-nights
    Action:renew-the-harbour-order
    Subgroup:tidal-road-safety-group
    Subgroup:hill-road-safety-group
    Partner:police
    Source:ferry-users raises/concern Issue:graffiti
"""


@pytest.fixture
def oakvale(tmp_path: Path) -> Store:
    return store_of(tmp_path, LINES)


def found(store: Store, text: str, *types: str, partnership: str | None = None) -> list[str]:
    return [t.label for t in resolve(store, small_ontology(), text, types or None, partnership).found]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("quiet nights", "quiet nights"),
        ("Quiet Nights", "quiet nights"),
        ("the QUIET-NIGHTS", "quiet nights"),
        ("quiet night", "quiet nights"),
        ("“Quiet nights”", "quiet nights"),
        ("ferry user", "ferry users"),
        ("graffiti", "graffiti"),
    ],
)
def test_case_punctuation_articles_and_plurals_do_not_count(oakvale: Store, name: str, label: str) -> None:
    assert found(oakvale, name) == [label]


@pytest.mark.parametrize("name", ["Priority 2", "priority two", "Pillar II", "objective no. 2", "Theme 2"])
def test_a_priority_is_found_by_its_number(oakvale: Store, name: str) -> None:
    assert found(oakvale, name) == ["safer streets"]


@pytest.mark.parametrize("name", ["Priority 3", "Group 2", "Action 2"])
def test_a_number_that_nothing_bears_finds_nothing(oakvale: Store, name: str) -> None:
    assert found(oakvale, name) == []


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("lantern walks", "lantern walks for students"),
        ("the lantern walks action", "lantern walks for students"),
        ("the lantern walks scheme", "lantern walks for students"),
        ("renewal of the harbour order", "renew the harbour order"),
        ("the quiet nights priority", "quiet nights"),
        ("tidal group", "tidal road safety group"),
    ],
)
def test_a_part_of_a_name_is_enough_when_only_one_thing_has_it(oakvale: Store, name: str, label: str) -> None:
    assert found(oakvale, name) == [label]


def test_a_part_of_two_names_is_not_taken_but_both_are_suggested(oakvale: Store) -> None:
    resolution = resolve(oakvale, small_ontology(), "road safety group")
    assert resolution.found == ()
    assert resolution.suggestions == ("hill road safety group", "tidal road safety group")


@pytest.mark.parametrize("name", ["the quiet nights group", "parents of quiet nights students", "street"])
def test_a_name_that_says_more_or_otherwise_is_not_taken(oakvale: Store, name: str) -> None:
    assert "quiet nights" not in found(oakvale, name)


@pytest.mark.parametrize(
    ("name", "suggestion"), [("grafitti", "graffiti"), ("quite nights", "quiet nights"), ("ferry uzers", "ferry users")]
)
def test_a_misspelt_name_is_suggested_and_never_taken(oakvale: Store, name: str, suggestion: str) -> None:
    resolution = resolve(oakvale, small_ontology(), name)
    assert resolution.found == ()
    assert resolution.suggestions[0] == suggestion


@pytest.mark.parametrize("name", ["", "   ", "?!", "zzzz", "%", "' OR 1=1 --"])
def test_what_names_nothing_finds_nothing(oakvale: Store, name: str) -> None:
    resolution = resolve(oakvale, small_ontology(), name)
    assert (resolution.found, resolution.suggestions) == ((), ())


def test_a_priority_and_an_issue_of_one_name_are_both_found_and_types_choose(oakvale: Store) -> None:
    assert [t.type for t in resolve(oakvale, small_ontology(), "theft").found] == ["Issue", "Priority"]
    assert [t.type for t in resolve(oakvale, small_ontology(), "theft", ["Priority"]).found] == ["Priority"]


def test_the_same_name_in_two_partnerships_is_found_in_both_with_whose_it_is(oakvale: Store) -> None:
    store_of(Path(), {"elm.md": "Priority:quiet-nights stands_in Plan:2024-2027"}, partnership="elmvale", store=oakvale)
    both = resolve(oakvale, small_ontology(), "quiet nights").found
    assert [t.partnership for t in both] == ["elmvale", "oakvale"]
    assert [t.partnership for t in resolve(oakvale, small_ontology(), "quiet nights", partnership="elmvale").found] == [
        "elmvale"
    ]
    with pytest.raises(UnknownThingError, match="several things"):
        one_named(oakvale, small_ontology(), "quiet nights")
    assert find_partnership(oakvale, "Elmvale") == "elmvale"
    assert find_partnership(oakvale, "Ashvale") is None


def test_labelled_gives_all_that_is_called_so(oakvale: Store) -> None:
    assert [t.label for t in labelled(oakvale, small_ontology(), "road safety")] == [
        "hill road safety group",
        "tidal road safety group",
    ]


# ------------------------------------------------------------------------------------------- the real vocabulary


def test_every_wording_of_the_vocabulary_finds_its_issue(tmp_path: Path, ontology: Ontology) -> None:
    store = store_of(tmp_path, "Partner:police", ontology=ontology)
    for concept in sorted(ontology.concepts.values(), key=lambda c: c.id)[::40]:
        for label in concept.labels:
            assert [t.id for t in resolve(store, ontology, label, ["Issue"]).found] == [f"issue/{concept.id}"], label


def test_a_body_is_found_by_what_its_kind_is_called(tmp_path: Path, ontology: Ontology) -> None:
    store = store_of(tmp_path, "Partner:police", ontology=ontology)
    assert [t.id for t in resolve(store, ontology, "Police Service").found] == ["oakvale/partner/police"]


@given(st.text(max_size=30))
def test_comparing_words_is_settled_after_once(text: str) -> None:
    assert phrase_of(text) == phrase_of(text.strip()).strip()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_whatever_is_typed_resolves_without_an_error(oakvale: Store, text: str) -> None:
    resolution = resolve(oakvale, small_ontology(), text)
    assert not (resolution.found and resolution.suggestions)
