"""Who the people of a meeting are: initials and names in a list of those present stand for their posts.

'EP asked' is then the post that EP holds, as the words at the head of the minutes say; the person's name is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..formats.blocks import Block, Cell
from ..formats.tables import columns

_INITIALS = re.compile(r"\s*\((?P<letters>[A-Z][A-Za-z]?[A-Z]{1,2})\)\s*$")
_TITLE = re.compile(r"^(?:Cllr|Councillor|Mr|Mrs|Ms|Miss|Dr|Prof|Rev|Sir|Supt|Insp|Sgt|DCI|DI|PC)\.?\s+")
#: What stands behind a post in such a list: that its holder takes the chair.
CHAIR = re.compile(r"(?:\s*[(–—-]|,)\s*(?:(?:Vice|Deputy)[- ])?(?:[Cc]hair(?:man|person)?|CHAIR)\)?\s*$")


def people_in(block: Block) -> Iterator[tuple[tuple[str, ...], Cell]]:
    """(how a person may be called, the cell of their post, or of their agency where no post is given) of a table of those present."""
    if block.kind != "table" or not block.rows:
        return
    held = {role: index for index, role in columns(block.rows[0]).items()}
    if "person" not in held or not held.keys() & {"role", "agency"}:
        return
    for row in block.rows[1:]:
        cells = {role: row[index] for role, index in held.items() if index < len(row)}
        person = cells["person"].text.strip() if "person" in cells else ""
        post = next((cells[r] for r in ("role", "agency") if r in cells and cells[r].text.strip()), None)
        if person and post is not None:
            yield tuple(_called(person)), post


def _called(person: str) -> Iterator[str]:
    written = _INITIALS.search(person)
    name = person[: written.start()] if written else person
    plain = _TITLE.sub("", name).strip()
    words = plain.split()
    if written:
        yield written.group("letters")
    elif len(words) >= 2:
        yield "".join(word[0] for word in words)
    if len(words) >= 2:
        yield name
        yield plain
