"""Tables of web pages: which cells stand in which row, and what else stands among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

#: What a program reads, and no person.
_UNREAD = frozenset(("script", "style", "template", "head"))
_CELLS = ("td", "th")
_EVENTS = ("start", "end", "comment", "pi")
#: What begins a part of a cell that stands apart from the words before it.
_PARTS = frozenset(
    "p li dd dt div ul ol dl blockquote section article pre address hr table tr td th caption h1 h2 h3 h4 h5 h6".split()
)


class TableParts:
    """What a table holds: rows of cells, and the text outside of them, which browsers show above it."""

    def __init__(self, table: HtmlElement) -> None:
        self.rows: list[list[HtmlElement]] = []
        self.others: list[str | HtmlElement] = []
        self._in_row = False
        walker = etree.iterwalk(table, events=_EVENTS)
        for event, element in walker:
            if event == "start":
                if self._begins(element):
                    walker.skip_subtree()
                continue
            if element.tag == "tr":
                self._in_row = False
            if element is not table and element.tail and element.tail.strip():
                self.others.append(element.tail)

    def _begins(self, element: HtmlElement) -> bool:
        """Take an element in; whether all that it holds was taken with it."""
        tag = element.tag
        if tag in _CELLS:
            if not self._in_row:  # a cell without a row
                self.rows.append([])
                self._in_row = True
            self.rows[-1].append(element)
            return True
        if tag == "tr":
            self.rows.append([])
            self._in_row = True
        elif tag not in ("table", "tbody", "thead", "tfoot") and next(element.iter("tr", *_CELLS), None) is None:
            self.others.append(element)
            return True
        if element.text and element.text.strip():
            self.others.append(element.text)
        return False


def lays_out(table: HtmlElement) -> bool:
    """Whether a table only lays out the page: it holds others, or whole passages of text."""
    if next(islice(table.iter("table"), 1, 2), None) is not None:
        return True
    return any(
        sum(1 for p in cell.iter("p", "h2", "h3", "h4") if p.text_content().strip()) > 1
        and len(cell.text_content()) > 250
        for cell in table.iter("td")
    )


def has_header(row: list[HtmlElement]) -> bool:
    """Whether a table's first row names its columns."""
    return any(cell.tag == "th" and cell.get("scope") != "row" for cell in row)


def words_of_grid(rows: list[list[HtmlElement]]) -> list[list[str]]:
    """The words of each cell; a cell over several rows stands in the first, and what it leaves below is blank."""
    grid: list[list[str]] = []
    below: dict[tuple[int, int], None] = {}
    for number, row in enumerate(rows):
        line: list[str] = []
        for cell in row:
            while (number, len(line)) in below:
                line.append("")
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for lower in range(1, height):
                below.update({(number + lower, len(line) + column): None for column in range(width)})
            line.append(" ; ".join(_parts(cell)))
            line.extend("" for _ in range(width - 1))
        grid.append(line)
    return grid


def _parts(cell: HtmlElement) -> Iterator[str]:
    """The words of a cell; its paragraphs and items apart."""
    if not len(cell):
        if words := " ".join((cell.text or "").split()):
            yield words
        return
    gathered: list[str] = []
    walker = etree.iterwalk(cell, events=_EVENTS)
    for event, element in walker:
        if element.tag in _PARTS and element is not cell:
            if words := " ".join("".join(gathered).split()):
                yield words
            gathered = []
        elif element.tag == "br":
            gathered.append(" ")
        if event == "start":
            if element.tag in _UNREAD:
                walker.skip_subtree()
            elif element.text:
                gathered.append(element.text)
        elif element is not cell and element.tail:
            gathered.append(element.tail)
    if words := " ".join("".join(gathered).split()):
        yield words


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name) or "1"
    return min(max(int(value), 1), 100) if re.fullmatch(r"[0-9]{1,9}", value) else 1


def word_count(element: HtmlElement) -> int:
    """How many words an element holds, without scripts; of a picture, those that describe it."""
    count = 0
    for each in element.iter():
        tag = each.tag
        if tag == "img":
            count += len((each.get("alt") or "").split())
        elif isinstance(tag, str) and tag not in _UNREAD and each.text:
            count += len(each.text.split())
        if each is not element and each.tail:
            count += len(each.tail.split())
    return count
