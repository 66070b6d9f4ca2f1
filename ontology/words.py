"""How words are compared, in documents, in labels and in questions alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Signs inside a word that nobody sees: soft hyphens, spaces and joiners of no width.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
#: A word: letters and digits, with apostrophes and what nobody sees inside; '&' counts as one.
WORD = re.compile(rf"[^\W_]+(?:[{_UNSEEN}]+[^\W_]+|[’'][^\W\d_]+)*|&")
_NO_LETTERS = re.compile(rf"[’'{_UNSEEN}]|(?<=[^\W\d_])[¹²³⁰-⁹]+$")
#: The number of a footnote, which stands behind a word as if it were part of it: 'burglary2'.
_FOOTNOTE = re.compile(r"(?<=[^\W\d_]{5})[0-9]{1,2}$")


@lru_cache(maxsize=50_000)
def normal(word: str) -> str:
    """One word as compared: 'Burglaries' -> 'burglary', 'women’s' -> 'women', '&' -> 'and'."""
    word = _NO_LETTERS.sub("", word.lower())
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word)  # ligatures are letters
    word = _FOOTNOTE.sub("", word)
    if word == "&":
        return "and"
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
