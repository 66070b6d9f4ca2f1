"""Sentences that state no fact, though a cue fits them: denials, questions, recommendations, wishes, conditions."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class NoFact:
    """A way of speaking that states nothing."""

    name: str
    pattern: re.Pattern[str]  #: over sentences with tokens for names, see `cues.masked`
    match: tuple[str, ...]  #: sentences that it must find
    reject: tuple[str, ...]  #: sentences that it must not


@cache
def load_no_facts() -> tuple[NoFact, ...]:
    """The kinds of no_facts.toml."""
    raw = tomllib.loads((files(__package__ or "") / "no_facts.toml").read_text(encoding="utf-8"))
    return tuple(
        NoFact(row["name"], re.compile("".join(row["pattern"])), tuple(row["match"]), tuple(row["reject"]))
        for row in raw["kind"]
    )


def states_no_fact(sentence: str) -> bool:
    """Say whether a sentence, with tokens for its names, states nothing about who owns what."""
    return any(kind.pattern.search(sentence) for kind in load_no_facts())
