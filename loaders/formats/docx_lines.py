"""The words of a Word paragraph, its lines, and columns that tabs set: lists and tables that are not called so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .blocks import Cell, known_headings
from .headings import is_label, labels_run_down
from .letters import cleaned
from .plain import MARKER

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(slots=True)
class Words:
    """The words of a paragraph as they are gathered."""

    parts: list[str] = field(default_factory=list)
    bold: bool = True  #: whether all of them are
    size: int = 0
    boxes: list[_Element] = field(default_factory=list)  #: the text boxes anchored here
    footnotes: list[tuple[str, str]] = field(default_factory=list)  #: (which part, id)
    comments: list[str] = field(default_factory=list)

    def text(self, *, lines: bool = False) -> str:
        """The words with single spaces; with `lines`, line breaks stay."""
        whole = cleaned("".join(self.parts))
        if lines:
            return "\n".join(line for each in whole.split("\n") if (line := " ".join(each.split())))
        return " ".join(whole.split())

    def lines(self) -> list[str]:
        """Its lines, with tabs."""
        return [line for line in cleaned("".join(self.parts)).split("\n") if line.strip()]


@dataclass(frozen=True, slots=True)
class Tabbed:
    """A paragraph whose tabs may set the columns of a table."""

    rows: list[list[str]]
    words: Words
    style: str


@dataclass(frozen=True, slots=True)
class SoftLine:
    """A line that ends with a soft break: its words, and how many of them are a marker."""

    text: str
    skip: int = 0

    @property
    def marker(self) -> str:
        return self.text[: self.skip].strip()


def soft_lines(lines: Sequence[str]) -> list[SoftLine]:
    """The lines of a paragraph that are items or labelled fields; none where it is only broken into lines."""
    parts = [_line(line) for line in lines]
    if not any(part.skip or _is_field(part.text) for part in parts[1:]):
        return []
    joined = parts[:1]
    for part in parts[1:]:
        above = joined[-1]
        if part.skip or _is_field(part.text) or above.text.endswith((".", ":", ";")) or _is_field(above.text):
            joined.append(part)
        else:
            joined[-1] = SoftLine(f"{above.text} {part.text}", above.skip)
    return joined


def tabbed(text: str) -> list[str]:
    """The cells of a line whose columns tabs set; none where it has no tab between words."""
    cells = [" ".join(cell.split()) for cell in text.split("\t")]
    filled = [cell for cell in cells if cell]
    return filled if len(filled) > 1 and not _line(" ".join(text.split())).skip else []


def is_first_of_table(cells: Sequence[str]) -> bool:
    """Whether a line of columns may begin a table: it names them, or begins with a label."""
    return _names_columns(cells) or (len(cells) == 2 and is_label(cells[0]))


def table_of(rows: Sequence[Sequence[str]]) -> tuple[bool, bool]:
    """Whether lines of columns are a table, and whether the first names its columns."""
    if len(rows) > 1 and _names_columns(rows[0]):
        return True, True
    return labels_run_down(rows), False


def _names_columns(cells: Sequence[str]) -> bool:
    return known_headings([Cell(0, 0, words) for words in cells]) >= 2


def _line(text: str) -> SoftLine:
    marked = MARKER.match(text)
    return SoftLine(text, marked.end() if marked and len(text) > marked.end() else 0)


def _is_field(text: str) -> bool:
    label, colon, value = text.partition(":")
    return bool(colon and value.strip()) and is_label(label)
