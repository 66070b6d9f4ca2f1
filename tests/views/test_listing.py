from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.views.listing import FORMATS, Listing, render

WORDS = "The plan does not say who is to look after the lanterns on the sea wall, although three meetings asked for it."
GAPS = Listing(
    "2 of 9 issues have no priority.",
    ("Issue", "Why", "Words"),
    [("Lanterns", "no priority addresses it", WORDS), ("Owls | gulls", "=1+1", "–")],
    {"finding": "2 of 9 issues have no priority.", "gaps": ["Möwe"]},
)


@pytest.mark.parametrize("name", ["table", "md"])
def test_the_first_line_is_the_finding(name: str) -> None:
    assert render(GAPS, name).split("\n")[0] == GAPS.finding  # type: ignore[arg-type]  # one of the names


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("rows", [[], GAPS.rows])
def test_text_ends_in_one_newline(name: str, rows: list[tuple[str, ...]]) -> None:
    listing = Listing(GAPS.finding, GAPS.columns, rows, GAPS.json)
    text = render(listing, name)  # type: ignore[arg-type]  # one of the names
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text


def test_a_table_is_wrapped_to_the_terminal() -> None:
    assert max(map(len, render(GAPS, "table", 60).splitlines())) <= 60
    assert WORDS in render(GAPS, "table", None)


def test_no_word_is_lost_in_wrapping() -> None:
    assert sorted(render(GAPS, "table", 60).split()) != []
    assert set(WORDS.split()) <= set(render(GAPS, "table", 60).split())


@given(st.integers(1, 200))
def test_any_width_will_do(width: int) -> None:
    assert render(GAPS, "table", width).startswith(GAPS.finding)


def test_numbers_stay_as_they_were_written() -> None:
    listing = Listing("One.", ("Code",), [("007",), ("1e5",)], None)
    assert "007" in render(listing, "table")
    assert "1e5" in render(listing, "table")


def test_csv_has_no_finding_and_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(render(GAPS, "csv"))))
    assert rows[0] == ["Issue", "Why", "Words"]
    assert rows[2] == ["Owls | gulls", "'=1+1", "–"]


def test_json_is_the_contract_s_object_in_plain_letters() -> None:
    text = render(GAPS, "json")
    assert json.loads(text) == GAPS.json
    assert '  "gaps": [\n    "Möwe"' in text


def test_pipes_and_line_ends_do_not_break_a_markdown_table() -> None:
    listing = Listing("Three.", ("A", "B"), [("a|b", "one\ntwo"), ("<img src=x>", "*")], None)
    lines = render(listing, "md").splitlines()
    assert lines[2:] == ["| A | B |", "| --- | --- |", r"| a\|b | one two |", r"| \<img src=x\> | \* |"]


def test_a_document_cannot_send_commands_to_the_terminal() -> None:
    listing = Listing("One\x1b[31m.", ("A",), [("\x1b]0;title\x07text",)], None)
    assert "\x1b" not in render(listing, "table")
    assert "\x07" not in render(listing, "table")


def test_what_would_command_a_terminal_is_shown_in_its_place() -> None:
    listing = Listing(
        "One\x1b[31m\u202e.",
        ("A\x9b",),
        [("\x1b]0;title\x07text\u2028",), ("one\r\ntwo\tthree\rfour",)],
        ["\x9b\u202e\x7f"],
    )
    assert render(listing, "table").splitlines() == [
        r"One\x1b[31m\u202e.", "", r"A\x9b", "-" * 26, r"\x1b]0;title\x07text\u2028", "one", r"two three\x0dfour",
    ]  # fmt: skip
    assert r"\\x1b\[31m\\u202e" in render(listing, "md")
    assert render(listing, "json") == '[\n  "\\u009b\\u202e\\u007f"\n]\n'


def test_a_finding_stays_one_line() -> None:
    for name in ("table", "md"):
        assert render(Listing("One\nError: two\u2028three", ("A",), [], None), name) == "One Error: two three\n"
