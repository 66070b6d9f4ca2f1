"""Reads web pages, the committee pages of council web sites above all: the words, without menus and footers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html as lxml_html
from lxml.html import HtmlElement

from ..ontology import GoldenthreadError
from .blocks import Block, Cell, Kind, ReadFile, linked
from .plain import MARKER

_SKIPPED = frozenset(
    "script style noscript template nav header footer aside form button select option input textarea svg iframe object img head dialog".split()
)
_SKIPPED_NAMES = re.compile(
    r"\b(?:breadcrumbs?|cookies?|cookie-banner|skip-?(?:link|to)|site-?(?:header|footer|nav)|menu|share|social|pagination|"
    r"mgLinks|mgSideBar|related)\b",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    "p div section article main li dd dt blockquote figcaption caption pre address cite summary details h1 h2 h3 h4 h5 h6 td th".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: libxml2 gives up beyond this depth and would return an empty page without a word.
_DEEPEST = 250


def read_html(text: str) -> ReadFile:
    """Read a web page; the canonical text is its blocks, a line each, a row of a table with ' | ' between cells.

    Raises:
        GoldenthreadError: the page is nested deeper than it can be read.

    """
    if text.strip() and _nesting(text) > _DEEPEST:
        raise GoldenthreadError("The page is nested too deeply to be read. Open it in a browser, and save its text.")
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (ValueError, lxml_html.etree.ParserError):
        return ReadFile("", (), "", "html")
    writer = _Writer()
    body = root.find("body")
    writer.element(body if body is not None else root)
    writer.flush()
    title = _words(root.findtext(".//title") or "")
    first = next((b.text for b in writer.blocks if b.kind == "heading"), "")
    return ReadFile("".join(writer.parts), linked(writer.blocks), title or first, "html")


def _nesting(text: str) -> int:
    """A cheap upper estimate of how deeply block elements are nested."""
    depth = deepest = 0
    for closing in re.finditer(r"<(/?)(?:div|section|article|ul|ol|li|table|blockquote|span|font|b|i)\b", text, re.IGNORECASE):
        depth = max(0, depth + (-1 if closing.group(1) else 1))
        deepest = max(deepest, depth)
    return deepest


def _words(text: str) -> str:
    return " ".join(text.split())


class _Writer:
    """Walks the page and writes canonical text and blocks as it goes."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self._at = 0
        self._pending: list[str] = []
        self._kind: Kind = "paragraph"
        self._level = 0
        self._marker = ""
        self._bold = 0
        self._all_bold = True

    def element(self, element: HtmlElement) -> None:
        if not isinstance(element.tag, str) or element.tag in _SKIPPED or self._is_chrome(element):
            return
        if element.tag == "table":
            self.flush()
            self._table(element)
            return
        if element.tag == "br":
            self.flush(keep=True)
            return
        block = element.tag in _BLOCKS
        if block:
            self.flush()
            outer = (self._kind, self._level, self._marker)
            self._enter(element)
        bold = element.tag in ("b", "strong")
        self._bold += bold
        self._say(element.text)
        for child in element:
            self.element(child)
            self._say(child.tail)
        self._bold -= bold
        if block:
            self.flush()
            self._kind, self._level, self._marker = outer

    def _is_chrome(self, element: HtmlElement) -> bool:
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        return bool(_SKIPPED_NAMES.search(names)) or element.get("hidden") is not None or element.get("aria-hidden") == "true"

    def _enter(self, element: HtmlElement) -> None:
        tag = str(element.tag)
        if tag in _HEADINGS:
            self._kind, self._level, self._marker = "heading", int(tag[1]), ""
        elif tag == "li":
            outer = sum(1 for a in element.iterancestors() if a.tag in ("ul", "ol"))
            self._kind, self._level, self._marker = "item", max(0, outer - 1), "•"
        elif tag in ("blockquote", "cite"):
            self._kind, self._level, self._marker = "quotation", 0, ""

    def _say(self, text: str | None) -> None:
        if text:
            self._pending.append(text)
            if text.strip(" \t\r\n\u00a0:") and not self._bold:
                self._all_bold = False

    def flush(self, *, keep: bool = False) -> None:
        """End the block that is open; with `keep`, go on with one of the same kind."""
        words = _words("".join(self._pending))
        if words:
            self._block(words)
        self._pending = []
        self._all_bold = True
        if not keep:
            self._bold = 0

    def _block(self, words: str) -> None:
        kind, level, marker = self._kind, self._level, self._marker
        if kind == "paragraph" and self._all_bold and len(words) < 110 and not words.endswith("."):
            kind, level = "heading", 6
        skip = 0
        if kind == "paragraph" and (marked := MARKER.match(words)) and marked.group("sign") and len(words) > marked.end():
            kind, marker, skip = "item", marked.group().strip(), marked.end()
        start = self._write(words)
        self.blocks.append(Block(kind, start + skip, start + len(words), words[skip:], level, marker))

    def _write(self, words: str, end: str = "\n") -> int:
        start = self._at
        self.parts += [words, end]
        self._at += len(words) + len(end)
        return start

    def _table(self, table: HtmlElement) -> None:
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
        if len(rows) == 1 or _lays_out(table):
            for row in rows:  # a table that only lays out the page
                for inner in row:
                    self.element(inner)
            return
        for caption in table.findall("caption"):
            self.element(caption)
        start = self._at
        filled = tuple(tuple(self._row(row)) for row in _grid(rows))
        if any(cell.text for row in filled for cell in row):
            text = "".join(self.parts)[start : self._at].rstrip("\n")
            self.blocks.append(Block("table", start, start + len(text), text, rows=filled, has_header=_has_header(rows[0])))

    def _row(self, row: list[str | None]) -> Iterator[Cell]:
        for index, words in enumerate(row):
            last = index == len(row) - 1
            start = self._write(words or "", "\n" if last else " | ")
            yield Cell(start, start + len(words or ""), words or "")


def _lays_out(table: HtmlElement) -> bool:
    """Whether a table only lays out the page: it holds others, or whole passages of text."""
    if any(inner is not table for inner in table.iter("table")):
        return True
    return any(
        sum(1 for p in cell.iter("p", "h2", "h3", "h4") if _words(p.text_content())) > 1 and len(cell.text_content()) > 250
        for cell in table.iter("td")
    )


def _has_header(row: HtmlElement) -> bool:
    return any(cell.tag == "th" and cell.get("scope") != "row" for cell in row)


def _grid(rows: list[HtmlElement]) -> list[list[str | None]]:
    """The words of each cell; a cell over several rows stands in the first, and what it leaves below is None."""
    grid: list[list[str | None]] = []
    below: dict[tuple[int, int], None] = {}
    for number, row in enumerate(rows):
        line: list[str | None] = []
        for cell in (c for c in row if c.tag in ("td", "th")):
            while (number, len(line)) in below:
                line.append(None)
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for lower in range(1, height):
                below.update({(number + lower, len(line) + column): None for column in range(width)})
            line.append(_words(" ; ".join(_parts(cell))))
            line.extend(None for _ in range(width - 1))
        grid.append(line)
    return grid


def _parts(cell: HtmlElement) -> list[str]:
    """The words of a cell; its paragraphs and items apart."""
    inner = [_words(part.text_content()) for part in cell.iter("p", "li")]
    return [part for part in inner if part] or [_words(cell.text_content())]


def _span(cell: HtmlElement, name: str) -> int:
    """How many columns or rows a cell covers, at most 100; 1 where that is no number."""
    value = (cell.get(name) or "").strip()
    return min(max(int(value), 1), 100) if re.fullmatch(r"[0-9]{1,9}", value) else 1
