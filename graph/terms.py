"""The words by which quotes are found: both engines keep these, so that both find the same."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WORD = re.compile(r"[^\W_]+")


def terms_of(text: str) -> str:
    """Return the words of `text` in lower case, without accents and endings: 'Burglaries' -> 'burglari'.

    There is a single space between two words.
    """
    return " ".join(_term(word) for word in _WORD.findall(text.lower()))


@lru_cache(maxsize=100_000)
def _term(word: str) -> str:
    plain = (
        word
        if word.isascii()
        else "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    )
    return _stemmer()(plain) or word


@cache
def _stemmer() -> Callable[[str], str]:
    """The Porter2 stemmer for English (https://snowballstem.org/algorithms/english/stemmer.html)."""
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem
