"""The benchmarks' synthetic country: the same for the same seed, as large as it says, and sound enough to be asked."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from goldenthread.graph import Store
from goldenthread.ontology import Ontology

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    return _script("country")


def test_the_same_seed_gives_the_same_country(generator: ModuleType, ontology: Ontology) -> None:
    assert list(generator.country(2, ontology)) == list(generator.country(2, ontology))
    assert generator.partnership(0, ontology, seed=1) != generator.partnership(0, ontology, seed=2)


def test_a_partnership_is_the_same_in_a_country_of_any_size(generator: ModuleType, ontology: Ontology) -> None:
    assert list(generator.country(3, ontology))[1] == generator.partnership(1, ontology)


def test_every_partnership_has_about_the_statements_that_it_should(generator: ModuleType, ontology: Ontology) -> None:
    for documents in generator.country(3, ontology):
        sizes = [len(graph.statements) for graph in documents]
        assert sum(sizes) == pytest.approx(generator.PER_PARTNERSHIP, rel=0.03)
        assert all(90 <= size <= 190 for size in sizes)


def test_every_quote_and_mention_is_found_again_in_its_document(generator: ModuleType, ontology: Ontology) -> None:
    for graph in generator.partnership(0, ontology):
        text = graph.document.text
        places = [(e.start, e.end, e.quote) for s in graph.statements for e in s.evidence]
        places += [(m.start, m.end, m.quote) for entity in graph.entities for m in entity.mentions]
        assert all(text[start:end] == quote for start, end, quote in places)


def test_statements_keep_to_the_ontology(generator: ModuleType, ontology: Ontology) -> None:
    for graph in generator.partnership(0, ontology):
        types = {entity.id: entity.type for entity in graph.entities}
        for s in graph.statements:
            relation = ontology.relations[s.predicate]
            assert types[s.subject] in relation.domain
            assert types[s.object] in relation.range
            assert (s.stance in ontology.stances) if relation.takes_stance else s.stance is None


def test_the_same_seed_gives_the_same_texts_as_large_as_asked(generator: ModuleType, ontology: Ontology) -> None:
    texts = list(generator.texts(0.05, ontology))
    assert texts == list(generator.texts(0.05, ontology))
    assert texts != list(generator.texts(0.05, ontology, seed=8))
    assert {name.split("-")[0] for name, _ in texts} == {"plan", "minutes", "consultation"}
    assert 50_000 <= sum(len(text) for _, text in texts) <= 65_000


def test_goldenthread_and_networkx_name_the_same_gaps_and_owners(
    generator: ModuleType, ontology: Ontology, store: Store
) -> None:
    peers = _script("peers")
    boroughs = list(generator.country(2, ontology))
    for graph in (graph for documents in boroughs for graph in documents):
        store.replace(graph)
    ours, theirs = peers.InGoldenthread(store, ontology), peers.InNetworkx(boroughs, ontology)
    for key in map(generator.key_of, range(2)):
        assert ours.rows(ours.uncovered(key)) == theirs.uncovered(key) != []
        for issue in sorted(
            {
                s.object
                for documents in boroughs
                for g in documents[:3]
                for s in g.statements
                if s.predicate == "addresses"
            }
        ):
            assert ours.rows(ours.ownership(key, issue)) == theirs.ownership(key, issue)


def _script(name: str) -> ModuleType:
    """Import a script of the benchmarks, which are no part of the package."""
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
