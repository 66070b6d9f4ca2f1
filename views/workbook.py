"""A workbook for Excel: gaps, owners, coverage and evidence, each on a sheet with filters and a header that stays.

Every text is written as text: nothing that a document says can become a formula or a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap
from typing import Any, BinaryIO, TypeAlias

from ..ontology import GoldenthreadError
from .scene import Scene, evidence_of, flag_of
from .wording import first_up, printable

Cell: TypeAlias = str | int | None
#: The most that a sheet and a cell of Excel can hold.
_ROWS, _CHARACTERS = 1_048_575, 32_767
#: Widths of columns, in characters.
_WIDTHS = {
    "Words": 70, "What is missing": 50, "What to do": 40, "Item": 34, "Issue": 28, "Subject": 32, "Object": 32,
    "In the plan as": 38, "Document": 36, "Path": 36, "Title": 44, "Owner": 34, "Partnership": 36, "Theme": 34,
    "Value": 80, "Covered by": 44, "What": 24, "Missing": 22, "Only narrower": 36, "Relation": 20, "Gap": 24,
    "Quotes": 8, "Page": 12, "Start": 8, "End": 8, "Date": 12, "Severity": 13, "Type": 12,
}  # fmt: skip
_WIDTH = 16
#: Heights of a line and of the tallest row, in points.
_LINE, _TALLEST = 15, 409
_STANCES = ("concern", "request", "support", "reported", "decrease")


@dataclass(frozen=True, slots=True)
class Part:
    """What the workbook says of one partnership."""

    scene: Scene
    owned: Sequence[Mapping[str, Any]]  #: see `queries.ownership.Owned.to_json`
    fingerprint: str


def write_workbook(parts: Sequence[Part], file: BinaryIO) -> None:
    """Write the workbook.

    Args:
        parts: one for each partnership.
        file: open for bytes.

    Raises:
        GoldenthreadError: a sheet would have more rows than Excel can open.

    """
    import xlsxwriter  # type: ignore[import-untyped]  # it has no types

    sheets: dict[str, tuple[tuple[str, ...], list[tuple[Cell, ...]]]] = {
        "Gaps": (_GAPS, [row for part in parts for row in _gaps(part)]),
        "Owners": (_OWNERS, [row for part in parts for row in _owners(part)]),
        "Coverage": (_COVERAGE, [row for part in parts for row in _coverage(part)]),
        "Evidence": (_EVIDENCE, [row for part in parts for row in _evidence(part)]),
        "Documents": (_DOCUMENTS, [row for part in parts for row in _documents(part)]),
        "About": (_ABOUT, [row for part in parts for row in _about(part)]),
    }
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        # A workbook says when it was made; ours are the same on any day.
        book.set_properties({"created": datetime(2000, 1, 1), "author": "goldenthread"})
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E7E6E1", "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for name, (columns, rows) in sheets.items():
            _write_sheet(book.add_worksheet(name), columns, rows, head, plain)


def _write_sheet(sheet: Any, columns: Sequence[str], rows: Sequence[tuple[Cell, ...]], head: Any, plain: Any) -> None:
    if len(rows) > _ROWS:
        raise GoldenthreadError(
            f"{len(rows):,} rows are more than a sheet of Excel can hold. Choose one partnership with --partnership, "
            "or export csv."
        )
    widths = [_WIDTHS.get(name, _WIDTH) for name in columns]
    for number, (name, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.write_string(0, number, name, head)
        sheet.set_column(number, number, width)
    for line, row in enumerate(rows, start=1):
        lines = max(_lines(cell, width) for cell, width in zip(row, widths, strict=True))
        sheet.set_row(line, min(lines * _LINE, _TALLEST))
        for number, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, number, printable(cell)[:_CHARACTERS], plain)
            elif cell is not None:
                sheet.write_number(line, number, cell, plain)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _lines(cell: Cell, width: int) -> int:
    """The lines that a cell takes: LibreOffice does not give rows the height of what is wrapped in them."""
    return sum(max(1, len(wrap(line, width))) for line in cell.splitlines()) or 1 if isinstance(cell, str) else 1


# In each sheet what a row is about comes first, since the first column stays when the sheet is moved.

_GAPS = (
    "Item",
    "Type",
    "Severity",
    "Gap",
    "What is missing",
    "What to do",
    "Words",
    "Document",
    "Page",
    "Quotes",
    "Rule",
    "Partnership",
)


def _gaps(part: Part) -> Iterator[tuple[Cell, ...]]:
    for gap in part.scene.gaps:
        flag, marks = flag_of(gap), evidence_of(gap, part.scene)
        first = marks[0] if marks else None
        yield (
            gap["label"], gap["type"], flag.severity_in_words, flag.name, flag.message, flag.hint,
            first.quote if first else None, first.source.title if first else None, first.place if first else None,
            len(marks), flag.rule, part.scene.label,
        )  # fmt: skip


_OWNERS = (
    "Issue",
    "Theme",
    "In the plan as",
    "About",
    "Under",
    "Owner",
    "Kind of owner",
    "How",
    "Missing",
    "Partnership",
)


def _owners(part: Part) -> Iterator[tuple[Cell, ...]]:
    for row in part.owned:
        item = part.scene.items[row["issue"]]
        missing = "; ".join(flag.short for flag in item.flags if flag.broken) or None
        for answer in row["answers"] or [{"label": None, "via": None, "under": None, "owners": []}]:
            start = (item.label, first_up(item.theme), answer["label"], answer["via"] or None, answer["under"])
            for owner in answer["owners"] or [{"label": None, "type": None, "how": None}]:
                yield (*start, owner["label"], owner["type"], owner["how"], missing, part.scene.label)


_COVERAGE = (
    "Issue", "Theme", "State", "Has an owner", *(f"Sources: {stance}" for stance in _STANCES), "Covered by",
    "Only narrower", "Partnership",
)  # fmt: skip


def _coverage(part: Part) -> Iterator[tuple[Cell, ...]]:
    for row in part.owned:
        item = part.scene.items[row["issue"]]
        covered = "\n".join(a["label"] + (f" (about {a['via']})" if a["via"] else "") for a in row["answers"])
        narrower = "\n".join(f"{n['label']} (about {n['via']})" for n in row["narrower"])
        owner = None if row["state"] == "not stated" else "yes" if row["owner"] == "stated" else row["owner"]
        counts = (row["raised"].get(stance) for stance in _STANCES)
        yield (
            item.label,
            first_up(item.theme),
            row["state"],
            owner,
            *counts,
            covered or None,
            narrower or None,
            part.scene.label,
        )


_EVIDENCE = (
    "Subject", "Kind", "Relation", "Object", "Kind of object", "Status", "Words", "Document", "Page", "Date", "Path",
    "Start", "End", "Partnership",
)  # fmt: skip


def _evidence(part: Part) -> Iterable[tuple[Cell, ...]]:
    for link in part.scene.links:
        for words in link.words:
            mark, document = words.mark, words.mark.source.document
            yield (
                link.subject.label, link.subject.kind, link.relation, link.object.label, link.object.kind,
                link.status_by(words), mark.quote, mark.source.title, mark.place or None, document.date, document.path,
                mark.start, mark.end, part.scene.label,
            )  # fmt: skip


_DOCUMENTS = ("Title", "Path", "Date", "Kind", "SHA-256", "Partnership")


def _documents(part: Part) -> Iterable[tuple[Cell, ...]]:
    return ((d.title or d.path, d.path, d.date, d.kind, d.sha256, part.scene.label) for d in part.scene.documents)


_ABOUT = ("What", "Value", "Partnership")


def _about(part: Part) -> Iterator[tuple[Cell, ...]]:
    yield "Finding", part.scene.finding, part.scene.label
    yield "Fingerprint of the data", part.fingerprint, part.scene.label
    for reason in part.scene.not_checked:
        yield "Not checked", reason, part.scene.label
    yield (
        "What is missing",
        "A missing link means that these documents do not state it. It does not mean that nobody does the work.",
        part.scene.label,
    )  # fmt: skip
