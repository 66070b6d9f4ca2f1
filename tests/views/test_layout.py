"""Boxes: their words fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from goldenthread.views.columns import COLUMN_OF
from goldenthread.views.layout import box_of, lines_of, shortened
from goldenthread.views.scene import Item


@given(st.text())
def test_any_label_is_cut_into_at_most_three_lines(label: str) -> None:
    lines = lines_of(label)
    assert 1 <= len(lines) <= 3
    assert all(line == line.strip() for line in lines)


def test_a_label_that_fits_keeps_all_its_words() -> None:
    label = "Protecting vulnerable people from harm and exploitation"
    assert " ".join(lines_of(label)) == label
    assert lines_of("x" * 500)[-1].endswith("…")


def test_a_box_says_what_it_is_where_that_is_not_plain_and_whether_it_is_of_a_former_plan() -> None:
    def caption(type_: str, *, in_force: bool) -> str:
        return box_of(Item(1, "x", "Safer parks", type_, type_, COLUMN_OF[type_], in_force=in_force)).caption

    assert (caption("Priority", in_force=True), caption("Action", in_force=True)) == ("", "Action")
    assert (caption("Priority", in_force=False), caption("Action", in_force=False)) == (
        "Not in force",
        "Action, not in force",
    )


def test_a_text_is_shortened_only_where_it_must_be() -> None:
    assert shortened("Safer parks", 200) == "Safer parks"
    assert shortened("Safer parks, ponds and playgrounds", 100) == "Safer parks, p…"
    assert shortened("Safer parks", 200, more=True) == "Safer parks…"
