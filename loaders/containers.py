"""Opens what holds other files: the package of a Word or Excel file, a ZIP of documents, an e-mail with its attachments."""

from __future__ import annotations

import email
import email.policy
import html
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage, Message, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal

from .reading import LARGEST, ReadError

if TYPE_CHECKING:
    from lxml.etree import _Element

#: What a ZIP may hold, unpacked; far more than any document of a partnership, far less than fills a laptop.
LARGEST_TOTAL = 200_000_000
#: An entry that is larger than this must not be packed more than `HIGHEST_RATIO` times.
LARGE_ENTRY = 10_000_000
HIGHEST_RATIO = 200
MOST_ENTRIES = 10_000
#: How many documents of one container are read.
MOST_DOCUMENTS = 1_000
#: A container in a container is opened; one in that is not.
DEEPEST = 1

Kind = Literal["docx", "xlsx", "zip", "eml", "old office", "unread office"]

#: A header of an e-mail that is longer is cut before it is decoded, which takes memory and time without bound.
LONGEST_HEADER = 4_000

#: What a damaged ZIP makes the standard library raise.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    IndexError, OSError,
)  # fmt: skip
_HIDDEN = re.compile(r"(?:^|/)(?:\.(?!\.?/)|__MACOSX/|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_OUTSIDE = re.compile(r"^(?:/|[A-Za-z]:)|(?:^|/)\.\.(?:/|$)|\x00")
_MAIL_HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_MAIL_SIGN = re.compile(rb"^(?:Received|MIME-Version|Message-ID|Return-Path|X-[A-Za-z-]+):", re.IGNORECASE | re.MULTILINE)
#: What is no text of a web page, and what begins and ends its body.
_UNSEEN = re.compile(r"<(style|script|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(r"<head\b.*?</head\s*>|<title\b.*?</title\s*>", re.IGNORECASE | re.DOTALL)
_BODY = re.compile(r"</?(?:html|head|body)\b[^>]*>|<!doctype[^>]*>", re.IGNORECASE)
#: Words by which the name of a post, team or body is told from a person's.
OFFICE = re.compile(
    r"\b(?:adviser|advisor|analyst|authority|board|borough|chair|clerk|co-?ordinator|commander|commissioner|committee|communit\w+|consultation|council|"
    r"department|director|enquiries|executive|feedback|forum|group|head of|inspector|lead|licensing|manager|member|mailbox|network|office|officer|"
    r"partner|partnership|police|policy|reviewer|safety|scrutiny|secretariat|secretary|service|services|sergeant|superintendent|support|team|unit|democratic)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a container holds."""

    documents: list[tuple[str, bytes]] = field(default_factory=list)  #: ('bundle.zip!folder/plan.docx', its bytes), by name
    passed_over: list[tuple[str, str]] = field(default_factory=list)  #: (name, why)


def kind_of(data: bytes, name: str) -> Kind | None:
    """What sort of container or Office file the bytes are; None when they are neither.

    `name` only helps to tell an e-mail that lacks the usual headers.

    Raises:
        ReadError: it is a ZIP that is damaged or too large to be opened.

    """
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "old office"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        names = set(Package(data, name).names)
        if "word/document.xml" in names or any(n.startswith("word/document") for n in names):
            return "docx"
        if any(n.lower().startswith("xl/workbook") and n.endswith(".xml") for n in names):
            return "xlsx"
        unread = any(n.startswith(("ppt/", "visio/", "xl/")) or n in ("mimetype", "Index/Document.iwa") for n in names)
        return "unread office" if unread else "zip"
    head = _MAIL_HEADER.match(data[:20_000].replace(b"\r\n", b"\n"))
    if head and (name.lower().endswith(".eml") or len(_MAIL_SIGN.findall(head.group())) >= 2):
        return "eml"
    return None


def refusal(data: bytes, name: str) -> ReadError:
    """Why an old, protected or other Office file is not read, and what to do."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ReadError(f"{name} is protected with a password. Open it, take the password off, save it, and load it again.")
    if "__substg1.0_".encode("utf-16-le") in data:
        return ReadError(f"{name} is an Outlook message. Save it as .eml or as text, and load that.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return ReadError(f"{name} is a Word or Excel file of the kind before 2007. Save it as .docx or .xlsx, and load that.")
    return ReadError(f"{name} is an Office file of a type that is not read. Save it as .docx, .xlsx, PDF or text, and load that.")


class Package:
    """A ZIP whose sizes and names were checked before anything is unpacked; it is never unpacked to the disk.

    Raises:
        ReadError: it is damaged, or would unpack to more than a document can be.

    """

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.entries = [e for e in self._zip.infolist() if not e.is_dir()]
        except _UNREADABLE as error:
            raise self.damaged() from error
        self._check()
        self.names = [e.filename for e in self.entries]

    def read(self, entry: str | zipfile.ZipInfo) -> bytes | None:
        """The bytes of a part, or None when there is no such part.

        Raises:
            ReadError: it is damaged, or protected with a password.

        """
        if isinstance(entry, str):
            found = next((e for e in self.entries if e.filename.lower() == entry.lower()), None)
            if found is None:
                return None
            entry = found
        if entry.flag_bits & 1:
            raise ReadError(f"{self._name} is protected with a password. Save it without one, and load it again.")
        try:
            return self._zip.read(entry)
        except _UNREADABLE as error:
            raise self.damaged() from error

    def damaged(self) -> ReadError:
        """The error that says the file is damaged."""
        return ReadError(f"{self._name} is damaged. Open it in the program that made it, save it again, and load that.")

    def _check(self) -> None:
        total = sum(e.file_size for e in self.entries)
        large = [e for e in self.entries if e.file_size > LARGE_ENTRY]
        if (
            len(self.entries) > MOST_ENTRIES
            or total > LARGEST_TOTAL
            or any(e.file_size > HIGHEST_RATIO * max(1, e.compress_size) for e in large)
        ):
            raise ReadError(
                f"{self._name} would unpack to {total // 1_000_000:,} MB in {len(self.entries):,} parts, more than a document can be. It was not opened."
            )


class OfficePackage(Package):
    """The package of a Word or Excel file: parts, and the relations between them."""

    def __init__(self, data: bytes, name: str) -> None:
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise refusal(data, name)
        super().__init__(data, name)
        lower = [n.lower() for n in self.names]
        if len(set(lower)) < len(lower) or any(_OUTSIDE.search(n) for n in lower):
            raise self.damaged()

    def main_part(self) -> str:
        """The name of the document itself."""
        for kind, target, _ in self.relations("").values():
            if kind == "officeDocument":
                return target
        raise self.damaged()

    def relations(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """By its id, each relation of `part`: the last word of its type, the part it leads to, and whether that is outside."""
        folder, _, leaf = part.rpartition("/")
        data = self.read(f"{folder}/_rels/{leaf}.rels".lstrip("/"))
        if data is None:
            return {}
        found = {}
        for relation in self.parse(data):
            target = relation.get("Target") or ""
            outside = relation.get("TargetMode") == "External"
            path = target if outside else _resolved(folder, target)
            found[relation.get("Id") or ""] = ((relation.get("Type") or "").rpartition("/")[2], path, outside)
        return found

    def part(self, name: str) -> _Element | None:
        """A part, parsed; None when there is no such part."""
        data = self.read(name) if name else None
        return None if data is None else self.parse(data)

    def parse(self, data: bytes) -> _Element:
        """Parse XML from a stranger: no entities, no network, no unbounded depth.

        Raises:
            ReadError: it is not well-formed, declares entities, or is nested too deeply.

        """
        from lxml import etree

        data = data.replace(
            b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        )
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged() from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise self.damaged()  # Office never writes one; it could only hold entities
        return root


def _resolved(folder: str, target: str) -> str:
    parts: list[str] = []
    for part in (target if target.startswith("/") else f"{folder}/{target}").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def members(data: bytes, name: str, depth: int = 0) -> Contents:
    """The documents in a ZIP or an e-mail, named like 'bundle.zip!folder/plan.docx', and what was passed over.

    Args:
        data: the container.
        name: what it is called.
        depth: in how many containers it stands; deeper than `DEEPEST` they are passed over.

    Raises:
        ReadError: it is damaged or too large.

    """
    contents = Contents()
    kind = kind_of(data, name)
    found = _mail_parts(data, name, contents) if kind == "eml" else _zip_parts(data, name, contents)
    seen: set[str] = set()
    total = 0
    for inner, inner_data in found:
        full = len(contents.documents) >= MOST_DOCUMENTS or total + len(inner_data) > LARGEST_TOTAL
        why = _refused(inner, inner_data, seen, full=full)
        seen.add(inner.lower())
        if why:
            contents.passed_over.append((f"{name}!{inner}", why))
        else:
            total += _add(f"{name}!{inner}", inner_data, depth, contents)
    return contents


def _refused(name: str, data: bytes, seen: set[str], *, full: bool) -> str | None:
    if _OUTSIDE.search(name):
        return "its name leads outside the container"
    if name.lower() in seen:
        return "a second file of the same name"
    if len(data) > LARGEST:
        return f"larger than {LARGEST // 1_000_000} MB"
    if full:
        return "the container holds more than is read at once; unpack it, and load the folder"
    return None


def _add(name: str, data: bytes, depth: int, contents: Contents) -> int:
    """Add a document, or those in a container; return how many bytes they hold."""
    try:
        nested = kind_of(data, name) in ("zip", "eml")
        inner = members(data, name, depth + 1) if nested and depth < DEEPEST else None
    except ReadError as error:
        contents.passed_over.append((name, str(error)))
        return 0
    if inner is not None:
        contents.documents.extend(inner.documents)
        contents.passed_over.extend(inner.passed_over)
        return sum(len(each) for _, each in inner.documents)
    if nested:
        contents.passed_over.append((name, "a container in a container; unpack it, and load what it holds"))
        return 0
    contents.documents.append((name, data))
    return len(data)


def _zip_parts(data: bytes, name: str, contents: Contents) -> Iterator[tuple[str, bytes]]:
    package = Package(data, name)
    for entry in sorted(package.entries, key=lambda e: e.filename):
        inner = entry.filename.replace("\\", "/")
        try:
            if _HIDDEN.search(inner):
                contents.passed_over.append((f"{name}!{inner}", "hidden"))
            elif entry.file_size > LARGEST:
                contents.passed_over.append((f"{name}!{inner}", f"larger than {LARGEST // 1_000_000} MB"))
            elif (unpacked := package.read(entry)) is not None:
                yield inner, unpacked
        except ReadError:
            why = "protected with a password" if entry.flag_bits & 1 else "damaged"
            contents.passed_over.append((f"{name}!{inner}", why))


def _short_header(name: str, value: str) -> Any:
    """Decode no more of a header than a person would read."""
    return HeaderRegistry()(name, value[:LONGEST_HEADER])


_MAIL_POLICY = email.policy.default.clone(header_factory=_short_header)


def _mail_parts(data: bytes, name: str, contents: Contents) -> Iterator[tuple[str, bytes]]:
    try:
        mail = email.message_from_bytes(data, policy=_MAIL_POLICY)
        message: list[tuple[str, bool]] = []  # the texts of the message in their order, and whether each is HTML
        attached: list[tuple[str, bytes]] = []
        for number, part in enumerate(_leaves(mail, name, contents)):
            if (words := _body_of(part)) is not None:
                message += [(words, part.get_content_type() == "text/html")] if words.strip() else []
                continue
            inner = _file_name(part)
            if part.get_content_maintype() == "image":
                contents.passed_over.append((f"{name}!{inner or number}", "a picture"))
            elif part.get_content_type() == "message/rfc822":
                forwarded = part.get_payload(0)
                attached.append((inner or f"forwarded-{number}.eml", forwarded.as_bytes()))  # type: ignore[union-attr]  # of this type it is a message
            elif isinstance(payload := part.get_payload(decode=True), bytes):
                attached.append((inner or f"attachment-{number}", payload))
            else:
                contents.passed_over.append((f"{name}!{inner or number}", f"a part of type {part.get_content_type()}"))
        if message:
            yield _message(_head_of(mail, name, contents), message)
        yield from attached
    except MemoryError:
        raise
    except Exception as error:  # the standard library raises many kinds over malformed headers, and over parts in parts
        raise ReadError(f"{name} is not an e-mail that can be read. Save its text and its attachments, and load these.") from error


def _leaves(part: MIMEPart, name: str, contents: Contents) -> Iterator[MIMEPart]:
    """The parts of an e-mail in their order; of the forms in which the same text is sent, one."""
    if not part.is_multipart() or part.get_content_maintype() == "message":
        yield part
        return
    inner = list(part.iter_parts())
    if part.get_content_subtype() != "alternative":
        for each in inner:
            yield from _leaves(each, name, contents)
        return
    forms = [(each, list(_leaves(each, name, contents))) for each in inner]
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
            contents.passed_over.append((f"{name}!{kind}", f"the message in another form, with {others} words that were not read"))
        yield from (leaf for leaf in leaves if _body_of(leaf) is None and leaf.get_content_maintype() != "text")


def _body_of(part: MIMEPart) -> str | None:
    """The text of a part that is shown as the message or as part of it; None for an attachment."""
    shown = part.get_content_type() in ("text/plain", "text/html") and not part.is_attachment() and not part.get_filename()
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
    page = "\n".join(words if is_html else f"<pre>{'<br>'.join(html.escape(words).splitlines())}</pre>" for words, is_html in texts)
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


def _head_of(mail: EmailMessage, name: str, contents: Contents) -> tuple[str, list[str]]:
    """The subject, and lines with the day and the sender; the sender only where it is a post, team or body, not a person.

    A header that cannot be read is passed over, with a word about it.
    """
    found = {}
    for header, read in (("Subject", _subject), ("Date", _day), ("From", _sender)):
        try:
            found[header] = read(str(mail.get(header) or ""))
        except MemoryError:
            raise
        except Exception:  # see `_mail_parts`
            contents.passed_over.append((f"{name}!{header}", "a header that cannot be read"))
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
    return "\n\n".join(p for p in (subject, "\n".join(lines), words.replace("\r\n", "\n").lstrip("\n")) if p).encode("utf-8", "replace")


def _as_html(head: tuple[str, list[str]], page: str) -> bytes:
    subject, lines = head
    title = html.escape(subject)
    above = f"<h1>{title}</h1>" * bool(title) + "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    inner = _BODY.sub("", _HEAD.sub("", page))  # words may stand before and behind the body, as in replies
    return f"<!doctype html><html><head><title>{title}</title></head><body>{above}{inner}</body></html>".encode("utf-8", "replace")
