"""What a reader read of a file; and distinct words, to see whether it loses, doubles or reorders any."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from goldenthread.loaders.formats.blocks import ReadFile
from goldenthread.loaders.formats.reading import read_bytes
from goldenthread.loaders.formats.refusal import ReadError

_LETTERS = "abcdefghij"
_WORD = re.compile(r"(?<![^\W_])[wh][a-j]{4}(?![^\W_])")


class Words:
    """Gives words: those that are to be read, and those that are not."""

    def __init__(self) -> None:
        self.seen: list[str] = []  #: in the order in which they were given
        self.hidden: list[str] = []
        self._numbers = itertools.count()

    def word(self) -> str:
        """A word that is to be read."""
        self.seen.append(self._next("w"))
        return self.seen[-1]

    def unread(self) -> str:
        """A word that is not to be read."""
        self.hidden.append(self._next("h"))
        return self.hidden[-1]

    def _next(self, first: str) -> str:
        return first + "".join(_LETTERS[int(digit)] for digit in f"{next(self._numbers):04}")


def words_of(text: str) -> list[str]:
    """The words in `text`, of those that `Words` gives."""
    return _WORD.findall(text)


def words_read(found: ReadFile) -> list[str]:
    """The words in the blocks of a file, in the order of their places; a header of several tables counts once."""
    texts: list[tuple[int, int, str]] = []
    headers: set[tuple[int, int, str]] = set()
    for block in found.blocks:
        if block.kind == "table":
            cells = ((cell.start, cell.end, cell.text) for row in block.rows for cell in row if cell.text)
            texts += [each for each in cells if each not in headers]
            headers |= {(cell.start, cell.end, cell.text) for cell in block.rows[0]}
        else:
            texts.append((block.start, block.end, f"{block.marker} {block.text}"))
    return [word for _, _, text in sorted(texts, key=lambda each: each[0]) for word in words_of(text)]


def check_law(found: ReadFile) -> None:
    """Every block and cell is as long as its piece of the canonical text, holds its words, and no others."""
    exact = found.format in ("html", "docx", "xlsx", "pdf")
    for piece in _pieces(found):
        canonical = found.text[piece[0] : piece[1]]
        assert len(piece[2]) == piece[1] - piece[0], piece
        assert set(_plain(piece[2])) <= set(_plain(canonical)) or "&" in canonical, piece
        if exact:
            assert piece[2] == canonical
    starts = [block.start for block in found.blocks]
    assert starts == sorted(starts)


def read(data: str | bytes, name: str) -> ReadFile:
    """Read a file, and check that its blocks are those of its text."""
    found = read_bytes(data.encode() if isinstance(data, str) else data, name)
    check_law(found)
    return found


def attempt(data: str | bytes, name: str) -> tuple[ReadFile | None, str]:
    """What was read of a file, or why it is refused."""
    try:
        return read(data, name), ""
    except ReadError as error:
        return None, str(error)


def said(found: ReadFile) -> list[str]:
    """The words of each block, and of each cell of a table."""
    texts = [
        text
        for b in found.blocks
        for text in ([c.text for row in b.rows for c in row] if b.kind == "table" else [b.text])
    ]
    return [" ".join(text.split()) for text in texts if text.strip()]


def note(found: ReadFile) -> str:
    """What was told of a file."""
    return " ".join(found.notes)


def _pieces(found: ReadFile) -> Iterator[tuple[int, int, str]]:
    for block in found.blocks:
        yield block.start, block.end, block.text
        yield from ((cell.start, cell.end, cell.text) for row in block.rows for cell in row)


def _plain(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)
