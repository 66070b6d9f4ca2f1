"""Reads sentences: what cues find in them, and what speakers say in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ....ontology import slug
from ...claims import Claim, RelationClaim, Span
from ...formats.blocks import Cell
from ...formats.tokens import sentences, squeezed
from ...mentions.schemes import with_works
from .attribution import Speaker
from .cues import Cue, Masked, Part, apply, masked
from .feedback import FeedbackReader
from .no_facts import states_no_fact
from .work import Work, named_issues

#: What counts although it is only proposed: new names, and what a plan would deal with.
_PROPOSED = frozenset(("addresses", "renames"))


def read_sentences(work: Work, index: int, cell: Cell, mentions: Sequence[Span], about: Sequence[Span]) -> list[Claim]:
    """Read the sentences of a table's cell, in which only a speaker whom a sentence names counts.

    Args:
        work: the page, and what answers questions about it.
        index: the block in which it stands.
        cell: the text.
        mentions: what it mentions.
        about: what the words around it are about, such as the action of a table's row; 'it' may mean this.

    """
    return _read(work, index, cell, mentions, about, None, explicit=True)[0]


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
    claims, last = _read(work, index, cell, mentions, (), before, explicit=False)
    return claims, work.attribution.goes_on_below(index, last)


def _read(
    work: Work,
    index: int,
    cell: Cell,
    mentions: Sequence[Span],
    about: Sequence[Span],
    before: Speaker | None,
    *,
    explicit: bool,
) -> tuple[list[Claim], Speaker | None]:
    claims: list[Claim] = []
    known = list(about)
    feedback = FeedbackReader(work)
    for start, end in sentences(cell.text):
        text, at, to = cell.text[start:end], cell.start + start, cell.start + end
        inside = [m for m in mentions if m.start >= at and m.end <= to]
        inside = work.antecedents.resolved(index, text, at, with_works(text, at, inside), known)
        sentence = masked(text, inside, at)
        found = list(_relations(work, sentence, at, to, known))
        led = frozenset(c.object.key for c in found if c.predicate == "leads" and c.object.type == "Issue")
        said, before = feedback.sentence(index, sentence, at, to, before, [*known, *inside], explicit=explicit, led=led)
        claims += [*found, *said]
        known = work.antecedents.after(known, inside, sentence.text)
    return claims, before


def _relations(work: Work, sentence: Masked, start: int, end: int, known: Sequence[Span]) -> Iterator[RelationClaim]:
    """What the cues find in a sentence."""
    no_fact = states_no_fact(sentence.text)
    for cue, subjects, objects in apply(work.cues, sentence):
        if no_fact and cue.predicate not in _PROPOSED:
            continue
        left: list[Part | None] = [
            s for n, s in enumerate(subjects) if not _is_field_of(work, subjects[n - 1] if n else None, s)
        ]
        right: list[Part | None] = list(objects)
        ends = ((_end(work, s, start), _end(work, o, start)) for s in left or [None] for o in right or [None])
        for subject, object_ in ends:
            if subject is None and cue.predicate == "addresses":
                subject = work.page.headed_at(start)
            if subject is None:
                continue
            for one in [object_] if object_ is not None else _not_said(work, cue, start, known):
                assumed = object_ is None and cue.predicate != "member_of"
                renamed = _renamed_text(cue, subject, object_)
                yield RelationClaim(renamed, cue.predicate, one, start, end, cue.name, cue.precision, assumed)
                if cue.name == "sits-with" and subject.type == "Subgroup" and one.type == "Priority":
                    yield RelationClaim(subject, "delivers", one, start, end, cue.name, cue.precision, assumed)
                if one.type == "Action" and one.start:
                    yield from named_issues(work.page, one, "action-named-after-issue")


def _renamed_text(cue: Cue, subject: Span, object_: Span | None) -> Span:
    """'Respect in Public Places is now Objective 1': a name that nothing else told is of the type of what it became."""
    if cue.predicate != "renames" or subject.rank != 0 or subject.type != "Action" or object_ is None:
        return subject
    return replace(subject, type=object_.type, rank=1)


def _not_said(work: Work, cue: Cue, start: int, known: Sequence[Span]) -> list[Span]:
    """The object that a cue leaves out, as in 'Trading Standards is responsible'."""
    if cue.name == "will-be-members":
        return [m for m in reversed(known) if m.type == "Subgroup"][:1]
    if cue.predicate == "member_of":
        return [work.page.partnership() if cue.name == "joined-by" else work.page.board()]
    if cue.predicate == "leads":
        return [m for m in reversed(known) if m.type in ("Action", "Priority", "Issue", "Subgroup")][:1]
    return _objects_nearby(work, cue, start) if cue.predicate == "delivers" else []


def _objects_nearby(work: Work, cue: Cue, start: int) -> list[Span]:
    """What 'Three priorities sit with the board' or 'puts the plan into practice' means: the list that follows, or the plan."""
    page = work.page
    if cue.name == "puts-plan-into-practice":
        return [page.plan(None)]
    index = next((i for i, b in enumerate(page.blocks) if b.start <= start < b.end), None)
    listed = [found for priority, found in page.priorities if page.blocks[priority.block].intro == index]
    headed = page.headed_by(index) if index is not None and not listed else None
    return [headed] if headed is not None else listed


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


def _end(work: Work, part: Part | None, offset: int) -> Span | None:
    """An end of a statement: the mention, or an action that the document's words name."""
    if part is None:
        return None
    if part.mention is not None:
        return part.mention
    start, end = offset + part.start, offset + part.end
    lead = re.match(r"(?:the|The|its|our|a|an)\s+", work.page.text[start:end])
    start += lead.end() if lead else 0
    words = work.page.text[start:end]
    name = squeezed(words).strip(" ,")
    return Span("Action", slug(name)[:80], name, start, start + len(words.rstrip(" ,")), 0) if len(name) > 3 else None
