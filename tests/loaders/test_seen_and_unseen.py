"""What nobody sees in a file is left out with a note, and letters are read as they are seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from make_office import docx, paragraph, row, run, table, workbook
from words import note, read, said

from goldenthread.graph import DocumentGraph

Read = Callable[..., DocumentGraph]
Said = Callable[[DocumentGraph], set[tuple[str, ...]]]

HEAD = ["Action", "Lead", "Deadline"]


def test_a_hidden_sheet_is_left_out() -> None:
    def lists(book: Any, sheet: Any) -> None:
        sheet.write_column(0, 0, ["Lead", "Head of Ponds"])
        sheet.very_hidden()

    found = read(workbook(Plan=[HEAD, ["Mow", "Warden", "May"]], Lists=lists), "plan.xlsx")
    assert "Head of Ponds" not in found.text
    assert "hidden sheet 'Lists' was left out (4 words)" in note(found)


def test_hidden_rows_and_columns_of_a_sheet_are_left_out() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Action", "Lead (old)", "Lead", "Deadline"])
        sheet.write_row(1, 0, ["Mow", "Bailiff", "Warden", "May"])
        sheet.write_row(2, 0, ["Count geese", "Bailiff", "Clerk", "June"])
        sheet.write_row(3, 0, ["Rake", "Bailiff", "Clerk", "June"])
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})

    found = read(workbook(Plan=fill), "plan.xlsx")
    assert said(found)[1:] == ["Action", "Lead", "Deadline", "Mow", "Warden", "May", "Rake", "Clerk", "June"]
    assert "9 words in hidden rows and columns" in note(found)


def test_a_merged_cell_whose_first_row_is_hidden_stands_in_the_next() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEAD)
        sheet.write_column(1, 0, ["Mow", "Rake"])
        sheet.merge_range("B2:B3", "Warden")
        sheet.write_column(1, 2, ["May", "June"])
        sheet.set_row(1, None, None, {"hidden": True})

    assert said(read(workbook(Plan=fill), "plan.xlsx"))[4:] == ["Rake", "Warden", "June"]


def test_hidden_rows_and_columns_of_a_web_page_are_left_out() -> None:
    found = read(
        "<html><body><table><colgroup><col><col style='visibility:collapse'><col></colgroup>"
        "<tr><th>Action<th>Old lead<th>Lead<tr><td>Mow<td>Bailiff<td>Warden"
        "<tr style='display: none'><td>Count geese<td>Bailiff<td>Clerk</table></body></html>",
        "page.html",
    )
    assert said(found) == ["Action", "Lead", "Mow", "Warden"]
    assert "what is hidden (7 words)" in note(found)


def struck_sheet(book: Any, sheet: Any) -> None:
    gone, plain = book.add_format({"font_strikeout": True}), book.add_format()
    sheet.write_row(0, 0, HEAD)
    sheet.write(1, 0, "Mow")
    sheet.write_rich_string(1, 1, gone, "Bailiff ", plain, "Warden")
    sheet.write(1, 2, "April", gone)


STRUCK = {
    "plan.docx": docx(
        table(
            row(*HEAD),
            row(
                "Mow",
                f"<w:tc>{paragraph(run('Bailiff ', '<w:strike/>') + run('Warden'))}</w:tc>",
                f"<w:tc>{paragraph(run('April', '<w:dstrike/>'))}</w:tc>",
            ),
        )
    ),
    "plan.xlsx": workbook(Plan=struck_sheet),
    "plan.html": (
        b"<html><body><p>Plan</p><table><tr><th>Action<th>Lead<th>Deadline<tr><td>Mow<td><del>Bailiff</del> Warden"
        b"<td style='text-decoration: line-through'>April</table></body></html>"
    ),
    "plan.md": b"Plan\n\n| Action | Lead | Deadline |\n|---|---|---|\n| Mow | ~~Bailiff~~ Warden | <s>April</s> |\n",
}


@pytest.mark.parametrize("name", STRUCK)
def test_words_struck_through_state_nothing(name: str) -> None:
    found = read(STRUCK[name], name)
    assert [words for words in said(found) if words != "Plan"] == [*HEAD, "Mow", "Warden"]
    assert "2 words" in note(found)
    assert "struck through" in note(found)


def test_a_column_that_tracked_changes_deleted_is_left_out() -> None:
    gone = "<w:tc><w:tcPr><w:cellDel w:id='1' w:author='A'/></w:tcPr><w:p>{}</w:p></w:tc>"
    found = read(
        docx(
            table(
                row("Action", gone.format(run("Old lead")), "Lead"),
                row("Mow", gone.format("<w:del><w:r><w:delText>Bailiff</w:delText></w:r></w:del>"), "Warden"),
            )
        ),
        "plan.docx",
    )
    assert said(found) == ["Action", "Lead", "Mow", "Warden"]
    assert "3 words deleted by tracked changes" in note(found)


LETTERS = ("graf\u00adfiti", "graf\u200bfiti", "graf\u200cfiti", "gra\ufb03ti", "graffiti¹", "graffiti2")


@pytest.mark.parametrize("word", LETTERS)
@pytest.mark.parametrize("name", ["minutes.txt", "minutes.html", "minutes.docx"])
def test_signs_that_nobody_sees_do_not_hide_an_issue(word: str, name: str, read_text: Read, said: Said) -> None:
    sentence = f"Members were concerned about {word}."
    data = {
        "minutes.txt": sentence.encode(),
        "minutes.html": f"<html><body><p>{sentence}</p></body></html>".encode(),
        "minutes.docx": docx(paragraph(sentence)),
    }[name]
    assert ("Members", "raises", "graffiti", "concern") in said(read_text(data, name))


def test_the_raised_number_of_a_footnote_is_no_part_of_a_word() -> None:
    page = "<html><body><p>Warden<sup>1</sup> leads; the 4<sup>th</sup> pond has 9 m<sup>2</sup>.</p></body></html>"
    assert said(read(page, "page.html")) == ["Warden leads; the 4th pond has 9 m2."]


def test_a_wrong_encoding_is_mended_and_told() -> None:
    found = read("Womenâ€™s Aid â€“ the cafÃ© in TÅ· Glas costs Â£5. Ângel stays.", "minutes.txt")
    assert found.text == "Women’s Aid – the café in Tŷ Glas costs £5. Ângel stays."
    assert "5 signs that were saved in a wrong encoding" in note(found)


def test_a_reference_keeps_the_zero_that_the_sheet_shows() -> None:
    def fill(book: Any, sheet: Any) -> None:
        shown = book.add_format({"num_format": "0.00"})
        sheet.write_row(0, 0, ["Ref", "Action", "Lead"])
        sheet.write(1, 0, 1.1, shown)
        sheet.write_row(1, 1, ["Mow", "Warden"])

    assert said(read(workbook(Plan=fill), "plan.xlsx"))[4:] == ["1.10", "Mow", "Warden"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Ref;Action;Lead;Update\n1;Mow, twice;Warden;"Begun; in May\nand June"\n2;Rake, once;Clerk;\n', "plan.csv"),
        ('sep=;\nRef;Action;Lead;Update\n1;Mow;Warden;"Begun; in May"\n2;Rake;Clerk;\n', "plan.csv"),
        ('Ref\tAction\tLead\tUpdate\n1\tMow\tWarden\t"Begun,\nin May"\n2\tRake\tClerk\t\n', "plan.txt"),
    ],
)
def test_every_dialect_of_csv_has_its_columns(text: str, name: str) -> None:
    for data in (text.encode(), text.encode("utf-16")):
        (block,) = read(data, name).blocks
        assert [len(line) for line in block.rows] == [4, 4, 4]
        assert [line[2].text for line in block.rows] == ["Lead", "Warden", "Clerk"]


def test_lines_above_the_header_of_a_csv_file_are_titles() -> None:
    found = read("Plan of Harrowmere,,\nAs of May,,\nAction,Lead,Deadline\nMow,Warden,May\n", "plan.csv")
    assert [(b.kind, b.text) for b in found.blocks[:2]] == [
        ("heading", "Plan of Harrowmere"),
        ("paragraph", "As of May"),
    ]
