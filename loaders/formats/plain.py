"""Reads plain text: headings, paragraphs and list items are known by how their lines look."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .blocks import Block, Cell, Kind, ReadFile, known_headings, linked
from .headings import labels_run_down
from .tokens import squeezed

#: What a list item may begin with: signs (also a dash with no space behind it), letters that stand for them, numbers.
MARKER = re.compile(
    r"(?P<sign>[•●▪■◦○·‣⁃∙▫➢➤✓✔*]|[-–—](?=\s*[A-Za-z‘“'\"(£0-9])|[Øøo§](?=\s+\S)|l(?=\s+[A-Z])|\uf0b7|\uf0a7"
    r"|\uf0d8)[ \t\u00a0]*"
    r"|(?P<number>\(?(?:[0-9]{1,2}(?:\.[0-9]{1,2})?|[a-h]|[ivx]{1,4})[.)]"
    r"|\((?:[0-9]{1,2}|[a-h]|[ivx]{1,4})\))[ \t\u00a0]+"
)
_FIELD = re.compile(
    r"(?!(?:Strategic |Key )?(?:Priority|Pillar|Objective|Theme|Aim|Outcome|Ambition) \w+:)[A-Z][\w'’ ]{1,28}:\s+\S"
)  # 'Venue: Council Chamber'
_INLINE_BULLET = re.compile(r"\s[·•]\s+")
_DATE_END = re.compile(r"(?:19|20)\d\d\s*:?\s*$")
#: How many lines tell whether tabs set the columns of a table.
_TELLING = 12
_CHROME = re.compile(r"^(?:skip to (?:main )?content|no\.?\s*\|?\s*item\s*\|?|[-|\s]+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: where its words stand, what marks it, and whether a blank line goes before it."""

    start: int
    end: int
    text: str
    indent: int
    marker: str
    after_blank: bool
    begins: int  #: where its marker stands, or else its words


def read_plain(text: str) -> ReadFile:
    """Read plain text, which is its own canonical text."""
    blocks = linked(list(blocks_of(text)))
    title = next(
        (squeezed(b.text) for b in blocks if b.kind == "heading"), squeezed(blocks[0].text)[:120] if blocks else ""
    )
    return ReadFile(text, blocks, title, "text")


def blocks_of(text: str) -> Iterator[Block]:
    """The headings, paragraphs and items of `text`, known by how its lines look."""
    return _blocks(list(lines_of(text)))


def lines_of(text: str) -> Iterator[Line]:
    """The lines of `text` that hold words, without white space and list markers."""
    at, blank = 0, True
    for raw in text.splitlines(keepends=True):
        stripped = raw.strip()
        if not stripped or _CHROME.match(stripped):
            blank = True
        else:
            indent = len(raw) - len(raw.lstrip())
            body = raw.strip().rstrip("|").rstrip()
            marked = MARKER.match(body)
            marker = marked.group().strip() if marked and len(body) > marked.end() else ""
            skip = marked.end() if marker and marked else 0
            start = at + indent + skip
            yield Line(start, at + indent + len(body), body[skip:], indent, marker, blank, at + indent)
            blank = False
        at += len(raw)


def marker_kind(marker: str) -> str:
    """What sort of marker it is: its sign, or 'number' for any number or letter."""
    return "number" if re.match(r"\(?[0-9a-z]+[.)]", marker) else marker[:1]


def _blocks(lines: list[Line]) -> Iterator[Block]:
    signs: list[str] = []  # the marker kinds of the lists that are open, outermost first
    index = 0
    while index < len(lines):
        line = lines[index]
        table = _table(lines, index) if "\t" in line.text else None
        if table is not None:
            signs = []
            yield table
            index += len(table.rows)
        elif line.marker:
            kind = marker_kind(line.marker)
            signs = signs[: signs.index(kind)] if kind in signs else signs
            signs.append(kind)
            last = _last_of_item(lines, index)
            yield from _item(lines, index, last, len(signs) - 1)
            index = last + 1
        else:
            signs = []
            last = _last_of_paragraph(lines, index)
            yield from _unmarked(lines, index, last)
            index = last + 1


def _table(lines: list[Line], index: int) -> Block | None:
    """The table that begins at a line, where tabs set the columns of it and the lines below."""
    first = list(itertools.islice(_tabbed_rows(lines, index), _TELLING))
    has_header = len(first) > 1 and known_headings(first[0]) >= 2
    if not has_header and not labels_run_down([[cell.text for cell in row] for row in first]):
        return None
    rows = list(_tabbed_rows(lines, index))
    start, end = rows[0][0].start, rows[-1][-1].end
    text = "".join(_spread(rows, start))
    return Block("table", start, end, text, rows=tuple(rows), has_header=has_header)


def _tabbed_rows(lines: list[Line], index: int) -> Iterator[tuple[Cell, ...]]:
    """The cells of the lines from one on, up to a blank line or one without tabs."""
    for number in range(index, len(lines)):
        if (number > index and lines[number].after_blank) or "\t" not in lines[number].text:
            return
        yield tuple(_tabbed(lines[number]))


def _tabbed(line: Line) -> Iterator[Cell]:
    """The cells of a line whose columns tabs set."""
    before = line.start - line.begins
    text = line.marker.ljust(before) + line.text
    for found in re.finditer(r"[^\t]*[^\t\s][^\t]*", text):
        words = found.group()
        start = line.begins + found.start() + len(words) - len(words.lstrip())
        yield Cell(start, start + len(words.strip()), words.strip())


def _spread(rows: list[tuple[Cell, ...]], start: int) -> Iterator[str]:
    """The words of cells, with spaces where they do not stand."""
    for cell in (cell for row in rows for cell in row):
        yield " " * (cell.start - start) + cell.text
        start = cell.end


def _last_of_item(lines: list[Line], index: int) -> int:
    """An item goes on over lines that are indented like its words, or that complete a long line."""
    last = index
    while last + 1 < len(lines) and not lines[last + 1].after_blank and not lines[last + 1].marker:
        unfinished = _unfinished(lines[last].text, lines[last + 1].text)
        if not (lines[last + 1].indent > lines[index].indent or unfinished):
            break
        last += 1
    return last


def _item(lines: list[Line], index: int, last: int, level: int) -> Iterator[Block]:
    line, following = lines[index], lines[last + 1] if last + 1 < len(lines) else None
    opens = last == index and (
        line.text.rstrip().endswith(":") or (_DATE_END.search(line.text) and len(line.text) < 110)
    )
    if (
        opens
        and following is not None
        and following.marker
        and marker_kind(following.marker) != marker_kind(line.marker)
    ):
        yield Block("heading", line.start, line.end, line.text, 3)
    else:
        yield from _split_inline(
            Block("item", line.start, lines[last].end, _joined(lines, index, last), level, line.marker)
        )


def _unfinished(line: str, below: str) -> bool:
    """Whether a line goes on below: it ends no sentence, and is long or the next begins in lower case."""
    return not re.search(r"[.:;?!]$", line) and (len(line) > 55 or below[:1].islower())


def _last_of_paragraph(lines: list[Line], index: int) -> int:
    """A paragraph goes on over hard line breaks: long lines that do not end a sentence, and no blank line between."""
    last = index
    while (
        last + 1 < len(lines)
        and not lines[last + 1].after_blank
        and not lines[last + 1].marker
        and _unfinished(lines[last].text, lines[last + 1].text)
        and not _FIELD.match(lines[last + 1].text)
    ):
        last += 1
    return last


def _unmarked(lines: list[Line], first: int, last: int) -> Iterator[Block]:
    start, end = lines[first].start, lines[last].end
    # White space between hard-wrapped lines stays, so that offsets hold.
    text = _joined(lines, first, last)
    kind, level = _kind_of(lines, first, last)
    block = Block(kind, start, end, text, level)
    yield from (_split_inline(block) if kind == "paragraph" else [block])


def _joined(lines: list[Line], first: int, last: int) -> str:
    text = lines[first].text
    for line in lines[first + 1 : last + 1]:
        text += " " * (line.start - lines[first].start - len(text)) + line.text
    return text


def _kind_of(lines: list[Line], first: int, last: int) -> tuple[Kind, int]:
    line = lines[first]
    text = line.text.rstrip()
    following = lines[last + 1] if last + 1 < len(lines) else None
    short = first == last and len(text) <= 110 and len(text.split()) <= 14
    if not short or _FIELD.match(text) or text.endswith((".", ",", ";")) or not text[:1].isupper() or following is None:
        return "paragraph", 0
    if text.endswith(":"):
        # 'Minutes:' is a heading; 'We agreed these priorities:' introduces a list.
        return ("heading", 3) if len(text.split()) <= 3 and not following.marker else ("paragraph", 0)
    return "heading", 1 if first == 0 else 2


def _split_inline(block: Block) -> Iterator[Block]:
    """Split 'a · b · c' into the words before the first sign, and items."""
    breaks = list(_INLINE_BULLET.finditer(block.text))
    if len(breaks) < (1 if block.kind == "item" else 2):
        yield block
        return
    edges = [0, *(m.end() for m in breaks)]
    ends = [*(m.start() for m in breaks), len(block.text)]
    for number, (start, end) in enumerate(zip(edges, ends, strict=True)):
        if block.text[start:end].strip():
            kind: Kind = block.kind if number == 0 else "item"
            yield Block(
                kind,
                block.start + start,
                block.start + end,
                block.text[start:end],
                block.level,
                "·" if number else block.marker,
            )


def cell(block: Block) -> Cell:
    """A block as a cell, for what works on both."""
    return Cell(block.start, block.end, block.text)
