"""Workbooks: sheets, titles, the header row, merged cells, and how values are written."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_office import docx, packed, paragraph, sheet_xml, workbook

from goldenthread.loaders.formats.blocks import Block, ReadFile
from goldenthread.loaders.formats.refusal import ReadError
from goldenthread.loaders.formats.xlsx import read_xlsx


def read(data: bytes) -> ReadFile:
    found = read_xlsx(data, "plan.xlsx")
    for block in found.blocks:
        assert found.text[block.start : block.end] == block.text
        assert all(found.text[c.start : c.end] == c.text for line in block.rows for c in line)
    return found


def outline(found: ReadFile) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, b.text) for b in found.blocks if b.kind != "table"]


def grids(found: ReadFile) -> list[list[list[str]]]:
    return [[[c.text for c in line] for line in b.rows] for b in found.blocks if b.kind == "table"]


def tables(found: ReadFile) -> list[Block]:
    return [b for b in found.blocks if b.kind == "table"]


HEADER = ["Action", "Lead", "Deadline"]


def test_titles_above_the_header_are_a_heading_and_paragraphs() -> None:
    found = read(
        workbook(
            Plan=[
                ["Ambleford delivery plan"],
                ["Draft of May. Tell the Clerk."],
                [],
                HEADER,
                ["Mow", "Warden", "May"],
                [],
                ["Rake", "Clerk", "June"],
            ]
        )
    )
    assert outline(found) == [
        ("heading", 1, "Plan"),
        ("heading", 2, "Ambleford delivery plan"),
        ("paragraph", 0, "Draft of May. Tell the Clerk."),
    ]
    assert grids(found) == [[HEADER, ["Mow", "Warden", "May"], ["Rake", "Clerk", "June"]]]
    assert found.title == "Ambleford delivery plan"
    assert all(b.sheet == "Plan" for b in found.blocks)


def test_every_sheet_opens_with_its_name_and_empty_ones_are_left_out() -> None:
    found = read(workbook(Plan=[HEADER, ["Mow", "Warden", "May"]], Counts=[["Pond", "Geese"], ["Upper", 9]], Empty=[]))
    assert outline(found) == [("heading", 1, "Plan"), ("heading", 1, "Counts")]
    assert [b.sheet for b in tables(found)] == ["Plan", "Counts"]
    assert found.notes == ()
    assert found.places == ((0, "sheet “Plan”"), (found.text.index("Counts"), "sheet “Counts”"))


def test_merged_cells_stand_in_the_first_also_where_something_lies_beneath() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:C1", "Plan of Ambleford")
        sheet.write_row(1, 0, ["Priority", "Action", "Lead"])
        sheet.merge_range("A3:A4", "Parks\nOwner: Warden")
        sheet.write_row(2, 1, ["Mow", "Warden"])
        sheet.write(3, 0, "beneath")
        sheet.write_row(3, 1, ["Rake", "Clerk"])

    assert grids(read(workbook(Plan=fill))) == [
        [["Priority", "Action", "Lead"], ["Parks\nOwner: Warden", "Mow", "Warden"], ["", "Rake", "Clerk"]]
    ]


def test_a_line_merged_across_the_table_is_a_heading_of_the_rows_below() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.merge_range("A2:C2", "Priority 1: Parks")
        sheet.write_row(2, 0, ["Mow", "Warden", "May"])
        sheet.merge_range("A4:C4", "Priority 2: Paths")
        sheet.write_row(4, 0, ["Sweep", "Clerk", "June"])

    found = read(workbook(Plan=fill))
    assert grids(found) == [[HEADER, ["Mow", "Warden", "May"]], [HEADER, ["Sweep", "Clerk", "June"]]]
    assert [found.heading_texts(t)[-1] for t in tables(found)] == ["Priority 1: Parks", "Priority 2: Paths"]


def test_a_second_table_below_the_first_has_its_own_header() -> None:
    found = read(
        workbook(Plan=[HEADER, ["Mow", "Warden", "May"], [], ["Groups"], ["Group", "Chair"], ["Pond Panel", "Clerk"]])
    )
    assert grids(found) == [
        [[*HEADER], ["Mow", "Warden", "May"]],
        [["Group", "Chair", ""], ["Pond Panel", "Clerk", ""]],
    ]
    assert ("heading", 2, "Groups") in outline(found)


def test_values_are_written_as_a_person_would() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["What", "Value"])
        kinds: list[tuple[str, object, str]] = [
            ("day", datetime.datetime(2025, 9, 30), "dd mmm yyyy"),
            ("moment", datetime.datetime(2025, 9, 30, 14, 5), "dd/mm/yy hh:mm"),
            ("whole", 40, "0"), ("part", 2.5, "General"), ("share", 0.125, "0.0%"), ("all", 1, "0%"),
            ("true", True, "General"), ("long", 0.1 + 0.2, "General"),
        ]  # fmt: skip
        for number, (name, value, shown) in enumerate(kinds, 1):
            sheet.write(number, 0, name)
            sheet.write(number, 1, value, book.add_format({"num_format": shown}))

    values = {line[0]: line[1] for line in grids(read(workbook(Plan=fill)))[0]}
    assert values == {
        "What": "Value", "day": "2025-09-30", "moment": "2025-09-30 14:05", "whole": "40", "part": "2.5",
        "share": "12.5%", "all": "100%", "true": "TRUE", "long": "0.3",
    }  # fmt: skip


def test_empty_columns_are_dropped_and_white_space_is_single_but_lines_stay() -> None:
    found = read(
        workbook(Plan=[["Action", "", "Lead", "By"], ["Mow  the\tgreen \n and rake", "", " Warden\u00a0", "May"]])
    )
    assert grids(found) == [[["Action", "Lead", "By"], ["Mow the green\nand rake", "Warden", "May"]]]


def test_a_sheet_of_lines_is_paragraphs_and_one_of_figures_has_no_header() -> None:
    found = read(workbook(Notes=[["About this plan"], ["It was written by the pond."]], Figures=[[1, 2], [3, 4]]))
    assert outline(found)[:3] == [
        ("heading", 1, "Notes"),
        ("heading", 2, "About this plan"),
        ("paragraph", 0, "It was written by the pond."),
    ]
    assert grids(found) == [[["1", "2"], ["3", "4"]]]
    assert not tables(found)[0].has_header


def test_formulas_without_a_result_are_said() -> None:
    found = read(
        sheet_xml(
            '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Sum</t></is></c><c r="B1"><f>1+1</f></c></row>'
            "</sheetData>"
        )
    )
    assert [note.partition(";")[0] for note in found.notes] == [
        "The sheet 'Plan' has 1 formulas without a stored result"
    ]


# ------------------------------------------------------------------------------------------------ what is refused


def far(place: str, row: int, inner: str = "<v>1</v>") -> bytes:
    return sheet_xml(
        f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{place}">{inner}</c></row></sheetData>'
    )


@pytest.mark.parametrize(
    "data",
    [far("XFD1048576", 1048576), far("A300000", 300_000), far("ZZZ1", 2), far("ALM200", 200), far("GR30000", 30_000)],
)
def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_opened(data: bytes) -> None:
    with pytest.raises(ReadError, match="the sheet 'Plan' reaches to row"):
        read_xlsx(data, "plan.xlsx")


def test_a_sheet_of_cells_without_places_is_counted() -> None:
    inner = "<sheetData>" + "<row>" + "<c><v>1</v></c>" * 1_200 + "</row></sheetData>"
    with pytest.raises(ReadError, match="column 1,200"):
        read_xlsx(sheet_xml(inner), "plan.xlsx")


def test_what_is_only_declared_or_only_coloured_does_not_count() -> None:
    declared = (
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
        '<c r="XFD1048576" s="1"/></row></sheetData>'
    )
    assert read(sheet_xml(declared)).text == "Plan\n1\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (workbook(Plan=[HEADER])[:-30], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
        (docx(paragraph("x")), "no workbook"),
        (sheet_xml("<sheetData>" + " " * 40_000_000), "would unpack to 40 MB"),
        (packed({"xl/workbook.xml": b"<workbook/>"}), "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, why: str) -> None:
    with pytest.raises(ReadError, match=why):
        read_xlsx(data, "plan.xlsx")


@settings(max_examples=25)
@given(st.lists(st.lists(st.text(alphabet="Ab1 .\n", max_size=5), min_size=3, max_size=3), min_size=1, max_size=6))
def test_every_word_is_read_at_its_place(rows: list[list[str]]) -> None:
    data = workbook(
        Plan=lambda _, sheet: [
            sheet.write_string(r, c, text) for r, line in enumerate(rows) for c, text in enumerate(line)
        ]
    )
    written = sorted(word for line in rows for text in line for word in text.split())
    found = read(data)
    assert sorted(found.text.replace("|", " ").split())[: len(written) + 1] == sorted(
        [*written, *(["Plan"] if written else [])]
    )
