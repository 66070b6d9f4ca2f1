"""Reads sentences: what cues find in them, and what speakers say in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from ....ontology import slug
from ...claims import Claim, RelationClaim, Span
from ...formats.blocks import Cell
from ...formats.tokens import sentences, squeezed
from .attribution import Speaker
from .cues import Masked, Part, apply, masked
from .feedback import FeedbackReader
from .no_facts import states_no_fact
from .work import Work


def read_passage(
    work: Work, index: int, cell: Cell, mentions: Sequence[Span], before: Speaker | None
) -> tuple[list[Claim], Speaker | None]:
    """Read the sentences of a paragraph, item or quotation.

    Args:
        work: the page, and what answers questions about it.
        index: the block.
        cell: its text.
        mentions: what it mentions.
        before: who goes on to report from the paragraph before.

    Returns:
        The claims, and who goes on to report in the paragraph below.

    """
    claims: list[Claim] = []
    known: list[Span] = []
    feedback = FeedbackReader(work)
    for start, end in sentences(cell.text):
        text, at, to = cell.text[start:end], cell.start + start, cell.start + end
        inside = [m for m in mentions if m.start >= at and m.end <= to]
        inside = work.antecedents.resolved(index, text, at, inside, known)
        sentence = masked(text, inside, at)
        found = list(_relations(work, sentence, at, to))
        led = frozenset(c.object.key for c in found if c.predicate == "leads" and c.object.type == "Issue")
        said, before = feedback.sentence(index, sentence, at, to, before, led)
        claims += [*found, *said]
        known = work.antecedents.after(known, inside, sentence.text)
    return claims, work.attribution.goes_on_below(index, before)


def _relations(work: Work, sentence: Masked, start: int, end: int) -> Iterator[RelationClaim]:
    """What the cues find in a sentence."""
    no_fact = states_no_fact(sentence.text)
    for cue, subjects, objects in apply(work.cues, sentence):
        if no_fact and cue.predicate != "addresses":  # what a plan would deal with counts, also while it is proposed
            continue
        left = [s for n, s in enumerate(subjects) if not _is_field_of(work, subjects[n - 1] if n else None, s)]
        for subject, object_ in itertools.product(left, objects):
            ends = _ends(work, subject, object_, start)
            if ends is not None:
                yield RelationClaim(ends[0], cue.predicate, ends[1], start, end, cue.name, cue.precision)


def _ends(work: Work, subject: Part, object_: Part, offset: int) -> tuple[Span, Span] | None:
    """Both ends of a statement; a name in quotation marks is of the type of the other end."""
    left, right = subject.mention, object_.mention
    if left is None and right is not None:
        left = _quoted(work, subject, offset, right)
    elif right is None and left is not None:
        right = _quoted(work, object_, offset, left)
    return (left, right) if left is not None and right is not None else None


def _quoted(work: Work, part: Part, offset: int, other: Span) -> Span:
    start, end = offset + part.start, offset + part.end
    name = squeezed(work.page.text[start:end])
    return Span(other.type, slug(name), name, start, end, 1, other.kind)


def _is_field_of(work: Work, before: Part | None, part: Part) -> bool:
    """'Director of Place, NHS Board' is one post, not a post and a body."""
    if before is None or before.mention is None or part.mention is None:
        return False
    between = work.page.text[before.mention.end : part.mention.start]
    if re.fullmatch(r",\s+an?\s+(?:local\s+|national\s+)?", between):
        return True  # 'Common Ground, a charity'
    return (
        before.mention.type == "Role"
        and part.mention.type == "Partner"
        and re.fullmatch(r",\s+(?:the\s+)?", between) is not None
    )
