"""Training examples: windows of marked documents, with what is to be found in each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from marked import Marked
from numpy.typing import NDArray

from goldenthread.loaders.readers.learned.decoding import Tagged
from goldenthread.loaders.readers.learned.features import KnownNames, Layout, TokenFeatures, token_features
from goldenthread.loaders.readers.learned.labels import OUTPUTS, PREDICATES, SAME, STANCE, STANCES, TYPES
from goldenthread.loaders.readers.learned.windows import Window, Windower

Span: TypeAlias = tuple[int, int]
#: No window teaches more mentions than these.
MOST = 70
#: How much a relation counts of which a second reader might think otherwise.
_DOUBTFUL = 0.5


@dataclass(frozen=True, slots=True)
class GoldMention:
    """What is marked."""

    span: Span
    type: int
    mark: str  #: whose name it is
    loose: bool  #: it is no name, as 'the Board'


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """What is stated, between the two mentions that state it."""

    subject: str
    predicate: int
    object: str
    left: Span
    right: Span
    weight: float
    stance: int | None


@dataclass(frozen=True, slots=True)
class Gold:
    """What is marked in a document."""

    mentions: list[GoldMention]
    relations: list[GoldRelation]


def gold_of(document: Marked) -> Gold:
    """The marks of a document, with each relation at the two mentions that are nearest to one another in its words."""
    mentions = [
        GoldMention((m["start"], m["end"]), TYPES.index(document.types[m["id"]]), m["id"], m["loose"])
        for m in document.mentions
    ]
    places: dict[str, list[Span]] = defaultdict(list)
    for mention in mentions:
        places[mention.mark].append(mention.span)
    relations: list[GoldRelation] = []
    for r in document.relations:
        if r["p"] not in PREDICATES:
            continue
        object_ = r["o"]
        if r["words"]:
            object_, span = f"request: {r['words']}", _words_at(document.page.text, r)
            if span is None:
                continue
            if span not in places[object_]:
                places[object_].append(span)
                mentions.append(GoldMention(span, TYPES.index("Request"), object_, loose=False))
        relations += _placed(r, r["s"], r["p"], object_, places)
        if r["about"]:
            relations += _placed(r, object_, "about", r["about"], places)
    return Gold(mentions, relations)


def _placed(
    relation: dict[str, Any], subject: str, predicate: str, object_: str, places: dict[str, list[Span]]
) -> list[GoldRelation]:
    """The relation at its mentions; none where an end is named nowhere up to there."""
    start, end = relation["start"], relation["end"]
    right = _nearest(places[object_], start, start, end)
    left = _nearest(places[subject], right[0] if right else start, start, end)
    if left is None or right is None:
        return []
    right = _nearest(places[object_], left[0], start, end) or right
    stance = STANCES.index(relation["stance"]) if predicate == "raises" else None
    weight = _DOUBTFUL if relation["optional"] else 1.0
    return [GoldRelation(subject, PREDICATES.index(predicate), object_, left, right, weight, stance)]


def _nearest(spans: Sequence[Span], at: int, start: int, end: int) -> Span | None:
    """Of the places of a name the nearest in these words, else the last before them."""
    inside = [s for s in spans if start <= s[0] and s[1] <= end]
    if inside:
        return min(inside, key=lambda s: (abs(s[0] - at), s))
    before = [s for s in spans if s[0] < start]
    return max(before) if before else None


def _words_at(text: str, relation: dict[str, Any]) -> Span | None:
    pattern = r"\s+".join(re.escape(word) for word in relation["words"].split())
    found = re.compile(pattern).search(text, relation["start"], relation["end"])
    return found.span() if found else None


def alike(one: Span, other: Span) -> bool:
    """Whether two places share more than half of the longer one."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0.5 * max(one[1] - one[0], other[1] - other[0])


@dataclass(frozen=True, slots=True)
class Example:
    """A window, with what is to be found in it."""

    document: str
    text: str
    window: Window
    features: TokenFeatures
    tags: NDArray[np.int64]  #: for each token and type: outside, first, further
    loose: NDArray[np.int64]  #: for each token: of a name, of no name, of no mention (-1)
    mentions: list[tuple[int, int, GoldMention]]  #: first and last token
    gold: Gold
    layout: Layout


@dataclass(frozen=True, slots=True)
class Targets:
    """Mentions of a window, and what each pair of them is to be."""

    firsts: NDArray[np.int64]
    lasts: NDArray[np.int64]
    types: NDArray[np.int64]
    places: NDArray[np.int64]
    layout: NDArray[np.int64]
    breaks: NDArray[np.int64]
    wanted: NDArray[np.float32] = field(repr=False)  #: shape (mentions, mentions, outputs)
    weights: NDArray[np.float32] = field(repr=False)
    used: NDArray[np.bool_] = field(repr=False)  #: pairs of which one is in focus


def examples_of(document: Marked, windower: Windower) -> list[Example]:
    """The windows of a marked document."""
    gold, layout, names = gold_of(document), Layout(document.page), KnownNames(document.page)
    found: list[Example] = []
    for window in windower.windows(document.page):
        placed = [
            (*at, mention) for mention in gold.mentions if (at := window.tokens_of(*mention.span)) is not None
        ]  # fmt: skip
        tags = np.zeros((len(window), len(TYPES)), dtype=np.int64)
        loose = np.full(len(window), -1, dtype=np.int64)
        for first, last, mention in sorted(placed, key=lambda p: (p[0] - p[1], p[0])):
            if not tags[first : last + 1, mention.type].any():
                tags[first, mention.type] = 1
                tags[first + 1 : last + 1, mention.type] = 2
            loose[first : last + 1] = int(mention.loose)
        features = token_features(document.page, names, window)
        found.append(
            Example(document.head["id"], document.page.text, window, features, tags, loose, placed, gold, layout)
        )
    return found


def targets(example: Example, tagged: Sequence[Tagged]) -> Targets:
    """What pairs of mentions are to be: of those marked in a window, and of those that the tagger found or made up."""
    marks = {mark: number for number, mark in enumerate(sorted({m.mark for m in example.gold.mentions}))}
    rows = [(first, last, m.type, *m.span, marks[m.mark], True) for first, last, m in example.mentions]
    have = {(row[3], row[4], row[2]) for row in rows}
    for t in tagged:
        if (t.start, t.end, t.type) not in have:
            have.add((t.start, t.end, t.type))
            known = (m for m in example.gold.mentions if m.type == t.type and alike(m.span, (t.start, t.end)))
            mark = next((marks[m.mark] for m in known), -1)
            rows.append((t.first, t.last, t.type, t.start, t.end, mark, False))
    table = np.array(rows[:MOST], dtype=np.int64).reshape(-1, 7)
    firsts, lasts, types, starts, ends, owner, is_marked = table.T
    stand = example.layout.mentions(starts.tolist())
    wanted, weights = _wanted(example.gold, marks, starts, ends, owner, is_marked.astype(bool))
    focus = example.window.focus[lasts] if len(table) else np.zeros(0, dtype=np.bool_)
    used = focus[:, None] | focus[None, :]
    np.fill_diagonal(used, val=False)
    return Targets(
        firsts, lasts, types, stand.places, example.layout.pairs(stand), example.layout.breaks(starts, ends),
        wanted, weights, used,
    )  # fmt: skip


def _wanted(
    gold: Gold, marks: dict[str, int], starts: NDArray[np.int64], ends: NDArray[np.int64], owner: NDArray[np.int64],
    is_marked: NDArray[np.bool_],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:  # fmt: skip
    """What each pair is to be, and how much it counts.

    Where a relation is stated between other mentions of the same two, a pair counts neither way.
    """
    number = len(owner)
    wanted = np.zeros((number, number, OUTPUTS), dtype=np.float32)
    weights = np.ones((number, number, OUTPUTS), dtype=np.float32)
    weights[:, :, STANCE:] = 0
    wanted[:, :, SAME] = (owner[:, None] == owner[None, :]) & (owner >= 0)[:, None]
    here = set(owner.tolist())
    relations = [r for r in gold.relations if {marks[r.subject], marks[r.object]} <= here]
    for r in relations:
        both = (owner == marks[r.subject])[:, None] & (owner == marks[r.object])[None, :]
        weights[:, :, r.predicate] = np.where(both, 0, weights[:, :, r.predicate])
    for r in relations:
        left = (owner == marks[r.subject]) & is_marked & (starts == r.left[0]) & (ends == r.left[1])
        right = (owner == marks[r.object]) & is_marked & (starts == r.right[0]) & (ends == r.right[1])
        at = left[:, None] & right[None, :]
        wanted[at, r.predicate] = 1
        weights[at, r.predicate] = r.weight
        if r.stance is not None:
            weights[at, STANCE:] = r.weight
            wanted[at, STANCE + r.stance] = 1
    return wanted, weights
