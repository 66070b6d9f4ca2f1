"""A reader loses nothing that a file says without saying so; what each leaves out on purpose is listed here.

Left out without a note:
- web pages: scripts, styles, templates, comments, navigation (<nav>), the title in the head (it names the document);
- Markdown: comments, scripts and styles in HTML, the addresses of links, the language of a block of code;
- text: lines such as 'Skip to main content', and rules of dashes and bars;
- PDF: running heads, page numbers, the raised numbers of footnotes, a header that a table repeats on its next page;
- Word: what is deleted in tracked changes, how a word is to be pronounced;
- e-mail: to whom it went, and from which person it came (test_whole_text_containers.py).
"""

from __future__ import annotations

import io
import re

import pytest
from make_office import cell, docx, paragraph, row, run, sheet_xml, table, text_box
from make_pdf import Paper
from words import attempt, note, read, said

# ------------------------------------------------------------------------------------------------------- CSV


_PLAN = '"Priority, aim",Lead\n"Parks, ponds",Ranger\n'


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", ",;\t|")
def test_a_quoted_first_cell_is_one_cell_also_behind_a_byte_order_mark(mark: bytes, delimiter: str) -> None:
    plan = _PLAN.replace(",", delimiter).replace(f"y{delimiter} a", "y, a").replace(f"s{delimiter} p", "s, p")
    (block,) = read(mark + plan.encode(), "a.csv").blocks
    assert [[c.text for c in line] for line in block.rows] == [["Priority, aim", "Lead"], ["Parks, ponds", "Ranger"]]


def test_utf_16_with_a_quoted_first_cell_is_read_too() -> None:
    assert said(read(_PLAN.encode("utf-16"), "a.csv")) == ["Priority, aim", "Lead", "Parks, ponds", "Ranger"]


def test_what_stands_behind_a_closing_quotation_mark_belongs_to_the_cell() -> None:
    found = read('Action,Lead\n"Mow" the green,Ranger\n', "a.csv")
    assert said(found) == ["Action", "Lead", "Mow the green", "Ranger"]
    assert "do not match, first in line 2" in note(found)


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rows_below() -> None:
    found = read('Action,Lead\n"Mow the green,Ranger\nPlant,Warden\n', "a.csv")
    (block,) = found.blocks
    assert [[c.text for c in line] for line in block.rows] == [
        ["Action", "Lead"],
        ['"Mow the green', "Ranger"],
        ["Plant", "Warden"],
    ]
    assert "a cell do not match, first in line 2" in note(found)


def test_csv_of_old_macs_and_of_ragged_rows_keeps_every_cell() -> None:
    found = read('Action,Lead\r"Mow\rand rake",Ranger,More,And more\rPlant\r', "a.csv")
    assert said(found) == ["Action", "Lead", "Mow and rake", "Ranger", "More", "And more", "Plant"]


def test_a_line_that_tells_the_delimiter_is_no_row() -> None:
    (block,) = read('sep=;\r\nAction;Lead\r\n"Mow; rake";Ranger\r\n', "a.csv").blocks
    assert [[c.text for c in line] for line in block.rows] == [["Action", "Lead"], ["Mow; rake", "Ranger"]]


# ------------------------------------------------------------------------------------------------------- text


def test_lines_below_a_dated_bullet_are_read() -> None:
    found = read("Notes\n\n• What the tables said in May 2024\n    and what they left unsaid\n- Noise\n", "a.txt")
    assert "and what they left unsaid" in " ".join(said(found))


def test_odd_line_ends_and_signs_lose_no_words() -> None:
    found = read("one\x0ctwo\x0bthree\x85four\u2028five\rsix\r\nseven" + " w" * 9000 + "\x00eight", "a.txt")
    assert re.findall(r"[a-v][a-z]+", " ".join(said(found))) == [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
    ]


def test_an_e_mail_that_is_called_text_says_that_its_encoded_parts_were_not_read() -> None:
    mail = b"MIME-Version: 1.0\nMessage-ID: <a>\nContent-Transfer-Encoding: base64\n\nVGhlIFJhbmdlciBsZWFkcy4=\n"
    assert "Give the file the ending .eml" in note(read(mail, "a.txt"))
    assert note(read("The Ranger leads.", "a.txt")) == ""


def test_signs_that_cannot_be_told_are_counted() -> None:
    assert "1 sign is damaged" in note(read(b"The warden\x81 leads, caf\xe9.", "a.txt"))
    cut_short = "The Board’s plan – women’s safety".encode()[:-1] + "’".encode()[:2]
    found = read(cut_short, "a.txt")
    assert said(found)[0].startswith("The Board’s plan – women’s safet")
    assert "1 sign is damaged" in note(found)


# --------------------------------------------------------------------------------------------------- Markdown


def test_deep_lists_and_quotations_are_read_to_the_bottom() -> None:
    lists = "\n".join("  " * depth + f"- item {depth} of it" for depth in range(90))
    assert [text.removeprefix("- ") for text in said(read(lists, "a.md"))] == [
        f"item {depth} of it" for depth in range(90)
    ]
    quotes = "\n".join(">" * depth + f" quote {depth} of it\n" + ">" * depth for depth in range(1, 150))
    assert said(read(quotes, "a.md")) == [f"quote {depth} of it" for depth in range(1, 150)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("    Lead: Ranger\n    Date: May\n", ["Lead: Ranger", "Date: May"]),
        ("```\nLead: Ranger\n```\n", ["Lead: Ranger"]),
        ("```python\nRanger = 1\n```\n", ["Ranger = 1"]),
        ("~~~ the Ranger leads\nand the Warden\n", ["the Ranger leads and the Warden"]),
        ("Words.\n\n```\nRanger\n~~~ Warden leads\n", ["Words.", "Ranger", "~~~ Warden leads"]),
        (
            "Words.\n\n<div class='box'>\nThe <b>Ranger</b> leads &amp; plants.\n<!-- a draft -->\n"
            "<script>\nmow()\n</script>\n</div>\n",
            ["Words.", "The Ranger leads & plants."],
        ),
        ("Words.\n\n[Lead]: Ranger\n", ["Words.", "[Lead]: Ranger"]),
        ("Words.\n\n[plan]: https://a.b/c 'Our parks plan'\n", ["Words.", "[plan]: 'Our parks plan'"]),
        ("Our aim\n=======\n\nIts lead\n---\n", ["Our aim", "Its lead"]),
        ("| a | b |\n|---|---|\n| c | d | e |\nlast \\|\n", ["a", "b", "c", "d", "e", "last |"]),
        ("> | a | b |\n> |---|---|\n> | c | d |\n", ["a", "b", "c", "d"]),
        ("- | a | b |\n  |---|---|\n  | c | d |\n", ["a", "b", "c", "d"]),
        ("One [sic](as minuted by the clerk) two.\n", ["One sic](as minuted by the clerk) two."]),
        ("One [two](http://a.b/c_(d)) three <http://e.f> four.\n", ["One two three four."]),
        ("Those <under 18 years of age and> over.\n", ["Those <under 18 years of age and> over."]),
        ("Ours <!-- not theirs --> alone, &pound;5.\n", ["Ours alone, £ 5."]),
        ("One\x0cpage\u2028and\x85more\n\n# Two\n\nThree.\n", ["One page and more", "Two", "Three."]),
        ("# Two\r\rThree\rand four.\r", ["Two", "Three and four."]),
    ],
)  # fmt: skip
def test_whatever_markdown_takes_lines_for_they_are_read(text: str, words: list[str]) -> None:
    assert said(read(text, "a.md")) == words


def test_titles_of_links_are_counted() -> None:
    assert (
        note(read('See [here](http://a.b "our parks plan").\n', "a.md"))
        == "The titles of links were left out (3 words)."
    )


# --------------------------------------------------------------------------------------------------- web pages


def page(inner: str) -> str:
    return f"<!doctype html><html><head><title>Plan</title></head><body>{inner}</body></html>"


@pytest.mark.parametrize("tag", "em strong a u center dl span div font blockquote section".split())
@pytest.mark.parametrize("closed", [True, False])
def test_what_follows_deep_nesting_is_read_or_the_page_is_refused(tag: str, closed: bool) -> None:
    for depth in (300, 1500, 40_000):
        inner = "".join(f"<{tag}>in" for _ in range(depth)) + "inside" + f"</{tag}>" * depth * closed + "<p>after</p>"
        found, why = attempt(page(inner), "a.html")
        if found is None:
            assert "nested too deeply" in why
            assert depth > 2000
        else:
            assert "inside" in found.text
            assert said(found)[-1].endswith("after")


def test_what_stands_behind_the_end_of_the_page_is_read() -> None:
    found = read(
        page("<p>The plan.</p>") + "<p>Its lead.</p><html><body><p>Its aims.</p></body></html>and more", "a.html"
    )
    assert said(found) == ["The plan.", "Its lead.", "Its aims.", "and more"]


@pytest.mark.parametrize(
    ("cell_of_table", "words"),
    [
        ("Lead: <p>Ranger</p> until May", "Lead: ; Ranger ; until May"),
        ("<ul><li>Ranger<ul><li>Warden</li></ul></li></ul>", "Ranger ; Warden"),
        ("Ranger<br>of parks", "Ranger of parks"),
        ("<div>Ranger</div><div>Warden</div>", "Ranger ; Warden"),
        ("Ranger<script>mow()</script><!-- draft --><style>p {}</style> leads", "Ranger leads"),
    ],
)
def test_a_cell_holds_all_its_words_once_and_no_scripts(cell_of_table: str, words: str) -> None:
    found = read(page(f"<table><tr><th>Aim<th>Lead</tr><tr><td>Parks<td>{cell_of_table}</tr></table>"), "a.html")
    assert said(found) == ["Aim", "Lead", "Parks", words]


def test_words_of_a_table_outside_its_cells_are_read() -> None:
    rows = "<tr><th>Aim<th>Lead</tr>stray<tr><td>Parks</td><form><td>Ranger</td></form></tr>"
    found = read(page(f"<table><caption>Aims of 2024</caption>{rows}<p>note</p></table>"), "a.html")
    assert sorted(said(found)) == sorted(["Aims of 2024", "stray note", "Aim", "Lead", "Parks", "Ranger"]) or sorted(
        said(found)
    ) == sorted(["Aims of 2024", "stray", "note", "Aim", "Lead", "Parks", "Ranger"])
    found = read(page("<table><caption>Aims of 2024</caption><tr><td>One cell</tr> beside</table>"), "a.html")
    assert said(found) == ["Aims of 2024", "One cell", "beside"]


def test_words_around_rules_lists_and_pictures_stay_apart() -> None:
    found = read(
        page("<div>one<hr>two<ul>three<li>four</ul>five<img src=a>six<center>seven</center>eight</div>"), "a.html"
    )
    assert said(found) == ["one", "two", "three", "four", "five six", "seven", "eight"]


def test_what_is_left_out_of_a_page_is_named_with_how_many_words_it_holds() -> None:
    found = read(
        page(
            "<nav>Bins</nav><header>Our council today</header><div class='menu'><a>A b</a> c</div>"
            "<ul id=related><li><a>See this</a></ul>"
            "<p>The plan.</p><aside><a>The <script>x y</script>lead is</a> Jo</aside><div hidden>Not yet</div>"
            "<img alt='A chart of boards'>"
            "<select><option>Your name</select><button>More</button>"
        ),
        "a.html",
    )
    assert said(found) == ["The plan."]
    assert found.notes == (
        "Left out as not of the page’s own text: aside (4 words), button (1 word), "
        "descriptions of pictures (4 words), "
        "header (3 words), select (2 words), what is hidden (2 words), “menu” (3 words), “related” (2 words).",
    )


@pytest.mark.parametrize("end", ["<!-- never closed ", "<script>", "<p class='x>", '<a href="x>', "<style>p {} "])
def test_the_end_of_a_page_that_something_swallows_is_told(end: str) -> None:
    found = read(page(f"<p>The plan.</p>{end}<p>Its lead is the Ranger.</p>"), "a.html")
    assert said(found) == ["The plan."]
    assert re.search(r"About [5-8] words at the end of the page were left out", note(found))


def test_words_that_are_taken_for_a_tag_are_told() -> None:
    found = read(
        page("<p>Those a<b and many over> 18.</p><p class='x>The Ranger leads</p><p title='y'>the parks.</p>"), "a.html"
    )
    assert "words inside a tag were left out" in note(found).lower()
    assert (
        note(
            read(
                page(
                    "<p class='' id='' data-x='<b>a</b>' onclick='f(\"</p>\")'>Words <input disabled checked> here.</p>"
                ),
                "a.html",
            )
        )
        == ""
    )


def test_comments_that_browsers_read_are_read_and_others_are_not() -> None:
    found = read(
        page(
            "<!--[if IE]>old<![endif]--><!--[if !IE]><!-->new<!--<![endif]--><![if !IE]>also<![endif]> <![CDATA[data]]>"
        ),
        "a.html",
    )
    assert said(found) == ["newalso"]


# --------------------------------------------------------------------------------------------------- Word


_M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
_O = 'xmlns:o="urn:schemas-microsoft-com:office:office"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_WP = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'


def test_formulas_and_chosen_entries_of_old_forms_are_read() -> None:
    form = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>'
        '<w:listEntry w:val="Warden"/><w:listEntry w:val="Ranger"/></w:ddList></w:ffData></w:fldChar></w:r>'
        '<w:r><w:instrText>FORMDROPDOWN</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    found = read(
        docx(
            paragraph(run("Lead: ") + form),
            paragraph(f"<m:oMath {_M}><m:r><m:t>rate</m:t></m:r></m:oMath>" + run(" of crime.")),
        ),
        "a.docx",
    )
    assert said(found) == ["Lead: Ranger", "rate of crime."]


def test_a_number_that_is_a_word_is_read_in_cells_too() -> None:
    found = read(docx(table(row("Priority", "Lead"), row(cell(paragraph("Parks", "Numbered")), "Ranger"))), "a.docx")
    assert said(found) == ["Priority", "Lead", "Priority 1: Parks", "Ranger"]


def test_what_a_word_document_leaves_out_is_said_with_how_many_words_it_holds() -> None:
    drawing = (
        f'<w:r><w:drawing><wp:inline {_WP}><wp:docPr id="1" name="Picture" descr="A chart of boards"/>'
        f"<a:t {_A}>Board one</a:t></wp:inline></w:drawing></w:r>"
    )
    embedded = f'<w:r><w:object><o:OLEObject {_O} Type="Embed"/></w:object></w:r>'
    found = read(
        docx(
            paragraph("Aims 3", "TOC1"), paragraph("The plan." ), paragraph(drawing + embedded + run("More.")),
            table(row("Aim", "Lead"), row(cell("Parks", merge="restart"), "Ranger"),
                  row(cell("Ponds, old", merge="continue"), "Warden")),
            header=paragraph("Draft of the Board"),
            footnotes=f'<w:footnote w:id="7">{paragraph("Nobody refers here.")}</w:footnote>',
        ),
        "a.docx",
    )  # fmt: skip
    assert said(found) == ["The plan.", "More.", "Aim", "Lead", "Parks", "Ranger", "Warden"]
    assert found.notes == (
        "Embedded documents were not read (once).",
        "Left out: 2 words in cells that a merged cell covers; 2 words in drawings; "
        "3 words in footnotes to which nothing refers; 2 words in tables of contents; "
        "4 words in the headers and footers of pages; 4 words that describe pictures.",
    )


def test_a_footnote_of_a_footnote_is_read() -> None:
    def refers(key: int) -> str:
        return f'<w:r><w:footnoteReference w:id="{key}"/></w:r>'

    notes = (
        f'<w:footnote w:id="1">{paragraph(run("First note.") + refers(2))}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Second note.")}</w:footnote>'
    )
    assert said(read(docx(paragraph(run("The plan.") + refers(1)), footnotes=notes), "a.docx")) == [
        "The plan.",
        "First note.",
        "Second note.",
    ]


def test_boxes_hyperlinks_and_content_controls_are_read_in_their_place() -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('In a control.')}</w:sdtContent></w:sdt>"
    link = f"<w:hyperlink>{run('a link')}</w:hyperlink>"
    found = read(
        docx(
            paragraph(run("See ") + link + run(".") + text_box(paragraph("In a box."))), control, paragraph("The end.")
        ),
        "a.docx",
    )
    assert said(found) == ["See a link.", "In a box.", "In a control.", "The end."]


def test_a_header_above_a_line_all_across_comes_before_it() -> None:
    found = read(docx(table(row("Action", "Lead"), row(cell("Parks and ponds", across=2)))), "a.docx")
    assert [b.kind for b in found.blocks] == ["table", "heading"]
    assert said(found) == ["Action", "Lead", "Parks and ponds"]


# --------------------------------------------------------------------------------------------------- Excel


def inline(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def test_what_a_sheet_holds_beside_its_cells_is_said() -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Plan")
    sheet.write_row(0, 0, ["Action", "Lead"])
    sheet.write_row(1, 0, ["Mow", "Ranger"])
    sheet.insert_textbox(4, 0, "The Warden leads", {"description": "A box"})
    sheet.insert_button(8, 0, {"caption": "Press this"})
    sheet.set_header('&C&"Arial,Bold"&14Draft plan&RPage &P of &N')
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Plan!$A$1:$A$2"})
    sheet.insert_chart(12, 0, chart)
    line = book.add_chart({"type": "line"})
    line.add_series({"values": "=Plan!$A$1:$A$2"})
    book.add_chartsheet("Trend").set_chart(line)
    book.close()
    found = read(buffer.getvalue(), "a.xlsx")
    assert said(found) == ["Plan", "Action", "Lead", "Mow", "Ranger"]
    assert found.notes == (
        "Of the sheet 'Plan' were not read: 3 words in shapes, 2 words that describe pictures, "
        "2 words on buttons and other controls, 4 words in the headers and footers of pages, a chart or diagram.",
        "The chart sheet 'Trend' was not read.",
    )


def test_words_that_a_merged_cell_covers_and_errors_are_counted() -> None:
    rows = (
        f'<row r="1">{inline("A1", "Action")}{inline("B1", "Lead")}</row>'
        f'<row r="2">{inline("A2", "Mow")}{inline("B2", "the Ranger")}</row>'
        f'<row r="3">{inline("A3", "Rake")}<c r="B3" t="e"><v>#REF!</v></c></row><row r="9">{inline("H9", "far")}</row>'
    )
    found = read(
        sheet_xml(
            f'<dimension ref="A1"/><sheetData>{rows}</sheetData><mergeCells><mergeCell ref="A2:B2"/></mergeCells>'
        ),
        "a.xlsx",
    )
    assert said(found) == ["Plan", "Action", "Lead", "Mow", "Rake", "far"]
    assert found.notes == (
        "The sheet 'Plan' shows errors such as #REF! in a cell; read as blank.",
        "Of the sheet 'Plan' were not read: 2 words in cells that a merged cell covers.",
    )


# --------------------------------------------------------------------------------------------------- PDF


def test_a_table_inside_a_box_of_a_pdf_is_read() -> None:
    paper = Paper()
    top = paper.y + 20
    paper.heading("What we do", 12)
    for words in (
        ("Action", "Lead", True),
        ("Mow the green", "Ranger", False),
        ("Plant trees", "Warden", False),
        ("Rake leaves", "Keeper", False),
    ):
        y = paper.y
        paper.say(words[0], bold=words[2], x=80)
        paper.y = y
        paper.say(words[1], bold=words[2], x=300)
    paper.canvas.rect(60, paper.y - 10, 460, top - paper.y + 10)
    paper.y -= 60
    paper.paragraph("The end of the page.")
    assert " ".join(said(read(paper.bytes(), "a.pdf"))) == (
        "What we do Action Lead Mow the green Ranger Plant trees Warden Rake leaves Keeper The end of the page."
    )


def test_lines_of_leaders_are_counted() -> None:
    paper = Paper()
    paper.heading("Plan")
    paper.paragraph("Signed by the chair ................ 12")
    paper.paragraph("The plan begins here.")
    assert note(read(paper.bytes(), "a.pdf")) == (
        "Lines that end in dots and a number, as in tables of contents, were left out (5 words)."
    )  # fmt: skip


def raw_pdf(stream: bytes, annotations: bytes = b"") -> bytes:
    """A page whose content is given; its font F1 does not tell its letters, F2 does."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R/F2 7 0 R>>>>/Annots[" + annotations + b"]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type0/BaseFont/A+Arial/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A+Arial"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/A+Arial/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0"
        b"/Ascent 900/Descent -200/CapHeight 700/StemV 80>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table_at = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(
        b"%010d 00000 n \n" % at for at in places
    )
    return data + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table_at)


_SEEN = b" BT /F2 12 Tf 72 650 Td (The plan of the Board.) Tj ET"


def test_letters_that_a_font_does_not_tell_are_told() -> None:
    found = read(raw_pdf(b"BT /F1 12 Tf 72 700 Td <00480065006C> Tj ET" + _SEEN), "a.pdf")
    assert "page 1 has words in a font that does not tell its letters (1 word); they may be wrong." in found.notes


def test_fields_of_a_form_are_counted_and_every_kind_of_comment_is_read() -> None:
    field = b"<</Type/Annot/Subtype/Widget/Rect[0 0 9 9]/FT/Tx/T(lead)/V(the Ranger)>>"
    circle = b"<</Type/Annot/Subtype/Circle/Rect[0 0 9 9]/Contents(Who leads?)/T(Clerk)>>"
    found = read(raw_pdf(_SEEN, field + circle), "a.pdf")
    assert said(found) == ["The plan of the Board.", "Who leads?"]
    assert note(found) == "page 1 has words in the fields of a form (2 words), which were not read."


def test_files_attached_to_a_pdf_and_pages_without_text_are_told() -> None:
    pypdfium2 = pytest.importorskip("pypdfium2")
    paper = Paper()
    paper.paragraph("The plan of the Board.")
    paper.page()
    paper.canvas.rect(100, 100, 300, 300, fill=1)
    document = pypdfium2.PdfDocument(paper.bytes())
    document.new_attachment("data.csv").set_data(b"a,b")
    buffer = io.BytesIO()
    document.save(buffer)
    found = read(buffer.getvalue(), "a.pdf")
    assert "Files are attached to it (1), and were not read. Save them, and load them." in found.notes
    assert "page 2 has drawings or pictures and no text that could be read." in found.notes
