"""The engines on which every store's behaviour is tested."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphs import small_ontology
from neo4j_server import Login, wipe

from goldenthread.graph import Store, open_store
from goldenthread.ontology import Ontology


class Engine(ABC):
    """Makes empty stores, one at a time; the address of the newest is where another process finds it."""

    address: str

    @abstractmethod
    def _prepare(self) -> None:
        """Give `address` to an empty place."""

    def make(self, ontology: Ontology | None = None) -> Store:
        """Return a new store, with its vocabulary; what the last one held is gone."""
        self._prepare()
        known = ontology or small_ontology()
        store = open_store(self.address, known, create=True)
        store.use_vocabulary(known)
        return store


class Sqlite(Engine):
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _prepare(self) -> None:
        number = sum(1 for _ in self._folder.glob("*.db"))
        self.address = str(self._folder / f"{number}.db")


class Neo4j(Engine):
    """The database of a server."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self.address = login.url

    def _prepare(self) -> None:
        wipe(self._login)


@pytest.fixture(params=["sqlite", pytest.param("neo4j", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each engine in turn."""
    if request.param == "sqlite":
        yield Sqlite(tmp_path)
    else:
        yield request.getfixturevalue("neo4j_engine")


@pytest.fixture
def neo4j_engine(neo4j_login: Login) -> Iterator[Neo4j]:
    """The server alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "NEO4J_PASSWORD", neo4j_login.password)
        yield Neo4j(neo4j_login)
