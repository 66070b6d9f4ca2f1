"""Reads a page with the network that was trained on marked documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from ....ontology import Ontology
from ...claims import Claim, ReaderUnavailable
from ...page import Page
from .claiming import NAME, Claimer
from .labels import LABELS, TYPES, joinable
from .network import Network, OnnxNetwork
from .reading import found_in
from .windows import Windower

#: Where the model is that comes with the package, and the file of its tokenizer.
MODEL = Path(__file__).parent / "model"
TOKENIZER = "tokenizer.json"
#: What tells how the model was made, with the hashes of its files.
CARD = "model.json"
_REST = "The rules alone read. Install goldenthread again to have it."


class LearnedReader:
    """Reads with a network.

    Args:
        ontology: which relations may join what.
        tokenizer: with which the network was trained.
        network: that reads.

    """

    name = NAME

    def __init__(self, ontology: Ontology, tokenizer: Tokenizer, network: Network) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._windower = Windower(tokenizer)
        self._network = network
        self._joinable = joinable(ontology).any(0) | np.eye(len(TYPES), dtype=np.bool_)

    def read(self, page: Page) -> Iterator[Claim]:
        """Yield what the network claims of a page."""
        yield from Claimer(page, found_in(page, self._network, self._windower, self._joinable)).claims()


def learned_reader(ontology: Ontology, folder: Path | None = None) -> LearnedReader:
    """The reader with the model of a folder, or with the one that comes with the package.

    Raises:
        ReaderUnavailable: a file of the model is missing or damaged, or was trained for other labels.

    """
    folder = folder or MODEL
    _check(folder)
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        return LearnedReader(ontology, tokenizer, OnnxNetwork(folder))
    except Exception as error:  # both libraries raise their own, and plain Exception
        raise ReaderUnavailable(f"The model of the learned reader cannot be used: {error}. {_REST}") from error


def _check(folder: Path) -> None:
    """See that a model's files are those that its card names."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        files, labels = dict(card["files"]), card["labels"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReaderUnavailable(f"The learned reader’s {CARD} is missing or damaged. {_REST}") from error
    for name, digest in sorted(files.items()):
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise ReaderUnavailable(f"The learned reader’s {name} is missing or damaged. {_REST}")
    if labels != LABELS:
        raise ReaderUnavailable(f"The learned reader’s model was trained for other labels. {_REST}")
