"""How pages word dates and counts."""

from __future__ import annotations

import re

from ..writing.visible import without_overrides

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


#: What an officer calls the severity of a gap.
SEVERITIES = {"violation": "Serious gap", "warning": "Warning", "info": "Remark"}


def day_in_words(date: str | None) -> str:
    """Return an ISO date, or year and month, as a person writes it: '18 September 2024'; empty for None."""
    if date is None:
        return ""
    year, *rest = date.split("-")
    words = [str(int(part)) if place else _MONTHS[int(part) - 1] for place, part in enumerate(rest)]
    return " ".join([*words[::-1], year])


def first_up(text: str) -> str:
    """Return `text` with its first letter as a capital; the others stay as they are."""
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, several: str | None = None) -> str:
    """Return '1 gap', '3 gaps'."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def counts_something(finding: str) -> bool:
    """Whether a finding such as '5 of 20 issues raised have no priority' counts any.

    It does not for '0 of 20', nor where the number is not stated.
    """
    return re.match(r"[1-9]", finding) is not None


#: What XML cannot hold, and what would move a cursor.
_NOT_PRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return `text` with a sign for each character that an Office file cannot hold or that turns the direction."""
    return _NOT_PRINTABLE.sub("\ufffd", without_overrides(text))
