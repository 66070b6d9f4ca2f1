"""The network as it was trained, for the product's reader: to measure a state of a training without exporting it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from network import Network

from goldenthread.loaders.readers.learned.features import TokenFeatures
from goldenthread.loaders.readers.learned.labels import FloatArray
from goldenthread.loaders.readers.learned.network import PairsAsked, Read
from goldenthread.loaders.readers.learned.windows import Window


class TorchNetwork:
    """Reads windows; see `goldenthread.loaders.readers.learned.network.Network`.

    Args:
        network: trained.

    """

    def __init__(self, network: Network) -> None:
        self._network = network.eval()

    @classmethod
    def of(cls, state: Path) -> TorchNetwork:
        """The network of a saved state."""
        network = Network()
        network.load_state_dict(torch.load(state, weights_only=True))
        return cls(network)

    @torch.no_grad()
    def read(self, window: Window, features: TokenFeatures) -> Read:
        """What stands in a window."""
        given = (
            window.ids,
            np.ones(len(window), np.float32),
            window.focus.astype(np.int64),
            features.case,
            features.known,
        )
        vectors, tags, loose = self._network.encoder(*(torch.tensor(each)[None] for each in given))
        return Read(vectors[0].numpy(), tags[0].softmax(-1).numpy(), loose[0].sigmoid().numpy())

    @torch.no_grad()
    def judged(self, vectors: FloatArray, pairs: PairsAsked) -> FloatArray:
        """How likely each output is of each pair; shape (pairs, outputs)."""
        names = ("firsts", "lasts", "types", "places", "left", "right", "layout", "breaks")
        given = (torch.tensor(getattr(pairs, name)) for name in names)
        found: FloatArray = self._network.pairs(torch.tensor(vectors), *given).sigmoid().numpy()
        return found
