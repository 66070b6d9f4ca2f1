"""Reads PDF files: pdfium for the letters and lines, our own layout for what they mean.

The canonical text is the pages in reading order, a line for each heading, paragraph or item and for each row of a
table. Running heads, page numbers and tables of contents are left out; what nobody can see is left out and said to be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2 as pdfium

from .blocks import ReadFile, known_headings, linked
from .pdf_layout import Frame, Line, Part, Table, joined, margin_chunks, read_layout
from .pdf_page import HYPHEN, Page, read_page
from .plain import MARKER
from .refusal import ReadError
from .tokens import squeezed
from .writing import LONGEST_HEADING, Writer, counted

#: A longer file is a bundle of papers; reading it takes minutes.
MOST_PAGES = 2000
#: A page with fewer words and a picture over it may be a scan with a stamp on it.
_FEW_WORDS = 25
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$|…{2,}\s*\d*\s*$")
_PAGE_NUMBER = re.compile(r"(?:[Pp]age )?\W*#\W*(?:of #)? [\d.]+")
_LABEL = re.compile(r"[A-Z][\w’' ]{2,28}:\s")
_ENDS = re.compile(r"[.!?:;][’'”\")\]]*$")
_GOES_ON = re.compile(r"[a-z(]|[A-Z]{2,}\b")


def read_pdf(data: bytes, name: str) -> ReadFile:
    """Read a PDF file.

    Args:
        data: the file.
        name: what it is called, for messages.

    Raises:
        ReadError: it is protected with a password, damaged, too long, or holds pictures of text and no text.

    """
    document = _opened(data, name)
    try:
        if len(document) > MOST_PAGES:
            raise ReadError(f"{name} has {len(document)} pages; at most {MOST_PAGES} are read. Divide it.")
        pages = [_page_or_blank(document, index) for index in range(len(document))]
        title = squeezed(document.get_metadata_value("Title") or "")
        attached = document.count_attachments()
    finally:
        document.close()
    notes = _notes(data, pages, name)
    assembly = _Assembly(pages)
    read = assembly.read()
    if assembly.led:
        notes += (
            f"Lines that end in dots and a number, as in tables of contents, were left out ({counted(assembly.led)}).",
        )
    if attached:
        notes += (f"Files are attached to it ({attached}), and were not read. Save them, and load them.",)
    damaged = [p.number for p in pages if p.damaged]
    if damaged:
        notes = (f"{_pages(damaged)} damage, and could not be read. Fetch the file again, or save it anew.", *notes)
    blocks = linked(read.blocks)
    heading = next((b.text for b in blocks if b.kind == "heading"), "")
    sane = len(title) > 5 and not re.search(
        r"\.(?:docx?|pdf|indd|xlsx?|pub)$|^(?:Microsoft|untitled|Slide|PowerPoint)", title, re.IGNORECASE
    )
    return ReadFile(read.text, blocks, title if sane else heading, "pdf", notes, tuple(read.places))


def _page_or_blank(document: pdfium.PdfDocument, index: int) -> Page:
    """A page, or one without words that says so where it cannot be read: a damaged page costs that page."""
    try:
        return read_page(document, index)
    except MemoryError:
        raise
    except Exception:  # pdfium and the numbers in a damaged page make many kinds of errors
        return Page(index + 1, 0, 0, damaged=True)


def _layout_or_none(page: Page) -> list[Part]:
    """The lines and tables of a page; none, and the page says so, where its numbers make no layout."""
    try:
        return list(read_layout(page))
    except MemoryError:
        raise
    except Exception:  # boxes of no size, at infinity, or no numbers at all
        page.words, page.damaged = [], True
        return []


def _opened(data: bytes, name: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadError(f"{name} is protected with a password. Save a copy without one.") from error
        raise ReadError(
            f"{name} is damaged or cut short, and cannot be opened as PDF. Fetch it again, or save it anew."
        ) from error


def _notes(data: bytes, pages: Sequence[Page], name: str) -> tuple[str, ...]:
    """What a reader must know of how the file was read.

    Raises:
        ReadError: no page has text.

    """
    empty = [p.number for p in pages if not p.words]
    if len(empty) == len(pages):
        if any(p.damaged for p in pages):
            raise ReadError(f"{name} is damaged: none of its pages can be read. Fetch it again, or save it anew.")
        if any(p.hidden for p in pages):
            raise ReadError(f"{name} holds only text that nobody can see. Nothing was read from it.")
        raise ReadError(
            f"{name} has no text layer: its pages are pictures. Put it through text recognition (OCR), "
            "or fetch the original."
        )
    notes = []
    scanned = [p.number for p in pages if not p.words and p.pictured > 0.3]
    if scanned:
        notes.append(f"{_pages(scanned)} no text layer, only a picture, and was not read.")
    recognised = [p.number for p in pages if p.behind_picture]
    if recognised:
        notes.append(f"{_pages(recognised)} text from text recognition behind a picture; it may hold slips.")
    notes += _unread(pages)
    hidden = sum(p.hidden for p in pages)
    if hidden:
        notes.append(f"{hidden} words that nobody can see were left out.")
    if b"%%EOF" not in data[-2048:]:
        notes.append("the file is cut short; what could be recovered was read.")
    return tuple(notes)


def _unread(pages: Sequence[Page]) -> Iterator[str]:
    """What stands on pages and could not be read, or not surely."""
    drawn = [p.number for p in pages if not p.words and p.pictured <= 0.3 and (p.pictured or p.fills or p.rules)]
    if drawn:
        yield f"{_pages(drawn)} drawings or pictures and no text that could be read."
    pictured = [
        p.number for p in pages if p.words and p.pictured > 0.5 and not p.behind_picture and len(p.words) < _FEW_WORDS
    ]
    if pictured:
        yield f"{_pages(pictured)} a picture over most of it and little text; words in the picture were not read."
    unread = [p.number for p in pages if p.unread]
    if unread:
        yield f"{_pages(unread)} letters that its fonts do not tell; {sum(p.unread for p in pages)} were left out."
    guessed = [p.number for p in pages if p.guessed]
    if guessed:
        yield (
            f"{_pages(guessed)} words in a font that does not tell its letters "
            f"({counted(sum(p.guessed for p in pages))}); they may be wrong."
        )
    filled_in = [p.number for p in pages if p.filled_in]
    if filled_in:
        yield (
            f"{_pages(filled_in)} words in the fields of a form ({counted(sum(p.filled_in for p in pages))}), "
            "which were not read."
        )


def _pages(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(n) for n in numbers[:10]) + (" and more" if len(numbers) > 10 else "")
    return f"page {shown} has" if len(numbers) == 1 else f"pages {shown} have"


# ------------------------------------------------------------------------------------------------ the whole file


@dataclass(slots=True)
class _Text:
    """A heading, paragraph or item as it grows line by line."""

    kind: str
    page: int
    text: str
    size: float
    bold: bool
    marker: str = ""
    indent: float = 0.0  #: where its words begin
    last: Line | None = None
    breaks: list[tuple[int, int]] = field(
        default_factory=list
    )  #: (offset in its text from which it stands on a later page, that page)


@dataclass(slots=True)
class _Placed:
    """A table, with the rows that follow on later pages."""

    page: int
    part: Table
    rows: list[list[str]]
    pages: list[int]  #: of each row


@dataclass(frozen=True, slots=True)
class _Comment:
    """What a reader wrote on a page."""

    page: int
    text: str
    author: str | None


class _Assembly:
    """Puts the parts of all pages together."""

    def __init__(self, pages: Sequence[Page]) -> None:
        _drop_running_heads(pages)
        self._layouts = [(page, _layout_or_none(page)) for page in pages]
        self._known = frozenset(w.text.lower().strip(".,;:()“”‘’'\"") for page in pages for w in page.words)
        sizes = Counter(
            round(line.size * 2) / 2 for _, parts in self._layouts for line in _lines(parts) for _ in line.text
        )
        self._body = max(sizes, key=lambda s: (sizes[s], -s)) if sizes else 10.0
        self._items: list[_Text | _Placed | _Comment] = []
        self.led = 0  #: words in the lines that were left out for ending in dots

    def read(self) -> Writer:
        """The canonical text and blocks."""
        for page, parts in self._layouts:
            self._page(page, parts)
            for words, author in page.comments:
                self._items.append(_Comment(page.number, words, author))
        return self._written()

    # ------------------------------------------------------------------------------------- from lines to text

    def _page(self, page: Page, parts: Sequence[Part]) -> None:
        before: Line | None = None
        first = True
        for part in parts:
            if isinstance(part, Frame):
                self._page_frame(page, part)
                before = None
            elif isinstance(part, Table):
                self._table(page, part, first=first)
                before = None
            elif _LEADERS.search(part.text):
                self.led += len(re.findall(r"\w+", part.text))
            else:
                self._line(page, part, before, first=first)
                before = part
            first = False

    def _page_frame(self, page: Page, frame: Frame) -> None:
        before: Line | None = None
        for part in frame.parts:
            if isinstance(part, Line):
                self._line(page, part, before, first=False)
                before = part
                continue
            before = None
            if isinstance(part, Frame):
                self._page_frame(page, part)
            else:
                self._table(page, part, first=False)

    def _line(self, page: Page, line: Line, before: Line | None, *, first: bool) -> None:
        text = line.text
        marked = MARKER.match(text)
        marker = marked.group().strip() if marked and len(text) > marked.end() else ""
        if not marker and text in "•▪●○◦–-o➢✓·" and len(text) == 1:
            self._items.append(_Text("bullet", page.number, "", line.size, False, text, line.box.x0, line))
            return
        heading = self._is_heading(line)
        last = self._items[-1] if self._items else None
        if isinstance(last, _Text) and last.kind == "bullet":
            self._items[-1] = _Text("item", page.number, text, line.size, line.bold, last.marker, line.box.x0, line)
            return
        if isinstance(last, _Text) and self._continues(last, line, before, heading=heading, marker=marker, first=first):
            last.text = joined(last.text, text, self._known)
            if page.number != (last.breaks[-1][1] if last.breaks else last.page):
                last.breaks.append((len(last.text) - len(text), page.number))
            last.last = line
            last.bold = last.bold and line.bold
            return
        if heading and not (marker and not line.bold and line.size <= self._body + 0.6 and not re.match(r"\d", marker)):
            self._items.append(_Text("heading", page.number, text, line.size, line.bold, "", line.box.x0, line))
        elif marker and marked:
            begins = next((w.box.x0 for w in line.words[1:]), line.box.x0)
            self._items.append(
                _Text("item", page.number, text[marked.end() :], line.size, line.bold, marker, begins, line)
            )
        else:
            self._items.append(_Text("paragraph", page.number, text, line.size, line.bold, "", line.box.x0, line))

    def _is_heading(self, line: Line) -> bool:
        text = line.text
        if len(text) > LONGEST_HEADING or not any(c.isalpha() for c in text) or re.search(r"[.;,]$", text):
            return False
        return line.size >= self._body * 1.13 or (line.bold and line.size >= self._body - 0.6)

    def _continues(
        self, last: _Text, line: Line, before: Line | None, *, heading: bool, marker: str, first: bool
    ) -> bool:
        if marker or last.last is None:
            return False
        if last.kind == "heading" or heading:
            alike = last.kind == "heading" and heading and abs(last.size - line.size) < 0.6 and last.bold == line.bold
            return (
                alike
                and before is last.last
                and _gap(last.last, line) < 0.75 * line.size
                and last.last.box.x1 > 0.6 * last.last.right
            )
        if abs(last.last.size - line.size) > 1.2:
            return False
        if (
            before is None or before is not last.last or first or line.box.y1 > last.last.box.y1
        ):  # a new page, or a new column
            return not _ENDS.search(last.text) and bool(_GOES_ON.match(line.text))
        if _gap(last.last, line) > 0.62 * line.size:
            return False
        word = line.words[0].box
        room = last.last.right - last.last.box.x1 - (word.x1 - word.x0) - 0.3 * line.size
        if room > 0.5 * (word.x1 - word.x0) + line.size and (
            _LABEL.match(line.text) or (_ENDS.search(last.text) and line.text[:1].isupper())
        ):
            return False  # its first word had room above
        if last.kind == "item":
            return (
                line.box.x0 > last.last.box.x0 + 1 or abs(line.box.x0 - last.indent) < 6 or not _ENDS.search(last.text)
            )
        return abs(line.box.x0 - last.last.box.x0) < 40

    # ------------------------------------------------------------------------------------------------ tables

    def _table(self, page: Page, table: Table, *, first: bool) -> None:
        last = self._items[-1] if self._items else None
        rows = [[cell.replace(HYPHEN, "-") for cell in row] for row in table.rows]
        if first and isinstance(last, _Placed) and _same_columns(last.part, table):
            header = [squeezed(c).lower() for c in last.rows[0]]
            if rows and [squeezed(c).lower() for c in rows[0]] == header:
                rows = rows[1:]
            if rows and _broken_row(last.rows[-1], rows[0]):
                last.rows[-1] = [joined(a, b) if b else a for a, b in zip(last.rows[-1], rows[0], strict=True)]
                rows = rows[1:]
            last.rows.extend(rows)
            last.pages.extend([page.number] * len(rows))
            return
        self._items.append(_Placed(page.number, table, rows, [page.number] * len(rows)))

    # ---------------------------------------------------------------------------------------------- writing

    def _written(self) -> Writer:
        writer = Writer()
        ladder = self._ladder()
        indents = sorted({round(i.indent / 6) for i in self._items if isinstance(i, _Text) and i.kind == "item"})
        for item in self._items:
            writer.page = item.page
            writer.begin(_page(item.page))
            if isinstance(item, _Comment):
                writer.line("quotation", item.text, author=item.author)
                continue
            if isinstance(item, _Placed):
                _write_table(writer, item)
                continue
            text = squeezed(item.text.replace(HYPHEN, "-"))
            for at, page in item.breaks:
                writer.begin(_page(page), min(at, len(text)))
            if item.kind == "heading":
                writer.line("heading", text, ladder[_style(item)])
            elif item.kind == "item" and text:
                whole = f"{item.marker} {text}"
                writer.line(
                    "item", whole, min(indents.index(round(item.indent / 6)), 6), item.marker, skip=len(item.marker) + 1
                )
            elif text:
                writer.line("paragraph", text)
        return writer

    def _ladder(self) -> dict[tuple[float, bool], int]:
        """The level of each style of heading: the larger the higher, bold before plain."""
        styles = sorted(
            {_style(i) for i in self._items if isinstance(i, _Text) and i.kind == "heading"},
            key=lambda s: (-s[0], not s[1]),
        )
        return {style: min(level, 6) for level, style in enumerate(styles, 1)}


def _drop_running_heads(pages: Sequence[Page]) -> None:
    """Remove what is at the same height on many pages, numbers aside, and page numbers."""
    margins = [margin_chunks(page) for page in pages]
    seen = Counter(key for chunks in margins for key in {key for key, _ in chunks})
    enough = max(2, round(0.3 * len(pages)))
    for page, chunks in zip(pages, margins, strict=True):
        dropped = {id(w) for key, words in chunks if seen[key] >= enough or _PAGE_NUMBER.fullmatch(key) for w in words}
        page.words = [w for w in page.words if id(w) not in dropped]


def _lines(parts: Sequence[Part]) -> Iterator[Line]:
    for part in parts:
        if isinstance(part, Line):
            yield part
        elif isinstance(part, Frame):
            yield from _lines(part.parts)


def _style(item: _Text) -> tuple[float, bool]:
    return round(item.size * 2) / 2, item.bold


def _gap(above: Line, below: Line) -> float:
    return above.box.y0 - below.box.y1


def _same_columns(left: Table, right: Table) -> bool:
    return len(left.edges) == len(right.edges) and all(
        abs(a - b) < 6 for a, b in zip(left.edges, right.edges, strict=True)
    )


def _broken_row(above: list[str], below: list[str]) -> bool:
    """Whether a row goes on at the top of the next page: what it holds goes on in the middle of a sentence."""
    filled = [(a, b) for a, b in zip(above, below, strict=True) if b]
    return (
        bool(filled)
        and len(filled) < len(below)
        and all(a and not _ENDS.search(a) and re.match(r"[a-z(]", b) for a, b in filled)
    )


def _write_table(writer: Writer, item: _Placed) -> None:
    filled = [(row, page) for row, page in zip(item.rows, item.pages, strict=True) if any(row)]
    if not filled:
        return
    rows = [row for row, _ in filled]
    kept = [c for c in range(len(rows[0])) if any(row[c] for row in rows)]
    lines = [[row[c] for c in kept] for row in rows]
    writer.grid(
        lines, (), lambda cells: item.part.bold_first or known_headings(cells) > 0, [_page(page) for _, page in filled]
    )


def _page(number: int) -> str:
    return f"page {number}"
