"""Tells which documents say that they are not for publication, by the words at their beginning."""

from __future__ import annotations

import re

#: How far from its beginning a document says that it is exempt.
_HEAD = 6_000
_EXEMPT = re.compile(
    r"(?<![Nn]o )(?<![Aa]ny )\b(?i:exempt (?:information|appendix|report|item|minutes|from publication))\b"
    r"|\b(?i:not for publication|schedule 12 ?A|official[ -–]+sensitive|restricted circulation)\b"
    r"|\b(?i:closed (?:session|report|minutes)|(?:strictly|private and) confidential)\b"
    r"|\b(?i:confidential (?:report|appendix|item|minutes|information))\b|(?m:^[ \W]*(?i:confidential)[ \W]*$)"
)


def says_that_it_is_exempt(text: str) -> bool:
    """Whether a document says in its head that it is exempt, confidential or not for publication."""
    return _EXEMPT.search(text[:_HEAD]) is not None
