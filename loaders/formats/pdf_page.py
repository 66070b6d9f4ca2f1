"""A page of a PDF as pdfium gives it: words with their boxes and looks, ruled lines, boxes and pictures."""

from __future__ import annotations

import ctypes
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

#: Signs of the symbol fonts in which bullets are set.
_SYMBOLS = str.maketrans(
    {
        "\uf0b7": "•",
        "\uf0a7": "▪",
        "\uf0d8": "➢",
        "\uf0fc": "✓",
        "\uf0fb": "✗",
        "\uf06f": "o",
        "\uf02d": "-",
        "\u2002": " ",
        "\u2003": " ",
        "\u00a0": " ",
    }
)
_DROPPED = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\x00")
#: pdfium writes this where a word is divided at the end of a line.
HYPHEN = "\x02"
#: A rule is no thicker than this, and no shorter than `_SHORTEST`; in points.
_THICKEST, _SHORTEST = 3.0, 8.0
#: No comment is longer, in bytes.
_LONGEST = 20_000_000
#: Smaller letters are not meant to be read.
_TINY = 1.5


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points; y grows upwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x0 - 1 <= x <= self.x1 + 1 and self.y0 - 1 <= y <= self.y1 + 1

    def around(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))


@dataclass(frozen=True, slots=True)
class Word:
    """A word, where it stands and how it looks."""

    text: str
    box: Box
    size: float  #: of its letters, in points
    bold: bool


@dataclass(slots=True)
class Page:
    """What stands on a page."""

    number: int  #: from 1
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)  #: thin lines, each as a box
    fills: list[Box] = field(default_factory=list)  #: shaded areas
    pictured: float = 0.0  #: the share of the page that its largest picture covers
    hidden: int = 0  #: words that nobody can see
    behind_picture: bool = False  #: its text is unseen and lies over a picture of itself, as text recognition leaves it
    comments: list[tuple[str, str | None]] = field(default_factory=list)  #: (words, author)
    damaged: bool = False  #: could not be read
    unread: int = 0  #: letters that its fonts do not tell
    guessed: int = 0  #: words whose letters are guessed, for their font does not tell them
    filled_in: int = 0  #: words in the fields of a form


def read_page(document: pdfium.PdfDocument, index: int) -> Page:
    """Read one page; `index` counts from 0. It is turned so that most of its text runs from left to right."""
    source = document[index]
    width, height = source.get_size()
    if source.get_rotation() in (90, 270):  # pdfium places letters as if the page were not turned
        width, height = height, width
    try:
        text = source.get_textpage()
        try:
            turn = _Turn(_quarters(text), width, height)
            page = Page(index + 1, turn.width, turn.height)
            _read_objects(source, page, turn)
            _read_words(text, page, turn)
        finally:
            text.close()
        page.comments = list(_comments(source))
        page.filled_in = sum(
            len(_string(field, b"V").split()) for field in _annotations(source, (raw.FPDF_ANNOT_WIDGET,))
        )
        return page
    finally:
        source.close()


@dataclass(frozen=True, slots=True)
class _Turn:
    """Turns boxes by quarters, clockwise, on a page of this size."""

    quarters: int
    page_width: float
    page_height: float

    @property
    def width(self) -> float:
        return self.page_height if self.quarters % 2 else self.page_width

    @property
    def height(self) -> float:
        return self.page_width if self.quarters % 2 else self.page_height

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        if self.quarters == 1:
            return Box(y0, self.page_width - x1, y1, self.page_width - x0)
        if self.quarters == 2:
            return Box(self.page_width - x1, self.page_height - y1, self.page_width - x0, self.page_height - y0)
        if self.quarters == 3:
            return Box(self.page_height - y1, x0, self.page_height - y0, x1)
        return Box(x0, y0, x1, y1)


def _quarters(text: pdfium.PdfTextPage) -> int:
    """By how many quarters most letters of a page are to be turned clockwise."""
    count = text.count_chars()
    turns: Counter[int] = Counter()
    for index in range(0, count, max(1, count // 60)):
        if chr(raw.FPDFText_GetUnicode(text.raw, index)).isalpha():
            turns[-round(raw.FPDFText_GetCharAngle(text.raw, index) / (math.pi / 2)) % 4] += 1
    return max(turns, key=lambda turn: (turns[turn], -turn)) if turns else 0


# ------------------------------------------------------------------------------------------------------- words


@dataclass(slots=True)
class _Look:
    """How a text object looks."""

    bold: bool
    unseen: bool
    white: bool
    guessed: bool


def _read_words(text: pdfium.PdfTextPage, page: Page, turn: _Turn) -> None:
    count = text.count_chars()
    if not count:
        return
    handle, box, looks = text.raw, raw.FS_RECTF(), _Looks(text.raw)
    letters: list[tuple[str, Box, float]] = []
    looked: list[_Look] = []
    unseen: list[Word] = []

    def flush() -> None:
        if not letters:
            return
        word = _word(letters, looked[0].bold)
        page.guessed += looked[0].guessed
        seen = not looked[0].unseen and not (looked[0].white and not _shaded(page, word.box)) and word.size >= _TINY
        inside = -2 <= word.box.x0 <= page.width + 2 and -2 <= word.box.y0 <= page.height + 2
        if (word.text and inside) or page.pictured > 0.5:
            (page.words if seen and inside else unseen).append(word)
        elif word.text:
            unseen.append(word)
        letters.clear()
        looked.clear()

    for index in range(count):
        code = raw.FPDFText_GetUnicode(handle, index)
        sign = chr(code) if code else ""
        if code == 0xFFFE or (code == 2):
            sign = HYPHEN
        sign = sign.translate(_SYMBOLS)
        if not sign or sign in _DROPPED:
            page.unread += not code
            continue
        if sign.isspace():
            flush()
            continue
        raw.FPDFText_GetLooseCharBox(handle, index, box)
        here = turn.box(box.left, box.bottom, box.right, box.top)
        size = raw.FPDFText_GetFontSize(handle, index)
        if letters and _breaks(letters[-1][1], here):
            flush()
        if letters and sign.isdigit() and _raised(letters[-1], here, size):
            continue  # the mark of a footnote
        letters.append((sign, here, size))
        if not looked:
            looked.append(looks.of(index))
    flush()
    if unseen and page.pictured > 0.5 and len(unseen) > len(page.words):
        page.words, page.behind_picture = [*page.words, *unseen], True
    else:
        page.hidden = len(unseen)


def _word(letters: list[tuple[str, Box, float]], bold: bool) -> Word:
    boxes = [b for _, b, _ in letters]
    whole = Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
    return Word("".join(s for s, _, _ in letters), whole, _size(letters), bold)


def _size(letters: list[tuple[str, Box, float]]) -> float:
    """The size of the letters: as the font says, unless a matrix scales it, as their boxes' height shows."""
    stated = letters[0][2]
    drawn = median(abs(b.y1 - b.y0) for _, b, _ in letters)
    return stated if drawn and 0.6 < stated / drawn < 1.7 else drawn / 1.17


def _breaks(before: Box, here: Box) -> bool:
    """Whether a letter begins a new word though no space was written: a gap, or another line."""
    height = max(before.y1 - before.y0, here.y1 - here.y0, 1.0)
    return (
        here.x0 - before.x1 > 0.28 * height
        or before.x0 - here.x1 > 0.5 * height
        or abs(before.y0 - here.y0) > 0.8 * height
    )


def _raised(before: tuple[str, Box, float], here: Box, size: float) -> bool:
    return (
        before[0].isalpha() and size < 0.8 * before[2] and here.y0 > before[1].y0 + 0.1 * (before[1].y1 - before[1].y0)
    )


class _Looks:
    """The look of each letter's text object, looked up once for each object."""

    def __init__(self, handle: object) -> None:
        self._handle = handle
        self._known: dict[int, _Look] = {}

    def of(self, index: int) -> _Look:
        """The look of the letter at `index`."""
        thing = raw.FPDFText_GetTextObject(self._handle, index)
        key = ctypes.cast(thing, ctypes.c_void_p).value or 0
        if key not in self._known:
            self._known[key] = self._look(index, thing)
        return self._known[key]

    def _look(self, index: int, thing: object) -> _Look:
        buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        length = raw.FPDFText_GetFontInfo(self._handle, index, buffer, 128, ctypes.byref(flags))
        name = buffer.value.decode("utf-8", "replace").lower() if 0 < length <= 128 else ""
        bold = (
            any(word in name for word in ("bold", "black", "heavy", "semibd", "demi"))
            or raw.FPDFText_GetFontWeight(self._handle, index) >= 600
        )
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        coloured = raw.FPDFText_GetFillColor(self._handle, index, red, green, blue, alpha)
        white = bool(coloured) and (min(red.value, green.value, blue.value) >= 250 or alpha.value == 0)
        unseen = raw.FPDFTextObj_GetTextRenderMode(thing) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
        return _Look(bold, unseen, white, raw.FPDFText_HasUnicodeMapError(self._handle, index) == 1)


def _shaded(page: Page, box: Box) -> bool:
    """Whether something is drawn behind a word, so that white letters can be read."""
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return page.pictured > 0 or any(fill.holds(x, y) for fill in page.fills)


# ----------------------------------------------------------------------------------------------------- drawing


def _read_objects(source: pdfium.PdfPage, page: Page, turn: _Turn) -> None:
    area = max(page.width * page.height, 1.0)
    for thing in source.get_objects(
        filter=(raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING), max_depth=5
    ):
        try:
            bounds = turn.box(*thing.get_bounds())
        except pdfium.PdfiumError:
            continue
        if thing.type != raw.FPDF_PAGEOBJ_PATH:
            page.pictured = max(page.pictured, (bounds.x1 - bounds.x0) * (bounds.y1 - bounds.y0) / area)
            continue
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(thing.raw, mode, stroke)
        if mode.value and _thin(bounds):
            page.rules.append(bounds)
        elif mode.value and not _is_white(thing.raw):
            page.fills.append(bounds)
        if stroke.value:
            page.rules.extend(rule for rule in _segments(thing, bounds, turn) if _thin(rule))


def _thin(box: Box) -> bool:
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    return min(wide, high) <= _THICKEST and max(wide, high) >= _SHORTEST


def _is_white(thing: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    return (
        bool(raw.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha))
        and min(red.value, green.value, blue.value) >= 252
    )


def _segments(thing: pdfium.PdfObject, bounds: Box, turn: _Turn) -> Iterator[Box]:
    """The straight, upright or level strokes of a path."""
    if _thin(bounds):
        yield bounds
        return
    matrix = thing.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    first = before = (0.0, 0.0)
    for index in range(raw.FPDFPath_CountSegments(thing.raw)):
        segment = raw.FPDFPath_GetPathSegment(thing.raw, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield turn.box(*_between(before, point))
        if raw.FPDFPathSegment_GetClose(segment):
            yield turn.box(*_between(point, first))
        before = point


def _between(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float, float, float]:
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))


# ---------------------------------------------------------------------------------------------------- comments


def _comments(source: pdfium.PdfPage) -> Iterator[tuple[str, str | None]]:
    """The comments that readers left on a page, with their authors."""
    for annotation in _annotations(source, _COMMENTS):
        words = " ".join(_string(annotation, b"Contents").split())
        if words:
            yield words, _string(annotation, b"T").strip() or None


#: What readers write on a page; links, fields and the windows of comments are something else.
_COMMENTS = (
    raw.FPDF_ANNOT_TEXT,
    raw.FPDF_ANNOT_FREETEXT,
    raw.FPDF_ANNOT_HIGHLIGHT,
    raw.FPDF_ANNOT_UNDERLINE,
    raw.FPDF_ANNOT_SQUIGGLY,
    raw.FPDF_ANNOT_STRIKEOUT,
    raw.FPDF_ANNOT_SQUARE,
    raw.FPDF_ANNOT_CIRCLE,
    raw.FPDF_ANNOT_LINE,
    raw.FPDF_ANNOT_POLYGON,
    raw.FPDF_ANNOT_POLYLINE,
    raw.FPDF_ANNOT_INK,
    raw.FPDF_ANNOT_STAMP,
    raw.FPDF_ANNOT_CARET,
)


def _annotations(source: pdfium.PdfPage, kinds: Sequence[int]) -> Iterator[object]:
    for index in range(raw.FPDFPage_GetAnnotCount(source.raw)):
        annotation = raw.FPDFPage_GetAnnot(source.raw, index)
        if annotation:
            if raw.FPDFAnnot_GetSubtype(annotation) in kinds:
                yield annotation
            raw.FPDFPage_CloseAnnot(annotation)


def _string(annotation: object, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if length <= 2 or length > _LONGEST:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    raw.FPDFAnnot_GetStringValue(annotation, key, buffer, length)
    return bytes(buffer).decode("utf-16-le", "replace").split("\0")[0]


def letters_joined(words: list[Word]) -> list[Word]:
    """'C o n t e n t s': letters set apart, as titles are, made words again."""
    single = [w for w in words if len(w.text) == 1 and w.text.isalpha()]
    if len(single) < 5 or len(single) < 0.8 * len(words):
        return words
    gaps = [b.box.x0 - a.box.x1 for a, b in itertools.pairwise(words)]
    usual = median(gaps)
    joined: list[Word] = [words[0]]
    for word, gap in zip(words[1:], gaps, strict=True):
        if gap < 1.8 * max(usual, 0.5):
            joined[-1] = replace(joined[-1], text=joined[-1].text + word.text, box=joined[-1].box.around(word.box))
        else:
            joined.append(word)
    return joined


def unspaced(text: str) -> str:
    """`text` with each run of white space as one space, and no space before a comma or full stop."""
    return re.sub(r"\s+([,.;:])(?=\s|$)", r"\1", " ".join(text.split()))
