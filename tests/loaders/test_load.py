"""Loading files, folders and what holds documents of its own, in this process and in children."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from conftest import RULES
from make_office import docx, packed, paragraph

from goldenthread.graph import Store
from goldenthread.graph.exchange.jsonl import records
from goldenthread.loaders.load import Options, load
from goldenthread.loaders.report import LoadReport
from goldenthread.ontology import Ontology

WORD = docx(
    paragraph("Community Safety Plan 2024-2027", "Title"),
    paragraph("Priority 1: Fewer burglaries", "Heading1"),
    paragraph("Led by the Police."),
)


def loaded(store: Store, ontology: Ontology, folder: Path, workers: int = 0) -> LoadReport:
    return load(store, ontology, [folder], folder, Options(readers=RULES, partnership="Harrowmere"), workers=workers)


def test_a_zip_and_a_mail_give_the_documents_that_they_hold(store: Store, ontology: Ontology, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "For the board"
    mail.set_content("Residents told us that they worry about fly-tipping.\n")
    mail.add_attachment(WORD, maintype="application", subtype="octet-stream", filename="plan.docx")
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "board.eml").write_bytes(mail.as_bytes())
    (folder / "pack.zip").write_bytes(
        packed({"minutes/june.txt": b"Members were concerned about speeding.\n", "photo.png": b"\x89PNG\r\n"})
    )
    report = loaded(store, ontology, folder)
    places = [d.path for d in store.documents()]
    assert "pack.zip!minutes/june.txt" in places
    assert "board.eml!plan.docx" in places
    assert any("photo.png" in path for path, _ in report.passed_over)
    assert not report.failed


@pytest.mark.parametrize("workers", [1, 2])
def test_children_read_as_this_process_does(store: Store, ontology: Ontology, tmp_path: Path, workers: int) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "plan.docx").write_bytes(WORD)
    (folder / "damaged.docx").write_bytes(WORD[:400])
    for number in range(5):
        (folder / f"minutes-{number}.txt").write_text(
            f"Item {number}: residents are concerned about begging.\n", encoding="utf-8"
        )
    report = loaded(store, ontology, folder, workers)
    in_children = list(records(store, False))
    assert [Path(path).name for path, _ in report.failed] == ["damaged.docx"]
    for document in [d.id for d in store.documents()]:
        store.forget(document)
    assert loaded(store, ontology, folder).stated == report.stated
    assert list(records(store, False)) == in_children


def test_a_file_that_takes_too_long_is_named_as_the_person_knows_it(
    store: Store, ontology: Ontology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goldenthread.loaders.load.SECONDS", 0.05)
    (tmp_path / "long.txt").write_text("Residents were concerned about fly-tipping.\n\n" * 20_000, encoding="utf-8")
    ((name, why),) = loaded(store, ontology, tmp_path, workers=1).failed
    assert name.endswith("long.txt")
    assert why.startswith(f"{name} was not read within")
    assert "--workers 0" in why


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (
            "HARROWMERE BOROUGH COUNCIL\nCommunities Scrutiny Committee\nThursday, 14 November 2024",
            "HARROWMERE BOROUGH COUNCIL: Communities Scrutiny Committee",
        ),
        (
            "Safer Harrowmere Partnership\n\nBoard workshop, 30 November 2023",
            "Safer Harrowmere Partnership: Board workshop, 30 November 2023",
        ),
        (
            "Safer Harrowmere Partnership\n\nWednesday, 18 September 2024\n\nVenue: Corn Hall",
            "Safer Harrowmere Partnership",
        ),
        ("Safer Harrowmere Partnership\n\nResidents told us much this year.", "Safer Harrowmere Partnership"),
        ("Safer Harrowmere Plan 2024-2027\n\nHarrowmere Borough Council", "Safer Harrowmere Plan 2024-2027"),
    ],
)  # fmt: skip
def test_a_title_says_which_paper_of_a_bodys_it_is(
    store: Store, ontology: Ontology, tmp_path: Path, head: str, title: str
) -> None:
    (tmp_path / "paper.txt").write_text(
        head + "\n\nResidents were worried about speeding, and asked the Board to act on it.\n", encoding="utf-8"
    )
    loaded(store, ontology, tmp_path)
    assert [document.title for document in store.documents()] == [title]


def test_what_was_said_of_a_document_stays_with_it_until_something_else_is_said(
    store: Store, ontology: Ontology, tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "notes.txt").write_text("Residents were concerned about fly-tipping.\n", encoding="utf-8")

    def said(options: Options) -> tuple[str, str | None]:
        load(store, ontology, [folder], folder, options)
        (document,) = store.documents()
        return document.partnership, document.date

    assert said(Options(readers=RULES, partnership="Harrowmere", date="2024-05-01")) == ("harrowmere", "2024-05-01")
    assert load(store, ontology, [folder], folder, Options(readers=RULES)).unchanged == ["notes.txt"]
    assert said(Options(readers=RULES)) == ("harrowmere", "2024-05-01")
    assert said(Options(readers=RULES, date="2024-06-01")) == ("harrowmere", "2024-06-01")
    (folder / "notes.txt").write_text("Residents were concerned about begging.\n", encoding="utf-8")
    assert said(Options(readers=RULES)) == ("harrowmere", "2024-06-01")
    assert said(Options(readers=RULES, partnership="Oakvale")) == ("oakvale", "2024-06-01")
    store.forget("document/notes.txt")
    assert said(Options(readers=RULES))[0].startswith("not-stated/")
