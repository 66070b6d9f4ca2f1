"""The network page: its picture is where we put it, it opens on what matters, and narrower views are offered."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from graphs import small_ontology
from pages import PLAN, Outline, data_of, scene_of_lines, scenes_of_two

from goldenthread.ontology import GoldenthreadError
from goldenthread.views.narrowing import around
from goldenthread.views.network import MOST, MOST_LISTED, network_page
from goldenthread.views.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return scene_of_lines(tmp_path)


def page_of(*scenes: Scene, focus: str | None = None) -> str:
    return network_page(scenes, title="Oakvale: who owns what?", focus=focus, ontology=small_ontology())


def test_the_finding_stands_above_and_every_statement_in_the_table(scene: Scene) -> None:
    text = Outline(page_of(scene)).text
    assert text.index("Oakvale: who owns what?") < text.index(scene.finding.split(";")[0])
    assert all(words.mark.quote in text for link in scene.links for words in link.words)
    assert "is a member of" in text


def test_a_gap_is_said_in_few_words_and_drawn_as_broken(scene: Scene) -> None:
    page = page_of(scene)
    nodes = {node["label"]: node for node in data_of(page, "nodes")}
    assert (nodes["bike theft"]["gap"], nodes["bike theft"]["broken"]) == ("No priority", True)
    assert (nodes["noise"]["gap"], nodes["noise"]["broken"]) == ("No owner", True)
    assert (nodes["probation"]["gap"], nodes["police"]["gap"]) == ("", "")
    assert "Bike theft: raised, but no priority in force addresses this" in Outline(page).text


def test_a_remark_is_not_drawn_as_a_broken_thread(tmp_path: Path) -> None:
    scene = scene_of_lines(tmp_path, PLAN + "Partner:lantern")
    node = next(n for n in data_of(page_of(scene), "nodes") if n["label"] == "lantern")
    assert (node["gap"], node["broken"]) == ("No part", False)


def test_without_scripts_the_tables_are_still_there(scene: Scene) -> None:
    page = page_of(scene)
    assert "<noscript>" in page
    assert re.search(r'<table class="facts.*lantern group', page, re.S)


def test_no_partnership_at_all_is_a_page_that_says_so() -> None:
    assert "No document states anything here." in page_of()


def test_columns_run_from_sources_to_partners(scene: Scene) -> None:
    x = {node["group"]: node["x"] for node in data_of(page_of(scene), "nodes")}
    assert x["source"] < x["issue"] < x["priority"] < x["subgroup"] < x["partner"]


def test_gaps_stand_on_top_of_their_column(scene: Scene) -> None:
    issues = sorted((n for n in data_of(page_of(scene), "nodes") if n["group"] == "issue"), key=lambda n: n["y"])
    assert {n["label"] for n in issues[:2]} == {"bike theft", "noise"}


def test_boxes_do_not_overlap(scene: Scene) -> None:
    nodes = sorted(data_of(page_of(scene), "nodes"), key=lambda n: (n["column"], n["y"]))
    for above, below in pairwise(nodes):
        if above["column"] == below["column"]:
            assert above["y"] + above["height"] / 2 < below["y"] - below["height"] / 2


def test_a_line_over_a_column_gets_a_lane_of_its_own(scene: Scene) -> None:
    page = page_of(scene)
    names = {node["id"]: node["label"] for node in data_of(page, "nodes")}
    words = [relation["words"] for relation in data_of(page, "page")["relations"]]
    edges = {
        (names[edge["from"]], words[edge["relation"]], names[edge["to"]]): edge["lanes"]
        for edge in data_of(page, "edges")
    }
    lanes = edges["police", "leads", "safe streets"]
    assert [lane["id"] for lane in data_of(page, "page")["lanes"] if lane["id"] in lanes] == lanes
    assert len(lanes) == 1
    assert edges["lantern group", "delivers", "safe streets"] == []


def test_every_edge_is_directed_and_has_an_id_of_its_own(scene: Scene) -> None:
    edges = data_of(page_of(scene), "edges")
    assert len({edge["id"] for edge in edges}) == len(edges) == len(scene.links)
    assert all(edge["arrows"] == "to" for edge in edges)


def test_nothing_moves(scene: Scene) -> None:
    options = json.loads(data_of(page_of(scene), "options"))
    assert options["physics"] == {"enabled": False}
    assert options["interaction"]["zoomView"] is False


def test_several_partnerships_can_be_told_apart_and_chosen(tmp_path: Path) -> None:
    scenes = scenes_of_two(tmp_path)
    page = page_of(*scenes)
    assert '<select id="partnership"><option value="">All</option><option value="0">elmdon</option>' in page
    assert {(node["label"], node["part"]) for node in data_of(page, "nodes")} >= {("thieves", 0), ("noise", 1)}
    assert {(gap["label"], gap["part"]) for gap in data_of(page, "page")["gaps"]} >= {("noise", 1)}
    text = Outline(page).text
    assert "What is found in each of the 2 partnerships" in text
    assert "What the documents of elmdon state (1)" in text
    assert '<select id="partnership"' not in page_of(scenes[0])


def test_a_page_on_one_thing_opens_with_it_chosen(scene: Scene) -> None:
    page = page_of(around(scene, "oakvale/priority/quiet-nights"), focus="oakvale/priority/quiet-nights")
    names = {node["id"]: node["label"] for node in data_of(page, "nodes")}
    assert names[data_of(page, "page")["focus"]] == "quiet nights"


def test_too_much_for_a_picture_is_refused_with_narrower_views(tmp_path: Path) -> None:
    scene = scene_of_lines(tmp_path)
    with pytest.raises(
        GoldenthreadError, match=r"too many for one picture\. Narrow it: --partnership .* --theme .* --gaps .* --focus"
    ):
        page_of(*[scene] * (MOST // len(scene.items) + 1))


def test_a_long_list_is_folded_and_has_its_words_all_the_same(scene: Scene) -> None:
    few, many = page_of(scene), page_of(*[scene] * (MOST_LISTED // len(scene.links) + 1))
    assert "<details" not in few
    assert re.search(r"<details.*<q>Partner:police leads Priority:safe-streets</q>.*</details>", many, re.S)
    assert not Outline(many).targets()
