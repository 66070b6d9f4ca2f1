"""A document in windows of tokens: what the network reads at a time.

In focus are some blocks, or rows of a table, that follow one another. Before them stand, as help to understand them,
the title of the document, the headings above, the words that introduce a list, and the last tokens before. Tokens
of the text know their place in it; those of the title and of repeated column headings have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer

from ...formats.blocks import Block, Cell
from ...formats.tokens import sentences
from ...page import Page
from .labels import BoolArray, IntArray

#: How many tokens a window holds: in focus, of the blocks before, and in all.
FOCUS, BEFORE, LONGEST = 210, 70, 400
#: How many tokens of the title, of a heading above, and of a column's heading before its cell.
_TITLE, _HEADING, _COLUMN = 24, 40, 8
#: How many tokens of a cell stand together, and how many of a row's first cell stand before what is left of the row.
_CELL, _ROW_NAME = 120, 40
_BEGIN, _DIVIDE = "[CLS]", "[SEP]"
#: The place of a token that stands nowhere.
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Tokens:
    """Some tokens, each with its place in the canonical text."""

    ids: list[int] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)  #: (start, end); (NOWHERE, NOWHERE) for none

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(self.ids + other.ids, self.places + other.places)

    def __len__(self) -> int:
        return len(self.ids)

    def first(self, number: int) -> Tokens:
        """The first tokens."""
        return Tokens(self.ids[:number], self.places[:number])

    def last(self, number: int) -> Tokens:
        """The last tokens."""
        return Tokens(self.ids[-number:], self.places[-number:]) if number > 0 else Tokens()

    def nowhere(self) -> Tokens:
        """The same tokens without places."""
        return Tokens(self.ids, [(NOWHERE, NOWHERE)] * len(self.ids))


@dataclass(frozen=True, slots=True)
class Window:
    """A window; each array has a number for each token."""

    ids: IntArray
    starts: IntArray  #: in the canonical text, or `NOWHERE`
    ends: IntArray
    focus: BoolArray

    def __len__(self) -> int:
        return len(self.ids)

    def tokens_of(self, start: int, end: int) -> tuple[int, int] | None:
        """The first and last token of a piece of text; None where not all of it stands in the window.

        Where it stands there twice, it is the later copy, which is the one in focus.
        """
        at = np.flatnonzero((self.starts >= 0) & (self.ends > start) & (self.starts < end))
        if not len(at):
            return None
        run = int(np.flatnonzero(np.diff(at, prepend=at[0] - 2) > 1)[-1])
        first, last = int(at[run]), int(at[-1])
        if self.starts[first] > start + 1 or self.ends[last] < end - 1:
            return None
        return first, last


@dataclass(frozen=True, slots=True)
class _Segment:
    """What stands in one window as a whole: a block, a part of a long one, or a row of a table."""

    block: int
    tokens: Tokens


class Windower:
    """Divides documents into windows.

    Args:
        tokenizer: the one that the network was trained with.

    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._begin, self._divide = (
            Tokens([tokenizer.token_to_id(sign) or 0], [(NOWHERE, NOWHERE)]) for sign in (_BEGIN, _DIVIDE)
        )

    def windows(self, page: Page) -> Iterator[Window]:
        """The windows of a document, in order; every word of its blocks is in the focus of one."""
        blocks = page.blocks
        segments = [each for index in range(len(blocks)) for each in self._segments(index, blocks[index])]
        title = self._tokens(page.context.title, None).first(_TITLE)
        first = 0
        while first < len(segments):
            last, length = first, len(segments[first].tokens)
            while last + 1 < len(segments) and length + len(segments[last + 1].tokens) <= FOCUS:
                last += 1
                length += len(segments[last].tokens)
            yield self._window(blocks, segments, first, last, title)
            first = last + 1

    # ------------------------------------------------------------------------------------------------- parts

    def _tokens(self, text: str, start: int | None) -> Tokens:
        """The tokens of a text that begins at `start`, or stands nowhere."""
        found = self._tokenizer.encode(text, add_special_tokens=False)
        if start is None:
            return Tokens(found.ids, [(NOWHERE, NOWHERE)] * len(found.ids))
        return Tokens(found.ids, [(start + a, start + b) for a, b in found.offsets])

    def _segments(self, index: int, block: Block) -> Iterator[_Segment]:
        if block.kind == "table":
            for row in block.rows[1:] if block.has_header else block.rows:
                header = block.rows[0] if block.has_header else ()
                yield from (_Segment(index, tokens) for tokens in self._row(row, header))
            return
        whole = self._tokens(block.text, block.start)
        if len(whole) <= FOCUS:
            if whole.ids:
                yield _Segment(index, whole)
            return
        for start, end in sentences(block.text):
            part = self._tokens(block.text[start:end], block.start + start)
            for at in range(0, len(part), FOCUS):
                yield _Segment(index, Tokens(part.ids[at : at + FOCUS], part.places[at : at + FOCUS]))

    def _row(self, row: Sequence[Cell], header: Sequence[Cell]) -> Iterator[Tokens]:
        """A row as 'column: cell' and so on; what does not fit begins anew with the row's first cell."""
        held, name = Tokens(), Tokens()
        for column, cell in enumerate(row):
            if not cell.text.strip():
                continue
            heading = self._tokens(f"{header[column].text}:", None).first(_COLUMN) if column < len(header) else Tokens()
            words = self._tokens(cell.text, cell.start)
            for at in range(0, len(words), _CELL):
                piece = heading + Tokens(words.ids[at : at + _CELL], words.places[at : at + _CELL]) + self._divide
                if held.ids and len(held) + len(piece) > FOCUS:
                    yield held
                    held = name
                held = held + piece
            name = name or heading + words.first(_ROW_NAME) + self._divide
        if held.ids:
            yield held

    def _window(
        self, blocks: Sequence[Block], segments: Sequence[_Segment], first: int, last: int, title: Tokens
    ) -> Window:
        """The window with these segments in focus."""
        inside = {each.block for each in segments[first : last + 1]}
        focus = Tokens()
        for each in segments[first : last + 1]:
            focus = focus + each.tokens + self._divide
        block = blocks[segments[first].block]
        above = [index for index in (*block.headings, block.intro) if index is not None and index not in inside]
        above = list(dict.fromkeys(above))
        context = self._before(segments, first, set(above))
        room = LONGEST - len(focus) - len(context) - 1
        for index in reversed(above):
            heading = self._tokens(blocks[index].text, blocks[index].start).last(_HEADING) + self._divide
            if len(heading) + len(title) + 1 > room:
                break
            room -= len(heading)
            context = heading + context
        context = self._begin + (title + self._divide if title.ids else Tokens()) + context
        tokens = (context + focus).first(LONGEST)
        places = np.array(tokens.places, dtype=np.int64).reshape(-1, 2)
        in_focus = np.arange(len(tokens)) >= len(context)
        return Window(
            np.array(tokens.ids, dtype=np.int64), places[:, 0], places[:, 1], in_focus & (places[:, 0] != NOWHERE)
        )

    def _before(self, segments: Sequence[_Segment], first: int, told: set[int]) -> Tokens:
        """The last tokens before a segment, up to a heading that is told anyway."""
        found, at, room = Tokens(), first - 1, BEFORE
        while at >= 0 and room > 0 and segments[at].block not in told:
            piece = segments[at].tokens.last(room)
            found = piece + self._divide + found
            room -= len(piece)
            at -= 1
        return found
