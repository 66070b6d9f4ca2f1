"""What only the looks of a workbook's cells tell: decimals, words struck through, hidden rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from .containers import OfficePackage
from .writing import Place

if TYPE_CHECKING:
    from lxml.etree import _Element

#: The runs of a text, each with whether it is struck through; None where the cell's own style says.
Runs: TypeAlias = tuple[tuple[str, bool | None], ...]

_STYLED = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^<>]*?\br=["']([A-Za-z]{1,3})([0-9]{1,7})["'])"""
    rb"""(?=[^<>]*?\bs=["']([0-9]{1,6})["'])[^<>]*(?<!/)>"""
)
_SHARED = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^<>]*?\br=["']([A-Za-z]{1,3})([0-9]{1,7})["'])(?=[^<>]*?\bt=["']s["'])[^<>]*>"""
    rb"""\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*</"""
)
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_ALL_HIDDEN = re.compile(rb"""<(?:\w+:)?sheetFormatPr\b[^<>]*\bzeroHeight=["'](?:1|true)["']""")
_SHOWN = re.compile(rb"""\bhidden=["'](?:0|false)["']|\bht=["'][0-9.]*[1-9]""")
_ATTRIBUTE = re.compile(rb"""\b(\w+)=["']([^"']*)["']""")
_PERCENT = re.compile(r"(?:0|#)(?:\.(0+))?%")
#: A number that is shown with zeros at its end, such as the reference 1.10.
_DECIMALS = re.compile(r"0\.(0+)(?:_\)|_-)?(?:;.*)?")


@dataclass(frozen=True, slots=True)
class Format:
    """How a number is shown."""

    decimals: int
    percent: bool

    def shown(self, number: float) -> str:
        return f"{number * 100:.{self.decimals}f}%" if self.percent else f"{number:.{self.decimals}f}"


@dataclass(frozen=True, slots=True)
class Looks:
    """The styles of a workbook that matter, and its texts of several runs."""

    formats: Mapping[int, Format]
    struck: frozenset[int]  #: the styles whose words are struck through
    runs: Mapping[int, Runs]  #: of shared strings, by number


@dataclass(slots=True)
class SheetLooks:
    """What the looks of a sheet's cells tell; rows and columns count from 0."""

    numbers: dict[Place, Format] = field(default_factory=dict)
    seen: dict[Place, str] = field(default_factory=dict)  #: of cells with words struck through, the other words
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()  #: first and last of each run of columns

    def is_hidden_column(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self.hidden_columns)


def looks_of(package: OfficePackage, styles: str, strings: str) -> Looks:
    """Read the styles and the shared strings of a workbook, by the names of their parts."""
    root = package.part(styles)
    formats, struck = (_formats(root), _struck(root)) if root is not None else ({}, frozenset())
    data = package.read(strings) or b""
    runs = dict(_rich(package.part(strings))) if b"strike" in data or (struck and b"rPr" in data) else {}
    return Looks(formats, struck, runs)


def sheet_looks(package: OfficePackage, part: str, data: bytes, looks: Looks) -> SheetLooks:
    """What the looks of the cells of one sheet tell; `data` is the bytes of its part."""
    found = SheetLooks(hidden_rows=_hidden_rows(data), hidden_columns=tuple(_hidden_columns(data)))
    struck: set[Place] = set()
    if looks.formats or looks.struck:
        for match in _STYLED.finditer(data):
            place, style = _place(match), int(match.group(3))
            if style in looks.formats:
                found.numbers[place] = looks.formats[style]
            if style in looks.struck:
                struck.add(place)
    runs = {_place(m): looks.runs[n] for m in _SHARED.finditer(data) if (n := int(m.group(3))) in looks.runs}
    if b"strike" in data:
        runs |= dict(_inline_runs(package.part(part)))
    for place, texts in runs.items():
        if any(place in struck if is_struck is None else is_struck for _, is_struck in texts):
            found.seen[place] = "".join(t for t, s in texts if not (place in struck if s is None else s))
    found.seen |= dict.fromkeys(struck - runs.keys(), "")
    return found


def column_number(letters: bytes) -> int:
    """The number of the column 'A', 'B' or 'AA'; the first is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


# ------------------------------------------------------------------------------------------------- styles


def _space(root: _Element) -> str:
    return str(root.tag)[: str(root.tag).index("}") + 1] if "}" in str(root.tag) else ""


def _formats(root: _Element) -> dict[int, Format]:
    space = _space(root)
    formats = {"9": Format(0, percent=True), "10": Format(2, percent=True), "2": Format(2, percent=False)}
    for form in root.iterfind(f"{space}numFmts/{space}numFmt"):
        code = form.get("formatCode") or ""
        if found := _PERCENT.search(code):
            formats[form.get("numFmtId") or ""] = Format(len(found.group(1) or ""), percent=True)
        elif found := _DECIMALS.fullmatch(code):
            formats[form.get("numFmtId") or ""] = Format(len(found.group(1)), percent=False)
    styles = [each.get("numFmtId") for each in root.iterfind(f"{space}cellXfs/{space}xf")]
    return {index: formats[form] for index, form in enumerate(styles) if form in formats}


def _struck(root: _Element) -> frozenset[int]:
    space = _space(root)
    fonts = [_is_struck(font, space) for font in root.iterfind(f"{space}fonts/{space}font")]
    named = {str(number) for number, struck in enumerate(fonts) if struck}
    styles = root.iterfind(f"{space}cellXfs/{space}xf")
    return frozenset(index for index, each in enumerate(styles) if each.get("fontId") in named)


def _is_struck(font: _Element | None, space: str) -> bool:
    strike = None if font is None else font.find(f"{space}strike")
    return strike is not None and strike.get("val") not in ("0", "false")


# --------------------------------------------------------------------------------------------- rich texts


def _rich(root: _Element | None) -> Iterator[tuple[int, Runs]]:
    """The shared strings that have several runs, by number."""
    if root is not None:
        space = _space(root)
        for number, text in enumerate(root.iterfind(f"{space}si")):
            if text.find(f"{space}r") is not None:
                yield number, tuple(_runs(text, space))


def _inline_runs(root: _Element | None) -> Iterator[tuple[Place, Runs]]:
    """The texts of several runs that stand in the sheet itself."""
    if root is None:
        return
    space = _space(root)
    for cell in root.iter(f"{space}c"):
        text = cell.find(f"{space}is")
        placed = re.fullmatch(r"([A-Za-z]{1,3})([0-9]{1,7})", cell.get("r") or "")
        if text is not None and placed and text.find(f"{space}r") is not None:
            place = (int(placed.group(2)) - 1, column_number(placed.group(1).encode()) - 1)
            yield place, tuple(_runs(text, space))


def _runs(text: _Element, space: str) -> Iterator[tuple[str, bool | None]]:
    for run in text.iterfind(f"{space}r"):
        font = run.find(f"{space}rPr")
        yield run.findtext(f"{space}t") or "", None if font is None else _is_struck(font, space)


# ------------------------------------------------------------------------------------------------- hidden


def _hidden_rows(data: bytes) -> frozenset[int]:
    if b"hidden" not in data and b"zeroHeight" not in data and b"ht=" not in data:
        return frozenset()
    by_default = _ALL_HIDDEN.search(data) is not None
    hidden, row = set(), 0
    for match in _ROW.finditer(data):
        attributes = dict(_ATTRIBUTE.findall(match.group(1)))
        number = attributes.get(b"r", b"")
        row = int(number) if number.isdigit() else row + 1
        if _is_hidden(attributes, b"ht") or (by_default and not _SHOWN.search(match.group(1))):
            hidden.add(row - 1)
    return frozenset(hidden)


def _hidden_columns(data: bytes) -> Iterator[tuple[int, int]]:
    for match in _COLUMN.finditer(data, 0, max(0, data.find(b"sheetData"))):
        attributes = dict(_ATTRIBUTE.findall(match.group(1)))
        first, last = attributes.get(b"min", b""), attributes.get(b"max", b"")
        if _is_hidden(attributes, b"width") and first.isdigit() and last.isdigit():
            yield int(first) - 1, int(last) - 1


def _is_hidden(attributes: Mapping[bytes, bytes], size: bytes) -> bool:
    """Whether a row or column is hidden, or of no size."""
    said = attributes.get(size, b"")
    return attributes.get(b"hidden") in (b"1", b"true") or (bool(said) and not said.strip(b"0."))


def _place(match: re.Match[bytes]) -> Place:
    return int(match.group(2)) - 1, column_number(match.group(1)) - 1
