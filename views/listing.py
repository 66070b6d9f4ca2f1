"""What a command that lists prints: the finding in a sentence, then rows, as a table, JSON, CSV or Markdown."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from ..writing.csv_cells import csv_text
from ..writing.visible import escaped_json, in_line, visible

Format: TypeAlias = Literal["table", "json", "csv", "md"]
FORMATS: tuple[str, ...] = get_args(Format)

#: Below this many characters a column is not wrapped: single words would break.
_NARROWEST = 8
#: What becomes a space where a text must stand in one line.
_LINE_END = re.compile(r"[ \t]*(?:[\r\n\u2028\u2029][ \t]*)+")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a command found."""

    finding: str  #: in a sentence
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] | list[tuple[str, ...]]
    json: object  #: the same for programs, as the contract for that command says


def render(listing: Listing, format: Format, width: int | None = None) -> str:  # noqa: A002 - the option's name
    """Return `listing` as text that ends in one newline.

    Args:
        listing: what was found.
        format: 'table', 'json', 'csv' or 'md'.
        width: of the terminal in characters, to which a table is wrapped; None leaves it unwrapped.

    """
    text = {"table": _table, "json": _json, "csv": _csv, "md": _markdown}[format](listing, width)
    return text.rstrip("\n") + "\n"


def _table(listing: Listing, width: int | None) -> str:
    finding = _one_line(listing.finding)
    if not listing.rows:
        return finding
    from tabulate import tabulate

    columns = [_one_line(name) for name in listing.columns]
    rows = [[_shown(cell) for cell in row] for row in listing.rows]
    widths = None if width is None else _column_widths([columns, *rows], width)
    table = tabulate(
        rows, headers=columns, tablefmt="simple", disable_numparse=True,
        maxcolwidths=widths, maxheadercolwidths=widths,
    )  # fmt: skip
    # The last column would otherwise pad every line to its full width.
    lines = (line.rstrip() for line in table.split("\n"))
    return f"{finding}\n\n" + "\n".join(lines)


def _shown(text: str) -> str:
    """Return a cell of a table: lines as they are, a tab as a space, control characters made visible."""
    return visible(text.replace("\r\n", "\n").replace("\t", " "))


def _one_line(text: str) -> str:
    return in_line(" ".join(_LINE_END.split(text)).replace("\t", " "))


def _column_widths(rows: list[list[str]], width: int) -> list[int]:
    """Share `width` out: columns that need little get that, the others divide the rest in equal parts."""
    needed = [max(max(map(len, cell.split("\n"))) for cell in column) for column in zip(*rows, strict=True)]
    room = width - 2 * (len(needed) - 1)
    widths = list(needed)
    narrow_first = sorted(range(len(needed)), key=lambda column: needed[column])
    for done, column in enumerate(narrow_first):
        share = room // (len(needed) - done)
        widths[column] = min(needed[column], max(share, _NARROWEST))
        room -= widths[column]
    return [max(one, 1) for one in widths]


def _json(listing: Listing, width: int | None) -> str:
    return escaped_json(json.dumps(listing.json, indent=2, ensure_ascii=False))


def _csv(listing: Listing, width: int | None) -> str:
    return csv_text(listing.columns, listing.rows)


def _markdown(listing: Listing, width: int | None) -> str:
    def line(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(_markdown_cell(cell) for cell in cells) + " |"

    finding = _markdown_cell(listing.finding)
    if not listing.rows:
        return finding
    rule = "|" + " --- |" * len(listing.columns)
    return "\n".join((finding, "", line(listing.columns), rule, *map(line, listing.rows)))


def _markdown_cell(text: str) -> str:
    """Escape what Markdown or HTML would take for its own; a cell is one line."""
    words = in_line(_LINE_END.sub(" ", text).strip())
    return re.sub(r"([\\|`*_<>\[\]])", r"\\\1", words).replace("&", "&amp;")
