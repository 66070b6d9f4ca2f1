"""Writes the canonical text of formats that have none of their own, and the blocks that stand in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from .blocks import Block, Cell, Kind

#: A longer line is a sentence, not a heading.
LONGEST_HEADING = 110


def counted(words: int) -> str:
    """A number of words, as a note says it."""
    return "1 word" if words == 1 else f"{words:,} words"


class Writer:
    """Canonical text as it grows: a line for each block, a row of a table with ' | ' between its cells."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.sheet: str | None = None  #: what the next blocks stand in
        self.page: int | None = None  #: on which the next blocks begin
        self.places: list[tuple[int, str]] = []  #: where pages or sheets begin in the text
        self._parts: list[str] = []
        self._at = 0

    @property
    def text(self) -> str:
        """The canonical text so far."""
        return "".join(self._parts)

    def begin(self, place: str, ahead: int = 0) -> None:
        """Say that what comes next, or from `ahead` characters on, stands in a page or sheet of this name."""
        if not self.places or self.places[-1][1] != place:
            self.places.append((self._at + ahead, place))

    def line(
        self, kind: Kind, text: str, level: int = 0, marker: str = "", *, skip: int = 0, author: str | None = None
    ) -> None:
        """Add a heading, paragraph, item or quotation.

        Its first `skip` characters are a marker, and not part of the block.
        """
        start = self._write(text, "\n")
        self.blocks.append(
            Block(
                kind,
                start + skip,
                start + len(text),
                text[skip:],
                level,
                marker,
                author=author,
                sheet=self.sheet,
                page=self.page,
            )
        )

    def grid(
        self,
        lines: Sequence[Sequence[str]],
        sections: Collection[int],
        is_header: Callable[[tuple[Cell, ...]], bool],
        places: Sequence[str] = (),
    ) -> None:
        """Add a table.

        Args:
            lines: the words of its cells, row by row; rows without words are dropped.
            sections: the rows that are one cell all across. They become headings or paragraphs, and the table goes on
                below with the same header.
            is_header: whether the first other row names the columns.
            places: for each row, the page in which it stands; empty where that is not known.

        """
        header: tuple[Cell, ...] | None = None
        body: list[tuple[Cell, ...]] = []
        before = at_header = len(self.blocks)
        for index, line in enumerate(lines):
            if not any(line):
                continue
            if places:
                self.begin(places[index])
            if index in sections:
                self._table(header or (), body)
                body = []
                self.section(" ".join(next(words for words in line if words).split()))
                continue
            cells = self._cells(line)
            if header is None:
                header, at_header = cells if is_header(cells) else (), len(self.blocks)
                body = [] if header else [cells]
            else:
                body.append(cells)
        self._table(header or (), body)
        if header and not any(block.kind == "table" for block in self.blocks[before:]):
            self.blocks.insert(at_header, self._as_table((header,), header[0].start, has_header=True))

    def section(self, text: str, level: int = 6) -> None:
        """Add a line that stands alone among rows: a heading when it is short and no sentence."""
        if len(text) <= LONGEST_HEADING and not text.endswith((".", ";")):
            self.line("heading", text, level)
        else:
            self.line("paragraph", text)

    def _table(self, header: tuple[Cell, ...], body: list[tuple[Cell, ...]]) -> None:
        if body:
            follows = bool(header) and header[-1].end + 1 == body[0][0].start
            rows = (header, *body) if header else tuple(body)
            start = header[0].start if follows else body[0][0].start
            self.blocks.append(self._as_table(rows, start, has_header=bool(header)))

    def _as_table(self, rows: tuple[tuple[Cell, ...], ...], start: int, *, has_header: bool) -> Block:
        text = "\n".join(" | ".join(cell.text for cell in row) for row in rows if row[0].start >= start)
        return Block(
            "table", start, start + len(text), text, rows=rows, has_header=has_header, sheet=self.sheet, page=self.page
        )

    def _cells(self, line: Sequence[str]) -> tuple[Cell, ...]:
        cells, at = [], self._at
        for words in line:
            cells.append(Cell(at, at + len(words), words))
            at += len(words) + 3
        self._write(" | ".join(line), "\n")
        return tuple(cells)

    def _write(self, words: str, end: str) -> int:
        start = self._at
        self._parts += (words, end)
        self._at += len(words) + len(end)
        return start
