"""From a file's bytes to its text and blocks: the type is known by the bytes, not by the name."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ...ontology import GoldenthreadError
from .blocks import Cell, ReadFile
from .letters import mended
from .refusal import LARGEST, ReadError, refuse_empty

_MAGIC = {
    b"{\\rtf": "a rich-text file. Save it as plain text",
    b"\x89PNG": "a picture. Give the text that it shows",
    b"\xff\xd8\xff": "a picture. Give the text that it shows",
    b"GIF8": "a picture. Give the text that it shows",
    b"SQLite format 3": "an SQLite file, not a document",
    b"\x1f\x8b": "a compressed file. Unpack it first",
}
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_ENCODED = re.compile(r"^Content-Transfer-Encoding: *(?:base64|quoted-printable)\s", re.IGNORECASE | re.MULTILINE)
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|div|table|p|h[1-6]|ul|article|section|main)\b[^>]*>", re.IGNORECASE
)
_MARKDOWN = re.compile(r"^(?:#{1,6}\s+\S|\s*\|?\s*:?-{3,}:?\s*\|.*)", re.MULTILINE)


def read_file(path: Path) -> tuple[bytes, ReadFile]:
    """Read a document.

    Returns:
        The file's bytes, and its text and blocks.

    Raises:
        ReadError: it is missing, empty, too large, unreadable, or of a type that is not read.

    """
    data = bytes_of(path)
    return data, read_bytes(data, path.name)


def read_bytes(data: bytes, name: str) -> ReadFile:
    """Read a document from its bytes; `name` is only for messages, and for telling Markdown and CSV from text."""
    refuse_empty(data, name)
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise ReadError(f"{name} is {what}.")
    if b"%PDF-" in data[:1024]:
        from .pdf import read_pdf

        return _with_words(read_pdf(data, name), name)
    office = _office(data, name)
    if office is not None:
        return office
    text, mends = mended(decoded(data, name))
    try:
        read = _reader_for(text, name)(text)
    except RecursionError as error:
        raise ReadError(f"{name} is nested too deeply to be read. Save its text as plain text.") from error
    except GoldenthreadError as error:
        raise ReadError(f"{name}: {error}") from error
    return _with_words(replace(read, notes=(*read.notes, *_unreadable(text), *_mends(mends))), name)


def _unreadable(text: str) -> Iterator[str]:
    """What of a text cannot be read, in a sentence each."""
    lost = text.count("\ufffd")
    if lost:
        what = "1 sign is" if lost == 1 else f"{lost} signs are"
        yield f"{what} damaged, and shown as '\ufffd'. Save the file again as UTF-8, or fetch it again."
    if _ENCODED.search(text):
        yield (
            "parts of it are encoded as in an e-mail, and their words were not read. "
            "Give the file the ending .eml, and load it again."
        )


def _mends(count: int) -> Iterator[str]:
    if count:
        what = "1 sign that was" if count == 1 else f"{count} signs that were"
        yield f"{what} saved in a wrong encoding, such as 'â€™' for '’', {'was' if count == 1 else 'were'} mended."


def _office(data: bytes, name: str) -> ReadFile | None:
    """Read a Word or Excel file; None when it is neither.

    Raises:
        ReadError: it is protected, damaged, of another kind, or holds no words.

    """
    from .containers import kind_of, refusal

    kind = kind_of(data, name)
    if kind in ("old office", "unread office"):
        raise refusal(data, name)
    if kind == "zip":
        raise ReadError(f"{name} is a ZIP file. Give it the ending .zip, and what it holds is loaded.")
    if kind == "docx":
        from .docx import read_docx

        read = read_docx(data, name)
    elif kind == "xlsx":
        from .xlsx import read_xlsx

        read = read_xlsx(data, name)
    else:
        return None
    return _with_words(read, name)


def _with_words(read: ReadFile, name: str) -> ReadFile:
    if not read.blocks:
        raise ReadError(f"{name} holds no words that could be read.")
    if _HALF_CHARACTER.search(read.text) or _HALF_CHARACTER.search(read.title):
        return _whole_characters(read)
    return read


def _whole_characters(read: ReadFile) -> ReadFile:
    """What was read with a sign for each half of a character, which no store can hold; offsets stay as they are."""

    def whole(text: str) -> str:
        return _HALF_CHARACTER.sub("\ufffd", text)

    def cell(old: Cell) -> Cell:
        return replace(old, text=whole(old.text))

    blocks = tuple(
        replace(b, text=whole(b.text), rows=tuple(tuple(cell(c) for c in row) for row in b.rows)) for b in read.blocks
    )
    return replace(read, text=whole(read.text), title=whole(read.title), blocks=blocks)


def bytes_of(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        ReadError: it is missing, no ordinary file, too large, or may not be read.

    """
    try:
        if path.is_dir():
            raise ReadError(f"{path} is a folder, not a file.")
        with open(path, "rb", opener=_open_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ReadError(
                    f"{path} is a pipe or a device, not a document. Save what it gives as a file, and load that."
                )
            data = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise ReadError(f"{path} does not exist. Check the name.") from error
    except PermissionError as error:
        raise ReadError(
            f"{path} may not be read. Check its permissions, or close the program that holds it."
        ) from error
    except (OSError, ValueError) as error:
        raise ReadError(f"{path} could not be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(data) > LARGEST:
        raise ReadError(f"{path.name} is larger than {LARGEST // 1_000_000} MB. Divide it, or save only its text.")
    return data


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting, as a pipe that nobody writes to would make one wait for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def decoded(data: bytes, name: str) -> str:
    """The text of `data`: by its byte-order mark, else UTF-8, else Windows-1252.

    A byte-order mark becomes a space, so that offsets are those of the text as UTF-8 decodes it. What cannot be told is
    '\ufffd'; text that is UTF-8 but for a few bytes, as when it was cut short, stays UTF-8.

    Raises:
        ReadError: it is not text.

    """
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            try:
                return " " + data[2:].decode(encoding)
            except UnicodeDecodeError as error:
                raise ReadError(f"{name} begins as UTF-16 text but is damaged. Save it again as UTF-8.") from error
    unmarked = _unmarked_utf16(data)
    if unmarked:
        return data.decode(unmarked, errors="replace")
    if _binary(data):
        raise ReadError(f"{name} is not text, whatever its name says. Nothing was read from it.")
    try:
        return data.decode("utf-8").replace("\ufeff", " ")
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
        lost = text.count("\ufffd")
        if sum(not sign.isascii() for sign in text) > 2 * lost:
            return text.replace("\ufeff", " ")
        return data.decode("cp1252", errors="replace")


def _unmarked_utf16(data: bytes) -> str | None:
    sample = data[:2000]
    if len(sample) < 8 or sample.count(0) < len(sample) * 0.3:
        return None
    low, high = sample[::2].count(0), sample[1::2].count(0)
    if max(low, high) <= len(sample) * 0.4:
        return None
    encoding = "utf-16-le" if high > low else "utf-16-be"
    return None if _binary(sample.decode(encoding, errors="ignore").encode("utf-8")) else encoding


def _binary(data: bytes) -> bool:
    """Whether the beginning of what might be UTF-8 holds signs that no text holds."""
    sample = data[:8192]
    control = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in sample)
    return b"\0" in sample or control > len(sample) * 0.02


def _reader_for(text: str, name: str) -> Callable[[str], ReadFile]:
    suffix = Path(name).suffix.lower()
    head = text[:4000]
    if len(_HTML.findall(head)) >= (1 if suffix in (".html", ".htm", ".xhtml") or re.match(r"\s*<", head) else 3):
        from .html import read_html

        return read_html
    if suffix in (".csv", ".tsv"):
        from .csv_file import read_csv

        return read_csv
    if suffix in (".md", ".markdown") or (suffix not in (".txt", ".text") and _MARKDOWN.search(head)):
        from .markdown import read_markdown

        return read_markdown
    from .csv_file import is_tabbed, read_csv

    if "\t" in head and is_tabbed(text):
        return read_csv
    from .plain import read_plain

    return read_plain
