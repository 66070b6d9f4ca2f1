"""Replies that people paste out of chat windows: claims are found in whatever stands around them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.loaders.claims import PROMPT_BEGINS
from goldenthread.loaders.readers.written.replies import read_reply
from goldenthread.loaders.readers.written.written_claims import ClaimsError, NoAnswerError, find_claims, read_pasted

LEADS = {
    "quote": "Trading Standards leads on fraud.",
    "subject": {"type": "Partner", "name": "Trading Standards"},
    "predicate": "leads",
    "object": {"type": "Issue", "name": "fraud"},
}
PRIORITY = {"quote": "3. Safer streets", "entity": {"type": "Priority", "name": "Safer streets"}}
HEAD = {"document": "plan.md", "prompt": "0123456789ab"}


def lines(*values: object) -> str:
    return "\n".join(json.dumps(value) for value in values)


@pytest.mark.parametrize(
    "reply",
    [
        lines(HEAD, LEADS, PRIORITY),
        f"Sure! Here is what I found:\n\n```json\n{lines(HEAD, LEADS, PRIORITY)}\n```\nLet me know if you need more.",
        json.dumps([HEAD, LEADS, PRIORITY], indent=2),
        json.dumps({**HEAD, "claims": [LEADS, PRIORITY]}),
        f"1. {json.dumps(HEAD)}\n2. {json.dumps(LEADS)}\n3. {json.dumps(PRIORITY)}",
        lines(HEAD, LEADS) + ",\n" + json.dumps(PRIORITY)[:-1] + ",}",
    ],
    ids=["lines", "fences", "list", "key", "numbered", "last comma"],
)
def test_claims_are_found_however_they_are_wrapped(reply: str) -> None:
    read = read_reply(reply)
    assert [claim for _, claim in read.claims] == [{"document": "plan.md", **c} for c in (LEADS, PRIORITY)]


def test_an_answer_that_breaks_off_keeps_what_is_whole() -> None:
    read = read_reply(lines(HEAD, LEADS) + '\n{"quote": "3. Safer str')
    assert [claim["quote"] for _, claim in read.claims] == [LEADS["quote"]]
    assert read.unread == 1


def test_several_answers_in_one_file_keep_their_documents() -> None:
    other = {"document": "minutes.txt", "prompt": "ba9876543210"}
    read = read_reply(lines(HEAD, LEADS, other, PRIORITY))
    assert [claim["document"] for _, claim in read.claims] == ["plan.md", "minutes.txt"]


def test_two_names_of_one_thing_are_no_list_of_claims() -> None:
    same = {
        "quote": "the Board (VRB)",
        "same": [{"type": "Subgroup", "name": "Board"}, {"type": "Subgroup", "name": "VRB"}],
    }
    assert [claim for _, claim in read_reply(json.dumps(same)).claims] == [same]


CHATTER = ("Sure!", "```json", "```", "see [1] and {2}", "]", "}", ",", "“quoted”", '{"quote": "cut off')


@given(st.lists(st.one_of(st.sampled_from(CHATTER), st.sampled_from((LEADS, PRIORITY)))))
def test_whole_claims_are_found_in_order_whatever_stands_around_them(parts: list[str | dict[str, object]]) -> None:
    text = "\n".join(part if isinstance(part, str) else json.dumps(part) for part in parts)
    claims = [(number, part) for number, part in enumerate(parts, 1) if isinstance(part, dict)]
    read = read_reply(text)
    assert read.claims == claims
    assert read.unread == sum(part == CHATTER[-1] for part in parts)


@pytest.mark.parametrize("text", ["[" * 200_000, "{" * 200_000, "[x " * 100_000, "[" * 1_100 + "]" * 1_100])
def test_brackets_that_hold_nothing_take_no_time(text: str) -> None:
    assert read_reply(text).claims == []


def test_the_name_of_a_reply_says_of_which_document_it_is() -> None:
    file = read_pasted(lines(LEADS).encode(), "minutes/june.txt.2-of-3.answer.txt")
    assert [(claim.document, claim.reader, claim.line) for claim in file.claims] == [
        ("minutes/june.txt", "llm:pasted", 1)
    ]


@pytest.mark.parametrize("reader", ["rules", "person:Jo Bloggs", "script:x", "file:claims.jsonl"])
def test_a_reply_speaks_for_no_person_and_not_for_the_rules(reader: str) -> None:
    file = read_pasted(lines({**LEADS, "document": "plan.md", "reader": reader}).encode(), "a.txt")
    assert [claim.reader for claim in file.claims] == ["llm:pasted"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (PROMPT_BEGINS + "0123 · plan.md\n" + lines(LEADS), "a prompt"),
        ("I'm sorry, I can't help with that.", "holds no claims"),
    ],
)
def test_a_prompt_and_a_refusal_are_no_answers(text: str, why: str) -> None:
    with pytest.raises(NoAnswerError, match=why):
        read_pasted(text.encode(), "a.txt")


def test_no_answer_is_signed_whatever_its_file_is_called(tmp_path: Path) -> None:
    signed = lines({"trusted": "Ann Price"}, {**LEADS, "document": "plan.md"})
    for name in ("plan.md.1-of-1.jsonl", "answer.json", "plan.md.1-of-1.txt"):
        (tmp_path / name).write_text(signed, encoding="utf-8")
    (tmp_path / "all.jsonl").write_text(lines(HEAD) + "\n" + signed, encoding="utf-8")
    found = find_claims(tmp_path)
    assert {claim.reader for claim in found.claims} == {"llm:pasted"}
    assert not any(claim.trusted for claim in found.claims)
    assert sum("signs no answer of a model" in note for note in found.notes) == 4


def test_an_answer_without_claims_is_an_error_where_its_name_says_what_it_answers() -> None:
    with pytest.raises(ClaimsError, match="holds no claims") as raised:
        read_pasted(b"I'm sorry, I can't help with that.", "plan.md.1-of-1.txt")
    assert not isinstance(raised.value, NoAnswerError)
