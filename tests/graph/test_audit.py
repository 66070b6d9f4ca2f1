from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from goldenthread.graph import Document, DocumentGraph, Entity, Evidence, Mention, Statement, Store, open_store
from goldenthread.graph.audit import Missing, audit
from goldenthread.ontology import load_ontology

WORDS = "The Lantern Group (☂) delivers warmer homes.\n"
QUOTE = "delivers warmer homes"


def graph(
    start: int = WORDS.index(QUOTE), quote: str = QUOTE, text: str | None = WORDS, path: str = "notes/plan.md"
) -> DocumentGraph:
    document = Document(
        f"document/{path}",
        path,
        hashlib.sha256(WORDS.encode()).hexdigest(),
        "Plan",
        None,
        "wexmouth",
        "Wexmouth CSP",
        text=text,
    )
    group = Entity(
        "wexmouth/subgroup/lantern", "Subgroup", "Lantern Group", mentions=(Mention(4, 17, "Lantern Group"),)
    )
    homes = Entity("wexmouth/priority/warmer-homes", "Priority", "Warmer homes")
    evidence = Evidence(document.id, start, start + len(quote), quote, "delivers", 0.9)
    return DocumentGraph(document, (group, homes), (Statement(group.id, "delivers", homes.id, (evidence,)),))


@pytest.fixture
def store(tmp_path: Path) -> Any:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/plan.md").write_bytes(WORDS.encode())
    with open_store(str(tmp_path / "wexmouth.db"), load_ontology(), create=True) as store:
        yield store


def test_quotes_that_stand_at_their_places_pass(store: Store, tmp_path: Path) -> None:
    store.replace(graph())
    report = audit(store, tmp_path)
    assert report.passed
    assert (report.documents, report.checked, report.changed, report.gone) == (1, 2, (), ())
    assert report.finding == "2 of 2 quotes stand in their documents."


@pytest.mark.parametrize("shift", [-1, 1, 1000])
def test_a_quote_that_stands_elsewhere_is_missing(store: Store, tmp_path: Path, shift: int) -> None:
    start = WORDS.index(QUOTE) + shift
    store.replace(graph(start))
    report = audit(store, tmp_path)
    assert not report.passed
    assert report.missing == (Missing("document/notes/plan.md", start, start + len(QUOTE), QUOTE),)
    assert report.finding == "1 of 2 quotes stand in their documents."


def test_a_mention_is_checked_like_evidence(store: Store, tmp_path: Path) -> None:
    good = graph()
    lost = replace(good.entities[0], mentions=(Mention(4, 11, "Lamppost"),))
    store.replace(replace(good, entities=(lost, good.entities[1])))
    assert [m.quote for m in audit(store, tmp_path).missing] == ["Lamppost"]


def test_a_quote_without_words_proves_nothing(store: Store, tmp_path: Path) -> None:
    store.replace(graph(5, ""))
    assert not audit(store, tmp_path).passed


def test_a_document_without_text_is_named_and_not_passed_over(store: Store, tmp_path: Path) -> None:
    store.replace(graph(text=None))
    report = audit(store, tmp_path)
    assert report.text_not_held == ("document/notes/plan.md",)
    assert report.checked == 0
    assert "1 document could not be checked" in report.finding


def test_a_document_without_text_is_checked_against_its_file(store: Store, tmp_path: Path) -> None:
    store.replace(graph(text=None))
    report = audit(store, tmp_path, read=lambda path: path.read_text(encoding="utf-8"))
    assert (report.checked, report.missing, report.text_not_held) == (2, (), ())


def test_a_changed_file_does_not_stand_in_for_the_text(store: Store, tmp_path: Path) -> None:
    store.replace(graph(text=None))
    (tmp_path / "notes/plan.md").write_text("Something else")
    report = audit(store, tmp_path, read=lambda path: path.read_text(encoding="utf-8"))
    assert report.text_not_held == report.changed == ("document/notes/plan.md",)


def test_a_changed_or_missing_file_is_a_note_and_no_failure(store: Store, tmp_path: Path) -> None:
    store.replace(graph())
    (tmp_path / "notes/plan.md").write_text("Something else")
    changed = audit(store, tmp_path)
    (tmp_path / "notes/plan.md").unlink()
    gone = audit(store, tmp_path)
    assert changed.passed
    assert changed.changed == ("document/notes/plan.md",)
    assert gone.passed
    assert gone.gone == ("document/notes/plan.md",)


def test_what_a_container_holds_is_there_as_long_as_the_container(store: Store, tmp_path: Path) -> None:
    store.replace(graph(path="notes/pack.zip!plan.md"))
    (tmp_path / "notes/pack.zip").write_bytes(b"PK")
    assert (audit(store, tmp_path).gone, audit(store, tmp_path).changed) == ((), ())
    (tmp_path / "notes/pack.zip").unlink()
    assert audit(store, tmp_path).gone == ("document/notes/pack.zip!plan.md",)


def test_a_path_that_names_a_server_is_not_looked_up(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.replace(graph(path="//server/share/plan.md"))
    monkeypatch.setattr(Path, "is_file", lambda path: pytest.fail(f"looked for {path}"))
    assert audit(store, tmp_path).gone == ("document///server/share/plan.md",)


def test_an_empty_store_says_so(store: Store, tmp_path: Path) -> None:
    report = audit(store, tmp_path)
    assert report.passed
    assert report.finding == "The store holds no documents, so there is nothing to check."
