"""Who owns what addresses each issue."""

from __future__ import annotations

from pathlib import Path

from graphs import small_ontology, store_of

from goldenthread.queries.ownership import Owned, ownership

LINES = """
    Priority:safe-streets stands_in Plan:2024-2027
    Priority:safe-streets addresses Issue:nuisance
    Action:locks stands_in Priority:safe-streets
    Action:locks addresses Issue:theft
    Subgroup:oak-group delivers Priority:safe-streets
    Source:residents raises/concern Issue:graffiti
    Source:residents raises/concern Issue:violence
"""


def owned(folder: Path, lines: str = LINES) -> dict[str, Owned]:
    with store_of(folder, lines) as store:
        return {o.coverage.issue.id.removeprefix("issue/"): o for o in ownership(store, small_ontology(), "oakvale")[1]}


def said(item: Owned) -> list[tuple[str, str, list[str], str | None]]:
    return [
        (a.thing.label, a.via, [f.subject.label for f in a.owners], a.under.label if a.under else None)
        for a in item.answers
    ]


def test_an_issue_is_owned_by_who_delivers_what_addresses_it_or_something_broader(tmp_path: Path) -> None:
    found = owned(tmp_path)
    assert said(found["nuisance"]) == [("safe streets", "", ["oak group"], None)]
    assert said(found["graffiti"]) == [("safe streets", "nuisance", ["oak group"], None)]
    assert said(found["violence"]) == []


def test_what_is_about_the_issue_itself_says_whether_it_has_an_owner_of_its_own(tmp_path: Path) -> None:
    found = owned(tmp_path, LINES + "Priority:pride addresses Issue:graffiti\nPriority:pride stands_in Plan:2024-2027")
    states = {name: found[name].owner for name in ("nuisance", "theft", "graffiti", "violence")}
    assert states == {
        "nuisance": "stated",
        "theft": "stated",
        "graffiti": "only of something broader",
        "violence": "not stated",
    }
    (tmp_path / "broader").mkdir()
    assert owned(tmp_path / "broader")["graffiti"].owner == "stated"


def test_an_action_without_an_owner_is_owned_by_who_delivers_its_priority(tmp_path: Path) -> None:
    assert said(owned(tmp_path)["theft"]) == [("locks", "", ["oak group"], "safe streets")]


def test_whoever_is_named_for_the_action_itself_comes_before_its_priority(tmp_path: Path) -> None:
    assert said(owned(tmp_path, LINES + "Role:warden leads Action:locks")["theft"]) == [("locks", "", ["warden"], None)]


def test_an_issue_has_an_owner_where_its_thread_is_whole_and_nowhere_else(tmp_path: Path) -> None:
    found = owned(tmp_path)
    assert {name: bool(item.owners) for name, item in found.items()} == {
        name: item.coverage.whole for name, item in found.items()
    }
