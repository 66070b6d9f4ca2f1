"""The forms of question that are understood; questions.toml says what each looks like and what is to be found."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: What the slots of a pattern take.
_SLOTS = {"thing": "(?P<thing>.+?)", "source": "(?P<source>.+?)", "what": r"(?P<what>[\w-]+(?: [\w-]+)??)"}


@dataclass(frozen=True, slots=True)
class Question:
    """A form of question: what it looks like, and what is to be found."""

    name: str
    find: str  #: which way of finding in ask.py
    patterns: tuple[re.Pattern[str], ...]
    relations: tuple[str, ...] = ()
    reads: str = "from"  #: 'from' when the thing named stands at the right of the relation, 'to' when at the left
    of: tuple[str, ...] = ()  #: classes of what is named, best first
    gives: tuple[str, ...] = ()  #: classes of the answers; any when empty
    matches: tuple[str, ...] = ()  #: examples that must fit
    misses: tuple[str, ...] = ()  #: examples that must not

    def fits(self, text: str) -> re.Match[str] | None:
        """Return the match of the first pattern that fits all of `text`, or None."""
        return next((m for pattern in self.patterns if (m := pattern.fullmatch(text))), None)


@cache
def questions() -> tuple[Question, ...]:
    """Return the forms of question, in the order in which they are tried."""
    data = tomllib.loads((files(__package__ or "") / "questions.toml").read_text(encoding="utf-8"))
    lists = ("relations", "of", "gives", "matches", "misses")
    return tuple(
        Question(
            row["name"], row["find"], tuple(_compiled(p, data["words"]) for p in row["patterns"]),
            reads=row.get("reads", "from"), **{name: tuple(row.get(name, ())) for name in lists},
        )
        for row in data["question"]
    )  # fmt: skip


def plain(question: str) -> str:
    """Return a question as the patterns have it: single spaces, straight apostrophes, no closing mark."""
    return " ".join(question.replace("’", "'").split()).rstrip(" ?.!")


def _compiled(pattern: str, words: dict[str, str]) -> re.Pattern[str]:
    while found := re.search(r"%(\w+)%", pattern):
        name = found.group(1)
        pattern = pattern[: found.start()] + (_SLOTS.get(name) or words[name]) + pattern[found.end() :]
    # A slot may stand more than once in a pattern, a group's name may not: only the first is read.
    for slot in ("what", "by"):
        first, *rest = pattern.split(f"(?P<{slot}>")
        pattern = first + (f"(?P<{slot}>" + "(?:".join(rest) if rest else "")
    return re.compile(re.sub(r" (?![?*+])", r"\\s+", pattern), re.IGNORECASE)
