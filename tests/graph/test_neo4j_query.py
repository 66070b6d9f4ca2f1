"""What a Cypher query may say, before a server sees it; test_neo4j_store asks a server."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from goldenthread.graph.engines.neo4j_query import check_plan, checked
from goldenthread.graph.engines.query_limits import LimitError, QueryError, RefusedQueryError


@pytest.mark.parametrize(
    "query",
    [
        "LOAD CSV FROM 'http://x/' AS row RETURN row",
        "load/**/csv from 'http://x/' as row return row",
        "LOAD // '\n CSV FROM 'http://x/' AS row RETURN row",
        "RETURN 'a' /* ' */ LOAD CSV FROM 'http://x/' AS row",
        "RETURN \"'\" AS a LOAD CSV FROM 'http://x/' AS row RETURN \"'\"",
        "RETURN `'` LOAD CSV FROM 'http://x/' AS row RETURN `'`",
        "RETURN 'it\\'s' LOAD CSV FROM 'x' AS row RETURN 'it\\'s'",
        "RETURN [x IN [1] WHERE EXISTS { LOAD CSV FROM 'http://x/' AS row RETURN row }] AS y",
        r"\u004COAD CSV FROM 'http://x/' AS row RETURN row",
        r"RETURN 'a\u0027 LOAD CSV FROM \u0027x' AS row RETURN row",
        "LOAD\u180eCSV FROM 'http://x/' AS row RETURN row",
        "LOAD\u00a0CSV FROM 'http://x/' AS row RETURN row",
        "// a\u2028 '\nLOAD CSV FROM 'x' AS r RETURN r //'",
        "// a\x0b '\nLOAD CSV FROM 'x' AS r RETURN r //'",
        "CALL dbms.listConfig()",
        "CALL `dbms` . `listConfig`()",
        "CALL /* */ dbms/**/./**/info() YIELD id RETURN id",
        "OPTIONAL CALL apoc.load.json('http://x/')",
        "MATCH (n) WHERE n.x > 1. CALL dbms.info() YIELD id RETURN id",
        "MATCH (n) WHERE n.x > 1.CALL dbms.info() YIELD id RETURN id",
        "CALL db.labels.more()",
        "CALL DB.Labels()",
        "RETURN apoc.util.sleep(1)",
        "RETURN `apoc`.`version` ()",
        "RETURN 'a",
        "RETURN `a",
        "",
    ],
)
def test_words_that_reach_beyond_the_graph_are_refused_however_they_are_written(query: str) -> None:
    with pytest.raises(QueryError, match=r"\. [A-Z]"):
        checked(query)


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (load) RETURN count(load) AS csv",
        "RETURN 'LOAD CSV' AS x, \"CALL dbms.info()\" AS y, '/*' AS z, `LOAD CSV`",
        "MATCH (n) RETURN n.call AS call, n.`call` AS load",
        "CALL db.labels() YIELD label RETURN label",
        "CALL { MATCH (n) RETURN n } RETURN n",
        "CALL (n) { RETURN 1 AS x } RETURN x",
        "RETURN date.truncate('year', date('2024-05-31')), point.distance(a.p, b.p), size([x IN n.list | x])",
        "MATCH (a)-[:X]->(b) WHERE a.x IN (1) AND b.y = 'it\\'s' RETURN a.name, b {.*}",
    ],
)
def test_words_that_only_read_are_left_as_they_are(query: str) -> None:
    assert checked(query) == query


def test_comments_are_left_out() -> None:
    assert checked("RETURN 1 /* a ' */ + // b\n 2").split() == ["RETURN", "1", "+", "2"]


def test_too_many_brackets_are_refused() -> None:
    with pytest.raises(LimitError, match="brackets in brackets"):
        checked("RETURN " + "[" * 5000 + "]" * 5000)


def plan(operator: str, details: str = "", database: str = "neo4j", type_: str = "r") -> Any:
    child = {"operatorType": f"{operator}@{database}", "args": {"Details": details}, "children": []}
    top = {"operatorType": "ProduceResults@neo4j", "args": {}, "children": [child]}
    return cast(Any, SimpleNamespace(query_type=type_, plan=top, database="neo4j"))


@pytest.mark.parametrize(
    "summary",
    [
        plan("LoadCSV"), plan("ProcedureCall", "dbms.info() :: (id :: STRING)"),
        plan("ProcedureCall", "`apoc`.load.json(x) :: ()"), plan("ProcedureCall"), plan("ShowTransactions"),
        plan("TerminateTransactions"), plan("TransactionApply"), plan("AllNodesScan", database="other"),
        plan("AllNodesScan", type_="rw"), plan("AllNodesScan", type_="w"), plan("AllNodesScan", type_="s"),
        plan("SetProperty"),
    ],
)  # fmt: skip
def test_a_plan_that_does_more_than_read_is_refused(summary: Any) -> None:
    with pytest.raises(RefusedQueryError):
        check_plan(summary)


@pytest.mark.parametrize(
    "summary", [plan("AllNodesScan"), plan("ProcedureCall", "db.labels() :: (label :: STRING)"), plan("ShowIndexes")]
)
def test_a_plan_that_reads_is_not(summary: Any) -> None:
    check_plan(summary)
