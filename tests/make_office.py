"""Makes Word and Excel files for tests as their programs write them: parts in a ZIP, with the noise of Word."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it says nothing of its types

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

STYLES = f"""<w:styles {_SPACES}>
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>\
<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Heading1"/>\
<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Section"><w:name w:val="Borough section"/><w:basedOn w:val="Heading2"/></w:style>
<w:style w:type="paragraph" w:styleId="Pennawd1"><w:name w:val="Pennawd 1"/></w:style>
<w:style w:type="paragraph" w:styleId="ListParagraph"><w:name w:val="List Paragraph"/></w:style>
<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/>\
<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="ListBullet2"><w:name w:val="List Bullet 2"/>\
<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Numbered"><w:name w:val="Numbered priority"/>\
<w:pPr><w:outlineLvl w:val="1"/><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
</w:styles>"""

NUMBERING = f"""<w:numbering {_SPACES}>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1">\
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2">\
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Numbered"/>\
<w:lvlText w:val="Priority %1:"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="1"/>\
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""


def run(text: str, properties: str = "") -> str:
    """A run of words; `properties` is the XML of its rPr."""
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'


def paragraph(inner: str, style: str = "", properties: str = "") -> str:
    """A paragraph; words that are no XML become one run. `properties` is further XML of its pPr."""
    words = inner if inner.startswith("<") or not inner else run(inner)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{words}</w:p>"


def item(inner: str, num: int, level: int = 0) -> str:
    """A paragraph in the list `num` of `NUMBERING`."""
    return paragraph(inner, "ListParagraph", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def cell(inner: str, *, across: int = 1, merge: str = "") -> str:
    """A cell of words or of XML; `merge` is 'restart' or 'continue' of a cell over several rows."""
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    down = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    return f"<w:tc><w:tcPr>{span}{down}</w:tcPr>{inner if inner.startswith('<') else paragraph(inner)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A row; cells that are no XML are words."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(c if c.startswith('<') else cell(c) for c in cells)}</w:tr>"


def table(*rows: str) -> str:
    """A table with the look that Word gives every table."""
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblLook w:val="04A0" '
        f'w:firstRow="1"/></w:tblPr><w:tblGrid/>{"".join(rows)}</w:tbl>'
    )


def text_box(inner: str) -> str:
    """A run with a text box, once for new and once for old programs, as Word writes it."""
    return (
        "<w:r><mc:AlternateContent><mc:Choice "
        f'Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def docx(*body: str, styles: str = STYLES, numbering: str = NUMBERING, **parts: str) -> bytes:
    """A Word document; `parts` are the XML inside further parts, such as comments='<w:comment ...>'."""
    inner = {"styles": styles, "numbering": numbering} | {k: f"<w:{k} {_SPACES}>{v}</w:{k}>" for k, v in parts.items()}
    files = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f"<w:document {_SPACES}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": relations(
            {f"rId{n}": (kind, f"{kind}.xml") for n, kind in enumerate(inner, 1)}
        ),
    } | {f"word/{kind}.xml": xml for kind, xml in inner.items()}
    return packed(
        {
            name: ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + xml).encode()
            for name, xml in files.items()
            if xml
        }
    )


def relations(found: Mapping[str, tuple[str, str]]) -> str:
    """The XML of the relations of a part: id to (kind, target)."""
    each = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for key, (kind, target) in found.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def sheet_xml(inner: str) -> bytes:
    """A workbook of one sheet whose XML is given, for what no program would write."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return packed(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
                'ContentType="application/xml"/></Types>'
            ).encode(),
            "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}).encode(),
            "xl/workbook.xml": (
                f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets><sheet name="Plan" sheetId="1" '
                'r:id="rId1"/></sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": relations({"rId1": ("worksheet", "worksheets/sheet1.xml")}).encode(),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{inner}</worksheet>'.encode(),
        }
    )


def packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def workbook(**sheets: Callable[[Any, Any], object] | Sequence[Sequence[object]]) -> bytes:
    """A workbook; a sheet is its rows, or what writes it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, fill in sheets.items():
            sheet = book.add_worksheet(name)
            if callable(fill):
                fill(book, sheet)
            else:
                for number, line in enumerate(fill):
                    sheet.write_row(number, 0, line)
    return buffer.getvalue()
