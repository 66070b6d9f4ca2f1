"""Letters as a reader sees them: without signs that take no room, ligatures as letters, wrong encodings mended."""

from __future__ import annotations

import re

#: Soft hyphens, spaces and joiners of no width, byte-order marks.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SEEN = str.maketrans(_LIGATURES) | _INVISIBLE
#: The raised number of a footnote behind a word.
_RAISED = re.compile(r"(?<=[^\W\d_]{4})[¹²³⁰-⁹]+")

# UTF-8 that was read as Windows-1252: letters of Europe, the signs of Western text, and quotation marks and dashes.
_LATIN = r"[ÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_SIGNS = r"Â[\u00a0-\u00bf]"
_QUOTES = r"â[€„][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MOJIBAKE = re.compile(f"{_LATIN}|{_SIGNS}|{_QUOTES}")
#: The five bytes that Windows-1252 has no sign for.
_NO_SIGN = frozenset("\u0081\u008d\u008f\u0090\u009d")


def cleaned(text: str) -> str:
    """`text` as it is seen, for formats whose canonical text is not the file's own; without the marks of footnotes."""
    return text if text.isascii() else _RAISED.sub("", mended(text.translate(_SEEN))[0])


def mended(text: str) -> tuple[str, int]:
    """`text` with the signs that a wrong encoding made of others, such as 'â€™' for '’'; and how many it mended."""
    mends = 0

    def mend(match: re.Match[str]) -> str:
        nonlocal mends
        try:
            sign = b"".join(_byte(letter) for letter in match.group()).decode("utf-8")
        except UnicodeError:
            return match.group()
        mends += 1
        return sign

    return (text, 0) if text.isascii() else (_MOJIBAKE.sub(mend, text), mends)


def _byte(letter: str) -> bytes:
    return letter.encode("latin-1" if letter in _NO_SIGN else "cp1252")
