"""Reads web pages, the committee pages of council web sites above all: the words, without menus and footers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import html as lxml_html
from lxml.html import HtmlElement

from ...ontology import GoldenthreadError
from .blocks import Kind, ReadFile, known_headings, linked
from .html_boilerplate import DIVIDING, SILENT, Boilerplate
from .html_tables import (
    Grid,
    TableParts,
    has_header,
    hidden_columns,
    in_one_line,
    is_footnote_mark,
    lays_out,
    word_count,
)
from .html_terms import terms_of
from .plain import MARKER
from .writing import Writer, counted

_BLOCKS = frozenset(
    "p div section article main li dd dt blockquote figcaption caption pre address cite summary details h1 h2 h3 h4 "
    "h5 h6 td th".split()
)
#: What divides words though it is no block of its own.
_BREAKS = frozenset(
    "hr ul ol dl menu dir center fieldset legend hgroup search table tr form header footer aside".split()
)
_LISTS = frozenset(("ul", "ol"))
_ROWS = frozenset(("tbody", "thead", "tfoot", "tr"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: Text behind these is part of the page to a browser, and would be dropped by the parser.
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
#: Signs that no page may hold; the parser would put '\ufffd' in their place.
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")
#: Stands behind the page: where it is not found again, something that was never closed swallowed the end of the page.
_LAST = "goldenthread-end"
_TAG = re.compile(r"<[^<>]*>")
#: Attributes in which programs keep what is not meant to be read.
_PROGRAMS = re.compile(r"on|srcdoc$|content$|style$")
#: Attributes that need no value, or are often left blank.
_BLANK = frozenset(
    "abbr align allowfullscreen alt async autofocus autoplay checked class cite color compact content controls "
    "default defer dir disabled download headers height hidden href id inert ismap itemscope label lang loop media "
    "multiple muted name nohref nomodule noresize noshade novalidate nowrap onclick open placeholder playsinline "
    "property readonly rel required rev reversed role scope scoped seamless selected sizes src srcset style summary "
    "tabindex target title translate type usemap valign value width".split()
)


def read_html(text: str) -> ReadFile:
    """Read a web page; the canonical text is its blocks, a line each, a row of a table with ' | ' between cells.

    Raises:
        GoldenthreadError: the page is nested deeper than it can be read.

    """
    page = _CONTROL.sub(" ", text.replace("\x00", ""))
    root = _parsed(_ENDS.sub(" ", page))
    if root is None:
        return ReadFile("", (), "", "html")
    reader = _PageReader(Boilerplate(root))
    reader.walk(root)
    reader.flush()
    title = in_one_line(root.findtext(".//title") or "")
    first = next((b.text for b in reader.out.blocks if b.kind == "heading"), "")
    notes = (*reader.notes(), *_swallowed(root, page))
    return ReadFile(reader.out.text, linked(reader.out.blocks), title or first, "html", notes)


def _parsed(page: str) -> HtmlElement | None:
    """The page as a tree with `_LAST` at its end; None when there is nothing in it.

    Raises:
        GoldenthreadError: the parser gave up.

    """
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = lxml_html.document_fromstring(f"{page}<{_LAST}></{_LAST}>".encode("utf-8", "replace"), parser=parser)
    except (ValueError, lxml_html.etree.ParserError):
        root = None
    if len(parser.error_log.filter_from_fatals()):  # what follows would be missing without a word
        raise GoldenthreadError("The page is nested too deeply to be read. Open it in a browser, and save its text.")
    return root


def _swallowed(root: HtmlElement, page: str) -> Iterator[str]:
    """A note when the end of the page stands in a comment, script or tag that is never closed."""
    if root.find(f".//{_LAST}") is not None:
        return
    begins = [m.start() for m in re.finditer(r"<(?=[A-Za-z!?])", page)]
    low, high = 0, len(begins)  # the last tag behind which the parser still finds text lies between them
    while high - low > 1:
        middle = (low + high) // 2
        before = _parsed(_ENDS.sub(" ", page[: begins[middle]]))
        found = before is not None and before.find(f".//{_LAST}") is not None
        low, high = (middle, high) if found else (low, middle)
    lost = _TAG.sub(" ", page[begins[low] :]).split() if begins else []
    if lost:
        yield (
            f"About {counted(len(lost))} at the end of the page were left out: "
            "a comment, a script or a tag before them is never closed. "
            "Open the page in a browser, and look whether they are there."
        )


@dataclass(slots=True)
class _Open:
    """An element that is being read."""

    element: HtmlElement
    children: Iterator[HtmlElement]
    outer: tuple[Kind, int, str] | None  #: of a block: what it stands in
    bold: bool
    breaks: bool
    in_list: bool


class _PageReader:
    """Walks the page and writes canonical text and blocks as it goes."""

    def __init__(self, boilerplate: Boilerplate) -> None:
        self.out = Writer()
        self._pending: list[str] = []
        self._kind: Kind = "paragraph"
        self._level = 0
        self._marker = ""
        self._bold = 0
        self._all_bold = True
        self._lists = 0
        self._boilerplate = boilerplate
        self._left_out: Counter[str] = Counter()  #: words by what held them
        self._in_tags = 0

    def notes(self) -> Iterator[str]:
        """How many words were left out, and in what they stood."""
        named = [f"{what} ({counted(count)})" for what, count in sorted(self._left_out.items()) if count]
        if named:
            yield f"Left out as not of the page’s own text: {', '.join(named)}."
        if self._in_tags:
            yield (
                f"{counted(self._in_tags).capitalize()} inside a tag were left out; "
                "a quotation mark or an angle bracket may be missing."
            )

    def walk(self, top: HtmlElement) -> None:
        """Read an element and all that it holds; not by recursion, for pages are nested hundreds of levels deep."""
        opened = [first] if (first := self._opened(top)) else []
        while opened:
            here = opened[-1]
            child = next(here.children, None)
            if child is not None and (inner := self._opened(child)):
                opened.append(inner)
                continue
            if child is None:
                self._close(opened.pop())
                child = here.element
            if opened:
                self._say(child.tail)

    def _opened(self, element: HtmlElement) -> _Open | None:
        """Begin an element; None when that is all there is to it, or it is left out."""
        tag = element.tag
        if not isinstance(tag, str) or self._skips(element, tag):
            return None
        if tag == "br" or tag == "hr":
            self.flush(keep=True)
            return None
        if (tag == "table" and self._table(element)) or (tag == "dl" and self._terms(element)):
            return None
        if is_footnote_mark(element):
            return None
        outer = None
        if tag in _BLOCKS or (tag == "button" and self._kind != "heading"):
            self.flush()
            outer = (self._kind, self._level, self._marker)
            self._enter(tag)
        elif tag in _BREAKS:
            self.flush(keep=True)
        opened = _Open(element, iter(element), outer, tag in ("b", "strong"), tag in _BREAKS, tag in _LISTS)
        self._bold += opened.bold
        self._lists += opened.in_list
        self._say(element.text)
        return opened

    def _close(self, opened: _Open) -> None:
        self._bold -= opened.bold
        self._lists -= opened.in_list
        if opened.outer:
            self.flush()
            self._kind, self._level, self._marker = opened.outer
        elif opened.breaks:
            self.flush(keep=True)

    def _skips(self, element: HtmlElement, tag: str) -> bool:
        """Whether an element is left out.

        If so, its words are counted, and what comes before it is kept apart from what follows.
        """
        if tag in SILENT:
            return True
        if tag in _ROWS:
            return False
        self._look_inside_tag(element.items())
        why = self._boilerplate.why(element)
        if not why:
            return False
        self._left_out[why] += word_count(element)
        if tag in DIVIDING or tag in _BLOCKS or tag in _BREAKS:
            self.flush(keep=True)
        else:
            self._pending.append(" ")
        return True

    def _look_inside_tag(self, attributes: Iterable[tuple[str, str]]) -> None:
        """Count the words that a missing quotation mark or angle bracket made part of a tag."""
        bare = 0
        for name, value in attributes:
            if not value:
                bare += name.isalpha() and name not in _BLANK
            elif "</" in value and name.isalpha() and not _PROGRAMS.match(name):
                self._in_tags += len(_TAG.sub(" ", value).split())
        if bare > 1:
            self._in_tags += bare

    def _enter(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._kind, self._level, self._marker = "heading", int(tag[1]), ""
        elif tag == "li":
            self._kind, self._level, self._marker = "item", max(0, self._lists - 1), "•"
        elif tag == "button":
            self._kind, self._level, self._marker = "heading", 6, ""
        elif tag in ("blockquote", "cite"):
            self._kind, self._level, self._marker = "quotation", 0, ""

    def _say(self, text: str | None) -> None:
        if text:
            self._pending.append(text)
            if text.strip(" \t\r\n\u00a0:") and not self._bold:
                self._all_bold = False

    def flush(self, *, keep: bool = False) -> None:
        """End the block that is open; with `keep`, go on with one of the same kind."""
        words = in_one_line("".join(self._pending))
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
        if (
            kind == "paragraph"
            and (marked := MARKER.match(words))
            and marked.group("sign")
            and len(words) > marked.end()
        ):
            kind, marker, skip = "item", marked.group().strip(), marked.end()
        self.out.line(kind, words, level, marker, skip=skip)

    def _table(self, table: HtmlElement) -> bool:
        """Write a table; False when it only lays out the page, and is read like the rest of it."""
        self.flush()
        if lays_out(table):
            return False
        parts = TableParts(table)
        if len(parts.rows) < 2:
            return False
        for other in parts.others:
            if isinstance(other, str):
                self._say(other)
            else:
                self.walk(other)
        self.flush()
        grid = Grid(
            self._seen_rows(parts.rows), self._boilerplate.unseen, hidden_columns(table, self._boilerplate.unseen)
        )
        self._left_out += grid.left_out
        first = next((row for n, row in enumerate(parts.rows) if n not in grid.sections and row), parts.rows[0])
        self.out.grid(
            grid.lines,
            grid.sections,
            lambda cells: has_header(first) or known_headings(cells) >= 2,
            covered=grid.covered,
        )
        return True

    def _seen_rows(self, rows: list[list[HtmlElement]]) -> list[list[HtmlElement]]:
        """The rows that are not hidden; the words of the others are counted."""
        seen = []
        for row in rows:
            above = row[0].getparent() if row else None
            while above is not None and above.tag in _ROWS and not (why := self._boilerplate.unseen(above)):
                above = above.getparent()
            if above is not None and above.tag in _ROWS:
                self._left_out[why] += sum(word_count(cell) for cell in row)
            else:
                seen.append(row)
        return seen

    def _terms(self, element: HtmlElement) -> bool:
        """Write a list of labels and what they say, as a table or a line each; False when it is another list."""
        lines, is_table = terms_of(element, self._boilerplate.unseen)
        if not lines:
            return False
        self.flush()
        if is_table:
            self.out.grid(lines, (), lambda _: False)
        else:
            for label, *said in lines:
                self.out.line("paragraph", f"{label.rstrip(' :')}: {'; '.join(said)}")
        return True
