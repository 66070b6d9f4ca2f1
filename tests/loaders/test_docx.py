"""Word documents: what counts as their words, and what they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_office import cell, docx, item, packed, paragraph, row, run, table, text_box

from goldenthread.loaders.formats.blocks import Block, ReadFile
from goldenthread.loaders.formats.docx import read_docx
from goldenthread.loaders.formats.refusal import ReadError


def read(*body: str, **parts: str) -> ReadFile:
    found = read_docx(docx(*body, **parts), "plan.docx")
    check_offsets(found)
    return found


def check_offsets(found: ReadFile) -> None:
    for block in found.blocks:
        assert found.text[block.start : block.end] == block.text
        for line in block.rows:
            for each in line:
                assert found.text[each.start : each.end] == each.text


def outline(found: ReadFile) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, b.text) for b in found.blocks]


def words(found: ReadFile) -> list[str]:
    return [b.text for b in found.blocks]


def grid(block: Block) -> list[list[str]]:
    return [[c.text for c in line] for line in block.rows]


def tables(found: ReadFile) -> list[Block]:
    return [b for b in found.blocks if b.kind == "table"]


# ------------------------------------------------------------------------------------------------ headings


def test_headings_are_known_by_style_by_what_it_inherits_and_by_welsh_names() -> None:
    found = read(
        paragraph("Safer Ambleford plan", "Title"), paragraph("Our aims", "Heading1"), paragraph("Parks", "Section"),
        paragraph("Ein nodau", "Pennawd1"), paragraph("Minor", "Heading1", '<w:outlineLvl w:val="3"/>'),
        paragraph("Just words here.", "Heading1", '<w:outlineLvl w:val="9"/>'),
    )  # fmt: skip
    assert outline(found) == [
        ("heading", 1, "Safer Ambleford plan"), ("heading", 1, "Our aims"), ("heading", 2, "Parks"),
        ("heading", 1, "Ein nodau"),
        ("heading", 4, "Minor"), ("paragraph", 0, "Just words here."),
    ]  # fmt: skip
    assert found.title == "Safer Ambleford plan"


def test_a_short_line_all_in_bold_is_a_heading_and_a_bold_lead_in_is_not() -> None:
    bold = "<w:b/>"
    found = read(
        paragraph("Minutes", "Heading1"),
        paragraph(run("Any other ", bold) + run("business", '<w:rStyle w:val="Strong"/>')),
        paragraph(run("RESOLVED: ", bold) + run("that the paper be noted")), paragraph(run("That is all.", bold)),
        paragraph(run("Not bold", '<w:b w:val="0"/>'))
    )  # fmt: skip
    assert [kind for kind, _, _ in outline(found)] == ["heading", "heading", "paragraph", "paragraph", "paragraph"]


def test_the_bold_lines_above_everything_are_the_title() -> None:
    found = read(
        paragraph(run("AMBLEFORD BOARD", "<w:b/>")),
        paragraph(run("Minutes of 3 May", "<w:b/>")),
        paragraph("All were there."),
    )
    assert [(kind, level) for kind, level, _ in outline(found)] == [("heading", 1), ("heading", 2), ("paragraph", 0)]
    assert found.title == "AMBLEFORD BOARD"


def test_an_automatic_number_that_is_a_word_belongs_to_the_heading() -> None:
    found = read(paragraph("Calm streets", "Numbered"), paragraph("Warm homes", "Numbered"))
    assert words(found) == ["Priority 1: Calm streets", "Priority 2: Warm homes"]


# ------------------------------------------------------------------------------------------------ lists


def test_lists_keep_their_levels_and_numbers() -> None:
    found = read(
        paragraph("We agreed to:"), item("mow the green", 2), item("in spring", 2, 1), item("in autumn", 2, 1),
        item("rake the leaves", 2),
        item("begin again", 4), paragraph("by style", "ListBullet"), paragraph("below it", "ListBullet2"),
    )  # fmt: skip
    assert [(b.level, b.marker, b.text) for b in found.blocks if b.kind == "item"] == [
        (0, "1.", "mow the green"), (1, "1a)", "in spring"), (1, "1b)", "in autumn"), (0, "2.", "rake the leaves"),
        (0, "1.", "begin again"), (0, "•", "by style"), (1, "•", "below it"),
    ]  # fmt: skip
    assert all(
        found.blocks[b.intro].text == "We agreed to:" for b in found.blocks if b.kind == "item" and b.intro is not None
    )
    assert "1a) in spring\n" in found.text


def test_number_nought_takes_a_paragraph_out_of_its_styles_list_and_typed_bullets_are_items() -> None:
    found = read(
        paragraph("Not an item", "ListBullet", '<w:numPr><w:numId w:val="0"/></w:numPr>'),
        paragraph("•\u00a0Typed by hand"),
        paragraph("- so was this"),
    )
    assert [(b.kind, b.text) for b in found.blocks][1:] == [("item", "Typed by hand"), ("item", "so was this")]


# ------------------------------------------------------------------------------------------------ words that count


def test_insertions_count_deletions_do_not_and_what_moved_stands_once() -> None:
    tracked = (
        run("The ") + '<w:del w:id="1"><w:r><w:delText>Clerk</w:delText></w:r></w:del>'
        f'<w:ins w:id="2">{run("Warden")}</w:ins>' + run(" will lead.")
    )  # fmt: skip
    found = read(
        paragraph(tracked), paragraph(f'<w:moveFrom w:id="3">{run("The pond comes first.")}</w:moveFrom>'),
        paragraph("Other matters follow."), paragraph(f'<w:moveTo w:id="3">{run("The pond comes first.")}</w:moveTo>'),
    )  # fmt: skip
    assert words(found) == ["The Warden will lead.", "Other matters follow.", "The pond comes first."]


def test_two_paragraphs_whose_break_was_deleted_are_one() -> None:
    gone = "<w:rPr><w:del w:id='4'/></w:rPr>"
    assert words(read(paragraph("The bridge ", properties=gone), paragraph("is closed."))) == ["The bridge is closed."]
    assert words(read(paragraph("Last words", properties=gone))) == ["Last words"]


def test_fields_give_their_results_and_a_broken_field_swallows_nothing() -> None:
    edge = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    instruction = '<w:r><w:instrText> HYPERLINK "http://ambleford.example" </w:instrText></w:r>'
    field = (
        edge.format("begin")
        + instruction
        + run("hidden half ")
        + edge.format("separate")
        + run("our page")
        + edge.format("end")
    )
    found = read(
        paragraph(run("See ") + field), paragraph(edge.format("begin") + instruction + run("broken")),
        paragraph("Still here."),
        paragraph(f'<w:fldSimple w:instr="PAGE">{run("12")}</w:fldSimple>' + run(" pages")),
    )  # fmt: skip
    assert words(found) == ["See our page", "Still here.", "12 pages"]


def test_links_content_controls_tabs_and_breaks() -> None:
    inner = (
        f'<w:hyperlink w:anchor="x">{run("The green")}</w:hyperlink><w:sdt><w:sdtPr><w:alias w:val="no"/></w:sdtPr>'
        f'<w:sdtContent>{run(" lane")}</w:sdtContent></w:sdt>'
        '<w:r><w:tab/><w:t>is</w:t><w:br/><w:t>wet</w:t><w:noBreakHyphen/><w:t>ish</w:t><w:softHyphen/></w:r>'
    )  # fmt: skip
    assert words(read(f"<w:sdt><w:sdtContent>{paragraph(inner)}</w:sdtContent></w:sdt>")) == [
        "The green lane is wet-ish"
    ]


def test_a_text_box_is_read_once_with_its_headings() -> None:
    box = text_box(paragraph("Did you know", "Heading2") + paragraph("Ambleford has nine ponds."))
    assert words(read(paragraph(run("Ponds matter.") + box))) == [
        "Ponds matter.",
        "Did you know",
        "Ambleford has nine ponds.",
    ]


def test_hidden_text_is_left_out_and_said() -> None:
    found = read(paragraph(run("Seen ") + run("unseen", "<w:vanish/>") + run("again", '<w:vanish w:val="0"/>')))
    assert words(found) == ["Seen again"]
    assert found.notes == ("Hidden text was left out (once).",)


def test_a_table_of_contents_is_left_out() -> None:
    assert words(read(paragraph("Aims 4", "TOC1"), paragraph("Aims", "Heading1"))) == ["Aims"]


# ------------------------------------------------------------------------------------------------ tables


def test_merged_cells_stand_in_the_first_and_paragraphs_of_a_cell_on_lines_of_their_own() -> None:
    found = read(table(
        row("Priority", "Action", "Lead"),
        row(cell("Calm streets", merge="restart"), "Mow", cell(paragraph("Warden") + paragraph("Clerk"))),
        row(cell("", merge="continue"), cell("Rake, and plant", across=2)),
        row(cell(paragraph("outer") + table(row("a", "b"), row("c", "d")) + paragraph("")), "x", "y"),
    ))  # fmt: skip
    (only,) = tables(found)
    assert grid(only) == [
        ["Priority", "Action", "Lead"],
        ["Calm streets", "Mow", "Warden\nClerk"],
        ["", "Rake, and plant", ""],
        ["outer\na\nb\nc\nd", "x", "y"],
    ]
    assert only.has_header
    assert "Priority | Action | Lead\nCalm streets | Mow | " in found.text


def test_a_row_all_across_is_a_heading_and_the_table_goes_on_with_its_header() -> None:
    found = read(paragraph("Plan", "Heading1"), table(
        row("Action", "Lead"), row(cell("Priority 1: Parks", across=2)), row("Mow", "Warden"),
        row(cell("Priority 2: Paths", across=2)), row("Sweep", "Clerk"),
    ))  # fmt: skip
    assert [(b.kind, b.text) for b in found.blocks if b.kind != "table"] == [
        ("heading", "Plan"),
        ("heading", "Priority 1: Parks"),
        ("heading", "Priority 2: Paths"),
    ]
    assert [grid(t) for t in tables(found)] == [
        [["Action", "Lead"], ["Mow", "Warden"]],
        [["Action", "Lead"], ["Sweep", "Clerk"]],
    ]
    assert [found.heading_texts(t)[-1] for t in tables(found)] == ["Priority 1: Parks", "Priority 2: Paths"]


def test_a_table_of_one_cell_is_a_box_and_not_a_table() -> None:
    found = read(table(row(cell(paragraph("Key points", "Heading2") + item("one", 1) + item("two", 1)))))
    assert [b.kind for b in found.blocks] == ["heading", "item", "item"]


def test_without_a_sign_of_a_header_the_first_row_is_data() -> None:
    found = read(table(row("Pond", "Nine geese"), row("Green", "Two oaks")))
    assert not tables(found)[0].has_header


def test_a_deleted_row_is_gone_and_cells_in_content_controls_are_read() -> None:
    wrapped = f"<w:tr><w:sdt><w:sdtContent>{cell('Sweep')}</w:sdtContent></w:sdt>{cell('Clerk')}</w:tr>"
    found = read(table(row("Action", "Lead"), row("Mow", "Warden", properties='<w:del w:id="5"/>'), wrapped))
    assert grid(tables(found)[0]) == [["Action", "Lead"], ["Sweep", "Clerk"]]


# ------------------------------------------------------------------------------------------------ footnotes, comments


def test_footnotes_follow_the_body_under_the_headings_of_their_sign() -> None:
    note = (
        f'<w:footnote w:type="separator" w:id="-1">{paragraph("no")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Counted in May.")}</w:footnote>'
    )
    found = read(
        paragraph("Ponds", "Heading1"),
        paragraph(run("There are nine.") + '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        paragraph("Paths", "Heading1"),
        paragraph("All are swept."), footnotes=note,
    )  # fmt: skip
    assert words(found)[-1] == "Counted in May."
    assert found.heading_texts(found.blocks[-1]) == ["Ponds"]


def test_a_comment_is_a_quotation_of_a_post_or_of_initials() -> None:
    by = '<w:comment w:id="{}" w:author="{}" w:initials="{}">{}</w:comment>'
    found = read(
        paragraph("Ponds", "Heading1"),
        paragraph('<w:commentRangeStart w:id="1"/>' + run("Geese are many.") + '<w:commentRangeEnd w:id="1"/>'),
        paragraph("Paths", "Heading1"),
        comments=by.format(0, "Jo Bloggs", "JB", paragraph("And swans?"))
        + by.format(1, "Parks Officer", "PO", paragraph("Residents asked twice.")),
    )  # fmt: skip
    assert [(b.kind, b.text, b.author) for b in found.blocks[-2:]] == [
        ("quotation", "Residents asked twice.", "Parks Officer"),
        ("quotation", "And swans?", "JB"),
    ]
    assert found.heading_texts(found.blocks[-2]) == ["Ponds"]
    assert "Bloggs" not in found.text


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (docx(paragraph("x"))[:-40], "damaged"),
        (packed({"word/document.xml": b"<w:document/>"}), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "before 2007"),
        (docx("<w:p>" * 5000 + "</w:p>" * 5000), "damaged|nested"),
        (docx(paragraph("x"), styles='<!DOCTYPE a [<!ENTITY b "c">]><w:styles xmlns:w="w"/>'), "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, why: str) -> None:
    with pytest.raises(ReadError, match=why):
        read_docx(data, "plan.docx")


def test_a_document_without_styles_or_lists_is_read_all_the_same() -> None:
    found = read(paragraph("Aims", "Heading1"), item("one", 9), styles="", numbering="")
    assert outline(found) == [("heading", 1, "Aims"), ("item", 0, "one")]


_PIECES = st.recursive(
    st.text(alphabet="Aab é:.•-\t", min_size=1, max_size=12).map(run),
    lambda inner: st.one_of(
        inner.map(lambda x: f'<w:ins w:id="1">{x}</w:ins>'), inner.map(lambda x: f"<w:smartTag>{x}</w:smartTag>")
    ),
    max_leaves=4,
)


@given(st.lists(st.lists(_PIECES, max_size=3).map("".join), min_size=1, max_size=4), st.booleans())
def test_every_letter_is_read_and_stands_at_its_place(paragraphs: list[str], in_table: bool) -> None:
    body = [f"<w:p>{p}</w:p>" for p in paragraphs]
    found = read(table(*(row(cell(p), "") for p in body)) if in_table else "".join(body))
    written = "".join(re.findall(r">([^<]*)</w:t>", "".join(body)))
    assert re.findall(r"[Aabé]", found.text) == re.findall(r"[Aabé]", written)
