"""A network that finds what a test tells it, and a tokenizer of whole words, for tests of the learned reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import BertPreTokenizer

from goldenthread.loaders.page import Page
from goldenthread.loaders.readers.learned.features import TokenFeatures
from goldenthread.loaders.readers.learned.labels import OUTPUTS, PREDICATES, SAME, STANCE, STANCES, TYPES, FloatArray
from goldenthread.loaders.readers.learned.network import PairsAsked, Read
from goldenthread.loaders.readers.learned.windows import Window


def words_tokenizer() -> Tokenizer:
    """Each word and each mark is a token; all words are alike."""
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


@dataclass
class FakeNetwork:
    """Finds names wherever their words stand, and says the same of any two of these words.

    Args:
        text: of the document.
        names: the type of each name; with a '~' before the type for what is no name, as 'the Board'.
        relations: how likely a relation is between two names: (subject, predicate or 'same', object).
        stances: of 'raises', by issue.

    """

    text: str
    names: Mapping[str, str]
    relations: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    stances: Mapping[str, str] = field(default_factory=dict)
    sure: float = 0.9
    _windows: list[Window] = field(default_factory=list)

    def read(self, window: Window, features: TokenFeatures) -> Read:
        """The names that stand in the window, each with how sure the network is."""
        self._windows.append(window)
        tags = np.zeros((len(window), len(TYPES), 3), dtype=np.float32)
        tags[:, :, 0] = 1
        loose = np.zeros(len(window), dtype=np.float32)
        for name, type_ in self.names.items():
            for start in _places(self.text, name):
                at = window.tokens_of(start, start + len(name))
                if at is not None:
                    number = TYPES.index(type_.removeprefix("~"))
                    tags[at[0], number] = (1 - self.sure, self.sure, 0)
                    tags[at[0] + 1 : at[1] + 1, number] = (1 - self.sure, 0, self.sure)
                    loose[at[0] : at[1] + 1] = type_.startswith("~")
        return Read(np.zeros((len(window), 1), dtype=np.float32), tags, loose)

    def judged(self, vectors: FloatArray, pairs: PairsAsked) -> FloatArray:
        """What is said of each two names of the window that was read last."""
        window = self._windows[-1]
        words = [
            self.text[window.starts[first] : window.ends[last]]
            for first, last in zip(pairs.firsts, pairs.lasts, strict=True)
        ]
        judged = np.zeros((len(pairs.left), OUTPUTS), dtype=np.float32)
        for row, (left, right) in enumerate(zip(pairs.left, pairs.right, strict=True)):
            for (subject, predicate, object_), likely in self.relations.items():
                if (words[left], words[right]) == (subject, object_):
                    judged[row, SAME if predicate == "same" else PREDICATES.index(predicate)] = likely
            if (stance := self.stances.get(words[right])) is not None:
                judged[row, STANCE + STANCES.index(stance)] = 0.9
        return judged


def _places(text: str, words: str) -> Sequence[int]:
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def words_in_focus(page: Page, windows: Sequence[Window]) -> list[str]:
    """The tokens in the focus of windows, in order."""
    return [
        page.text[start:end]
        for w in windows
        for start, end, focus in zip(w.starts, w.ends, w.focus, strict=True)
        if focus
    ]
