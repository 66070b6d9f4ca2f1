"""Reads tables of answers: how worried people are about each issue, and the answers as a form exports them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...claims import Claim, RelationClaim
from ...formats.blocks import Cell
from ...mentions.finder import issues_of
from ...mentions.grids import Grid
from .work import Work

#: Steps of a scale of worry: 'Very worried', 'A big problem', 'Not at all safe'; and those that say there is none.
_WORRIED = re.compile(
    r"\b(?:worried|concerned|anxious|unsafe|(?:big|bigger|major|serious|significant) (?:problem|issue|concern)"
    r"|not (?:very |at all )?safe)\b",
    re.IGNORECASE,
)
_CALM = re.compile(
    r"\b(?:not|no|never|neither|nor|hardly|don.t)\b(?!.*\bsafe\b)|^(?:very |fairly |quite )?safe\b"
    r"|\b(?:small|minor) (?:problem|issue|concern)\b",
    re.IGNORECASE,
)
#: A question that asks for what people worry about.
_ASKED = re.compile(
    r"\b(?:which|what|select|choose|tick|rank)\b.{0,120}\b(?:concern|worr|issue|problem|affect|crime|unsafe|anti-?social)",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%?")
#: Several choices in a cell, as Microsoft Forms writes them.
_CHOICES = re.compile(r"[;\n]")


def scale_of(headings: Sequence[str]) -> tuple[list[int], list[int]]:
    """The columns of a scale of worry: those that say people are worried, and those that say they are not."""
    calm = [column for column, words in enumerate(headings) if column and _CALM.search(words)]
    worried = [n for n, words in enumerate(headings) if n and n not in calm and _WORRIED.search(words)]
    return worried, calm


def is_survey(grid: Grid) -> bool:
    """Whether a table is of answers on a scale of worry, or of the answers to a question about worries."""
    worried, calm = scale_of(grid.headings)
    owned = set(grid.roles.values()) & {"lead", "action", "group", "chair"}
    return not owned and ((bool(worried) and len(worried) + len(calm) > 1) or any(map(_ASKED.search, grid.headings)))


def survey_claims(work: Work, index: int, grid: Grid) -> Iterator[Claim]:
    """What people worry about, by a table of their answers.

    An issue on a scale is raised where at least half of the answers say that people are worried.
    """
    scope = work.attribution.scope(index)
    source = scope.found if scope is not None else work.attribution.answerers()
    found = [(cell, "worry-on-a-scale") for cell in _on_scale(grid)]
    found += [(cell, "chosen-answer") for cell in _chosen(grid)]
    for cell, cue in found:
        for mention in work.page.in_text(cell):
            for issue in issues_of(mention):
                yield RelationClaim(
                    source, "raises", issue, cell.start, cell.end, cue, assumed=scope is None, stance="concern"
                )


def _on_scale(grid: Grid) -> Iterator[Cell]:
    worried, calm = scale_of(grid.headings)
    if not worried or len(worried) + len(calm) < 2:
        return
    for line in grid.lines:
        yes, no = (sum(_number(line, column) for column in columns) for columns in (worried, calm))
        if line and line[0].text.strip() and yes and yes >= no:
            yield line[0]


def _number(line: Sequence[Cell], column: int) -> float:
    found = _SHARE.fullmatch(line[column].text.strip()) if column < len(line) else None
    return float(found.group(1)) if found else 0.0


def _chosen(grid: Grid) -> Iterator[Cell]:
    """The choices in the columns of questions, each where it first stands."""
    seen: set[str] = set()
    for column in (n for n, words in enumerate(grid.headings) if _ASKED.search(words)):
        for cell in (line[column] for line in grid.lines if column < len(line)):
            at = 0
            for part in (*_CHOICES.finditer(cell.text), None):
                words = cell.text[at : part.start() if part else len(cell.text)]
                lead = at + len(words) - len(words.lstrip())
                at = part.end() if part else at
                choice = words.strip()
                if choice and choice.lower() not in seen:
                    seen.add(choice.lower())
                    yield Cell(cell.start + lead, cell.start + lead + len(choice), choice)
