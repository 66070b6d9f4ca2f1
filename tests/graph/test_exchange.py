from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.cli import main
from goldenthread.graph import (
    Decision,
    Document,
    DocumentGraph,
    Entity,
    Evidence,
    Mention,
    Statement,
    Store,
    open_store,
)
from goldenthread.graph.exchange.files import write_graph
from goldenthread.graph.exchange.jsonl import (
    ExchangeError,
    data_fingerprint,
    read_decisions,
    read_jsonl,
    write_jsonl,
)
from goldenthread.graph.exchange.networks import as_networkx
from goldenthread.ontology import load_ontology

PLAN = "The Harbour Safety Board leads on safer streets – “Tackling knife crime”."
SURVEY = "Residents of Wexmouth told us that knife crime worries them.\n=1+1"


def wexmouth() -> list[DocumentGraph]:
    """Return an invented borough: a plan whose priority has an owner, and a survey in two halves."""
    plan = Document(
        "document/plan.md", "plan.md", "a" * 64, "Plan 2024–2027", "2024-04", "wexmouth", "Wexmouth CSP", "plan", PLAN
    )
    survey = Document(
        "document/survey.txt", "survey.txt", "b" * 64, "=Survey", None, "wexmouth", "Wexmouth CSP", text=SURVEY
    )
    knives = Entity("issue/knife-crime", "Issue", "Knife crime", mentions=(Mention(60, 71, "knife crime"),))
    said = Evidence("document/survey.txt", 0, 60, SURVEY[:60], "worry", 0.75)

    def proof(cue: str, assumed: bool = False) -> tuple[Evidence, ...]:
        return (Evidence("document/plan.md", 0, 45, PLAN[:45], cue, 1.0, assumed),)

    return [
        DocumentGraph(
            plan,
            (
                knives,
                Entity("wexmouth/plan/2024-2027", "Plan", "Plan 2024–2027", starts=2024, ends=2027),
                Entity(
                    "wexmouth/priority/safer-streets", "Priority", "Safer streets", attributes=(("deadline", "Dec-26"),)
                ),
                Entity(
                    "wexmouth/subgroup/harbour-safety-board",
                    "Subgroup",
                    "Harbour Safety Board",
                    kind="partnership-board",
                ),
                Entity("wexmouth/partner/probation", "Partner", "Probation"),
            ),
            (
                Statement(
                    "wexmouth/priority/safer-streets", "addresses", "issue/knife-crime", proof("heading", assumed=True)
                ),
                Statement(
                    "wexmouth/subgroup/harbour-safety-board",
                    "leads",
                    "wexmouth/priority/safer-streets",
                    proof("leads-on") + proof("table", assumed=True),
                ),
            ),
        ),
        DocumentGraph(
            survey,
            (
                Entity("issue/knife-crime", "Issue", "Knife crime", mentions=(Mention(35, 46, "knife crime"),)),
                Entity("wexmouth/source/residents", "Source", "Residents", mentions=(Mention(0, 9, "Residents"),)),
            ),
            (Statement("wexmouth/source/residents", "raises", "issue/knife-crime", (said,), "concern"),),
        ),
    ]


def store_of(path: Path, graphs: list[DocumentGraph]) -> Store:
    ontology = load_ontology()
    store = open_store(str(path), ontology, create=True)
    store.use_vocabulary(ontology)
    for graph in graphs:
        store.replace(graph)
    return store


def exported(store: Store, name: str = "jsonl", **options: Any) -> bytes:
    out = io.BytesIO()
    write_graph(store, load_ontology(), name, out, **options)
    return out.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with store_of(tmp_path / "wexmouth.db", wexmouth()) as store:
        yield store


def lines_of(data: bytes, kind: str) -> list[dict[str, Any]]:
    return [record for record in map(json.loads, data.decode().splitlines()) if record["kind"] == kind]


# ------------------------------------------------------------------------------------------------------ JSON lines


@pytest.mark.parametrize("with_text", [False, True])
def test_what_was_exported_and_imported_is_exported_again_byte_for_byte(
    store: Store, tmp_path: Path, with_text: bool
) -> None:
    first = exported(store, with_text=with_text)
    with store_of(tmp_path / "copy.db", read_jsonl(io.BytesIO(first))) as copy:
        assert exported(copy, with_text=with_text) == first


def test_the_fingerprint_of_the_data_is_of_what_is_said_and_decided(store: Store) -> None:
    before = data_fingerprint(store, "wexmouth")
    assert re.fullmatch(r"[0-9a-f]{16}", before)
    assert data_fingerprint(store, "elsewhere") != before
    number = store.record(Decision("accept", "a gap", "known", "Scrutiny officer"))
    assert data_fingerprint(store, "wexmouth") != before
    store.undo(number)
    assert data_fingerprint(store, "wexmouth") == before


def test_lines_stand_in_the_order_of_the_contract(store: Store) -> None:
    records = [json.loads(line) for line in exported(store).splitlines()]
    rank = {"document": 0, "entity": 1, "statement": 2}
    keys = [
        (
            rank[r["kind"]],
            r.get("id") or (r["subject"], r["predicate"], r["object"], r["stance"] or "", r["partnership"]),
        )
        for r in records
    ]
    assert keys == sorted(keys)
    assert list(records[0])[:7] == ["kind", "id", "path", "sha256", "title", "date", "partnership"]


def test_the_file_is_utf_8_with_plain_line_ends(store: Store) -> None:
    data = exported(store)
    assert "Plan 2024–2027".encode() in data
    assert b"\r" not in data
    assert data.endswith(b"}\n")


def test_evidence_that_is_only_partly_assumed_keeps_its_mark(store: Store) -> None:
    by_predicate = {s["predicate"]: s for s in lines_of(exported(store), "statement")}
    assert by_predicate["addresses"]["status"] == "assumed"
    assert "assumed" not in by_predicate["addresses"]["evidence"][0]
    assert by_predicate["leads"]["status"] == "extracted"
    assert [e.get("assumed", False) for e in by_predicate["leads"]["evidence"]] == [False, True]


def test_what_is_not_known_is_left_out_of_an_entity(store: Store) -> None:
    entities = {e["id"]: e for e in lines_of(exported(store), "entity")}
    assert list(entities["wexmouth/source/residents"]) == ["kind", "id", "type", "label", "mentions"]
    assert entities["wexmouth/plan/2024-2027"]["starts"] == 2024
    assert entities["wexmouth/priority/safer-streets"]["attributes"] == [["deadline", "Dec-26"]]


def test_a_decision_shows_in_the_status_and_is_carried_along(store: Store) -> None:
    decision = Decision(
        "reject", "wexmouth/source/residents|raises|issue/knife-crime|concern", "A misreading", "Analyst"
    )
    store.record(decision)
    data = exported(store)
    assert {s["predicate"]: s["status"] for s in lines_of(data, "statement")}["raises"] == "rejected"
    assert read_decisions(io.BytesIO(data)) == [decision]
    assert as_networkx(store).number_of_edges() == 2


def test_importing_the_same_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    data = exported(store)
    with store_of(tmp_path / "copy.db", []) as copy:
        assert [copy.replace(graph) for graph in read_jsonl(io.BytesIO(data))] == ["added", "added"]
        assert [copy.replace(graph) for graph in read_jsonl(io.BytesIO(data))] == ["unchanged", "unchanged"]
        changed = data.replace(b'"label":"Safer streets"', b'"label":"Streets that are safer"')
        assert "replaced" in [copy.replace(graph) for graph in read_jsonl(io.BytesIO(changed))]


def test_a_byte_order_mark_and_blank_lines_do_no_harm(store: Store) -> None:
    data = exported(store)
    assert read_jsonl(io.BytesIO(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") + b"\r\n")) == read_jsonl(
        io.BytesIO(data)
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'"type":"Issue"', b'"type":"Worry"', "there is no type 'Worry'"),
        (b'"predicate":"leads"', b'"predicate":"bosses"', "there is no relation 'bosses'"),
        (b'"stance":"concern"', b'"stance":"shrug"', "there is no stance 'shrug'"),
        (b'"start":35', b'"start":-1', "'start' must be a whole number"),
        (b'"start":35', b'"start":true', "'start' must be a whole number"),
        (b'"object":"issue/knife-crime"', b'"object":"issue/piracy"', "no line defines the entity 'issue/piracy'"),
        (b'{"document":"document/survey.txt"', b'{"document":"document/lost.txt"', "no line defines the document"),
        (b'"probability":0.75', b'"probability":NaN', "'probability' must be a number"),
        (b'"date":null', b'"date":"May"', "'date' must be a date like 2024-05-31"),
        (b'"date":null', b'"date":"2024-13-18"', "'date' must be a date like 2024-05-31"),
        (b'"label":"Residents"', b'"label":"\\ud800"', "half of a character"),
        (b'"label":"Residents"', b'"label":"\xff"', "not UTF-8"),
        (b'"title":"=Survey"', b'"title":["=Survey"]', "'title' must be text"),
        (b'"kind":"entity"', b'"kind":"thing"', "'kind' must be one of"),
        (b'["deadline","Dec-26"]', b'"deadline"', "'attributes' must be a list of pairs"),
    ],
)
def test_a_broken_line_is_named_with_what_to_do(store: Store, old: bytes, new: bytes, reason: str) -> None:
    data = exported(store)
    assert old in data
    broken = data.replace(old, new)
    where = next(n for n, (a, b) in enumerate(zip(data.split(b"\n"), broken.split(b"\n"), strict=True), 1) if a != b)
    with pytest.raises(ExchangeError, match=f"^Line {where} cannot be imported: .*{reason}.* Mend the line"):
        read_jsonl(io.BytesIO(broken))


SURVEY_RAISES = b'"subject":"wexmouth/source/residents","predicate":"raises","object":"issue/knife-crime"'
BOARD_LEADS = (
    b'"subject":"wexmouth/subgroup/harbour-safety-board","predicate":"leads","object":"wexmouth/priority/safer-streets"'
)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        # ends that the relation does not join
        (SURVEY_RAISES, b'"subject":"issue/knife-crime","predicate":"raises","object":"wexmouth/source/residents"',
         "'raises' cannot join the Issue 'issue/knife-crime' to the Source .*its object Issue; swap them"),
        (BOARD_LEADS,
         b'"subject":"wexmouth/plan/2024-2027","predicate":"leads","object":"wexmouth/priority/safer-streets"',
         "'leads' cannot join the Plan .* its subject may be Partner or Partnership or Role or Subgroup"),
        (b'"predicate":"leads"', b'"predicate":"broader"', "a relation of the vocabulary"),
        # stances and statuses
        (b'"stance":null,"status":"extracted"', b'"stance":"concern","status":"extracted"',
         "'leads' takes no stance: leave 'stance' out"),
        (b'"status":"extracted"', b'"status":"proven"',
         "no status 'proven': it may be extracted, assumed, suggested, confirmed, rejected"),
        (b'"status":"extracted"', b'"status":null', "'status' must be text"),
        # places
        (b'"start":35,"end":46', b'"start":46,"end":35', r"'start' \(46\) must be below 'end' \(35\): swap them"),
        (b'"start":35,"end":46', b'"start":35,"end":35', "must be below"),
        (b'"start":35,"end":46', b'"start":35,"end":47',
         "the quote has 11 characters, and from 'start' to 'end' there are 12"),
        (b'"start":35,"end":46', b'"start":34,"end":45',
         "does not stand from 34 to 45 in the text of 'document/survey.txt'"),
        (b'"start":35,"end":46', b'"start":935,"end":946', "does not stand from 935 to 946"),
        (b'"start":35,"end":46', b'"start":35,"end":-46', "'end' must be a whole number"),
        (b'"start":35,"end":46', b'"start":35.0,"end":46', "'start' must be a whole number"),
        (b'"start":35,"end":46', b'"start":1' + b"0" * 5000 + b',"end":46', "a number in it has 5001 digits"),
        # ids, types and partnerships
        (b'"id":"document/plan.md"', b'"id":"document/other.md"', "must be 'document/' and the path"),
        (b'"id":"wexmouth/priority/safer-streets","type":"Priority"',
         b'"id":"wexmouth/priority/safer-streets","type":"Action"',
         "does not fit the type Action: it must be like PARTNERSHIP/action/KEY"),
        (b'"id":"wexmouth/partner/probation"', b'"id":"wexmouth/partner/"', "does not fit the type Partner"),
        (b'"id":"wexmouth/partner/probation"', b'"id":"probation"', "does not fit the type Partner"),
        (b'"id":"wexmouth/partner/probation"', b'"id":"wexmouth/partner/a|b"', "does not fit the type Partner"),
        (b'"id":"wexmouth/partner/probation"', b'"id":"elmdon/partner/probation"',
         "no document in the file is of the partnership 'elmdon'"),
        (b'"id":"wexmouth/source/residents"', b'"partnership":"elmdon","id":"wexmouth/source/residents"',
         "'partnership' is 'elmdon'"),
        (b'"id":"issue/knife-crime"', b'"id":"duty/knife-crime"',
         "does not fit the type Issue: it must be like issue/KEY"),
        (b'"type":"Partner"', b'"type":"Document"', "no type 'Document' of entities"),
        (b'"type":"Subgroup"', b'"type":"Partner"', "'partnership-board' is no kind of Partner|does not fit the type"),
        (b'"starts":2024,"ends":2027', b'"starts":2027,"ends":2024', "'starts' is after 'ends': swap them"),
        (b'"starts":2024,"ends":2027', b'"starts":20240401,"ends":20270331', "must be years"),
        (b'"partnership":"wexmouth","evidence"', b'"partnership":"elmdon","evidence"',
         "no document in the file is of the partnership 'elmdon'"),
        # JSON itself
        (b'"kind":"entity","id":"wexmouth/source/residents"',
         b'"kind":"entity","id":"issue/x","id":"wexmouth/source/residents"', "'id' stands twice"),
        (b'"label":"Residents"', b'"label":' + b"[" * 100_000 + b"]" * 100_000, "brackets in brackets|must be text"),
        (b'"probability":0.75', b'"probability":true', "'probability' must be a number"),
        (b'"probability":0.75', b'"probability":Infinity', "'probability' must be a number"),
        (b'"probability":0.75', b'"probability":1e999', "'probability' must be a number"),
    ],
)  # fmt: skip
def test_what_the_ontology_does_not_allow_is_refused(store: Store, old: bytes, new: bytes, reason: str) -> None:
    data = exported(store, with_text=True)
    assert old in data
    broken = data.replace(old, new)
    with pytest.raises(
        ExchangeError, match=rf"^Line \d+ cannot be imported: .*({reason}).* Mend the line.* Nothing was imported\.$"
    ):
        read_jsonl(io.BytesIO(broken))


def two_partnerships() -> bytes:
    """Return an export in which Wexmouth and Elmdon each have a document and a source."""
    lines: list[dict[str, Any]] = []
    for name in ("wexmouth", "elmdon"):
        lines.append(
            {
                "kind": "document",
                "id": f"document/{name}.txt",
                "path": f"{name}.txt",
                "sha256": "",
                "title": "",
                "partnership": name,
            }
        )
        lines.append(
            {"kind": "entity", "id": f"{name}/source/residents", "type": "Source", "label": "Residents", "mentions": []}
        )
    lines.append({"kind": "entity", "id": "issue/knife-crime", "type": "Issue", "label": "knife crime", "mentions": []})
    evidence = {"document": "document/elmdon.txt", "start": 0, "end": 1, "quote": "a", "cue": "c", "probability": 1}
    lines.append(
        {"kind": "statement", "subject": "elmdon/source/residents", "predicate": "raises",
         "object": "issue/knife-crime", "stance": "concern", "status": "extracted", "partnership": "elmdon",
         "evidence": [evidence]}
    )  # fmt: skip
    return b"\n".join(json.dumps(line).encode() for line in lines)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'"evidence": [{"document": "document/elmdon.txt"', b'"evidence": [{"document": "document/wexmouth.txt"',
         "its evidence 'document/wexmouth.txt' is of the partnership 'wexmouth', and the statement of 'elmdon'"),
        (b'"subject": "elmdon/source/residents"', b'"subject": "wexmouth/source/residents"',
         "belongs to the partnership 'wexmouth'"),
        (b'"label": "Residents", "mentions": []',
         b'"label": "Residents", "mentions": [{"document": "document/elmdon.txt", "start": 0, "end": 1, "quote": "a"}]',
         "cannot name what belongs to 'wexmouth'"),
    ],
)  # fmt: skip
def test_partnerships_are_kept_apart(old: bytes, new: bytes, reason: str) -> None:
    data = two_partnerships()
    assert len(read_jsonl(io.BytesIO(data))) == 2
    assert old in data
    with pytest.raises(ExchangeError, match=reason):
        read_jsonl(io.BytesIO(data.replace(old, new, 1)))


def test_a_statement_its_evidence_or_a_mention_that_stands_there_twice_is_refused(store: Store) -> None:
    data = two_partnerships()
    with pytest.raises(ExchangeError, match="the same statement stands in the file twice"):
        read_jsonl(io.BytesIO(data + b"\n" + data.splitlines()[-1]))
    evidence = data[data.index(b'[{"document"') + 1 : data.rindex(b"]")]
    with pytest.raises(ExchangeError, match="the same evidence"):
        read_jsonl(io.BytesIO(data.replace(evidence, evidence + b", " + evidence)))
    mention = b'{"document":"document/survey.txt","start":35,"end":46,"quote":"knife crime"}'
    exported_ = exported(store)
    assert mention in exported_
    with pytest.raises(ExchangeError, match="the mention at 35"):
        read_jsonl(io.BytesIO(exported_.replace(mention, mention + b"," + mention)))


def test_nothing_is_imported_of_a_file_with_a_broken_decision(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "graph.jsonl"
    path.write_bytes(exported(store) + b'{"kind":"decision","action":"delete","target":"a gap","reason":"r","by":"b"}')
    result = CliRunner().invoke(main, ["--store", str(tmp_path / "new.db"), "import", str(path)])
    assert (result.exit_code, "Line 12 cannot be imported" in result.output) == (3, True), result.output
    with open_store(str(tmp_path / "new.db"), load_ontology(), create=True) as new:
        assert new.documents() == []


@pytest.mark.parametrize("line", [b"{", b"[1]", b'"text"', b"null", b"[" * 100_000])
def test_a_line_that_is_no_object_is_named(line: bytes) -> None:
    with pytest.raises(ExchangeError, match=r"^Line 2 cannot be imported"):
        read_jsonl(io.BytesIO(b"\n" + line))


def test_a_thing_that_stands_in_the_file_twice_is_refused(store: Store) -> None:
    data = exported(store)
    with pytest.raises(ExchangeError, match="stands in the file twice"):
        read_jsonl(io.BytesIO(data + data.splitlines(keepends=True)[0]))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_words_survive_the_way_there_and_back(words: str) -> None:
    document = {
        "kind": "document",
        "id": f"document/{words}",
        "path": words,
        "sha256": "",
        "title": words,
        "date": None,
        "partnership": "p",
    }
    mention = {"document": f"document/{words}", "start": 0, "end": len(words), "quote": words}
    entity = {"kind": "entity", "id": "p/partner/x", "type": "Partner", "label": words, "mentions": [mention]}
    data = "\n".join(json.dumps(record, ensure_ascii=False) for record in (document, entity)).encode()
    (graph,) = read_jsonl(io.BytesIO(data))
    assert graph.document.title == graph.entities[0].label == graph.entities[0].mentions[0].quote == words


# ------------------------------------------------------------------------------------------------- other formats


def test_csv_has_one_row_for_each_piece_of_evidence(store: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(store, "csv").decode(), newline="")))
    assert len(rows) == 4
    raised = next(row for row in rows if row["predicate"] == "raises")
    assert (raised["subject"], raised["object"], raised["stance"]) == ("Residents", "knife crime", "concern")
    assert (raised["quote"], raised["document"], raised["start"], raised["end"]) == (
        SURVEY[:60],
        "survey.txt",
        "0",
        "60",
    )


# ------------------------------------------------------------------------------------------------- networkx


def test_a_statement_is_an_edge_with_its_quotes_beside_their_documents(store: Store) -> None:
    graph = as_networkx(store)
    edge = graph.edges["wexmouth/source/residents", "issue/knife-crime", "raises/concern"]
    assert edge["count"] == 1
    assert (edge["quotes"], edge["documents"]) == ((SURVEY[:60],), ("document/survey.txt",))
    assert graph.graph["documents"]["document/survey.txt"] == {"title": "=Survey", "path": "survey.txt", "date": None}


def test_another_partnership_is_left_out(store: Store) -> None:
    assert len(as_networkx(store, "wexmouth")) == len(as_networkx(store)) == 6
    assert len(as_networkx(store, "elsewhere")) == 0


def test_an_empty_store_gives_empty_files(tmp_path: Path) -> None:
    with store_of(tmp_path / "empty.db", []) as store:
        assert exported(store) == b""
        out = io.BytesIO()
        write_jsonl(store, out)
        assert read_jsonl(io.BytesIO(out.getvalue())) == []
        assert exported(store, "csv").count(b"\n") == 1
