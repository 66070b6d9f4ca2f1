"""What 'it', 'the group' or 'the Board' means: the last thing of its type that was named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from ...claims import Span
from ...page import Page

#: 'It was agreed that' speaks of nothing that was named.
_PRONOUN = re.compile(
    r"^(?:It|This(?= (?:is|was|will|has|would|covers|includes|takes)\b))(?!\w)"
    r"(?!\s+(?:was|is|has been|had been)\s+(?:also\s+|further\s+)?(?:agreed|noted|resolved|reported|recommended"
    r"|suggested|felt|said|hoped|clear|unclear|important|proposed|requested|confirmed|acknowledged|recognised|asked"
    r"|explained))"
)
_RENAMING = re.compile(r"\b(?:re-?named|retitled|rebranded|becomes?|became)\b")
#: What 'it' may stand for, most likely first.
_THINGS = ("Action", "Subgroup", "Priority", "Plan", "Issue", "Partner", "Source")
#: Words that stand only for what bears them in its own name.
_IN_NAME = ("panel", "forum", "board")
#: How many paragraphs above are asked, and how many names are kept in mind.
_FARTHEST, _KEPT = 5, 12


@lru_cache(maxsize=8)
def _references(words: tuple[str, ...]) -> re.Pattern[str]:
    """'the panel', 'this scheme': short names of classes where nothing tells which one is meant."""
    ordered = "|".join(sorted(words, key=lambda w: (-len(w), w)))
    return re.compile(
        rf"\b(?:[Tt]he|[Tt]his|[Tt]hat) (?:current |new |existing |present |20\d\d )?(?P<word>(?i:{ordered}))\b"
        r"(?!\s+(?:of\b|(?:and\s+)?[A-Z]))(?![\w’'-]*\s+(?:plan|members|meeting)\b)"
    )


class Antecedents:
    """What words that name nothing by themselves stand for in one document.

    Args:
        page: the document.

    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._classes = {word: one.name for one in page.ontology.classes.values() for word in one.short_names}
        self._pattern = _references(tuple(self._classes))
        self._board = self._own_board()
        self._headed = {priority.block: found for priority, found in page.priorities}

    def resolved(
        self, index: int, sentence: str, offset: int, inside: Sequence[Span], known: Sequence[Span]
    ) -> list[Span]:
        """The mentions of a sentence, with those that its pronouns and short references stand for.

        Args:
            index: the block.
            sentence: its words.
            offset: where it begins in the canonical text.
            inside: what it names itself.
            known: what was named before it, the latest last.

        """
        found = list(inside)
        pronoun = _PRONOUN.match(sentence)
        meant = self._thing(index, known, opening=self._opens(index, offset)) if pronoun else None
        if pronoun and meant is not None:
            found.append(_standing_for(meant, offset, offset + pronoun.end()))
        for match in self._pattern.finditer(sentence):
            start, end = offset + match.start(), offset + match.end()
            word = match.group("word").lower()
            plain = [m for m in found if m.start < end and m.end > start]
            if any(m.type != "Mask" and not _is_bare_committee(m) for m in plain):
                continue  # a name that holds the word
            earlier = [*known, *(m for m in inside if m.end <= start)]
            meant = self._meant(index, self._classes[word], word, earlier)
            if meant is not None:
                found = [*(m for m in found if m not in plain), _standing_for(meant, start, end)]
        return sorted(found, key=lambda m: m.start)

    def _opens(self, index: int, offset: int) -> bool:
        """Whether a sentence is the first of its block; a number may stand before it."""
        return len(self._page.text[self._page.blocks[index].start : offset].split()) <= 1

    def _thing(self, index: int, known: Sequence[Span], *, opening: bool) -> Span | None:
        """What 'It' at the beginning of a sentence means: the last subject; in the first of a block, the heading's."""
        named = next((m for m in reversed(known) if m.type in _THINGS), None)
        return named or (next(self._above(index, _THINGS), None) if opening else None)

    def _meant(self, index: int, type_: str, word: str, earlier: Sequence[Span]) -> Span | None:
        if type_ == "Plan":
            plan = self._page.plan(None)
            return plan if plan.rank > 0 else None
        near = [*reversed(earlier), *self._above(index, (type_,)), *self._before(index)]
        found = next((m for m in near if m.type == type_ and _may_be_called(m, word)), None)
        return found or (self._board if word == "board" else None)

    def _own_board(self) -> Span | None:
        """The board that 'the Board' means where no other is near: the only one, or else the partnership's own."""
        named = [
            m for found in self._page.mentions for m in found if m.type == "Subgroup" and m.label.endswith("Board")
        ]
        own = [m for m in named if m.kind == "partnership-board"] or named
        if not named and self._page.context.stated:
            return self._page.board()
        return own[0] if len({m.key for m in own}) == 1 else None

    def _before(self, index: int) -> Iterator[Span]:
        """What the paragraphs before name, under the same heading, the nearest first."""
        blocks = self._page.blocks
        for i in range(index - 1, max(-1, index - 1 - _FARTHEST), -1):
            if blocks[i].headings != blocks[index].headings:
                return
            yield from reversed(self._page.mentions[i])

    def _above(self, index: int, types: Sequence[str]) -> Iterator[Span]:
        for above in reversed(self._page.blocks[index].headings):
            if above in self._headed and "Priority" in types:
                yield self._headed[above]
            yield from (m for m in self._page.mentions[above] if m.type in types)

    def after(self, known: Sequence[Span], inside: Sequence[Span], sentence: str) -> list[Span]:
        """What the next sentence may refer to: what was known, and this sentence's mentions with its subject last."""
        things = [m for m in inside if m.type in _THINGS[:4]] or [m for m in inside if m.type in _THINGS]
        subject = things[-1:] if _RENAMING.search(sentence) else things[:1]
        return [*known, *(m for m in inside if m not in subject), *subject][-_KEPT:]


def _standing_for(meant: Span, start: int, end: int) -> Span:
    return replace(meant, start=start, end=end, rank=-1, inside=())


def _is_bare_committee(mention: Span) -> bool:
    return mention.type == "Source" and mention.kind == "committee" and " " not in mention.label


def _may_be_called(mention: Span, word: str) -> bool:
    """Whether a thing of the right type may be meant by a word: 'the forum' is called one."""
    if mention.type == "Source":
        kinds = ("strategic-assessment",) if word == "assessment" else ("scrutiny-committee", "committee")
        return mention.kind in kinds and (word == "assessment" or " " in mention.label)
    return word not in _IN_NAME or mention.label.lower().endswith(word) or mention.kind == f"partnership-{word}"
