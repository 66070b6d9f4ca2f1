"""Shows characters that command a terminal or turn the direction of writing about, in place of sending them.

Documents, their names and the names of what they hold are a stranger's. Written to a terminal or a log as they are,
they could change its title, hide a line, fake another, or let words read otherwise than they stand.
"""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO, cast

#: Controls but for newline and tab; marks, embeddings, overrides and isolates of direction; separators of lines and
#: paragraphs; halves of characters.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
#: What changes the order in which a page shows its words. Marks do not, and languages written from right to left need
#: them.
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""Return `text` with such characters as '\x1b' or '\u202e'; line ends and tabs stay."""
    return _UNSAFE.sub(_sign, text)


def in_line(text: str) -> str:
    r"""Return `text` as `visible` does, in one line: a line end is '\n', a tab '\t'."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def without_overrides(text: str) -> str:
    r"""Return `text` with what turns the direction of writing about as '\u202e', as pages show it; all else stays."""
    return _OVERRIDES.sub(_sign, text)


def without_overrides_in_json(text: str) -> str:
    """Return JSON whose texts are those of `text`, each as `without_overrides` returns it."""
    return _OVERRIDES.sub(lambda found: "\\" + _sign(found), text)


def escaped_json(text: str) -> str:
    r"""Return JSON with such characters in its texts as '\u001b', which means the same."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


# ------------------------------------------------------------------------------------------------------------- streams


@contextmanager
def visible_streams() -> Iterator[None]:
    """Make visible whatever is written as text to standard output and standard error: messages, warnings, logs.

    After an error that nobody foresaw they stay so, for the interpreter is going to show its words.
    """
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = after = _shown(sys.stdout), _shown(sys.stderr)
    unforeseen = False
    try:
        yield
    except Exception:
        unforeseen = True
        raise
    finally:
        if not unforeseen:
            _put_back(before, after)


def _shown(stream: TextIO) -> TextIO:
    # A program without a console has no streams.
    return stream if stream is None else cast("TextIO", _VisibleText(raw(stream)))


def _put_back(before: tuple[TextIO, TextIO], after: tuple[TextIO, TextIO]) -> None:
    if sys.stdout is after[0]:
        sys.stdout = before[0]
    if sys.stderr is after[1]:
        sys.stderr = before[1]


def raw(stream: TextIO) -> TextIO:
    """Return the stream that `visible_streams` has put another before, for what is ours or was made safe already."""
    return stream.stream if isinstance(stream, _VisibleText) else stream


class _VisibleText:
    """A text stream that writes its text to another, made visible.

    It has neither a buffer nor a file number by which to get round it.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.encoding = stream.encoding or "utf-8"
        self.errors = stream.errors

    def write(self, text: str) -> int:
        shown = visible(text)
        try:
            self.stream.write(shown)
        except UnicodeEncodeError:  # a console or a log of another code page shall not end a command
            self.stream.write(shown.encode(self.encoding, "backslashreplace").decode(self.encoding))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self.stream.flush()

    def close(self) -> None:
        self.stream.close()

    def isatty(self) -> bool:
        return self.stream.isatty()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    @property
    def closed(self) -> bool:
        return self.stream.closed

    @property
    def name(self) -> str:
        return self.stream.name


@contextmanager
def visible_on_terminals(file: BinaryIO) -> Iterator[BinaryIO]:
    """Give a file for UTF-8 text that makes it visible where it is a terminal, and is `file` itself where it is not."""
    if not file.isatty():
        yield file
        return
    shown = _VisibleBytes(file)
    yield cast("BinaryIO", shown)
    shown.end()


class _VisibleBytes:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    def write(self, data: bytes) -> int:
        self._file.write(visible(self._decoder.decode(data)).encode())
        return len(data)

    def end(self) -> None:
        self._file.write(visible(self._decoder.decode(b"", final=True)).encode())

    def flush(self) -> None:
        self._file.flush()
