"""The network: an encoder of words, a tagger of mentions, and a judge of pairs of mentions.

The encoder is BERT (Devlin and others, NAACL 2019) as e5-small has it (Wang and others, 2022): 12 layers, 384 wide. The
tagger tells for each token and type whether a mention begins or goes on there; types apart, since names nest. A pair is
judged by both mentions, their product, what stands between them, and how they stand to one another.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from goldenthread.loaders.readers.learned.features import (
    BREAKS,
    CASES,
    COLUMNS,
    DISTANCES,
    KINDS,
    KNOWN,
    LAYOUTS,
)
from goldenthread.loaders.readers.learned.labels import OUTPUTS, TYPES

WIDE, LAYERS, HEADS, INNER, WORDS, POSITIONS = 384, 12, 12, 1536, 30522, 512
_EPSILON = 1e-12


class Layer(nn.Module):
    """A layer of the encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDE, WIDE) for _ in range(4))
        self.norm, self.norm_out = (nn.LayerNorm(WIDE, eps=_EPSILON) for _ in range(2))
        self.inner, self.outer = nn.Linear(WIDE, INNER), nn.Linear(INNER, WIDE)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """x: (batch, tokens, wide); mask: (batch, 1, 1, tokens), added to the attention."""
        batch, tokens, _ = x.shape

        def heads(y: Tensor) -> Tensor:
            return y.view(batch, tokens, HEADS, WIDE // HEADS).transpose(1, 2)

        seen = functional.scaled_dot_product_attention(
            heads(self.query(x)), heads(self.key(x)), heads(self.value(x)), attn_mask=mask
        )
        x = self.norm(x + self.drop(self.out(seen.transpose(1, 2).reshape(batch, tokens, WIDE))))
        return self.norm_out(x + self.drop(self.outer(functional.gelu(self.inner(x)))))


class Encoder(nn.Module):
    """Words, with what is known of each token, to vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(WORDS, WIDE), nn.Embedding(POSITIONS, WIDE)
        self.kind = nn.Parameter(torch.zeros(WIDE))  # BERT's first and only kind of text
        self.norm, self.drop = nn.LayerNorm(WIDE, eps=_EPSILON), nn.Dropout(0.1)
        self.focus, self.case, self.known = nn.Embedding(2, WIDE), nn.Embedding(CASES, WIDE), nn.Embedding(KNOWN, WIDE)
        for each in (self.focus, self.case, self.known):
            nn.init.normal_(each.weight, std=0.02)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.case_late, self.known_late = nn.Embedding(CASES, 32), nn.Embedding(KNOWN, 32)
        self.late = nn.Linear(WIDE + 64, WIDE)
        self.tags, self.loose = nn.Linear(WIDE, len(TYPES) * 3), nn.Linear(WIDE, 1)

    def forward(
        self, ids: Tensor, mask: Tensor | None, focus: Tensor, case: Tensor, known: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """All: (batch, tokens); no mask where all tokens count.

        Gives vectors, tags (batch, tokens, types, 3) and loose (batch, tokens), as logits.
        """
        x = self.words(ids) + self.focus(focus) + self.case(case) + self.known(known) + self.kind
        x = self.drop(self.norm(x + self.positions.weight[: ids.shape[1]]))
        added = None if mask is None else ((1 - mask) * -1e4)[:, None, None, :].to(x.dtype)
        for layer in self.layers:
            x = layer(x, added)
        x = self.drop(x + self.late(torch.cat([x, self.case_late(case), self.known_late(known)], -1)))
        tags = self.tags(x).view(ids.shape[0], ids.shape[1], len(TYPES), 3)
        return x, tags, self.loose(x)[..., 0]


class Pairs(nn.Module):
    """What two mentions have to do with one another."""

    def __init__(self) -> None:
        super().__init__()
        self.mention = nn.Sequential(nn.Linear(3 * WIDE, 256), nn.GELU())
        self.of_type, self.of_kind, self.of_column = (
            nn.Embedding(len(TYPES), 32),
            nn.Embedding(KINDS, 8),
            nn.Embedding(COLUMNS, 8),
        )
        self.of_distance, self.of_layout = nn.Embedding(DISTANCES, 16), nn.Embedding(LAYOUTS, 16)
        self.of_breaks = nn.Embedding(BREAKS, 8)
        wide = 3 * 256 + 2 * (32 + 8 + 8) + WIDE + 16 + 16 + 8
        self.judge = nn.Sequential(nn.Linear(wide, 384), nn.GELU(), nn.Dropout(0.2), nn.Linear(384, OUTPUTS))

    def forward(
        self, vectors: Tensor, firsts: Tensor, lasts: Tensor, types: Tensor, places: Tensor, left: Tensor,
        right: Tensor, layout: Tensor, breaks: Tensor,
    ) -> Tensor:  # fmt: skip
        """Logits (pairs, outputs).

        Args:
            vectors: of the tokens of a window (tokens, wide).
            firsts: the first token of each mention.
            lasts: the last.
            types: of each mention.
            places: kind of block and column of each mention (mentions, 2).
            left: the subject of each pair, as number of a mention.
            right: its object.
            layout: how both stand to one another, of each pair.
            breaks: how many sentences end between both.

        """
        sums = torch.cat([torch.zeros(1, WIDE), vectors.cumsum(0)])
        mean = (sums[lasts + 1] - sums[firsts]) / (lasts - firsts + 1).unsqueeze(1)
        m = self.mention(torch.cat([vectors[firsts], vectors[lasts], mean], 1))
        told = torch.cat([self.of_type(types), self.of_kind(places[:, 0]), self.of_column(places[:, 1])], 1)
        low, high = torch.minimum(lasts[left], lasts[right]), torch.maximum(firsts[left], firsts[right])
        length = (high - low - 1).clamp(min=1).unsqueeze(1)
        between = (sums[torch.maximum(high, low + 1)] - sums[low + 1]) / length
        step = firsts[right] - firsts[left]
        far = torch.log2(step.abs().float() + 1).long().clamp(max=7) + (step < 0).long() * 8
        known = [self.of_distance(far), self.of_layout(layout), self.of_breaks(breaks)]
        both = [m[left], m[right], m[left] * m[right], told[left], told[right], between, *known]
        return self.judge(torch.cat(both, 1))


class Network(nn.Module):
    """All three."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.pairs = Encoder(), Pairs()


def load_base(encoder: Encoder, path: Path) -> None:
    """Take over the weights of the base encoder.

    Args:
        encoder: to which.
        path: the ONNX file of e5-small, as exported from the transformers library.

    Raises:
        KeyError: it is another network.

    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    found = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    weights = {name: array for name, array in found.items() if not name.startswith("onnx::")}
    for node in graph.node:  # the names of matrices stand in the nodes that multiply by them
        if node.op_type == "MatMul" and len(node.input) == 2 and node.input[1].startswith("onnx::MatMul"):
            name = node.name.strip("/").replace("/MatMul", "").replace("/", ".")
            weights[f"{name}.weight"] = found[node.input[1]].T
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "positions.weight": "embeddings.position_embeddings.weight",
    }
    names |= {f"norm.{part}": f"embeddings.LayerNorm.{part}" for part in ("weight", "bias")}
    inside = {
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
        "out": "attention.output.dense", "norm": "attention.output.LayerNorm", "inner": "intermediate.dense",
        "outer": "output.dense", "norm_out": "output.LayerNorm",
    }  # fmt: skip
    for layer in range(LAYERS):
        for ours, theirs in inside.items():
            for part in ("weight", "bias"):
                names[f"layers.{layer}.{ours}.{part}"] = f"encoder.layer.{layer}.{theirs}.{part}"
    state = encoder.state_dict()
    for ours, theirs in names.items():
        state[ours] = torch.tensor(np.array(weights[theirs]))
    state["kind"] = torch.tensor(np.array(weights["embeddings.token_type_embeddings.weight"][0]))
    encoder.load_state_dict(state)
