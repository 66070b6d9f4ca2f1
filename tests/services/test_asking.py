"""Asking several things at once, the address of an endpoint, and the form in which an answer is asked for."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from asked import RECORDED
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # nbformat brings it

from goldenthread.loaders.readers.llm.answer_schema import answer_schema
from goldenthread.ontology import GoldenthreadError, Ontology
from goldenthread.services.asking import AskingError
from goldenthread.services.chat_endpoint import ChatEndpoint, checked_address
from goldenthread.services.concurrent import Concurrently

ANSWERS = sorted(RECORDED.glob("*.json"))


def test_all_is_done_and_no_more_at_once_than_allowed() -> None:
    busy, most, lock = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        threading.Event().wait(0.005)
        with lock:
            busy -= 1
        return number * number

    found = list(Concurrently(work, range(20), 3))
    assert sorted(found) == [(n, n * n, None) for n in range(20)]
    assert 2 <= most <= 3


def test_nothing_to_do_is_done_at_once() -> None:
    assert list(Concurrently(str, [], 2)) == []


def test_once_stopped_nothing_more_is_begun() -> None:
    begun: list[int] = []
    outcomes = Concurrently(begun.append, range(100), 1)
    for number, _ in enumerate(outcomes, 1):
        if number == 3:
            outcomes.stop()
    assert begun == [0, 1, 2]


def test_an_error_costs_one_item_and_an_unforeseen_one_is_told_without_its_words() -> None:
    def work(item: str) -> str:
        if item == "foreseen":
            raise AskingError("it failed.")
        if item == "unforeseen":
            raise KeyError("words of a document")
        return item

    found = {item: (result, error) for item, result, error in Concurrently(work, ["a", "foreseen", "unforeseen"], 2)}
    assert found["a"] == ("a", None)
    assert str(found["foreseen"][1]) == "it failed."
    unforeseen = found["unforeseen"][1]
    assert isinstance(unforeseen, GoldenthreadError)
    assert str(unforeseen).startswith("something unforeseen: KeyError at test_asking.py:")
    assert "words" not in str(unforeseen)


@pytest.mark.parametrize(
    ("given", "url", "query", "encrypted"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1", {}, True),
        ("http://localhost:11434/v1/", "http://localhost:11434/v1", {}, True),
        ("http://[::1]:8080/v1/chat/completions", "http://[::1]:8080/v1", {}, True),
        ("http://models.council.example/v1", "http://models.council.example/v1", {}, False),
        ("https://models.council.example", "https://models.council.example/v1", {}, True),
        (
            "https://c.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
            "https://c.openai.azure.com/openai/deployments/d", {"api-version": "2024-10-21"}, True,
        ),
    ],
)  # fmt: skip
def test_an_address_is_taken_as_people_have_it(given: str, url: str, query: dict[str, str], encrypted: bool) -> None:
    address = checked_address(given)
    assert (address.url, address.query, address.encrypted) == (url, query, encrypted)


def test_the_schema_is_one_and_strict(ontology: Ontology) -> None:
    schema = answer_schema(ontology)
    Draft202012Validator.check_schema(schema)

    def check(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") == "object":
                assert part["required"] == list(part["properties"])
                assert part["additionalProperties"] is False
            for value in part.values():
                check(value)
        elif isinstance(part, list):
            for value in part:
                check(value)

    check(schema)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_recorded_answers_fit_the_schema(path: Path, ontology: Ontology) -> None:
    Draft202012Validator(answer_schema(ontology)).validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [("predicate", "leads", "commands"), ("stance", "concern", "fury"), ("type", "Partner", "Wizard")],
)
def test_what_the_ontology_does_not_have_does_not_fit_the_schema(
    ontology: Ontology, key: str, old: str, new: str
) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in ANSWERS)
    assert f'"{key}": "{old}"' in text
    changed = [path.read_text(encoding="utf-8").replace(f'"{key}": "{old}"', f'"{key}": "{new}"') for path in ANSWERS]
    validator = Draft202012Validator(answer_schema(ontology))
    assert not all(validator.is_valid(json.loads(each)) for each in changed)


def test_a_request_hides_the_clients_own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("OPENAI_BASE_URL", "http://somewhere.example/v1")
    address = checked_address("http://127.0.0.1:9/v1")
    with (
        ChatEndpoint(address, "small", "", {}, seconds=1, retries=0) as endpoint,
        pytest.raises(AskingError, match=r"http://127\.0\.0\.1:9/v1 could not be reached"),
    ):
        endpoint.ask("x")
    assert os.environ["OPENAI_BASE_URL"] == "http://somewhere.example/v1"
