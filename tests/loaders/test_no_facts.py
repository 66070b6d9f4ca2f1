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
