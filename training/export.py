"""Exports a trained state as the model of the package: ONNX files, the tokenizer, and a card.

    python export.py --state FILE --base FOLDER --log FILE --to FOLDER [--documents FOLDER…]

Weights are stored as whole numbers of 8 bits with a scale for each column, and computed with as floats: a quarter of
the size. Rounding what is computed as well would be faster, but reads pages of real councils worse.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from network import Network
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from goldenthread.loaders.readers.learned.labels import LABELS, TYPES
from goldenthread.loaders.readers.learned.network import ENCODER, PAIRS
from goldenthread.loaders.readers.learned.reader import CARD, TOKENIZER

#: Smaller matrices stay as they are.
_LARGE = 50_000
_OPSET = 17


class _OfOneWindow(nn.Module):
    """The encoder for a single window, which needs no mask."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.encoder = network.encoder

    def forward(self, ids: Tensor, focus: Tensor, case: Tensor, known: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        found: tuple[Tensor, Tensor, Tensor] = self.encoder(ids, None, focus, case, known)
        return found


def main() -> int:
    """Export; see the top of the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True, help="of the training, log.jsonl")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--documents", type=Path, nargs="+", default=[Path(__file__).parent / "documents"])
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    network = Network()
    network.load_state_dict(torch.load(args.state, weights_only=True))
    network.eval()
    _export(_OfOneWindow(network), _window(), args.to / ENCODER, ["vectors", "tags", "loose"])
    _export(network.pairs, _some_pairs(), args.to / PAIRS, ["judged"])
    for name in (ENCODER, PAIRS):
        _shrink(args.to / name)
    shutil.copyfile(args.base / "e5-small-v2-tokenizer.json", args.to / TOKENIZER)
    names = (ENCODER, PAIRS, TOKENIZER)
    card = {
        "what": "Reads Community Safety Partnership documents: names, and what is said of two of them.",
        "not for": "Decisions about people. What it finds is a claim that a person can check against the quoted words.",
        "base": "e5-small-v2 (MIT licence), SHA-256 of its ONNX file: " + _hash(args.base / "e5-small-v2.onnx"),
        "data": _data(args.documents),
        "training": [json.loads(line) for line in args.log.read_text(encoding="utf-8").splitlines()],
        "versions": {"torch": torch.__version__, "onnx": onnx.__version__, "numpy": np.__version__},
        "licence": "as the project's",
        "labels": LABELS,
        "files": {name: _hash(args.to / name) for name in names},
    }
    (args.to / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name in names:
        print(name, f"{(args.to / name).stat().st_size / 1e6:.1f} MB")
    return 0


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _data(folders: list[Path]) -> str:
    """What the marked documents of split 'train' are."""
    whole, number = hashlib.sha256(), 0
    for path in sorted((p for folder in folders for p in folder.glob("*.mark")), key=lambda p: p.name):
        data = path.read_bytes()
        if b"\nsplit: train\n" in data:
            whole.update(data)
            number += 1
    return f"{number} invented documents of split train, SHA-256 of them in order: {whole.hexdigest()}"


def _window() -> dict[str, Tensor]:
    return {name: torch.zeros(1, 50, dtype=torch.long) for name in ("ids", "focus", "case", "known")}


def _some_pairs() -> dict[str, Tensor]:
    number = torch.arange(3)
    return {
        "vectors": torch.zeros(50, 384), "firsts": number * 4, "lasts": number * 4 + 2, "types": number % len(TYPES),
        "places": torch.zeros(3, 2, dtype=torch.long), "left": torch.tensor([0, 1, 2, 0]),
        "right": torch.tensor([1, 2, 0, 2]), "layout": torch.zeros(4, dtype=torch.long),
        "breaks": torch.zeros(4, dtype=torch.long),
    }  # fmt: skip


def _export(module: nn.Module, given: dict[str, Tensor], path: Path, outputs: list[str]) -> None:
    axes: dict[str, Any] = {}
    for name, tensor in given.items():
        kinds = {"vectors": {0: "tokens"}, "places": {0: "mentions"}}
        pairs = {0: "pairs"} if name in ("left", "right", "layout", "breaks") else {0: "mentions"}
        axes[name] = {1: "tokens"} if tensor.shape[:1] == (1,) else kinds.get(name, pairs)
    for name in outputs:
        axes[name] = {0: "pairs"} if name == "judged" else {1: "tokens"}
    with torch.no_grad():
        torch.onnx.export(
            module, tuple(given.values()), str(path), input_names=list(given), output_names=outputs,
            dynamic_axes=axes, opset_version=_OPSET, dynamo=False,
        )  # fmt: skip


def _shrink(path: Path) -> None:
    """Store the large matrices of a network in 8 bits."""
    model = onnx.load(str(path))
    graph = model.graph
    users = {name: node for node in graph.node for name in node.input}
    nodes, kept = [], []
    for weight in graph.initializer:
        array = numpy_helper.to_array(weight)
        if array.ndim != 2 or array.size < _LARGE or array.dtype != np.float32:
            kept.append(weight)
            continue
        user = users[weight.name]
        by_row = user.op_type == "Gather" or any(a.name == "transB" and a.i for a in user.attribute)
        axis = 0 if by_row else 1
        scale = np.maximum(np.abs(array).max(1 - axis) / 127, 1e-9).astype(np.float32)
        whole = np.round(array / np.expand_dims(scale, 1 - axis)).astype(np.int8)
        kept += [
            numpy_helper.from_array(whole, f"{weight.name}.whole"),
            numpy_helper.from_array(scale, f"{weight.name}.scale"),
        ]
        if user.op_type == "Gather":
            kept.append(numpy_helper.from_array(np.array([-1], dtype=np.int64), f"{weight.name}.rows.last"))
            nodes += _gathered(user, weight.name)
        else:
            nodes.append(
                helper.make_node(
                    "DequantizeLinear", [f"{weight.name}.whole", f"{weight.name}.scale"], [weight.name], axis=axis
                )
            )
    gone = {node.output[0] for node in nodes if node.op_type != "DequantizeLinear"}
    others = [node for node in graph.node if node.output[0] not in gone]
    starts = [node for node in nodes if node.op_type == "DequantizeLinear"]
    gathers = [node for node in nodes if node.op_type != "DequantizeLinear"]
    del graph.node[:], graph.initializer[:]
    graph.node.extend([*starts, *gathers, *others])
    graph.initializer.extend(kept)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _gathered(user: Any, name: str) -> list[Any]:
    """The rows of a matrix in 8 bits that a network looks up, as floats: only these are computed."""
    rows, ids, out = f"{name}.rows", user.input[1], user.output[0]
    return [
        helper.make_node("Gather", [f"{name}.whole", ids], [rows], axis=0),
        helper.make_node("Cast", [rows], [f"{rows}.float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}.scale", ids], [f"{rows}.scale"], axis=0),
        helper.make_node("Unsqueeze", [f"{rows}.scale", f"{rows}.last"], [f"{rows}.scale.wide"]),
        helper.make_node("Mul", [f"{rows}.float", f"{rows}.scale.wide"], [out]),
    ]


if __name__ == "__main__":
    sys.exit(main())
