"""The board: all there without scripts, gaps on top, and every link leads somewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from graphs import small_ontology
from pages import PLAN, Outline, scene_of_lines, scenes_of_two

from goldenthread.ontology import GoldenthreadError
from goldenthread.views.board import MOST_ITEMS, board_page
from goldenthread.views.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return scene_of_lines(tmp_path)


def page_of(*scenes: Scene) -> str:
    return board_page(scenes, title="Oakvale: who owns which issue?", ontology=small_ontology())


def boxes(page: str) -> dict[str, dict[str, str | None]]:
    """The list items of the board by the label in their box."""
    found = re.findall(r'<li data-item="(\d+)"([^>]*)>.*?<span class="label">(.*?)</span>', page)
    return {
        label: dict(re.findall(r'data-([a-z]+)(?:="([^"]*)")?', rest)) | ({"hidden": ""} if "hidden" in rest else {})
        for _, rest, label in found
    }


def test_the_finding_and_what_it_was_made_from_stand_above(scene: Scene) -> None:
    text = " ".join(Outline(page_of(scene)).text.split())
    assert "1 of 2 issues raised has no priority" in text
    assert "From 1 document." in text
    assert "it does not mean that nobody does the work" in text


def test_a_finding_looks_grave_only_where_it_counts_something(scene: Scene) -> None:
    for finding, grave in (
        ("1 of 2 issues raised has no priority; 0 of 1", True),
        ("0 of 2 issues raised have no priority", False),
        ("Not stated", False),
    ):
        page = page_of(replace(scene, finding=finding))
        assert (f'<strong class="broken">{finding.split(";")[0]}</strong>' in page) == grave


def test_every_item_has_a_box_and_its_details_with_the_words(scene: Scene) -> None:
    page = page_of(scene)
    assert set(boxes(page)) == {item.label for item in scene.items.values()}
    for item in scene.items.values():
        (details,) = re.findall(rf'<article class="detail" id="{item.anchor}".*?</article>', page, re.S)
        for link in item.links:
            assert all(words.mark.quote in details for words in link.words)
        assert all(flag.message in details for flag in item.flags)


def test_every_link_of_the_page_leads_to_something_on_it(scene: Scene) -> None:
    outline = Outline(page_of(scene))
    assert outline.targets() <= set(outline.ids())
    assert len(outline.ids()) == len(set(outline.ids()))
    assert {mark.anchor for mark in scene.marks.values()} <= set(outline.ids())


def test_sources_and_earlier_plans_wait_until_they_are_asked_for(scene: Scene) -> None:
    hidden = {label for label, data in boxes(page_of(scene)).items() if "hidden" in data}
    assert hidden == {"residents", "old lamps", "2020 2023", "2024 2027"}


def test_gaps_stand_on_top_of_their_column(scene: Scene) -> None:
    issues = re.search(r'data-column="issue".*?</section>', page_of(scene), re.S)
    assert issues
    labels = re.findall(r'<span class="label">(.*?)</span>', issues[0])
    assert set(labels[:2]) == {"bike theft", "noise"}


def test_a_line_goes_from_box_to_box_and_one_over_a_column_through_its_lane(scene: Scene) -> None:
    page = page_of(scene)
    number = {item.label: str(item.number) for item in scene.items.values()}
    lines = {
        (a, b): (path, lanes)
        for path, a, b, lanes in re.findall(
            r'<path(?: d="([^"]*)")? class="[^"]*" data-from="(\d+)" data-to="(\d+)"(?: data-lanes="([^"]*)")?', page
        )
    }
    path, lanes = lines[number["police"], number["safe streets"]]
    assert re.fullmatch(r"M[\d.]+ [\d.]+C[\d. ]+H[\d.]+C[\d. ]+", path)
    assert f'data-lane="{lanes}"' in page
    assert lines[number["lantern group"], number["safe streets"]][1] == ""
    assert lines[number["residents"], number["noise"]][0] == ""  # its source is not shown


def test_boxes_have_room_for_their_words(tmp_path: Path) -> None:
    scene = scene_of_lines(
        tmp_path,
        PLAN + "Priority:a-very-long-name-that-will-not-fit-into-a-single-line-of-a-box stands_in Plan:2024-2027",
    )
    rows = dict(re.findall(r'<a class="box n(\d)[^"]*"[^>]*>.*?<span class="label">(.*?)</span>', page_of(scene)))
    long = next(number for number, label in rows.items() if label.startswith("a very long"))
    assert int(long) >= 3


def test_two_partnerships_have_a_board_each_and_a_choice(tmp_path: Path) -> None:
    page = page_of(*scenes_of_two(tmp_path))
    assert re.findall(r'class="board-of" data-partnership="(\w+)"', page) == ["elmdon", "oakvale"]
    assert '<option value="oakvale">' in page
    outline = Outline(page)
    assert len(outline.ids()) == len(set(outline.ids()))


def test_more_than_a_page_can_hold_is_refused_with_what_to_do(scene: Scene) -> None:
    with pytest.raises(GoldenthreadError, match=r"too large to open\. Choose one partnership with --partnership"):
        page_of(*[scene] * (MOST_ITEMS // len(scene.items) + 1))


def test_an_empty_store_is_a_page_all_the_same() -> None:
    assert "Gaps" not in Outline(page_of()).text.split("Find an item")[0].replace("Gap in the thread", "")
    assert page_of().endswith("</html>\n")


def test_lanes_and_boxes_of_a_column_do_not_overlap(scene: Scene) -> None:
    from goldenthread.views.layout import picture_of

    picture = picture_of(scene.items.values(), scene.links)
    for column in picture.columns:
        for above, below in pairwise(column):
            assert picture.centre[above] + picture.height(above) / 2 < picture.centre[below] - picture.height(below) / 2
