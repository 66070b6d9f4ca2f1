"""Finds glossaries and lists of contacts: they name much and state nothing."""

from __future__ import annotations

import re

from ..formats.blocks import ReadFile

#: A line of a list of short forms.
GLOSSARY_ENTRY = re.compile(r"(?P<short>[A-Z][A-Za-z&]{1,9})\s*(?:[-–—:|]\s*)?(?P<full>[A-Za-z].{3,120})$")
_GLOSSARY = re.compile(
    r"\b(?:glossary|words we use|words used|terms used|definitions|key terms|abbreviations|acronyms"
    r"|list of (?:terms|short forms)|jargon)\b",
    re.IGNORECASE,
)
_CONTACTS = re.compile(
    r"\b(?:where to (?:get|find|go for) help|useful (?:contacts|links|numbers)|contact (?:us|details)"
    r"|(?:get|getting) in touch|contacts|how to report|get help|further (?:help|support|information)"
    r"|related (?:pages|links))\b",
    re.IGNORECASE,
)


def reference_blocks(read: ReadFile) -> frozenset[int]:
    """The blocks of a glossary or a list of contacts, which state nothing."""
    return frozenset(
        index
        for index, block in enumerate(read.blocks)
        for above in block.headings[-1:]
        if _GLOSSARY.search(read.blocks[above].text)
        or (_CONTACTS.search(read.blocks[above].text) and len(read.blocks[above].text) < 60)
    )
