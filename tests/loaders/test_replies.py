"""Replies that people paste out of chat windows: claims are found in whatever stands around them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.loaders.claims import PROMPT_BEGINS
from goldenthread.loaders.readers.written.replies import read_reply
from goldenthread.loaders.readers.written.written_claims import NoAnswerError, read_pasted

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
    assert read.prompts == ["0123456789ab"]


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


@given(st.text())
def test_any_text_can_be_looked_through(text: str) -> None:
    assert isinstance(read_reply(text).claims, list)


def test_the_name_of_a_reply_says_of_which_document_it_is() -> None:
    file = read_pasted(lines(LEADS).encode(), "minutes/june.txt.2-of-3.answer.txt")
    assert [(claim.document, claim.reader, claim.line) for claim in file.claims] == [
        ("minutes/june.txt", "llm:pasted", 1)
    ]


@pytest.mark.parametrize("reader", ["rules", "person:Jo Bloggs"])
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
