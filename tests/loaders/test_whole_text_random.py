"""In files of random structure no word is lost, doubled or out of order, and every block is at its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import suppress
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from make_office import cell, docx, item, packed, paragraph, row, run, table, text_box
from make_pdf import Paper
from words import Words, check_law, words_of, words_read

from goldenthread.loaders.formats.blocks import ReadFile
from goldenthread.loaders.formats.containers import members
from goldenthread.loaders.formats.reading import read_bytes
from goldenthread.loaders.formats.refusal import ReadError

Draw = Callable[[st.SearchStrategy[Any]], Any]
_SOME = settings(max_examples=60, deadline=None)
_FEW = settings(max_examples=25, deadline=None)


def read(data: str | bytes, name: str, words: Words) -> ReadFile | None:
    """Read a file; None when it is refused, which is right when it holds no words."""
    found = None
    with suppress(ReadError):
        found = read_bytes(data.encode() if isinstance(data, str) else data, name)
    if found is None:
        assert words.seen == []
    else:
        check_law(found)
    return found


def check(data: str | bytes, name: str, words: Words) -> None:
    found = read(data, name, words)
    if found is not None:
        assert words_read(found) == words.seen, data
        assert set(words_of(found.text)) >= set(words.seen)


def some(draw: Draw, least: int = 1, most: int = 3) -> range:
    return range(draw(st.integers(least, most)))


# --------------------------------------------------------------------------------------------------- web pages

_INLINE = st.sampled_from("b i em strong a span u font sub code abbr".split())
_BLOCK = st.sampled_from("p div section h1 h2 h3 blockquote center pre dl address article fieldset".split())
_UNREAD = (
    "<script>{}</script>",
    "<style>{}</style>",
    "<!-- {} -->",
    "<!--[if IE]>{}<![endif]-->",
    "<template>{}</template>",
    "<nav>{}</nav>",
)
_LEFT_OUT = (
    "<dialog>{}</dialog>",
    "<aside><a>{}</a></aside>",
    "<select><option>{}</select>",
    "<div class=menu><a>{}</a></div>",
    "<p hidden>{}</p>",
    "<textarea>{}</textarea>",
)
_READ_ALIKE = (
    "<form><input>{}</form>",
    "<article><header>{}</header></article>",
    "<blockquote><footer>{}</footer></blockquote>",
    "<aside>{}</aside>",
    "<button aria-controls=part>Open</button><div id=part hidden>{}</div>",
    "<div id=anti-social-behaviour>{}</div>",
)
_SIGNS = st.sampled_from(
    [
        "&amp;",
        "&nbsp;",
        "&middot;",
        "&lt;",
        "&#8217;",
        " < ",
        "&unknown;",
        " & ",
        "<br>",
        "<wbr>",
        "<hr>",
        "<![if !IE]>",
        "</q>",
        "\n",
    ]
)


def html_inline(draw: Draw, words: Words, depth: int) -> str:
    kind = draw(st.integers(0, 5 if depth else 2))
    if kind <= 1:
        return f" {words.word()} "
    if kind == 2:
        return f" {draw(_SIGNS)} "
    tag = draw(_INLINE)
    inner = "".join(html_inline(draw, words, depth - 1) for _ in some(draw))
    return f"<{tag}>{inner}" + ("" if kind == 5 else f"</{tag}>")


def html_block(draw: Draw, words: Words, depth: int) -> str:
    kind = draw(st.integers(0, 8 if depth else 2))
    if kind == 8:
        around = str(draw(st.sampled_from(_READ_ALIKE)))
        opener = words.word() if "Open" in around else ""
        return around.replace("Open", opener).format(html_inline(draw, words, 1) + words.word())
    if kind == 0:
        return str(draw(st.sampled_from(_UNREAD))).format(words.unread())
    if kind == 1:
        return str(draw(st.sampled_from(_LEFT_OUT))).format(words.unread())
    if kind == 2:
        tag = draw(_BLOCK)
        return f"<{tag}>{html_inline(draw, words, 2)}{draw(st.sampled_from(['', f'</{tag}>']))}"
    if kind == 3:
        return (
            "<ul>"
            f"{''.join(f'<li>{html_inline(draw, words, 1)}{html_block(draw, words, depth - 1)}' for _ in some(draw))}"
            "</ul>"
        )
    if kind == 4:
        return html_table(draw, words, depth)
    tag = draw(_BLOCK if kind < 7 else _INLINE)
    return f"<{tag}>{''.join(html_block(draw, words, depth - 1) for _ in some(draw))}</{tag}>{words.word()}<div></div>"


def html_table(draw: Draw, words: Words, depth: int) -> str:
    caption = f"<caption>{words.word()}</caption>" if draw(st.booleans()) else ""
    rows = ""
    for _ in some(draw):
        cells = ""
        for _ in some(draw):
            inner = html_inline(draw, words, 1)
            inner += html_cell(draw, words, depth) if draw(st.booleans()) else ""
            cells += f"<{draw(st.sampled_from(['td', 'th', 'td colspan=2', 'td rowspan=2']))}>{inner}"
        rows += f"<tr>{cells}</tr>"
    return f"<table>{caption}{rows}</table>"


def html_cell(draw: Draw, words: Words, depth: int) -> str:
    kind = draw(st.integers(0, 3 if depth else 2))
    if kind == 0:
        return f"<p>{words.word()}</p>{words.word()}<p>{words.word()}</p>"
    if kind == 1:
        return f"<ul><li>{words.word()}<ul><li>{words.word()}</ul>{words.word()}</ul>"
    if kind == 2:
        return f"<div>{words.word()}<script>{words.unread()}</script></div><br>{words.word()}<!-- {words.unread()} -->"
    return html_table(draw, words, depth - 1)


@_SOME
@given(st.data())
def test_a_web_page_keeps_every_word(data: st.DataObject) -> None:
    words = Words()
    inner = "".join(html_block(data.draw, words, 3) for _ in some(data.draw, 1, 5))
    page = f"<html><head><title>Plan</title><style>{words.unread()}</style></head><body>{inner}"
    found = read(
        page + data.draw(st.sampled_from(["", "</body></html>", "</body></html>after", "</div>"])), "a.html", words
    )
    if found is not None:
        assert words_read(found) == words.seen
        assert words_of(found.text) == words.seen


# ---------------------------------------------------------------------------------------------------- Markdown

_WRAPS = (
    "{}",
    "*{}*",
    "**{}**",
    "__{}__",
    "`{}`",
    "[{}](http://a.b/c)",
    "![{}](c.png)",
    "<b>{}</b>",
    "{}&amp;",
    "\\*{}",
    "{} |",
    "[{}]",
)


def md_line(draw: Draw, words: Words) -> str:
    return " ".join(draw(st.sampled_from(_WRAPS)).format(words.word()) for _ in some(draw))


def md_block(draw: Draw, words: Words, depth: int) -> list[str]:
    kind = draw(st.integers(0, 11 if depth else 8))
    if kind == 0:
        return [md_line(draw, words) for _ in some(draw)]
    if kind == 1:
        return ["#" * draw(st.integers(1, 7)) + " " + md_line(draw, words) + draw(st.sampled_from(["", " ##"]))]
    if kind == 2:
        return [md_line(draw, words), draw(st.sampled_from(["===", "---", "-", "***", "+++"]))]
    if kind == 3:
        fence = draw(st.sampled_from(["```", "~~~~", "``` text", "~~~ "]))
        fence += f"{words.word()} {words.word()}" if fence == "~~~ " else ""
        return [fence, *(words.word() for _ in some(draw)), *draw(st.sampled_from([[fence[:4].strip()], []]))]
    if kind == 4:
        return ["    " + words.word() for _ in some(draw)]
    if kind == 5:
        return [
            f"<div>{words.word()}",
            f"<p class='x'>{words.word()}</p>",
            *draw(st.sampled_from([["</div>"], [""], []])),
        ]
    if kind == 6:
        return [
            "| a | b |".replace("a", words.word()),
            "|---|---|",
            *(f"{'| ' * draw(st.booleans())}{words.word()} | {words.word()} | {words.word()}" for _ in some(draw)),
        ]
    if kind == 7:
        return [f"[{words.word()}]: " + (f"http://a.b/c '{words.word()}'" if draw(st.booleans()) else words.word())]
    if kind == 8:
        return [draw(st.sampled_from(["", "---", "<br>", "* * *", "&nbsp;", "|", ">", "-", "1."]))]
    inner = [line for _ in some(draw) for line in md_block(draw, words, depth - 1)]
    mark = {9: "- ", 10: draw(st.sampled_from(["1. ", "* ", "12) "])), 11: "> "}[kind]
    rest = mark if kind == 11 else " " * len(mark)
    return [(mark if n == 0 else draw(st.sampled_from([rest, rest, ""]))) + line for n, line in enumerate(inner)]


@_SOME
@given(st.data())
def test_markdown_keeps_every_word(data: st.DataObject) -> None:
    words = Words()
    lines: list[str] = ["Words."]
    for _ in some(data.draw, 1, 6):
        lines += [*([""] * data.draw(st.integers(0, 1))), *md_block(data.draw, words, 4)]
    check(data.draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines), "a.md", words)


# -------------------------------------------------------------------------------------------------------- text

_STARTS = ("", "", "• ", "- ", "-", "1. ", "(a) ", "iv) ", "* ", "    ", "\t- ", "o ", "\ufeff", "Lead: ")
_ENDS = ("", ".", ":", ";", ",", " May 2024", " · ", "?", " |")


@_SOME
@given(st.data())
def test_text_keeps_every_word(data: st.DataObject) -> None:
    words, text = Words(), ""
    for _ in some(data.draw, 1, 12):
        between = data.draw(st.sampled_from([" ", " · ", "  ", "\t", " - "]))
        line = between.join(words.word() for _ in some(data.draw, 1, 14))
        text += data.draw(st.sampled_from(_STARTS)) + line + data.draw(st.sampled_from(_ENDS))
        text += data.draw(
            st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\x0c", "\x0b", "\x85", "\u2028", "\n---\n", "\n| - |\n"])
        )
    check(text, "a.txt", words)


# --------------------------------------------------------------------------------------------------------- CSV


@_SOME
@given(st.data())
def test_csv_keeps_every_word(data: st.DataObject) -> None:
    words, buffer = Words(), io.StringIO()
    delimiter = data.draw(st.sampled_from(",;\t|"))
    ends = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    every = data.draw(st.booleans())
    rows = []
    for _ in some(data.draw, 1, 6):
        joins = st.sampled_from([" ", ", ", "; ", "\n", "\r\n", '"', " | ", "\t", '""'])
        rows.append([data.draw(joins).join(words.word() for _ in some(data.draw, 0, 3)) for _ in some(data.draw, 1, 5)])
    csv.writer(
        buffer, delimiter=delimiter, lineterminator=ends, quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    ).writerows(rows)
    text = data.draw(st.sampled_from(["", "\ufeff"])) + buffer.getvalue()
    faults = data.draw(
        st.sampled_from(["", '"', '" ', f' x"{delimiter}"', f'"{delimiter}'])
    )  # never closed, or closed too soon
    at = data.draw(st.integers(0, len(text)))
    check(text[:at] + faults + text[at:] if not text[max(0, at - 1) : at + 1].isalpha() else text, "a.csv", words)


# ------------------------------------------------------------------------------------------------- Word, Excel


def docx_words(draw: Draw, words: Words, depth: int) -> str:
    kind = draw(st.integers(0, 6 if depth else 2))
    if kind <= 2:
        return run(f"{words.word()} ", draw(st.sampled_from(["", "<w:b/>", '<w:sz w:val="40"/>'])))
    inner = "".join(docx_words(draw, words, depth - 1) for _ in some(draw))
    if kind == 3:
        return f"<w:hyperlink>{inner}</w:hyperlink>"
    if kind == 4:
        return (
            f'<w:ins w:id="1">{inner}</w:ins><w:del w:id="2"><w:r><w:delText>{words.unread()}</w:delText></w:r></w:del>'
        )
    if kind == 5:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    return run(words.unread(), "<w:vanish/>") + f"<w:smartTag>{inner}</w:smartTag>"


def docx_block(draw: Draw, words: Words, depth: int) -> str:
    kind = draw(st.integers(0, 5 if depth else 2))
    if kind <= 1:
        return paragraph(
            docx_words(draw, words, 2), draw(st.sampled_from(["", "Heading1", "ListBullet", "Quote", "Numbered"]))
        )
    if kind == 2:
        return item(docx_words(draw, words, 1), draw(st.integers(1, 4)), draw(st.integers(0, 1)))
    if kind == 3:
        rows = [
            row(
                *(
                    cell(
                        "".join(docx_block(draw, words, depth - 1) for _ in some(draw, 1, 2)),
                        across=draw(st.integers(1, 2)),
                    )
                    for _ in some(draw)
                )
            )
            for _ in some(draw)
        ]
        return table(*rows)
    inner = "".join(docx_block(draw, words, depth - 1) for _ in some(draw, 1, 2))
    if kind == 4:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    return paragraph(text_box(inner))


@_SOME
@given(st.data())
def test_a_word_document_keeps_every_word(data: st.DataObject) -> None:
    words = Words()
    body = [docx_block(data.draw, words, 3) for _ in some(data.draw, 1, 5)]
    refers = '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'
    last = paragraph(run(words.word()) + refers)
    footnotes = f'<w:footnote w:id="1">{docx_block(data.draw, words, 1)}</w:footnote>'
    comments = f'<w:comment w:id="1" w:author="Clerk">{paragraph(words.word())}</w:comment>'
    check(docx(*body, last, footnotes=footnotes, comments=comments), "a.docx", words)


@_FEW
@given(st.data())
def test_a_workbook_keeps_every_word(data: st.DataObject) -> None:
    import openpyxl

    words, book = Words(), openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for number in some(data.draw, 1, 2):
        sheet = book.create_sheet(f"Sheet {number}")
        for line in range(1, data.draw(st.integers(2, 9))):
            for column in sorted(data.draw(st.sets(st.integers(1, 5), max_size=4))):
                sheet.cell(
                    line,
                    column,
                    data.draw(st.sampled_from([" ", "\n", ". "])).join(words.word() for _ in some(data.draw)),
                )
        for place in data.draw(st.sampled_from([(), ("G1:H2",), ("G4:I4",)])):
            sheet.merge_cells(place)
    buffer = io.BytesIO()
    book.save(buffer)
    check(buffer.getvalue(), "a.xlsx", words)


# --------------------------------------------------------------------------------------------------------- PDF


@_FEW
@given(st.data())
def test_a_pdf_keeps_every_word(data: st.DataObject) -> None:
    words, paper = Words(), Paper()

    def line(most: int = 9) -> str:
        return " ".join(words.word() for _ in some(data.draw, 1, most))

    for _ in some(data.draw, 1, 8):
        kind = data.draw(st.integers(0, 3))
        if paper.y < 300:
            paper.page()
        if kind == 0:
            paper.heading(line(4))
        elif kind == 1:
            paper.paragraph(*(line() + data.draw(st.sampled_from(["", ".", ";"])) for _ in some(data.draw)))
        elif kind == 2:
            paper.items(*(line() for _ in some(data.draw)), sign=data.draw(st.sampled_from(["•", "-", "o"])))
        else:
            paper.table([150, 150], [[line(3), line(3)] for _ in some(data.draw, 2, 4)])
    check(paper.bytes(), "a.pdf", words)


# ------------------------------------------------------------------------------------------------ e-mails, ZIPs


def mail_part(draw: Draw, words: Words, depth: int) -> MIMEText | MIMEMultipart:
    kind = draw(st.integers(0, 3 if depth else 1))
    if kind <= 1:
        text = " ".join(words.word() for _ in some(draw))
        return MIMEText(
            text if kind == 0 else f"<html><body><p>{text}</p></body></html>", "plain" if kind == 0 else "html", "utf-8"
        )
    if kind == 2:
        made = MIMEMultipart("alternative")
        text = " ".join(words.word() for _ in some(draw))
        made.attach(MIMEText(text, "plain", "utf-8"))
        made.attach(MIMEText(f"<p>{text}</p>", "html", "utf-8"))
        return made
    made = MIMEMultipart(draw(st.sampled_from(["mixed", "related", "signed"])))
    for _ in some(draw):
        made.attach(mail_part(draw, words, depth - 1))
    return made


@_SOME
@given(st.data())
def test_an_e_mail_and_a_zip_keep_every_word(data: st.DataObject) -> None:
    words = Words()
    mail = MIMEMultipart("mixed")
    for _ in some(data.draw):
        mail.attach(mail_part(data.draw, words, 3))
    attached = MIMEText(f"# {words.word()}\n", "markdown", "utf-8")
    attached.add_header("Content-Disposition", "attachment", filename="plan.md")
    mail.attach(attached)
    found = members(packed({"mail.eml": mail.as_bytes()}), "all.zip")
    assert found.passed_over == []
    assert [word for name, inner in found.documents for word in words_read(read_bytes(inner, name))] == words.seen
