"""Where the learned reader cannot read, the rules do, and the load says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.loaders.calibration import load_calibration
from goldenthread.loaders.extract import Extractor
from goldenthread.loaders.load import Options, read_combined
from goldenthread.loaders.readers.learned import reader
from goldenthread.loaders.readers.rules.cues import load_cues
from goldenthread.ontology import Ontology


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text("Safer Harrowmere Partnership\n\nWestmarch Police lead on burglary.\n", encoding="utf-8")
    return path


def test_without_a_model_the_rules_read_and_the_load_says_so(
    document: Path, ontology: Ontology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MODEL", tmp_path / "nowhere")
    found = read_combined(document, tmp_path, Extractor(ontology, load_cues()), Options())
    rules = read_combined(document, tmp_path, Extractor(ontology, load_cues()), Options(readers=("rules",)))
    assert (found.graph.entities, found.likely) == (rules.graph.entities, rules.likely)
    (note,) = [each for each in found.graph.notes if "learned" in each]
    assert note.startswith("plan.txt: The learned reader’s model.json is missing or damaged. The rules alone read.")


def test_a_name_has_a_calibration_wherever_both_read() -> None:
    weights = load_calibration().weights
    assert {"rules", "learned", "learned+rules", "names of learned", "names of learned+rules"} <= weights.keys()
