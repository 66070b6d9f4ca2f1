"""Finds the words of claims in a document: quotes, names near a quote, and the text nearest to words that it lacks."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from rapidfuzz import fuzz, process

from ...formats.blocks import Block, ReadFile
from ...formats.tokens import Place, folded, squeezed

_WORD = re.compile(r"\S+")
#: So many places of the same words are looked at, and no more: text of one letter repeated must not take hours.
_MOST_PLACES = 300
#: Text that is less like the words than this, of 100, is not near them.
_NEAR = 60.0
_LONGEST_NEAREST = 120


class Words:
    """A text in which words are found whatever white space is between them.

    Args:
        text: as long as the canonical text, in step with it.

    """

    def __init__(self, text: str) -> None:
        spans = [m.span() for m in _WORD.finditer(text)]
        self._starts = [start for start, _ in spans]  #: of each word, in the text
        self._squeezed = " ".join(text[start:end] for start, end in spans)
        self._at: list[int] = []  #: of each word, in the squeezed text
        at = 0
        for start, end in spans:
            self._at.append(at)
            at += end - start + 1

    def find(self, words: str, within: Place | None = None, *, whole: bool = False) -> Iterator[Place]:
        """Where `words`, with single spaces, stand; `whole`: not inside longer words."""
        low, high = self._range(within) if within else (0, len(self._squeezed))
        for at in self._found(words, low, high):
            if not whole or self._is_whole(at, at + len(words)):
                yield self._place(at), self._place(at + len(words) - 1) + 1

    def nearest(self, words: str, offset: int) -> Place | None:
        """The place of whole `words` that is nearest to an offset of the text."""
        low, _ = self._range((offset, offset))
        after = next((at for at in self._found(words, low) if self._is_whole(at, at + len(words))), None)
        before = next((at for at in self._found_before(words, low) if self._is_whole(at, at + len(words))), None)
        found = [(self._place(at), self._place(at + len(words) - 1) + 1) for at in (before, after) if at is not None]
        return min(found, key=lambda place: (abs(place[0] - offset), place), default=None)

    def before(self, start: int, words: str) -> bool:
        """Whether `words`, with single spaces, stand before an offset of the text."""
        low, _ = self._range((start, start))
        return self._squeezed.endswith(words, 0, low) or self._squeezed.endswith(words + " ", 0, low)

    def _found(self, words: str, low: int, high: int | None = None) -> Iterator[int]:
        at = self._squeezed.find(words, low, high) if words else -1
        for _ in range(_MOST_PLACES):
            if at < 0:
                return
            yield at
            at = self._squeezed.find(words, at + 1, high)

    def _found_before(self, words: str, high: int) -> Iterator[int]:
        at = self._squeezed.rfind(words, 0, high) if words else -1
        for _ in range(_MOST_PLACES):
            if at < 0:
                return
            yield at
            at = self._squeezed.rfind(words, 0, at + len(words) - 1)

    def _range(self, within: Place) -> Place:
        """A part of the text as a part of the squeezed text."""
        return self._squeezed_at(within[0]), self._squeezed_at(within[1])

    def _squeezed_at(self, offset: int) -> int:
        number = bisect_right(self._starts, offset) - 1
        if number < 0:
            return 0
        end = self._at[number + 1] - 1 if number + 1 < len(self._at) else len(self._squeezed)
        at = self._at[number] + offset - self._starts[number]
        return at if at <= end else min(end + 1, len(self._squeezed))

    def _place(self, at: int) -> int:
        number = bisect_right(self._at, at) - 1
        return self._starts[number] + at - self._at[number]

    def _is_whole(self, start: int, end: int) -> bool:
        text = self._squeezed
        starts = not (start and _in_word(text[start - 1]) and _in_word(text[start]))
        return starts and not (end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]))


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


class Places:
    """The places of a document's words.

    Args:
        read: the document.

    """

    def __init__(self, read: ReadFile) -> None:
        self._read = read
        self._in_order = sorted(read.blocks, key=lambda block: (block.start, block.end))
        self._starts = [block.start for block in self._in_order]
        self._reach = list(itertools.accumulate((block.end for block in self._in_order), max))

    def quotes(self, words: str) -> list[Place]:
        """Where a quote stands, white space apart; where the canonical text has markup, without it as well."""
        wanted = squeezed(words)
        for text in self._texts():
            found = list(text.find(wanted))
            if found:
                return found
        return []

    def departure(self, words: str) -> str:
        """For a quote that is not in the document, but may begin like it: the words where it departs from it."""
        each = words.split()
        stands = bisect_left(range(1, len(each) + 1), True, key=lambda count: not self.quotes(" ".join(each[:count])))
        return " ".join(each[max(0, stands - 8) : stands + 8])

    def stands_before(self, place: Place, words: str) -> bool:
        """Whether `words` stand before a place, white space and markup apart."""
        wanted = squeezed(words)
        return any(text.before(place[0], wanted) for text in self._texts())

    def name_in(self, name: str, part: Place) -> list[Place]:
        """Where a name stands in a part of the document, as a whole word or words."""
        wanted = squeezed(folded(name))
        return list(self._names.find(wanted, part, whole=True)) or list(self._raw_names.find(wanted, part, whole=True))

    def name_nearest(self, name: str, offset: int) -> Place | None:
        """The place of a name anywhere in the document that is nearest to an offset."""
        wanted = squeezed(folded(name))
        return self._names.nearest(wanted, offset) or self._raw_names.nearest(wanted, offset)

    def shown(self, place: Place) -> str:
        """The words at a place, without markup where there is some."""
        words = self._shown[place[0] : place[1]]
        return words if words.strip() else self._read.text[place[0] : place[1]]

    def around(self, quote: Place) -> tuple[Place, ...]:
        """Where a name may be, so that a quote speaks of it.

        It may be in the quote, its blocks or rows, column heads, list introductions and headings.
        """
        near: list[Place] = [quote]
        above: list[Place] = []
        for block in self._blocks_at(quote):
            near += _rows_at(block, quote) if block.kind == "table" else [(block.start, block.end)]
            if block.kind == "table" and block.has_header and block.rows:
                above += [(cell.start, cell.end) for cell in block.rows[0]]
            above += [
                (b.start, b.end)
                for b in (*self._intros(block), *(self._read.blocks[i] for i in reversed(block.headings)))
            ]
        return tuple(dict.fromkeys((*near, *above)))

    def nearest_text(self, words: str) -> str:
        """The words of the document that are most like `words`, at most 120 characters; '' where none are near."""
        wanted = squeezed(words)[: 2 * _LONGEST_NEAREST]
        pieces = [piece for piece in self._pieces if 2 * len(piece) >= len(wanted)]
        best = process.extractOne(
            folded(wanted), pieces, scorer=fuzz.partial_ratio, processor=folded, score_cutoff=_NEAR
        )
        if best is None:
            return ""
        piece = best[0]
        found = fuzz.partial_ratio_alignment(folded(wanted), folded(piece))
        start, end = (found.dest_start, found.dest_end) if found else (0, len(piece))
        while start > 0 and not piece[start - 1].isspace():
            start -= 1
        while end < len(piece) and not piece[end].isspace():
            end += 1
        text = piece[start:end].strip()
        return text if len(text) <= _LONGEST_NEAREST else text[: _LONGEST_NEAREST - 1].rstrip() + "…"

    # ------------------------------------------------------------------------------------------------ texts

    def _texts(self) -> Iterator[Words]:
        yield self._canonical
        yield self._blanked
        yield self._cells

    @cached_property
    def _canonical(self) -> Words:
        return Words(self._read.text)

    @cached_property
    def _blanked(self) -> Words:
        """The text of blocks, without the markup of the canonical text."""
        return Words(self._filled([(b.start, b.end, b.text) for b in self._read.blocks]))

    @cached_property
    def _cells(self) -> Words:
        """The same, with only the cells of tables."""
        return Words(self._shown)

    @cached_property
    def _shown(self) -> str:
        return self._filled(self._parts)

    @cached_property
    def _parts(self) -> list[tuple[int, int, str]]:
        parts: list[tuple[int, int, str]] = []
        for block in self._read.blocks:
            cells = [(c.start, c.end, c.text) for row in block.rows for c in row]
            parts += cells if block.kind == "table" else [(block.start, block.end, block.text)]
        return parts

    @cached_property
    def _names(self) -> Words:
        # No name goes on from one block or cell to the next.
        return Words(folded(self._filled(self._parts, "\0")))

    @cached_property
    def _raw_names(self) -> Words:
        return Words(folded(self._read.text))

    @cached_property
    def _pieces(self) -> list[str]:
        """The document in paragraphs and rows of tables."""
        lines = (
            [" | ".join(cell.text for cell in row) for row in block.rows] if block.kind == "table" else [block.text]
            for block in self._read.blocks
        )
        return [piece for piece in (squeezed(line) for group in lines for line in group) if piece]

    def _filled(self, parts: Sequence[tuple[int, int, str]], between: str = " ") -> str:
        """A text as long as the canonical one that holds nothing but these parts, and a sign between them."""
        pieces, at = [], 0
        for start, end, words in sorted(parts):
            if start >= at and end > start:
                pieces += [between * (start - at), words[: end - start].ljust(end - start)]
                at = end
        return "".join([*pieces, between * (len(self._read.text) - at)])

    # ----------------------------------------------------------------------------------------------- blocks

    def _blocks_at(self, place: Place) -> list[Block]:
        last = bisect_left(self._starts, place[1])
        first = bisect_right(self._reach, place[0])  # no block before it goes on to the place
        return [b for b in self._in_order[first:last] if b.start < place[1] and b.end > place[0]]

    def _intros(self, block: Block) -> Iterator[Block]:
        seen: set[int] = set()
        while block.intro is not None and block.intro not in seen:
            seen.add(block.intro)
            block = self._read.blocks[block.intro]
            if block.kind != "table":
                yield block


def _rows_at(table: Block, place: Place) -> list[Place]:
    """The cells of those rows of a table in which a place lies."""
    rows = [
        row for row in table.rows if row and min(c.start for c in row) < place[1] and max(c.end for c in row) > place[0]
    ]
    return [(cell.start, cell.end) for row in rows for cell in row if cell.text.strip()]
