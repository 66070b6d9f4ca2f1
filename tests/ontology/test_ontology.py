"""The ontology holds what it must, and mistakes in it are named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from goldenthread.loaders.tokens import normal_phrase
from goldenthread.ontology import BodyKind, Concept, Ontology, OntologyError, load_ontology, slug
from goldenthread.ontology.lint import findings


def test_the_built_in_ontology_is_sound(ontology: Ontology) -> None:
    assert findings(ontology, normal_phrase) == []


def test_the_vocabulary_is_wide_enough(ontology: Ontology) -> None:
    assert len(ontology.concepts) >= 200
    assert len([c for c in ontology.concepts.values() if not c.broader]) <= 40
    matches = {m for c in ontology.concepts.values() for m in c.matches}
    assert len([m for m in matches if "data.police.uk" in m]) == 14
    assert len([m for m in matches if "home-office" in m]) == 12


def test_every_council_knows_its_police_and_fire_service(ontology: Ontology) -> None:
    assert len(ontology.places) > 400
    assert [p.id for p in ontology.places.values() if not (p.police and p.fire)] == []


@pytest.mark.parametrize(
    ("words", "part"), [("Women’s safety", "womens-safety"), ("Fly-tipping & litter", "fly-tipping-and-litter"), ("  ", "")]
)
def test_ids_are_readable(words: str, part: str) -> None:
    assert slug(words) == part


@pytest.mark.parametrize(
    ("relation", "object_type", "stance", "words"),
    [
        ("delivers", "Priority", None, ("delivers", "is delivered by")), ("delivers", "Issue", None, ("works on", "is worked on by")),
        ("addresses", "Issue", None, ("addresses", "is addressed by")), ("raises", "Issue", "concern", ("raised concern about", "concern is raised by")),
    ],
)  # fmt: skip
def test_a_statement_reads_as_people_say_it(
    ontology: Ontology, relation: str, object_type: str, stance: str | None, words: tuple[str, str]
) -> None:
    assert ontology.words(relation, object_type, stance) == words


def test_an_ambiguous_label_and_a_missing_definition_are_found(ontology: Ontology) -> None:
    broken = replace(
        ontology,
        concepts={**ontology.concepts, "x": Concept("x", "knife crime", "")},
        kinds={**ontology.kinds, "Y": BodyKind("Y", "Partner", "Y", "Some body or other.")},
    )
    found = "\n".join(findings(broken, normal_phrase))
    assert "'knife crime' means issue/knife-crime and issue/x" in found
    assert "issue/x has no definition" in found
    assert "the id Y is not made of" in found


@pytest.mark.parametrize(
    ("turtle", "why"),
    [
        ("issue:swans a skos:Concept ; skos:prefLabel 'swans' ; skos:broader issue:nowhere .", "which no file defines"),
        (
            "issue:swans a skos:Concept ; skos:prefLabel 'swans' ; skos:broader issue:geese . issue:geese a skos:Concept ; skos:prefLabel 'geese' ; skos:broader issue:swans .",
            "broader than itself",
        ),
        ("issue:swans a skos:Concept .", "no skos:prefLabel"),
        ("issue:swans a skos:Concept ; skos:prefLabel 'swans', 'geese' .", "2 values"),
        ("issue:swans a skos:Collection .", "no skos:Concept"),
    ],
)
def test_a_mistake_in_a_users_vocabulary_is_named(tmp_path: Path, turtle: str, why: str) -> None:
    path = tmp_path / "own.ttl"
    prefixes = "@prefix issue: <https://w3id.org/goldenthread/issue/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    path.write_text(prefixes + turtle, encoding="utf-8")
    with pytest.raises(OntologyError, match=why):
        load_ontology(path)
