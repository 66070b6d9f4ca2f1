"""Cells of CSV: what a document says is never run by a spreadsheet, and comes back as it was."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goldenthread.writing.csv_cells import csv_text, harmless, restored

STARTS = tuple("=+-@＝＋－＠")
#: What spreadsheets pass over before they look for a formula, and quotation marks, which some take away.
SKIPPED = [
    "\r", "\n", "\t", "\v", "\f", "\x00", "\x1b", "\x85", "\x9f", " ", "\xa0", "\u2003", "\u3000", "\u2028", "\u200b",
    "\u200d", "\u2060", "\ufeff", "\xad", "\u202e", '"', "'",
]  # fmt: skip
#: Texts that are made of what matters here far more often than by chance.
texts = st.text() | st.text(st.sampled_from([*SKIPPED, *STARTS, "a", "’", ",", ";"]))


def is_skipped(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf", "Zs", "Zl", "Zp") or letter in "\"'"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run it; an apostrophe before all else says that it is text."""
    if text.startswith("'") and not text.startswith("''"):
        return False
    while text and is_skipped(text[0]):
        text = text[1:]
    return text.startswith(STARTS)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("before", ["", *SKIPPED, "\r\n\t \ufeff", '\u200b"'])
def test_a_formula_is_text_whatever_stands_before_it(before: str, start: str) -> None:
    cell = f"{before}{start}cmd|' /C calc'!A0"
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "Safer streets", "1 = 1", "“=”", "Grüße, + mehr", "'tis", "’=", "A\n=1"])
def test_other_words_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell == restored(cell)


@given(texts)
@example("'=1")
@example("''\t")
@example("'")
def test_every_text_comes_back_and_none_is_run(cell: str) -> None:
    safe = harmless(cell)
    assert restored(safe) == cell
    assert safe in (cell, "'" + cell)
    assert safe == "'" + cell or not is_formula(safe)


@given(st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1))
@example([["\r=1", "a\r=1", "a;=1"]])
@example([["", "", ""]])
def test_a_table_comes_back_cell_by_cell(rows: list[list[str]]) -> None:
    text = csv_text(("a", "b", "c"), rows)
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert [[restored(cell) for cell in row] for row in read] == [["a", "b", "c"], *rows]


@pytest.mark.parametrize("cell", ["ok\r=1+1", "ok\n=1+1", "ok;=1+1", "ok\t=1+1", "ok,=1+1", 'ok"=1+1'])
def test_no_sign_in_a_cell_ends_it_for_any_spreadsheet(cell: str) -> None:
    text = csv_text(("Words",), [(cell,)])
    assert text == 'Words\n"' + cell.replace('"', '""') + '"\n'


def test_the_names_of_columns_are_cells_too() -> None:
    assert csv_text(("=1+1", "b"), [(None, -3)]) == "'=1+1,b\n,-3\n"


def test_a_row_of_one_empty_cell_is_a_row() -> None:
    assert list(csv.reader(io.StringIO(csv_text(("a",), [("",)])))) == [["a"], [""]]
