"""Reads Markdown: markdown-it finds the blocks by line, so that offsets stay those of the file."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .blocks import Block, Cell, ReadFile, linked
from .plain import MARKER
from .tokens import squeezed

# What is blanked within a line: emphasis, code, the sides of links and images, HTML tags, backslashes.
_INLINE = re.compile(r"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|`+|!?\[(?=[^\]]*\]\()|\]\([^)]*\)|</?[a-zA-Z][^>]*>|\\(?=[^\w\s])")
_BOLD_LINE = re.compile(r"\s*\*\*[^*]+\*\*:?\s*$")


def read_markdown(text: str) -> ReadFile:
    """Read Markdown, which is its own canonical text; blocks hold it with the markup blanked."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    parser = MarkdownIt("commonmark").enable("table")
    blocks = linked(list(_blocks(text, starts, parser.parse(text))))
    title = next((squeezed(b.text) for b in blocks if b.kind == "heading"), "")
    return ReadFile(text, blocks, title, "markdown")


def _blocks(text: str, starts: list[int], found: list[Token]) -> Iterator[Block]:
    depth, table_until, level, in_quote = -1, -1, 0, 0
    for token in found:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type in ("blockquote_open", "blockquote_close"):
            in_quote += 1 if token.type.endswith("open") else -1
        elif token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "table_open" and token.map:
            table_until = token.map[1]
            yield _table(text, starts, *token.map)
        elif token.type == "inline" and token.map and token.map[0] >= table_until:
            start, end = starts[token.map[0]], starts[token.map[1]]
            yield from _text_block(text, start, end, level if level else 0, depth, bool(in_quote))
            level = 0


def _text_block(text: str, start: int, end: int, level: int, depth: int, quoted: bool) -> Iterator[Block]:
    piece = text[start:end]
    lead = re.match(r"[\s#>]*", piece)
    skip = lead.end() if lead else 0
    marker = ""
    if depth >= 0 and not level and (marked := MARKER.match(piece, skip)):
        marker, skip = marked.group().strip(), marked.end()
    raw = piece[skip:].rstrip().rstrip("#").rstrip()
    clean = blanked(raw)
    start += skip
    if level:
        yield Block("heading", start, start + len(raw), clean, level)
    elif depth < 0 and _BOLD_LINE.match(raw) and len(raw) < 110:
        yield Block("heading", start, start + len(raw), clean, 6)
    elif depth >= 0:
        yield Block("item", start, start + len(raw), clean, depth, marker or "-")
    elif raw:
        yield Block("quotation" if quoted else "paragraph", start, start + len(raw), clean)


def blanked(raw: str) -> str:
    """`raw` with its markup as spaces, as long as before; line breaks inside become spaces too."""
    clean = _INLINE.sub(lambda m: " " * len(m.group()), raw)
    return re.sub(r"\n[>\s]*", lambda m: " " * len(m.group()), clean)


def _table(text: str, starts: list[int], first: int, last: int) -> Block:
    rows = []
    for number in range(first, last):
        line = text[starts[number] : starts[number + 1]].rstrip()
        if number != first + 1:  # the row of dashes
            rows.append(tuple(_cells(line, starts[number])))
    start, end = starts[first], starts[last]
    return Block("table", start, end, blanked(text[start:end].rstrip()), rows=tuple(row for row in rows if row))


def _cells(line: str, offset: int) -> Iterator[Cell]:
    edges = [m.start() for m in re.finditer(r"(?<!\\)\|", line)]
    if not line.lstrip().startswith("|"):
        edges.insert(0, -1)
    if not line.rstrip().endswith("|"):
        edges.append(len(line))
    for left, right in itertools.pairwise(edges):
        raw = line[left + 1 : right]
        start = left + 1 + len(raw) - len(raw.lstrip())
        yield Cell(offset + start, offset + start + len(raw.strip()), blanked(raw.strip()))
