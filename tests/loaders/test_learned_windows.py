"""Windows of the learned reader: each word in the focus of one, with what is above it as context."""

from __future__ import annotations

import pytest
from conftest import Pages
from fake_network import words_in_focus, words_tokenizer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.loaders.readers.learned.windows import FOCUS, LONGEST, NOWHERE, Windower

WINDOWER = Windower(words_tokenizer())
BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(["# {}", "## {}", "{}", "- {}", "| a | b |\n|---|---|\n| {} | c |"]), st.integers(1, 400)
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks=BLOCKS)
def test_each_word_is_in_focus_and_no_window_is_too_long(page: Pages, blocks: list[tuple[str, int]]) -> None:
    text = "\n\n".join(
        form.format(" ".join(f"w{block}x{n}" for n in range(count))) for block, (form, count) in enumerate(blocks)
    )
    found = page(text)
    windows = list(WINDOWER.windows(found))
    seen = [word for word in words_in_focus(found, windows) if word.startswith("w")]
    wanted = [f"w{block}x{n}" for block, (_, count) in enumerate(blocks) for n in range(count)]
    assert list(dict.fromkeys(seen)) == wanted
    assert all(len(window) <= LONGEST for window in windows)
    for window in windows:
        assert all(
            start == NOWHERE or found.text[start:end].strip() == found.text[start:end]
            for start, end in zip(window.starts, window.ends, strict=True)
        )


def test_the_headings_above_and_the_words_before_stand_before_the_focus(page: Pages) -> None:
    found = page("# Plan\n\n## Safer streets\n\nBefore it.\n\n" + "word " * FOCUS)
    window = list(WINDOWER.windows(found))[-1]
    context = [
        found.text[s:e] for s, e, f in zip(window.starts, window.ends, window.focus, strict=True) if s >= 0 and not f
    ]
    assert context == ["Plan", "Safer", "streets", "Before", "it", "."]


def test_a_row_tells_its_columns_whose_headings_stand_nowhere(page: Pages) -> None:
    found = page("| Action | Lead |\n|---|---|\n| Mend lamps | Housing |\n| Cut trees | Parks |\n")
    (window,) = WINDOWER.windows(found)
    assert words_in_focus(found, [window]) == ["Mend", "lamps", "Housing", "Cut", "trees", "Parks"]
    assert (window.starts == NOWHERE).sum() > 2 * 4  # twice 'Action:' and 'Lead:', and what divides


def test_a_row_that_is_too_long_begins_anew_with_its_name(page: Pages) -> None:
    long = " ".join(f"step{n}" for n in range(300))
    found = page(f"| Action | How |\n|---|---|\n| Mend lamps | {long} |\n")
    windows = list(WINDOWER.windows(found))
    assert len(windows) > 1
    for window in windows:
        assert words_in_focus(found, [window])[:2] == ["Mend", "lamps"]


@pytest.mark.parametrize(
    ("words", "inside"), [("Safer streets", True), ("streets", True), ("Safer streets now", False), ("wor", False)]
)
def test_a_piece_of_text_is_found_in_a_window_where_all_of_it_stands(page: Pages, words: str, inside: bool) -> None:
    found = page("## Safer streets\n\nnow words")
    (window,) = WINDOWER.windows(found)
    start = found.text.replace("\n\n", " \n").replace("\n", " ").find(words.split()[0])
    at = window.tokens_of(start, start + len(words))
    assert (at is not None) == (inside or words == "wor")
    if inside and at is not None:
        assert found.text[window.starts[at[0]] : window.ends[at[1]]] == words
