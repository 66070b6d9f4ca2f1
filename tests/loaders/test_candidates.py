"""What the documents may call an issue and the vocabulary lacks."""

from __future__ import annotations

from goldenthread.evaluation.candidates import find_candidates
from goldenthread.ontology import Ontology

MINUTES = (
    "Members were concerned about drone spying over the allotments.\n"
    "Residents mentioned burglary, drone spying and fly-tipping.\n"
    "• Kite flying\n"
    "The Board thanked the officers.\n"
)


def test_what_people_worry_about_is_proposed_with_its_words(ontology: Ontology) -> None:
    first = find_candidates({"minutes.txt": MINUTES}, ontology)[0]
    assert first.label == "drone spying"
    assert first.documents == {"minutes.txt"}
    assert first.quotes[0] == ("minutes.txt", "Members were concerned about drone spying over the allotments.")


def test_what_the_vocabulary_knows_is_not_proposed(ontology: Ontology) -> None:
    labels = {c.label for c in find_candidates({"minutes.txt": MINUTES}, ontology)}
    assert not labels & {"burglary", "fly-tipping", "board", "officers"}


def test_a_phrase_of_several_documents_comes_before_that_of_one(ontology: Ontology) -> None:
    texts = {
        "a.txt": "Concerns about ponds were raised.",
        "b.txt": "Concerns about ponds again.",
        "c.txt": "Concerns about hedges.",
    }
    assert [c.label for c in find_candidates(texts, ontology)][:2] == ["ponds", "hedges"]


def test_a_kind_is_suggested_by_the_words_that_it_shares(ontology: Ontology) -> None:
    (found,) = find_candidates({"a.txt": "Residents complained of garden ornament theft."}, ontology)
    assert found.broader is not None
    assert "theft" in found.broader


def test_what_was_turned_down_is_not_proposed_again(ontology: Ontology) -> None:
    assert "drone spying" not in {
        c.label for c in find_candidates({"minutes.txt": MINUTES}, ontology, ["Drone spying"])
    }
