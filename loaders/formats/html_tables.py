"""Tables of web pages: which cells stand in which row, and what else stands among them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from .blocks import Cell, known_headings
from .headings import is_table_of_its_own, nested_lines
from .letters import cleaned
from .writing import Place

#: What a program reads, and no person.
_UNREAD = frozenset(("script", "style", "template", "head"))
_CELLS = ("td", "th")
_EVENTS = ("start", "end", "comment", "pi")
#: What begins a part of a cell that stands apart from the words before it.
_PARTS = frozenset(
    "p li dd dt div ul ol dl blockquote section article pre address hr table tr td th caption h1 h2 h3 h4 h5 h6".split()
)

_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-e*†‡§])[\])]?")
#: What a raised number may refer from: a word, but no unit ('km²') and no number ('10²').
_MARKED = re.compile(r"[^\W\d_]{4}\s*$|[.,;:!?)’”\"']\s*$")


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
    """Whether a table only lays out the page: it holds tables with rows of their own, or whole passages of text."""
    inner = list(islice(table.iter("table"), 1, None))
    if inner:
        heads = next((row for row in TableParts(table).rows if row), [])
        known = known_headings([Cell(0, 0, " ".join(cell.text_content().split())) for cell in heads])
        return known < 2 or any(is_table_of_its_own(_plain_rows(each)) for each in inner)
    return any(
        sum(1 for p in cell.iter("p", "h2", "h3", "h4") if p.text_content().strip()) > 1
        and len(cell.text_content()) > 250
        for cell in table.iter("td")
    )


def has_header(row: list[HtmlElement]) -> bool:
    """Whether a table's first row names its columns."""
    heads = [cell for cell in row if cell.tag == "th" and cell.get("scope") != "row"]
    return bool(heads) and all(cell.tag == "th" or not cell.text_content().strip() for cell in row)


def _plain_rows(table: HtmlElement) -> list[list[str]]:
    return [[" ".join(cell.text_content().split()) for cell in row] for row in TableParts(table).rows]


class Grid:
    """The words of a table, cell by cell; a cell over several rows or columns stands in the first.

    Args:
        rows: its cells.
        unseen: as what an element is left out, see `Boilerplate.unseen`.
        hidden: the columns that are hidden as a whole.

    """

    def __init__(
        self, rows: list[list[HtmlElement]], unseen: Callable[[HtmlElement], str], hidden: Collection[int] = ()
    ) -> None:
        self.lines: list[list[str]] = []
        self.covered: dict[Place, Place] = {}  #: each cell that a merged cell covers, and where that begins
        self.sections: set[int] = set()  #: the rows that are one cell all across
        self.left_out: Counter[str] = Counter()  #: words by why they are
        self._unseen = unseen
        self._hidden = hidden
        for left, row in zip(range(len(rows), 0, -1), rows, strict=True):
            self._add(row, left)
        widest = max((len(line) for line in self.lines), default=0)
        self.sections = {n for n in self.sections if len(self.lines[n]) == widest > 1}

    def _add(self, row: list[HtmlElement], left: int) -> None:
        """Add a row; `left` is how many rows there are from it on."""
        number = len(self.lines)
        line: list[str] = []
        for cell in row:
            while (number, len(line)) in self.covered:
                line.append("")
            width, height = _span(cell, "colspan"), min(_span(cell, "rowspan"), left)
            place = (number, len(line))
            inside = ((number + r, place[1] + c) for r in range(height) for c in range(width))
            self.covered.update({each: place for each in inside if each != place})
            line.append(self._words(cell, place[1]))
            line.extend("" for _ in range(width - 1))
        self.lines.append(line)
        if len(row) == 1 and _span(row[0], "rowspan") == 1 and line and line[0]:
            self.sections.add(number)

    def _words(self, cell: HtmlElement, column: int) -> str:
        why = "what is hidden" if column in self._hidden else self._unseen(cell)
        if why:
            self.left_out[why] += word_count(cell)
            return ""
        return " ; ".join(self._parts(cell))

    def _parts(self, cell: HtmlElement) -> Iterator[str]:
        """The words of a cell; its paragraphs and items apart."""
        if not len(cell):
            if words := in_one_line(cell.text or ""):
                yield words
            return
        gathered: list[str] = []
        walker = etree.iterwalk(cell, events=_EVENTS)
        for event, element in walker:
            if element.tag in _PARTS and element is not cell:
                if words := in_one_line("".join(gathered)):
                    yield words
                gathered = []
            elif element.tag == "br":
                gathered.append(" ")
            if event == "start" and element is not cell:
                why = self._unseen(element)
                self.left_out[why] += word_count(element) if why else 0
                if element.tag == "table" and not why:
                    yield from self._nested(element)
                if why or element.tag in _UNREAD or element.tag == "table" or is_footnote_mark(element):
                    walker.skip_subtree()
                elif element.text:
                    gathered.append(element.text)
            elif event == "start":
                gathered.append(element.text or "")
            elif element is not cell and element.tail:
                gathered.append(element.tail)
        if words := in_one_line("".join(gathered)):
            yield words

    def _nested(self, table: HtmlElement) -> Iterator[str]:
        parts = TableParts(table)
        outside = (other if isinstance(other, str) else other.text_content() for other in parts.others)
        yield from (words for other in outside if (words := in_one_line(other)))
        inner = Grid(parts.rows, self._unseen)
        self.left_out += inner.left_out
        yield from nested_lines(inner.lines)


def in_one_line(text: str) -> str:
    """Words with single spaces, in letters as they are seen."""
    return " ".join(cleaned(text).split())


def hidden_columns(table: HtmlElement, unseen: Callable[[HtmlElement], str]) -> frozenset[int]:
    """The columns of a table that its `col` elements say are hidden."""
    hidden: set[int] = set()
    at = 0
    for column in table.iter("col", "colgroup"):
        if column.tag == "colgroup" and column.find("col") is not None:
            continue
        wide = _span(column, "span")
        parent = column.getparent()
        if unseen(column) or (parent is not None and parent.tag == "colgroup" and unseen(parent)):
            hidden.update(range(at, at + wide))
        at += wide
    return frozenset(hidden)


def is_footnote_mark(element: HtmlElement) -> bool:
    """Whether an element is the raised sign behind a word that refers to a footnote."""
    if element.tag != "sup" or not _MARK.fullmatch("".join(element.itertext()).strip()):
        return False
    previous, parent = element.getprevious(), element.getparent()
    before = (parent.text if parent is not None else "") if previous is None else previous.tail
    return _MARKED.search(before or "") is not None


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
