"""Who the people at a meeting are: initials and names in a list of those present refer to their posts.

'EP asked' is then the post that EP holds, as the words at the head of the minutes say; the person's name is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..formats.blocks import Block, Cell
from .rows import columns, rows

_INITIALS = re.compile(r"\s*\((?P<letters>[A-Z][A-Za-z]?[A-Z]{1,2})\)\s*$")
_TITLE = re.compile(r"^(?:Cllr|Councillor|Mr|Mrs|Ms|Miss|Dr|Prof|Rev|Sir|Supt|Insp|Sgt|DCI|DI|PC)\.?\s+")
#: What follows a post in such a list if its holder takes the chair.
CHAIR = re.compile(r"(?:\s*[(–—-]|,)\s*(?:(?:Vice|Deputy)[- ])?(?:[Cc]hair(?:man|person)?|CHAIR)\)?\s*$")


def people_in(block: Block) -> Iterator[tuple[tuple[str, ...], Cell]]:
    """Who is in a table of those present: how they may be called, and the cell of their post, or of their agency."""
    held = set(columns(block.rows[0]).values()) if block.kind == "table" and block.rows else set()
    if "person" not in held or not held & {"role", "title", "agency"}:
        return
    for row in rows(block):
        person, post, short = row.of("person"), row.of("role", "title", "agency"), row.of("initials")
        if person is not None and post is not None:
            yield tuple(_called(person.text.strip(), short.text.strip() if short else None)), post


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
