"""Narrower views: near a thing, between two, of a theme, of gaps."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphs import small_ontology
from pages import PLAN, Outline, scene_of_lines, scenes_of_two

from goldenthread.ontology import GoldenthreadError
from goldenthread.views.board import board_page
from goldenthread.views.narrowing import around, between, narrowed, of_gaps, of_theme, theme_named
from goldenthread.views.scene import Scene
from goldenthread.views.source_pages import source_page


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return scene_of_lines(tmp_path)


def labels(scene: Scene) -> set[str]:
    return {item.label for item in scene.items.values()}


def test_what_is_around_a_thing_is_within_two_steps(scene: Scene) -> None:
    found = around(scene, "issue/graffiti")
    assert {"graffiti", "safe streets", "police", "lantern group", "knife crime", "2024 2027"} == labels(found)
    assert labels(around(scene, "issue/graffiti", 1)) == {"graffiti", "safe streets"}


def test_a_thing_that_is_not_there_is_named_with_how_to_find_it(scene: Scene) -> None:
    with pytest.raises(GoldenthreadError, match=r"'issue/piracy' is not in the graph of .*goldenthread search"):
        around(scene, "issue/piracy")


def test_the_way_between_two_things_holds_all_shortest_ways(tmp_path: Path) -> None:
    scene = scene_of_lines(
        tmp_path, PLAN + "Role:warden leads Priority:safe-streets\nPartner:police leads Priority:quiet-nights"
    )
    (found,) = between([scene], "issue/graffiti", "oakvale/partner/police")
    assert labels(found) == {"graffiti", "safe streets", "police"}
    assert {(link.subject.label, link.object.label) for link in found.links} == {
        ("safe streets", "graffiti"),
        ("police", "safe streets"),
    }
    (both,) = between([scene], "issue/noise", "oakvale/priority/safe-streets")
    assert labels(both) == {"noise", "quiet nights", "police", "2024 2027", "safe streets"}


def test_where_nothing_links_two_things_it_is_said(tmp_path: Path) -> None:
    scene = scene_of_lines(tmp_path, PLAN + "Partner:lantern member_of Subgroup:elm-group")
    with pytest.raises(GoldenthreadError, match="Nothing in these documents leads from “noise” to “lantern”"):
        between([scene], "issue/noise", "oakvale/partner/lantern")


def test_of_several_partnerships_those_that_link_two_things_show_the_way(tmp_path: Path) -> None:
    scenes = scenes_of_two(
        tmp_path, "Source:traders raises/concern Issue:noise\nSource:traders raises/concern Issue:graffiti"
    )
    assert [scene.partnership for scene in between(scenes, "issue/noise", "issue/graffiti")] == ["elmdon", "oakvale"]
    apart = scenes_of_two(
        tmp_path / "apart", "Source:traders raises/concern Issue:noise\nPriority:thieves addresses Issue:graffiti"
    )
    assert [scene.partnership for scene in between(apart, "issue/noise", "issue/graffiti")] == ["oakvale"]


def test_a_source_page_of_a_narrower_scene_does_not_say_that_the_rest_states_nothing(scene: Scene) -> None:
    whole, some = (Outline(source_page([each])).text for each in (scene, of_theme(scene, "violence")))
    assert "no statement was found in it" in whole
    assert "no statement was found in it" not in some
    assert "Marked here is only the theme “violence” and what its threads lead to." in some


def test_a_theme_holds_its_issues_who_raises_them_and_where_their_threads_lead(scene: Scene) -> None:
    theme = scene.items["issue/knife-crime"].theme
    assert theme == "violence"
    assert labels(of_theme(scene, theme)) == {"knife crime", "safe streets", "lantern group", "police", "probation"}


def test_a_theme_is_known_by_a_part_of_its_name(scene: Scene) -> None:
    assert theme_named([scene], "Viol") == "violence"
    with pytest.raises(
        GoldenthreadError, match=r"No single theme is called “e”\. The themes are: disorder; theft; violence"
    ):
        theme_named([scene], "e")


def test_gaps_come_with_what_leads_to_them(scene: Scene) -> None:
    found = of_gaps(scene)
    assert {"bike theft", "residents", "quiet nights", "noise"} <= labels(found)
    assert "police" not in {item.label for item in found.items.values() if not item.flags and not item.links}


def test_a_page_of_a_narrower_scene_says_what_it_leaves_out(scene: Scene) -> None:
    page = board_page([of_gaps(of_theme(scene, "violence"))], title="Violence", ontology=small_ontology())
    said = (
        "Shown here is only the theme “violence” and what its threads lead to, and of that only the gaps and what "
        "leads to them."
    )
    assert said in Outline(page).text
    assert around(scene, "issue/graffiti").only == ("what is within 2 steps of “graffiti”",)
    (way,) = between([scene], "issue/graffiti", "oakvale/partner/police")
    assert way.only == ("the shortest way from “graffiti” to “police”",)
    assert "Shown here is only" not in board_page([scene], title="All", ontology=small_ontology())


def test_a_narrower_scene_stands_alone(scene: Scene) -> None:
    before = [len(item.links) for item in scene.items.values()]
    found = narrowed(scene, {"issue/graffiti", "oakvale/priority/safe-streets"}, "two things")
    assert [len(item.links) for item in scene.items.values()] == before
    for item in found.items.values():
        assert all(link in found.links and link.other(item) in found.items.values() for link in item.links)
    for mark in found.marks.values():
        assert mark in mark.source.marks
        assert all(link in found.links for link in mark.links)
    assert {gap["id"] for gap in found.gaps} <= found.items.keys()
