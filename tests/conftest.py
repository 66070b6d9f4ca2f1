"""What all tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest
from browser import browser
from engines import engine, neo4j_engine
from llama_server import llama
from loopback import loopback
from neo4j_server import neo4j_login, own_neo4j_server
from replay import replay

from goldenthread.examples.demo import copy_documents
from goldenthread.graph import DocumentGraph, Store, open_store
from goldenthread.loaders.calibration import load_calibration
from goldenthread.loaders.extract import Extractor
from goldenthread.loaders.formats.reading import read_bytes
from goldenthread.loaders.load import Options, load, read_combined
from goldenthread.loaders.mentions.context import find_context
from goldenthread.loaders.page import Page, make_page
from goldenthread.loaders.readers.rules.cues import load_cues
from goldenthread.ontology import Ontology, load_ontology

__all__ = [
    "browser",
    "engine",
    "llama",
    "loopback",
    "neo4j_engine",
    "neo4j_login",
    "own_neo4j_server",
    "replay",
]  # fixtures

#: Makes pages of texts.
Pages: TypeAlias = Callable[..., Page]
#: Most tests are about what the rules read, or about what is done with it.
RULES = ("rules",)
#: The evaluation corpus; in some workplaces it is beside the repository, and is not part of it.
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def read_by_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read by the rules alone, unless a test says otherwise."""
    monkeypatch.setenv("GOLDENTHREAD_READER", "rules")


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture(scope="session")
def extractor(ontology: Ontology) -> Extractor:
    return Extractor(ontology, load_cues())


@pytest.fixture
def page(extractor: Extractor) -> Pages:
    """A text, or bytes, as a page with its names; the file's name says how it is read."""

    def made(text: str | bytes, name: str = "plan.md") -> Page:
        data = text.encode() if isinstance(text, str) else text
        read = read_bytes(data, name)
        context = find_context(read, name, extractor.places, partnership="Harrowmere", plan_period=None, date=None)
        return make_page(read, context, extractor.ontology, extractor.finder)

    return made


@pytest.fixture(scope="session")
def harrowmere(tmp_path_factory: pytest.TempPathFactory, ontology: Ontology) -> Iterator[Store]:
    """The example borough, loaded."""
    folder = tmp_path_factory.mktemp("harrowmere")
    with open_store(str(folder / "s.db"), ontology, create=True) as store:
        report = load(
            store, ontology, [copy_documents(folder)], folder, Options(readers=RULES, partnership="Harrowmere")
        )
        assert report.failed == []
        yield store


@pytest.fixture
def store(tmp_path: Path, ontology: Ontology) -> Iterator[Store]:
    with open_store(str(tmp_path / "goldenthread.db"), ontology, create=True) as opened:
        opened.use_vocabulary(ontology)
        yield opened


@cache
def _all_claims_extractor() -> Extractor:
    return Extractor(load_ontology(), load_cues(), load_calibration().without_limits())


@pytest.fixture
def read_text(tmp_path: Path) -> Callable[..., DocumentGraph]:
    """Read a text, or the bytes of a file, with all claims however unlikely; the ending of the name says the format."""
    extractor = _all_claims_extractor()

    def read(text: str | bytes, name: str = "document.txt", partnership: str | None = "Harrowmere") -> DocumentGraph:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_combined(path, tmp_path, extractor, Options(readers=RULES, partnership=partnership)).graph

    return read


@pytest.fixture
def said() -> Callable[[DocumentGraph], set[tuple[str, ...]]]:
    """What a document says, as (subject's label, predicate, object's label), with the stance where there is one."""

    def of(graph: DocumentGraph) -> set[tuple[str, ...]]:
        labels = {e.id: e.label for e in graph.entities}
        return {
            (labels[s.subject], s.predicate, labels[s.object], *([s.stance] if s.stance else []))
            for s in graph.statements
            if s.predicate not in ("stands_in", "about")
        }

    return of
