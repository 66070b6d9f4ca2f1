"""The marked documents, and what training makes of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fake_network import words_tokenizer

from goldenthread.loaders.extract import Extractor
from goldenthread.loaders.readers.learned.labels import PREDICATES, SAME, STANCE, STANCES, TYPES
from goldenthread.loaders.readers.learned.windows import Windower

TRAINING = Path(__file__).resolve().parents[2] / "training"


@pytest.fixture(autouse=True)
def training_on_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(TRAINING))
    yield
    for name in ("markup", "marked", "examples", "swap"):
        sys.modules.pop(name, None)


MARKS = """---
id: test-one
kind: minutes
format: {format}
split: train
---
{p}{{g1:Subgroup|Lamp Group}} leads on {{i1:Issue|dark lanes}}. {{g1~|It}} met.{q}
>> g1 leads i1

{p}{{s1:Source|Residents}} &amp; others fear {{i1|dark lanes}} and asked for more lamps.{q}
>> s1 raises i1 concern; s1 requests "more lamps" about i1
"""


def parsed(folder: Path, format_: str = "txt"):  # type: ignore[no-untyped-def]  # a class of training/
    import markup

    path = folder / "test-one.mark"
    p, q = ("<p>", "</p>") if format_ == "html" else ("", "")
    path.write_text(MARKS.format(format=format_, p=p, q=q), encoding="utf-8")
    return markup.finished(markup.parse(path))


def test_every_marked_document_is_marked_as_it_should_be() -> None:
    import markup

    paths = sorted((TRAINING / "documents").glob("*.mark"))
    wrong = {path.name: document.errors for path in paths if (document := markup.finished(markup.parse(path))).errors}
    assert not wrong
    assert len(paths) > 600


def test_no_area_stands_in_two_splits() -> None:
    import markup

    splits: dict[str, set[str]] = {}
    for path in sorted((TRAINING / "documents").glob("*.mark")):
        head = markup.parse(path).head
        if head.get("council"):
            splits.setdefault(head["council"], set()).add(head["split"])
    assert {name: found for name, found in splits.items() if len(found) > 1} == {}


@pytest.mark.parametrize("format_", ["txt", "html"])
def test_marks_are_found_again_in_what_the_product_reads(
    extractor: Extractor, tmp_path: Path, format_: str
) -> None:  # fmt: skip
    from marked import marked

    found = marked(parsed(tmp_path, format_), extractor)
    assert found.lost == 0
    words = [found.page.text[m["start"] : m["end"]] for m in found.mentions]
    assert words == ["Lamp Group", "dark lanes", "It", "Residents", "dark lanes"]
    assert "& others" in found.page.text if format_ == "html" else "&amp; others" in found.page.text


def test_a_window_teaches_names_relations_and_stances(extractor: Extractor, tmp_path: Path) -> None:
    from marked import marked

    from examples import examples_of, targets

    found = marked(parsed(tmp_path), extractor)
    (example,) = examples_of(found, Windower(words_tokenizer()))
    starts = {
        found.page.text[example.window.starts[first] : example.window.ends[last]]: (first, last)
        for first, last, _ in example.mentions
    }
    first, last = starts["Lamp Group"]
    assert example.tags[first : last + 1, TYPES.index("Subgroup")].tolist() == [1, 2]
    assert example.loose[starts["It"][0]] == 1
    wanted = targets(example, [])
    order = [m.mark for _, _, m in example.mentions]
    said = {
        (order[left], PREDICATES[output], order[right])
        for left, right, output in np.argwhere(wanted.wanted[:, :, :SAME] > 0).tolist()
    }
    request = next(mark for mark in order if mark.startswith("request"))
    assert said == {
        ("g1", "leads", "i1"), ("s1", "raises", "i1"), ("s1", "requests", request), (request, "about", "i1"),
    }  # fmt: skip
    left = order.index("s1")
    stances = [wanted.wanted[left, at, STANCE + STANCES.index("concern")] for at in range(len(order))]
    assert sum(stances) == 1
    same = {(order[a], order[b]) for a, b in np.argwhere(wanted.wanted[:, :, SAME] > 0).tolist() if a != b}
    assert same == {("g1", "g1"), ("i1", "i1")}


def test_other_names_keep_every_mark_in_place(tmp_path: Path) -> None:
    import markup
    from swap import swapped

    paths = sorted((TRAINING / "documents").glob("a-0*.mark"))
    documents = [markup.finished(markup.parse(path)) for path in paths]
    copies = swapped(documents, 1)
    changed = 0
    for before, after in zip(documents, copies, strict=True):
        assert len(before.mentions) == len(after.mentions)
        for old, new in zip(before.mentions, after.mentions, strict=True):
            assert after.text[new["start"] : new["end"]] == new["words"]
            changed += old["words"] != new["words"]
        assert markup.finished(after).errors == []
    assert changed > 50
    assert [c.text for c in swapped(documents, 1)] == [c.text for c in copies]
