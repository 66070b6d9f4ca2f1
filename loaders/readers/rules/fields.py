"""Reads labelled fields: 'Lead: Head of Housing' below the name of a priority, or after an action on the same line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ....ontology import slug
from ....ontology.columns import load_roles, role_of
from ...claims import Claim, Span
from ...formats.blocks import Block, Cell
from ...formats.tokens import sentences, squeezed
from ...mentions.finder import issues_of
from .records import facts_of
from .work import Work, named_issues, with_attributes

_COLON = re.compile(r"\s?:(?=[\s*]|$)")
_LABEL_WORD = re.compile(r"[^\s(\[|*.;:,•]+")
_LONGEST_LABEL = 4
#: The share of a line that a name must fill for the line to be that name, rather than mention it.
_NAMES = 0.6
#: Fields that name what the others are about, the best first.
_SUBJECTS = ("title", "action", "priority")
#: What a list below a label holds one by one; a list of groups or members is told by other words as well, see lists.py.
_LISTED = ("issues", "lead", "support")
#: Fields that name no bodies.
_OTHERS = (*_SUBJECTS, "number", "deadline", "status", "report")
#: Where a value ends, besides at the next label: with its line; in a bracket with that, or where something else begins.
_VALUE_END = re.compile(r"\n(?!\s)|\]")
_BRACKET_END = re.compile(r"\n|\]|;|\)(?=\s*(?:$|[.;,]))")
_OPENS = re.compile(r"[(\[]\s*\**$")
_BLANK = re.compile(r"[ *\n]*")
#: What comes before the name of an action: its number, 'Action 2:', 'We will'.
_ACTION = re.compile(
    r"(?:(?:(?:Headline )?[Aa]ction|Rec(?:ommendation)?\.?)\s*(?P<number>\d+(?:\.\d+)*[a-z]?)?\s*[:.–-]?\s*"
    r"|\d+(?:\.\d+)+\.?\s+"
    r"|We (?:will|shall)\s+|The [Pp]artnership (?:will|shall)\s+)?(?P<name>.+)",
    re.DOTALL,
)
_MARKS = " .;–-(*[\n•"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: what its label announces, where the label begins in the block's text, and its value."""

    role: str
    start: int
    value: Cell


def fields_of(place: Block | Cell) -> list[Field]:
    """The labelled fields in a block or cell, in order."""
    text = place.text
    labels = [found for colon in _COLON.finditer(text) if (found := _label(text, colon)) is not None]
    starts = [start for start, _, _ in labels] + [len(text)]
    fields = []
    for (start, at, role), following in zip(labels, starts[1:], strict=True):
        end = _value_end(text, at, following, bracketed=_in_brackets(text, start))
        begin = _after_blanks(text, at)
        value = text[begin:end].rstrip(" *.;\n")
        if value:
            fields.append(Field(role, start, Cell(place.start + begin, place.start + begin + len(value), value)))
    return fields


def _label(text: str, colon: re.Match[str]) -> tuple[int, int, str] | None:
    """(beginning, end, role) of the label before a colon.

    It is the fewest words before the colon that have a role and begin like a label.
    """
    reach = max(0, colon.start() - 50)
    words = list(_LABEL_WORD.finditer(text, reach, colon.start()))[-_LONGEST_LABEL:]
    for word in reversed(words):
        label = text[word.start() : colon.start()]
        if not re.fullmatch(r"[^(\[|*.;:,•\n]+", label):
            return None
        opens = word.start() == 0 or re.search(r"[\n(\[|*•]\s*$|[.;]\s$", text[reach : word.start()]) is not None
        role = role_of(label) if opens or label[0].isupper() else None
        if role is not None and (load_roles()[role].predicate is not None or role in _OTHERS):
            return word.start(), colon.end(), role
    return None


def _in_brackets(text: str, at: int) -> bool:
    """Whether a bracket opens right before a place."""
    return _OPENS.search(text, max(0, at - 8), at) is not None


def _after_blanks(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    assert match is not None  # it takes nothing as well
    return match.end()


def _value_end(text: str, at: int, following: int, *, bracketed: bool) -> int:
    """Where a value ends that begins at `at`."""
    first = _after_blanks(text, at)
    ends = (_BRACKET_END if bracketed else _VALUE_END).search(text, first, following)
    end = ends.start() if ends else following
    sentence = next(iter(sentences(text[first:end])), None)
    return first + sentence[1] if sentence is not None else end


class FieldReader:
    """Reads the labelled fields of one page.

    Args:
        work: the page, and what answers questions about it.

    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._page = work.page

    def block(self, index: int, block: Block) -> Iterator[Claim]:
        """What the fields of a block say of what the words before them name, or else the headings above."""
        fields = fields_of(block)
        if not any(load_roles()[field.role].predicate for field in fields) or any(f.role == "report" for f in fields):
            return
        cells = _by_role(fields)
        target, claims = self._named(cells) or self._target(index, block, fields[0].start)
        yield from claims
        if target is None:
            for issue in (
                i for cell in cells.get("issues", ()) for m in self._page.in_text(cell) for i in issues_of(m)
            ):
                yield from facts_of(self._work, issue, cells, "field", Cell(block.start, block.end, ""))
            return
        if target.type == "Action":
            details = {
                role: squeezed(cells[role][0].text) for role in ("number", "deadline", "status") if role in cells
            }
            yield from with_attributes(target, **details)
        yield from facts_of(self._work, target, cells, "field", Cell(block.start, block.end, ""))

    def _named(self, cells: Mapping[str, list[Cell]]) -> tuple[Span, list[Claim]] | None:
        """What a field says the others are about: 'Action: relight the underpass', 'Priority: 1. Safer streets'."""
        role = next((role for role in _SUBJECTS if role in cells), None)
        if role is None:
            return None
        cell = cells[role][0]
        type_ = "Priority" if role == "priority" else "Action"
        for _, found in self._page.priorities if type_ == "Priority" else ():
            if squeezed(found.label).lower() in squeezed(cell.text).lower():
                return replace(found, start=cell.start, end=cell.end), []
        numbered = re.match(r"(?P<number>\d{1,2})[.)]\s+", cell.text)
        start = cell.start + (numbered.end() if numbered else 0)
        name = squeezed(cell.text[start - cell.start :])
        found = Span(type_, slug(name), name, start, cell.end, 2)
        claims = list(with_attributes(found, number=numbered.group("number") if numbered else None))
        return found, claims + named_issues(self._page, found, f"{role}-field")

    def item(self, index: int, block: Block) -> list[Claim]:
        """What an item of a labelled list says: 'Takes in:', 'Partners:', and below it one after another."""
        intro = self._page.blocks[block.intro] if block.intro is not None else None
        colons = list(_COLON.finditer(intro.text.rstrip())) if intro is not None and intro.kind != "heading" else []
        if intro is None or block.intro is None or not colons or intro.text[colons[-1].end() :].strip(" *"):
            return []
        label = _label(intro.text, colons[-1])
        if label is None or label[2] not in _LISTED:
            return []
        target, claims = self._target(block.intro, intro, label[0])
        cell = Cell(block.start, block.end, block.text)
        found = facts_of(self._work, target, {label[2]: [cell]}, "list", cell) if target is not None else iter(())
        said = list(found)
        return [*claims, *said] if said else []

    def cell(self, cell: Cell, target: Span) -> Iterator[Claim]:
        """What the fields in a cell say of the priority that the cell names: 'Owner: Head of Housing' below it."""
        yield from facts_of(self._work, target, _by_role(fields_of(cell)), "field", cell)

    def _target(self, index: int, block: Block, at: int) -> tuple[Span | None, list[Claim]]:
        """What the fields from `at` on are about, and what finding it out says by itself."""
        before = block.text[:at].strip(_MARKS)
        named = [
            m
            for m in self._page.mentions[index]
            if m.end <= block.start + at
            and m.type in ("Subgroup", "Priority", "Action")
            and not _in_brackets(block.text, m.start - block.start)  # a short form in brackets
        ]
        own = next((found for priority, found in self._page.priorities if priority.block == index), None)
        if own is not None and own.start < block.start + at:
            return own, []
        if named and (_in_brackets(block.text, at) or named[-1].end - named[-1].start >= len(before) - 12):
            return named[-1], []
        if len(before.split()) > (1 if _in_brackets(block.text, at) else 3):
            return self._action(block, before)
        parent = self._parent(index, block)
        if parent is None:
            return self.above(index, block), []
        named_above = self._named_in(parent)
        place = self._page.blocks[parent]
        if named_above is None and len(place.text.split()) > _LONGEST_LABEL and not place.text.rstrip().endswith(":"):
            return self._action(place, place.text.strip(_MARKS))
        return named_above or self.above(index, block), []

    def _parent(self, index: int, block: Block) -> int | None:
        """The item of a list below which an item of a deeper level stands."""
        if block.kind != "item" or not block.level:
            return None
        for above in range(index - 1, -1, -1):
            place = self._page.blocks[above]
            if place.kind != "item" or place.headings != block.headings:
                return None
            if place.level < block.level:
                return above
        return None

    def _action(self, block: Block, before: str) -> tuple[Span, list[Claim]]:
        match = _ACTION.match(before)
        assert match is not None  # the last part takes any words
        words = match.group("name").strip(_MARKS)
        start = block.start + block.text.index(before) + match.group().index(words, match.start("name"))
        name = squeezed(words)
        found = Span("Action", slug(name), name, start, start + len(words), 1)
        claims = list(with_attributes(found, number=match.group("number")))
        return found, claims + named_issues(self._page, found, "action-named-after-issue")

    def above(self, index: int, block: Block) -> Span | None:
        """The priority, group or action named by the line above or a heading, the nearest first.

        The document's title does not count.
        """
        before = [index - 1] if index and self._page.blocks[index - 1].headings == block.headings else []
        named = (self._named_in(above) for above in (*before, *reversed(block.headings)))
        return next((found for found in named if found is not None), None)

    def _named_in(self, index: int) -> Span | None:
        """The priority, group or action that a block is the name of."""
        own = next((found for priority, found in self._page.priorities if priority.block == index), None)
        if own is not None:
            return own
        size = _NAMES * len(self._page.blocks[index].text.strip())
        for mention in self._page.mentions[index] if index else ():
            if mention.type in ("Subgroup", "Priority", "Action") and mention.end - mention.start >= size:
                return mention
        return None


def _by_role(fields: list[Field]) -> Mapping[str, list[Cell]]:
    cells: dict[str, list[Cell]] = defaultdict(list)
    for field in fields:
        cells[field.role].append(field.value)
    return cells
