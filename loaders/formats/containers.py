"""Opens containers: Word and Excel packages, ZIP files of documents, e-mails with their attachments."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .mail import mail_parts
from .refusal import LARGEST, ReadError, refuse_empty

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

#: What a damaged ZIP makes the standard library raise.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, IndexError, OSError,
)  # fmt: skip
_HIDDEN = re.compile(r"(?:^|/)(?:\.(?!\.?/)|__MACOSX/|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_OUTSIDE = re.compile(r"^(?:/|[A-Za-z]:)|(?:^|/)\.\.(?:/|$)|\x00")
_MAIL_HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_MAIL_SIGN = re.compile(
    rb"^(?:Received|MIME-Version|Message-ID|Return-Path|X-[A-Za-z-]+):", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a container holds."""

    documents: list[tuple[str, bytes]] = field(
        default_factory=list
    )  #: ('bundle.zip!folder/plan.docx', its bytes), by name
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
        return ReadError(
            f"{name} is protected with a password. Open it, take the password off, save it, and load it again."
        )
    if "__substg1.0_".encode("utf-16-le") in data:
        return ReadError(f"{name} is an Outlook message. Save it as .eml or as text, and load that.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return ReadError(
            f"{name} is a Word or Excel file of the kind before 2007. Save it as .docx or .xlsx, and load that."
        )
    return ReadError(
        f"{name} is an Office file of a type that is not read. Save it as .docx, .xlsx, PDF or text, and load that."
    )


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
                f"{self._name} would unpack to {total // 1_000_000:,} MB in {len(self.entries):,} parts, "
                "more than a document can be. It was not opened."
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
        """Each relation of `part` by its id: the last word of its type, its target, and whether that is outside."""
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
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        )
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
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
        ReadError: it is empty, damaged or too large.

    """
    refuse_empty(data, name)
    contents = Contents()
    kind = kind_of(data, name)
    found = mail_parts(data, name, contents.passed_over) if kind == "eml" else _zip_parts(data, name, contents)
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
