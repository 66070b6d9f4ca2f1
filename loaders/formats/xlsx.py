"""Reads Excel workbooks (.xlsx, .xlsm): every sheet, with the titles above its table, the header row, and merged cells.

The canonical text has a line for each sheet's name, title and row, with ' | ' between cells; a cell of several lines
keeps its line breaks. Macros are not read. Dates are written as 2025-09-30, whatever the sheet shows.
"""

from __future__ import annotations

import datetime
import io
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .blocks import Cell, ReadFile, known_headings, linked
from .containers import OfficePackage
from .refusal import ReadError
from .writing import LONGEST_HEADING, Writer, counted
from .xlsx_rest import beside_cells

if TYPE_CHECKING:
    from lxml.etree import _Element
    from python_calamine import CalamineSheet

#: Beyond these a sheet is a data set, not a plan; python-calamine keeps every cell of the rectangle and would run out
#: of memory.
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200_000, 1_000, 5_000_000

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
# A cell that holds something: `<c r="B7" s="3" ...>` with a value, text or formula in it.
_FILLED = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*?\br=["']([A-Za-z]{1,4})([0-9]{1,9})["'])[^<>]*(?<!/)>\s*<(?!/)""")
_MISPLACED = re.compile(rb"""<(?:\w+:)?c(?=\s[^<>]*?(?<=\s)r\s*=)(?![^<>]*?\sr=["'][A-Za-z]{1,4}[0-9]{1,9}["'])""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br=["']([0-9]{1,9})["']""")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>/])")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?=[\s>/])(?![^<>]*\br=)")
_STYLED = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^<>]*?\br=["']([A-Za-z]{1,3})([0-9]{1,7})["'])"""
    rb"""(?=[^<>]*?\bs=["']([0-9]{1,6})["'])[^<>]*(?<!/)>"""
)
_UNCOUNTED = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
_FAILED = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*?\bt=["']e["'])""")
_PERCENT = re.compile(r"(?:0|#)(?:\.(0+))?%")
#: Sheets that are not of cells, by the relation that leads to them.
_UNREAD = {"chartsheet": "chart sheet", "dialogsheet": "dialog sheet", "xlMacrosheet": "macro sheet"}
#: How many rows may stand above the header.
_DEEPEST_HEADER = 25
_LONGEST_HEADER = 60


def read_xlsx(data: bytes, name: str) -> ReadFile:
    """Read a workbook.

    Args:
        data: the file.
        name: what it is called, for messages.

    Raises:
        ReadError: it is damaged, protected with a password, no workbook, or a sheet is larger than is read.

    """
    from python_calamine import CalamineError, CalamineWorkbook

    sheets, percents = _checked(OfficePackage(data, name), name)
    writer, notes = Writer(), []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for sheet in sheets:
                rows = None if sheet.unread else _rows(book.get_sheet_by_name(sheet.name), sheet, percents)
                if rows is not None:
                    _Sheet(rows, writer, sheet.name).write()
                notes += list(_notes(sheet, rows))
    except (CalamineError, ValueError, OSError) as error:
        raise ReadError(
            f"{name} cannot be read as a workbook. Open it in Excel, save it again as .xlsx, and load that."
        ) from error
    title = next((b.text for b in writer.blocks if b.kind == "heading" and b.level == 2), "")
    heading = title or next((b.text for b in writer.blocks), "")
    return ReadFile(writer.text, linked(writer.blocks), heading, "xlsx", tuple(notes), tuple(writer.places))


# ------------------------------------------------------------------------------------- before it is opened


@dataclass(slots=True)
class _SheetPart:
    """A sheet as its workbook names it, and what only its XML tells."""

    name: str
    hidden: bool
    styled: dict[tuple[int, int], int] = field(default_factory=dict)  #: the style of cells that are shown as per cent
    uncounted: int = 0  #: formulas without a stored result
    commented: bool = False
    failed: int = 0  #: cells that show an error in place of a value
    beside: tuple[str, ...] = ()  #: see `beside_cells`
    unread: str = ""  #: what kind of sheet it is, if none that is read


def _checked(package: OfficePackage, name: str) -> tuple[list[_SheetPart], dict[int, int]]:
    """The worksheets, and the styles that show per cent with their decimals.

    Sheets that are too large to open are refused.
    """
    main = package.main_part()
    root = package.part(main)
    relations = package.relations(main)
    if root is None or root.tag not in (f"{_MAIN}workbook", f"{_STRICT}workbook"):
        raise ReadError(f"{name} is no workbook that can be read. Save it again as .xlsx.")
    percents = _percents(package.part(next((target for kind, target, _ in relations.values() if kind == "styles"), "")))
    sheets = []
    for element in root.iter(f"{_MAIN}sheet", f"{_STRICT}sheet"):
        kind, target, outside = relations.get(
            element.get(_RELATION) or element.get(_STRICT_RELATION) or "", ("", "", False)
        )
        data = package.read(target) if kind == "worksheet" and not outside else None
        sheet = _SheetPart(element.get("name") or "", element.get("state") in ("hidden", "veryHidden"))
        if data is None:
            sheets.append(replace(sheet, unread=_UNREAD.get(kind, "sheet")))
            continue
        _check_size(data, name, sheet.name)
        sheet.commented = any(
            kind in ("comments", "threadedComment") for kind, _, _ in package.relations(target).values()
        )
        sheet.beside = tuple(beside_cells(package, target, data))
        sheet.failed = len(_FAILED.findall(data))
        sheet.uncounted = len(_UNCOUNTED.findall(data))
        if percents:
            found = ((m.group(1), m.group(2), int(m.group(3))) for m in _STYLED.finditer(data))
            sheet.styled = {
                (int(row) - 1, _column(column) - 1): style for column, row, style in found if style in percents
            }
        sheets.append(sheet)
    return sheets, percents


def _check_size(data: bytes, name: str, sheet: str) -> None:
    """Refuse a sheet whose last filled cell is too far from its first.

    The size that the sheet itself declares is not relied on.
    """
    if _MISPLACED.search(data):
        raise ReadError(
            f"{name}: a cell of the sheet '{sheet}' does not say where it stands. "
            "Open the file in Excel, save it again, and load that."
        )
    found = _FILLED.findall(data)
    last = max((int(row) for _, row in found), default=1)
    widest = max((_column(column) for column in {column for column, _ in found}), default=1)
    if _UNPLACED.search(data):  # cells need not say where they stand; then each follows the one before
        rows = re.split(rb"<(?:\w+:)?row\b", data)
        last = max(last, len(rows), *(int(row) for row in _ROW.findall(data)))
        widest = max(widest, *(len(_CELL.findall(row)) for row in rows))
    if last > MOST_ROWS or widest > MOST_COLUMNS or last * widest > MOST_CELLS:
        raise ReadError(
            f"{name}: the sheet '{sheet}' reaches to row {last:,} and column {widest:,}; "
            f"up to {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns and {MOST_CELLS:,} cells are read. "
            "Delete what stands far below or beside the table, or save the table alone."
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _percents(root: _Element | None) -> dict[int, int]:
    """The cell styles that show per cent, each with its number of decimals."""
    if root is None:
        return {}
    space = _STRICT if root.tag.startswith(_STRICT) else _MAIN
    formats = {"9": 0, "10": 2}
    for form in root.iterfind(f"{space}numFmts/{space}numFmt"):
        found = _PERCENT.search(form.get("formatCode") or "")
        if found:
            formats[form.get("numFmtId") or ""] = len(found.group(1) or "")
    styles = [each.get("numFmtId") for each in root.iterfind(f"{space}cellXfs/{space}xf")]
    return {index: formats[form] for index, form in enumerate(styles) if form in formats}


def _notes(sheet: _SheetPart, rows: _Rows | None) -> Iterator[str]:
    if sheet.unread:
        yield f"The {sheet.unread} '{sheet.name}' was not read."
    if sheet.hidden and rows is not None:
        yield f"The hidden sheet '{sheet.name}' was read too."
    if sheet.uncounted:
        yield (
            f"The sheet '{sheet.name}' has {sheet.uncounted} formulas without a stored result; "
            "they were read as blank. Open and save it in Excel."
        )
    if sheet.commented:
        yield f"The comments on cells of the sheet '{sheet.name}' were not read."
    if sheet.failed:
        yield (
            f"The sheet '{sheet.name}' shows errors such as #REF! "
            f"in {'a cell' if sheet.failed == 1 else f'{sheet.failed} cells'}; read as blank."
        )
    covered = rows.covered if rows is not None else 0
    beside = (*sheet.beside, *((f"{counted(covered)} in cells that a merged cell covers",) if covered else ()))
    if beside:
        yield f"Of the sheet '{sheet.name}' were not read: {', '.join(beside)}."


# ------------------------------------------------------------------------------------- its cells


def _rows(sheet: CalamineSheet, part: _SheetPart, percents: dict[int, int]) -> _Rows | None:
    """The words of a sheet's cells without blank columns; None for a sheet without words."""
    values = sheet.to_python(skip_empty_area=False)
    lines = [[_shown(value) if value != "" else "" for value in row] for row in values]
    for (row, column), style in part.styled.items():
        share = values[row][column] if row < len(values) and column < len(values[row]) else None
        if isinstance(share, float):
            lines[row][column] = f"{share * 100:.{percents[style]}f}%"
    wide, tall, covered = {}, set(), 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top < len(lines) and left < len(lines[top]):
            wide[top, left] = right - left + 1
            if bottom > top:
                tall.add((top, left))
            for row in range(top, min(bottom + 1, len(lines))):
                for column in range(left, min(right + 1, len(lines[row]))):
                    if (row, column) != (top, left):
                        covered += len(lines[row][column].split())
                        lines[row][column] = ""
    kept = [index for index, column in enumerate(zip(*lines, strict=True)) if any(column)]
    if not kept:
        return None
    if len(kept) < len(lines[0]):
        lines = [[row[index] for index in kept] for row in lines]
    place = {column: index for index, column in enumerate(kept)}
    across = {
        (row, place[column]): sum(1 for c in range(column, column + width) if c in place)
        for (row, column), width in wide.items()
        if column in place
    }
    return _Rows(lines, across, {(row, place[column]) for row, column in tall if column in place}, covered)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The words of a sheet: its rows, and where merged cells begin."""

    lines: list[list[str]]
    across: dict[tuple[int, int], int]  #: the columns that a merged cell covers
    tall: set[tuple[int, int]]  #: merged cells that go on below
    covered: int  #: words in cells that a merged cell covers


def _shown(value: object) -> str:
    """A cell's value as a person would write it."""
    if isinstance(value, str):
        if value.isprintable() and "  " not in value and "_x" not in value:
            return value.strip()
        lines = (" ".join(line.split()) for line in value.replace("_x000D_", "\n").splitlines())
        return "\n".join(line for line in lines if line)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return str(value)


# ------------------------------------------------------------------------------------- its blocks


class _Sheet:
    """Finds titles, header and sections of a sheet, and writes them."""

    def __init__(self, rows: _Rows, writer: Writer, name: str) -> None:
        self._rows = rows
        self._filled = [[index for index, words in enumerate(line) if words] for line in rows.lines]
        self._writer = writer
        self._name = " ".join(name.split()) or "Sheet"

    def write(self) -> None:
        """Write the sheet's name, then its tables, each below its titles."""
        self._writer.sheet = self._name
        self._writer.begin(f"sheet “{self._name}”")
        self._writer.line("heading", self._name, 1)
        start = 0
        while start < len(self._filled):
            header = self._header(start)
            first = self._first_of_several(start) if header is None else header
            end = len(self._filled) if header is None else self._next_table(header + 1)
            self._titles(start, first)
            self._table(first, end, has_header=header is not None)
            start = end

    def _first_of_several(self, start: int) -> int:
        """The first row with more than one filled cell, or the end."""
        return next((i for i in range(start, len(self._filled)) if len(self._filled[i]) > 1), len(self._filled))

    def _header(self, start: int) -> int | None:
        """The row that names the columns.

        Its words say so, or it is the first row that is filled with short, distinct words.
        """
        within = range(start, min(start + _DEEPEST_HEADER, len(self._rows.lines)))
        for index in within:
            if self._could_head(index) and known_headings(_cells(self._rows.lines[index])) >= 2:
                return index
        typical = Counter(len(f) for f in self._filled[start : start + 200] if len(f) > 1).most_common(1)
        enough = max(2, -(-typical[0][0] // 2)) if typical else 2
        for index in within:
            if self._could_head(index) and len(self._filled[index]) >= enough:
                below = next((i for i in range(index + 1, len(self._filled)) if self._filled[i]), None)
                return index if below is not None and len(self._filled[below]) > 1 else None
        return None

    def _could_head(self, index: int) -> bool:
        words = [self._rows.lines[index][column] for column in self._filled[index]]
        return (
            len(words) >= 2
            and len(set(words)) == len(words)
            and all(len(w) <= _LONGEST_HEADER and re.search(r"[A-Za-z#£%]", w) for w in words)
            and not any(w.endswith(".") and len(w) > 12 for w in words)
        )

    def _titles(self, start: int, end: int) -> None:
        """What stands above a table: the first line as a heading, the others as paragraphs."""
        first = True
        for index in range(start, end):
            for column in self._filled[index]:
                words = " ".join(self._rows.lines[index][column].split())
                if (
                    first
                    and len(self._filled[index]) == 1
                    and len(words) <= LONGEST_HEADING
                    and not words.endswith(".")
                ):
                    self._writer.line("heading", words, 2)
                else:
                    self._writer.line("paragraph", words)
                first = False

    def _next_table(self, start: int) -> int:
        """Where the next table begins.

        It follows a blank row, with titles if any, and starts with a row that is a header by its words.
        """
        for index in range(start, len(self._filled)):
            if self._filled[index] and not self._filled[index - 1]:
                header = index
                while header < len(self._filled) and header < index + 6 and len(self._filled[header]) < 2:
                    header += 1
                if (
                    header < len(self._filled)
                    and self._could_head(header)
                    and known_headings(_cells(self._rows.lines[header])) >= 2
                ):
                    return index
        return len(self._filled)

    def _table(self, start: int, end: int, *, has_header: bool) -> None:
        sections = {index - start for index in range(start + has_header, end) if self._is_section(index, start)}
        self._writer.grid(self._rows.lines[start:end], sections, lambda _: has_header)

    def _is_section(self, index: int, start: int) -> bool:
        """Whether a row is a line all across: a merged cell over most columns, or one alone behind a blank row."""
        if len(self._filled[index]) != 1 or len(self._rows.lines[index]) < 3:
            return False
        column = self._filled[index][0]
        if (index, column) in self._rows.tall:
            return False
        if self._rows.across.get((index, column), 1) * 4 >= len(self._rows.lines[index]) * 3:
            return True
        return column < 2 and index > start and not self._filled[index - 1]


def _cells(line: list[str]) -> tuple[Cell, ...]:
    return tuple(Cell(0, len(words), words) for words in line)
