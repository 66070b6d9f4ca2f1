"""Words and sentences with their places; how words are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from ...ontology.words import WORD, normal

#: Where words stand in the canonical text.
Place: TypeAlias = tuple[int, int]

#: Signs that people write in several ways, one for one.
_ALIKE = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "ʼ": "'",
        "‛": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "‐": "-",
        "‑": "-",
        "–": "-",
        "—": "-",
        "−": "-",
    }
)
#: A full stop after one of these does not end a sentence.
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cllr|mr|mrs|ms|dr|no|nos|st|vs|p|pp|para|approx|inc|ltd|co|w/c)|\b[A-Z])\.$", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?][’'”\")\]]*(?=\s+[\"“‘'(\[]?[A-Z0-9•])|[.!?][’'”\")\]]*\s*$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: as compared, and where it stands."""

    norm: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of `text`, normalised: lower case, no apostrophes, plural endings cut, '&' as 'and'."""
    return [Token(normal(m.group()), m.start(), m.end()) for m in WORD.finditer(text)]


@lru_cache(maxsize=65536)
def normal_phrase(text: str) -> str:
    """All words of `text` as compared, with single spaces."""
    return " ".join(token.norm for token in tokens(text))


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The (start, end) of each sentence of `text`, without white space around it."""
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if _ABBREVIATIONS.search(text[start : match.start() + 1]) and match.end() < len(text.rstrip()):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def squeezed(text: str) -> str:
    """`text` with each run of white space as one space."""
    return " ".join(text.split())


def folded(text: str) -> str:
    """`text` as names are compared: small letters, straight quotation marks; as long as before."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return small.translate(_ALIKE)
