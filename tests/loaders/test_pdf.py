"""PDF files are read in the order in which people read them, and what cannot be read says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from graphs import document_of
from make_pdf import HEIGHT, LEFT, Paper, picture

from goldenthread.loaders.formats.blocks import Block, ReadFile
from goldenthread.loaders.formats.reading import read_bytes
from goldenthread.loaders.formats.refusal import ReadError


def read(paper: Paper) -> ReadFile:
    found = read_bytes(paper.bytes(), "plan.pdf")
    for block in found.blocks:
        if block.kind != "table":
            assert found.text[block.start : block.end] == block.text
        for cell in (c for row in block.rows for c in row):
            assert found.text[cell.start : cell.end] == cell.text
    return found


def shape(found: ReadFile) -> list[tuple[str, str]]:
    return [(b.kind, b.text) for b in found.blocks if b.kind != "table"]


def table(found: ReadFile) -> Block:
    (only,) = [b for b in found.blocks if b.kind == "table"]
    return only


def words(block: Block) -> list[list[str]]:
    return [[c.text for c in row] for row in block.rows]


def test_headings_paragraphs_and_lists_are_told_apart() -> None:
    paper = Paper()
    paper.heading("Harrowmere plan", 22)
    paper.heading("Our priorities")
    paper.paragraph("The board asks what people worry about, in every ward, and", "answers in this plan.")
    paper.items("Fewer thefts from sheds and\ngardens near the river", "Safer ponds")
    found = read(paper)
    assert shape(found) == [
        ("heading", "Harrowmere plan"),
        ("heading", "Our priorities"),
        ("paragraph", "The board asks what people worry about, in every ward, and answers in this plan."),
        ("item", "Fewer thefts from sheds and gardens near the river"),
        ("item", "Safer ponds"),
    ]
    assert [b.level for b in found.blocks if b.kind == "heading"] == [1, 2]
    assert {b.marker for b in found.blocks if b.kind == "item"} == {"•"}
    assert {b.page for b in found.blocks} == {1}


def test_columns_are_read_one_after_the_other() -> None:
    paper = Paper()
    paper.heading("What people told us")
    start = paper.y
    left = [f"Left line {n} speaks of the ponds at length" for n in range(1, 7)]
    right = [f"Right line {n} speaks of the parks at length" for n in range(1, 7)]
    for x, lines in ((LEFT, left), (LEFT + 255, right)):
        paper.y = start
        for line in lines:
            paper.say(line, x=x)
    text = " ".join(b.text for b in read(paper).blocks)
    assert text.index("Left line 6") < text.index("Right line 1")


def test_a_ruled_table_keeps_its_cells_and_a_merged_cell_stands_once() -> None:
    paper = Paper()
    paper.heading("Commitments")
    paper.table(
        (150, 200, 120),
        (
            ("Priority", "Action", "Lead"),
            ("Safer ponds", "Mend the fence and\nthe gate", "Head of Parks"),
            (None, "Test the lamps", "Lighting Manager"),
        ),
    )
    assert words(table(read(paper))) == [
        ["Priority", "Action", "Lead"],
        ["Safer ponds", "Mend the fence and the gate", "Head of Parks"],
        ["", "Test the lamps", "Lighting Manager"],
    ]


def test_a_table_goes_on_over_the_page_without_its_repeated_header() -> None:
    paper = Paper()
    paper.paragraph("The actions are these, each with the post that answers for it.")
    paper.table((200, 200), (("Action", "Lead"), ("Mend the fence", "Head of Parks")))
    paper.page()
    paper.table((200, 200), (("Action", "Lead"), ("Test the lamps", "Lighting Manager")))
    assert words(table(read(paper))) == [
        ["Action", "Lead"],
        ["Mend the fence", "Head of Parks"],
        ["Test the lamps", "Lighting Manager"],
    ]


def test_a_table_without_rules_is_known_by_its_header() -> None:
    paper = Paper()
    paper.heading("Who does what")
    rows = (
        ("Action", "Lead", "By"),
        ("Mend the fence", "Head of Parks", "June"),
        ("Test the lamps", "Lighting Manager", "July"),
        ("Count the swans", "Ranger", "May"),
    )
    for n, row in enumerate(rows):
        paper.canvas.setFont("Helvetica-Bold" if n == 0 else "Helvetica", 11)
        for x, cell in zip((LEFT, LEFT + 180, LEFT + 360), row, strict=True):
            paper.canvas.drawString(x, paper.y, cell)
        paper.y -= 16
    assert words(table(read(paper))) == [list(row) for row in rows]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    paper = Paper()
    paper.running = lambda number: ("Harrowmere plan 2024", f"Page {number} of 4")
    for number in range(1, 5):
        paper.page()
        paper.paragraph(f"Chapter {number} tells of the ponds.")
    text = read(paper).text
    assert "Page" not in text
    assert "Harrowmere plan" not in text
    assert text.count("tells of the ponds") == 4


def test_a_paragraph_goes_on_over_the_page() -> None:
    paper = Paper()
    paper.paragraph("The board was told of the ponds, of the parks and of the")
    paper.page()
    paper.paragraph("bridges that lead over them.")
    assert (
        "paragraph",
        "The board was told of the ponds, of the parks and of the bridges that lead over them.",
    ) in shape(read(paper))


def test_every_word_knows_its_page_also_in_tables_and_paragraphs_that_go_on() -> None:
    paper = Paper()
    paper.paragraph("The board was told of the ponds, of the parks and of the")
    paper.page()
    paper.paragraph("bridges that lead over them.")
    paper.table((200, 200), (("Action", "Lead"), ("Mend the fence", "Head of Parks")))
    paper.page()
    paper.table((200, 200), (("Action", "Lead"), ("Test the lamps", "Lighting Manager")))
    found = read(paper)
    document = replace(document_of("plan.pdf", "").document, places=found.places)
    pages = {
        words: document.place_at(found.text.index(words)) for words in ("ponds", "parks", "bridges", "fence", "lamps")
    }
    assert pages == {"ponds": "page 1", "parks": "page 1", "bridges": "page 2", "fence": "page 2", "lamps": "page 3"}


def test_contents_pages_are_left_out() -> None:
    paper = Paper()
    paper.heading("Contents")
    paper.paragraph("Our priorities ........................ 4")
    paper.paragraph("Our groups ............................ 9")
    assert "priorities" not in read(paper).text


def test_letters_set_apart_are_words() -> None:
    paper = Paper()
    x = float(LEFT)
    paper.canvas.setFont("Helvetica-Bold", 16)
    for letter in "PONDS":
        paper.canvas.drawString(x, paper.y, letter)
        x += 22
    paper.y -= 40
    paper.paragraph("The ponds are safe again, say those who live beside them.")
    assert shape(read(paper))[0][1] == "PONDS"


def test_words_that_nobody_can_see_are_left_out_and_counted() -> None:
    paper = Paper()
    paper.paragraph("What all can read of the ponds.")
    paper.say("white words", grey=1.0)
    found = read(paper)
    assert "white" not in found.text
    assert any("2 words that nobody can see" in note for note in found.notes)


def test_a_page_that_is_only_a_picture_is_named() -> None:
    paper = Paper()
    paper.paragraph("What all can read of the ponds.")
    paper.page()
    picture(paper.canvas)
    assert any("page 2 has no text layer" in note for note in read(paper).notes)


def test_recognised_text_behind_a_picture_is_read_and_said_to_be() -> None:
    paper = Paper()
    picture(paper.canvas)
    text = paper.canvas.beginText(LEFT, HEIGHT - 100)
    text.setFont("Helvetica", 11)
    text.setTextRenderMode(3)
    text.textLine("Residents worry about the ponds.")
    paper.canvas.drawText(text)
    found = read(paper)
    assert "Residents worry about the ponds." in found.text
    assert any("text recognition" in note for note in found.notes)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_text_that_runs_another_way_is_read(angle: int) -> None:
    paper = Paper()
    paper.canvas.translate(297, 421)
    paper.canvas.rotate(angle)
    paper.canvas.translate(-297, -421)
    paper.y = 500
    paper.paragraph("The ponds are safe again, say those who live", "beside them.")
    paper.paragraph("The parks will follow when there is money.")
    assert shape(read(paper)) == [
        ("paragraph", "The ponds are safe again, say those who live beside them."),
        ("paragraph", "The parks will follow when there is money."),
    ]


def test_a_box_is_read_as_one() -> None:
    paper = Paper()
    paper.paragraph("Before the box stands a sentence about the ponds.")
    paper.canvas.rect(LEFT - 5, paper.y - 60, 400, 70)
    paper.say("A pond, and what was done")
    paper.say("The fence was mended in a day.")
    paper.y -= 60
    paper.paragraph("Behind the box stands a sentence about the parks.")
    text = read(paper).text
    assert text.index("Before the box") < text.index("The fence was mended") < text.index("Behind the box")


def test_comments_keep_their_author() -> None:
    paper = Paper()
    paper.paragraph("What all can read of the ponds.")
    paper.canvas.textAnnotation("Who mends the fence?", Rect=[100, 100, 120, 120])
    assert ("quotation", "Who mends the fence?") in shape(read(paper))


def test_nothing_but_pictures_is_no_empty_document() -> None:
    paper = Paper()
    picture(paper.canvas)
    with pytest.raises(ReadError, match="no text layer"):
        read(paper)


def test_a_password_is_said_to_be_needed() -> None:
    paper = Paper(password="pond")
    paper.paragraph("Nobody may read this.")
    with pytest.raises(ReadError, match="protected with a password"):
        read(paper)


def test_a_file_that_is_cut_short_says_so() -> None:
    paper = Paper()
    paper.paragraph("What all can read of the ponds.")
    whole = paper.bytes()
    for lost in (200, len(whole) - 120):
        with pytest.raises(ReadError, match="damaged or cut short"):
            read_bytes(whole[:-lost], "plan.pdf")
    assert any("cut short" in note for note in read_bytes(whole[:-20], "plan.pdf").notes)


def test_the_title_is_the_files_own_unless_it_is_a_file_name() -> None:
    own, named = Paper(title="Plan for the ponds"), Paper(title="plan_final_v3.docx")
    for paper in (own, named):
        paper.heading("The ponds")
        paper.paragraph("What all can read of the ponds.")
    assert read(own).title == "Plan for the ponds"
    assert read(named).title == "The ponds"
