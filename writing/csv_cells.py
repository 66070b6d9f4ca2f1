"""Cells of CSV that a spreadsheet takes for text, whatever a document says, and that come back as they were.

A spreadsheet runs a cell that begins as a formula. Some pass over spaces, controls and marks that nobody sees before
they look, and some strip quotation marks. An apostrophe at the very start says that what follows is text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

#: What begins a formula, also in the full width of East Asian keyboards; and what splits a cell before it is looked at.
_STARTS = frozenset("=+-@＝＋－＠\t\r\n")
#: What is passed over: controls, marks without width or of direction, spaces and separators of all kinds (categories of
#: Unicode).
_PASSED_OVER = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))
#: The same of other categories: quotation marks, and letters and marks that nobody sees.
_ALSO_PASSED_OVER = frozenset(
    "\"'\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))
)
#: What must stand between quotation marks. Besides RFC 4180's own signs: those at which spreadsheets of other settings
#: divide a line.
_QUOTED = re.compile(r'[",;\t\r\n]')


def harmless(cell: str) -> str:
    """Return `cell` so that a spreadsheet takes it for text: an apostrophe before what would begin a formula."""
    return f"'{cell}" if _begins_formula(cell) else cell


def restored(cell: str) -> str:
    """Return the text of which `harmless` made `cell`."""
    return cell[1:] if cell.startswith("'") and _begins_formula(cell[1:]) else cell


def _begins_formula(text: str) -> bool:
    for letter in text:
        if letter in _STARTS:
            return True
        if letter not in _ALSO_PASSED_OVER and unicodedata.category(letter) not in _PASSED_OVER:
            return False
    return False


def csv_text(header: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """Return RFC 4180 text with LF line ends, None as an empty cell, and no cell that a spreadsheet would run."""
    return "".join(csv_line(row) for row in (header, *rows))


def csv_line(row: Iterable[object]) -> str:
    """Return one row of `csv_text`, with its line end."""
    # The standard library's writer leaves a lone CR and other programs' separators outside quotation marks.
    line = ",".join(_written(cell) for cell in row)
    return (line or '""') + "\n"


def _written(cell: object) -> str:
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    safe = harmless(cell)
    return '"' + safe.replace('"', '""') + '"' if _QUOTED.search(safe) else safe
