"""Reads tables: headers say what columns hold, empty cells inherit from above, a cell may hold several owners."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .blocks import Block, Cell
from .tokens import squeezed

#: What a column holds, by its header; the first that fits.
_HEADERS: tuple[tuple[str, str], ...] = (
    ("parent", r"\b(?:accountable to|reports? (?:in)?to|reporting to|answers to|parent (?:body|group|board))\b"),
    ("person", r"^(?:names?|name of (?:member|attendee))$"),
    ("number", r"^(?:(?:old|new|action|item|project)?\s*(?:no\.?|ref\.?|reference|ref no\.?|#|number|id))$"),
    ("members", r"\b(?:members?|membership|sits? on it|who sits|attendees|representation|represented by|made up of)\b"),
    ("title", r"^(?:desired |key |our |intended )?outcomes?$"),
    ("answer", r"\bour (?:answer|response|reply)\b|\bwe did\b|\bwe have done\b|^(?:response|answer|reply)$"),
    ("said", r"\b(?:people said|you said|you told us|said(?! we)|comment|quote|one of them|feedback)\b"),
    (
        "count",
        r"\b(?:responses?|replies|count|number of|percentage|per cent|share|votes|total|mentions|comments)\b|%|^n$",
    ),
    (
        "deadline",
        r"^(?:by|closed|target|targets?)$|\b(?:deadline|due|by when|finish by|target date|timescale|timeframe"
        r"|completion|when|end date|date due|date)\b",
    ),
    ("status", r"^(?:rag|rag (?:status|rating)|status|progress status|rating)$"),
    (
        "update",
        r"\bhow (?:we|will we|shall we|it)\b.*\b(?:know|measured)\b|\bwhere (?:we are|are we)\b"
        r"|\b(?:update|progress|state of play|position|latest|remarks|commentary|notes?|milestone|meets|frequency"
        r"|evidence|measure|success)\b",
    ),
    (
        "group",
        r"\b(?:delivery (?:group|board|mechanism)|delivered (?:by|through)|sub-?group|group|board|forum|panel"
        r"|governance)\b",
    ),
    ("chair", r"\bchair\b"),
    (
        "lead",
        r"\b(?:lead|leads|led by|sponsor|sponsors|champion|owner|owners|owned by|responsible|responsibility"
        r"|accountable|who|by whom|action by|sro|lead officer|lead agency|lead partner)\b",
    ),
    (
        "issues",
        r"\b(?:issues?|takes in|covers|includes|focus|problems?|delivers|remit|concerned with|deals with|looks after"
        r"|concerns?|crime types?|worr\w+|harm)\b",
    ),
    (
        "support",
        r"\b(?:partners?|helped by|help from|assisted by|supporting|support|supported by|with|working with"
        r"|contributors?|key agencies|stakeholders|partner agencies)\b",
    ),
    ("priority", r"\b(?:priority|priorities|objective|pillar|theme|aim|strategic outcome|outcome area)\b"),
    (
        "title",
        r"^(?:duty|duties|statutory duty|item|title|project|scheme|action name|work ?stream|activity name|subject"
        r"|agenda item)$",
    ),
    (
        "action",
        r"\b(?:actions?|activity|activities|task|what we will do|recommendations?|undertaken|undertakings?|pledges?"
        r"|promises?|we (?:will|shall|are going to)|commitments?|deliverable|what|initiative)\b",
    ),
    ("agency", r"\b(?:agency|organisation|organization|body|representing|service)\b"),
    ("role", r"\b(?:role|post|job title|position|designation|title)\b"),
)
_NOBODY = re.compile(
    r"^(?:|-+|–|—|n/?a|tbc|tba|t\.b\.c\.?|none|nil|vacant|to be (?:confirmed|agreed|appointed|decided)"
    r"|not (?:yet )?(?:known|agreed|assigned)|unknown|\?|all|various|all partners|see\b.*|tbc\b.*"
    r"|no (?:owner|lead)\b.*|not (?:agreed|allocated)|none agreed|unallocated"
    r"|as (?:the case )?(?:requires?|required|needed|appropriate).*|owner to be confirmed)\.?$",
    re.IGNORECASE,
)
# '(?<!\s)': a run of blanks is looked at from its beginning only, or a long one takes hours.
_HARD = re.compile(r"(?<!\s)\s*(?:;|\n|\s/\s|/(?=[A-Z])|•)\s*")
_SOFT = re.compile(r"(?<!\s)\s*(?:,\s*and\s+|,|\s+&\s+|\s+and\s+|\s+with\s+|\+)\s*")
#: A name by its capitals: 'Lantern', 'Survivors’ Voice'.
PROPER = re.compile(r"(?:[A-Z][\w’'&-]*)(?: (?:of |for |and |the )?[A-Z][\w’'&-]*){0,3}$")
#: Between the names of a cell in which one is marked '(lead)'.
_LISTED = re.compile(r"(?<!\s)\s*(?:,\s*(?:and\s+)?|\+|(?<=\))\s+with\s+|(?<=\))\s+and\s+)\s*")
_ASIDE = re.compile(
    r"(?<!\s)\s*\((?P<what>(?:joint |co-)?leads?|chair|support|supporting|partner|tbc|owner|fund(?:er|ers|ing|ed)"
    r"|advice|advisory|delivery)\)\s*$",
    re.IGNORECASE,
)
#: A word that says which of several names in a cell leads: the others do not.
_LEAD_AMONG = re.compile(r"\((?:joint |co-)?leads?\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells by what their column holds; inherited cells are said to be."""

    cells: dict[str, Cell]
    inherited: frozenset[str]
    first: Cell


def columns(header: tuple[Cell, ...]) -> dict[int, str]:
    """What each column holds, as far as its header tells; the first column of a kind only."""
    found: dict[int, str] = {}
    for index, cell in enumerate(header):
        words = squeezed(cell.text).lower()
        for role, pattern in _HEADERS:
            if words and re.search(pattern, words) and role not in found.values():
                found[index] = role
                break
    return found


def rows(block: Block) -> Iterator[Row]:
    """The rows of a table below its header; a blank cell in a column that groups the rows inherits from above."""
    held = columns(block.rows[0])
    above: dict[str, Cell] = {}
    header = [squeezed(c.text) for c in block.rows[0]]
    for line in block.rows[1:]:
        if [squeezed(c.text) for c in line] == header or not any(c.text.strip() for c in line):
            continue  # a header that is repeated on the next page
        cells: dict[str, Cell] = {}
        inherited = set()
        for index, cell in enumerate(line):
            role = held.get(index)
            if role is None:
                continue
            groups = ("priority", "group") if "action" in held.values() else ("parent",)
            if not cell.text.strip() and role in groups and role in above:
                cell = above[role]
                inherited.add(role)
            cells[role] = cell
            if role in ("priority", "group", "parent") and cell.text.strip():
                above[role] = cell
        yield Row(cells, frozenset(inherited), next(c for c in line if c.text.strip()))


def names_in(
    cell: Cell, is_body: Callable[[str], bool], is_post: Callable[[str], bool], is_one: Callable[[str], bool]
) -> list[tuple[Cell, str]]:
    """The bodies and posts in a cell, each with the word in brackets after it ('lead', 'chair' or '').

    Semicolons, slashes and line breaks divide. Commas, '&' and 'and' divide only where every part is a body or post by
    itself and the whole is no one name, and not behind a post, whose field may follow: 'Operational Director,
    Enforcement and Community Safety'.
    """
    found: list[tuple[Cell, str]] = []
    for start, end in _pieces(cell.text, _HARD):
        piece = cell.text[start:end]
        marked = _LEAD_AMONG.search(cell.text) is not None
        parts = _pieces(piece, _LISTED if marked else _SOFT)
        names = [_ASIDE.sub("", piece[s:e]).strip() for s, e in parts]
        divides = (
            len(parts) > 1
            and not is_one(piece)
            and (
                all(is_body(n) for n in names)
                or (
                    not any(is_post(n) for n in names)
                    and any(is_body(n) for n in names)
                    and all(
                        is_body(n) or (PROPER.match(n) and (n == names[-1] or is_body(names[0]) or " " in n))
                        for n in names
                    )
                )
            )
            and all(is_post(n) == is_post(names[0]) or not is_post(names[0]) for n in names)
        )
        for s, e in parts if divides or marked else [(0, len(piece))]:
            name = piece[s:e]
            aside = _ASIDE.search(name)
            words = name[: aside.start()] if aside else name
            words = words.strip(" .")
            if words and not _NOBODY.match(words):
                at = cell.start + start + s + name.index(words[0])
                found.append(
                    (Cell(at, at + len(words), words), re.sub(r"[\s()]", "", aside.group()).lower() if aside else "")
                )
    return found


def _pieces(text: str, separator: re.Pattern[str]) -> list[tuple[int, int]]:
    edges = [(0, 0), *((m.start(), m.end()) for m in separator.finditer(text)), (len(text), len(text))]
    return [(left[1], right[0]) for left, right in itertools.pairwise(edges) if text[left[1] : right[0]].strip()]
