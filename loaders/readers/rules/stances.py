"""What stance a sentence takes on an issue that it names, and whether it asks for a change.

The wordings are in stances.toml.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from importlib.resources import files

#: Where a clause ends, and the next may say something else.
_CLAUSE = re.compile(
    r"[;:]\s+|,?\s+(?:but|while|whilst|whereas|although|though|however)\s+|,\s+and\s+(?=(?:the|there|a|an|that)\s)"
    r"|\s+and\s+(?=[A-Z⟦])(?=[^,;.]{3,60}?\s(?:discussed|had|has|have|was|were|is|are|rose|said)\b)"
)


def _compiled() -> dict[str, re.Pattern[str]]:
    raw = tomllib.loads((files(__package__ or "") / "stances.toml").read_text(encoding="utf-8"))
    made = {name: "(?:" + "|".join(alternatives) + ")" for name, alternatives in raw.items()}
    begins = {"imperative": rf"^[\s“\"‘']*{made['imperative']}\b", "question": made["question"]}
    return {
        name: re.compile(begins.get(name, rf"\b{one}\b"), 0 if name in begins else re.I) for name, one in made.items()
    }


_WORDINGS = _compiled()


def _says(name: str, words: str) -> bool:
    return _WORDINGS[name].search(words) is not None


def stance_of(sentence: str, at: int, *, intro: str = "", in_scope: bool, quoted: bool = False) -> str | None:
    """The stance of a sentence on an issue at `at`; None where it says that an issue did not come up.

    A sentence that asks for something is a request, also where it worries or says that things got better. What went
    down or up is said in the issue's own clause.

    Args:
        sentence: its words, with or without tokens for mentions.
        at: where the issue is in it.
        intro: the words that introduce the list that it is in, such as 'Members welcomed:'.
        in_scope: whether it is part of a source's feedback, where a bare topic is a worry.
        quoted: whether it is somebody's own words, in which 'Mend the gates' asks for something.

    """
    if _says("denied", sentence) and not _says("concern", sentence):
        return None
    if asks_for_change(sentence) or (quoted and _says("imperative", sentence)):
        return "request"
    clause = _clause(sentence, at)
    plain = _plain_stance(clause) or _plain_stance(sentence)
    if plain == "decrease" and _plain_stance(clause) != "decrease":
        plain = "concern" if _says("concern", clause) else "reported"
    introduced = "request" if asks_for_change(intro) else _plain_stance(intro)
    if introduced is not None and plain != "decrease":
        return introduced
    return plain or ("concern" if in_scope and not _says("reporting", sentence) else "reported")


def _plain_stance(words: str) -> str | None:
    """The stance that some words take by themselves, if they do."""
    if _says("decrease", words) and not _says("wanted_back", words):
        return "decrease"
    return next((stance for stance in ("concern", "support") if _says(stance, words)), None)


def _clause(sentence: str, at: int) -> str:
    edges = [0, *(m.end() for m in _CLAUSE.finditer(sentence)), len(sentence)]
    start, end = next(((a, b) for a, b in itertools.pairwise(edges) if a <= at < b), (0, len(sentence)))
    return sentence[start:end]


def asks_for_change(sentence: str) -> bool:
    """Whether the sentence asks for something to be done, rather than who does it."""
    return _says("request", sentence) and not _says("question", sentence)


def takes_side(sentence: str) -> bool:
    """Whether the sentence is in favour of what it speaks of."""
    return _plain_stance(sentence) == "support"
