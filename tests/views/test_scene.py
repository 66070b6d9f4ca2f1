"""Scenes: what pages show of a partnership."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from graphs import document_of, small_ontology, store_of
from pages import PLAN, scene_of_lines

from goldenthread.graph import Decision
from goldenthread.ontology import load_ontology
from goldenthread.services.scenes import findings, scenes_of
from goldenthread.views.scene import Scene, flag_of, scene_of, theme_of


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return scene_of_lines(tmp_path)


def test_every_statement_is_a_link_between_two_items_with_its_words(scene: Scene) -> None:
    said = {(link.subject.label, link.relation, link.object.label) for link in scene.links}
    assert ("residents", "raised concern about", "bike theft") in said
    assert ("police", "leads", "safe streets") in said
    for link in scene.links:
        assert link in link.subject.links
        assert link in link.object.links
        for words in link.words:
            text = words.mark.source.text or ""
            assert text[words.mark.start : words.mark.end] == words.mark.quote
            assert link in words.mark.links


def test_an_item_bears_its_gaps_the_gravest_first(scene: Scene) -> None:
    shorts = {item.label: [flag.short for flag in item.flags] for item in scene.items.values() if item.flags}
    assert shorts["bike theft"] == ["No priority"]
    assert shorts["quiet nights"] == ["No owner"]
    assert shorts["noise"] == ["No owner"]
    assert scene.items["issue/bike-theft"].broken


def test_a_rule_of_the_users_own_is_worded_by_its_code() -> None:
    gap = {
        "rule": "lamps-out",
        "severity": "info",
        "id": "x",
        "label": "x",
        "message": "Dark.",
        "evidence": [],
        "nearest": [],
        "basis": "missing",
    }
    assert (flag_of(gap).short, flag_of(gap).broken) == ("Lamps out", False)


def test_what_stands_in_an_earlier_plan_is_not_in_force(scene: Scene) -> None:
    assert {i.label: i.in_force for i in scene.items.values() if i.type == "Priority"} == {
        "safe streets": True, "quiet nights": True, "old lamps": False,
    }  # fmt: skip
    assert scene.items["oakvale/priority/old-lamps"].plans == ("2020 2023",)
    assert scene.plans == ["2020 2023", "2024 2027"]


def test_an_action_stands_in_the_plan_of_its_priority(tmp_path: Path) -> None:
    scene = scene_of_lines(tmp_path, PLAN + "Action:paint-day stands_in Priority:safe-streets")
    assert scene.items["oakvale/action/paint-day"].plans == ("2024 2027",)


@pytest.mark.parametrize(
    ("issue", "theme"),
    [
        ("issue/fly-tipping", "street, neighbour and environmental problems"),
        ("issue/knife-crime", "crimes of violence and weapons"),
        ("issue/singing-at-dawn", "other issues"),
    ],
)
def test_the_theme_of_an_issue_is_the_widest_term_above_it(issue: str, theme: str) -> None:
    assert theme_of(load_ontology(), issue) == theme


def test_what_a_person_rejected_is_not_shown_and_what_one_confirmed_is_said_to_be(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN) as store:
        for action, target in (
            ("reject", "oakvale/partner/police|leads|oakvale/priority/safe-streets|"),
            ("confirm", "oakvale/source/residents|raises|issue/noise|concern"),
        ):
            store.record(Decision(action, target, "looked up", "Scrutiny officer"))
        (scene,) = scenes_of(store, small_ontology(), None)
    status = {(link.subject.label, link.predicate, link.object.label): link.status for link in scene.links}
    assert ("police", "leads", "safe streets") not in status
    assert status["residents", "raises", "noise"] == "confirmed"


@pytest.mark.parametrize(
    ("inherited", "assumed"), [((True, False), False), ((False, True), False), ((True, True), True)]
)
def test_words_that_several_rules_read_alike_stand_once(
    tmp_path: Path, inherited: tuple[bool, ...], assumed: bool
) -> None:
    said = document_of("plan.md", "Partner:police leads Priority:safe-streets")
    (statement,) = said.statements
    (words,) = statement.evidence
    read = tuple(replace(words, cue=f"rule-{number}", assumed=part) for number, part in enumerate(inherited))
    with store_of(tmp_path, {}) as store:
        store.replace(replace(said, statements=(replace(statement, evidence=read),)))
        (scene,) = scenes_of(store, small_ontology(), None)
    (link,) = scene.links
    assert [(each.mark.quote, each.assumed) for each in link.words] == [
        ("Partner:police leads Priority:safe-streets", assumed)
    ]
    assert link.words[0].mark.links == [link]
    assert link.status_by(link.words[0]) == ("assumed" if assumed else "stated")


def test_a_quote_is_cited_with_document_page_and_date(scene: Scene) -> None:
    marks = sorted(scene.marks.values(), key=lambda mark: mark.start)
    assert marks[0].cited == "plan.md, page 1"
    assert marks[-1].cited == "plan.md, page 2"


def test_the_numbers_of_a_page_are_each_given_once(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN) as store:
        store_of(tmp_path, {"elm.md": PLAN}, partnership="elmdon", store=store)
        scenes = scenes_of(store, small_ontology(), None)
    assert [scene.partnership for scene in scenes] == ["elmdon", "oakvale"]
    numbers = [
        *(item.number for s in scenes for item in s.items.values()), *(link.number for s in scenes for link in s.links),
        *(source.number for s in scenes for source in s.sources),
        *(mark.number for s in scenes for mark in s.marks.values()),
    ]  # fmt: skip
    assert len(set(numbers)) == len(numbers)


def test_documents_that_prove_nothing_are_sources_only_when_asked_for(tmp_path: Path) -> None:
    with store_of(tmp_path, {"plan.md": PLAN, "list.md": "Partner:lantern"}) as store:
        found = findings(store, small_ontology(), "oakvale")
        for uncited, paths in ((False, ["list.md", "plan.md"]), (True, ["list.md", "plan.md"])):
            scene = scene_of(store, small_ontology(), "oakvale", "Oakvale", found, count(1), uncited=uncited)
            assert [source.document.path for source in scene.sources] == paths
        quiet = scene_of(store, small_ontology(), "oakvale", "Oakvale", type(found)("", (), ()), count(1))
    assert [source.document.path for source in quiet.sources] == ["plan.md"]
    assert [document.path for document in quiet.documents] == ["list.md", "plan.md"]
