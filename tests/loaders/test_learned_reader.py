"""The learned reader: from what its network finds to claims, and what happens where it has no model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import Pages
from fake_network import FakeNetwork, words_tokenizer

from goldenthread.loaders.claims import Claim, EntityClaim, ReaderUnavailable, RelationClaim, SameClaim
from goldenthread.loaders.page import Page
from goldenthread.loaders.readers.learned.labels import LABELS
from goldenthread.loaders.readers.learned.reader import CARD, LearnedReader, learned_reader
from goldenthread.ontology import Ontology


def claims(
    page: Page, names: Mapping[str, str], relations: Mapping[tuple[str, str, str], float] | None = None,
    stances: Mapping[str, str] | None = None,
) -> list[Claim]:  # fmt: skip
    network = FakeNetwork(page.text, names, relations or {}, stances or {})
    return list(LearnedReader(page.ontology, words_tokenizer(), network).read(page))


def relations(found: list[Claim]) -> list[tuple[str, str, str]]:
    return [(c.subject.label, c.predicate, c.object.label) for c in found if isinstance(c, RelationClaim)]


def test_a_relation_is_claimed_in_the_words_of_its_sentence(page: Pages) -> None:
    found = page("Nothing here. The Lamp Group leads on wobbling. Nothing there.")
    made = claims(found, {"Lamp Group": "Subgroup", "wobbling": "Issue"}, {("Lamp Group", "leads", "wobbling"): 0.8})
    assert relations(made) == [("Lamp Group", "leads", "wobbling")]
    (claim,) = [c for c in made if isinstance(c, RelationClaim)]
    assert found.text[claim.start : claim.end] == "The Lamp Group leads on wobbling."
    assert (claim.score, claim.assumed, claim.reader, claim.named) == (0.8, False, "learned", 0.9)


def test_every_name_in_focus_is_claimed_for_itself(page: Pages) -> None:
    made = claims(page("The Lamp Group met."), {"Lamp Group": "Subgroup"})
    assert [(c.entity.type, c.entity.label, c.score) for c in made if isinstance(c, EntityClaim)] == [
        ("Subgroup", "Lamp Group", 0.9)
    ]


def test_what_is_too_unlikely_is_not_claimed(page: Pages) -> None:
    text, names = "The Lamp Group and litter.", {"Lamp Group": "Subgroup", "litter": "Issue"}
    assert relations(claims(page(text), names, {("Lamp Group", "delivers", "litter"): 0.05})) == []


def test_a_word_that_is_no_name_stands_for_the_likeliest_name(page: Pages) -> None:
    found = page("The Lamp Group met. The Dog Group met. It leads on litter.")
    names = {"Lamp Group": "Subgroup", "Dog Group": "Subgroup", "It": "~Subgroup", "litter": "Issue"}
    said = {("It", "leads", "litter"): 0.8, ("Lamp Group", "same", "It"): 0.4, ("Dog Group", "same", "It"): 0.7}
    made = claims(found, names, said)
    assert relations(made) == [("Dog Group", "leads", "litter")]
    (claim,) = [c for c in made if isinstance(c, RelationClaim)]
    assert claim.assumed
    assert claim.subject.rank < 0
    assert found.text[claim.start : claim.end] == "It leads on litter."
    assert "It" not in [c.entity.label for c in made if isinstance(c, EntityClaim)]


def test_a_word_that_stands_for_nothing_known_claims_nothing(page: Pages) -> None:
    made = claims(page("It leads on litter."), {"It": "~Subgroup", "litter": "Issue"}, {("It", "leads", "litter"): 0.8})
    assert relations(made) == []


def test_the_partnership_without_a_name_is_that_of_the_document(page: Pages) -> None:
    made = claims(
        page("The partnership leads on litter."), {"partnership": "~Partnership", "litter": "Issue"},
        {("partnership", "leads", "litter"): 0.8},
    )  # fmt: skip
    (claim,) = [c for c in made if isinstance(c, RelationClaim)]
    assert claim.subject.key == "partnership"


def test_what_a_heading_tells_is_claimed_in_the_words_below_it(page: Pages) -> None:
    found = page("# Lamp Group\n\nIt works on many things. It deals with litter.\n")
    made = claims(
        found, {"Lamp Group": "Subgroup", "litter": "Issue"}, {("Lamp Group", "delivers", "litter"): 0.8}
    )  # fmt: skip
    (claim,) = [c for c in made if isinstance(c, RelationClaim)]
    assert (found.text[claim.start : claim.end], claim.assumed) == ("It deals with litter.", False)


def test_a_row_of_a_table_is_the_words_of_what_it_says(page: Pages) -> None:
    found = page("| Issue | Lead |\n|---|---|\n| litter | Lamp Group |\n| noise | Dog Group |\n")
    names = {"Lamp Group": "Subgroup", "litter": "Issue", "Dog Group": "Subgroup"}
    made = claims(found, names, {("Lamp Group", "leads", "litter"): 0.8, ("Dog Group", "leads", "litter"): 0.7})
    said = {c.subject.label: (found.text[c.start : c.end], c.assumed) for c in made if isinstance(c, RelationClaim)}
    assert said == {"Lamp Group": ("litter | Lamp Group", False), "Dog Group": ("Dog Group", True)}


def test_how_an_issue_is_raised_is_the_likeliest_stance(page: Pages) -> None:
    made = claims(
        page("Residents fear litter."), {"Residents": "Source", "litter": "Issue"},
        {("Residents", "raises", "litter"): 0.8}, {"litter": "support"},
    )  # fmt: skip
    assert [c.stance for c in made if isinstance(c, RelationClaim)] == ["support"]


def test_a_short_name_is_claimed_to_be_the_full_one(page: Pages) -> None:
    found = page("The Lamp Group of the town, or Lampers, met.")
    names = {"Lamp Group of the town": "Subgroup", "Lampers": "Subgroup"}
    (claim,) = [
        c
        for c in claims(found, names, {("Lamp Group of the town", "same", "Lampers"): 0.8})
        if isinstance(c, SameClaim)
    ]
    assert {claim.left.label, claim.right.label} == names.keys()
    assert not [c for c in claims(found, names) if isinstance(c, SameClaim)]


def test_two_readings_give_the_same_claims(page: Pages) -> None:
    text = "\n\n".join(f"The Lamp Group leads on litter in place {n}." for n in range(120))
    names, said = {"Lamp Group": "Subgroup", "litter": "Issue"}, {("Lamp Group", "leads", "litter"): 0.8}
    assert claims(page(text), names, said) == claims(page(text), names, said)
    assert len(relations(claims(page(text), names, said))) == 120


def test_a_model_that_is_not_there_or_damaged_is_named(ontology: Ontology, tmp_path: Path) -> None:
    with pytest.raises(ReaderUnavailable, match=r"model\.json is missing or damaged"):
        learned_reader(ontology, tmp_path)
    card = {"labels": LABELS, "files": {"encoder.onnx": "0" * 64}}
    (tmp_path / CARD).write_text(json.dumps(card), encoding="utf-8")
    (tmp_path / "encoder.onnx").write_bytes(b"no network")
    with pytest.raises(ReaderUnavailable, match=r"encoder\.onnx is missing or damaged"):
        learned_reader(ontology, tmp_path)
    (tmp_path / CARD).write_text(json.dumps({"labels": {}, "files": {}}), encoding="utf-8")
    with pytest.raises(ReaderUnavailable, match="trained for other labels"):
        learned_reader(ontology, tmp_path)
    (tmp_path / CARD).write_text(json.dumps({"labels": LABELS, "files": {}}), encoding="utf-8")
    with pytest.raises(ReaderUnavailable, match="cannot be used"):
        learned_reader(ontology, tmp_path)
