"""Search over quotes and names, and all that is shown of one thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphs import small_ontology, store_of
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from goldenthread.graph import Store
from goldenthread.queries.facts import UnknownThingError
from goldenthread.queries.search import search
from goldenthread.queries.show import show, show_name

LINES = """
    Priority:quiet-nights stands_in Plan:2024-2027
    Priority:quiet-nights addresses Issue:noise
    Role:warden leads Priority:quiet-nights
    Source:residents raises/concern Issue:noise
    Priority:quiet-nights number=3
"""


@pytest.fixture
def oakvale(tmp_path: Path) -> Store:
    return store_of(tmp_path, LINES)


def test_a_search_gives_the_quote_with_its_place_and_what_it_proves(oakvale: Store) -> None:
    (hit,) = search(oakvale, small_ontology(), "warden").hits
    text = oakvale.text(hit.evidence.document) or ""
    assert text[hit.evidence.start : hit.evidence.end] == hit.evidence.quote
    assert hit.words == "warden leads quiet nights"


def test_endings_case_and_order_of_the_words_do_not_count(oakvale: Store) -> None:
    assert len(search(oakvale, small_ontology(), "NIGHT leading").hits) == 1


def test_all_words_must_be_there(oakvale: Store) -> None:
    found = search(oakvale, small_ontology(), "warden noise")
    assert (found.hits, found.things) == ((), ())
    assert "Nothing" in found.finding


def test_things_are_found_by_their_names(oakvale: Store) -> None:
    assert [t.label for t in search(oakvale, small_ontology(), "quiet").things] == ["quiet nights"]


def test_a_search_keeps_to_one_partnership(oakvale: Store) -> None:
    store_of(Path(), {"elm.md": LINES}, partnership="elmvale", store=oakvale)
    assert {h.fact.partnership for h in search(oakvale, small_ontology(), "noise").hits} == {"elmvale", "oakvale"}
    assert {h.fact.partnership for h in search(oakvale, small_ontology(), "noise", "elmvale").hits} == {"elmvale"}


def test_a_search_says_when_there_is_more(oakvale: Store) -> None:
    found = search(oakvale, small_ontology(), "quiet", most=1)
    assert (len(found.hits), found.more) == (1, True)
    assert "more than 1 quote" in found.finding


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=20))
@example('"')
@example("noise AND")
@example("NEAR(noise")
@example("quote: noise*")
@example("-noise ^noise (noise) {noise} +noise")
@example("\x00noise\ud800")
def test_whatever_is_typed_is_searched_without_an_error(oakvale: Store, text: str) -> None:
    search(oakvale, small_ontology(), text)


def test_show_tells_both_directions_in_words_with_evidence(oakvale: Store) -> None:
    (shown,) = show_name(oakvale, small_ontology(), "Priority 3")
    assert [(s.words, s.other.label) for s in shown.statements] == [
        ("addresses", "noise"),
        ("is led by", "warden"),
        ("stands in", "2024 2027"),
    ]
    assert all(s.fact.evidence for s in shown.statements)
    assert (shown.attributes, shown.mentions) == ((("number", "3"),), (("document/plan.md", 4),))


def test_show_tells_of_an_issue_what_the_vocabulary_has(oakvale: Store) -> None:
    shown = show(oakvale, small_ontology(), "issue/noise")
    assert (shown.definition, shown.broader) == ("An invented issue.", ("nuisance",))
    assert show(oakvale, small_ontology(), "issue/nuisance").narrower == ("graffiti", "noise")
    assert "do not mention it" in show(oakvale, small_ontology(), "issue/violence").finding


def test_show_tells_the_period_of_a_plan(oakvale: Store) -> None:
    assert show(oakvale, small_ontology(), "oakvale/plan/2024-2027").period == (2024, 2027)


def test_what_is_not_there_is_not_shown(oakvale: Store) -> None:
    with pytest.raises(UnknownThingError, match="quiet nights"):
        show_name(oakvale, small_ontology(), "quiet nihgts")
