"""Prompts for a language model: the document in windows, and what the ontology says."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from conftest import Pages
from make_office import workbook

from goldenthread.loaders.claims import PROMPT_BEGINS
from goldenthread.loaders.readers.llm.prompt import instruction, prompts_of
from goldenthread.loaders.readers.llm.windows import OVERLAP, windows_of
from goldenthread.ontology import Ontology, load_ontology

PARAGRAPHS = "# Plan\n\n## Safer streets\n\n" + "\n\n".join(
    f"Paragraph {n} says that the Hate Crime Forum met and that burglary was discussed at some length."
    for n in range(60)
)


def test_windows_hold_all_words_and_each_begins_with_the_end_of_the_one_before(page: Pages) -> None:
    found = page(PARAGRAPHS)
    windows = windows_of(found, 1_500)
    assert len(windows) > 3
    assert windows[0].start <= found.text.index("Plan")
    assert windows[-1].end == found.text.rindex("length.") + 7
    for before, after in itertools.pairwise(windows):
        assert before.start < after.start <= before.end < after.end
        assert before.end - after.start <= OVERLAP
    assert all(w.end - w.start <= 1_500 for w in windows)


def test_a_later_window_tells_headings_and_names_met_before(page: Pages) -> None:
    last = windows_of(page(PARAGRAPHS), 1_500)[-1]
    assert last.headings == ("Plan", "Safer streets")
    assert "Subgroup: Hate Crime Forum" in last.names


def test_a_long_table_is_divided_between_rows_and_its_columns_are_told(page: Pages) -> None:
    rows = "\n".join(f"| Mend lamp number {n} | Head of Housing |" for n in range(80))
    found = page(f"# Plan\n\n| Action | Lead |\n|---|---|\n{rows}\n")
    windows = windows_of(found, 1_500)
    assert len(windows) > 2
    assert {w.columns for w in windows[1:]} == {("Action", "Lead")}
    assert all(found.text[w.start : w.end].strip("| \n").startswith("Mend") for w in windows[1:])


def test_a_single_paragraph_longer_than_a_window_is_divided_between_sentences(page: Pages) -> None:
    found = page("# Plan\n\n" + "The Forum met again. " * 300)
    windows = windows_of(found, 1_500)
    assert len(windows) > 3
    assert all(found.text[w.start : w.end].endswith(".") for w in windows)


def test_a_prompt_holds_the_words_as_they_stand_and_its_id_changes_with_them(page: Pages) -> None:
    first, second = (prompts_of(page(text), "plan.md", 9_000)[0] for text in (PARAGRAPHS, PARAGRAPHS + " More."))
    assert first.text.startswith(PROMPT_BEGINS + first.id)
    assert "Paragraph 17 says that the Hate Crime Forum met" in first.text
    assert f'{{"document": "plan.md", "prompt": "{first.id}"}}' in first.text
    assert first.id != second.id
    assert prompts_of(page(PARAGRAPHS), "plan.md", 9_000)[0] == first


def test_the_instruction_is_made_from_the_ontology(ontology: Ontology, tmp_path: Path) -> None:
    words = instruction(ontology)
    for relation in ontology.relations.values():
        if not relation.from_vocabulary and relation.name != "about":
            assert f"- {relation.name}: " in words
    assert "knife crime" in words
    own = tmp_path / "own.csv"
    own.write_text("label,definition\ncanal wrecks,Boats that lie on the ground.\n")
    assert "canal wrecks" in instruction(load_ontology(own))


@pytest.mark.parametrize("longest", [1_000, 1_200, 12_000])
def test_no_window_is_a_part_of_another_however_short_they_are(page: Pages, longest: int) -> None:
    sentence = "The Forum met to hear of burglary and of what the wardens do about it on market days in the town. "
    found = page("# Plan\n\n" + sentence + "\n\n" + sentence * 3 + "\n\n" + "word " * 2_380 + "end.\n\nLast.")
    windows = windows_of(found, longest)
    for before, after in itertools.pairwise(windows):
        assert before.start < after.start
        assert before.end < after.end
        assert before.end - after.start <= longest // 10
    assert windows[-1].end == found.text.rindex("Last.") + 5


def test_windows_of_a_sheet_keep_their_order_where_its_parts_share_a_header(page: Pages) -> None:
    rows: list[list[object]] = [["Action", "Lead"]]
    for part in (1, 2):
        rows += [[f"Priority {part}: Safer streets {part}", None]]
        lamps = (f"Mend lamp {part}.{n} in the long lane behind the old market hall" for n in range(60))
        rows += [[lamp, "Head of Housing"] for lamp in lamps]
    windows = windows_of(page(workbook(Plan=rows), "plan.xlsx"), 1_500)
    assert len(windows) > 4
    assert all(before.start < after.start <= before.end < after.end for before, after in itertools.pairwise(windows))
    assert all(0 < w.end - w.start <= 1_500 for w in windows)


def test_rows_of_a_table_without_a_header_are_no_columns(page: Pages) -> None:
    rows = "".join(f"<tr><td>Mend lamp number {n}</td><td>Head of Housing</td></tr>" for n in range(80))
    windows = windows_of(page(f"<html><body><table>{rows}</table></body></html>", "plan.html"), 1_500)
    assert len(windows) > 2
    assert {w.columns for w in windows} == {()}
