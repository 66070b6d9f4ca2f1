"""Tells which cells of a table are headings: one row or several on top, or those down the first column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...ontology.columns import role_of
from .tokens import squeezed

#: Three rows of headings are the most that people write.
_DEEPEST = 3
#: A longer cell is no heading, and one of more words no label.
_LONGEST, _MOST_WORDS = 40, 5
_DIGIT = re.compile(r"\d")


def header_depth(lines: Sequence[Sequence[str]]) -> int:
    """How many rows of a table name its columns, where the first does.

    There are several where a heading is divided: 'Responsibility' above 'Lead' and 'Support'.
    """
    depth = 1
    while depth < min(_DEEPEST, len(lines) - 1) and _divides(lines[depth - 1], lines[depth]):
        depth += 1
    return depth


def _divides(above: Sequence[str], line: Sequence[str]) -> bool:
    """Whether a row only names parts of the headings above it."""
    filled = [index for index, words in enumerate(line) if words.strip()]
    free = {index for index in filled if index >= len(above) or not above[index].strip()}
    if not free or any(len(line[index]) > _LONGEST or _DIGIT.search(line[index]) for index in filled):
        return False
    wide = free | {index - 1 for index in free if index - 1 in filled}
    known = {index for index in filled if _role(line[index]) is not None}
    return 2 * len(known) >= len(filled) and known >= set(filled) - wide and bool(known & wide)


def labels_run_down(lines: Sequence[Sequence[str]]) -> bool:
    """Whether the first cell of each row says what the others hold, and no row on top does."""
    if len(lines) < 2 or not _rest(lines):
        return False
    labels = [_label(line[0]) for line in lines if line and line[0].strip()]
    down = {label for label in labels if label is not None}
    across = {role for words in lines[0] if (role := _label(words)) is not None}
    known = sum(label is not None for label in labels)
    return len(down) >= 2 and len(down) > len(across) and 2 * known > len(labels)


def is_label(words: str) -> bool:
    """Whether words are a label such as 'Lead' or 'Delivery group'."""
    return _label(words) is not None


def nested_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table inside a cell as lines: 'Lead: Head of Parks' where it has labels, else a cell a line."""
    rows = [row for row in rows if any(row)]
    if labels_run_down(rows) or (len(rows) == 1 and len(rows[0]) == 2 and _label(rows[0][0])):
        return [_labelled(row[0], row[1:]) for row in rows]
    if len(rows) == 2 and sum(_label(words) is not None for words in rows[0]) >= 2:
        return [_labelled(*pair) for pair in zip(rows[0], ([words] for words in rows[1]), strict=False) if any(pair[1])]
    return [words for row in rows for words in row if words]


def is_table_of_its_own(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table inside a cell has headings and rows of its own, rather than labels for what the cell holds."""
    filled = [row for row in rows if any(row)]
    if len(filled) < 2 or labels_run_down(filled):
        return False
    roles = {role for words in filled[0] if (role := _label(words)) is not None}
    return len(roles) >= 2 and ("action" in roles or len(filled) > 2)


def _labelled(label: str, values: Sequence[str]) -> str:
    said = "; ".join(words for words in values if words)
    return f"{label.rstrip(' :')}: {said}" if label and said else label or said


def _rest(lines: Sequence[Sequence[str]]) -> bool:
    return any(words.strip() for line in lines for words in line[1:])


def _label(words: str) -> str | None:
    return _role(words) if len(words) <= _LONGEST and len(words.split()) <= _MOST_WORDS else None


def _role(words: str) -> str | None:
    return role_of(squeezed(words).rstrip(" :"))
