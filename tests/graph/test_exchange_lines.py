"""Single lines of the exchange format: people's decisions, answers of models, and lines that are too long."""

from __future__ import annotations

import io
import json
from typing import BinaryIO, cast

import pytest

from goldenthread.graph.exchange import lines as exchange_lines
from goldenthread.graph.exchange.jsonl import ExchangeError, read_decisions, read_jsonl
from goldenthread.graph.exchange.reading import read_all


def decision(**parts: object) -> bytes:
    return json.dumps(
        {"kind": "decision", "action": "reject", "target": "a|leads|b|", "reason": "r", "by": "b"} | parts
    ).encode()


@pytest.mark.parametrize(
    "parts",
    [
        {}, {"action": "confirm", "target": "w/source/x|raises|issue/y|concern"},
        {"action": "accept", "target": "a gap"}, {"action": "accept", "target": "a gap", "expires": "2026-05-31"},
        {"target": "candidate/a|b"}, {"action": "merge", "target": "w/partner/a", "other": "w/partner/b"},
        {"action": "split", "target": "issue/a"},
    ],
)  # fmt: skip
def test_a_decision_comes_back(parts: dict[str, str]) -> None:
    (found,) = read_decisions(io.BytesIO(decision(**parts)))
    assert (found.action, found.target) == (parts.get("action", "reject"), parts.get("target", "a|leads|b|"))


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"action": "delete"}, "no action 'delete': it may be confirm, reject, merge, split, accept"),
        ({"action": "Reject"}, "no action 'Reject'"),
        ({"target": ""}, "'target' must name"),
        ({"target": "two\nlines"}, "in one line"),
        ({"target": "a|leads|b"}, "must be 'subject|predicate|object|stance'"),
        ({"target": "a|leads|b|c|d"}, "must be 'subject"),
        ({"target": "|leads|b|"}, "must be 'subject"),
        ({"target": "a|bosses|b|"}, "no relation 'bosses'"),
        ({"target": "a|leads|b|concern"}, "'leads' takes no stance 'concern'"),
        ({"target": "a|raises|b|shrug"}, "takes no stance 'shrug'"),
        ({"action": "merge", "target": "w/partner/a"}, "'other' must be the id"),
        ({"action": "merge", "target": "w/partner/a", "other": "w/partner/a"}, "'other' must be the id"),
        ({"action": "merge", "target": "a gap", "other": "w/partner/a"}, "no id of an entity"),
        ({"action": "split", "target": "w/wizard/a"}, "no id of an entity"),
        ({"other": "w/partner/a"}, "'other' has no meaning"),
        ({"expires": "soon"}, "'expires' must be a date"),
        ({"expires": "2026-02-30"}, "'expires' must be a date"),
        ({"by": None}, "'by' must be text"),
        ({"reason": 3}, "'reason' must be text"),
    ],
)  # fmt: skip
def test_a_decision_that_decides_nothing_is_refused(parts: dict[str, object], reason: str) -> None:
    with pytest.raises(ExchangeError, match=f"^Line 1 cannot be imported: .*{reason}"):
        read_decisions(io.BytesIO(decision(**parts)))


def file_with_answers(*answers: dict[str, object]) -> io.BytesIO:
    document = {
        "kind": "document", "id": "document/a.md", "path": "a.md", "sha256": "f0", "title": "a", "date": None,
        "partnership": "oakvale",
    }  # fmt: skip
    answer = {"kind": "answer", "document": "document/a.md", "prompt": "0123456789ab", "model": "small", "text": "x"}
    lines = [*({k: v for k, v in (answer | each).items() if v is not None} for each in answers), document]
    return io.BytesIO("\n".join(map(json.dumps, lines)).encode())


def test_an_answer_comes_back_with_the_version_of_its_document() -> None:
    (found,) = read_all(file_with_answers({"whole": False})).answers
    assert (found.document, found.sha256, found.whole, found.text) == ("document/a.md", "f0", False, "x")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"document": "document/b.md"}, "no line defines the document 'document/b.md'"),
        ({"prompt": "what?"}, r"'what\?' is no hash of a prompt"),
        ({"prompt": "0123456789AB"}, "is no hash of a prompt"),
        ({"model": " "}, "'model' must name a model"),
        ({"model": "two\nlines"}, "'model' must name a model, in one line"),
        ({"text": None}, "'text' must be text"),
        ({"text": "\ud800"}, "'text' holds half of a character"),
        ({"whole": "yes"}, "'whole' must be true or false"),
    ],
)
def test_a_broken_answer_is_refused(parts: dict[str, object], reason: str) -> None:
    with pytest.raises(ExchangeError, match=f"^Line 1 cannot be imported: .*{reason}"):
        read_all(file_with_answers(parts))


def test_two_answers_of_one_model_to_one_prompt_are_refused() -> None:
    with pytest.raises(ExchangeError, match=r"^Line 2 cannot be imported: the answer of this model to this prompt"):
        read_all(file_with_answers({}, {"text": "another"}))


class Endless(io.RawIOBase):
    """A line of a gigabyte, of which nobody may read more than is allowed."""

    def __init__(self) -> None:
        self.given = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert 0 < size < 300_000_000
        self.given += size
        return b"x" * size


def test_a_line_that_is_too_long_is_refused_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_lines, "LONGEST_LINE", 1_000_000)
    file = Endless()
    with pytest.raises(ExchangeError, match=r"^Line 1 cannot be imported: it is longer than 1 MB"):
        read_jsonl(cast(BinaryIO, file))
    assert file.given < 2_000_000
