"""Reads Excel workbooks (.xlsx, .xlsm): every sheet, with the titles above its table, the header row, and merged cells.

The canonical text has a line for each sheet's name, title and row, with ' | ' between cells; a cell of several lines
keeps its line breaks. What is hidden or struck through is left out, and a note says so. Macros are not read. Dates
are written as 2025-09-30, whatever the sheet shows.
"""

from __future__ import annotations

import datetime
import io
import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .blocks import ReadFile, linked
from .containers import OfficePackage
from .letters import cleaned
from .refusal import ReadError
from .writing import Place, Writer, counted
from .xlsx_blocks import SheetRows, side_by_side, write_sheet
from .xlsx_looks import SheetLooks, column_number, looks_of, sheet_looks
from .xlsx_rest import beside_cells

if TYPE_CHECKING:
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
_UNCOUNTED = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
_FAILED = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*?\bt=["']e["'])""")
#: Sheets that are not of cells, by the relation that leads to them.
_UNREAD = {"chartsheet": "chart sheet", "dialogsheet": "dialog sheet", "xlMacrosheet": "macro sheet"}


def read_xlsx(data: bytes, name: str) -> ReadFile:
    """Read a workbook.

    Args:
        data: the file.
        name: what it is called, for messages.

    Raises:
        ReadError: it is damaged, protected with a password, no workbook, or a sheet is larger than is read.

    """
    from python_calamine import CalamineError, CalamineWorkbook

    sheets = _checked(OfficePackage(data, name), name)
    writer, notes = Writer(), []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for sheet in sheets:
                cells = None if sheet.unread else _cells(book.get_sheet_by_name(sheet.name), sheet.looks)
                if cells is not None and cells.parts and not sheet.hidden:
                    write_sheet(cells.parts, writer, sheet.name)
                notes += list(_notes(sheet, cells))
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
    looks: SheetLooks = field(default_factory=SheetLooks)
    uncounted: int = 0  #: formulas without a stored result
    commented: bool = False
    failed: int = 0  #: cells that show an error in place of a value
    beside: tuple[str, ...] = ()  #: see `beside_cells`
    unread: str = ""  #: what kind of sheet it is, if none that is read


def _checked(package: OfficePackage, name: str) -> list[_SheetPart]:
    """The sheets; one that is too large to open is refused."""
    main = package.main_part()
    root = package.part(main)
    relations = package.relations(main)
    if root is None or root.tag not in (f"{_MAIN}workbook", f"{_STRICT}workbook"):
        raise ReadError(f"{name} is no workbook that can be read. Save it again as .xlsx.")
    related = {kind: target for kind, target, outside in relations.values() if not outside}
    looks = looks_of(package, related.get("styles", ""), related.get("sharedStrings", ""))
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
        sheet.looks = sheet_looks(package, target, data, looks)
        sheets.append(sheet)
    return sheets


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
    widest = max((column_number(column) for column in {column for column, _ in found}), default=1)
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


def _notes(sheet: _SheetPart, cells: _Cells | None) -> Iterator[str]:
    if sheet.unread:
        yield f"The {sheet.unread} '{sheet.name}' was not read."
    if sheet.hidden and cells is not None and cells.parts:
        words = sum(_word_count(part.lines) for part in cells.parts)
        yield f"The hidden sheet '{sheet.name}' was left out ({counted(words)}). Unhide it in Excel if it counts."
    if sheet.hidden:
        return
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
    beside = (*sheet.beside, *(_left_out(cells) if cells is not None else ()))
    if beside:
        yield f"Of the sheet '{sheet.name}' were not read: {', '.join(beside)}."


def _left_out(cells: _Cells) -> Iterator[str]:
    for count, where in (
        (cells.covered, "in cells that a merged cell covers"),
        (cells.hidden, "in hidden rows and columns"),
        (cells.struck, "struck through"),
    ):
        if count:
            yield f"{counted(count)} {where}"


# ------------------------------------------------------------------------------------- its cells


@dataclass(frozen=True, slots=True)
class _Cells:
    """The words of a sheet as they are seen, and how many are not."""

    parts: list[SheetRows]  #: the tables that stand side by side, from the left
    covered: int  #: words in cells that a merged cell covers
    hidden: int  #: words in hidden rows and columns
    struck: int  #: words that are struck through


def _cells(sheet: CalamineSheet, looks: SheetLooks) -> _Cells:
    """The words of a sheet's cells without hidden and blank columns."""
    values = sheet.to_python(skip_empty_area=False)
    lines = [[_shown(value) if value != "" else "" for value in row] for row in values]
    struck = 0
    for (row, column), form in looks.numbers.items():
        value = values[row][column] if row < len(values) and column < len(values[row]) else None
        if isinstance(value, float):
            lines[row][column] = form.shown(value)
    for (row, column), seen in looks.seen.items():
        if row < len(lines) and column < len(lines[row]):
            struck += len(lines[row][column].split())
            lines[row][column] = _shown(seen)
            struck -= len(lines[row][column].split())
    rows = [row for row in range(len(lines)) if row not in looks.hidden_rows]
    columns = [column for column in range(len(lines[0]) if lines else 0) if not looks.is_hidden_column(column)]
    places, beneath = _merge(lines, sheet.merged_cell_ranges or (), frozenset(rows), frozenset(columns))
    seen_lines = [[lines[row][column] for column in columns] for row in rows]
    hidden = _word_count(lines) - _word_count(seen_lines)
    filled = [index for index, column in enumerate(zip(*seen_lines, strict=True)) if any(column)]
    row_at = {row: number for number, row in enumerate(rows)}
    column_at = {columns[index]: number for number, index in enumerate(filled)}
    covered = {
        (row_at[row], column_at[column]): (row_at[whole[0]], column_at[whole[1]])
        for (row, column), whole in places.items()
        if row in row_at and column in column_at and whole[1] in column_at
    }
    gaps = [number for number, (left, right) in enumerate(itertools.pairwise(filled), 1) if right > left + 1]
    kept = SheetRows([[line[index] for index in filled] for line in seen_lines], covered)
    return _Cells(side_by_side(kept, gaps) if filled else [], beneath, hidden, struck)


def _merge(
    lines: list[list[str]],
    ranges: Iterable[tuple[Place, Place]],
    rows: frozenset[int],
    columns: frozenset[int],
) -> tuple[dict[Place, Place], int]:
    """Blank the cells that a merged cell covers; its words stand in the first that is seen.

    Returns:
        Where each of them is part of, and how many words they held.

    """
    places: dict[Place, Place] = {}
    beneath = 0
    for (top, left), (bottom, right) in ranges:
        if top >= len(lines) or left >= len(lines[top]):
            continue
        words, lines[top][left] = lines[top][left], ""
        within = [
            (row, column)
            for row in range(top, min(bottom + 1, len(lines)))
            for column in range(left, min(right + 1, len(lines[row])))
        ]
        whole = next(((row, column) for row, column in within if row in rows and column in columns), (top, left))
        for row, column in within:
            beneath += len(lines[row][column].split())
            lines[row][column] = ""
            places[row, column] = whole
        lines[whole[0]][whole[1]] = words
        del places[whole]
    return places, beneath


def _word_count(lines: list[list[str]]) -> int:
    return sum(len(words.split()) for line in lines for words in line if words)


def _shown(value: object) -> str:
    """A cell's value as a person would write it."""
    if isinstance(value, str):
        value = cleaned(value)
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
