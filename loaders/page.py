"""A document with the names that stand in it: what every reader reads.

The names that a document defines for itself come first (its own priorities, its list of short forms, the posts behind
initials), since they decide what its sentences mention.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ..ontology import Ontology, slug
from .claims import Span
from .formats.blocks import Block, Cell, ReadFile
from .formats.tokens import sentences, squeezed
from .mentions.context import Context, years_of
from .mentions.finder import MentionFinder, Names, issues_of
from .mentions.grids import body_cells
from .mentions.people import CHAIR, people_in
from .mentions.posts import post_alone
from .mentions.priorities import REFERENCE, PriorityFound, find_priorities
from .mentions.reference_lists import GLOSSARY_ENTRY, reference_blocks
from .mentions.resolution import initials
from .mentions.schemes import find_schemes

#: A title that speaks of a plan, and is another paper's.
_NO_PLAN = re.compile(
    r"\b(?:action plan|delivery plan|minutes|consultation|report|update|scrutiny|review|draft|workshop|agenda)\b",
    re.IGNORECASE,
)
_PLAN_NAME = re.compile(
    r"(?<![\w’&'-])(?P<name>(?:[A-Z][\w’&'-]*,?\s+(?:(?:and|for|of|the)\s+|&\s+)*){1,7}(?i:plan|strategy))"
    r"\s*[,:–-]?\s*\(?(?:for\s+)?(?=20\d\d)"
)
_CAPITALS = re.compile(r"\b[A-Z]{3,6}\b")
_ACRONYM = re.compile(r"\s*\(([A-Z][A-Za-z&]{1,7})\)")
_BODIES = ("Partner", "Subgroup", "Source", "Partnership", "Role")


@dataclass(frozen=True, slots=True)
class Page:
    """One document: its text and blocks, its partnership, and the names in it by place."""

    read: ReadFile
    context: Context
    ontology: Ontology
    finder: MentionFinder
    names: Names  #: what the document defines for itself
    priorities: tuple[tuple[PriorityFound, Span], ...]  #: the document's own
    mentions: tuple[tuple[Span, ...], ...]  #: of each block, in step with its blocks
    reference: frozenset[int]  #: the blocks of a glossary or a list of contacts, which state nothing
    starts: tuple[int, ...]  #: where each block begins

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of the document."""
        return self.read.blocks

    @property
    def text(self) -> str:
        """The canonical text."""
        return self.read.text

    def in_text(self, cell: Cell) -> list[Span]:
        """The mentions in a piece of text."""
        return _mentions_in(cell, self.finder, self.context, self.names, _numbers(self.priorities))

    def headed_at(self, offset: int) -> Span | None:
        """The priority in whose chapter an offset of the text stands."""
        index = bisect_right(self.starts, offset) - 1
        return self.headed_by(index) if index >= 0 else None

    def headed_by(self, index: int) -> Span | None:
        """The priority in whose chapter a block stands."""
        for above in reversed(self.blocks[index].headings):
            for priority, found in self.priorities:
                if priority.block == above:
                    return found
        return None

    def plan(self, period: tuple[int, int] | None) -> Span:
        """The plan of a period; of the document's own where none is given."""
        years, title = period or self.context.period, self.context.title
        if years is None:
            return Span("Plan", "period-not-stated", "Plan (period not stated)", 0, 0)
        own = years == self.context.period and re.search(r"\b(?:Plan|Strategy)\b", title) and str(years[0]) in title
        # An action plan or a report under the plan is titled after it, and is not what it is called.
        if own and not _NO_PLAN.search(title):
            return Span("Plan", f"{years[0]}-{years[1]}", title, 0, 0, 2)
        named = _plan_name(self.text, years) if years == self.context.period else None
        return Span("Plan", f"{years[0]}-{years[1]}", named or f"Plan {years[0]}-{years[1]}", 0, 0, 1)

    def body_above(self, index: int) -> Span | None:
        """The group or partnership named above a block, the nearest first; else in the head of the document."""
        block = self.blocks[index]
        above = [i for i in (block.intro,) if i is not None] + list(reversed(block.headings))
        named = (m for i in [*above, *range(min(3, index))] for m in self.mentions[i])
        return next((m for m in named if m.type in ("Subgroup", "Partnership")), None)

    def board(self) -> Span:
        """The partnership's own board."""
        kind = self.ontology.kinds["partnership-board"]
        return Span("Subgroup", kind.id, kind.label, 0, 0, 0, kind.id)

    def partnership(self) -> Span:
        """The partnership whose document it is."""
        return Span("Partnership", "partnership", self.context.partnership_label, 0, 0)

    def issues_in_name(self, found: Span) -> list[Span]:
        """The issues that the name of a priority or action names, where it stands."""
        block = next(
            (b for b in self.blocks if b.kind != "table" and b.start <= found.start and b.end >= found.end), None
        )
        clean = (
            block.text[found.start - block.start : found.end - block.start]
            if block
            else self.text[found.start : found.end]
        )
        mentions = self.finder.find(clean, self.context, None, found.start)
        return [
            one
            for mention in mentions
            for one in (*issues_of(mention), *(mention.inside if mention.type == "Partner" else ()))
        ]


def make_page(read: ReadFile, context: Context, ontology: Ontology, finder: MentionFinder) -> Page:
    """Find the names that stand in a document."""
    names = Names()
    priorities = tuple(_own_priorities(read, context, finder))
    for priority, found in priorities:
        # A priority called 'burglary' is not meant wherever burglary is.
        words = priority.name.split()
        if len(words) >= 3 or (len(words) == 2 and priority.name.istitle() and not finder.find(priority.name, context)):
            names.add(priority.name, found)
    reference = reference_blocks(read)
    for find in (_glossary, _schemes, _people, _acronyms):
        for wording, meant in find(read, context, finder, names, reference):
            names.add(wording, meant)
    numbers = _numbers(priorities)

    def in_block(block: Block) -> tuple[Span, ...]:
        return tuple(m for cell in texts(block) for m in _mentions_in(cell, finder, context, names, numbers))

    mentions = [in_block(block) for block in read.blocks]
    for index, meanings in _initials(read, mentions, names):
        known = {read.text[m.start : m.end] for m in mentions[index]}
        for word, body in meanings:
            if word not in known:
                names.add(word, body)
        mentions[index] = in_block(read.blocks[index])
    starts = tuple(block.start for block in read.blocks)
    return Page(read, context, ontology, finder, names, priorities, tuple(mentions), reference, starts)


def texts(block: Block) -> list[Cell]:
    """The pieces of text that a block holds: its own, or the cells of a table below its header."""
    return list(body_cells(block)) if block.kind == "table" else [Cell(block.start, block.end, block.text)]


@lru_cache(maxsize=1)  # a document's text is large
def _plan_name(text: str, years: tuple[int, int]) -> str | None:
    """What a document calls the plan of a period: the first name before it that ends in 'Plan' or 'Strategy'."""
    for match in _PLAN_NAME.finditer(text):
        if years_of(text[match.end() : match.end() + 20]) == years and not _NO_PLAN.search(match.group("name")):
            return f"{squeezed(match.group('name'))} {years[0]}-{years[1]}"
    return None


def _numbers(priorities: Sequence[tuple[PriorityFound, Span]]) -> dict[str, Span]:
    """The priorities by their numbers; the first of those that share one."""
    numbers: dict[str, Span] = {}
    for priority, found in priorities:
        if priority.number:
            numbers.setdefault(priority.number, found)
    return numbers


def _mentions_in(
    cell: Cell, finder: MentionFinder, context: Context, names: Names, numbers: dict[str, Span]
) -> list[Span]:
    """The mentions in a piece of text, sentence by sentence, with references to priorities by number."""
    found: list[Span] = []
    for start, end in sentences(cell.text):
        sentence = cell.text[start:end]
        mentions = finder.find(sentence, context, names, cell.start + start)
        for match in REFERENCE.finditer(sentence):
            number = match.group("number")
            at = cell.start + start + match.start()
            if number in numbers and not any(m.start < at + len(match.group()) and m.end > at for m in mentions):
                mentions.append(replace(numbers[number], start=at, end=at + len(match.group())))
        found.extend(sorted(mentions, key=lambda m: m.start))
    return found


# --------------------------------------------------------------------------------- names the document defines


def _own_priorities(read: ReadFile, context: Context, finder: MentionFinder) -> Iterator[tuple[PriorityFound, Span]]:
    for priority in find_priorities(read):
        yield priority, Span("Priority", slug(priority.name), priority.name, priority.start, priority.end, 2)


def _schemes(
    read: ReadFile, context: Context, finder: MentionFinder, names: Names, reference: frozenset[int]
) -> Iterator[tuple[str, Span]]:
    """Schemes by name, unless the name is a body's."""
    for cell in (cell for block in read.blocks for cell in texts(block)):
        for scheme in find_schemes(cell.text, cell.start):
            known = finder.find(scheme.label, context, None)
            if not any(m.type in _BODIES and len(m.label) >= len(scheme.label) - 4 for m in known):
                yield scheme.label, Span("Action", slug(scheme.label), scheme.label, 0, 0, 1)


def _people(
    read: ReadFile, context: Context, finder: MentionFinder, names: Names, reference: frozenset[int]
) -> Iterator[tuple[str, Span]]:
    """Initials and names of those present mean their posts; where two share initials, neither is meant."""
    meant: dict[str, set[Span]] = defaultdict(set)
    for called, post in (each for block in read.blocks for each in people_in(block)):
        words = post_alone(squeezed(CHAIR.sub("", post.text)), finder)
        known = finder.find(words, context, None, 0)
        whole = next((m for m in known if m.type == "Partner" and m.end - m.start >= len(words) - 9), None)
        found = whole or Span("Role", slug(words), words, 0, 0, 1, "role-lead")
        for name in called:
            meant[name].add(replace(found, start=0, end=0, inside=()))
    for name, posts in sorted(meant.items()):
        if len(posts) == 1 and len(name) > 1:
            yield name, next(iter(posts))


def _glossary(
    read: ReadFile, context: Context, finder: MentionFinder, names: Names, reference: frozenset[int]
) -> Iterator[tuple[str, Span]]:
    """What the document's own list of short forms says that they mean."""
    forms: list[tuple[str, str]] = []
    for index in sorted(reference):
        for row in read.blocks[index].rows:
            if len(row) == 2 and row[0].text.strip().isupper():
                forms.append((row[0].text.strip(), row[1].text))
        entry = GLOSSARY_ENTRY.match(squeezed(read.blocks[index].text))
        if entry:
            forms.append((entry.group("short"), entry.group("full")))
    for short, full in forms:
        found = finder.find(full, context, None, 0)
        meant = next((f for f in found if f.start == 0 and f.type in ("Partner", "Subgroup", "Role", "Issue")), None)
        if meant is not None:
            yield short, replace(meant, start=0, end=0)


def _acronyms(
    read: ReadFile, context: Context, finder: MentionFinder, names: Names, reference: frozenset[int]
) -> Iterator[tuple[str, Span]]:
    """'Executive Planning Group (EPG)': from here on EPG is the group."""
    for cell in (cell for block in read.blocks for cell in texts(block)):
        for start, end in sentences(cell.text):
            if not _ACRONYM.search(cell.text, start, end):
                continue
            for found in finder.find(cell.text[start:end], context, names, 0):
                defined = _ACRONYM.match(cell.text[start:end], found.end)
                if (
                    defined
                    and found.type in ("Partner", "Subgroup", "Role", "Issue", "Action")
                    and defined.group(1).isupper()
                ):
                    yield defined.group(1), replace(found, start=0, end=0)


def _initials(
    read: ReadFile, mentions: Sequence[Sequence[Span]], names: Names
) -> Iterator[tuple[int, list[tuple[str, Span]]]]:
    """Initials that the document uses and does not explain, by block.

    An example is 'KVA', where only Kelderby Voluntary Action can be meant.
    """
    full: dict[str, dict[str, Span]] = defaultdict(dict)
    for mention in (m for found in mentions for m in found):
        if mention.type in ("Partner", "Subgroup") and len(mention.label.split()) >= 3:
            for letters in initials(mention.label):
                full[letters][mention.key] = mention
    for index, block in enumerate(read.blocks):
        used = {word for cell in texts(block) for word in _CAPITALS.findall(cell.text)} - names.wordings.keys()
        meant = [(word, next(iter(full[word].values()))) for word in sorted(used) if len(full.get(word, ())) == 1]
        if meant:
            yield index, [(word, replace(body, start=0, end=0, inside=())) for word, body in meant]
