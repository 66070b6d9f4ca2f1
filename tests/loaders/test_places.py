"""Words are found in a text whatever white space is between them, at their exact place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from goldenthread.loaders.formats.tokens import folded, squeezed
from goldenthread.loaders.readers.written.places import Words

_TEXT = st.text(alphabet="ab’ \n\u00a0İ|", min_size=1, max_size=60)


@given(_TEXT, st.integers(0, 60), st.integers(1, 60))
def test_what_is_cut_out_of_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    cut = text[start : start + length]
    wanted = squeezed(cut)
    if wanted:
        places = list(Words(text).find(wanted))
        assert any(start <= s and e <= start + length for s, e in places)
        assert {squeezed(text[s:e]) for s, e in places} == {wanted}
        assert all(not text[s].isspace() and not text[e - 1].isspace() for s, e in places)


@given(_TEXT, st.integers(0, 60), st.integers(1, 60), st.sampled_from(["a", "ab", "a b", "|"]))
def test_within_a_part_only_what_stands_in_it_is_found(text: str, start: int, length: int, wanted: str) -> None:
    part = (start, start + length)
    everywhere = list(Words(text).find(wanted, whole=True))
    assert list(Words(text).find(wanted, part, whole=True)) == [
        (s, e) for s, e in everywhere if part[0] <= s and e <= part[1]
    ]


@given(_TEXT, st.integers(0, 60))
def test_the_nearest_place_is_the_nearest_of_all(text: str, offset: int) -> None:
    places = list(Words(text).find("a", whole=True))
    found = Words(text).nearest("a", offset)
    assert (found is None) == (not places)
    assert found is None or abs(found[0] - offset) == min(abs(s - offset) for s, _ in places)


@given(st.text(max_size=20))
def test_folding_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(text)
