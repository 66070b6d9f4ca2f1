"""The network that was trained: what it is asked, and how it runs here, by onnxruntime."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime

from .features import TokenFeatures
from .labels import FloatArray, IntArray
from .windows import Window

#: The files of a model, in its folder.
ENCODER, PAIRS = "encoder.onnx", "pairs.onnx"


@dataclass(frozen=True, slots=True)
class Read:
    """What the network makes of a window."""

    vectors: FloatArray  #: of its tokens; shape (tokens, wide)
    tags: FloatArray  #: probabilities of outside, first and further; shape (tokens, types, 3)
    loose: FloatArray  #: how likely each token is of no name, as in 'the Board'


@dataclass(frozen=True, slots=True)
class PairsAsked:
    """Pairs of mentions of one window."""

    firsts: IntArray  #: the first token of each mention
    lasts: IntArray  #: the last
    types: IntArray
    places: IntArray  #: kind of block and column; shape (mentions, 2)
    left: IntArray  #: the subject of each pair, as number of a mention
    right: IntArray
    layout: IntArray  #: of each pair
    breaks: IntArray


class Network(Protocol):
    """Reads windows."""

    def read(self, window: Window, features: TokenFeatures) -> Read:
        """What stands in a window."""
        ...

    def judged(self, vectors: FloatArray, pairs: PairsAsked) -> FloatArray:
        """How likely each output is of each pair; shape (pairs, outputs)."""
        ...


class OnnxNetwork:
    """The network of a model's folder, on one processor core, so that its answers are always the same.

    Args:
        folder: holds the files of the model.

    """

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3

        def session(name: str) -> onnxruntime.InferenceSession:
            return onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])

        self._encoder, self._pairs = session(ENCODER), session(PAIRS)

    def read(self, window: Window, features: TokenFeatures) -> Read:
        """What stands in a window."""
        given = {
            "ids": window.ids[None],
            "focus": window.focus[None].astype(np.int64),
            "case": features.case[None],
            "known": features.known[None],
        }
        vectors, tags, loose = self._encoder.run(["vectors", "tags", "loose"], given)
        return Read(vectors[0], _softmax(tags[0]), _sigmoid(loose[0]))

    def judged(self, vectors: FloatArray, pairs: PairsAsked) -> FloatArray:
        """How likely each output is of each pair; shape (pairs, outputs)."""
        names = ("firsts", "lasts", "types", "places", "left", "right", "layout", "breaks")
        given = {"vectors": vectors, **{name: getattr(pairs, name) for name in names}}
        return _sigmoid(self._pairs.run(["judged"], given)[0])


def _softmax(logits: FloatArray) -> FloatArray:
    raised = np.exp(logits - logits.max(-1, keepdims=True))
    found: FloatArray = raised / raised.sum(-1, keepdims=True)
    return found


def _sigmoid(logits: FloatArray) -> FloatArray:
    found: FloatArray = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
    return found
