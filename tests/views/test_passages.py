"""Where the words stand: paragraphs with their marks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from graphs import document_of
from hypothesis import given
from hypothesis import strategies as st
from pages import Outline, scene_of_lines

from goldenthread.views.passages import LONGEST, Passage, passages
from goldenthread.views.scene import Mark, Source
from goldenthread.views.source_pages import source_page

TEXT = "A heading\n\nResidents fear theft.\nThey told the board so.\n\nNothing here.\n\nThe warden leads on lamps."


def source_of(text: str, *quotes: str) -> Source:
    source = Source(
        1, replace(document_of("a.md", "").document, places=((0, "page 1"), (text.find("The warden"), "page 2"))), text
    )
    spots = sorted((text.index(quote), quote) for quote in quotes)
    source.marks = [Mark(n, source, start, start + len(quote), quote) for n, (start, quote) in enumerate(spots, 2)]
    return source


def words(passage: Passage) -> str:
    return "".join(f"[{piece.text}]" if piece.marks else piece.text for piece in passage.pieces)


def test_only_paragraphs_with_quotes_are_kept_and_what_is_left_out_is_said() -> None:
    found = passages(source_of(TEXT, "fear theft", "warden leads"), whole=False)
    assert [words(p) for p in found] == [
        "Residents [fear theft].\nThey told the board so.",
        "The [warden leads] on lamps.",
    ]
    assert [(p.place, p.after_gap) for p in found] == [("page 1", True), ("page 2", True)]


def test_the_whole_text_keeps_every_paragraph() -> None:
    found = passages(source_of(TEXT, "fear theft"), whole=True)
    assert [words(p) for p in found][::3] == ["A heading", "The warden leads on lamps."]
    assert not any(p.after_gap for p in found)


def test_a_source_page_has_the_text_or_says_that_the_store_has_none(tmp_path: Path) -> None:
    scene, source = scene_of_lines(tmp_path), source_of(TEXT, "fear theft")
    none, empty = replace(source, text=None), replace(source, text="", marks=[])
    texts = [Outline(source_page([replace(scene, sources=(each,))])).text for each in (source, none, empty)]
    assert ["The warden leads on lamps." in text for text in texts] == [True, False, False]
    assert ["fear theft" in text for text in texts] == [True, True, False]
    assert ["does not hold the text" in text for text in texts] == [False, True, False]


def test_where_no_line_is_empty_each_line_is_a_paragraph() -> None:
    found = passages(source_of("One line\nAnother line\nA third", "Another"), whole=False)
    assert [words(p) for p in found] == ["[Another] line"]


def test_a_quote_over_several_paragraphs_keeps_them_together() -> None:
    found = passages(source_of(TEXT, "the board so.\n\nNothing"), whole=False)
    assert [words(p) for p in found] == ["Residents fear theft.\nThey told [the board so.\n\nNothing] here."]


def test_quotes_within_one_another_and_overlapping_are_each_begun_once() -> None:
    (found,) = passages(source_of(TEXT, "Residents fear", "fear theft", "fear"), whole=False)
    assert [(piece.text, len(piece.marks)) for piece in found.pieces][:3] == [
        ("Residents ", 1),
        ("fear", 3),
        (" theft", 1),
    ]
    assert sorted(m.quote for piece in found.pieces for m in piece.begins) == ["Residents fear", "fear", "fear theft"]


def test_a_long_paragraph_is_cut_around_its_quotes() -> None:
    text = f"{'word ' * LONGEST}here is the quote{' word' * LONGEST}"
    (found,) = passages(source_of(text, "here is the quote"), whole=False)
    assert "[here is the quote]" in words(found)
    assert len(words(found)) < LONGEST


def test_a_document_without_its_text_has_no_passages() -> None:
    assert passages(replace(source_of(TEXT, "fear"), text=None), whole=False) == ()


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 25)), max_size=6)


@given(st.text("ab \n", min_size=1, max_size=80), SPANS, st.booleans())
def test_every_quote_stands_whole_in_one_passage_and_begins_once(
    text: str, spans: list[tuple[int, int]], whole: bool
) -> None:
    source = Source(1, document_of("a.md", "").document, text)
    places = sorted(
        {(start, min(start + length, len(text))) for start, length in spans if text[start : start + length].strip()}
    )
    source.marks = [Mark(n, source, start, end, text[start:end]) for n, (start, end) in enumerate(places, 2)]
    found = passages(source, whole=whole)
    begun = [mark for passage in found for piece in passage.pieces for mark in piece.begins]
    assert sorted(m.number for m in begun) == [m.number for m in source.marks]
    for passage in found:
        for mark in passage.marks:
            assert "".join(piece.text for piece in passage.pieces if mark in piece.marks) == mark.quote
