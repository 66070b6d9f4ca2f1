"""Cues: wordings between things already found that state a relation. They are data, in cues.toml.

A cue's pattern is a regular expression over a sentence in which every mention is replaced by a token.
`{s:Role|Partner}` is one mention of these types, with or without an article, and the subject of the statement;
`{o:...}` is the object; `{s+:...}` is a list of mentions ('the Police, Probation and Health'); `{o:Quoted}` is a name
in quotation marks, of the type of the other end; `{x:...}` is a mention that the statement leaves out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ....ontology import GoldenthreadError
from ...claims import Span

#: The letter that stands for a type in a masked sentence.
LETTERS = {
    "Issue": "I", "Partner": "P", "Subgroup": "G", "Role": "R", "Source": "S", "Priority": "Y", "Action": "A",
    "Partnership": "N", "Plan": "L",
}  # fmt: skip
_ARTICLE = (
    r"(?:(?:the|The|our|Our|its|a|an|A|An|local|key|all|both|their|new|each|other|that|this|two|three|four|five|six"
    r"|seven|eight|nine|ten|twelve|some|many)\s+){0,2}"
)
_AND = r"\s*(?:,|;|/|&|\band\b|\bor\b|\balong with\b|\bas well as\b|\bplus\b|\btogether with\b)\s*"
_SLOT = re.compile(r"\{([sox])(\+?):([A-Za-z|]+)\}")
#: A mention, unless its post follows: 'the council's Chief Executive' means the post.
_TOKEN = re.compile(r"⟦[A-Z](\d+)⟧(?!(?:[’']s)? ⟦R)")
_NO_TOKENS = str.maketrans("⟦⟧", "[]")
#: A name in quotation marks.
_QUOTED = r"[‘“\"'](?P<{group}>[A-Z][^‘’“”\"\n]{{3,90}}?)[’”\"'](?!\w)"


@dataclass(frozen=True, slots=True)
class Cue:
    """One wording that states a relation."""

    name: str
    predicate: str
    pattern: re.Pattern[str]
    precision: float  #: how far its author trusts it: the score of its claims
    match: tuple[str, ...]
    reject: tuple[str, ...]
    needs: tuple[str, ...] = ()  #: for each of its ends, the letters of which a sentence must hold one


@dataclass(frozen=True, slots=True)
class Part:
    """One end of a statement that a cue found: a mention, or words of the sentence."""

    mention: Span | None
    start: int  #: in the sentence
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence with every mention as a token, and the way back from its characters to the sentence's."""

    text: str
    mentions: tuple[Span, ...]
    starts: tuple[int, ...]  #: for each character, where it begins in the sentence
    ends: tuple[int, ...]

    def part(self, start: int, end: int) -> Part:
        """The piece of the sentence behind `start` to `end` of the masked text."""
        return Part(None, self.starts[start], self.ends[end - 1])


def masked(sentence: str, mentions: Sequence[Span], offset: int) -> Masked:
    """Put tokens for the mentions in `sentence`, whose first character is at `offset` of the canonical text.

    The signs of tokens, where the document itself has them, become square brackets, so that nobody can write a token.
    """
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    inside = [m for m in mentions if m.type in LETTERS and m.start >= offset and m.end <= offset + len(sentence)]
    at = 0
    for number, mention in enumerate(inside):
        start, end = mention.start - offset, mention.end - offset
        token = f"⟦{_letter(mention)}{number}⟧"
        for text, left, right in ((sentence[at:start], None, None), (token, start, end)):
            pieces.append(text if left is not None else text.translate(_NO_TOKENS))
            starts.extend(range(at, start) if left is None else [left] * len(text))
            ends.extend(range(at + 1, start + 1) if right is None else [right] * len(text))
        at = end
    pieces.append(sentence[at:].translate(_NO_TOKENS))
    starts.extend(range(at, len(sentence)))
    ends.extend(range(at + 1, len(sentence) + 1))
    text = re.sub(r"\s", " ", "".join(pieces))
    return Masked(text, tuple(inside), tuple(starts), tuple(ends))


def _letter(mention: Span) -> str:
    """The letter of a mention's type; 'the Chair' alone is nobody in particular and has a letter of its own."""
    return "H" if mention.kind == "role-chair" and " " not in mention.label else LETTERS[mention.type]


def apply(cues: Iterable[Cue], sentence: Masked) -> Iterator[tuple[Cue, list[Part], list[Part]]]:
    """Each cue that the sentence holds, with the subjects and the objects of what it states.

    An end that is not in the cue is empty.
    """
    if not sentence.mentions:
        return
    letters = frozenset({_letter(m) for m in sentence.mentions} | {"R" for m in sentence.mentions if m.type == "Role"})
    for cue in _possible(tuple(cues), letters):
        for match in cue.pattern.finditer(sentence.text):
            groups = match.groupdict()
            yield cue, _parts(sentence, match, groups, "s"), _parts(sentence, match, groups, "o")


@lru_cache(maxsize=4096)
def _possible(cues: tuple[Cue, ...], letters: frozenset[str]) -> tuple[Cue, ...]:
    """The cues whose ends a sentence with these mentions can fill."""
    return tuple(cue for cue in cues if not any(letters.isdisjoint(need) for need in cue.needs))


def _parts(sentence: Masked, match: re.Match[str], groups: dict[str, Any], end: str) -> list[Part]:
    found: list[Part] = []
    for name in sorted(g for g in groups if g.startswith(end + "_") and groups[g]):
        start, stop = match.span(name)
        numbers = [] if name.endswith("_text") else [int(t) for t in _TOKEN.findall(match.group(name))]
        if numbers:
            found += [Part(m, m.start, m.end) for m in (sentence.mentions[n] for n in numbers)]
        else:
            found.append(sentence.part(start, stop))
    return found


def compiled(pattern: str) -> re.Pattern[str]:
    """A cue's pattern as a regular expression over masked sentences."""
    count = 0

    def slot(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        end, several, types = match.groups()
        name = f"?P<{end}_{count}>"
        if types == "Quoted":
            return _QUOTED.format(group=f"{end}_{count}_text")
        letters = "".join(LETTERS[t] for t in types.split("|"))
        one = (
            rf"{_ARTICLE}(?:⟦[PGN]\d+⟧(?:[’']s)?\s+)?⟦[{letters}]\d+⟧(?!(?:[’']s)? ⟦R)"
            r"(?:\s*\([^()⟦⟧]*(?:⟦[A-Z]\d+⟧)?[^()⟦⟧]*\))?"
        )
        return f"({name}{one}(?:{_AND}(?:{_AND})?{one})*)" if several else f"({name}{one})"

    return re.compile(_SLOT.sub(slot, pattern))


@lru_cache(maxsize=4)
def load_cues(path: Path | None = None) -> tuple[Cue, ...]:
    """The cues of cues.toml, or of the file at `path`.

    Raises:
        GoldenthreadError: the file is not TOML, or a cue in it is incomplete or not a regular expression.

    """
    raw = (
        (files(__package__ or "") / "cues.toml").read_text(encoding="utf-8")
        if path is None
        else path.read_text(encoding="utf-8")
    )
    try:
        rows = tomllib.loads(raw)["cue"]
        return tuple(_cue(row) for row in rows)
    except (tomllib.TOMLDecodeError, KeyError, re.error) as error:
        raise GoldenthreadError(
            f"{path or 'cues.toml'} holds a cue that cannot be used: {error}. Correct it and try again."
        ) from error


def _cue(row: dict[str, Any]) -> Cue:
    pattern = "".join(row["pattern"])
    score = float(row.get("precision", 0.8))
    examples = (tuple(row["match"]), tuple(row.get("reject", ())))
    return Cue(row["name"], row["predicate"], compiled(pattern), score, *examples, _needs(pattern))


def _needs(pattern: str) -> tuple[str, ...]:
    """The letters of which a sentence must hold one for each slot of a pattern that is not optional."""
    slots = [m for m in _SLOT.finditer(pattern) if m.group(1) != "x" and m.group(3) != "Quoted"]
    if "|" in re.sub(r"\{[^}]*\}|\([^()]*\)", "", pattern):
        return ()  # alternatives at the top: either may do
    return tuple("".join(LETTERS[t] for t in m.group(3).split("|")) for m in slots)
