"""Queries of a person's own: they read this graph, change nothing, reach nothing else, and come to an end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from graphs import small_ontology, store_of
from loopback import Loopback

from goldenthread.cli import main
from goldenthread.graph import Store
from goldenthread.graph.engines import sqlite_store as sqlite_store_module
from goldenthread.graph.engines.child_process import restrict, run_in_child
from goldenthread.graph.engines.query_limits import LIMITS, LimitError, Limits, QueryError, RefusedQueryError
from goldenthread.ontology import GoldenthreadError
from goldenthread.queries import sparql as sparql_module
from goldenthread.queries.adhoc import run_native, run_sparql, text_or_file
from goldenthread.queries.sparql_text import checked
from goldenthread.queries.values import cell, columns_apart, json_value, objects

LINES = """
    Priority:safe-streets stands_in Plan:2024-2027
    Priority:safe-streets addresses Issue:graffiti
    Source:residents raises/concern Issue:bike-theft
    Partner:police leads Priority:safe-streets
"""
GT = "PREFIX gt: <https://w3id.org/goldenthread/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_of(tmp_path, LINES) as opened:
        yield opened


def sql(store: Store, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in run_native(store, "sql", query, 100)[1]]


def sparql(store: Store, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in run_sparql(store, small_ontology(), query, None, 100)[1]]


# ------------------------------------------------------------------------------------------------------------- SQL


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("SELECT label FROM entity WHERE type = 3", "safe streets"),
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) SELECT sum(i) FROM n", 45),
        (
            "SELECT e.quote FROM evidence e JOIN evidence_text t ON t.rowid = e.id WHERE evidence_text MATCH 'polic*'",
            "Partner:police leads Priority:safe-streets",
        ),
        ("SELECT value FROM json_each('[7]')", 7),
        ("SELECT name FROM pragma_table_info('entity')", "id"),
        ("SELECT count(*) FROM document d JOIN evidence e ON e.document = d.id", 4),
        ("EXPLAIN SELECT 1", 0),
        ("VALUES (3)", 3),
    ],
)
def test_sql_that_only_reads_is_answered(store: Store, query: str, first: object) -> None:
    assert sql(store, query)[0][0] == first


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH 'new.db' AS x", "attach/**/'new.db' as x", "VACUUM INTO 'new.db'", "VACUUM",
        "PRAGMA journal_mode = DELETE", "PRAGMA user_version = 9", "PRAGMA query_only = OFF",
        "PRAGMA temp_store_directory = '.'", "PRAGMA writable_schema = ON", "SELECT load_extension('x')",
        "SELECT writefile('new.db', 'x')", "CREATE TEMP TABLE new (a)", "DELETE FROM entity",
        "EXPLAIN DELETE FROM entity", "INSERT INTO evidence_text (evidence_text) VALUES ('rebuild')", "BEGIN IMMEDIATE",
        "COMMIT", "SAVEPOINT a", "REINDEX", "ANALYZE", "CREATE VIRTUAL TABLE new USING fts5 (a)", "DETACH main",
        "WITH a AS (SELECT 1) DELETE FROM entity", "SELECT 1; DELETE FROM entity",
        "REPLACE INTO setting VALUES ('a', 'b')", "SELECT fts3_tokenizer('simple', x'00')",
    ],
)  # fmt: skip
def test_sql_changes_nothing_and_makes_no_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(GoldenthreadError) as refused:
        sql(store, query)
    assert refused.value.exit_code in (2, 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert sql(store, "SELECT count(*) FROM entity WHERE NOT vocabulary") == [(4,)]


def test_the_file_is_closed_to_a_query_even_without_its_gatekeeper(tmp_path: Path) -> None:
    """What opens files is gone from the process in which a query runs."""
    if sys.platform == "win32":
        pytest.skip("Windows has no such limit")
    assert run_in_child(_what_can_be_opened, str(tmp_path / "new.txt"), limits=LIMITS) == []
    assert not (tmp_path / "new.txt").exists()


def _what_can_be_opened(path: str) -> list[str]:
    import socket

    restrict(LIMITS)
    found = []
    for name, attempt in (("file", lambda: Path(path).open("w")), ("socket", socket.socket)):  # noqa: SIM115 - it fails
        try:
            attempt()
            found.append(name)
        except OSError:
            pass
    return found


def few(monkeypatch: pytest.MonkeyPatch, **limits: int | float) -> Limits:
    found = replace(LIMITS, **limits)  # type: ignore[arg-type]  # every limit is a number
    monkeypatch.setattr(sqlite_store_module, "LIMITS", found)
    monkeypatch.setattr(sparql_module, "LIMITS", found)
    return found


def test_a_query_without_an_end_takes_the_same_steps_everywhere(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, steps=3_000_000)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(LimitError, match=r"more than 3 million steps and was stopped\. Ask for less"):
        sql(store, endless)
    assert sql(store, "SELECT 1") == [(1,)]


def test_a_query_that_takes_too_long_is_ended(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, seconds=0.5, steps=10**12)
    with pytest.raises(LimitError, match=r"longer than 0\.5 seconds"):
        sql(store, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
    with pytest.raises(LimitError, match=r"longer than 0\.5 seconds"):
        sparql(store, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT zeroblob(2000000000)",
        f"SELECT {', '.join(['randomblob(100000000)'] * 30)}",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT randomblob(100000) AS b "
        "FROM n ORDER BY b",
        "SELECT group_concat(hex(zeroblob(1000000))) FROM entity a, entity b, entity c",
    ],
)
def test_one_row_cannot_fill_the_memory(store: Store, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    few(monkeypatch, memory_mb=300)
    with pytest.raises(LimitError, match=r"MB"):
        sql(store, query)


def test_a_result_has_at_most_so_many_bytes_and_cells(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    few(monkeypatch, result_bytes=1_000_000, cells=50)
    with pytest.raises(LimitError, match=r"larger than 1 MB\. Ask for less"):
        sql(store, "SELECT hex(zeroblob(600000)) FROM entity")
    with pytest.raises(LimitError, match="more than 50 cells"):
        sql(store, "SELECT 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 FROM entity LIMIT 6")
    with pytest.raises(LimitError, match="more than 50 cells"):
        sparql(store, "SELECT * { ?s ?p ?o }")


@pytest.mark.parametrize(
    "query",
    ["SELECT " + "(" * 5000 + "1" + ")" * 5000, "SELECT " + "1 + " * 20000 + "1", "SELECT '" + "a" * 200_000 + "'"],
)
def test_sql_that_is_too_deep_or_too_long_is_refused(store: Store, query: str) -> None:
    with pytest.raises(GoldenthreadError):
        sql(store, query)


@pytest.mark.parametrize("query", ["", "  \n", "-- nothing", "SELECT 'a\0b'", "SELECT '\ud800'"])
def test_a_query_of_nothing_or_of_no_text_is_refused(store: Store, query: str) -> None:
    with pytest.raises(QueryError):
        sql(store, query)
    with pytest.raises(QueryError):
        sparql(store, query)


def test_a_script_without_a_main_guard_may_ask(store: Store, tmp_path: Path) -> None:
    import subprocess

    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom goldenthread.graph import open_store\nfrom goldenthread.ontology import load_ontology\n"
        "print(open_store(sys.argv[1], load_ontology()).columns_and_rows('SELECT 1 AS n', 1))\n"
    )
    path = [entry for entry in sys.path if entry]
    run = f"runpy.run_path({str(script)!r}, run_name='__main__')"
    code = f"import sys, runpy; sys.path[:] = {path!r}; sys.argv = ['x', {str(tmp_path / 'test.db')!r}]; {run}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout.strip(), done.returncode) == ("(['n'], [(1,)])", 0), done.stderr


# ---------------------------------------------------------------------------------------------------------- SPARQL


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (GT + "SELECT ?from WHERE { ?from gt:leads ?to }", 1),
        ("PREFIX add: <https://w3id.org/goldenthread/ns#> SELECT ?who WHERE { ?who add:leads ?what }", 1),
        (GT + "SELECT ?service ?load { ?service gt:addresses ?load . FILTER(?service != ?load) }", 1),
        (GT + "SELECT ?x { ?x rdfs:label ?l FILTER(CONTAINS(?l, 'FROM SERVICE') || ?l = 'police') }", 1),
        (GT + "SELECT ?x { ?x rdfs:label \"\"\"po\\u006cice\"\"\" } # SERVICE <http://x> { }\n", 1),
        ("ASK { ?s <https://w3id.org/goldenthread/ns#leads> ?o }", 1),
        (GT + "SELECT (CONCAT ( 'a' , 'b' ) AS ?c) { FILTER NOT\nEXISTS { ?a gt:chairs ?b } }", 1),
        (GT + "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s gt:leads|gt:addresses ?o } } "
            "GROUP BY ?g HAVING (COUNT(*) > 1) ORDER BY DESC(?n)", 1),
        ("PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
            "SELECT ?b { <https://w3id.org/goldenthread/issue/graffiti> skos:broader* ?b }", 3),
        ("SELECT ?x (?x-1 AS ?y) (5 - 1 AS ?z) { VALUES ?x { 1 -2 3.5 .5 1e3 true } FILTER(?x<?x||?x>=-2) }", 5),
        (GT + "SELECT ?s { ?s !(gt:leads|^gt:leads) ?o ; a ?t , ?t } LIMIT 2", 2),
        ("SELECT ('''a\"b\n'c''' AS ?x) (regex('a.b', '\\\\.') AS ?y) ('x'@en-GB AS ?z) (1 IN (1, 2) AS ?w) {}", 1),
    ],
)  # fmt: skip
def test_sparql_that_only_reads_is_answered(store: Store, query: str, rows: int) -> None:
    assert len(sparql(store, query)) == rows


SERVICES = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    'SELECT * { BIND("""a"b""" AS ?q) SERVICE <URL> { ?s ?p ?o } }',
    'SELECT * { BIND("""a"b""" AS ?q) SERVICE <URL> { ?s ?p ?o } BIND("c" AS ?r) }',
    "SELECT * { BIND('''a'b''' AS ?q) SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { VALUES ?x { 3 } FILTER(?x<5)SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER(?o<5) # > \n SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER(?a<?b#>\n)SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { { SELECT * { { service silent <URL> { ?s ?p ?o } } UNION {} } } }",
    "SELECT * { FILTER NOT EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { BIND(EXISTS { SERVICE <URL> { ?s ?p ?o } } AS ?x) }",
    "SELECT * { VALUES ?x { <URL> } GRAPH ?g { ?s ?p ?o } SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { ?s ?p true.SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<URL>{ ?s ?p ?o } }",
    "PREFIX e: <http://e/> SELECT * { ?s ?p e:.SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { BIND('a\\u0027' AS ?x) SERVICE <URL> { ?s ?p ?o } BIND('' AS ?y) }",
    "SELECT * { BIND('\\\\u0027 ' AS ?x) SERVICE <URL> { ?s ?p ?o } BIND(' \\\\u0027' AS ?y) }",
    "SELECT * { BIND('\\\\' AS ?x) SERVICE <URL> { ?s ?p ?o } BIND(' ' AS ?y) }",
    "# a comment\rSELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { #\x0b\x0c\u2028\n SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { OPTIONALSERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<URL>{ ?s ?p ?o } }",
    "SELECT * { LATERAL { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p <<SERVICE <URL> { ?s ?p ?o } >> }",
    "BASE <URL> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "PREFIX s: <URL> SELECT * { SERVICE s: { ?s ?p ?o } }",
    "ASK { MINUS { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * FROM <URL> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "DESCRIBE * { SERVICE <URL> { ?s ?p ?o } }",
    "LOAD <URL>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("query", SERVICES)
def test_sparql_reaches_no_network_however_it_is_written(store: Store, loopback: Loopback, query: str) -> None:
    with pytest.raises(QueryError, match=r"\. [A-Z]"):
        sparql(store, query.replace("URL", loopback.url))
    assert loopback.asked == []


@pytest.mark.parametrize(
    "query", [q for q in SERVICES if q.startswith("SELECT * { {") or "EXISTS" in q or "VALUES ?x { <" in q]
)
def test_the_parsed_query_alone_would_be_refused(query: str) -> None:
    from goldenthread.queries.sparql_text import Query

    with pytest.raises(RefusedQueryError, match="other servers"):
        sparql_module.refuse_beyond_the_graph(Query(query.replace("URL", "http://127.0.0.1/"), ()))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_query_that_got_past_every_parser_finds_no_network(loopback: Loopback) -> None:
    with pytest.raises(QueryError, match="could not be answered"):
        run_in_child(_unchecked, f"SELECT * {{ SERVICE <{loopback.url}> {{ ?s ?p ?o }} }}", limits=LIMITS)
    assert loopback.asked == []


def _unchecked(text: str) -> object:
    import pyoxigraph

    from goldenthread.queries.sparql_text import Query

    memory = pyoxigraph.Store()
    restrict(LIMITS)
    return sparql_module._evaluated(memory, Query(text, ()), 10, LIMITS)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
            r"may not say SERVICE \(in line 1, column 12\)\. It would ask another server",
        ),
        ("SELECT * FROM <http://x/> { ?s ?p ?o }", r"FROM .* --partnership or GRAPH narrows"),
        ("DROP ALL", r"It would change the graph\. Give a SELECT or ASK query"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", r"'goldenthread export' writes the graph"),
        ("DESCRIBE <http://x/>", r"Give a SELECT or ASK query"),
        ("SELECT ?x {\n ?x a nonsense }", r"'nonsense' \(in line 2, column 7\)"),
        ("SELECT ?x {\n ?x ?y }", r"not valid SPARQL near '.*' in line 2, column"),
        ("SELECT ?x { ?x rdfs:label ?y }", r"not valid SPARQL|could not be answered"),
        ("SELECT ?x { ?x ?y 'a }", r"near ''a }' in line 1, column 19"),
    ],
)
def test_sparql_that_cannot_be_run_is_explained(store: Store, query: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        sparql(store, query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { " + "{" * 5000 + "}" * 5000 + " }",
        "SELECT ?x { FILTER(" + "(" * 5000 + "true" + ")" * 5000 + ") }",
        "SELECT ?x { ?x ?y " + "[ ?p " * 5000 + "1" + " ]" * 5000 + " }",
        "SELECT ?x { ?x ?y " + "(" * 5000 + ")" * 5000 + " }",
        "SELECT ?x { ?x " + "^(" * 5000 + "<a:b>" + ")" * 5000 + " ?y }",
        "SELECT * { " + "?a ?b ?c . " * 20_000 + "}",
    ],
)
def test_sparql_that_is_too_deep_or_too_long_is_refused_before_it_is_parsed(query: str) -> None:
    with pytest.raises(LimitError, match=r"brackets in brackets|longer than 100,000 characters"):
        checked(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { FILTER(" + "!" * 20_000 + "true) }",
        "SELECT * { ?s " + "/".join(["<a:p>"] * 9_000) + " ?o }",
        "SELECT * { BIND('aaaaaaaaaaaaaaaa' AS ?a0) "
        + " ".join(f"BIND(CONCAT(?a{i},?a{i}) AS ?a{i + 1})" for i in range(40))
        + "}",
        "SELECT * { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i",
    ],
)
def test_sparql_that_would_break_the_process_breaks_only_its_own(
    store: Store, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    few(monkeypatch, seconds=15.0, memory_mb=300)
    with pytest.raises(QueryError):
        sparql(store, query)


def test_a_text_means_the_same_however_it_is_written() -> None:
    for text in ('"a\\"b"', "'a\"b'", '"""a"b"""', "'''a\"b'''", '"a\\u0022b"', '"\\u0061\\"\\U00000062"'):
        assert checked(f"ASK {{ ?s ?p {text} }}").text == 'ASK { ?s ?p "a\\"b" }'


# ---------------------------------------------------------------------------------------------- values and files


@pytest.mark.parametrize(
    ("value", "json_form", "text"),
    [
        (None, None, ""), (True, True, "True"), (3, 3, "3"), (2**53, str(2**53), str(2**53)),
        (-(2**63), str(-(2**63)), str(-(2**63))), (0.5, 0.5, "0.5"), (float("nan"), "NaN", "NaN"),
        (float("inf"), "Infinity", "Infinity"), (float("-inf"), "-Infinity", "-Infinity"),
        (b"\x00\xff", "00ff", "00ff"), (bytearray(b"a"), "61", "61"), ("a\ud800b", "a\ufffdb", "a\ufffdb"),
        ("é", "é", "é"), ([1, b"\x01", {"a": float("nan")}], [1, "01", {"a": "NaN"}], '[1, "01", {"a": "NaN"}]'),
        (__import__("datetime").date(2024, 5, 31), "2024-05-31", "2024-05-31"),
    ],
)  # fmt: skip
def test_every_value_has_a_form_in_json_and_in_a_table(value: object, json_form: object, text: str) -> None:
    found = json_value(value)
    assert found == json_form
    assert type(found) is type(json_form)
    json.dumps(found, allow_nan=False).encode("utf-8")
    assert cell(value) == text


def test_columns_of_one_name_are_told_apart() -> None:
    columns = columns_apart(["key", "key", "key_2", "key"])
    assert columns == ("key", "key_2", "key_2_2", "key_3")
    assert objects(columns, [(1, 2, 3, 4)]) == [{"key": 1, "key_2": 2, "key_2_2": 3, "key_3": 4}]


def asked(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--store", str(tmp_path / "test.db"), "query", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_a_blob_and_numbers_that_json_lacks_are_written_as_text(store: Store, tmp_path: Path) -> None:
    query = "SELECT x'00ff' AS a, 9e999 AS b, 9223372036854775807 AS c, CAST(x'ff41' AS TEXT) AS d, 1 AS a, NULL AS e"
    code, output = asked(tmp_path, "--sql", query, "--format", "json")
    assert code == 0
    assert json.loads(output) == [
        {"a": "00ff", "b": "Infinity", "c": "9223372036854775807", "d": "\ufffdA", "a_2": 1, "e": None}
    ]
    assert asked(tmp_path, "--sql", query)[0] == 0


def test_a_query_comes_from_a_file_that_is_text(store: Store, tmp_path: Path) -> None:
    (tmp_path / "query.sql").write_bytes(b"\xef\xbb\xbfSELECT 7 AS seven")
    (tmp_path / "binary.sql").write_bytes(b"\xff\xfe\x00\x01")
    (tmp_path / "large.sql").write_bytes(b"SELECT 1" + b" " * 1_000_000)
    assert "seven" in asked(tmp_path, "--sql", str(tmp_path / "query.sql"))[1]
    for name in ("binary.sql", "large.sql"):
        code, output = asked(tmp_path, "--sql", str(tmp_path / name))
        assert (code, "Error: " in output, "Traceback" in output) == (2, True, False)
    assert text_or_file("SELECT 'a\0b'") == "SELECT 'a\0b'"
