"""Every format keeps offsets: each block's and cell's words are at their place in the canonical text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.loaders.formats.blocks import Block, ReadFile
from goldenthread.loaders.formats.reading import decoded, read_bytes
from goldenthread.loaders.formats.refusal import ReadError


def read(text: str, name: str) -> ReadFile:
    return read_bytes(text.encode(), name)


def outline(found: ReadFile) -> list[tuple[str, str]]:
    return [(b.kind, " ".join(b.text.split())) for b in found.blocks if b.kind != "table"]


def check_offsets(found: ReadFile) -> None:
    for block in found.blocks:
        if block.kind == "table":
            for row in block.rows:
                for cell in row:
                    assert _words(cell.text) == _words(found.text[cell.start : cell.end])
        else:
            assert len(block.text) == block.end - block.start
            assert set(_words(block.text)) <= set(_words(found.text[block.start : block.end]))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_a_bullet_that_ends_in_a_date_and_changes_marker_is_a_heading() -> None:
    found = read(
        "Notes of the day\n\n• What the tables said - May 2024\n\n- Noise at night\n-Litter by the pond\n", "notes.txt"
    )
    assert outline(found) == [
        ("heading", "Notes of the day"), ("heading", "What the tables said - May 2024"), ("item", "Noise at night"),
        ("item", "Litter by the pond"),
    ]  # fmt: skip
    check_offsets(found)


def test_a_list_item_that_ends_in_a_colon_introduces_its_neighbours() -> None:
    found = read("Workshop\n\n- People backed these priorities:\n- Safer parks\n- Safer roads\n", "notes.txt")
    assert [found.blocks[b.intro].text for b in found.blocks[2:] if b.intro is not None] == [
        "People backed these priorities:"
    ] * 2


def test_items_go_on_over_indented_lines() -> None:
    found = read(
        "Members were concerned about:\n\n  • speeding by the school, which had been raised before\n"
        "    and not answered;\n  • litter.\n",
        "a.txt",
    )
    assert outline(found)[1] == ("item", "speeding by the school, which had been raised before and not answered;")
    check_offsets(found)


def test_bullets_inside_a_line_are_items() -> None:
    found = read("Members put questions: · Who clears the paths · What does it cost · When will it end\n", "a.txt")
    assert [kind for kind, _ in outline(found)] == ["paragraph", "item", "item", "item"]
    check_offsets(found)


def test_markdown_keeps_the_offsets_of_the_file() -> None:
    found = read(
        "# Plan\n\n**Lead:** Head of *Parks*\n\n- one\n- two [here](x)\n\n| Priority | Lead |\n|---|---|\n"
        "| Parks | Ranger |\n",
        "plan.md",
    )
    assert outline(found)[:2] == [("heading", "Plan"), ("paragraph", "Lead: Head of Parks")]
    table = next(b for b in found.blocks if b.kind == "table")
    assert [[c.text for c in row] for row in table.rows] == [["Priority", "Lead"], ["Parks", "Ranger"]]
    check_offsets(found)


def test_a_web_page_loses_its_menus_and_keeps_its_words() -> None:
    page = """<html><head><title>Our plan | Council</title><style>p{}</style></head><body><nav><a>Bins</a></nav>
      <div class="breadcrumb"><a>Home</a></div><main><h1>Our plan</h1><p>One &amp; <b>two</b></p>
      <ul><li>First<ul><li>Inner</li></ul></li></ul><p>&middot;&nbsp; Dotted</p></main>\
<footer>Contact</footer></body></html>"""
    found = read(page, "page.html")
    assert outline(found) == [
        ("heading", "Our plan"),
        ("paragraph", "One & two"),
        ("item", "First"),
        ("item", "Inner"),
        ("item", "Dotted"),
    ]
    check_offsets(found)


def test_a_cell_over_several_rows_stands_in_the_first() -> None:
    page = (
        "<table><tr><th>Group</th><th>Action</th></tr><tr><td rowspan=2>Parks</td><td>Mow</td></tr>"
        "<tr><td>Plant</td></tr></table>"
    )
    table = next(b for b in read(f"<html><body>{page}</body></html>", "t.html").blocks if b.kind == "table")
    assert [[c.text for c in row] for row in table.rows] == [["Group", "Action"], ["Parks", "Mow"], ["", "Plant"]]


def test_csv_cells_keep_their_place_also_in_quotation_marks() -> None:
    found = read('Action,Lead\n"Plant, and ""water""",Ranger\n', "a.csv")
    table = found.blocks[0]
    assert found.text[table.rows[1][1].start : table.rows[1][1].end] == "Ranger"
    assert table.rows[1][0].text.startswith("Plant, and")
    check_offsets(found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_told_from_the_bytes(encoding: str) -> None:
    assert "Women’s safety – £5" in decoded("Women’s safety – £5 at night, and more words".encode(encoding), "a.txt")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b" \r\n\t ", "is empty"),
        (b"\x00\x01\x02\x7fELF\x00\x00\x03" * 40, "is not text"),
        (b"\x7fELF\x02\x01\x01\x00" + b"\x03\x00>\x00\x01\x00\x00\x00" * 100, "is not text"),
        (b"\x89PNG\r\n\x1a\n....", "is a picture"),
        (b"SQLite format 3\x00....", "is an SQLite file"),
        (b"<html><body>" + b"<div>" * 200_000 + b"x", "nested too deeply"),
    ],
)
def test_what_is_no_document_is_refused_with_its_reason(data: bytes, why: str) -> None:
    with pytest.raises(ReadError, match=why):
        read_bytes(data, "document.txt")


_TEXT = st.text(alphabet="Aab:. •-\n’(1)*|#,", max_size=120)


@given(_TEXT, st.sampled_from(["a.txt", "a.md", "a.csv"]))
def test_offsets_hold_in_any_text(text: str, name: str) -> None:
    try:
        found = read(text, name)
    except ReadError:
        return
    check_offsets(found)


@given(st.lists(st.lists(st.text(alphabet='ab ,"\n', max_size=6), min_size=2, max_size=3), min_size=2, max_size=4))
def test_csv_agrees_with_the_standard_library(rows: list[list[str]]) -> None:
    import csv
    import io

    from goldenthread.loaders.formats.csv_file import _rows

    rows = [row[:2] for row in rows]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    found = [[_words(c.text) for c in row.cells] for row in _rows(buffer.getvalue(), ",")]
    assert found == [[_words(c) for c in row] for row in csv.reader(io.StringIO(buffer.getvalue()))]


def test_blocks_know_the_headings_above_them() -> None:
    found = read("# A\n\n## B\n\ntext\n\n## C\n\nmore\n", "a.md")
    above = {b.text: [found.blocks[i].text for i in b.headings] for b in found.blocks if isinstance(b, Block)}
    assert above["text"] == ["A", "B"]
    assert above["more"] == ["A", "C"]
