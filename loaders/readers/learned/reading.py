"""What the network finds in a document: mentions with their places, and how likely each pair of them is what.

The windows of a document overlap; of a mention or pair that stands in several, the likeliest reading counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from ...page import Page
from .decoding import Tagged, decoded
from .features import KnownNames, Layout, token_features
from .labels import TYPES, BoolArray
from .network import Network, PairsAsked
from .windows import Windower

#: A mention: where it starts and ends in the canonical text, and the number of its type.
Key: TypeAlias = tuple[int, int, int]
#: Less likely outputs of a pair are forgotten.
LEAST = 0.04
#: Of more mentions in a window only the likeliest are paired.
_MOST = 80
#: Probabilities are rounded to so many decimals, so that all processors agree.
_DECIMALS = 3


@dataclass(slots=True)
class Seen:
    """A mention as it was seen."""

    probability: float
    loose: float  #: how likely it is no name, as 'the Board'
    in_focus: bool


@dataclass(slots=True)
class Found:
    """What the network finds in a document."""

    mentions: dict[Key, Seen] = field(default_factory=dict)
    pairs: dict[tuple[Key, int, Key], float] = field(default_factory=dict)  #: (subject, output, object)


def found_in(page: Page, network: Network, windower: Windower, joinable: BoolArray) -> Found:
    """Read a document.

    Args:
        page: the document.
        network: that reads it.
        windower: divides it as the network was trained.
        joinable: for each two types whether anything may be said of them; shape (types, types).

    """
    found, names, layout = Found(), KnownNames(page), Layout(page)
    for window in windower.windows(page):
        features = token_features(page, names, window)
        read = network.read(window, features)
        tagged = decoded(read.tags, features.begins, window, page.text)
        tagged = sorted(sorted(tagged, key=lambda t: (-t.probability, t))[:_MOST])
        for each in tagged:
            loose = float(read.loose[each.first : each.last + 1].mean())
            _see(found, each, loose, bool(window.focus[each.last]))
        if len(tagged) < 2:
            continue
        asked = _pairs(tagged, window.focus, layout, joinable)
        if not len(asked.left):
            continue
        judged = np.round(network.judged(read.vectors, asked).astype(np.float64), _DECIMALS)
        keys = [_key(each) for each in tagged]
        for pair, output in np.argwhere(judged > LEAST).tolist():
            key = (keys[asked.left[pair]], output, keys[asked.right[pair]])
            found.pairs[key] = max(found.pairs.get(key, 0.0), float(judged[pair, output]))
    return found


def _key(tagged: Tagged) -> Key:
    return tagged.start, tagged.end, tagged.type


def _see(found: Found, tagged: Tagged, loose: float, in_focus: bool) -> None:
    """Take note of a mention; a reading in focus counts before one in the context."""
    seen = Seen(round(tagged.probability, _DECIMALS), round(loose, _DECIMALS), in_focus)
    known = found.mentions.get(_key(tagged))
    if known is None or (seen.in_focus, seen.probability) > (known.in_focus, known.probability):
        found.mentions[_key(tagged)] = seen


def _pairs(tagged: list[Tagged], focus: BoolArray, layout: Layout, joinable: BoolArray) -> PairsAsked:
    """All pairs of which something may be said, one of them in focus."""
    firsts, lasts, types, starts, ends = np.array(
        [(t.first, t.last, t.type, t.start, t.end) for t in tagged], dtype=np.int64
    ).T
    here = focus[lasts]
    used = (here[:, None] | here[None, :]) & joinable[types[:, None], types[None, :]]
    np.fill_diagonal(used, val=False)
    left, right = np.nonzero(used)
    stand = layout.mentions(starts.tolist())
    return PairsAsked(
        firsts, lasts, types, stand.places, left, right,
        layout.pairs(stand)[used], layout.breaks(starts, ends)[used],
    )  # fmt: skip


def type_named(key: Key) -> str:
    """The class of a mention."""
    return TYPES[key[2]]
