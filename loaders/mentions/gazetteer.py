"""Finds the wordings of a list in a text: whole words, normalised, the longest first."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

from ..formats.tokens import Token, normal_phrase

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A wording that was found, and what it may mean."""

    start: int
    end: int
    meanings: tuple[T, ...]


class Gazetteer(Generic[T]):
    """Wordings with their meanings.

    Args:
        entries: (wording, meaning) pairs; wordings are compared after normalisation, see `tokens.normal`.

    """

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        meanings: dict[str, list[T]] = defaultdict(list)
        for wording, meaning in entries:
            key = normal_phrase(wording)
            if key and meaning not in meanings[key]:
                meanings[key].append(meaning)
        self._phrases = sorted(meanings)
        self._meanings = [tuple(meanings[phrase]) for phrase in self._phrases]
        # Two spaces between words, so that neighbouring finds do not share one.
        patterns = [" " + phrase.replace(" ", "  ") + " " for phrase in self._phrases]
        self._automaton = AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)

    def __contains__(self, phrase: str) -> bool:
        place = bisect_left(self._phrases, phrase)
        return place < len(self._phrases) and self._phrases[place] == phrase

    def meanings(self, phrase: str) -> tuple[T, ...]:
        """What a normalised phrase may mean; empty when it is not in the list."""
        place = bisect_left(self._phrases, phrase)
        return self._meanings[place] if phrase in self else ()

    def find(self, words: Sequence[Token]) -> list[Hit[T]]:
        """All wordings in `words`, left to right, without overlap."""
        starts, parts, at = [], [], 0
        for word in words:
            starts.append(at)
            parts.append(f" {word.norm} ")
            at += len(word.norm) + 2
        hits = []
        for pattern, start, end in self._automaton.find_matches_as_indexes("".join(parts)):
            first, last = bisect_left(starts, start), bisect_left(starts, end) - 1
            hits.append(Hit(words[first].start, words[last].end, self._meanings[pattern]))
        return hits
