"""ZIPs and e-mails: the documents in them, and what is passed over."""

from __future__ import annotations

import email.policy
import io
import zipfile
from email.message import EmailMessage
from pathlib import PurePosixPath

import pytest
from make_office import docx, packed, paragraph, sheet_xml

from goldenthread.loaders.formats import containers
from goldenthread.loaders.formats.containers import kind_of, members, refusal
from goldenthread.loaders.formats.refusal import ReadError


def mail(
    body: str = "The pond is deep.\n", *, sender: str = "Parks Team <parks@ambleford.example>", html: str | None = None
) -> EmailMessage:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = sender
    message["To"] = "clerk@ambleford.example"
    message["Subject"] = "Worries about – the pond"
    message["Date"] = "Wed, 18 Jun 2025 09:30:00 +0100"
    message["Message-ID"] = "<1@ambleford.example>"
    if body:
        message.set_content(body)
    if html is not None:
        message.add_alternative(html, subtype="html") if body else message.set_content(html, subtype="html")
    return message


def names(data: bytes, name: str = "bundle.zip") -> list[str]:
    return [each for each, _ in members(data, name).documents]


def test_the_kind_is_known_by_the_bytes() -> None:
    word = docx(paragraph("x"))
    found = {
        "docx": word, "xlsx": sheet_xml("<sheetData/>"), "zip": packed({"a.txt": b"a"}), "eml": mail().as_bytes(),
        "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "unread office": packed({"ppt/presentation.xml": b""}), None: b"Date: 3 May\nVenue: the hall\n\nMinutes",
    }  # fmt: skip
    assert {kind: kind_of(data, "file.txt") for kind, data in found.items()} == {kind: kind for kind in found}
    assert kind_of(b"Subject: ponds\n\nDeep.", "note.eml") == "eml"


def test_the_documents_of_a_zip_are_named_by_their_place_in_order() -> None:
    data = packed(
        {"plans/b.md": b"# B", "a.txt": b"A", "__MACOSX/._a.txt": b"", "plans/~$b.docx": b"", ".DS_Store": b""}
    )
    found = members(data, "bundle.zip")
    assert found.documents == [("bundle.zip!a.txt", b"A"), ("bundle.zip!plans/b.md", b"# B")]
    assert {PurePosixPath(name).name for name, why in found.passed_over if why == "hidden"} == {
        "._a.txt",
        "~$b.docx",
        "bundle.zip!.DS_Store",
    }


@pytest.mark.parametrize("name", ["bundle.zip", "message.eml"])
def test_a_container_without_a_byte_is_empty_and_not_damaged(name: str) -> None:
    with pytest.raises(ReadError, match=rf"^{name} is empty"):
        members(b"", name)


@pytest.mark.parametrize("name", ["../plan.txt", "/etc/plan.txt", "C:\\plan.txt", "a\\..\\..\\plan.txt"])
def test_a_name_that_leads_outside_is_passed_over(name: str) -> None:
    found = members(packed({name: b"x", "good.txt": b"y"}), "bundle.zip")
    assert [each for each, _ in found.documents] == ["bundle.zip!good.txt"]
    assert found.passed_over[0][1] == "its name leads outside the container"


def test_a_zip_in_a_zip_is_opened_once_and_not_deeper() -> None:
    inner = packed({"deep.zip": packed({"c.txt": b"c"}), "b.txt": b"b"})
    found = members(packed({"inner.zip": inner, "plan.docx": docx(paragraph("x"))}), "outer.zip")
    assert [each for each, _ in found.documents] == ["outer.zip!inner.zip!b.txt", "outer.zip!plan.docx"]
    assert [each for each, why in found.passed_over if "container in a container" in why] == [
        "outer.zip!inner.zip!deep.zip"
    ]


def test_a_damaged_file_in_a_zip_costs_that_file() -> None:
    data = bytearray(packed({"a.txt": b"All is well by the pond.", "b.txt": b"B"}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        at = archive.getinfo("a.txt").header_offset + 30 + len("a.txt")
    data[at] ^= 0xFF
    found = members(bytes(data), "bundle.zip")
    assert [each for each, _ in found.documents] == ["bundle.zip!b.txt"]
    assert found.passed_over == [("bundle.zip!a.txt", "damaged")]


def test_too_much_is_refused_or_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReadError, match="more than a document can be"):
        members(packed({"bomb.txt": b"0" * 30_000_000}), "bomb.zip")
    monkeypatch.setattr(containers, "MOST_DOCUMENTS", 2)
    found = members(packed({f"{n}.txt": b"x" for n in range(4)}), "bundle.zip")
    assert len(found.documents) == 2
    assert all("load the folder" in why for _, why in found.passed_over)


def test_an_e_mail_gives_its_words_and_attachments_and_not_who_the_person_is() -> None:
    message = mail(sender="Jo Bloggs <jo.bloggs@ambleford.example>", html="<p>The pond is deep.</p>")
    message.add_attachment(docx(paragraph("x")), maintype="application", subtype="octet-stream", filename="plan.docx")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    found = members(message.as_bytes(), "mail.eml")
    assert [name for name, _ in found.documents] == ["mail.eml!message.txt", "mail.eml!plan.docx"]
    assert found.documents[0][1].decode() == "Worries about – the pond\n\nDate: 2025-06-18\n\nThe pond is deep.\n"
    assert found.passed_over == [("mail.eml!logo.png", "a picture")]


def test_an_e_mail_of_a_team_says_so_and_one_in_html_is_a_page() -> None:
    ((name, page),) = members(
        mail("", html="<html><body><p>The pond is deep &amp; cold.</p></body></html>").as_bytes(), "mail.eml"
    ).documents
    assert name == "mail.eml!message.html"
    assert (
        b"<h1>Worries about \xe2\x80\x93 the pond</h1><p>Date: 2025-06-18</p><p>From: Parks Team</p>"
        b"<p>The pond is deep &amp; cold.</p>" in page
    )


def test_a_zip_and_a_forwarded_e_mail_that_are_attached_are_opened() -> None:
    message = mail()
    message.add_attachment(packed({"a.txt": b"a"}), maintype="application", subtype="zip", filename="papers.zip")
    message.add_attachment(mail("An older worry.\n"))
    assert names(message.as_bytes(), "mail.eml") == [
        "mail.eml!message.txt",
        "mail.eml!papers.zip!a.txt",
        "mail.eml!forwarded-2.eml!message.txt",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"MIME-Version: 1.0\nMessage-ID: x\nContent-Type: text/plain; charset=nonsense\nDate: never\n\nWords \xff",
        b"MIME-Version: 1.0\nReceived: x\nContent-Type: multipart/mixed\n\nWords",
    ],
)
def test_malformed_e_mails_do_not_raise_what_nobody_expects(data: bytes) -> None:
    try:
        found = members(data, "mail.eml")
    except ReadError:
        return
    assert all(b"Words" in inner for _, inner in found.documents)


def test_why_an_old_file_is_refused() -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert "protected with a password" in str(refusal(head + "EncryptedPackage".encode("utf-16-le"), "a.docx"))
    assert "Outlook message" in str(refusal(head + "__substg1.0_".encode("utf-16-le"), "a.msg"))
    assert "before 2007" in str(refusal(head, "a.doc"))
    assert "type that is not read" in str(refusal(packed({"ppt/p.xml": b""}), "a.pptx"))
