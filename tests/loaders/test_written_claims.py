"""Claims files: what a line may hold, what makes a claim none, and what makes a file unreadable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # nbformat brings it

from goldenthread.loaders.claims import WrittenClaim, WrittenName
from goldenthread.loaders.formats.refusal import ReadError
from goldenthread.loaders.readers.written.written_claims import (
    VERSION,
    ClaimsFile,
    find_claims,
    read_claims,
    schema_text,
)
from goldenthread.ontology import Ontology

LEADS = {
    "document": "plan.md",
    "quote": "The Board leads on knife crime",
    "subject": {"type": "Subgroup", "name": "Board"},
    "predicate": "leads",
    "object": {"type": "Issue", "name": "knife crime"},
}
STREETS = {"type": "Priority", "name": "Safer streets"}


def parsed(*lines: object) -> ClaimsFile:
    """What a file of these lines holds; what is no text is written as JSON."""
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return read_claims(text.encode(), "claims.jsonl")


def claim(**changed: object) -> WrittenClaim:
    (found,) = parsed({**LEADS, **changed}).claims
    return found


def test_a_relation_is_read_with_its_defaults() -> None:
    found = claim()
    assert (found.subject, found.predicate, found.object) == (
        WrittenName("Subgroup", "Board"),
        "leads",
        WrittenName("Issue", "knife crime"),
    )
    assert (found.score, found.reader, found.cue, found.trusted) == (0.8, "file:claims.jsonl", "claimed", False)
    assert (found.file, found.line, found.fault) == ("claims.jsonl", 1, "")


def test_what_may_stand_beside_a_relation_is_read() -> None:
    found = claim(
        stance=None,
        assumed=True,
        prefix="so that",
        score=1,
        reader="llm:small",
        cue="said",
        about={"type": "Issue", "name": "arson"},
    )
    assert (found.assumed, found.prefix, found.score, found.reader, found.cue) == (
        True,
        "so that",
        1.0,
        "llm:small",
        "said",
    )
    assert found.about == WrittenName("Issue", "arson")


def test_entities_attributes_and_names_for_one_thing_are_read() -> None:
    base = {"document": "plan.md", "quote": "3. Safer streets"}
    same = [{"type": "Subgroup", "name": "Violence Reduction Board"}, {"type": "Subgroup", "name": "VRB"}]
    file = parsed(
        {**base, "entity": STREETS},
        {**base, "entity": STREETS, "attribute": "number", "value": "3"},
        {**base, "same": same},
    )
    assert [c.kind for c in file.claims] == ["entity", "attribute", "same"]
    assert file.claims[1].value == "3"
    assert file.claims[2].same == (WrittenName("Subgroup", "Violence Reduction Board"), WrittenName("Subgroup", "VRB"))


def test_blank_lines_a_byte_order_mark_and_line_ends_of_windows_do_no_harm() -> None:
    data = b"\xef\xbb\xbf\r\n" + json.dumps(LEADS).encode() + b"\r\n\r\n  \r\n" + json.dumps(LEADS).encode() + b"\r\n"
    assert [c.line for c in read_claims(data, "c.jsonl").claims] == [2, 5]


def test_a_line_separator_inside_a_text_ends_no_line() -> None:
    (found,) = parsed(json.dumps({**LEADS, "quote": "The Board\u2028leads"}, ensure_ascii=False)).claims
    assert found.quote == "The Board\u2028leads"


def test_a_person_signs_the_whole_file() -> None:
    file = parsed(LEADS, {"trusted": "Ann Price"}, {**LEADS, "reader": "llm:small"})
    assert [(c.reader, c.trusted) for c in file.claims] == [("person:Ann Price", True)] * 2


def test_no_file_speaks_as_the_rules_or_as_a_person_who_did_not_sign_it() -> None:
    file = parsed(
        {**LEADS, "reader": "rules"},
        {**LEADS, "reader": "person:Ann"},
        {**LEADS, "reader": "rules"},
        {**LEADS, "reader": "llm:m"},
    )
    assert [c.reader for c in file.claims] == ["file:claims.jsonl"] * 3 + ["llm:m"]
    assert [n for n in file.notes if "'rules'" in n] == [
        "claims.jsonl: claims by 'rules' count as claims by 'file:claims.jsonl': "
        "only goldenthread reads under that name."
    ]


def test_keys_that_no_claim_has_are_passed_over_and_said_once() -> None:
    file = parsed({**LEADS, "colour": "red"}, {**LEADS, "colour": "blue", "outcome": {"status": "taken"}})
    assert [c.fault for c in file.claims] == ["", ""]
    assert file.notes == ("claims.jsonl: 'colour' is no key of a claim and was passed over.",)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"document": None}, "it has no 'document'"),
        ({"document": 3}, "'document' is not a text"),
        ({"quote": " \n"}, "it has no 'quote'"),
        ({"subject": None}, "it has no 'subject'"),
        ({"predicate": ""}, "it has no 'predicate'"),
        ({"object": "knife crime"}, "'object' is not {\"type\": …, \"name\": …}"),
        ({"object": {"type": "Issue"}}, "'object' has no 'name'"),
        ({"object": {"type": ["Issue"], "name": "arson"}}, "'type' is not a text"),
        ({"stance": 1}, "'stance' is not a text"),
        ({"assumed": "yes"}, "'assumed' is not true or false"),
        ({"score": 1.01}, "its score is not between 0 and 1"),
        ({"score": -0.1}, "its score is not between 0 and 1"),
        ({"score": True}, "its score is not between 0 and 1"),
        ({"score": "0.9"}, "its score is not between 0 and 1"),
        (
            {"entity": STREETS},
            "it is more than one claim: give 'subject', 'predicate' and 'object', or 'entity', or 'same'",
        ),
        (
            {"attribute": "number"},
            "it is more than one claim: give 'subject', 'predicate' and 'object', or 'entity', or 'same'",
        ),
        ({"trusted": "Ann"}, "'trusted' signs a whole file and stands on a line of its own"),
        ({"prefix": ["a"]}, "'prefix' is not a text"),
        ({"quote": "x" * 20_001}, "'quote' is longer than 20,000 characters"),
    ],
)  # fmt: skip
def test_a_claim_that_lacks_what_it_must_have_is_rejected_and_the_file_is_not(
    changed: dict[str, object], fault: str
) -> None:
    file = parsed({**LEADS, **changed}, LEADS)
    assert [c.fault for c in file.claims] == [fault, ""]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            {"document": "a", "quote": "b"},
            "it claims nothing: give 'subject', 'predicate' and 'object', or 'entity', or 'same'",
        ),
        ({"document": "a", "quote": "b", "attribute": "number", "value": "1"}, "it has no 'entity'"),
        ({"document": "a", "quote": "b", "entity": STREETS, "attribute": "number"}, "it has no 'value'"),
        ({"document": "a", "quote": "b", "entity": STREETS, "value": "3"}, "it has no 'attribute'"),
        ({"document": "a", "quote": "b", "same": [STREETS]}, "'same' is not a list of two names"),
        ({"document": "a", "quote": "b", "same": [STREETS, "x"]}, '\'same\' is not {"type": …, "name": …}'),
        ([], "it is not an object in braces"),
        (3, "it is not an object in braces"),
        ("null", "it is not an object in braces"),
    ],
)
def test_what_is_no_claim_says_why(line: object, fault: str) -> None:
    (found,) = parsed(line).claims
    assert found.fault == fault


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"document": "a"', r"claims\.jsonl, line 1: is not JSON"),
        (b'\n{"a": 1} {"b": 2}\n', r"line 2: is not JSON"),
        (b'{"document": "\xe9"}', r"line 1: is not UTF-8"),
        (b'{}\n{"score": NaN}', r"line 2: .*NaN"),
        (b'{"score": -Infinity}', r"line 1: .*-Infinity"),
        (b"[" * 90_000, r"line 1: is nested too deeply"),
        (b'{"colour": ' + b"[" * 50 + b"]" * 50 + b"}", r"line 1: is nested too deeply"),
        (b'{"a":' * 15_000 + b"1" + b"}" * 15_000, r"line 1: is nested too deeply"),
        (b'{"score": ' + b"9" * 10_000 + b"}", r"line 1: holds a number that is too long"),
        (b'{"quote": "' + b"x" * 200_000 + b'"}', r"line 1: is longer than 100,000 characters"),
        (b"\xff\xfe{\x00}\x00", r"line 1: is not UTF-8"),
        (b'{"trusted": ""}', r"line 1: 'trusted' names nobody"),
        (b'{"trusted": "Ann"}\n{"trusted": "Bob"}', r"line 2: is signed by 'Ann' and by 'Bob'"),
        (b"", "holds no claims"),
    ],
)
def test_a_file_that_cannot_be_parsed_is_an_error_that_names_file_and_line(data: bytes, why: str) -> None:
    with pytest.raises(ReadError, match=why) as raised:
        read_claims(data, "claims.jsonl")
    assert raised.value.exit_code == 3
    assert "xxxx" not in str(raised.value)


def test_half_a_character_is_replaced_so_that_it_can_be_printed() -> None:
    (found,) = parsed('{"document": "a\\ud800", "quote": "b", "entity": {"type": "Issue", "name": "c"}}').claims
    found.document.encode()
    found.written.encode()


def test_a_folder_gives_all_its_claims_files_and_says_what_it_passes_over(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "b.jsonl").write_text(json.dumps(LEADS))
    (tmp_path / "more" / "a.ndjson").write_text(json.dumps(LEADS))
    (tmp_path / "notes.txt").write_text("Residents are worried.")
    (tmp_path / "broken.jsonl").write_text("{")
    found = find_claims(tmp_path)
    assert [(c.file, c.reader) for c in found.claims] == [
        ("b.jsonl", "file:b.jsonl"),
        ("more/a.ndjson", "file:more/a.ndjson"),
    ]
    assert [(Path(path).name, why) for path, why in found.passed_over] == [
        ("notes.txt", "holds no claims; an answer has them in braces, one a line")
    ]
    ((path, why),) = found.failed
    assert path.endswith("broken.jsonl")
    assert "line 1: is not JSON" in why


def test_a_file_that_is_not_there_is_an_error_of_that_file(tmp_path: Path) -> None:
    ((path, why),) = find_claims(tmp_path / "none.jsonl").failed
    assert path.endswith("none.jsonl")
    assert "does not exist" in why


def test_the_schema_has_the_types_relations_and_stances_of_the_ontology(ontology: Ontology) -> None:
    schema = json.loads(schema_text())
    stated = [r for r in ontology.relations.values() if not r.from_vocabulary]
    properties = schema["$defs"]["relation"]["properties"]
    assert schema["$defs"]["name"]["properties"]["type"]["enum"] == sorted(
        {t for r in stated for t in r.domain | r.range}
    )
    assert properties["predicate"]["enum"] == sorted(r.name for r in stated)
    assert properties["stance"]["enum"] == [*sorted(ontology.stances), None]
    assert f"claims-{VERSION}." in schema["$id"]


@pytest.mark.parametrize(
    "changed",
    [
        {"predicate": "runs"}, {"stance": "concern"}, {"predicate": "raises"}, {"score": 2}, {"quote": " "},
        {"document": None}, {"subject": None},
        {"object": {"type": "Committee", "name": "x"}}, {"entity": STREETS}, {"same": [STREETS]}, {"assumed": "yes"},
        {"trusted": "Ann"},
    ],
)  # fmt: skip
def test_the_schema_refuses_what_is_rejected_for_its_form(changed: dict[str, object]) -> None:
    validator = Draft202012Validator(json.loads(schema_text()))
    assert validator.is_valid(LEADS)
    assert not validator.is_valid({**LEADS, **changed})
