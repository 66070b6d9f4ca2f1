"""No text of a document, file name or library commands a terminal or turns the direction of writing."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.writing.visible import (
    escaped_json,
    in_line,
    raw,
    visible,
    visible_on_terminals,
    visible_streams,
    without_overrides,
)

UNSAFE = (
    [chr(code) for code in range(0x20) if chr(code) not in "\n\t"]
    + [chr(code) for code in range(0x7F, 0xA0)]
    + list("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ud800\udc9b\udfff")
)
texts = st.text(st.characters() | st.sampled_from(UNSAFE))


def is_unsafe(text: str) -> bool:
    directions = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    return any(
        unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(letter) in directions
        or letter in "\u200e\u200f\u061c"
        for letter in text.replace("\n", "").replace("\t", "")
    )  # fmt: skip


@pytest.mark.parametrize("letter", UNSAFE)
def test_each_is_shown_by_its_number(letter: str) -> None:
    code = ord(letter)
    assert visible(f"a{letter}b") == (f"a\\x{code:02x}b" if code < 256 else f"a\\u{code:04x}b")


@given(texts)
def test_no_text_is_unsafe_when_it_is_shown(text: str) -> None:
    assert not is_unsafe(visible(text))
    assert visible(visible(text)) == visible(text)
    assert "\n" not in in_line(text)
    assert not is_unsafe(in_line(text))


@pytest.mark.parametrize("text", ["Safer streets – “more”\n\t½ mile", "שלום", "👩‍👧", "C:\\x1b", "\u200b\xa0\ufeff"])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


@given(texts)
def test_json_says_the_same(text: str) -> None:
    written = escaped_json(json.dumps({text: [text]}, ensure_ascii=False))
    assert not is_unsafe(written)
    assert json.loads(written) == {text: [text]}


def test_pages_keep_the_marks_of_hebrew_and_no_override() -> None:
    assert without_overrides("a\u202eb\u2066c\u200f\x1b") == "a\\u202eb\\u2066c\u200f\x1b"


def test_whatever_is_printed_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with visible_streams():
        print("one\x1b[31m\n\ttwo\u202e")
        sys.stderr.writelines(["three\x9b\n"])
        raw(sys.stderr).write("\r\x1b[K")
    print("four\x07")
    found = capsys.readouterr()
    assert found.out == "one\\x1b[31m\n\ttwo\\u202e\nfour\x07\n"
    assert found.err == "three\\x9b\n\r\x1b[K"


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        (r"warnings.warn('bad\x1b]0;title\x07')", r"UserWarning: bad\x1b]0;title\x07"),
        (r"logging.getLogger('a library').warning('bad\x1b[2J')", r"bad\x1b[2J"),
        (r"raise ValueError('bad\x9b\u202e')", r"ValueError: bad\x9b\u202e"),
    ],
)
def test_warnings_logs_and_unforeseen_errors_are_shown(statement: str, shown: str) -> None:
    code = (
        "import logging, warnings; from goldenthread.writing.visible import visible_streams\nwith visible_streams(): "
        f"{statement}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert shown in done.stderr
    assert not is_unsafe(done.stderr)


def test_a_log_in_another_code_page_ends_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", newline="")
    monkeypatch.setattr(sys, "stdout", log)
    with visible_streams():
        print("café ∅")
    log.flush()
    assert log.buffer.getvalue() == b"caf\xe9 \\u2205\n"


def test_streams_that_are_not_there_stay_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with visible_streams():
        assert sys.stderr is None


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


@given(st.binary() | texts.map(lambda text: text.encode("utf-8", "surrogatepass")), st.integers(1, 5))
def test_data_is_shown_on_a_terminal_however_it_is_cut(data: bytes, size: int) -> None:
    file = Terminal()
    with visible_on_terminals(file) as shown:
        for start in range(0, len(data), size):
            shown.write(data[start : start + size])
    assert file.getvalue().decode() == visible(data.decode("utf-8", "backslashreplace"))


def test_data_in_a_file_stays_as_it_is() -> None:
    file = io.BytesIO()
    with visible_on_terminals(file) as same:
        same.write(b"\x1b\xff")
    assert file.getvalue() == b"\x1b\xff"
