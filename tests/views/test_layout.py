"""Boxes: their words fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from goldenthread.views.layout import lines_of, shortened


@given(st.text())
def test_any_label_is_cut_into_at_most_three_lines(label: str) -> None:
    lines = lines_of(label)
    assert 1 <= len(lines) <= 3
    assert all(line == line.strip() for line in lines)


def test_a_label_that_fits_keeps_all_its_words() -> None:
    label = "Protecting vulnerable people from harm and exploitation"
    assert " ".join(lines_of(label)) == label
    assert lines_of("x" * 500)[-1].endswith("…")


def test_a_text_is_shortened_only_where_it_must_be() -> None:
    assert shortened("Safer parks", 200) == "Safer parks"
    assert shortened("Safer parks, ponds and playgrounds", 100) == "Safer parks, p…"
    assert shortened("Safer parks", 200, more=True) == "Safer parks…"
