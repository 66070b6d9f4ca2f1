"""Reads e-mails: the words of the message, and what is attached to it."""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Iterable, Iterator
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage, Message, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from .refusal import ReadError

#: A header of an e-mail that is longer is cut before it is decoded, which takes memory and time without bound.
LONGEST_HEADER = 4_000

#: What is no text of a web page, and what begins and ends its body.
_UNSEEN = re.compile(r"<(style|script|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(r"<head\b.*?</head\s*>|<title\b.*?</title\s*>", re.IGNORECASE | re.DOTALL)
_BODY = re.compile(r"</?(?:html|head|body)\b[^>]*>|<!doctype[^>]*>", re.IGNORECASE)
#: Words by which the name of a post, team or body is told from a person's.
OFFICE = re.compile(
    r"\b(?:adviser|advisor|analyst|authority|board|borough|chair|clerk|co-?ordinator|commander|commissioner|committee"
    r"|communit\w+|consultation|council|department|director|enquiries|executive|feedback|forum|group|head of|inspector"
    r"|lead|licensing|manager|member|mailbox|network|office|officer|partner|partnership|police|policy|reviewer|safety"
    r"|scrutiny|secretariat|secretary|service|services|sergeant|superintendent|support|team|unit|democratic)\b",
    re.IGNORECASE,
)


def _short_header(name: str, value: str) -> Any:
    """Decode no more of a header than a person would read."""
    return HeaderRegistry()(name, value[:LONGEST_HEADER])


_MAIL_POLICY = email.policy.default.clone(header_factory=_short_header)


def mail_parts(data: bytes, name: str, passed_over: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Yield the message as a document and what is attached to it, each with its name.

    Args:
        data: the e-mail.
        name: what it is called.
        passed_over: takes (name, why) of what is not read.

    Raises:
        ReadError: it is no e-mail that can be read.

    """
    try:
        mail = email.message_from_bytes(data, policy=_MAIL_POLICY)
        message: list[tuple[str, bool]] = []  # the texts of the message in their order, and whether each is HTML
        attached: list[tuple[str, bytes]] = []
        for number, part in enumerate(_leaves(mail, name, passed_over)):
            if (words := _body_of(part)) is not None:
                message += [(words, part.get_content_type() == "text/html")] if words.strip() else []
                continue
            inner = _file_name(part)
            if part.get_content_maintype() == "image":
                passed_over.append((f"{name}!{inner or number}", "a picture"))
            elif part.get_content_type() == "message/rfc822":
                forwarded = part.get_payload(0)
                # The payload of this type is a message.
                attached.append((inner or f"forwarded-{number}.eml", forwarded.as_bytes()))  # type: ignore[union-attr]
            elif isinstance(payload := part.get_payload(decode=True), bytes):
                attached.append((inner or f"attachment-{number}", payload))
            else:
                passed_over.append((f"{name}!{inner or number}", f"a part of type {part.get_content_type()}"))
        if message:
            yield _message(_head_of(mail, name, passed_over), message)
        yield from attached
    except MemoryError:
        raise
    except Exception as error:  # the standard library raises many kinds over malformed headers, and over parts in parts
        raise ReadError(
            f"{name} is not an e-mail that can be read. Save its text and its attachments, and load these."
        ) from error


def _leaves(part: MIMEPart, name: str, passed_over: list[tuple[str, str]]) -> Iterator[MIMEPart]:
    """The parts of an e-mail in their order; of the forms in which the same text is sent, one."""
    if not part.is_multipart() or part.get_content_maintype() == "message":
        yield part
        return
    inner = list(part.iter_parts())
    if part.get_content_subtype() != "alternative":
        for each in inner:
            yield from _leaves(each, name, passed_over)
        return
    forms = [(each, list(_leaves(each, name, passed_over))) for each in inner]
    texts = [_words_of(leaves) for _, leaves in forms]
    most = max((len(words) for words in texts), default=0)
    # Plain text will do, unless it only says that there is another form.
    plainest = sorted(range(len(forms)), key=lambda n: forms[n][0].get_content_type() != "text/plain")
    best = next((n for n in plainest if texts[n] and len(texts[n]) >= 0.75 * most), 0)
    for n, (_, leaves) in enumerate(forms):
        if n == best:
            yield from leaves
            continue
        others = len(texts[n] - texts[best])
        if others:
            kind = forms[n][0].get_content_type()
            passed_over.append(
                (f"{name}!{kind}", f"the message in another form, with {others} words that were not read")
            )
        yield from (leaf for leaf in leaves if _body_of(leaf) is None and leaf.get_content_maintype() != "text")


def _body_of(part: MIMEPart) -> str | None:
    """The text of a part that is shown as the message or as part of it; None for an attachment."""
    shown = (
        part.get_content_type() in ("text/plain", "text/html") and not part.is_attachment() and not part.get_filename()
    )
    return _text_of(part) if shown else None


def _words_of(leaves: Iterable[MIMEPart]) -> set[str]:
    """The words of a form of a message."""
    words: set[str] = set()
    for leaf in leaves:
        text = _text_of(leaf) if leaf.get_content_maintype() == "text" else ""
        if leaf.get_content_type() == "text/html":
            text = html.unescape(_UNSEEN.sub(" ", text))
        words.update(re.findall(r"\w+", text.lower()))
    return words


def _file_name(part: Message) -> str:
    """The name of an attached file, as one name of a path in valid text."""
    name = (part.get_filename() or "").encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\\/\x00-\x1f]+", "_", name).strip()


def _message(head: tuple[str, list[str]], texts: list[tuple[str, bool]]) -> tuple[str, bytes]:
    """The message as a document: as text, or as a web page when a part of it is one."""
    if not any(is_html for _, is_html in texts):
        return "message.txt", _as_text(head, "\n\n".join(words for words, _ in texts))
    page = "\n".join(
        words if is_html else f"<pre>{'<br>'.join(html.escape(words).splitlines())}</pre>" for words, is_html in texts
    )
    return "message.html", _as_html(head, page)


def _text_of(body: MIMEPart) -> str:
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    for encoding in (body.get_content_charset() or "utf-8", "utf-8"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", errors="replace")


def _head_of(mail: EmailMessage, name: str, passed_over: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """The subject, and lines with the day and the sender.

    The sender is given only where it is a post, team or body, not a person.

    A header that cannot be read is passed over, with a word about it.
    """
    found = {}
    for header, read in (("Subject", _subject), ("Date", _day), ("From", _sender)):
        try:
            found[header] = read(str(mail.get(header) or ""))
        except MemoryError:
            raise
        except Exception:  # see `_mail_parts`
            passed_over.append((f"{name}!{header}", "a header that cannot be read"))
    return found.get("Subject", ""), [f"{header}: {found[header]}" for header in ("Date", "From") if found.get(header)]


def _subject(header: str) -> str:
    return " ".join(header.split())


def _day(header: str) -> str:
    """The day, or '' where the header is no date."""
    try:
        return parsedate_to_datetime(header).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _sender(header: str) -> str:
    """The post, team or body that the header names, or ''."""
    for shown, address in getaddresses([header])[:1]:
        who = " ".join(shown.split()) or re.sub(r"[._-]+", " ", address.partition("@")[0])
        if OFFICE.search(who):
            return who
    return ""


def _as_text(head: tuple[str, list[str]], words: str) -> bytes:
    subject, lines = head
    return "\n\n".join(p for p in (subject, "\n".join(lines), words.replace("\r\n", "\n").lstrip("\n")) if p).encode(
        "utf-8", "replace"
    )


def _as_html(head: tuple[str, list[str]], page: str) -> bytes:
    subject, lines = head
    title = html.escape(subject)
    above = f"<h1>{title}</h1>" * bool(title) + "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    inner = _BODY.sub("", _HEAD.sub("", page))  # words may stand before and behind the body, as in replies
    return f"<!doctype html><html><head><title>{title}</title></head><body>{above}{inner}</body></html>".encode(
        "utf-8", "replace"
    )
