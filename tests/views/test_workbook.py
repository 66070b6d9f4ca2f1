"""The workbook: gaps, owners, coverage and evidence as Excel opens them, all as text."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from graphs import small_ontology, store_of
from pages import PLAN, hostile_store

from goldenthread.graph import Store
from goldenthread.ontology import GoldenthreadError
from goldenthread.services.scenes import workbook_parts
from goldenthread.views import workbook
from goldenthread.views.workbook import write_workbook


def written(store: Store) -> bytes:
    out = io.BytesIO()
    write_workbook(workbook_parts(store, small_ontology(), None), out)
    return out.getvalue()


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    with store_of(tmp_path, PLAN) as store:
        return written(store)


def rows(data: bytes, sheet: str) -> list[dict[str, Any]]:
    lines = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows()]
    return [dict(zip(map(str, lines[0]), line, strict=True)) for line in lines[1:]]


def test_the_sheets_hold_what_the_pages_show(data: bytes) -> None:
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == [
        "Gaps",
        "Owners",
        "Coverage",
        "Evidence",
        "Documents",
        "About",
    ]
    gap = next(row for row in rows(data, "Gaps") if row["Rule"] == "uncovered-issue")
    assert (gap["Severity"], gap["Item"], gap["Words"]) == (
        "Serious gap",
        "bike theft",
        "Source:residents raises/concern Issue:bike-theft",
    )
    owners = {
        (row["Issue"], row["In the plan as"], row["Owner"], row["How"], row["Missing"]) for row in rows(data, "Owners")
    }
    assert ("graffiti", "safe streets", "police", "leads", None) in owners
    assert ("noise", "quiet nights", None, None, "No owner") in owners
    assert ("bike theft", None, None, None, "No priority") in owners
    coverage = {
        row["Issue"]: (row["State"], row["Has an owner"], row["Sources: concern"]) for row in rows(data, "Coverage")
    }
    assert coverage["graffiti"] == ("covered", "yes", None)
    assert coverage["noise"] == ("covered", "not stated", 1)
    evidence = next(row for row in rows(data, "Evidence") if row["Relation"] == "leads")
    assert (evidence["Subject"], evidence["Object"], evidence["Page"]) == ("police", "safe streets", "page 2")


def test_every_sheet_has_a_header_that_stays_and_filters(data: bytes) -> None:
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")


RUNNABLE = (
    "=HYPERLINK(1)", "{=1+1}", "+1+1", "-1+1", "@SUM(1)", "https://example.org", "mailto:a@example.org", "ftp://x",
    "internal:Gaps!A1", "external:c:/x.xlsx", "007", "1e5",
)  # fmt: skip


def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path: Path) -> None:
    lines = "\n".join(f"Partner:{words} leads Priority:p" for words in RUNNABLE)
    for made in (store_of(tmp_path, lines), hostile_store(tmp_path)):
        with made as store:
            data = written(store)
        assert rows(data, "Evidence")
        for sheet in openpyxl.load_workbook(io.BytesIO(data)):
            cells = [cell for row in sheet.iter_rows() for cell in row]
            assert {cell.data_type for cell in cells if isinstance(cell.value, str)} <= {"s"}
            assert not any(cell.hyperlink for cell in cells)
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            assert not [
                name for name in book.namelist() if name.startswith(("xl/worksheets/_rels", "xl/externalLinks"))
            ]
            for name in (name for name in book.namelist() if name.startswith("xl/worksheets/")):
                assert not re.search(rb"<f[ >]|hyperlink", book.read(name))


def test_the_workbook_is_the_same_every_time(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN) as store:
        assert written(store) == written(store)


def test_more_rows_than_excel_opens_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_ROWS", 3)
    with (
        store_of(tmp_path, PLAN) as store,
        pytest.raises(GoldenthreadError, match="more than a sheet of Excel can hold"),
    ):
        written(store)
