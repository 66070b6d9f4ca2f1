"""Files of other graph programs hold the same graph."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from graphs import small_ontology, store_of
from hypothesis import example, given, settings
from hypothesis import strategies as st
from neo4j_server import Login, wipe

from goldenthread.graph import Document, DocumentGraph, Entity, Store, open_store
from goldenthread.graph.exchange.files import write_graph
from goldenthread.graph.exchange.formats import _literal, csv_pair
from goldenthread.graph.exchange.networks import as_networkx

LINES = """
    Priority:safe-streets stands_in Plan:2024-2027
    Priority:safe-streets addresses Issue:graffiti
    Role:warden leads Priority:safe-streets
    Source:residents raises/concern Issue:bike-theft
    Source:residents raises/support Issue:bike-theft
    Partner:lantern
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = store_of(tmp_path, LINES)
    return store_of(
        tmp_path,
        {"elm.md": "Priority:safe-streets addresses Issue:noise\nRole:warden leads Priority:safe-streets"},
        partnership="elmdon",
        store=store,
    )


def exported(store: Store, name: str) -> bytes:
    out = io.BytesIO()
    write_graph(store, small_ontology(), name, out)
    return out.getvalue()


@pytest.mark.parametrize(("name", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_other_graph_programs_read_the_same_graph(store: Store, name: str, read: Any) -> None:
    graph = read(io.BytesIO(exported(store, name)))
    ours = as_networkx(store)
    assert set(graph) == set(ours)
    assert graph.number_of_edges() == ours.number_of_edges()
    assert graph.nodes["oakvale/plan/2024-2027"]["starts"] == 2024
    assert {data["predicate"] for _, _, data in graph.edges(data=True)} == {"addresses", "leads", "raises", "stands_in"}


def test_what_is_only_suggested_is_called_so_in_every_file_and_left_out_of_what_is_computed_with(
    tmp_path: Path,
) -> None:
    with store_of(tmp_path, "Role:warden leads? Priority:parks\nPartner:police supports Priority:parks") as store:
        assert [edge["predicate"] for *_, edge in as_networkx(store).edges(data=True)] == ["supports"]
        for name, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
            edges = read(io.BytesIO(exported(store, name))).edges(data=True)
            assert {edge["predicate"]: edge["status"] for *_, edge in edges} == {
                "leads": "suggested",
                "supports": "extracted",
            }
        kumu = {edge["type"]: edge["label"] for edge in json.loads(exported(store, "kumu"))["connections"]}
        assert kumu == {"leads": "possibly leads", "supports": "supports"}
        assert [row[5] for row in csv.reader(io.StringIO(csv_pair(store)[1]))] == ["Status", "extracted", "suggested"]
        assert re.findall(r"\[r:(\w+)", exported(store, "cypher").decode()) == ["POSSIBLY_LEADS", "SUPPORTS"]


def test_a_character_that_xml_cannot_hold_does_not_break_the_file(tmp_path: Path) -> None:
    odd = Entity("wexmouth/partner/odd", "Partner", "Odd\x0bname\ufffe")
    plan = Document("document/p", "p", "", "p", None, "wexmouth", "Wexmouth")
    with open_store(str(tmp_path / "odd.db"), small_ontology(), create=True) as store:
        store.replace(DocumentGraph(plan, (odd,), ()))
        graph = nx.read_graphml(io.BytesIO(exported(store, "graphml")))
    assert graph.nodes["wexmouth/partner/odd"]["label"] == "Odd\ufffdname\ufffd"


def test_files_do_not_say_on_which_day_they_were_written(store: Store) -> None:
    assert b"lastmodified" not in exported(store, "gexf")


def test_a_pair_of_csv_files_has_the_nodes_and_the_edges(store: Store) -> None:
    nodes, edges = (list(csv.DictReader(io.StringIO(text, newline=""))) for text in csv_pair(store))
    ours = as_networkx(store)
    assert {row["Id"] for row in nodes} == set(ours)
    assert len(edges) == ours.number_of_edges()
    assert {(row["Source"], row["Target"]) for row in edges} == set(ours.edges())
    raised = [row for row in edges if row["Label"] == "raises"]
    assert [(row["Stance"], row["Evidence"], row["Documents"]) for row in raised] == [
        ("concern", "1", "plan.md"),
        ("support", "1", "plan.md"),
    ]


def test_kumu_knows_each_thing_by_a_label_of_its_own(store: Store) -> None:
    found = json.loads(exported(store, "kumu"))
    labels = [element["label"] for element in found["elements"]]
    assert len(set(labels)) == len(labels) == as_networkx(store).number_of_nodes()
    assert {"graffiti", "safe streets (priority) (oakvale)", "safe streets (priority) (elmdon)"} <= set(labels)
    assert {end for c in found["connections"] for end in (c["from"], c["to"])} <= set(labels)
    leads = next(c for c in found["connections"] if c["type"] == "leads")
    assert leads["description"] == "“Role:warden leads Priority:safe-streets”"


@given(st.text())
def test_a_text_stands_in_a_cypher_script_as_one_literal(text: str) -> None:
    literal = _literal(text)
    assert re.fullmatch(r"'(?:[^'\\\n]|\\(?:u[0-9a-f]{4}|[nrt\\']))*'", literal)
    assert not re.search(
        r"\\u00(?:27|5c)", literal.replace("\\\\", "")
    )  # which a server would take for the sign itself


@pytest.mark.slow
def test_a_server_reads_each_text_of_a_script_as_it_was(neo4j_login: Login) -> None:
    from neo4j import GraphDatabase

    with GraphDatabase.driver(neo4j_login.url, auth=("neo4j", neo4j_login.password)) as driver:

        @settings(max_examples=200, deadline=None)
        @given(st.lists(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("'\\u0027;\n\"")))))
        @example(["people's", "c:\\new", "\\u0041", "\\\n\\", "x'}] AS row DETACH DELETE n //", "a;\nb"])
        def read_back(texts: list[str]) -> None:
            assert driver.execute_query(f"RETURN {_literal(texts)} AS texts").records[0]["texts"] == texts

        read_back()


def test_a_cypher_script_names_each_thing_and_each_piece_of_evidence(store: Store) -> None:
    script = exported(store, "cypher").decode()
    assert script.endswith(";\n")
    assert "SET n:Priority" in script
    assert "MERGE (s)-[r:RAISES {document: row.words.document" in script
    assert script.count("quote: 'Role:warden leads Priority:safe-streets'") == 2


@pytest.mark.slow
def test_a_cypher_script_makes_the_same_graph_on_a_server_however_often(store: Store, neo4j_login: Login) -> None:
    from neo4j import GraphDatabase

    wipe(neo4j_login)
    statements = [part for part in exported(store, "cypher").decode().split(";\n") if part]
    said = sum(len(s.evidence) for s in store.statements())
    with (
        GraphDatabase.driver(neo4j_login.url, auth=("neo4j", neo4j_login.password)) as driver,
        driver.session() as session,
    ):
        for _ in range(2):
            for statement in statements:
                session.run(statement).consume()
            assert (
                session.run("MATCH (n:Entity) RETURN count(n)").single(strict=True)[0]
                == as_networkx(store).number_of_nodes()
            )
            assert (
                session.run("MATCH ()-[r]->() WHERE r.quote IS NOT NULL RETURN count(r)").single(strict=True)[0] == said
            )
        wipe(neo4j_login)


def test_a_large_graph_is_written_in_statements_of_a_size_that_a_server_takes(tmp_path: Path) -> None:
    lines = "\n".join(f"Partner:helper-{n} supports Priority:safe-streets" for n in range(1100))
    with store_of(tmp_path, lines) as store:
        script = exported(store, "cypher").decode()
    assert script.count("MERGE (n:Entity {key: row.key}) SET n:Partner") == 3
