"""How words are compared, in documents, in labels and in questions alike."""

from __future__ import annotations

import re
from functools import lru_cache

#: A word: letters and digits, with apostrophes inside; '&' counts as one.
WORD = re.compile(r"[^\W_]+(?:[’'][^\W\d_]+)*|&")
_APOSTROPHES = re.compile(r"[’']")


@lru_cache(maxsize=50_000)
def normal(word: str) -> str:
    """One word as compared: 'Burglaries' -> 'burglary', 'women’s' -> 'women', '&' -> 'and'."""
    word = _APOSTROPHES.sub("", word.lower())
    if word == "&":
        return "and"
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
