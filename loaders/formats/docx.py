"""Reads Word documents (.docx): headings, paragraphs, lists, tables, text boxes, footnotes and comments.

Tracked insertions count and tracked deletions do not, as if all changes were accepted. Headers, footers, tables of
contents and hidden text are left out, and a note says how many words they hold. The canonical text is the blocks, a
line each, a row of a table with ' | ' between its cells; a cell of several paragraphs keeps its line breaks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from .blocks import Cell, Kind, ReadFile, known_headings, linked
from .containers import OfficePackage
from .docx_lines import SoftLine, Tabbed, Words, is_first_of_table, soft_lines, tabbed, table_of
from .docx_rest import chosen_entry, deleted_words, drawn, page_edges, word_count
from .docx_styles import ListPlace, Numbering, Styles, W
from .docx_tables import SKIPPED, TABLE, Merged, Rows, before, width
from .headings import is_table_of_its_own, nested_lines
from .mail import OFFICE
from .plain import MARKER
from .refusal import ReadError
from .writing import LONGEST_HEADING, Writer, counted

if TYPE_CHECKING:
    from lxml.etree import _Element

_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_SPACES = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n"}
#: Signs of the symbol fonts that are written as list markers or ticks.
_SYMBOLS = {"b7": "•", "a7": "▪", "d8": "➢", "fc": "✓", "fb": "✗", "a8": "□", "fe": "☑"}
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
#: A number such as 'Priority 1:' is part of what the document says.
_SAYS = re.compile(r"[A-Za-z]{4}")
#: What is left out, as the notes say it.
_DELETED, _STRUCK, _HIDDEN = "deleted by tracked changes", "struck through", "in hidden rows of tables"
_PARAGRAPH, _RUN, _TEXT, _BOX = W + "p", W + "r", W + "t", W + "txbxContent"


def read_docx(data: bytes, name: str) -> ReadFile:
    """Read a Word document.

    Args:
        data: the file.
        name: what it is called, for messages.

    Raises:
        ReadError: it is damaged, protected with a password, too large, or no Word document.

    """
    package = OfficePackage(data, name)
    try:
        return _Document(package, name).read()
    except RecursionError as error:
        raise ReadError(f"{name} is nested too deeply to be read. Save its text as plain text.") from error


class _Document:
    """Walks the parts of a document and writes canonical text and blocks as it goes."""

    def __init__(self, package: OfficePackage, name: str) -> None:
        self._package = package
        main = package.main_part()
        root = package.part(main)
        body = None if root is None else root.find(f"{W}body")
        if body is None:
            raise ReadError(f"{name} is no Word document that can be read. Save it again as .docx.")
        self._body = body
        self._related = {kind: target for kind, target, outside in package.relations(main).values() if not outside}
        self._styles = Styles(self._part("styles"))
        self._numbering = Numbering(self._part("numbering"), self._styles)
        self._writer = Writer()
        self._fields: list[bool] = []  # of each open field, whether its result has begun
        self._tabbed: list[Tabbed] = []  # paragraphs that may be rows of a table
        self._held: Words | None = None  # a paragraph whose end was deleted: it goes on in the next
        self._footnotes: list[tuple[str, str, int]] = []  # (part, id, index of the block that refers to it)
        self._comments: dict[str, int] = {}
        self._hidden = self._pictured = 0
        self._left_out = Counter(
            {"in the headers and footers of pages": page_edges(package, main)}
        )  # words, by where they stand
        self._title = ""

    def read(self) -> ReadFile:
        self._container(self._body)
        anchored = [*self._all_footnotes(), *self._all_comments()]
        blocks = list(linked(self._writer.blocks))
        for index, anchor in anchored:
            headings = blocks[anchor].headings if anchor is not None else ()
            if anchor is not None and blocks[anchor].kind == "heading":
                headings = (*headings, anchor)
            blocks[index] = replace(blocks[index], headings=headings, intro=None)
        title = self._title or next((b.text for b in blocks if b.kind == "heading"), "")
        return ReadFile(self._writer.text, tuple(blocks), title, "docx", tuple(self._notes()))

    def _part(self, kind: str) -> _Element | None:
        return self._package.part(self._related.get(kind, ""))

    def _notes(self) -> Iterator[str]:
        if self._hidden:
            yield f"Hidden text was left out ({_times(self._hidden)})."
        if self._pictured:
            yield f"Words in diagrams and charts were not read ({_times(self._pictured)})."
        if self._left_out["embedded"]:
            yield f"Embedded documents were not read ({_times(self._left_out['embedded'])})."
        words = [
            f"{counted(count)} {where}"
            for where, count in sorted(self._left_out.items())
            if count and where != "embedded"
        ]
        if words:
            yield f"Left out: {'; '.join(words)}."

    # --------------------------------------------------------------------------------------- blocks

    def _container(self, element: _Element) -> None:
        """Write what a body, text box, cell, footnote or comment holds."""
        for child in element:
            tag = child.tag
            if tag == _PARAGRAPH:
                self._paragraph(child)
            elif tag == TABLE:
                self._table(child)
            elif tag == W + "altChunk":
                self._left_out["embedded"] += 1
            elif tag in SKIPPED:
                self._left_out[_DELETED] += deleted_words(child)
            else:
                self._container(_chosen(child))
        self._release()

    def _paragraph(self, element: _Element) -> None:
        properties = element.find(f"{W}pPr")
        style = self._styles.of(properties)
        words = self._words(element, style, self._held)
        self._held = None
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self._held = words
            return
        place = self._numbering.place(style, properties)
        self._write_paragraph(words, style, properties, place)

    def _release(self) -> None:
        if self._held is not None:
            words, self._held = self._held, None
            self._write_paragraph(words, "", None, None)
        self._write_tabbed()

    def _write_tabbed(self) -> None:
        """Write the paragraphs whose tabs set columns: as a table, or as what each is by itself."""
        tabbed, self._tabbed = self._tabbed, []
        rows = [row for each in tabbed for row in each.rows]
        is_table, has_header = table_of(rows)
        if is_table:
            self._writer.grid(rows, (), lambda _: has_header)
        for each in tabbed:
            if not is_table:
                self._plain(each.words, each.words.text(), each.style)
            self._refer(each.words)

    def _holds_columns(self, words: Words, style: str) -> bool:
        """Whether a paragraph may be rows of a table; then it waits for those that follow."""
        rows = [tabbed(line) for line in words.lines()] if not words.boxes else []
        if not rows or not all(rows) or not (self._tabbed or is_first_of_table(rows[0])):
            return False
        self._tabbed.append(Tabbed(rows, words, style))
        return True

    def _write_paragraph(self, words: Words, style: str, properties: _Element | None, place: ListPlace | None) -> None:
        text = words.text()
        level = self._styles.heading_level(style, properties) if len(text) <= 250 else 0
        contents = self._styles.is_contents(style)
        if text and not level and place is None and not contents and self._holds_columns(words, style):
            return
        if text:
            self._write_tabbed()
        soft = soft_lines(words.text(lines=True).split("\n")) if text and not level and not contents else []
        if text and contents:
            self._left_out["in tables of contents"] += len(text.split())
        elif level:
            if level == 1 and not self._title and self._styles.names(style)[0].lower() == "title":
                self._title = text
            self._labelled("heading", text, level, place)
        elif soft:
            self._write_lines(soft, style, place)
        elif text and place is not None:
            self._labelled("item", text, place.level, place)
        elif text:
            self._plain(words, text, style)
        self._refer(words)
        for box in words.boxes:
            self._container(box)

    def _write_lines(self, lines: list[SoftLine], style: str, place: ListPlace | None) -> None:
        """Lines of one paragraph that stand apart, as Shift+Enter makes them."""
        for number, line in enumerate(lines):
            if number == 0 and place is not None:
                self._labelled("item", line.text, place.level, place)
            elif line.skip:
                level = place.level + 1 if place is not None else 0
                self._writer.line("item", line.text, level, line.marker, skip=line.skip)
            else:
                self._writer.line("quotation" if self._styles.is_quotation(style) else "paragraph", line.text)

    def _plain(self, words: Words, text: str, style: str) -> None:
        """A paragraph that no style calls a heading or an item; its look may."""
        if words.bold and len(text) < LONGEST_HEADING and not text.endswith((".", ";", ",")):
            self._writer.line("heading", text, level=self._level_of_bold(words))
            return
        marked = MARKER.match(text)
        if marked and marked.group("sign") and len(text) > marked.end():
            self._writer.line("item", text, marker=marked.group().strip(), skip=marked.end())
            return
        self._writer.line("quotation" if self._styles.is_quotation(style) else "paragraph", text)

    def _level_of_bold(self, words: Words) -> int:
        """Bold lines above all else are the document's title; below, they stand under the headings by style."""
        if all(b.kind == "heading" for b in self._writer.blocks):
            return min(len(self._writer.blocks), 1) + 1
        return 5 if words.size > 24 else 6

    def _labelled(self, kind: Kind, text: str, level: int, place: ListPlace | None) -> None:
        label = place.label if place is not None else ""
        if _SAYS.search(label):
            self._writer.line(kind, f"{label} {text}", level)
        elif label:
            self._writer.line(kind, f"{label} {text}", level, label, skip=len(label) + 1)
        else:
            self._writer.line(kind, text, level, "•" if kind == "item" else "")

    def _refer(self, words: Words) -> None:
        """Remember which block footnotes and comments belong to."""
        here = max(0, len(self._writer.blocks) - 1)
        self._footnotes += [(part, key, here) for part, key in words.footnotes]
        for key in words.comments:
            self._comments.setdefault(key, here)

    # --------------------------------------------------------------------------------------- words

    def _words(self, paragraph: _Element, style: str, before: Words | None = None) -> Words:
        words = before or Words()
        open_fields = len(self._fields)
        self._inline(paragraph, style, words)
        # An instruction that does not end in its paragraph is a fault, and must not swallow the rest.
        while len(self._fields) > open_fields and not self._fields[-1]:
            self._fields.pop()
        return words

    def _inline(self, element: _Element, style: str, words: Words) -> None:
        for child in element:
            tag = child.tag
            if tag == _RUN:
                self._run(child, style, words)
            elif tag in (W + "commentRangeStart", W + "commentReference"):
                words.comments.append(child.get(f"{W}id") or "")
            elif tag == _FORMULA:
                words.parts.append(child.text or "")
            elif tag in SKIPPED:
                self._left_out[_DELETED] += deleted_words(child)
            else:
                self._inline(_chosen(child), style, words)

    def _run(self, run: _Element, style: str, words: Words) -> None:
        properties = run.find(f"{W}rPr")
        hidden = self._styles.on("vanish", properties, style)
        said = len(words.parts)
        for child in run:
            self._piece(child, words)
        pieces = words.parts[said:]
        if not any(piece.strip() for piece in pieces):
            return
        if hidden:
            self._hidden += 1
            del words.parts[said:]
            return
        if self._styles.on("strike", properties, style) or self._styles.on("dstrike", properties, style):
            self._left_out[_STRUCK] += len("".join(pieces).split())
            words.parts[said:] = [" "]
            return
        if any(piece.strip(" \t\n\u00a0:") for piece in pieces):
            words.bold = words.bold and self._styles.on("b", properties, style)
            words.size = max(words.size, self._styles.size(properties, style))

    def _piece(self, child: _Element, words: Words) -> None:
        """What stands in a run: words, white space, the edges of fields, references, drawings."""
        tag = child.tag
        if tag == W + "fldChar":
            self._field(child.get(f"{W}fldCharType") or "")
            words.parts.append(chosen_entry(child))
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            words.footnotes.append((tag[len(W) :].removesuffix("Reference") + "s", child.get(f"{W}id") or ""))
        elif tag == W + "commentReference":
            words.comments.append(child.get(f"{W}id") or "")
        elif tag == _TEXT:
            if all(self._fields):
                words.parts.append(child.text or "")
        elif tag in _SPACES:
            if all(self._fields):
                words.parts.append(_SPACES[tag])
        elif tag == W + "noBreakHyphen":
            words.parts.append("-")
        elif tag == W + "sym":
            words.parts.append(_SYMBOLS.get((child.get(f"{W}char") or "")[-2:].lower(), ""))
        elif tag == W + "ruby":
            self._inline(child, "", words)
        elif len(child):
            words.boxes += self._boxes(_chosen(child))

    def _field(self, edge: str) -> None:
        if edge == "begin":
            self._fields.append(False)
        elif self._fields and edge == "separate":
            self._fields[-1] = True
        elif self._fields and edge == "end":
            self._fields.pop()

    def _boxes(self, element: _Element) -> Iterator[_Element]:
        """The text boxes of a drawing; each once, not again for programs that cannot show it."""
        for child in element:
            if child.tag == _BOX:
                yield child
            elif child.tag in (_DIAGRAM, _CHART):
                self._pictured += 1
            else:
                self._left_out += drawn(child)
                yield from self._boxes(_chosen(child))

    # --------------------------------------------------------------------------------------- tables

    def _table(self, table: _Element) -> None:
        self._release()
        found = Rows(table)
        self._left_out[_DELETED] += found.deleted
        self._left_out[_HIDDEN] += found.hidden
        single = len(found.rows) == 1 or all(len(row) == 1 for row in found.cells)
        if single or any(self._holds_table(cell) for row in found.cells for cell in row):
            for cell in (c for row in found.cells for c in row):
                self._container(cell)  # a box, or a frame that lays out the page
            return
        gathered, merged = Words(), Merged()
        grid = [
            self._row(number, row, cells, gathered, merged)
            for number, (row, cells) in enumerate(zip(found.rows, found.cells, strict=True))
        ]
        blocks = len(self._writer.blocks)
        self._write_grid(found, grid, merged)
        if len(self._writer.blocks) > blocks:
            self._refer(gathered)
        for box in gathered.boxes:
            self._container(box)

    def _holds_table(self, cell: _Element) -> bool:
        """Whether a cell holds a table with rows of its own."""
        tables = (table for table in cell.iter(TABLE))
        texts = (
            [["".join(t.text or "" for t in c.iter(_TEXT)) for c in row] for row in Rows(table).cells]
            for table in tables
        )
        return any(is_table_of_its_own(rows) for rows in texts)

    def _row(self, number: int, row: _Element, cells: Iterable[_Element], gathered: Words, merged: Merged) -> list[str]:
        """The words of a row's cells; blank where a cell goes on from the left or from above."""
        line = [""] * before(row)
        for cell in cells:
            goes_on = merged.goes_on(cell, (number, len(line)))
            said = self._cell(cell, gathered)
            line.append("" if goes_on else said)
            self._left_out["in cells that a merged cell covers"] += len(said.split()) if goes_on else 0
            line += [""] * (width(cell) - 1)
        return line

    def _cell(self, cell: _Element, gathered: Words) -> str:
        """The paragraphs of a cell, also those of tables and boxes in it, a line each."""
        lines: list[str] = []
        for child in cell:
            if child.tag == _PARAGRAPH:
                properties = child.find(f"{W}pPr")
                words = self._words(child, self._styles.of(properties))
                place = self._numbering.place(self._styles.of(properties), properties)
                label = place.label if place is not None and _SAYS.search(place.label) else ""
                lines.append(f"{label} {words.text(lines=True)}".strip())
                lines += [self._cell(box, gathered) for box in words.boxes]
                gathered.footnotes += words.footnotes
                gathered.comments += words.comments
            elif child.tag == TABLE:
                inner = Rows(child)
                self._left_out[_DELETED] += inner.deleted
                self._left_out[_HIDDEN] += inner.hidden
                lines += nested_lines([[self._cell(c, gathered) for c in row] for row in inner.cells])
            elif child.tag == W + "altChunk":
                self._left_out["embedded"] += 1
            elif child.tag in SKIPPED:
                self._left_out[_DELETED] += deleted_words(child)
            else:
                lines.append(self._cell(_chosen(child), gathered))
        return "\n".join(line for line in lines if line)

    def _write_grid(self, found: Rows, grid: list[list[str]], merged: Merged) -> None:
        widest = max(len(line) for line in grid)
        sections = {
            index
            for index, (cells, line) in enumerate(zip(found.cells, grid, strict=True))
            if widest > 1 and len(line) == widest and len(cells) == 1
        }
        first = next((r for n, r in enumerate(found.rows) if n not in sections and any(grid[n])), found.rows[0])
        self._writer.grid(grid, sections, lambda cells: self._is_header(first, cells), covered=merged.covered)

    def _is_header(self, row: _Element, cells: tuple[Cell, ...]) -> bool:
        """Whether the first row names the columns: it is marked as such, all in bold, or its words say so."""
        if row.find(f"{W}trPr/{W}tblHeader") is not None or known_headings(cells) >= 2:
            return True
        for paragraph in row.iter(_PARAGRAPH):
            style = self._styles.of(paragraph.find(f"{W}pPr"))
            for run in paragraph.iter(_RUN):
                if (run.findtext(_TEXT) or "").strip() and not self._styles.on("b", run.find(f"{W}rPr"), style):
                    return False
        return all(len(cell.text) <= 60 for cell in cells)

    # --------------------------------------------------------------------------- footnotes and comments

    def _all_footnotes(self) -> Iterator[tuple[int, int | None]]:
        """Write the footnotes and endnotes in the order of their signs.

        Returns (index of block, index of the block they belong to).
        """
        held: dict[tuple[str, str], _Element] = {}
        for part in ("footnotes", "endnotes"):
            root = self._part(part)
            held |= (
                {}
                if root is None
                else {
                    (part, note.get(f"{W}id") or ""): note for note in root if note.get(f"{W}type") in (None, "normal")
                }
            )
        for part, key, anchor in self._footnotes:  # a note may refer to others, which follow
            note = held.pop((part, key), None)
            if note is not None:
                before = len(self._writer.blocks)
                self._container(note)
                yield from ((index, anchor) for index in range(before, len(self._writer.blocks)))
        self._left_out["in footnotes to which nothing refers"] += sum(word_count(note) for note in held.values())

    def _all_comments(self) -> Iterator[tuple[int, int | None]]:
        """Write the comments in the order of the words that they are on; as `_all_footnotes`."""
        root = self._part("comments")
        comments = {} if root is None else {c.get(f"{W}id") or "": c for c in root.iterfind(f"{W}comment")}
        for key in sorted(
            comments, key=lambda k: list(self._comments).index(k) if k in self._comments else len(self._comments)
        ):
            comment = comments[key]
            for paragraph in comment.iter(_PARAGRAPH):
                text = self._words(paragraph, "").text()
                if text:
                    self._writer.line("quotation", text, author=_author(comment))
                    yield len(self._writer.blocks) - 1, self._comments.get(key)


def _author(comment: _Element) -> str | None:
    """Who wrote a comment: a post, team or body by name, a person by initials only."""
    name = " ".join((comment.get(f"{W}author") or "").split())
    if OFFICE.search(name):
        return name
    return comment.get(f"{W}initials") or "".join(word[0] for word in name.split()).upper() or None


def _chosen(element: _Element) -> _Element:
    """Of alternatives for newer and older programs return the newer; of other elements the element.

    Where only the older holds a text box, the older is returned.
    """
    if element.tag != _ALTERNATE + "AlternateContent" or not len(element):
        return element
    return next((each for each in element if next(each.iter(_BOX, _RUN, _PARAGRAPH), None) is not None), element[0])


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
