"""The same documents in a file and on a server: every answer must be the same, to the byte."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from conftest import RULES, SHARED
from engines import Engine, Sqlite
from graphs import random_line, small_ontology, store_of
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from goldenthread.graph import Store, open_store
from goldenthread.graph.exchange.copying import copy
from goldenthread.graph.exchange.files import write_graph
from goldenthread.ontology import Ontology
from goldenthread.queries.across import coverage_of
from goldenthread.queries.ask import ask
from goldenthread.queries.gaps import find_gaps, rules_named
from goldenthread.queries.names import resolve
from goldenthread.queries.owners import owners_of_name
from goldenthread.queries.search import search
from goldenthread.queries.show import show
from goldenthread.queries.summaries import summarise
from goldenthread.queries.years import issues_by_year

pytestmark = pytest.mark.slow

#: Words and questions; every label of the graph is asked for as well.
WORDS = ("residents", "noise", "anti-social behaviour", "Raises, concerns!", "paint", "burglary and theft")
QUESTIONS = (
    "What are the priorities?", "Which issues have no priority?", "Which priorities have no owner?",
    "Who raised noise?", "Which groups have no chair?", "What does the police lead?", "Who leads Priority 2?",
    "Which actions have no owner?",
)  # fmt: skip


def answers(store: Store, ontology: Ontology) -> dict[str, object]:
    """Everything that can be asked of a store, by what was asked."""
    exported = io.BytesIO()
    write_graph(store, ontology, "jsonl", exported, with_text=True)
    found: dict[str, object] = {
        "export": exported.getvalue(),
        "gaps": find_gaps(store, ontology, rules_named(())).to_json(),
        "gaps in 2022": find_gaps(store, ontology, rules_named(()), on="2022").to_json(),
        "coverage": coverage_of(store, ontology, None),
        "coverage across": coverage_of(store, ontology, None, one_by_one=False),
        "years": issues_by_year(store, ontology, None),
        "documents": (store.documents(), [store.graph_of(d.id) for d in store.documents()]),
    }
    things = list(store.entities())
    for key, _ in store.partnerships():
        found[f"gaps of {key}"] = find_gaps(store, ontology, rules_named(()), partnership=key).to_json()
        found[f"years of {key}"] = issues_by_year(store, ontology, key)
        found[f"in {key}"] = (list(store.entities(key)), list(store.statements(key)))
    for label in sorted({thing.label for thing in things})[:6]:
        found[f"owners {label}"] = owners_of_name(store, ontology, label)
        found[f"names {label}"] = resolve(store, ontology, label[:-1])
    for thing in things[:6]:
        found[f"show {thing.id}"] = show(store, ontology, thing.id)
    found |= {f"search {words}": search(store, ontology, words) for words in WORDS}
    found |= {f"ask {question}": ask(store, ontology, question).to_json() for question in QUESTIONS}
    return found


def assert_same(store: Store, other: Store, ontology: Ontology) -> None:
    ours, theirs = answers(store, ontology), answers(other, ontology)
    for question, answer in ours.items():
        assert theirs[question] == answer, question


@example([["Partnership: part_of Plan:2020-2023", "Priority:parks part_of Partnership:"]], [])
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.lists(random_line(), max_size=10), min_size=1, max_size=3),
    st.lists(st.sampled_from(["oakvale", "elmford"]), max_size=3),
)
def test_any_graph_has_the_same_answers(
    neo4j_engine: Engine, tmp_path: Path, documents: list[list[str]], partnerships: list[str]
) -> None:
    stores = []
    for engine in (Sqlite(tmp_path), neo4j_engine):
        store = engine.make()
        for number, lines in enumerate(documents):
            whose = partnerships[number] if number < len(partnerships) else "oakvale"
            store_of(tmp_path, {f"{number}.md": "\n".join([*lines, "Partner:lantern"])}, partnership=whose, store=store)
            if number == 1:
                summarise(store, small_ontology())
        stores.append(store)
    with stores[0], stores[1]:
        assert_same(stores[0], stores[1], small_ontology())


def test_the_example_has_the_same_answers(neo4j_engine: Engine, harrowmere: Store, ontology: Ontology) -> None:
    with neo4j_engine.make(ontology) as server:
        copy(harrowmere, server, ontology)
        summarise(server, ontology)
        assert_same(harrowmere, server, ontology)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the evaluation corpus (../shared) is not here")
def test_the_evaluation_corpus_has_the_same_answers(neo4j_engine: Engine, tmp_path: Path, ontology: Ontology) -> None:
    from goldenthread.loaders.load import Options, load

    with open_store(str(tmp_path / "corpus.db"), ontology, create=True) as store, neo4j_engine.make(ontology) as server:
        for target in (store, server):
            report = load(
                target,
                ontology,
                [SHARED / "corpus" / "docs", SHARED / "corpus" / "long" / "docs"],
                tmp_path,
                Options(readers=RULES),
            )
            assert not report.failed
        assert_same(store, server, ontology)
