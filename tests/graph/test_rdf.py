"""RDF out and in again: nothing is lost, and the same graph gives the same bytes."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphs import document_of, small_ontology, store_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loopback import Loopback

from goldenthread.graph import Answer, Document, DocumentGraph, Entity, Evidence, Mention, Statement, Store, open_store
from goldenthread.graph.exchange import rdf_reading
from goldenthread.graph.exchange.files import read_graphs
from goldenthread.graph.exchange.jsonl import ExchangeError, write_jsonl
from goldenthread.graph.exchange.rdf import dataset, nquads, read_back, serialised
from goldenthread.ontology import GoldenthreadError

FORMATS = ("trig", "ttl", "nq", "jsonld")

LINES = {
    "plan.md": """
        Priority:safe-streets stands_in Plan:2024-2027
        Priority:safe-streets addresses Issue:graffiti
        Partner:police member_of Partnership:
        Action:paint-day deadline=May-25
        Action:paint-day stands_in Priority:safe-streets
    """,
    "notes/minutes of may.txt": """
        Source:residents raises/concern Issue:bike-theft
        Source:residents raises/support Issue:bike-theft
        Priority:safe-streets addresses Issue:graffiti
        Source:residents requests Request:more-lamps
    """,
}


def jsonl(store: Store) -> str:
    out = io.BytesIO()
    write_jsonl(store, out)
    return out.getvalue().decode()


def after_a_round_trip(store: Store, format_: str, folder: Path) -> str:
    with open_store(str(folder / f"again-{format_}.db"), small_ontology(), create=True) as again:
        again.use_vocabulary(small_ontology())
        for graph in read_back(serialised(store, small_ontology(), format_), format_, small_ontology()):
            again.replace(graph)
        return jsonl(again)


@pytest.fixture
def two_partnerships(tmp_path: Path) -> Store:
    store = store_of(tmp_path, LINES)
    elm = {"elm.md": "Priority:thieves addresses Issue:bike-theft\nSource:residents raises/concern Issue:graffiti"}
    return store_of(tmp_path, elm, partnership="elmdon", store=store)


@pytest.mark.parametrize("format_", FORMATS)
def test_what_was_written_as_rdf_is_read_back_without_loss(
    two_partnerships: Store, tmp_path: Path, format_: str
) -> None:
    assert after_a_round_trip(two_partnerships, format_, tmp_path) == jsonl(two_partnerships)


def test_answers_of_models_stay_out_of_the_rdf(two_partnerships: Store) -> None:
    before = serialised(two_partnerships, small_ontology(), "nq")
    two_partnerships.keep_answer(Answer("document/elm.md", "0123456789ab", "small", "f0", "an answer"))
    assert serialised(two_partnerships, small_ontology(), "nq") == before


def test_each_partnership_is_a_graph_and_the_vocabulary_another(two_partnerships: Store) -> None:
    found = dataset(two_partnerships, small_ontology())
    names = {str(g.identifier).rsplit("/", 1)[-1] for g in found.graphs() if len(g)}
    assert names == {"oakvale", "elmdon", "vocabulary"}
    one = nquads(two_partnerships, small_ontology(), "oakvale")
    assert "thieves" not in one
    assert "safe-streets" in one


def test_nothing_in_the_rdf_is_without_a_name(two_partnerships: Store) -> None:
    assert not [
        line
        for line in nquads(two_partnerships, small_ontology()).splitlines()
        if line.startswith("_:") or " _:" in line
    ]


def test_a_statement_leads_to_the_words_that_prove_it(two_partnerships: Store) -> None:
    query = """
        PREFIX gt: <https://w3id.org/goldenthread/ns#> PREFIX oa: <http://www.w3.org/ns/oa#>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?title ?start ?quote WHERE {
            ?statement rdf:predicate gt:raises ; rdf:object <https://w3id.org/goldenthread/issue/bike-theft> ;
                gt:stance gt:support .
            ?place gt:evidenceOf ?statement ; oa:hasSource ?document ; oa:hasSelector ?position, ?words .
            ?position oa:start ?start . ?words oa:exact ?quote . ?document dcterms:title ?title .
        }
    """
    found = dataset(two_partnerships, small_ontology())
    found.default_union = True
    # A SELECT gives rows.
    rows = [tuple(value.toPython() for value in row) for row in found.query(query)]  # type: ignore[union-attr]
    assert rows == [("notes/minutes of may.txt", 49, "Source:residents raises/support Issue:bike-theft")]


@pytest.mark.parametrize("text", ["", "{", "<a> <b> <c> ."])
def test_what_is_no_graph_of_ours_is_refused(text: str) -> None:
    with pytest.raises(GoldenthreadError):
        read_back(text, "jsonld" if text == "{" else "trig", small_ontology())


# ------------------------------------------------------------------------------------------- nothing else is read


@pytest.fixture
def nothing_opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse to make sockets; what libraries not written in Python do, the server on this computer notices."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something tried to open a connection")

    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", refuse)
        patch.setattr(socket, "create_connection", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        patch.setattr(urllib.request, "urlopen", refuse)
        yield


CONTEXTS = [
    '{"@context": "URL", "@id": "http://e/x", "http://e/p": 1}',
    '[{"@context": ["URL"], "@id": "http://e/x", "p": 1}]',
    '{"@context": {"@import": "URL"}, "@id": "http://e/x", "p": 1}',
    '{"@context": [{"p": {"@id": "http://e/p", "@context": "URL"}}], "@id": "http://e/x", "p": {"@id": "http://e/y"}}',
    '{"@id": "http://e/x", "http://e/p": {"@context": "URL", "@id": "http://e/y"}}',
    '{"@graph": [{"@graph": [{"@context": [{}, "URL"], "p": 1}]}]}',
    '{"\\u0040context": "URL", "@id": "http://e/x", "p": 1}',
    '{"@context": "FILE", "@id": "http://e/x", "http://e/p": 1}',
    '{"@context": "own.jsonld", "@id": "http://e/x", "http://e/p": 1}',
]


@pytest.mark.parametrize("text", CONTEXTS)
def test_json_ld_with_a_context_elsewhere_is_refused_and_nothing_is_fetched(
    loopback: Loopback, nothing_opened: None, tmp_path: Path, text: str
) -> None:
    (tmp_path / "own.jsonld").write_text('{"@context": {}}', encoding="utf-8")
    filled = text.replace("URL", loopback.url).replace("FILE", (tmp_path / "own.jsonld").as_uri())
    with pytest.raises(
        ExchangeError, match=r"asks for the context .*nothing is fetched\. Put the context itself into the file"
    ):
        read_back(filled, "jsonld", small_ontology())
    assert loopback.asked == []


@pytest.mark.parametrize("text", CONTEXTS)
def test_the_parser_of_json_ld_fetches_nothing_either(loopback: Loopback, nothing_opened: None, text: str) -> None:
    with pytest.raises(ExchangeError):
        rdf_reading._facts(text.replace("URL", loopback.url).encode(), "jsonld")
    assert loopback.asked == []


def test_json_ld_with_its_context_in_the_file_is_read(two_partnerships: Store) -> None:
    items = json.loads(serialised(two_partnerships, small_ontology(), "jsonld"))
    short = json.dumps({"@context": {"label": "http://www.w3.org/2000/01/rdf-schema#label"}, "@graph": items}).replace(
        '"http://www.w3.org/2000/01/rdf-schema#label": [{', '"label": [{'
    )
    assert read_back(short, "jsonld", small_ontology()) == read_back(json.dumps(items), "jsonld", small_ontology())


@pytest.mark.parametrize("format_", ["trig", "ttl", "nq"])
def test_iris_are_names_and_are_not_followed(
    two_partnerships: Store, loopback: Loopback, nothing_opened: None, tmp_path: Path, format_: str
) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text("<a:a> <a:b> <a:c> .", encoding="utf-8")
    imports = "http://www.w3.org/2002/07/owl#imports"
    more = (
        f"<a:x> <{imports}> <{loopback.url}> .\n<a:x> <{imports}> <{secret.as_uri()}> .\n"
        "<a:x> <a:p> <file:///etc/passwd> .\n"
    )
    base = f"@base <{secret.as_uri()}> .\n@prefix s: <{loopback.url}> .\n<> s:p <other> .\n" if format_ != "nq" else ""
    text = serialised(two_partnerships, small_ontology(), format_)
    assert read_back(base + more + text, format_, small_ontology()) == read_back(text, format_, small_ontology())
    assert loopback.asked == []


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("jsonld", "[" * 100_000),
        ("jsonld", '{"@graph":[' * 20_000 + "]}" * 20_000),
        ("jsonld", '{"@graph":[' * 200 + "]}" * 200),
        ("jsonld", '{"@list":[' * 200 + "]}" * 200),
        ("jsonld", '{"@context":{"a":{"@id":"b:b","@context":' * 100 + "{}" + "}}}" * 100),
        ("ttl", "<a:a> <a:p> " + "<<( <a:a> <a:b> " * 100_000 + "<a:a>" + ")>> " * 100_000 + "."),
        ("ttl", "<a:a> <a:p> " + "<<( <a:a> <a:b> # )>> )>>\n" * 100_000 + "<a:a>" + ")>> " * 100_000 + "."),
        ("trig", "<a:a> <a:p> " + "[ <a:b> " * 100_000),
        ("ttl", "<a:a> <a:p> " + "(" * 100_000),
        ("nq", '<a:a> <a:b> "' + "9" * 5000 + '"^^<http://www.w3.org/2001/XMLSchema#integer> .'),
    ],
)
def test_what_is_too_deep_is_refused(format_: str, text: str) -> None:
    with pytest.raises(GoldenthreadError, match=r"\. [A-Z]"):
        read_back(text, format_, small_ontology())


def test_a_file_that_is_too_large_is_refused_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdf_reading, "LARGEST", 1_000_000)
    (tmp_path / "large.nq").write_bytes(b"# " + b"x" * 1_000_000)
    with pytest.raises(ExchangeError, match="larger than 1 MB"):
        read_graphs(tmp_path / "large.nq", None, small_ontology())


# ------------------------------------------------------------------------------------- what the ontology does not allow

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
GT = "https://w3id.org/goldenthread/ns#"


@pytest.mark.parametrize(
    ("line", "old", "new", "reason"),
    [
        (
            "raises/issue%2Fbike-theft/concern> <RDFobject>",
            "/issue/bike-theft>",
            "/id/oakvale/source/residents>",
            "'raises' cannot join",
        ),
        ("/concern> <GTstatus>", '"extracted"', '"proven"', "no status 'proven'"),
        (
            "addresses/issue%2Fgraffiti/> <GTstatus>",
            "GTstatus> .*",
            "GTstance> <GTconcern> .",
            "1 values|takes no stance|0 values",
        ),
        ("id/document/plan.md> <GTpath>", '"plan.md"', '"other.md"', "must be 'document/' and the path"),
        ("id/oakvale/priority/safe-streets> <RDFtype>", "GTPriority", "GTAction", "does not fit the type"),
        (
            "id/oakvale/priority/safe-streets> <http://www.w3.org/2000/01/rdf-schema#label>",
            '"safe streets"',
            '"a"',
            "2 values for",
        ),
        (
            "position> <http://www.w3.org/ns/oa#start>",
            '"[0-9]+"',
            '"7777"',
            "must be below 'end'|from 'start' to 'end'",
        ),
    ],
)
def test_what_the_ontology_does_not_allow_is_refused_and_named(
    two_partnerships: Store, line: str, old: str, new: str, reason: str
) -> None:
    def full(text: str) -> str:
        return text.replace("RDF", RDF).replace("GT", GT)

    lines = serialised(two_partnerships, small_ontology(), "nq").splitlines(keepends=True)
    number = next(n for n, one in enumerate(lines) if full(line) in one and re.search(full(old), one))
    changed = re.sub(full(old), full(new), lines[number])
    assert changed != lines[number]
    kept = [lines[number]] if "2 values" in reason else []
    with pytest.raises(
        ExchangeError,
        match=rf"^<https://w3id.org/goldenthread/.*> cannot be imported: .*({reason}).*Nothing was imported",
    ):
        read_back("".join([*lines[:number], *kept, changed, *lines[number + 1 :]]), "nq", small_ontology())


def test_a_file_that_lost_a_line_is_read_or_refused_but_never_breaks(two_partnerships: Store) -> None:
    lines = nquads(two_partnerships, small_ontology()).splitlines(keepends=True)
    own = [n for n, line in enumerate(lines) if "/graph/vocabulary>" not in line]
    refused = 0
    for lost in own[:: max(1, len(own) // 60)]:
        try:
            read_back("".join(lines[:lost] + lines[lost + 1 :]), "nq", small_ontology())
        except GoldenthreadError:
            refused += 1
    assert refused > 0


def test_the_bytes_are_the_same_under_another_hash_seed(tmp_path: Path) -> None:
    store_of(tmp_path, LINES).close()
    script = (
        "import sys; from goldenthread.graph import open_store; "
        "from goldenthread.graph.exchange.rdf import serialised\nsys.path.insert(0, sys.argv[2]); "
        "from graphs import small_ontology\nstore = open_store(sys.argv[1], small_ontology())\n"
        f"sys.stdout.buffer.write(''.join(serialised(store, small_ontology(), f) for f in {FORMATS!r}).encode())"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "test.db"), str(Path(__file__).parents[1])],
            env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True, timeout=60,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(texts) == 1
    assert all(text for text in texts)


#: What a PDF or a spreadsheet may put into a quote: page breaks, odd line ends, quotation marks, letters of every
#: script.
_words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12) | st.sampled_from(
    [
        "two\x0cpages",
        "line\u2028end",
        "next\x85line",
        "cr\r\nlf",
        "@prefix gt: <x> .",
        'say "so"\\',
        "}\n{",
        "<b> .",
        "it’s £5",
    ]
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    quote=_words,
    label=_words,
    cue=_words,
    probability=st.floats(0, 1),
    flags=st.tuples(st.booleans(), st.booleans()),
    title=_words,
)
def test_any_words_come_back_as_they_were(
    quote: str, label: str, cue: str, probability: float, flags: tuple[bool, bool], title: str
) -> None:
    name = "document/a b#1.txt"
    document = Document(name, "a b#1.txt", "0" * 64, title, "2024-05", "oakvale", label, "plan", None, "test")
    police = Entity(
        "oakvale/partner/police",
        "Partner",
        label,
        1,
        "police",
        attributes=(("note", quote),),
        mentions=(Mention(0, len(quote), quote),),
    )
    parks = Entity("oakvale/priority/parks", "Priority", label)
    evidence = Evidence(name, 0, len(quote), quote, cue, probability, flags[0], label, flags[1])
    more = Evidence(name, 0, len(quote), quote, cue, probability, reader="rules 2", suggested=True)
    graph = DocumentGraph(
        document, (police, parks), (Statement(police.id, "leads", parks.id, (evidence, more), None, "oakvale"),)
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(str(Path(folder) / "one.db"), small_ontology(), create=True) as store,
    ):
        store.use_vocabulary(small_ontology())
        store.replace(graph)
        for format_ in FORMATS:
            assert after_a_round_trip(store, format_, Path(folder)) == jsonl(store), format_


def test_what_is_only_suggested_is_no_triple_of_the_graph(tmp_path: Path) -> None:
    lines = "Role:warden leads? Priority:parks\nPartner:police supports Priority:parks"
    with store_of(tmp_path, lines) as store:
        found = dataset(store, small_ontology())
        asked = "SELECT ?s WHERE { GRAPH ?g { ?s gt:%s ?o } }"
        assert [len(found.query(asked % relation)) for relation in ("leads", "supports")] == [0, 1]
        status = (
            "SELECT ?status ?p WHERE { GRAPH ?g { ?n rdf:predicate gt:leads ; gt:status ?status ; gt:probability ?p } }"
        )
        assert found.query(status).serialize(format="csv") == b"status,p\r\nsuggested,0.4\r\n"


def test_the_helper_for_tests_quotes_what_stands_in_its_text() -> None:
    graph = document_of("plan.md", LINES["plan.md"])
    text = graph.document.text or ""
    assert [text[e.start : e.end] == e.quote for s in graph.statements for e in s.evidence] == [True] * 4
