"""What is sent to a model, where, when, in which form, and what is not."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from asked import KEY, MARK, RIGHT, Run, Terminal, environment, led, load
from replay import Asked, Replay, Said, refused


def test_it_is_asked_by_schema_at_temperature_nought(run: Run, model: Replay) -> None:
    load(run, model)
    for asked in model.asked:
        assert asked.path == "/v1/chat/completions"
        assert (asked.body["temperature"], asked.body["seed"]) == (0, 0)
        form = asked.body["response_format"]
        assert (form["type"], form["json_schema"]["strict"]) == ("json_schema", True)
        assert "leads" in json.dumps(form)


@pytest.mark.parametrize("takes", ["json_object", None])
def test_a_server_without_schemas_is_asked_in_a_simpler_form_from_then_on(
    run: Run, replay: Replay, takes: str | None
) -> None:
    def say(asked: Asked) -> Said:
        form = asked.body.get("response_format", {}).get("type")
        return Said(RIGHT[asked.document]) if form == takes else refused("response_format is not supported")

    replay.say = say
    result = load(run, replay, "--llm-requests", "1")
    assert result.exit_code == 0, result.output
    assert led(run) == {("Brightside Collective", "arson"), ("Oakham Wardens", "graffiti")}
    assert len(replay.asked) == (3 if takes else 4)


def test_a_part_that_no_form_suits_changes_nothing_for_the_others(run: Run, replay: Replay) -> None:
    replay.say = lambda asked: refused("too long") if asked.document == "notes.txt" else Said(RIGHT[asked.document])
    result = load(run, replay, "--llm-requests", "1")
    assert result.exit_code == 3
    assert replay.asked[-1].document == "plan.md"
    assert replay.asked[-1].body["response_format"]["type"] == "json_schema"


def test_a_model_without_temperature_is_asked_without(run: Run, replay: Replay) -> None:
    replay.say = lambda asked: (
        refused("Unsupported value: temperature") if "temperature" in asked.body else Said(RIGHT[asked.document])
    )
    result = load(run, replay, "--llm-requests", "1")
    assert result.exit_code == 0, result.output
    assert len(replay.asked) == 3
    assert "seed" in replay.asked[-1].body
    assert replay.asked[-1].body["response_format"]["type"] == "json_schema"


def test_a_server_that_reads_only_the_end_of_prompts_is_told_of(run: Run, replay: Replay) -> None:
    replay.say = lambda asked: Said(RIGHT[asked.document], tokens=1500)
    result = load(run, replay)
    assert "read only the end of prompts (1500 tokens). Give small a larger context" in result.stderr


def test_before_it_starts_it_says_what_would_be_sent_where_and_refuses_without_a_person(
    run: Run, model: Replay
) -> None:
    result = run("load", "docs", "--workers", "0", "--reader", "llm", "--llm-model", "small", "--llm", model.url)
    assert result.exit_code == 2
    assert re.search(
        rf"To {re.escape(model.url)}, model small, would be sent: 2 requests with the words of 2 documents, "
        r"about [\d,]+ tokens\.",
        result.stderr,
    )
    assert "Nothing was sent, for nobody is there to agree to it. Give --yes if it may be sent." in result.stderr
    assert model.asked == []


@pytest.mark.parametrize(("answer", "sends"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_a_person_at_a_terminal_is_asked(
    run: Run, model: Replay, monkeypatch: pytest.MonkeyPatch, answer: str, sends: bool
) -> None:
    monkeypatch.setattr("goldenthread.commands.language_model.sys", Terminal)
    result = run(
        "load", "docs", "--workers", "0", "--reader", "llm", "--llm-model", "small", "--llm", model.url, input=answer
    )
    assert "Send this? [y/N]" in result.output
    assert (bool(model.asked), result.exit_code) == (sends, 0 if sends else 2)


def test_a_dry_run_sends_and_changes_nothing(run: Run, model: Replay) -> None:
    assert run("load", "docs", "--workers", "0", "--partnership", "Harrowmere").exit_code == 0
    before = run("export").stdout
    result = load(run, model, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "would be sent: 2 requests with the words of 2 documents" in result.stderr
    assert model.asked == []
    assert run("export").stdout == before


def test_an_exempt_document_is_named_not_sent_and_read_by_the_others(run: Run, model: Replay) -> None:
    result = load(run, model, readers="rules,llm")
    assert "not sent: docs/closed.txt: says that it is not for publication" in result.stderr
    assert sorted(asked.document for asked in model.asked) == ["notes.txt", "plan.md"]
    assert result.exit_code == 0
    assert "document/docs/closed.txt" in run("export").stdout
    model.asked.clear()
    result = load(run, model, "--include-exempt", readers="rules,llm")
    assert [asked.document for asked in model.asked] == ["closed.txt"]
    assert "not sent" not in result.stderr
    model.asked.clear()
    assert "not sent" not in load(run, model, readers="rules,llm").stderr
    assert model.asked == []


def test_what_is_sent_holds_the_documents_words_and_its_name_but_no_folder(run: Run, model: Replay) -> None:
    load(run, model)
    for asked in model.asked:
        assert MARK in asked.prompt
        assert str(Path.cwd()) not in asked.prompt
        assert "docs" not in asked.prompt.partition("Document: ")[2]


def test_no_word_of_a_document_and_no_key_in_messages_and_logs(
    run: Run, replay: Replay, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("GOLDENTHREAD_LLM_KEY", KEY)
    monkeypatch.setenv("OPENAI_LOG", "debug")
    monkeypatch.setenv("OPENAI_ORG_ID", "somebody-else")
    caplog.set_level(logging.INFO)
    replay.say = lambda asked: refused(MARK + KEY, 422) if asked.document == "plan.md" else Said(MARK)
    result = load(run, replay, readers="rules,llm")
    assert result.exit_code == 3
    for words in (MARK, KEY):
        assert words not in result.output
        assert words not in caplog.text
    assert replay.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert "openai-organization" not in replay.asked[0].headers
    assert KEY not in run("export").stdout


def test_without_a_key_none_is_sent(run: Run, model: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    load(run, model)
    assert all("authorization" not in asked.headers for asked in model.asked)


def test_azures_version_is_passed_on_with_the_key_in_its_own_header(
    run: Run, model: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOLDENTHREAD_LLM_KEY", KEY)
    url = model.url.removesuffix("/v1") + "/openai/deployments/d/chat/completions?api-version=2024-10-21"
    result = run("load", "docs", "--workers", "0", "--reader", "llm", "--llm-model", "small", "--llm", url, "--yes")
    assert result.exit_code == 0, result.output
    assert {asked.path for asked in model.asked} == {"/openai/deployments/d/chat/completions?api-version=2024-10-21"}
    headers = [asked.headers for asked in model.asked]
    assert {(each.get("api-key"), each.get("authorization")) for each in headers} == {(KEY, None)}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"https://me:{KEY}@example.org/v1", "holds a name or a password"),
        (f"https://{KEY}@example.org/v1", "holds a name or a password"),
        (f"https://example.org/v1?key={KEY}", "only api-version may stand"),
        (f"https://example.org/v1#{KEY}", "only api-version may stand"),
        (f"ftp://example.org/{KEY}", "is none"),
        (f"https://[{KEY}/v1", "is none"),
        (KEY, "is none"),
    ],
)
def test_an_address_with_a_password_or_that_is_none_is_refused_unseen(run: Run, url: str, why: str) -> None:
    result = run("load", "docs", "--reader", "llm", "--llm-model", "small", "--llm", url, "--yes")
    assert result.exit_code == 2
    assert why in result.stderr
    assert KEY not in result.output


def test_an_unencrypted_connection_elsewhere_is_said_to_be(run: Run) -> None:
    result = run(
        "load", "docs", "--workers", "0", "--reader", "llm", "--llm-model", "small", "--llm", "http://example.org"
    )
    assert "To http://example.org/v1, model small, would be sent" in result.stderr
    assert "over a connection that is NOT ENCRYPTED" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--reader", "llm"), "needs the name of a model"),
        (("--reader", "llm", "--llm-model", "two\nlines"), "not in one line"),
        (("--llm", "http://localhost:1/v1"), "give --reader rules,llm as well"),
    ],
)
def test_what_does_not_fit_together_is_wrong_usage(run: Run, arguments: tuple[str, ...], why: str) -> None:
    result = run("load", "docs", *arguments)
    assert result.exit_code == 2
    assert why in result.stderr


def test_a_key_is_asked_for_unseen(run: Run, model: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def prompt(text: str, **how: Any) -> str:
        asked.append(how)
        return KEY

    monkeypatch.setattr("goldenthread.commands.store.sys", Terminal)
    monkeypatch.setattr(click, "prompt", prompt)
    assert load(run, model, "--llm-ask-key").exit_code == 0
    assert asked[0]["hide_input"] is True
    assert model.asked[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_key_that_is_none_is_not_shown(run: Run, model: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLDENTHREAD_LLM_KEY", f"{KEY} and\nmore")
    result = load(run, model)
    assert result.exit_code == 2
    assert "The key holds signs that no key has." in result.stderr
    assert KEY not in result.output
    assert model.asked == []


def test_without_the_client_it_says_how_to_install_it(run: Run, model: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goldenthread.services.chat_endpoint.find_spec", lambda _: None)
    result = load(run, model)
    assert result.exit_code == 2
    assert "pip install 'goldenthread[llm]'" in result.stderr


def test_other_commands_do_not_load_the_client() -> None:
    code = "import sys, goldenthread.cli, goldenthread.commands.language_model; print('openai' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert found.stdout.strip() == "False"
