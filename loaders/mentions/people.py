"""Who the people at a meeting are: initials and names in a list of those present refer to their posts.

'EP asked' is then the post that EP holds, as the words at the head of the minutes say; the person's name is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..formats.blocks import Block, Cell
from .grids import Grid, grids
from .rows import rows

_INITIALS = re.compile(r"\s*\((?P<letters>[A-Z][A-Za-z]?[A-Z]{1,2})\)\s*$")
_TITLE = re.compile(r"^(?:Cllr|Councillor|Mr|Mrs|Ms|Miss|Dr|Prof|Rev|Sir|Supt|Insp|Sgt|DCI|DI|PC)\.?\s+")
#: What follows a post in such a list if its holder takes the chair.
CHAIR = re.compile(r"(?:\s*[(–—-]|,)\s*(?:(?:Vice|Deputy)[- ])?(?:[Cc]hair(?:man|person)?|CHAIR)\)?\s*$")


_NAME = r"(?P<person>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){1,4})"
#: 'Tom Lewis (TL), Head of Housing', 'Cllr T Lewis – Portfolio Holder, Elms Council (Chair) (TL)'.
_WITH_INITIALS = re.compile(
    rf"[\s•*-]*{_NAME}\s*(?:\((?P<before>[A-Z][A-Za-z]{{0,2}}[A-Z])\))?"
    r"\s*(?:[–—-]|,|:)\s+(?P<post>[A-Z][^\n;]{2,120}?)\s*(?:\((?P<behind>[A-Z][A-Za-z]{0,2}[A-Z])\))?[\s.,*]*$"
)
#: 'TL   Tom Lewis, Head of Housing'.
_INITIALS_FIRST = re.compile(
    rf"[\s•*-]*(?P<before>[A-Z][A-Za-z]?[A-Z]{{1,2}})\s+(?:[–—:-]\s*)?{_NAME}(?P<behind>)\s*(?:[–—-]|,)\s+"
    r"(?P<post>[A-Z][^\n;]{2,120}?)[\s.,*]*$"
)
_PIECE = re.compile(r"[^\n;]+")
#: 'Attendees: Tom Lewis (Head of Housing, EC); Sara Ito (Elms Police)'.
_LABEL = re.compile(
    r"[\s*]*(?:(?:In )?[Aa]ttendance|Attendees|Attended(?: by)?|(?:Those |Members )?[Pp]resent|PRESENT)[\s*]*:"
)
_POST_IN_BRACKETS = re.compile(rf"{_NAME}\s*\((?P<post>[A-Z][^()\n]{{3,100}})\)")


def people_in(block: Block) -> Iterator[tuple[tuple[str, ...], Cell]]:
    """Who is in a table or list of those present: how they may be called, and the words of their post, or agency."""
    if block.kind != "table":
        yield from _in_list(Cell(block.start, block.end, block.text))
        return
    for grid in grids(block):
        yield from _in_table(grid)


def _in_table(grid: Grid) -> Iterator[tuple[tuple[str, ...], Cell]]:
    held = set(grid.roles.values())
    if "person" not in held or not held & {"role", "title", "agency"}:
        return
    for row in rows(grid):
        person, post, short = row.of("person"), row.of("role", "title", "agency"), row.of("initials")
        listed = list(_in_list(person)) if person is not None else []
        yield from listed
        if person is not None and post is not None and not listed:
            yield tuple(_called(person.text.strip(), short.text.strip() if short else None)), post


def _in_list(cell: Cell) -> Iterator[tuple[tuple[str, ...], Cell]]:
    """Who is named with a post in words that are no table.

    Initials that are those of the name tell that a line is of one who is present; without them a label must say so.
    """
    for piece in _PIECE.finditer(cell.text):
        for pattern in (_WITH_INITIALS, _INITIALS_FIRST):
            found = pattern.match(cell.text, piece.start(), piece.end())
            letters = (found.group("before") or found.group("behind")) if found else None
            if found is not None and letters and _are_initials(letters, found.group("person")):
                yield tuple(_called(found.group("person"), letters)), _post(cell, found)
    if _LABEL.match(cell.text):
        for found in _POST_IN_BRACKETS.finditer(cell.text):
            yield tuple(_called(found.group("person"), None)), _post(cell, found)


def _are_initials(letters: str, person: str) -> bool:
    words = _TITLE.sub("", person).split()
    return bool(words) and (letters[0], letters[-1]) == (words[0][0], words[-1][0])


def _post(cell: Cell, found: re.Match[str]) -> Cell:
    return Cell(cell.start + found.start("post"), cell.start + found.end("post"), found.group("post"))


def _called(person: str, short: str | None) -> Iterator[str]:
    written = _INITIALS.search(person)
    name = person[: written.start()] if written else person
    plain = _TITLE.sub("", name).strip()
    words = plain.split()
    if short or written:
        yield short or (written.group("letters") if written else "")
    elif len(words) >= 2:
        yield "".join(word[0] for word in words)
    if len(words) >= 2:
        yield name
        yield plain
