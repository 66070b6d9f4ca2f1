"""What 'it', 'the group', 'the pillar' or 'the Board' means: the last one of its type that was named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...claims import Span
from ...formats.blocks import ReadFile
from ...mentions.priorities import PriorityFound

#: The words that stand for something of a type.
_WORDS: dict[str, str] = {
    "group": "Subgroup", "sub-group": "Subgroup", "subgroup": "Subgroup", "panel": "Subgroup", "forum": "Subgroup", "board": "Subgroup", "meeting": "Subgroup",
    "pillar": "Priority", "priority": "Priority", "objective": "Priority", "theme": "Priority",
    "operation": "Action", "scheme": "Action", "project": "Action", "order": "Action", "initiative": "Action", "campaign": "Action",
    "programme": "Action", "pilot": "Action", "strategy": "Plan", "plan": "Plan",
    "committee": "Source", "sub-committee": "Source", "assessment": "Source",
}  # fmt: skip
_REFERENCE = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]hat) (?:current |new |existing |present |20\d\d )?(?P<word>(?i:"
    + "|".join(sorted(_WORDS, key=lambda w: (-len(w), w)))
    + r"))\b(?!\s+(?:of\b|(?:and\s+)?[A-Z]))(?![\w’'-]*\s+(?:plan|members|meeting)\b)"
)
#: 'It was agreed that' speaks of nothing that was named.
_PRONOUN = re.compile(
    r"^(?:It|This(?= (?:is|was|will|has|would|covers|includes|takes)\b))(?!\w)(?!\s+(?:was|is|has been|had been)\s+(?:also\s+|further\s+)?(?:agreed|noted|resolved|reported|recommended|suggested|felt|said|hoped|clear|unclear|"
    r"important|proposed|requested|confirmed|acknowledged|recognised|asked|explained))"
)
_RENAMING = re.compile(r"\b(?:re-?named|retitled|rebranded|becomes?|became|known (?:since [^.⟦⟧]{3,20} )?as)\b")
_OWN_BOARD = re.compile(r"\bBoard$|\bResponsible Authorities Group$")
#: What 'it' may stand for, most likely first.
_THINGS = ("Action", "Subgroup", "Priority", "Plan", "Issue", "Partner", "Source")


class Antecedents:
    """What words that name nothing by themselves stand for in one document.

    Args:
        read: the document.
        mentions: the mentions of each block, in step with its blocks.
        priorities: the document's own.
        plan: the document's own.

    """

    def __init__(
        self,
        read: ReadFile,
        mentions: Sequence[Sequence[Span]],
        priorities: Sequence[tuple[PriorityFound, Span]],
        plan: Span,
    ) -> None:
        self._read = read
        self._mentions = mentions
        self._headed = {priority.block: found for priority, found in priorities}
        self._plan = plan
        self._board = self._own_board()

    def _own_board(self) -> Span | None:
        """The board that 'the Board' means where nothing else is near: the partnership's own, or the one named most."""
        boards = [m for found in self._mentions for m in found if m.type == "Subgroup" and _OWN_BOARD.search(m.label)]
        own = [m for m in boards if m.kind == "partnership-board"]
        counts = Counter(m.key for m in own or boards)
        if not counts or (not own and len(counts) > 1):
            return None
        best = min(counts, key=lambda key: (-counts[key], key))
        return next(m for m in boards if m.key == best)

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
        if pronoun:
            meant = self._thing(index, known)
            if meant is not None:
                found.append(replace(meant, start=offset, end=offset + pronoun.end(), rank=-1, inside=()))
        for n, mention in enumerate(found):
            if mention.kind == "members":  # 'Members' after a committee was named are that committee's
                one = next((m for m in reversed(known) if m.kind == "scrutiny-committee" and " " in m.label), None)
                if one is not None:
                    found[n] = replace(one, start=mention.start, end=mention.end, rank=-1, inside=())
        for match in _REFERENCE.finditer(sentence):
            start, end = offset + match.start(), offset + match.end()
            word = match.group("word").lower()
            plain = [m for m in found if m.start < end and m.end > start]
            if any(
                m.type != "Mask" and not (m.type == "Source" and m.kind == "committee" and " " not in m.label)
                for m in plain
            ):
                continue
            earlier = [*known, *(m for m in inside if m.end <= start)]
            one = self._meant(index, _WORDS[word], word, earlier)
            if one is not None:
                found = [m for m in found if m not in plain]
                found.append(replace(one, start=start, end=end, rank=-1, inside=()))
        return sorted(found, key=lambda m: m.start)

    def _thing(self, index: int, known: Sequence[Span]) -> Span | None:
        """What a sentence that begins with 'It' speaks of: the subject of the one before, else of the heading."""
        for mention in reversed(known):
            if mention.type in _THINGS:
                return mention
        return next(self._above(index, _THINGS), None)

    def _meant(self, index: int, type_: str, word: str, earlier: Sequence[Span]) -> Span | None:
        def fits(m: Span) -> bool:
            if m.type != type_:
                return False
            if word == "board":
                return bool(re.search(r"\bboard$", m.label, re.IGNORECASE)) or m.kind == "partnership-board"
            if word == "assessment":
                return m.kind == "strategic-assessment"
            if type_ == "Source":
                return m.kind in ("scrutiny-committee", "committee") and " " in m.label
            return word not in ("panel", "forum") or m.label.lower().endswith(word)

        if type_ == "Plan":
            return self._plan if self._plan.rank > 0 else None
        near = next((m for m in reversed(earlier) if fits(m)), None) or next(
            (m for m in self._above(index, (type_,)) if fits(m)), None
        )
        return (
            near
            or (self._board if word == "board" else None)
            or next((m for m in self._before(index, type_) if fits(m)), None)
        )

    def _before(self, index: int, type_: str) -> Iterator[Span]:
        """What the paragraphs before name, under the same heading, the nearest first."""
        headings = self._read.blocks[index].headings
        for i in range(index - 1, max(-1, index - 6), -1):
            if self._read.blocks[i].headings != headings:
                return
            yield from (m for m in reversed(self._mentions[i]) if m.type == type_)

    def _above(self, index: int, types: Sequence[str]) -> Iterator[Span]:
        for above in reversed(self._read.blocks[index].headings):
            if above in self._headed and "Priority" in types:
                yield self._headed[above]
            yield from (m for m in self._mentions[above] if m.type in types)

    def after(self, known: Sequence[Span], inside: Sequence[Span], sentence: str) -> list[Span]:
        """What the next sentence may refer to: what was known, and this sentence's mentions with its subject last."""
        things = [m for m in inside if m.type in _THINGS[:4]] or [m for m in inside if m.type in _THINGS]
        subject = things[-1:] if _RENAMING.search(sentence) else things[:1]
        return [*known, *(m for m in inside if m not in subject), *subject][-12:]
