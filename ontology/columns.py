"""Knows what the columns of a table hold, and what the label of a field announces, by their words.

The words are data, in columns.toml. A heading is compared as issues and names are: without capitals, plurals and marks,
and without what is in brackets. Where several roles fit, the whole heading goes before its beginning or end, the
longer wording before the shorter, and the role that stands first in the file before the others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from .words import WORD, normal

#: A longer heading is a sentence, of which the first and last words say little.
_LONGEST_HEADING = 7
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SMALL_WORDS = re.compile(r"^(?:(?:the|our|a|an|your|please) )+")


@dataclass(frozen=True, slots=True)
class Role:
    """What a column or field holds."""

    name: str
    predicate: str | None  #: what a body in it is to the thing that the row is about; None where it names no bodies
    of_group: str | None  #: the same where the row is about a group
    names_bodies: bool  #: its cells are whole names of bodies and posts
    whole: frozenset[str]
    ends: frozenset[str]
    starts: frozenset[str]


@cache
def load_roles() -> Mapping[str, Role]:
    """The roles of columns.toml by name."""
    rows = tomllib.loads((files(__package__ or "") / "columns.toml").read_text(encoding="utf-8"))["role"]
    return {row["name"]: _role(row) for row in rows}


def _role(row: dict[str, object]) -> Role:
    def phrases(key: str) -> frozenset[str]:
        wordings = row.get(key, [])
        assert isinstance(wordings, list)
        return frozenset(_phrase(wording) for wording in wordings)

    predicate, of_group = (str(row[key]) if key in row else None for key in ("predicate", "of_group"))
    wordings = (phrases("whole"), phrases("ends"), phrases("starts"))
    return Role(str(row["name"]), predicate, of_group or predicate, bool(row.get("names_bodies")), *wordings)


@lru_cache(maxsize=4096)
def role_of(heading: str) -> str | None:
    """The role of a column or field with this heading; None where its words tell of none."""
    if "%" in heading:
        return "count"
    if heading.strip() == "#":
        return "number"
    words = _SMALL_WORDS.sub("", _phrase(_ASIDE.sub(" ", heading)))
    if not words:
        return None
    fits = [(fit, role.name) for role in load_roles().values() if (fit := _fit(words, role)) is not None]
    best = max(fits, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[1] != "none" else None


def _fit(words: str, role: Role) -> tuple[int, int] | None:
    """How well a heading fits a role: (the whole or a part, number of words); None where it does not."""
    each = words.split()
    if words in role.whole:
        return (2, len(each))
    if len(each) > _LONGEST_HEADING:
        return None
    sizes = range(len(each), 0, -1)
    fits = (n for n in sizes if " ".join(each[-n:]) in role.ends or " ".join(each[:n]) in role.starts)
    return next(((1, n) for n in fits), None)


def _phrase(text: str) -> str:
    return " ".join(normal(word) for word in WORD.findall(text))
