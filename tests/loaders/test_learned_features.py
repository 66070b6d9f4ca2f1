"""What the learned reader's network is told of tokens and of pairs."""

from __future__ import annotations

import numpy as np
from conftest import Pages
from fake_network import words_tokenizer

from goldenthread.loaders.page import Page
from goldenthread.loaders.readers.learned.features import KnownNames, Layout, token_features
from goldenthread.loaders.readers.learned.labels import TYPES
from goldenthread.loaders.readers.learned.windows import Windower


def codes(page: Page, *words: str) -> list[int]:
    """How the first word stands to each of the others."""
    layout = Layout(page)
    found = layout.mentions([page.text.index(word) for word in words])
    return [int(code) for code in layout.pairs(found)[0][1:]]


def test_how_a_token_is_written_and_whether_it_begins_a_word(page: Pages) -> None:
    found = page("The VRB met in 2024: cold-calling is down.")
    (window,) = Windower(words_tokenizer()).windows(found)
    features = token_features(found, KnownNames(found), window)
    told = {
        found.text[s:e]: (int(c), bool(b))
        for s, e, c, b in zip(window.starts, window.ends, features.case, features.begins, strict=True)
        if s >= 0
    }
    assert [told[word][0] for word in ("The", "VRB", "met", "2024", ":")] == [2, 3, 1, 4, 5]
    assert all(told[word][1] for word in ("The", "cold", "calling"))


def test_a_known_name_is_told_by_its_type_first_token_and_further_ones(page: Pages) -> None:
    found = page("Residents fear hate crime here.")
    (window,) = Windower(words_tokenizer()).windows(found)
    known = token_features(found, KnownNames(found), window).known
    told = {found.text[s:e]: int(k) for s, e, k in zip(window.starts, window.ends, known, strict=True) if s >= 0}
    issue = 2 * TYPES.index("Issue")
    assert (told["hate"], told["crime"], told["fear"]) == (issue + 1, issue + 2, 0)


def test_headings_lists_neighbours_and_rows_stand_in_different_ways(page: Pages) -> None:
    found = page(
        "# Alpha\n\nBeta meets:\n\n- gamma\n- delta\n\n| Epsilon | Zeta |\n|---|---|\n| kappa | theta |\n| iota | m |\n"
    )
    assert codes(found, "Alpha", "gamma") == [3]
    assert codes(found, "gamma", "Alpha") == [4]
    assert codes(found, "Beta", "gamma") == [5]
    assert codes(found, "gamma", "Beta") == [6]
    assert codes(found, "gamma", "delta") == [7]
    assert codes(found, "delta", "gamma") == [8]
    assert codes(found, "kappa", "theta", "iota") == [1, 2]
    assert codes(found, "Beta", "meets") == [1]


def test_sentences_between_two_mentions_are_counted_up_to_three(page: Pages) -> None:
    found = page("One here. Two. Three there. Four. Five. Six.")
    starts = np.array([found.text.index(word) for word in ("One", "here", "Two", "Six")])
    breaks = Layout(found).breaks(starts, starts + 3)
    assert breaks[0].tolist() == [0, 0, 1, 3]
    assert (breaks == breaks.T).all()
