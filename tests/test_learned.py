"""The learned reader with the model of the package: it reads what it should, and always the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.evaluation.scores import find_sample, measure, read_sample, summed
from goldenthread.examples.demo import copy_documents
from goldenthread.graph import open_store
from goldenthread.graph.exchange.jsonl import write_jsonl
from goldenthread.loaders.extract import READERS, Extractor
from goldenthread.loaders.load import Options, load
from goldenthread.ontology import Ontology

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parent / "reading"
#: A little below what is reached on our own four documents, by readers; docs/accuracy.md has the figures.
FLOORS = {
    ("learned",): {"entities": 0.84, "relations": 0.53, "ownership": 0.50},
    READERS: {"entities": 0.86, "relations": 0.67, "ownership": 0.69},
}


def exported(folder: Path, ontology: Ontology, workers: int) -> bytes:
    """The graph of the example, read by both readers of the program."""
    documents = copy_documents(folder)
    with open_store(str(folder / f"{workers}.db"), ontology, create=True) as store:
        options = Options(partnership="Harrowmere")
        assert load(store, ontology, [documents], folder, options, workers=workers).failed == []
        with (folder / f"{workers}.jsonl").open("wb") as file:
            write_jsonl(store, file)
    return (folder / f"{workers}.jsonl").read_bytes()


def test_any_number_of_workers_reads_the_same(ontology: Ontology, tmp_path: Path) -> None:
    found = {exported(tmp_path, ontology, workers) for workers in (0, 1, 2)}
    assert len(found) == 1
    (graph,) = found
    assert b'"learned"' in graph
    assert b'"rules"' in graph


@pytest.mark.parametrize("readers", list(FLOORS), ids="+".join)
def test_our_own_documents_are_read_well(extractor: Extractor, readers: tuple[str, ...]) -> None:
    reads = read_sample(find_sample(FOLDER / "docs", FOLDER / "gold"), extractor, readers)
    assert not reads.failed
    measured = measure(reads.done, extractor.ontology)
    figures = summed(one.every for one in measured)
    assert {name: floor for name, floor in FLOORS[readers].items() if figures[name].f1 < floor} == {}
    stated = summed(one.stated for one in measured)
    assert stated["relations"].precision >= 0.82
