"""A document is read again when anything that read it has changed, and only then."""

from __future__ import annotations

import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from conftest import RULES

from goldenthread.graph import Store
from goldenthread.loaders import fingerprint
from goldenthread.loaders.fingerprint import file_parts, reading_fingerprint, software_fingerprint
from goldenthread.loaders.load import Options, load
from goldenthread.ontology import Concept, Ontology, load_ontology


@pytest.fixture
def copies(tmp_path: Path) -> dict[str, Path]:
    """Copies of the packages that decide how documents are read."""
    found = {}
    for name in ("loaders", "ontology"):
        shutil.copytree(str(files(f"goldenthread.{name}")), tmp_path / name)
        found[name] = tmp_path / name
    return found


@pytest.mark.parametrize(
    ("package", "file"),
    [
        ("loaders", "readers/rules/cues.toml"),  # wordings
        ("loaders", "readers/rules/lists.py"),  # rules
        ("loaders", "formats/html.py"),  # a format
        ("loaders", "mentions/finder.py"),
        ("loaders", "calibration.json"),
        ("ontology", "core.ttl"),
        ("ontology", "issues.ttl"),
        ("ontology", "reader.py"),
    ],
)
def test_a_changed_file_changes_the_fingerprint(copies: dict[str, Path], package: str, file: str) -> None:
    before = list(file_parts(copies[package], package))
    assert before == list(file_parts(files(f"goldenthread.{package}"), package))
    path = copies[package] / file
    path.write_bytes(path.read_bytes() + b"\n")
    assert len(set(before) ^ set(file_parts(copies[package], package))) == 2


def test_a_new_version_of_a_library_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = software_fingerprint.__wrapped__()
    assert before == software_fingerprint()
    monkeypatch.setattr(fingerprint, "version", lambda name: "99" if name == "lxml" else "1")
    assert software_fingerprint.__wrapped__() != before


def test_own_issues_options_and_claims_change_the_fingerprint(ontology: Ontology) -> None:
    swans = Concept("swans", "swans", "An issue of our own.", alt_labels=("geese",))

    def own(concept: Concept) -> Ontology:
        return replace(ontology, concepts={**ontology.concepts, "swans": concept}, own_concepts=frozenset(["swans"]))

    found = [
        reading_fingerprint(ontology, ["rules", ""]),
        reading_fingerprint(own(swans), ["rules", ""]),
        reading_fingerprint(own(replace(swans, alt_labels=("geese", "ducks"))), ["rules", ""]),
        reading_fingerprint(ontology, ["partnership=Oakvale", "rules", ""]),
        reading_fingerprint(ontology, ["rules", "a claim"]),
        reading_fingerprint(ontology, [""]),
    ]
    assert len(set(found)) == len(found)
    assert found[0] == reading_fingerprint(load_ontology(), ["rules", ""])


def test_a_document_is_read_again_only_when_something_has_changed(
    store: Store, ontology: Ontology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "notes.txt").write_text("Residents were concerned about fly-tipping.\n", encoding="utf-8")

    def loaded(stated_at: float | None = None) -> tuple[int, int, int]:
        report = load(
            store, ontology, [folder], folder, Options(readers=RULES, partnership="Harrowmere", stated_at=stated_at)
        )
        return len(report.added), len(report.replaced), len(report.unchanged)

    assert (loaded(), loaded()) == ((1, 0, 0), (0, 0, 1))
    assert (loaded(0.9), loaded(0.9), loaded()) == ((0, 1, 0), (0, 0, 1), (0, 1, 0))
    monkeypatch.setattr(fingerprint, "software_fingerprint", lambda: "another version")
    assert (loaded(), loaded()) == ((0, 1, 0), (0, 0, 1))
