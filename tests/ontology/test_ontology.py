"""The ontology holds what it must, and mistakes in it are named."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from loopback import Loopback

from goldenthread.loaders.formats.tokens import normal_phrase
from goldenthread.ontology import BodyKind, Concept, Ontology, OntologyError, load_ontology, slug, user_files
from goldenthread.ontology.lint import findings

#: Marked documents of invented areas; they stand beside the repository in some workplaces.
MARKED = Path(__file__).resolve().parents[2] / "training" / "documents"


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
    ("words", "part"),
    [("Women’s safety", "womens-safety"), ("Fly-tipping & litter", "fly-tipping-and-litter"), ("  ", "")],
)
def test_ids_are_readable(words: str, part: str) -> None:
    assert slug(words) == part


@pytest.mark.parametrize(
    ("relation", "object_type", "stance", "words"),
    [
        ("delivers", "Priority", None, ("delivers", "is delivered by")),
        ("delivers", "Issue", None, ("works on", "is worked on by")),
        ("addresses", "Issue", None, ("addresses", "is addressed by")),
        ("raises", "Issue", "concern", ("raised concern about", "concern is raised by")),
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
            "issue:swans a skos:Concept ; skos:prefLabel 'swans' ; skos:broader issue:geese . "
            "issue:geese a skos:Concept ; skos:prefLabel 'geese' ; skos:broader issue:swans .",
            "broader than itself",
        ),
        ("issue:swans a skos:Concept .", "no skos:prefLabel"),
        ("issue:swans a skos:Concept ; skos:prefLabel 'swans', 'geese' .", "2 values"),
        ("issue:swans a skos:Collection .", "no skos:Concept"),
        (
            " ".join(
                f"issue:swans{n} a skos:Concept ; skos:prefLabel 'swans {n}' ; skos:broader issue:swans{(n + 1) % 90} ."
                for n in range(90)
            ),
            "broader than itself",
        ),
        (
            " ".join(
                f"issue:swans{n} a skos:Concept ; skos:prefLabel 'swans {n}' ; skos:broader issue:swans{n + 1} ."
                for n in range(5000)
            )
            + " issue:swans5000 a skos:Concept ; skos:prefLabel 'swans' .",
            "more than 100 levels",
        ),
        (
            "issue:swans a skos:Concept ; skos:prefLabel 'swans' . "
            "<> <http://www.w3.org/2002/07/owl#imports> <file:///etc/passwd> .",
            "nothing is fetched",
        ),
        (
            "issue:swans a skos:Concept ; skos:prefLabel 'swans' . "
            "_:a rdf:first issue:swans ; rdf:rest _:b . _:b rdf:first issue:swans ; rdf:rest _:a .",
            "leads back into itself",
        ),
        (
            "issue:swans a skos:Concept ; skos:prefLabel 'swans' ; skos:member _:a . _:a rdf:rest rdf:nil, _:a .",
            "goes on in 2 ways",
        ),
        (
            "issue:swans a skos:Concept ; skos:prefLabel 'swans' ; skos:note " + "[ skos:note " * 100_000,
            "not valid Turtle",
        ),
        (
            "issue:swans a skos:Concept ; skos:prefLabel 'swans' ; skos:note "
            + "<<( <a:a> <a:b> " * 100_000
            + "<a:c>"
            + " )>>" * 100_000
            + " .",
            "triples in triples",
        ),
        (
            "issue:swans a skos:Concept ; skos:prefLabel 'swans' ; skos:note <<( <a:a> <a:b> <a:c> )>> .",
            "triples in triples",
        ),
        (
            "issue:swans a skos:Concept ; skos:prefLabel 'swans' ; skos:altLabel "
            + ", ".join(f"'{n}'" for n in range(2000))
            + " .",
            "more than 1000 values",
        ),
        (
            " ".join(f"issue:swans{n} a skos:Concept ; skos:prefLabel 'swans {n}' ." for n in range(21_000)),
            "more than 20,000 issues",
        ),
    ],
)
def test_a_mistake_in_a_users_vocabulary_is_named(tmp_path: Path, turtle: str, why: str) -> None:
    path = tmp_path / "own.ttl"
    prefixes = (
        "@prefix issue: <https://w3id.org/goldenthread/issue/> . @prefix skos: "
        "<http://www.w3.org/2004/02/skos/core#> .\n"
    )
    prefixes += "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    path.write_text(prefixes + turtle, encoding="utf-8")
    with pytest.raises(OntologyError, match=why):
        load_ontology(path)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("swans,geese\ngeese,swans\n", "broader than itself"),
        ("swans,swans\n", "broader than itself"),
        ("".join(f"swans {n},swans {n + 1}\n" for n in range(5000)) + "swans 5000,\n", "more than 100 levels"),
        ("swans,unicorns\n", "line 2: there is no issue 'unicorns'"),
        ("天鹅,\n", "line 2: the label '天鹅' has no letters"),
        ("swans," + "x" * 200_000 + "\n", "line 2: this is no CSV"),
        ('swans,"' + ";".join(["crime"] * 2000) + '"\n', "line 2: a cell holds more than 1000 values"),
        ("".join(f"swans {n},\n" for n in range(21_000)), "more than 20,000 issues"),
    ],
)
def test_a_mistake_in_a_vocabulary_in_csv_is_named(tmp_path: Path, lines: str, why: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text("label,broader\n" + lines, encoding="utf-8")
    with pytest.raises(OntologyError, match=why):
        load_ontology(path)


@pytest.mark.parametrize("name", ["own.ttl", "own.csv"])
def test_a_vocabulary_that_is_too_large_is_refused_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(user_files, "LARGEST", 1000)
    (tmp_path / name).write_text("# " + "x" * 1000, encoding="utf-8")
    with pytest.raises(OntologyError, match=f"{name} is larger than"):
        load_ontology(tmp_path / name)


def test_what_a_vocabulary_names_is_not_fetched(tmp_path: Path, loopback: Loopback) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(
        f"@base <{loopback.url}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . <swans> a skos:Concept ; "
        f"skos:prefLabel 'swans' ; skos:closeMatch <other>, <{path.as_uri()}> ; skos:inScheme <scheme> .",
        encoding="utf-8",
    )
    assert load_ontology(path).own_concepts == {"swans"}
    assert loopback.asked == []


def test_every_firm_relation_of_the_marked_documents_is_allowed(ontology: Ontology, tmp_path: Path) -> None:
    command = [sys.executable, str(MARKED.parent / "markup.py"), "json", *sorted(str(p) for p in MARKED.glob("*.mark"))]
    lines = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout.splitlines()
    refused: Counter[tuple[str, str, str]] = Counter()
    for document in map(json.loads, lines):
        for row in document["relations"]:
            relation = ontology.relations[row["p"]]
            ends = (document["types"][row["s"]], "Request" if row["p"] == "requests" else document["types"][row["o"]])
            if not row.get("optional") and (ends[0] not in relation.domain or ends[1] not in relation.range):
                refused[ends[0], row["p"], ends[1]] += 1
    assert len(lines) > 500
    assert not refused
