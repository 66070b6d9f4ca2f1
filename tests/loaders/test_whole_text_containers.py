"""E-mails and ZIPs lose nothing that they hold without saying so; see test_whole_text.py."""

from __future__ import annotations

from collections.abc import Callable
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from make_office import packed
from words import read, said

from goldenthread.loaders.formats.containers import members


def multipart(kind: str, *parts: MIMEText | MIMEMultipart) -> MIMEMultipart:
    made = MIMEMultipart(kind)
    for part in parts:
        made.attach(part)
    return made


def text(words: str, kind: str = "plain", name: str = "") -> MIMEText:
    made = MIMEText(words, kind, "utf-8")
    if name:
        made.add_header("Content-Disposition", "attachment", filename=name)
    return made


def contents(mail: MIMEMultipart | MIMEText) -> tuple[list[tuple[str, list[str]]], list[tuple[str, str]]]:
    """Of an e-mail, the name and words of each document, and what was passed over."""
    found = members(mail.as_bytes(), "mail.eml")
    return [
        (name.removeprefix("mail.eml!"), said(read(data, name))) for name, data in found.documents
    ], found.passed_over


def html_mail(words: str) -> MIMEText:
    return text(f"<html><body><p>{words}</p></body></html>", "html")


@pytest.mark.parametrize(
    ("make", "documents"),
    [
        (
            lambda: multipart("mixed", html_mail("The Ranger leads."), text("Sent by the council.")),
            [("message.html", ["The Ranger leads.", "Sent by the council."])],
        ),
        (
            lambda: multipart(
                "mixed", text("The Ranger leads."), text("Aim,Lead\nx,y\n", "csv", "a.csv"), text("Until May.")
            ),
            [("message.txt", ["The Ranger leads.", "Until May."]), ("a.csv", ["Aim", "Lead", "x", "y"])],
        ),
        (
            lambda: multipart(
                "signed", multipart("mixed", text("The Ranger leads."), text("The plan.", name="plan.txt"))
            ),
            [("message.txt", ["The Ranger leads."]), ("plan.txt", ["The plan."])],
        ),
        (
            lambda: multipart(
                "mixed", multipart("related", html_mail("The Ranger leads."), text("The plan.", name="plan.txt"))
            ),
            [("message.html", ["The Ranger leads."]), ("plan.txt", ["The plan."])],
        ),
        (
            lambda: multipart("alternative", text(" \n"), html_mail("The Ranger leads.")),
            [("message.html", ["The Ranger leads."])],
        ),
        (
            lambda: multipart("alternative", text("The Ranger leads."), html_mail("The Ranger leads.")),
            [("message.txt", ["The Ranger leads."])],
        ),
        (lambda: text("The plan.", name="plan.txt"), [("plan.txt", ["The plan."])]),
    ],
)
def test_every_part_of_an_e_mail_is_read_once_in_its_place(
    make: Callable[[], MIMEMultipart], documents: list[tuple[str, list[str]]]
) -> None:
    assert contents(make()) == (documents, [])


def test_the_fuller_form_of_a_message_is_read_and_what_the_other_says_is_told() -> None:
    found = contents(
        multipart(
            "alternative", text("See the web version."), html_mail("The Ranger leads the parks plan until May 2026.")
        )
    )
    assert found == (
        [("message.html", ["The Ranger leads the parks plan until May 2026."])],
        [("mail.eml!text/plain", "the message in another form, with 3 words that were not read")],
    )


def test_what_stands_outside_the_body_of_a_mailed_page_is_read() -> None:
    reply = (
        "<html><body><p>I agree.</p></body></html><p>Scanned for viruses.</p>"
        "<html><body><p>The Ranger leads.</p></body></html>"
    )
    assert contents(text(reply, "html")) == (
        [("message.html", ["I agree.", "Scanned for viruses.", "The Ranger leads."])],
        [],
    )


def test_a_part_of_a_zip_is_read_as_it_would_be_alone() -> None:
    data = packed(
        {
            "a.csv": b"\xef\xbb\xbf" + b'"Priority, aim",Lead\n"Parks, ponds",Ranger\n',
            "deep/b.md": b"    Lead: Ranger\n",
        }
    )
    documents = members(data, "all.zip").documents
    assert [said(read(inner, name)) for name, inner in documents] == [
        ["Priority, aim", "Lead", "Parks, ponds", "Ranger"],
        ["Lead: Ranger"],
    ]
