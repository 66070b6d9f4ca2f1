"""Measures a state of a training, or the model of the package, on a split of the marked documents.

    python measure.py --state FILE --base FOLDER --split tune [--readers learned] [--fit FILE] [--documents FOLDER…]

Prints figures as `goldenthread evaluate` does; `--fit` also fits how both readers are weighed, and writes
calibration.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import markup
from tokenizers import Tokenizer

from goldenthread.evaluation import calibrate, scores, tables
from goldenthread.evaluation.gaps import measure_gaps
from goldenthread.loaders.calibration import load_calibration
from goldenthread.loaders.extract import Extractor
from goldenthread.loaders.readers.learned.reader import LearnedReader
from goldenthread.loaders.readers.rules.cues import load_cues
from goldenthread.ontology import load_ontology


def main() -> int:
    """Measure; see the top of the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=Path, help="a saved state; the package's model when left out")
    parser.add_argument("--base", type=Path, help="holds the tokenizer of the base encoder")
    parser.add_argument("--documents", type=Path, nargs="+", default=[Path(__file__).parent / "documents"])
    parser.add_argument("--split", default="tune")
    parser.add_argument("--readers", default="learned,rules")
    parser.add_argument("--fit", type=Path, help="where to write calibration.json with what was fitted")
    args = parser.parse_args()
    ontology, calibration = load_ontology(None), load_calibration()
    calibration = calibration.without_limits() if args.fit else calibration
    learned = None
    if args.state:
        from torch_network import TorchNetwork

        tokenizer = Tokenizer.from_file(str(args.base / "e5-small-v2-tokenizer.json"))
        learned = LearnedReader(ontology, tokenizer, TorchNetwork.of(args.state))
    extractor = Extractor(ontology, load_cues(), calibration, learned)
    readers = tuple(args.readers.split(","))
    with TemporaryDirectory() as folder:
        write_gold(args.documents, args.split, Path(folder))
        sample = scores.find_sample(Path(folder) / "docs", Path(folder) / "gold")
        reads = scores.read_sample(sample, extractor, readers)
        measured = scores.measure(reads.done, ontology)
    found = tables.report(measured, measure_gaps(reads.done, ontology), ())
    print(found[0])
    for row in found[1]:
        print(row)
    if args.fit:
        name = "+".join(sorted(readers))
        weights = calibrate.fitted_together(measured, name)
        args.fit.write_text(calibrate.as_json(weights, {name: {"fitted on": found[0]}}), encoding="utf-8")
    return 0


def write_gold(folders: Sequence[Path], split: str, to: Path) -> None:
    """Write the documents of a split and their annotations, as `evaluate` reads them."""
    for name in ("docs", "gold"):
        (to / name).mkdir()
    for path in sorted(p for folder in folders for p in folder.glob("*.mark")):
        document = markup.finished(markup.parse(path))
        if document.head.get("split") == split and not document.errors:
            name = document.head["id"]
            (to / "docs" / f"{name}.{document.head['format']}").write_text(document.text, encoding="utf-8")
            gold = json.dumps(markup.gold(document), ensure_ascii=False)
            (to / "gold" / f"{name}.json").write_text(gold, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
