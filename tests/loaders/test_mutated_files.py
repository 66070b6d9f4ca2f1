"""Files of all formats with random faults: each ends in success or in one error that names it, and the load goes on."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from conftest import RULES
from make_office import docx, packed, paragraph
from make_pdf import Paper
from openpyxl import Workbook

from goldenthread.examples.demo import copy_documents
from goldenthread.graph import open_store
from goldenthread.graph.audit import audit
from goldenthread.graph.exchange.jsonl import write_jsonl
from goldenthread.loaders.load import Options, load
from goldenthread.loaders.report import LoadReport
from goldenthread.ontology import Ontology

#: What breaks parsers, put in at random places.
TOKENS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b"]]>", b"<!--", b"<table><tr><td>", b"</td>", b'"', b"'", b"&#xD800;",
    b"&#0;", b"&x;", b"\r", b"\n\n", b"|", b"\t", b"\xe2\x9f\xa6P1\xe2\x9f\xa7", b"%PDF-", b"PK\x03\x04", b"endobj",
    b"stream\n", b"(" * 300, b"> " * 40, b"<div>" * 300, b"- " * 30, b"colspan='\xc2\xb2' ", b"9" * 30, b"-1",
    b"=?utf-8?b?", b"Content-Type: multipart/mixed\n", b"\x1b[2J",
    "\u202e".encode(), "\u2028".encode(), b" " * 3000,
)  # fmt: skip


def originals(folder: Path) -> dict[str, bytes]:
    """A file of each format, by its ending; the text formats are the example borough's."""
    documents = copy_documents(folder)
    found = {path.suffix: path.read_bytes() for path in sorted(documents.iterdir()) if path.is_file()}
    found[".tsv"] = found[".csv"].replace(b",", b"\t")
    found[".docx"] = docx(
        paragraph("Community Safety Plan 2024-2027", "Title"),
        paragraph("Priority 1: Fewer burglaries", "Heading1"),
        paragraph("The Burglary Board leads on burglary, and Westmarch Police support it."),
    )
    found[".xlsx"] = workbook()
    found[".pdf"] = pdf()
    found[".eml"] = mail(found[".docx"])
    found[".zip"] = packed(
        {"plan.docx": found[".docx"], "notes/minutes.txt": found[".txt"], "plan.xlsx": found[".xlsx"]}
    )
    return found


def workbook() -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (("Priority", "Action", "Lead", "Due"), ("Burglary", "Mark bicycles", "Westmarch Police", "31/03/2025")):
        sheet.append(row)
    sheet.merge_cells("A3:B4")
    book.save(buffer)
    return buffer.getvalue()


def pdf() -> bytes:
    paper = Paper(title="Community Safety Plan 2024-2027")
    paper.heading("Priority 1: Fewer burglaries")
    paper.paragraph("The Burglary Board leads on burglary.")
    paper.table([100, 200], [["Action", "Lead"], ["Mark bicycles", "Westmarch Police"]])
    paper.page()
    paper.items("Residents were concerned about arson.", "They asked for more patrols.")
    return paper.bytes()


def mail(attachment: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Community Safety Team <team@harrowmere.example>", "Worries about the pond"
    message["Message-ID"], message["Date"] = "<1@harrowmere.example>", "Wed, 18 Jun 2025 09:30:00 +0100"
    message.set_content("Residents were concerned about arson by the pond.\n")
    message.add_attachment(attachment, maintype="application", subtype="octet-stream", filename="plan.docx")
    return message.as_bytes()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` with one to six faults; every other ZIP package has them inside its parts, where its parsers meet them."""
    if data.startswith(b"PK") and chance.random() < 0.6:
        return repacked(data, chance)
    work = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(work) + 1), chance.choice((1, 2, 8, 64, 500))
        kind = chance.randrange(6)
        if kind == 0:
            work[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del work[at : at + length]
        elif kind == 2:
            work[at:at] = chance.choice(TOKENS)
        elif kind == 3:
            work[at:at] = work[at : at + length] * chance.choice((1, 3, 40))
        elif kind == 4:
            del work[at:]
        else:
            other = chance.randrange(len(work) + 1)
            work[other:other] = work[at : at + length]
    return bytes(work)


def repacked(data: bytes, chance: random.Random) -> bytes:
    """A package in which one part has faults, or is gone, or is there twice."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    name = chance.choice(sorted(parts))
    buffer = io.BytesIO()
    with zipfile.ZipFile(
        buffer, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA))
    ) as new:
        for each, part in parts.items():
            if each != name:
                new.writestr(each, part)
            elif (fault := chance.randrange(4)) < 2:
                new.writestr(each, mutated(part, chance))
            elif fault == 2:
                new.writestr(each.upper(), part)
    return buffer.getvalue()


@pytest.fixture
def load_mutations(tmp_path: Path, ontology: Ontology) -> Callable[[int, int], tuple[list[str], LoadReport]]:
    """Load `count` mutated files of each format in `workers` children; return their names and what became of them."""

    def run(count: int, workers: int) -> tuple[list[str], LoadReport]:
        folder = tmp_path / "papers"
        folder.mkdir()
        names = []
        for suffix, data in originals(tmp_path).items():
            for number in range(count):
                name = f"{suffix[1:]}-{number:03}{suffix}"
                (folder / name).write_bytes(mutated(data, random.Random(name)))
                names.append(name)
        with open_store(str(tmp_path / "goldenthread.db"), ontology, create=True) as store:
            report = load(
                store, ontology, [folder], folder, Options(readers=RULES, partnership="Harrowmere"), workers=workers
            )
            assert audit(store, folder).passed
            buffer = io.BytesIO()
            write_jsonl(store, buffer, with_text=True)
            assert buffer.getvalue().count(b'"kind":"document"') == len(report.added)
        return names, report

    return run


def check(names: list[str], report: LoadReport) -> None:
    """Every file ended in success or in one error with a reason, and a container with a word on each document in it."""
    failed = [Path(path).name for path, _ in report.failed]
    told = {
        Path(name.split("!")[0]).name for name in (*report.added, *(path for path, _ in report.passed_over), *failed)
    }
    assert told >= set(names)
    for name in (n for n in names if not n.endswith((".zip", ".eml"))):
        assert ([Path(p).name for p in report.added].count(name), failed.count(name)) in ((1, 0), (0, 1)), name
    # An error that nobody foresaw says so, and what to do; there are to be few.
    unforeseen = [why for _, why in report.failed if "report this" in why or "stopped the reader" in why]
    assert len(unforeseen) <= len(names) / 100, sorted(set(unforeseen))


def test_mutated_files_end_in_success_or_one_named_error(
    load_mutations: Callable[[int, int], tuple[list[str], LoadReport]],
) -> None:
    check(*load_mutations(6, 0))


@pytest.mark.slow
def test_two_thousand_mutated_files_in_children(
    load_mutations: Callable[[int, int], tuple[list[str], LoadReport]],
) -> None:
    names, report = load_mutations(200, 2)
    assert len(names) == 2000
    check(names, report)
