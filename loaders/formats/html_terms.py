"""Lists of terms of web pages (`dl`) whose terms are labels: 'Lead' with who leads below it."""

from __future__ import annotations

from collections.abc import Callable

from lxml.html import HtmlElement

from .headings import is_label, labels_run_down
from .html_tables import Grid


def terms_of(element: HtmlElement, unseen: Callable[[HtmlElement], str]) -> tuple[list[list[str]], bool]:
    """The terms of a list with what stands below each, and whether together they are a table of labels and values.

    There are none where the list holds something else, is hidden in part, or most of its terms are no labels.
    """
    entries: list[list[HtmlElement]] = []
    for each in _parts(element):
        if each.tag == "dt":
            entries.append([each])
        elif each.tag == "dd" and entries:
            entries[-1].append(each)
        else:
            return [], False
    grid = Grid(entries, unseen)
    lines = [[label, "; ".join(words for words in said if words)] for label, *said in grid.lines]
    if grid.left_out or not all(all(line) for line in lines):
        return [], False
    if labels_run_down(lines):
        return lines, True
    return (lines, False) if lines and all(is_label(label) for label, _ in lines) else ([], False)


def _parts(element: HtmlElement) -> list[HtmlElement]:
    """The terms and what they say, also those that are grouped; and what else the list holds."""
    parts: list[HtmlElement] = []
    for each in element:
        grouped = each.tag == "div" and all(inner.tag in ("dt", "dd") for inner in each)
        parts += list(each) if grouped and not (each.text or "").strip() else [each]
    return parts
