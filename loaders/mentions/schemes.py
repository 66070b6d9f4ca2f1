"""Finds schemes, operations and orders by the shape of their names: 'Operation Lantern', 'PSPO for Quillgate'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..formats.tokens import squeezed

_CAP = r"[A-Z][\w’'-]*"
#: What follows an action's name in quotation marks.
_KIND = r"(?:service|scheme|project|campaign|programme|initiative)"
_PATTERNS = (
    re.compile(rf"\b(?:Operation|Project|Op)\s+{_CAP}(?:\s+{_CAP})?"),
    re.compile(
        rf"\b(?:{_CAP}\s+(?:and\s+|&\s+|of\s+)?){{0,3}}"
        r"(?:(?:town|city) centre |borough-?wide |district-?wide |alcohol |dog control )?"
        rf"(?:PSPO|Public Spaces? Protection Order)(?:\s+for\s+{_CAP}(?:\s+(?:{_CAP}|town centre))*)?"
    ),
    re.compile(
        rf"\b(?:{_CAP}\s+(?:and\s+|&\s+)?){{1,4}}(?:[Ss]cheme|[Ii]nitiative|[Cc]ampaign|[Pp]rogramme|[Pp]roject)\b"
    ),
    re.compile(rf"[‘“\"](?P<name>[A-Z][^’”\"\n]{{2,50}})[’”\"](?=\s+{_KIND}\b)"),
    re.compile(r"\b(?P<name>(?:[a-z’'-]+\s+(?:and\s+)?){1,5}action plan)\b"),
)
_LEAD = re.compile(
    r"^(?:(?:The|A|An|Under|This|Our|Its|Their|the|a|our|with|on|of|for|in|to|and|far|have|got|from|how|we|by)\s+)+"
)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme's name, and its place in the text."""

    label: str
    start: int
    end: int


def find_schemes(text: str, offset: int) -> Iterator[Scheme]:
    """The schemes that `text` names; `offset` is where it begins in the canonical text."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            group = "name" if "name" in pattern.groupindex else 0
            words = match.group(group)
            lead = _LEAD.match(words)
            skip = lead.end() if lead else 0
            label = squeezed(words[skip:])
            if len(label.split()) > 1 or label == "PSPO" or group == "name":
                yield Scheme(label, offset + match.start(group) + skip, offset + match.end(group))
