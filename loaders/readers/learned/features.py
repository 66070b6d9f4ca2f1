"""What the network is told of tokens, mentions and pairs of mentions, beside the words themselves."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...formats.blocks import Block
from ...page import Page
from .labels import TYPES, BoolArray, IntArray
from .windows import Window

#: How many codes there are: of a token's letters, of a known name at a token, of a kind of block, of a column, of how
#: two blocks stand to one another, of sentences between two mentions, of the distance between them.
CASES, KNOWN, KINDS, COLUMNS, LAYOUTS, BREAKS, DISTANCES = 11, 2 * len(TYPES) + 2, 6, 6, 9, 4, 16
_KINDS = ("none", "heading", "paragraph", "item", "table", "quotation")
_BREAK = re.compile(r"[.;?!]\s|\n")
#: How two blocks stand to one another, as codes.
_APART, _SAME_ROW, _SAME_BLOCK, _HEADS, _HEADED, _INTRODUCES, _INTRODUCED, _BEFORE, _AFTER = range(LAYOUTS)


@dataclass(frozen=True, slots=True)
class TokenFeatures:
    """A number for each token of a window."""

    case: IntArray  #: how it is written, and whether it begins a word
    known: IntArray  #: the type of the name that the finder knows there, twice as many for first and further tokens
    begins: BoolArray  #: it begins a word


def token_features(page: Page, names: KnownNames, window: Window) -> TokenFeatures:
    """What the tokens of a window look like, and which known names stand there."""
    text, starts, ends = page.text, window.starts.tolist(), window.ends.tolist()
    case, known, begins = [], [], []
    before = -1
    for start, end in zip(starts, ends, strict=True):
        inside = start >= 0 and start == before and text[start - 1 : start].isalnum() and text[start].isalnum()
        begins.append(not inside)
        before = end
        case.append(0 if start < 0 else _case(text[start:end]) + (5 if inside else 0))
        known.append(0 if start < 0 else names.at(start, end))
    return TokenFeatures(np.array(case), np.array(known), np.array(begins, dtype=np.bool_))


def _case(word: str) -> int:
    first, rest = word[:1], word[1:]
    if first.islower():
        return 1
    if first.isupper():
        return 3 if word.isupper() and rest else 2
    return 4 if first.isdigit() else 5


class KnownNames:
    """The names that the finder knows in a document, by place.

    Args:
        page: the document.

    """

    def __init__(self, page: Page) -> None:
        found = {(m.start, m.end, TYPES.index(m.type)) for each in page.mentions for m in each if m.type in TYPES}
        self._spans = sorted(found)
        self._starts = [start for start, _, _ in self._spans]

    def at(self, start: int, end: int) -> int:
        """The code of the innermost known name in which a token stands; 0 for none."""
        number = bisect_right(self._starts, start)
        for first, last, type_ in reversed(self._spans[max(0, number - 6) : number]):
            if end <= last:
                return 2 * type_ + (1 if first == start else 2)
        return 0


class Layout:
    """Where the parts of a document stand to one another.

    Args:
        page: the document.

    """

    def __init__(self, page: Page) -> None:
        self._blocks = page.blocks
        self._starts = page.starts
        self._breaks = np.array([m.start() for m in _BREAK.finditer(page.text)], dtype=np.int64)

    def mentions(self, starts: Sequence[int]) -> Mentions:
        """Where mentions stand that begin at these places."""
        rows = [self._place(start) for start in starts]
        block, kind, row, column = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        return Mentions(block, row, np.stack([kind, column], axis=1))

    def _place(self, start: int) -> tuple[int, int, int, int]:
        """Block, kind of block, row and column of a place; a column counts from 1."""
        index = bisect_right(self._starts, start) - 1
        if index < 0:
            return -1, 0, -1, 0
        block = self._blocks[index]
        kind = _KINDS.index(block.kind)
        for number, row in enumerate(block.rows):
            for column, cell in enumerate(row, 1):
                if cell.start <= start < cell.end:
                    return index, kind, number, min(column, COLUMNS - 1)
        return index, kind, -1, 0

    def pairs(self, found: Mentions) -> IntArray:
        """How each mention stands to each other, as codes; shape (mentions, mentions)."""
        blocks = sorted(set(found.block.tolist()))
        codes = np.array([[self._stand(a, b) for b in blocks] for a in blocks], dtype=np.int64)
        at = np.searchsorted(np.array(blocks), found.block)
        codes = codes.reshape(len(blocks), len(blocks))[at[:, None], at[None, :]]
        same = found.block[:, None] == found.block[None, :]
        row = found.row[:, None] == found.row[None, :]
        return np.where(same, np.where(row, _SAME_ROW, _SAME_BLOCK), codes)

    def _stand(self, left: int, right: int) -> int:
        if left < 0 or right < 0 or left == right:
            return _APART
        one, other = self._blocks[left], self._blocks[right]
        for is_so, code in _stands(left, right, one, other):
            if is_so:
                return code
        return _APART

    def breaks(self, starts: IntArray, ends: IntArray) -> IntArray:
        """How many sentences end between each two mentions, up to three; shape (mentions, mentions)."""
        first = np.minimum(ends[:, None], ends[None, :])
        last = np.maximum(starts[:, None], starts[None, :])
        between = np.searchsorted(self._breaks, last) - np.searchsorted(self._breaks, first)
        found: IntArray = np.clip(between, 0, BREAKS - 1)
        return found


def _stands(left: int, right: int, one: Block, other: Block) -> tuple[tuple[bool, int], ...]:
    return (
        (left in other.headings, _HEADS),
        (right in one.headings, _HEADED),
        (left == other.intro, _INTRODUCES),
        (right == one.intro, _INTRODUCED),
        (right == left + 1, _BEFORE),
        (left == right + 1, _AFTER),
    )


@dataclass(frozen=True, slots=True)
class Mentions:
    """Where some mentions stand; a number for each."""

    block: IntArray
    row: IntArray  #: of a table, else -1
    places: IntArray  #: kind of block and column; shape (mentions, 2)
