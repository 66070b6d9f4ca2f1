"""From what the network says of tokens to mentions: runs of whole words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .labels import BoolArray, FloatArray, IntArray
from .windows import Window

#: The first and the last word of a mention.
Run: TypeAlias = tuple[int, int]

#: The probability from which a mention is one, and from which a further word belongs to it.
START, GO_ON = 0.5, 0.3
#: A word that surely begins a mention begins another even inside one.
_BEGINS, _MAY_BEGIN = 0.5, 0.25
#: No name is longer, in tokens.
_LONGEST = 70
_EDGES = " ,.;:-–—•*'\"‘’“”()|"
_CLOSES = ("and", "of", "the", "or")
_NO_NAME = frozenset(
    "the a an of and in for to on with by be had is are was were or at as not no nor and/or has have been it's".split()
)


@dataclass(frozen=True, slots=True, order=True)
class Tagged:
    """A mention as the network sees it in one window."""

    first: int  #: token
    last: int  #: token, included
    type: int  #: number of its type
    start: int  #: in the canonical text
    end: int
    probability: float


def decoded(
    tags: FloatArray, begins: BoolArray, window: Window, text: str, start: float = START, go_on: float = GO_ON
) -> list[Tagged]:
    """The mentions in a window, sorted by type and place.

    Args:
        tags: for each token and type the probabilities of outside, first and further; shape (tokens, types, 3).
        begins: for each token whether it begins a word.
        window: whose tokens they are.
        text: the canonical text.
        start: the probability from which a mention is one.
        go_on: from which a further word belongs to it.

    """
    firsts, lasts = _words(window, begins)
    if not len(firsts):
        return []
    sizes = lasts - firsts + 1
    sums = np.concatenate([np.zeros((1, tags.shape[1])), np.cumsum(1 - tags[:, :, 0], axis=0, dtype=np.float64)])
    inside = (sums[lasts + 1] - sums[firsts]) / sizes[:, None]
    begin = tags[firsts, :, 1]
    joined = np.concatenate([[False], firsts[1:] == lasts[:-1] + 1])
    found: list[Tagged] = []
    for type_ in range(tags.shape[1]):
        for a, b in _runs(inside[:, type_], begin[:, type_], joined, start, go_on):
            share = inside[a : b + 1, type_] @ sizes[a : b + 1] / sizes[a : b + 1].sum()
            tagged = _trimmed(window, text, int(firsts[a]), int(lasts[b]), type_, float(share))
            if tagged is not None:
                found.append(tagged)
    return sorted(found)


def _words(window: Window, begins: BoolArray) -> tuple[IntArray, IntArray]:
    """The first and the last token of each word of the text."""
    at = np.flatnonzero(window.starts >= 0)
    if not len(at):
        return at, at
    opens = begins[at] | (np.diff(at, prepend=at[0] - 2) > 1)
    numbers = np.flatnonzero(opens)
    return at[numbers], at[np.append(numbers[1:] - 1, len(at) - 1)]


def _runs(inside: FloatArray, begin: FloatArray, joined: BoolArray, start: float, go_on: float) -> Iterator[Run]:
    """The runs of words that make a mention: one of them is likely enough, and all may belong to it."""
    first = last = -1
    sure = False
    for word in np.flatnonzero((inside >= go_on) | (begin > _MAY_BEGIN)).tolist():
        goes_on = word == last + 1 and joined[word] and inside[word] >= go_on and begin[word] <= _BEGINS
        if first >= 0 and not goes_on:
            if sure:
                yield first, last
            first = -1
        if first < 0:
            if begin[word] <= _MAY_BEGIN and inside[word] <= start:
                continue
            first, sure = word, False
        last, sure = word, sure or bool(inside[word] > start)
    if first >= 0 and sure:
        yield first, last


def _trimmed(window: Window, text: str, first: int, last: int, type_: int, likely: float) -> Tagged | None:
    """A mention without marks and small words at its ends; None where no name is left."""

    def token(number: int) -> str:
        return text[window.starts[number] : window.ends[number]]

    while first < last and not token(first).strip(_EDGES):
        first += 1
    while last > first and (not token(last).strip(_EDGES) or token(last).lower() in _CLOSES):
        last -= 1
    start, end = int(window.starts[first]), int(window.ends[last])
    words = text[start:end]
    if last - first > _LONGEST or len(words) < 2 or words.lower() in _NO_NAME or not any(c.isalpha() for c in words):
        return None
    return Tagged(first, last, type_, start, end, likely)
