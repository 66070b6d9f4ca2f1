"""When a document was written: the date given by its words, its head or its file name.

A wrong date is worse than none: documents also hold dates of future meetings, deadlines and other plans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH_NUMBER = {name: number for number, name in enumerate(_MONTHS.split("|"), 1)}
_LONG_DATE = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTHS}),?\s+((?:19|20)\d\d)\b")
_SHORT_DATE = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\b")
_ISO_DATE = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_MONTH_DATE = re.compile(rf"\b({_MONTHS})\s+((?:19|20)\d\d)\b")
#: Words before a date that mark it as the document's own, anywhere in the document ...
_OWN = re.compile(
    r"(?:meeting|date(?: of (?:decision|meeting))?|published|held on|results published|monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday)"
    r"[\s:,–-]*$",
    re.IGNORECASE,
)
#: ... and in its head, in one sentence with the date.
_MADE = re.compile(
    r"\b(?:approved|adopted|agreed|endorsed|issued|dated|as (?:at|of)|version of)\b[^.\n]{0,60}$", re.IGNORECASE
)
#: Words before a date that mark it as the date of something else.
_ANOTHER = re.compile(
    r"\b(?:(?:will|shall|to be|due|deadline|closes?|(?:next|previous|last|following|future) meetings?)\b[^.\n]{0,80}"
    r"|(?:until|by|before|after|from|since|next|previous|last)(?: the)?\s*"
    r"|(?:review|closing|expiry|end|start|target|renewal|completion|implementation)(?: date| on)?[\s:,–-]*)$",
    re.IGNORECASE,
)
#: Words about the minutes of an earlier meeting, before and after its date.
_MINUTES = re.compile(r"\bminutes\b[^.\n]{0,80}$", re.IGNORECASE)
_MINUTES_AGREED = re.compile(
    r"\b(?:approv\w+|agreed?|confirm\w+|receiv\w+|sign\w+|accept\w+|noted?|that|read)\b"
    r"[^.\n]{0,40}\bminutes\b[^.\n]{0,80}$",
    re.IGNORECASE,
)
_AGREED = re.compile(
    r"\b(?:were|was|be|as)\b[^.\n]{0,30}\b(?:approved|agreed|confirmed|signed|accepted|noted|correct|true|accurate)\b",
    re.IGNORECASE,
)
#: The time after a date: ', 10am', ' at 6.30 pm'.
_CLOCK = r"\d{1,2}(?:(?:[.:]\d\d)?\s*(?:am|pm|noon|hrs)|[.:]\d\d)"
_HOUR = re.compile(rf"(?:,|\s)\s*(?:(?:at|from)\s+)?{_CLOCK}(?:\s*(?:-|–|to)\s*{_CLOCK})?$", re.IGNORECASE)
#: What comes before the date in a line that is a title, not a sentence.
_TITLED = re.compile(r"(?:[^.;\n]{3,70}?[,:(–-]\s*)?")
_HEAD = 600  #: characters


def date_of(text: str, path: str) -> str | None:
    """Return a document's own date, 'YYYY-MM-DD'; None when neither its words nor its name give one.

    Args:
        text: its text, a line for each block.
        path: its name.

    """
    own = (
        iso
        for iso, start in _dates(text)
        if not _is_anothers(text, start)
        and (_OWN.search(text[max(0, start - 40) : start]) or (start < _HEAD and _dates_the_head(text, start)))
    )
    return next(own, None) or next((iso for iso, _ in _dates(path)), None)


def month_of(text: str) -> str | None:
    """Return the 'YYYY-MM' of a heading such as 'Workshop December 2022'."""
    match = _MONTH_DATE.search(text)
    return f"{match.group(2)}-{_MONTH_NUMBER[match.group(1)]:02d}" if match else None


def _dates(text: str) -> Iterable[tuple[str, int]]:
    found = [(_iso(m.group(3), _MONTH_NUMBER[m.group(2)], m.group(1)), m.start()) for m in _LONG_DATE.finditer(text)]
    found += [(_iso(m.group(3), int(m.group(2)), m.group(1)), m.start()) for m in _SHORT_DATE.finditer(text)]
    found += [(_iso(m.group(1), int(m.group(2)), m.group(3)), m.start()) for m in _ISO_DATE.finditer(text)]
    return sorted(((iso, start) for iso, start in found if iso), key=lambda item: item[1])


def _iso(year: str, month: int, day: str) -> str:
    """The date, or '' if there is no such day."""
    try:
        return date(int(year), month, int(day)).isoformat()
    except ValueError:
        return ""


def _is_anothers(text: str, start: int) -> bool:
    """Whether a date is of something else: a deadline, the next meeting, or the meeting whose minutes were agreed."""
    before = _line_before(text, start)
    after = _line_after(text, start)
    return bool(
        _ANOTHER.search(before) or _MINUTES_AGREED.search(before) or (_MINUTES.search(before) and _AGREED.search(after))
    )


def _line_before(text: str, start: int) -> str:
    return text[text.rfind("\n", 0, start) + 1 : start].lstrip()


def _line_after(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


def _dates_the_head(text: str, start: int) -> bool:
    """Whether a date follows 'adopted by the Board on', or ends a title line, or is a line of its own."""
    line = _line_before(text, start)
    rest = _HOUR.sub("", _line_after(text, start).strip(" )."))
    closes = any(pattern.fullmatch(rest) for pattern in (_LONG_DATE, _SHORT_DATE, _ISO_DATE))
    return bool(_MADE.search(line) or (closes and _TITLED.fullmatch(line)))
