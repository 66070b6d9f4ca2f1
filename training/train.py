"""Trains the network on the marked documents of split 'train'; 'tune' tells when to stop.

    python train.py --base FOLDER --to FOLDER [--epochs 8] [--seed 1] [--documents FOLDER…] [--share 1.0]

Each epoch reads every document as it is or, one time in two, with other names. Pairs are learned on the marked
mentions, on those that the tagger finds, and on made-up wrong ones, which are negatives. After each epoch the state is
saved; the same command goes on from there.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import markup
import numpy as np
import torch
from marked import marked
from network import Network, load_base
from swap import swapped
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from tune_score import scored

from examples import Example, Targets, examples_of, targets
from goldenthread.loaders.extract import Extractor
from goldenthread.loaders.readers.learned.decoding import Tagged, decoded
from goldenthread.loaders.readers.learned.labels import TYPES, joinable
from goldenthread.loaders.readers.learned.windows import Windower
from goldenthread.loaders.readers.rules.cues import load_cues
from goldenthread.ontology import Ontology, load_ontology

BATCH, RATE, RATE_OF_HEADS, WARM = 4, 8e-5, 1e-3, 0.1
#: How many versions with other names there are, and how often one is taken.
VERSIONS, SWAPPED = 4, 0.5
#: How often words are hidden, and known names and capitals of a whole window.
_HIDE_WORD, _HIDE_KNOWN, _HIDE_CASE = 0.03, 0.15, 0.1
_MASKED = 103
#: How many pairs of a window that are nothing are learned from, about; how many mentions that the tagger found.
_PAIRS, _FOUND = 400, 45
#: What each part of the loss counts.
_TAGS, _LOOSE, _OF_PAIRS = 6.0, 0.3, 0.05


def main() -> int:
    """Train; see the top of the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="holds e5-small-v2.onnx and its tokenizer")
    parser.add_argument("--to", type=Path, required=True, help="where states are saved")
    parser.add_argument("--documents", type=Path, nargs="+", default=[Path(__file__).parent / "documents"])
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--stop-after", type=int, help="stop after this epoch, though the rate is not down yet")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of the documents to learn from, for learning curves")
    parser.add_argument("--no-swap", action="store_true", help="no documents with other names")
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    Trainer(args).run()
    return 0


class Trainer:
    """One training.

    Args:
        args: of the command.

    """

    def __init__(self, args: argparse.Namespace) -> None:
        self._args = args
        torch.manual_seed(args.seed)
        self._chance = random.Random(args.seed)
        self._numbers = np.random.default_rng(args.seed)
        ontology = load_ontology(None)
        self._extractor = Extractor(ontology, load_cues())
        tokenizer = Tokenizer.from_file(str(args.base / "e5-small-v2-tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._windower = Windower(tokenizer)
        self._may_pair = _may_pair(ontology)
        self._tune = self._examples(_documents(args.documents, "tune"))
        documents = _documents(args.documents, "train")
        if args.share < 1:
            documents = random.Random(0).sample(documents, round(len(documents) * args.share))
        copies = 0 if args.no_swap else VERSIONS
        self._versions = [self._examples(documents)]
        self._versions += [self._examples(swapped(documents, seed)) for seed in range(1, copies + 1)]
        self._network = Network()
        load_base(self._network.encoder, args.base / "e5-small-v2.onnx")
        self._network.encoder.words.weight.requires_grad_(False)
        self._optimizer, self._steps = _optimizer(self._network), self._steps_of(args.epochs)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda s: min(1, s / (self._steps * WARM)) * max(0.01, 1 - s / self._steps)
        )

    def _examples(self, documents: Sequence[markup.Document]) -> dict[str, list[Example]]:
        found = {d.head["id"]: examples_of(marked(d, self._extractor), self._windower) for d in documents}
        _say(f"{len(found)} documents, {sum(map(len, found.values()))} windows")
        return found

    def _steps_of(self, epochs: int) -> int:
        return epochs * (sum(map(len, self._versions[0].values())) // BATCH + 1)

    def run(self) -> None:
        """Train to the last epoch, from the last saved state."""
        for epoch in range(self._resumed(), self._args.epochs):
            began = time.monotonic()
            losses = self._epoch(epoch)
            score = scored(self._network, self._tune)
            torch.save(
                {
                    "network": self._network.state_dict(),
                    "optimizer": self._optimizer.state_dict(),
                    "schedule": self._schedule.state_dict(),
                    "chance": self._chance.getstate(),
                    "numbers": self._numbers.bit_generator.state,
                    "torch": torch.get_rng_state(),
                },
                self._args.to / "state.pt.new",
            )
            torch.save(self._network.state_dict(), self._args.to / f"epoch-{epoch}.pt")
            with (self._args.to / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps({"epoch": epoch, "loss": losses, "tune": score}) + "\n")
            (self._args.to / "state.pt.new").replace(self._args.to / "state.pt")
            (self._args.to / "epoch").write_text(str(epoch))
            _say(f"epoch {epoch}: {time.monotonic() - began:.0f} s, losses {losses}, tune {score}")
            if epoch == self._args.stop_after:
                return

    def _resumed(self) -> int:
        """Go back to the last saved state; returns the next epoch."""
        if not (self._args.to / "state.pt").is_file():
            return 0
        state = torch.load(self._args.to / "state.pt", weights_only=False)
        self._network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["schedule"])
        self._chance.setstate(state["chance"])
        self._numbers.bit_generator.state = state["numbers"]
        torch.set_rng_state(state["torch"])
        return int((self._args.to / "epoch").read_text()) + 1

    def _epoch(self, epoch: int) -> dict[str, float]:
        self._network.train()
        examples: list[Example] = []
        for name, own in self._versions[0].items():
            others = self._versions[1:]
            is_last = epoch == self._args.epochs - 1
            taken = own if is_last or not others or self._chance.random() < 1 - SWAPPED else None
            examples += self._chance.choice(others)[name] if taken is None else taken
        totals = {"tags": 0.0, "pairs": 0.0}
        batches = list(self._batches(examples))
        for number, batch in enumerate(batches):
            loss, parts = self._loss(batch, found=epoch > 0)
            self._optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
            self._optimizer.step()
            self._schedule.step()
            totals = {name: totals[name] + parts[name] for name in totals}
            if number % 100 == 0:
                _say(f"  epoch {epoch}: {number} of {len(batches)}")
        return {name: round(total / len(examples), 4) for name, total in totals.items()}

    def _batches(self, examples: Sequence[Example]) -> Iterator[list[Example]]:
        """Windows of about the same length together, in no order."""
        order = sorted(examples, key=lambda e: len(e.window) + self._chance.randrange(40))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        self._chance.shuffle(batches)
        yield from batches

    def _loss(self, batch: Sequence[Example], *, found: bool) -> tuple[Tensor, dict[str, float]]:
        inputs = self._inputs(batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors, tags, loose = self._network.encoder(*inputs)
        vectors, tags, loose = vectors.float(), tags.float(), loose.float()
        loss, parts = torch.zeros(()), {"tags": 0.0, "pairs": 0.0}
        for number, example in enumerate(batch):
            length = len(example.window)
            of_tags = functional.cross_entropy(
                tags[number, :length].reshape(-1, 3), torch.tensor(example.tags).view(-1)
            )
            wanted = torch.tensor(example.loose)
            loss = loss + _TAGS * of_tags
            if (wanted >= 0).any():
                at = wanted >= 0
                loss = loss + _LOOSE * functional.binary_cross_entropy_with_logits(
                    loose[number, :length][at], wanted[at].float()
                )
            tagged: list[Tagged] = []
            if found:
                likely = tags[number, :length].detach().softmax(-1).numpy()
                best = decoded(likely, example.features.begins, example.window, example.text, 0.35, 0.25)
                tagged = sorted(best, key=lambda t: (-t.probability, t))[:_FOUND] + made_up(example, self._chance)
            of_pairs = self._of_pairs(vectors[number, :length], targets(example, tagged))
            if of_pairs is not None:
                loss = loss + _OF_PAIRS * of_pairs
                parts["pairs"] += of_pairs.item() * _OF_PAIRS
            parts["tags"] += of_tags.item()
        return loss / len(batch), parts

    def _of_pairs(self, vectors: Tensor, wanted: Targets) -> Tensor | None:
        used = wanted.used & self._may_pair[wanted.types[:, None], wanted.types[None, :]]
        if not used.any():
            return None
        stated = (wanted.wanted.sum(-1) > 0) & used
        kept = used & (stated | (self._numbers.random(used.shape) < _PAIRS / used.sum()))
        left, right = np.nonzero(kept)
        if not len(left):
            return None
        logits = self._network.pairs(
            vectors, *map(torch.tensor, (wanted.firsts, wanted.lasts, wanted.types, wanted.places, left, right)),
            torch.tensor(wanted.layout[kept]), torch.tensor(wanted.breaks[kept]),
        )  # fmt: skip
        right_ones, weights = torch.tensor(wanted.wanted[kept]), torch.tensor(wanted.weights[kept])
        return functional.binary_cross_entropy_with_logits(
            logits, right_ones, weight=weights * (1 + 0.5 * right_ones), reduction="sum"
        )

    def _inputs(self, batch: Sequence[Example]) -> tuple[Tensor, ...]:
        longest = max(len(e.window) for e in batch)
        ids, focus, case, known = (torch.zeros(len(batch), longest, dtype=torch.long) for _ in range(4))
        mask = torch.zeros(len(batch), longest)
        for row, example in enumerate(batch):
            length = len(example.window)
            ids[row, :length] = torch.tensor(example.window.ids)
            ids[row, :length][torch.tensor(self._numbers.random(length) < _HIDE_WORD)] = _MASKED
            mask[row, :length] = 1
            focus[row, :length] = torch.tensor(example.window.focus).long()
            if self._chance.random() > _HIDE_CASE:
                case[row, :length] = torch.tensor(example.features.case)
            if self._chance.random() > _HIDE_KNOWN:
                known[row, :length] = torch.tensor(example.features.known)
        return ids, mask, focus, case, known


def made_up(example: Example, chance: random.Random, most: int = 8) -> list[Tagged]:
    """Wrong mentions: pieces of marked ones, longer ones, words taken anywhere."""
    window, begins = example.window, example.features.begins
    starts = [k for k in range(len(window)) if begins[k] and window.starts[k] >= 0]
    found: list[Tagged] = []
    if len(starts) < 4:
        return found
    for _ in range(chance.randrange(most + 1)):
        if example.mentions and chance.random() < 0.7:
            first, last, mention = chance.choice(example.mentions)
            type_ = mention.type
        else:
            first = last = chance.choice(starts)
            type_ = chance.randrange(len(TYPES))
        manner, inside = chance.random(), [k for k in starts if first <= k <= last]
        if manner < 0.5 and len(inside) > 1:
            cut = chance.choice(inside[1:])
            first, last = (first, cut - 1) if chance.random() < 0.5 else (cut, last)
        elif manner < 0.8:
            last = min(last + chance.randrange(1, 6), len(window) - 1)
        else:
            first = max(first - chance.randrange(1, 4), 0)
        while last + 1 < len(window) and not begins[last + 1]:
            last += 1
        start, end = int(window.starts[first]), int(window.ends[last])
        if start >= 0 and end > start and last - first < 60:
            type_ = type_ if chance.random() < 0.9 else chance.randrange(len(TYPES))
            found.append(Tagged(first, last, type_, start, end, 0.0))
    return found


def _may_pair(ontology: Ontology) -> np.ndarray:
    """For each two types whether anything may be said of them, sameness among it."""
    return joinable(ontology).any(0) | np.eye(len(TYPES), dtype=np.bool_)


def _optimizer(network: Network) -> torch.optim.Optimizer:
    heads = ("tags", "loose", "late", "case", "known", "focus")
    names = [(n, p) for n, p in network.named_parameters() if p.requires_grad]
    is_head = {n for n, _ in names if n.startswith("pairs.") or n.split(".")[1].startswith(heads)}
    groups = [
        {"params": [p for n, p in names if n not in is_head], "lr": RATE},
        {"params": [p for n, p in names if n in is_head], "lr": RATE_OF_HEADS},
    ]
    return torch.optim.AdamW(groups, weight_decay=0.01, fused=True)


def _documents(folders: Sequence[Path], split: str) -> list[markup.Document]:
    """The marked documents of a split, sorted by name."""
    paths = sorted((p for folder in folders for p in folder.glob("*.mark")), key=lambda p: p.name)
    found = [markup.finished(markup.parse(p)) for p in paths]
    return [d for d in found if d.head.get("split") == split and not d.errors]


def _say(what: str) -> None:
    print(what, flush=True)


if __name__ == "__main__":
    sys.exit(main())
