"""What only the store on a server does: let users in, say what is wrong, keep whole documents when it dies."""

from __future__ import annotations

import io
import itertools
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from click.testing import CliRunner
from engines import Neo4j
from graphs import document_of, small_ontology, store_of
from neo4j import GraphDatabase
from neo4j_server import Login, Server, wipe

from goldenthread.cli import main
from goldenthread.graph import Decision, Store, StoreError, open_store
from goldenthread.graph.engines.neo4j_server import Address, _check_age
from goldenthread.graph.engines.query_limits import LimitError
from goldenthread.graph.exchange.copying import copy
from goldenthread.graph.exchange.jsonl import write_jsonl
from goldenthread.graph.terms import terms_of
from goldenthread.ontology import Ontology
from goldenthread.queries.adhoc import run_native
from goldenthread.queries.search import search
from goldenthread.queries.values import objects

PAGE = Path(__file__).parents[2] / "docs" / "neo4j.md"
QUESTIONS = re.findall(r"```cypher\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


# ------------------------------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    ("address", "uri", "user", "database"),
    [
        ("neo4j://server:7687/borough", "neo4j://server:7687", "neo4j", "borough"),
        ("bolt+ssc://analyst@server", "bolt+ssc://server", "analyst", None),
        ("neo4j+s://[::1]:7687/", "neo4j+s://[::1]:7687", "neo4j", None),
    ],
)
def test_an_address_says_where_who_and_which_database(address: str, uri: str, user: str, database: str | None) -> None:
    found = Address(address)
    assert (found.uri, found.user, found.database) == (uri, user, database)


@pytest.mark.parametrize(
    "address", ["neo4j://", "neo4j://host:port", "neo4j://host/a/b", "neo4j://host?x=1", "neo4j://[host"]
)
def test_what_is_no_address_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(StoreError, match="neo4j://host:7687/database"):
        open_store(address, small_ontology())


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(StoreError, match="NEO4J_PASSWORD") as refused:
        open_store("neo4j://neo4j:hunter2@host", small_ontology())
    assert "hunter2" not in str(refused.value)


def test_without_a_password_somebody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    asked: list[str] = []

    def answer(words: str) -> str:
        asked.append(words)
        return ""

    with pytest.raises(StoreError, match="Set the environment variable NEO4J_PASSWORD"):
        open_store("neo4j://host", small_ontology(), ask=answer)
    assert asked == ["Password of neo4j at neo4j://host"]


def test_an_old_server_is_refused() -> None:
    for agent in ("Neo4j/5.26.16", "Neo4j/2025.10.1", "Neo4j/6.0-aura"):
        _check_age(Address("neo4j://host"), agent)
    with pytest.raises(StoreError, match=r"is Neo4j 4\.4\.12; goldenthread needs 5\.26"):
        _check_age(Address("neo4j://host"), "Neo4j/4.4.12")


def test_where_nothing_answers_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "hunter2")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"neo4j://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(StoreError, match="No Neo4j server answers") as refused:
            open_store(address, small_ontology())
    assert "hunter2" not in _everything(refused.value)


def test_words_lose_their_endings_and_accents() -> None:
    assert terms_of("Burglaries, at the Café's DOORS?") == "burglari at the cafe s door"


# ----------------------------------------------------------------------------------------------------- with a server


@pytest.mark.slow
class TestOnAServer:
    """These need a server."""

    @pytest.fixture
    def example(self, neo4j_engine: Neo4j, harrowmere: Store, ontology: Ontology) -> Iterator[Store]:
        with neo4j_engine.make(ontology) as server:
            copy(harrowmere, server, ontology)
            yield server

    def test_a_wrong_password_is_refused_and_not_repeated(
        self, neo4j_engine: Neo4j, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NEO4J_PASSWORD", "hunter2-hunter2")
        with pytest.raises(StoreError, match="does not let neo4j in") as refused:
            open_store(neo4j_engine.address, small_ontology())
        assert "hunter2" not in _everything(refused.value)
        result = CliRunner().invoke(main, ["--store", neo4j_engine.address, "gaps"])
        assert result.exit_code == 4
        assert "hunter2" not in result.output

    def test_an_unknown_database_and_refused_encryption_are_told_apart(self, neo4j_engine: Neo4j) -> None:
        with pytest.raises(StoreError, match="There is no database 'nowhere'"):
            open_store(f"{neo4j_engine.address}/nowhere", small_ontology())
        for scheme in ("neo4j+s", "neo4j+ssc", "bolt+s"):
            with pytest.raises(StoreError, match="could not agree on a secure connection"):
                open_store(neo4j_engine.address.replace("neo4j", scheme), small_ontology())

    def test_an_empty_database_somebody_elses_and_a_newer_one_are_told_apart(
        self, neo4j_engine: Neo4j, neo4j_login: Login
    ) -> None:
        wipe(neo4j_login)
        with pytest.raises(StoreError, match="There is no store"):
            open_store(neo4j_engine.address, small_ontology())
        for statement, says in (
            ("CREATE (:Film)", "holds something else"),
            ("CREATE (:Goldenthread {schema: 99})", "made by a newer"),
        ):
            wipe(neo4j_login)
            with GraphDatabase.driver(neo4j_login.url, auth=("neo4j", neo4j_login.password)) as driver:
                driver.execute_query(statement)
            with pytest.raises(StoreError, match=says):
                open_store(neo4j_engine.address, small_ontology(), create=True)

    def test_a_database_of_an_earlier_version_is_brought_up_to_date(
        self, neo4j_engine: Neo4j, neo4j_login: Login
    ) -> None:
        with neo4j_engine.make() as store:
            store.replace(document_of("a.md", "Role:warden leads Priority:parks"))
        older = (
            "MATCH ()-[r:LEADS]->() SET r.confidence = r.probability REMOVE r.probability, r.reader",
            "MATCH (g:Goldenthread) SET g.schema = 1",
            "DROP INDEX quotes",
            "CREATE FULLTEXT INDEX quotes FOR ()-[r:LEADS]-() ON EACH [r.terms, r.partnership] OPTIONS {indexConfig: "
            "{`fulltext.analyzer`: 'whitespace'}}",
        )
        with GraphDatabase.driver(neo4j_login.url, auth=("neo4j", neo4j_login.password)) as driver:
            for statement in older:
                driver.execute_query(statement)
        with open_store(neo4j_engine.address, small_ontology()) as store:
            (led,) = store.statements()
            assert (led.probability, led.evidence[0].reader) == (0.9, "rules")
            store.replace(document_of("b.md", "Role:warden leads? Priority:roads"))
            assert {hit.fact.status for hit in search(store, small_ontology(), "warden").hits} == {
                "extracted",
                "suggested",
            }

    @pytest.mark.parametrize("question", QUESTIONS, ids=range(1, len(QUESTIONS) + 1))
    def test_every_question_of_the_page_has_an_answer(self, example: Store, question: str) -> None:
        assert len(QUESTIONS) == 10
        columns, rows = example.columns_and_rows(question, 100)
        assert columns
        assert rows

    @pytest.mark.parametrize(
        "query",
        [
            "MATCH (n) DETACH DELETE n",
            "CREATE (:X)",
            "CREATE USER mallory SET PASSWORD 'abcdefgh'",
            "DROP INDEX quotes",
            "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
            "load /* */ csv from 'http://localhost/' as row return row",
            "CALL dbms.listConfig()",
            "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
            "SHOW TRANSACTIONS",
            "SHOW SETTINGS",
            "SHOW USERS",
            "LOAD // a comment\nCSV FROM 'http://localhost/' AS row RETURN row",
            "\\u004COAD CSV FROM 'http://localhost/' AS row RETURN row",
            "RETURN 'a\\u0027 AS x // ' LOAD CSV FROM 'http://localhost/' AS row RETURN row",
            "LOAD\u180eCSV FROM 'http://localhost/' AS row RETURN row",
            "// a comment\u2028 '\nLOAD CSV FROM 'http://localhost/' AS row RETURN row //'",
            "CYPHER 5 LOAD CSV FROM 'http://localhost/' AS row RETURN row",
            "EXPLAIN LOAD CSV FROM 'http://localhost/' AS row RETURN row",
            "RETURN [x IN [1] WHERE EXISTS { LOAD CSV FROM 'http://localhost/' AS row RETURN row }] AS y",
            "RETURN CASE WHEN COUNT { LOAD CSV FROM 'http://localhost/' AS row RETURN row } > 0 THEN 1 END AS y",
            "MATCH (n) RETURN n { .*, z: COLLECT { LOAD CSV FROM 'http://localhost/' AS row RETURN row } }",
            "CALL `dbms`./**/`listConfig`()",
            "MATCH (n) WHERE n.x > 1. CALL dbms.info() YIELD id RETURN id",
            "RETURN [x IN [1] WHERE EXISTS { CALL dbms.info() YIELD id RETURN id }] AS y",
            "CALL tx.getMetaData()",
            "CALL db.createLabel('x')",
            "CALL db.clearQueryCaches()",
            "CALL apoc.load.json('http://localhost/')",
            "RETURN `apoc`.version()",
            "MATCH (n) CALL (n) { RETURN 1 AS x } IN TRANSACTIONS RETURN x",
            "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS",
            "USE system SHOW USERS",
            "RETURN 1; MATCH (n) DETACH DELETE n",
            "RETURN " + "(" * 5000 + "1" + ")" * 5000,
        ],
    )
    def test_a_users_query_only_reads_the_graph(self, neo4j_engine: Neo4j, query: str) -> None:
        with neo4j_engine.make():
            result = CliRunner().invoke(main, ["--store", neo4j_engine.address, "query", "--cypher", query])
        assert result.exit_code in (2, 4), result.output
        assert "Error: " in result.output

    @pytest.mark.parametrize(
        "query",
        [
            "MATCH (load) RETURN count(load) AS csv // LOAD CSV",
            "RETURN 'LOAD CSV' AS x, \"CALL dbms.info()\" AS y, '/*' AS z",
            "MATCH (n) RETURN n.call AS call, n.load AS load LIMIT 1",
            "CALL db.labels() YIELD label RETURN label",
            "CALL { MATCH (n) RETURN count(n) AS c } RETURN c",
            "RETURN date.truncate('year', date('2024-05-31')) AS d, duration('P1D') AS e, point({x: 1, y: "
            "2}) AS p, 0.0 / 0.0 AS n",
            "SHOW INDEXES",
        ],
    )
    def test_a_query_that_only_reads_is_answered(self, example: Store, query: str) -> None:
        columns, rows = run_native(example, "cypher", query, 10)
        assert rows
        json.dumps(objects(columns, rows), allow_nan=False)

    def test_a_result_has_at_most_so_many_bytes(self, example: Store) -> None:
        with pytest.raises(LimitError, match="larger than 64 MB"):
            example.columns_and_rows(
                "UNWIND range(1, 100) AS x RETURN reduce(t = 'a', i IN range(1, 20) | t + t) AS text", 1000
            )

    def test_nodes_and_relationships_can_be_returned(self, example: Store) -> None:
        _, rows = example.columns_and_rows(
            "MATCH p = (:Role)-[r:CHAIRS]->(g:Subgroup) RETURN p, r, g ORDER BY g.name LIMIT 1", 10
        )
        path, relationship, node = rows[0]
        assert relationship["type"] == "CHAIRS"
        assert relationship["quote"]
        assert path[1:] == [relationship, node]
        assert "Subgroup" in node["labels"]

    def test_writers_wait_for_a_reader_who_asks_for_it(self, neo4j_engine: Neo4j) -> None:
        """They wait whether they write of a partnership that is there or of a new one, and decisions wait, too."""
        writings: list[Callable[[Store], object]] = [
            lambda store: store.replace(document_of("b.md", "Partner:police")),
            lambda store: store.replace(document_of("c.md", "Partner:police", "elmdon")),
            lambda store: store.record(Decision("reject", "a|leads|b|", "an old plan", "officer")),
        ]
        with neo4j_engine.make() as store, ThreadPoolExecutor(len(writings)) as pool:
            store.replace(document_of("a.md", "Partner:police"))

            def write(writing: Callable[[Store], object]) -> object:
                with open_store(neo4j_engine.address, small_ontology()) as other:
                    return writing(other)

            with store.reading(writers_wait=True):
                results = [pool.submit(write, writing) for writing in writings]
                assert not wait(results, timeout=3).done
                assert [d.path for d in store.documents()] == ["a.md"]
            assert [result.result(60) for result in results] == ["added", "added", 1]

    def test_of_two_readers_for_whom_writers_wait_the_second_waits_as_well(self, neo4j_engine: Neo4j) -> None:
        with (
            neo4j_engine.make() as store,
            open_store(neo4j_engine.address, small_ontology()) as other,
            ThreadPoolExecutor(1) as pool,
        ):
            store.replace(document_of("a.md", "Partner:police"))

            def read() -> int:
                with other.reading(writers_wait=True):
                    return len(other.documents())

            with store.reading(writers_wait=True):
                second = pool.submit(read)
                assert not wait([second], timeout=1).done
            assert second.result(60) == 1

    def test_a_server_killed_in_mid_load_keeps_whole_documents(
        self, own_neo4j_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NEO4J_PASSWORD", own_neo4j_server.password)
        paths = [f"{number}.md" for number in range(200)]
        old = {
            path: f"Priority:parks addresses Issue:noise\nRole:role-{path[:-3]} leads Priority:parks" for path in paths
        }
        new = {path: text.replace("noise", "theft") + "\nPartner:police" for path, text in old.items()}
        for folder in (tmp_path / "old", tmp_path / "new"):
            folder.mkdir()
        with store_of(tmp_path / "old", old) as before, store_of(tmp_path / "new", new) as after:
            with open_store(own_neo4j_server.url, small_ontology(), create=True) as store:
                copy(before, store, small_ontology())
                killer = threading.Timer(0.3, own_neo4j_server.kill)
                killer.start()
                with pytest.raises(StoreError, match=r"What was finished is kept|No Neo4j server answers"):
                    _load_for_ever(store, [new, old])
                killer.join()
            own_neo4j_server.start()
            with open_store(own_neo4j_server.url, small_ontology()) as store:
                for path in paths:
                    name = f"document/{path}"
                    assert store.graph_of(name) in (before.graph_of(name), after.graph_of(name))
                for path in paths:
                    store.replace(document_of(path, new[path]))
                assert _exported(store) == _exported(after)


def _load_for_ever(store: Store, versions: list[dict[str, str]]) -> None:
    for texts in itertools.cycle(versions):
        for path, text in texts.items():
            store.replace(document_of(path, text))


def _exported(store: Store) -> bytes:
    file = io.BytesIO()
    write_jsonl(store, file)
    return file.getvalue()


def _everything(error: BaseException | None) -> str:
    """All that a traceback of the error could show."""
    words = ""
    while error is not None:
        words += f"{error!r} {error}"
        error = error.__cause__ or error.__context__
    return words
