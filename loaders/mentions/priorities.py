"""Finds the priorities that a document states: numbered, listed, in a sentence, in a table, as headings."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...ontology.columns import load_roles, role_of
from ..formats.blocks import Block, Cell, ReadFile
from ..formats.tokens import sentences, squeezed
from .context import years_of
from .grids import Grid, grids
from .rows import rows

_NUMBER_WORDS = {word: str(n) for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_KIND = r"(?i:(?:strategic|key|core)\s+)?(?i:priority|pillar|objective|theme|outcome|ambition|aim)"
_N = r"(?P<number>\d{1,2}|" + "|".join(w.title() + "|" + w for w in _NUMBER_WORDS) + r")"
_NUMBERED = re.compile(
    rf"\b{_KIND}\s+{_N}\b(?:\s+of\s+(?:the|our)\s+[\w\s]{{0,25}}?(?:plan|strategy|Plan|Strategy))?"
    r"(?:\s*[-–—:.|]\s*|\s+(?=[(‘“\"])|\s*,\s+)(?P<open>[(‘“\"']?)(?P<name>[^\n]+)"
)
#: 'priority 2' alone: a reference to one that has been named.
REFERENCE = re.compile(rf"\b{_KIND}\s+{_N}\b")
_CLOSING = {"(": ")", "‘": "’'", "“": "”", '"': '"', "'": "'’"}
#: Where a name ends inside a sentence.
_NAME_END = re.compile(
    r"(?<!\betc)[.;!?](?=\s|$)"
    r"|,?\s+(?:is|are|was|were|will be|would be|to be)\s+(?:led|delivered|owned|run|chaired|overseen)\b"
    r"|,\s+(?:is|are|was|were|will|would|has|have|had|remains?)\s"
    r"|,\s+(?:both|which|where|who|with|including|such as|as well|although|and (?:it|they|we)\b)"
    r"|\s+[-–—]\s+|\s+\((?!ASB|VAWG|DA\b)|:\s|\s+\|"
)
_LIST_INTRO = re.compile(
    r"\bfocus(?:es|ed|ing)? (?:its \w+ )?on (?:the following|these|\w+)?\s*(?:key |main |core |priority )?"
    r"(?:issues|areas|themes)\b"
    r"|\b(?:priorities|priorties|priority areas|objectives|pillars|strategic themes|key themes|strategic aims"
    r"|areas of focus|focus areas|priority themes)\b",
    re.IGNORECASE,
)
_NOT_PRIORITIES = re.compile(
    r"\b(?:actions?|activities|duties|powers|questions?|membership|members|groups?|comments|reports?|meet(?:ing)?s?"
    r"|how|evidence|measures?|emerging)\b",
    re.IGNORECASE,
)
_HEADING_INTRO = re.compile(
    r"^(?:\d+[.)]?\s*)?(?:our|the|key|strategic|local|draft|proposed|community safety|partnership|plan|CSP|five|six"
    r"|four|three|seven|\W)*\s*"
    r"(?:priorities|objectives|pillars|themes)(?:\s+(?:for|in|of|at a glance|\d|20\d\d|[-–/]|to)+.*)?$",
    re.IGNORECASE,
)
_SENTENCE_ITEM = re.compile(r"\b(?:included?|includes|are|were|was|is|has|have|had|will|should|would)\b")
_IN_PROSE = re.compile(
    r"\bpriorit(?:ies|y areas)\b(?:\s+(?:of|for|in|to be (?:tackled|addressed|delivered|agreed))\s+"
    r"(?:the\s+)?[\w\s/&-]{2,40}?)?"
    r"\s*(?:,?\s+(?:which|that)\s+(?:included?|are|were)"
    r"|\s+(?:are|were|had been|have been|will be|would be|remain|include|included)|\s*[-–:]|,?\s+namely)\s*:?\s+"
    r"(?P<list>[^.:]+)"
    r"|\b(?:had|has|have|adopted|set|with|identified)\s+as\s+(?:its|their|our|the)\s+(?:\w+\s+)?priorities\s+"
    r"(?P<list2>[^.:]+)"
)
_NOT_A_NAME = re.compile(
    r"^(?:(?:to be|being|been|picked|chosen|reviewed|agreed|set|based|in line|linked|also|not|now|still|based|outlined"
    r"|the same|clear|shared|as follows|under|on|in"
    r"|at|by|from|that|which|whether|how|what|when|if|it|there|they|we|these|those|this|drawn|taken|similar|discussed"
    r"|presented|reflected|aligned|informed)\b|\d+$)",
    re.IGNORECASE,
)
#: The roles of fields that only something to be done has.
_OF_ACTIONS = frozenset(("deadline", "status", "update"))
#: Names of sheets that say nothing of what is on them, or name no priority.
_SHEET_OF_ALL = re.compile(
    r"^\W*(?:sheet|tab|table|page|copy)\b|\d{4}|\b(?:actions?|plan|log|tracker|register|summary|notes?|data|list"
    r"|overview|dashboard|completed|closed|open|archive|old|current|all|q[1-4]|quarter|year|board|group|police|council"
    r"|[Jj]an\w*|[Ff]eb\w*|[Mm]arch|[Aa]pril|[Mm]ay|[Jj]une|[Jj]uly|[Aa]ug\w*|[Ss]ept?\w*|[Oo]ct\w*|[Nn]ov\w*|[Dd]ec\w*)\b",
    re.IGNORECASE,
)
#: What else a priority's cell says about it: 'Owner: Head of Housing'.
_IN_CELL = re.compile(r"[\n(]\s*(?=[A-Z][\w’' -]{1,30}:)")


@dataclass(frozen=True, slots=True)
class PriorityFound:
    """A priority as the document names it."""

    name: str
    number: str | None
    start: int  #: of its name in the canonical text
    end: int
    block: int  #: index of its block
    cue: str
    period: tuple[int, int] | None = None  #: when the words beside it name another plan's


def find_priorities(read: ReadFile) -> list[PriorityFound]:
    """The priorities that a document names, in its order; the same name may come more than once."""
    found: list[PriorityFound] = []
    ended: set[int] = set()
    sheets = _sheets_of_priorities(read)
    for index, block in enumerate(read.blocks):
        if index in sheets:
            found.extend(_trim(block.start, block.text, None, index, "priority-as-heading"))
            continue
        if block.kind == "table":
            found.extend(_in_table(block, index))
            continue
        numbered = list(_numbered(block, index))
        if numbered:
            found.extend(numbered)
        elif block.kind == "item" and block.intro is not None and block.intro not in ended:
            item = _listed(read, block, index)
            if item:
                found.append(item)
            elif _introduces(read.blocks[block.intro]) and not _tells_more(read, block):
                ended.add(block.intro)
        elif block.kind == "heading" and _under_priorities(read, block):
            found.extend(_trim(block.start, block.text, None, index, "priority-as-heading"))
        else:
            found.extend(_in_prose(block, index))
    return found


def _sheets_of_priorities(read: ReadFile) -> frozenset[int]:
    """The names of a workbook's sheets, where each holds the actions of one priority."""
    names = {block.sheet: index for index, block in reversed(list(enumerate(read.blocks))) if block.sheet}
    of_actions = {
        block.sheet
        for block in read.blocks
        if block.sheet and block.kind == "table" and any(_without_priority(grid) for grid in grids(block))
    }
    found = [index for sheet, index in names.items() if sheet in of_actions and not _SHEET_OF_ALL.search(sheet)]
    return frozenset(found) if len(found) > 1 and len(found) == len(of_actions) else frozenset()


def _without_priority(grid: Grid) -> bool:
    held = set(grid.roles.values())
    return {"action", "lead"} <= held and "priority" not in held


def _numbered(block: Block, index: int) -> Iterator[PriorityFound]:
    for start, end in sentences(block.text):
        for match in _NUMBERED.finditer(block.text, start, end):
            number = _NUMBER_WORDS.get(match.group("number").lower(), match.group("number"))
            name, at = match.group("name"), match.start("name")
            closing = _CLOSING.get(match.group("open"))
            if closing:
                stop = next((i for i, c in enumerate(name) if c in closing and not name[i + 1 : i + 2].isalpha()), None)
                if stop is None:
                    continue
                name = name[:stop]
            elif (match.group().rstrip().endswith("?") and not name[:1].isupper()) or re.match(
                r"(?:and|to|was|is|has|will|of)\b", name
            ):
                continue
            yield from _trim(block.start + at, name, number, index, "numbered-priority")


def _listed(read: ReadFile, block: Block, index: int) -> PriorityFound | None:
    """A list item whose intro says that priorities follow."""
    assert block.intro is not None
    intro = read.blocks[block.intro]
    if not _introduces(intro) or _tells_more(read, block):
        return None
    words = block.text.strip()
    finite = words.endswith(".") and _SENTENCE_ITEM.search(words) and len(words.split()) > 8
    if finite and not all(b.text.strip().endswith(".") for b in _first_items(read, block.intro)):
        return None
    return next(_trim(block.start, block.text, None, index, "listed-priority", years_of(intro.text)), None)


def _first_items(read: ReadFile, intro: int) -> list[Block]:
    """The first two items that a block introduces."""
    below = (read.blocks[index] for index in range(intro + 1, len(read.blocks)))
    return list(itertools.islice((b for b in below if b.kind == "item" and b.intro == intro), 2))


def _tells_more(read: ReadFile, block: Block) -> bool:
    """Whether an item tells more of the one above: it stands deeper in the list, or says who leads that."""
    assert block.intro is not None
    return _is_field(block.text) or any(block.level > first.level for first in _first_items(read, block.intro)[:1])


def _is_field(text: str) -> bool:
    """Whether an item says who leads something, or by when, rather than names it."""
    label, colon, _ = text.partition(":")
    role = role_of(squeezed(label)) if colon else None
    return role is not None and (load_roles()[role].predicate is not None or role in _OF_ACTIONS)


def _introduces(block: Block) -> bool:
    text = squeezed(block.text)
    if block.kind == "heading":
        return bool(_HEADING_INTRO.match(text))
    last = [text[s:e] for s, e in sentences(text)][-1:]
    return bool(
        last
        and last[0].rstrip().endswith((":", "be:", "-"))
        and _LIST_INTRO.search(last[0])
        and not _NOT_PRIORITIES.search(last[0])
    ) or bool(last and re.search(r"\b(?:they would be|these are)\s*:$", last[0]) and _LIST_INTRO.search(text))


def _under_priorities(read: ReadFile, block: Block) -> bool:
    if not block.headings:
        return False
    above = read.blocks[block.headings[-1]]
    return (
        bool(_HEADING_INTRO.match(squeezed(above.text)))
        and above.level < block.level
        and len(block.text.split()) <= 14
        and not block.text.rstrip().endswith(("?", ":"))
    )


def _in_prose(block: Block, index: int) -> Iterator[PriorityFound]:
    for start, end in sentences(block.text):
        sentence = block.text[start:end]
        if re.search(r"\b(?:emerging|not|never)\s+priorit", sentence):
            continue
        match = _IN_PROSE.search(sentence)
        if match is None:
            continue
        group = "list" if match.group("list") else "list2"
        years = years_of(sentence[: match.end()])
        pieces = list(_pieces(match.group(group)))
        if len(pieces) < 2 or _NOT_A_NAME.match(pieces[0][1]):
            continue
        for offset, words in pieces:
            yield from _trim(
                block.start + start + match.start(group) + offset, words, None, index, "priority-in-prose", years
            )


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The parts of 'A, B and C', split at semicolons if there are any, else at commas.

    The last 'and' splits only if no other part contains one.
    """
    dash = re.search(r"\s+[-–—]\s", text)
    text = text[: dash.start()] if dash else text
    separator = r"\s*;\s*(?:and\s+)?" if ";" in text else r"\s*,\s*(?:and\s+)?"
    edges = [(0, 0), *((m.start(), m.end()) for m in re.finditer(separator, text)), (len(text), len(text))]
    parts = [(left[1], text[left[1] : right[0]]) for left, right in itertools.pairwise(edges)]
    parts = [(at, words) for at, words in parts if words.strip()]
    if not parts:
        return
    *head, (at, last) = parts
    yield from head
    divide = re.search(r"\s+and\s+(?=\w+ing\b)" if re.match(r"\w+ing\b", last) and not head else r"\s+and\s+", last)
    if divide and ";" not in text and not any(" and " in words for _, words in head):
        yield at, last[: divide.start()]
        yield at + divide.end(), last[divide.end() :]
    else:
        yield at, last


def _in_table(block: Block, index: int) -> Iterator[PriorityFound]:
    for grid in grids(block):
        held = set(grid.roles.values())
        if "priority" not in held or held & {"count", "said"}:
            continue  # a table that counts comments by theme lists no priorities
        cue = "priority-in-action-table" if "action" in held else "priority-in-table"
        for row in rows(grid):
            cell, number = row.of("priority"), row.of("number")
            if cell is not None and "priority" not in row.inherited:
                numbered = number.text.strip() if number is not None and number.text.strip().isdigit() else None
                yield from _from_cell(cell, index, cue, numbered)


def _from_cell(cell: Cell, index: int, cue: str, number: str | None) -> Iterator[PriorityFound]:
    match = re.match(rf"(?:{_KIND}\s+)?(?P<number>\d{{1,2}})\s*[-–—:.)]\s*(?=\D)", cell.text)
    skip = match.end() if match else 0
    words = _IN_CELL.split(cell.text[skip:])[0].strip(" ;,\n")
    skip += len(cell.text[skip:]) - len(cell.text[skip:].lstrip())
    if words and not REFERENCE.fullmatch(squeezed(words)):  # 'Pillar 1' in a cell only refers to one
        yield PriorityFound(
            squeezed(words),
            match.group("number") if match else number,
            cell.start + skip,
            cell.start + skip + len(words),
            index,
            cue,
        )


def _trim(
    start: int, text: str, number: str | None, index: int, cue: str, period: tuple[int, int] | None = None
) -> Iterator[PriorityFound]:
    """Cut a name out of `text`: without marks around it, and without the remarks after it."""
    lead = len(text) - len(text.lstrip(" \u00a0‘“\"'("))
    words = text[lead:]
    numbered = re.match(r"\d{1,2}[.)]\s+", words)
    if numbered and number is None:
        number, lead, words = numbered.group().rstrip(". )"), lead + numbered.end(), words[numbered.end() :]
    stop = _NAME_END.search(words)
    words = words[: stop.start()] if stop and stop.start() > 2 else words
    words = re.sub(r"(?:[\s;,.:]|\band)+$", "", words).rstrip(" ’”\"'")
    name = squeezed(words)
    if len(name) < 3 or len(name.split()) > 22 or not re.search(r"[A-Za-z]{3}", name):
        return
    yield PriorityFound(name, number, start + lead, start + lead + len(words), index, cue, period)
