"""What is denied, asked, recommended, hoped for or conditional is no fact, and who is spoken to does not speak."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from goldenthread.graph import DocumentGraph
from goldenthread.loaders.readers.rules.no_facts import load_no_facts

Read = Callable[..., DocumentGraph]
OWNING = frozenset(("leads", "chairs", "member_of"))


@pytest.mark.parametrize("kind", load_no_facts(), ids=lambda kind: kind.name)
def test_each_kind_finds_its_examples_and_no_others(kind: object) -> None:
    assert [s for s in kind.match if not kind.pattern.search(s)] == []  # type: ignore[attr-defined]  # a NoFact
    assert [s for s in kind.reject if kind.pattern.search(s)] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "words",
    [
        "The Committee recommends that the Safer Streets Group lead on burglary.",
        "The view of the meeting was that the Director of Public Health should lead on drug use.",
        "If the bid succeeds, the Youth Justice Service will lead on knife crime.",
        "A member asked whether Westmarch Police lead on fly-tipping.",
        "It was proposed that the Head of Housing chair the Domestic Abuse Board.",
        "From April next year the Domestic Abuse Board will be chaired by the Director of Housing.",
        "Westmarch Police do not lead on noise nuisance.",
        "We plan to ask Westmarch Fire and Rescue Service to lead on arson.",
        "The Domestic Abuse Board could be chaired by the Director of Housing.",
    ],
)
def test_what_is_no_fact_names_no_owner(read_text: Read, words: str) -> None:
    assert [s for s in read_text(f"Minutes\n\n{words}\n").statements if s.predicate in OWNING] == []


@pytest.mark.parametrize(
    ("words", "predicate"),
    [
        ("The Head of Housing has agreed to chair the Domestic Abuse Board.", "chairs"),
        ("The Domestic Abuse Board will be chaired by the Director of Housing.", "chairs"),
        ("Westmarch Police lead on burglary and would like to hear from residents.", "leads"),
        ("The proposed Arson Board is chaired by the Head of Housing.", "chairs"),
    ],
)
def test_what_is_a_fact_still_is_one(read_text: Read, words: str, predicate: str) -> None:
    assert predicate in {s.predicate for s in read_text(f"Minutes\n\n{words}\n").statements}


@pytest.mark.parametrize(
    "words",
    [
        "Residents are urged to report fly-tipping to the council.",
        "Westmarch Police were asked to report back on burglary.",
        "Traders are also reminded to lock up against shop theft.",
    ],
)
def test_who_is_spoken_to_does_not_speak(read_text: Read, words: str) -> None:
    assert [s for s in read_text(f"Update\n\n{words}\n").statements if s.predicate in ("raises", "requests")] == []


def owned(graph: DocumentGraph) -> set[tuple[str, str, str]]:
    """Who owns, chairs or delivers what, by labels, where it is stated or suggested."""
    labels = {entity.id: entity.label for entity in graph.entities}
    kinds = ("leads", "chairs", "delivers")
    return {(labels[s.subject], s.predicate, labels[s.object]) for s in graph.statements if s.predicate in kinds}


@pytest.mark.parametrize(
    "paragraph",
    [
        "The Head of Housing spoke first. Attendance was good. It is led by Trading Standards.",
        "Several residents came. They stayed until nine. It is run by Trading Standards.",
    ],
)
def test_it_is_not_what_the_heading_names_once_the_paragraph_speaks_of_others(read_text: Read, paragraph: str) -> None:
    assert not owned(read_text(f"# Plan\n\n## Priority 1: Safer streets\n\n{paragraph}\n", "document.md"))
    opening = read_text("# Plan\n\n## Priority 1: Safer streets\n\nIt is led by Trading Standards.\n", "document.md")
    assert owned(opening) == {("Trading Standards", "leads", "Safer streets")}


@pytest.mark.parametrize(
    "sentence",
    [
        "Members received the minutes of the Burglary Reduction Group.",
        "Members received the report of the Burglary Reduction Group.",
        "The Board noted the action plan of the Hate Crime Forum.",
        "The Chair thanked officers for the update from the Hate Crime Forum.",
        "The Board noted the terms of reference of the Hate Crime Forum.",
        "Apologies from the Arson Reduction Group were received.",
    ],
)
def test_a_group_of_which_only_the_papers_are_noted_delivers_nothing(read_text: Read, sentence: str) -> None:
    assert not owned(read_text(f"# Minutes\n\n{sentence}\n", "document.md"))


@pytest.mark.parametrize(
    ("before", "now", "fact"),
    [
        (
            "The Head of Housing, who had led on burglary until June, has left.",
            "The Head of Housing, who leads on burglary, has spoken.",
            ("Head of Housing", "leads", "burglary"),
        ),
        (
            "Operation Lantern was led by the Fire Service until 2022, when Trading Standards took it over.",
            "Operation Lantern is led by the Fire Service.",
            ("Fire and Rescue Service", "leads", "Operation Lantern"),
        ),
        (
            "The Hate Crime Forum was chaired by the Head of Housing until March.",
            "The Hate Crime Forum is chaired by the Head of Housing.",
            ("Head of Housing", "chairs", "Hate Crime Forum"),
        ),
        (
            "The Rural Crime Forum, which led on farm theft, was stood down in March.",
            "The Rural Crime Forum, which leads on farm theft, met in March.",
            ("Rural Crime Forum", "leads", "farm theft"),
        ),
        (
            "The Head of Housing replaced the Director of Adults as chair of the Domestic Forum.",
            "The Director of Adults chairs the Domestic Forum.",
            ("Director of Adults", "chairs", "Domestic Forum"),
        ),
    ],
)
def test_who_led_before_does_not_lead(read_text: Read, before: str, now: str, fact: tuple[str, str, str]) -> None:
    assert fact in owned(read_text(f"# Minutes\n\n{now}\n", "document.md"))
    assert fact not in owned(read_text(f"# Minutes\n\n{before}\n", "document.md"))


@pytest.mark.parametrize(
    "cell",
    [
        "Former Head of Housing (left in May)", "Vacant (was Head of Parks)", "All partners", "Partners",
        "CSP subgroups", "The delivery groups", "Under discussion", "See action 3",
    ],
)  # fmt: skip
def test_a_cell_that_names_nobody_in_particular_has_no_owner(read_text: Read, cell: str) -> None:
    graph = read_text(
        f"| Priority | Lead |\n|---|---|\n| Calm squares | {cell} |\n| Safer streets | Head of Parks |\n", "document.md"
    )
    assert owned(graph) == {("Head of Parks", "leads", "Safer streets")}


def test_a_post_with_a_body_in_its_title_is_a_post(read_text: Read) -> None:
    graph = read_text("# Plan\n\nThe Community Safety Partnership Manager leads on burglary.\n", "document.md")
    assert [(s.subject.split("/")[1], s.predicate) for s in graph.statements] == [("role", "leads")]


def test_a_speaker_is_not_carried_over_a_heading(read_text: Read) -> None:
    graph = read_text(
        "# Minutes\n\n## Speeding\n\nThe Parish Council complained about speeding.\n\n"
        "## Fly-tipping\n\nThey said that fly-tipping was worse.\n\n"
        "## Crime\n\nThe Chief Inspector presented the report. Burglary was down.\n\n## Any other\n\nRobbery was up.\n",
        "document.md",
    )
    raised = {s.object for s in graph.statements if s.predicate == "raises"}
    assert raised == {"issue/speeding", "issue/burglary"}


@pytest.mark.parametrize(
    "sentence", ["{} lead on burglary.", "Operation Lantern is led by {}.", "{} run Operation Lantern."]
)
@pytest.mark.parametrize("several", ["The delivery groups", "All partners", "Partner agencies"])
def test_words_for_several_groups_are_no_group_that_owns(read_text: Read, sentence: str, several: str) -> None:
    assert owned(read_text(f"# Plan\n\n{sentence.format('Westmarch Police')}\n", "document.md"))
    assert not owned(read_text(f"# Plan\n\n{sentence.format(several)}\n", "document.md"))
