"""How well a network reads marked windows: a quick measure, by which to stop a training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import torch
from network import Network

from examples import Example, alike, targets
from goldenthread.loaders.readers.learned.decoding import decoded
from goldenthread.loaders.readers.learned.labels import PREDICATES

#: The probability from which a pair counts.
_AT = 0.4


def scored(network: Network, documents: Mapping[str, Sequence[Example]]) -> dict[str, float]:
    """F1 of the names found, and of the relations between marked things, over all documents."""
    network.eval()
    names, relations = np.zeros(3), np.zeros(3)
    with torch.no_grad():
        for examples in documents.values():
            said: set[tuple[str, int, str]] = set()
            for example in examples:
                names += _names(network, example, said)
            stated = {
                (r.subject, r.predicate, r.object) for e in examples[:1] for r in e.gold.relations if r.weight == 1
            }
            optional = {(r.subject, r.predicate, r.object) for e in examples[:1] for r in e.gold.relations} - stated
            relations += (len(said & stated), len(said - optional), len(stated))
    return {"names": _f1(names), "relations": _f1(relations)}


def _names(network: Network, example: Example, said: set[tuple[str, int, str]]) -> np.ndarray:
    """Counts (right, found, marked) of the names in focus; adds what is said of them."""
    window, features = example.window, example.features
    inputs = [
        window.ids,
        np.ones(len(window), dtype=np.float32),
        window.focus.astype(np.int64),
        features.case,
        features.known,
    ]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors, tags, _ = network.encoder(*(torch.tensor(x)[None] for x in inputs))
    tagged = decoded(tags[0].float().softmax(-1).numpy(), features.begins, window, example.text)
    marked = [m for _, last, m in example.mentions if window.focus[last]]
    found = [t for t in tagged if window.focus[t.last]]
    right = sum(any(m.type == t.type and alike(m.span, (t.start, t.end)) for m in marked) for t in found)
    if len(tagged) > 1:
        _say_relations(network, example, vectors[0].float(), tagged, said)
    return np.array([min(right, len(marked)), len(found), len(marked)], dtype=np.float64)


def _say_relations(network, example, vectors, tagged, said) -> None:  # type: ignore[no-untyped-def]
    own = example.__class__(
        example.document, example.text, example.window, example.features, example.tags, example.loose, [],
        example.gold, example.layout,
    )  # fmt: skip
    wanted = targets(own, tagged)
    left, right = np.nonzero(wanted.used)
    if not len(left):
        return
    logits = network.pairs(
        vectors, *map(torch.tensor, (wanted.firsts, wanted.lasts, wanted.types, wanted.places, left, right)),
        torch.tensor(wanted.layout[wanted.used]), torch.tensor(wanted.breaks[wanted.used]),
    )  # fmt: skip
    likely = logits.sigmoid()[:, : len(PREDICATES)]
    shown = tagged[: len(wanted.types)]
    marks = [_mark(example, t.type, (t.start, t.end)) for t in shown]
    for pair, predicate in (likely > _AT).nonzero().tolist():
        said.add((marks[left[pair]], predicate, marks[right[pair]]))


def _mark(example: Example, type_: int, span: tuple[int, int]) -> str:
    """Whose name a mention is; its own place where it is nobody's."""
    known = (m.mark for m in example.gold.mentions if m.type == type_ and alike(m.span, span))
    return next(known, f"nobody at {span[0]}")


def _f1(counts: Iterable[float]) -> float:
    right, found, wanted = counts
    return round(float(2 * right / (found + wanted)), 4) if found + wanted else 0.0
