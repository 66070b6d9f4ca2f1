"""Reads Markdown: markdown-it finds the blocks by line, so that offsets stay those of the file.

Nothing that is written between blocks is lost: code, HTML and what markdown-it takes for something else is read by how
its lines look, as plain text is. The addresses of links are left out, and so are comments and scripts in HTML.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.common import html_re
from markdown_it.token import Token

from .blocks import Block, Cell, ReadFile, linked
from .plain import MARKER, blocks_of
from .tokens import squeezed
from .writing import counted

#: Deeper lists and quotations are read line by line; each level costs markdown-it a few levels of Python's own.
_DEEPEST = 100
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_ADDRESS = r"(?:<[^<>\n]*>|[^\s()<>](?:[^\s()]|\([^\s()]*\))*)"
_TITLE = r"""(?:"[^"]*"|'[^']*'|\([^()]*\))"""
_LINK_END = rf"\]\(\s*{_ADDRESS}?(?:\s+(?P<title>{_TITLE}))?\s*\)"
_HTML = rf"{html_re.open_tag}|{html_re.close_tag}|<![A-Za-z][^<>]*>"
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# What is blanked within a line: emphasis, code, the sides of links and images, HTML, addresses, backslashes.
_INLINE = re.compile(
    rf"\*{{1,3}}|(?<!\w)_{{1,3}}|_{{1,3}}(?!\w)|`+|!?\[(?=[^\]]*\]\()|{_LINK_END}|{_HTML}"
    r"|<[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*>|<[^\s<>@]+@[^\s<>@]+>|\\(?=[^\w\s])"
)
_HTML_BLOCK = re.compile(rf"{_HTML}|</?[a-zA-Z][^<>]*>")
#: What nobody sees, with what it holds; and, in blocks of HTML only, what is for programs.
_UNSEEN = tuple(
    (re.compile(begin), re.compile(end))
    for begin, end in (("<!--", "-->"), (r"<!\[CDATA\[", r"\]\]>"), (r"<\?", r"\?>"))
)
_PROGRAMS = tuple(
    (re.compile(rf"<{name}\b", re.IGNORECASE), re.compile(rf"</{name}\b", re.IGNORECASE))
    for name in ("script", "style", "template")
)
#: Words struck through, which nobody stands by any more; and the raised number of a footnote.
_STRUCK = re.compile(
    r"(?<!~)~~(?=\S)[^~]{1,2000}(?<=\S)~~(?!~)|<(?P<tag>del|s|strike)(?:\s[^<>]*)?>[^<>]{0,2000}</(?P=tag)\s*>",
    re.IGNORECASE,
)
_RAISED = re.compile(r"<sup>\s*[\[(]?(?:\d{1,3}|[*†‡])[\])]?\s*</sup>", re.IGNORECASE)
_LINK = re.compile(_LINK_END)
_DEFINITION = re.compile(rf"\]:\s*(?P<address>{_ADDRESS})")
_LOOKS_LIKE_ADDRESS = re.compile(r"<|.*[/.#:@?&=%_]")
_BOLD_LINE = re.compile(r"\s*\*\*[^*]+\*\*:?\s*$")
#: What stands before the words of a line that is in lists and quotations.
_LEAD = re.compile(r"^[ \t>]*", re.MULTILINE)
_MARKERS = re.compile(r"[\s>#]*(?:(?:[-+*]|\d{1,9}[.)])(?:\s+|$))*")
_FENCE = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])\s+)*(?:`{3,}|~{3,})[ \t]*(?P<language>\S*)")
_BREAK = re.compile(r"\n[>\s]*|\r")


def read_markdown(text: str) -> ReadFile:
    """Read Markdown, which is its own canonical text; blocks hold it with the markup blanked."""
    starts = [m.start() for m in _LINE.finditer(text)]
    starts += [len(text)] * (2 if starts[-1] < len(text) else 1)
    parser = (
        MarkdownIt("commonmark", {"maxNesting": _DEEPEST, "inline_definitions": True}).enable("table").disable("inline")
    )
    found = parser.parse(text)
    blocks = linked(list(_blocks(text, starts, found)))
    title = next((squeezed(b.text) for b in blocks if b.kind == "heading"), "")
    return ReadFile(text, blocks, title, "markdown", tuple(_notes(found)))


def _notes(found: list[Token]) -> Iterator[str]:
    passages = (m.group() for token in found if token.type == "inline" for m in _STRUCK.finditer(token.content))
    struck = sum(len(_HTML_BLOCK.sub(" ", passage.strip("~")).split()) for passage in passages)
    if struck:
        yield f"Words struck through were left out ({counted(struck)})."
    titles = [
        m.group("title") or "" for token in found if token.type == "inline" for m in _LINK.finditer(token.content)
    ]
    count = sum(len(title.split()) for title in titles)
    if count:
        yield f"The titles of links were left out ({counted(count)})."


def _blocks(text: str, starts: list[int], found: list[Token]) -> Iterator[Block]:
    depth, level, in_quote, done = -1, 0, 0, 0  # `done`: the line up to which everything was read
    for token in found:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type in ("blockquote_open", "blockquote_close"):
            in_quote += 1 if token.type.endswith("open") else -1
        elif token.type == "heading_open":
            level = int(token.tag[1])
        elif token.map and token.map[0] >= done and token.type in _READ:
            first, last = token.map
            yield from _lines(text, starts[done], starts[first], "between")
            done = last
            if token.type == "table_open":
                yield _table(text, starts, first, last)
            elif token.type == "inline":
                yield from _text_block(text, starts[first], starts[last], level, depth, bool(in_quote))
                level = 0
            else:
                yield from _lines(text, starts[first], starts[last], token.type)
    yield from _lines(text, starts[done], len(text), "between")


#: The tokens that hold words, and the rule between paragraphs.
_READ = frozenset(("inline", "table_open", "fence", "code_block", "html_block", "definition", "hr"))


def _lines(text: str, start: int, end: int, what: str) -> Iterator[Block]:
    """Read lines by how they look; `what` they are: a token's type, or 'between' for what no token holds."""
    piece = text[start:end]
    if not re.search(r"\w", piece) or (what == "between" and not any(map(_says_something, piece.splitlines()))):
        return
    if what == "html_block":
        piece = _spaced(_HTML_BLOCK, _seen(piece, _UNSEEN + _PROGRAMS))
    elif what == "fence":
        opening = _fence_of(piece)
        piece = " " * opening + piece[opening:]
    elif what == "definition":
        piece = _defined(piece)
    if what not in ("code_block", "fence"):
        piece = _without_entities(piece)
    piece = _spaced(_LEAD, piece) if what != "between" else _spaced(_INLINE, _seen(_spaced(_LEAD, piece)))
    for block in blocks_of(piece):
        if re.search(r"\w", block.text):
            placed = block.moved(start)
            yield replace(placed, kind="paragraph", level=0) if block.kind == "heading" else placed


def _says_something(line: str) -> bool:
    return bool(re.search(r"\w", line[end.end() if (end := _MARKERS.match(line)) else 0 :]))


def _fence_of(piece: str) -> int:
    """The length of what opens a block of code, with the word that names its language; several words there are text."""
    found = _FENCE.match(piece)
    if found is None:
        return 0
    language = not _LINE.match(piece, found.end()).group().strip()  # type: ignore[union-attr]  # it matches anything
    return found.end() if language else found.start("language")


def _defined(piece: str) -> str:
    """The definition of a link without its address; what does not look like an address stays, for it may be text."""
    found = _DEFINITION.search(piece)
    if found is None or not _LOOKS_LIKE_ADDRESS.match(found.group("address")):
        return piece
    return piece[: found.start("address")] + " " * len(found.group("address")) + piece[found.end("address") :]


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
    return _spaced(_BREAK, _without_entities(_spaced(_INLINE, _seen(raw))))


def _seen(text: str, unseen: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = _UNSEEN) -> str:
    """Replace in `text` what is between each of these by spaces.

    Line breaks stay, and so does what is never closed.
    """
    text = _spaced(_STRUCK, text) if "~~" in text or "<" in text else text
    if "<" not in text:
        return text
    text = _spaced(_RAISED, text)
    for begin, end in unseen:
        parts: list[str] = []
        at = 0
        while (opening := begin.search(text, at)) and (closing := end.search(text, opening.end())):
            parts += (text[at : opening.start()], re.sub(r"[^\r\n]", " ", text[opening.start() : closing.end()]))
            at = closing.end()
        text = "".join((*parts, text[at:]))
    return text


def _spaced(pattern: re.Pattern[str], text: str) -> str:
    """`text` with what `pattern` finds as spaces; line breaks stay."""
    keep = pattern is not _BREAK
    return pattern.sub(lambda m: re.sub(r"[^\r\n]", " ", m.group()) if keep else " " * len(m.group()), text)


def _without_entities(text: str) -> str:
    """`text` with '&amp;' and the like as what they stand for, and spaces behind, so that it is as long as before."""
    return _ENTITY.sub(
        lambda m: said.ljust(len(m.group())) if len(said := html.unescape(m.group())) == 1 else m.group(), text
    )


def _table(text: str, starts: list[int], first: int, last: int) -> Block:
    rows = []
    for number in range(first, last):
        line = text[starts[number] : starts[number + 1]].rstrip()
        if number != first + 1:  # the row of dashes
            rows.append(tuple(_cells(line, starts[number])))
    start = starts[first]
    raw = text[start : starts[last]].rstrip()
    return Block("table", start, start + len(raw), blanked(raw), rows=tuple(row for row in rows if row))


def _cells(line: str, offset: int) -> Iterator[Cell]:
    lead = re.match(r"[\s>]*(?:(?:[-+*]|\d{1,9}[.)])\s+(?=\|))?", line)
    begins = lead.end() if lead else 0
    bars = [m.start() for m in re.finditer(r"(?<!\\)\|", line[begins:])]
    edges = [begins + bar for bar in bars]
    if begins not in edges:
        edges.insert(0, begins - 1)
    if len(line) - 1 not in edges:
        edges.append(len(line))
    for left, right in itertools.pairwise(edges):
        raw = line[left + 1 : right]
        start = left + 1 + len(raw) - len(raw.lstrip())
        yield Cell(offset + start, offset + start + len(raw.strip()), blanked(raw.strip()))
