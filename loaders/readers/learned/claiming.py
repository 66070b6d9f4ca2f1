"""From what the network finds in a document to claims: who each mention is, and which words say what."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from ...claims import Claim, EntityClaim, RelationClaim, SameClaim, Span
from ...formats.blocks import Block
from ...formats.tokens import Place, sentences
from ...naming import Namer
from ...page import Page
from .labels import PREDICATES, SAME, STANCE, STANCES
from .reading import Found, Key, type_named

#: The name of the reader, and of how it came to a claim.
NAME, CUE = "learned", "learned"
#: From which probability on something is claimed at all, and a further passage that says the same.
_CLAIMED, _AGAIN = 0.06, 0.3
#: From which probability on a name is claimed for itself.
_NAMED = 0.5
#: From which probability on two names are one, and a pronoun stands for a name.
_ONE, _STANDS_FOR = 0.6, 0.3
#: Words that stand for something and name nothing, whatever the network says.
_PRONOUNS = frozenset("it its they them their we us our he him his she her this these that those who which".split())
#: Requests are what they say, and issues are told apart by the vocabulary.
_NEVER_ONE = ("Request", "Issue")

#: A statement with the words that say so: subject, predicate, object, stance, start, end.
_Said: TypeAlias = tuple[tuple[str, str], str, tuple[str, str], str | None, int, int]


class Claimer:
    """Makes the claims of one document.

    Args:
        page: the document.
        found: what the network finds in it.

    """

    def __init__(self, page: Page, found: Found) -> None:
        self._page = page
        self._found = found
        self._namer = Namer(page, self._shown)
        named = {key: seen for key, seen in found.mentions.items() if not self._is_loose(key)}
        self._spans = {key: self._namer.span(type_named(key), key[:2]) for key in sorted(named)}
        self._spans |= self._standing_for()

    def claims(self) -> Iterator[Claim]:
        """All claims, sorted by place."""
        for key, span in sorted(self._spans.items()):
            seen = self._found.mentions[key]
            if span.rank >= 0 and seen.in_focus and seen.probability >= _NAMED and span.type != "Request":
                yield EntityClaim(span, seen.probability, NAME)
        yield from self._same()
        yield from self._relations()

    # ------------------------------------------------------------------------------------------------- names

    def _shown(self, place: Place) -> str:
        """The words at a place, without markup."""
        block = self._block_at(place[0])
        if block is None or block.kind == "table" or place[1] > block.end:
            return self._page.text[place[0] : place[1]]
        return block.text[place[0] - block.start : place[1] - block.start]

    def _is_loose(self, key: Key) -> bool:
        return self._found.mentions[key].loose > 0.5 or self._shown(key[:2]).lower() in _PRONOUNS

    def _standing_for(self) -> dict[Key, Span]:
        """What pronouns and the like stand for: the name that the network takes for the same."""
        best: dict[Key, tuple[float, int, Key]] = {}
        for (left, output, right), likely in self._found.pairs.items():
            for loose, name in ((left, right), (right, left)):
                is_pair = output == SAME and loose not in self._spans and name in self._spans and loose[2] == name[2]
                if is_pair and likely > _STANDS_FOR:
                    best[loose] = max(best.get(loose, (0.0, 0, name)), (likely, -abs(loose[0] - name[0]), name))
        stand = {loose: self._spans[name] for loose, (_, _, name) in best.items()}
        for loose in sorted(self._found.mentions.keys() - self._spans.keys() - stand.keys()):
            own = self._own(type_named(loose))
            if own is not None:
                stand[loose] = own
        return {loose: replace(span, start=loose[0], end=loose[1], rank=-1) for loose, span in stand.items()}

    def _own(self, type_: str) -> Span | None:
        """What 'the partnership' and 'the plan' are where the document names none: those whose document it is."""
        if type_ == "Partnership" and self._page.context.stated:
            return self._page.partnership()
        if type_ == "Plan" and self._page.context.period:
            return self._page.plan(None)
        return None

    def _same(self) -> Iterator[SameClaim]:
        """Names that mean the same, such as a full name and a short one."""
        best: dict[tuple[tuple[str, str], tuple[str, str]], tuple[float, Key, Key]] = {}
        for (left, output, right), likely in sorted(self._found.pairs.items()):
            if output != SAME or likely < _ONE or left[2] != right[2] or type_named(left) in _NEVER_ONE:
                continue
            spans = self._spans.get(left), self._spans.get(right)
            if spans[0] is None or spans[1] is None or min(s.rank for s in spans if s) < 0:
                continue
            names = sorted((_identity(spans[0]), _identity(spans[1])))
            if names[0] != names[1]:
                best[names[0], names[1]] = max(
                    best.get((names[0], names[1]), (0.0, left, right)), (likely, left, right)
                )
        for _, (likely, left, right) in sorted(best.items()):
            start, end, _ = self._words(left, right)
            yield SameClaim(self._spans[left], self._spans[right], start, end, likely, NAME)

    # --------------------------------------------------------------------------------------------- relations

    def _relations(self) -> Iterator[RelationClaim]:
        """What is said of two names, in each passage that says it well enough; always in the one that says it best."""
        made: dict[_Said, RelationClaim] = {}
        best: dict[tuple[object, ...], float] = {}
        for (left, output, right), likely in sorted(self._found.pairs.items()):
            subject, object_ = self._spans.get(left), self._spans.get(right)
            if output >= SAME or likely < _CLAIMED or subject is None or object_ is None:
                continue
            if _identity(subject) == _identity(object_):
                continue
            predicate = PREDICATES[output]
            stance = self._stance(left, right) if predicate == "raises" else None
            start, end, assumed = self._words(left, right)
            said = (_identity(subject), predicate, _identity(object_), stance, start, end)
            surest = min(self._found.mentions[left].probability, self._found.mentions[right].probability)
            best[said[:4]] = max(best.get(said[:4], 0.0), likely)
            if said not in made or made[said].score < likely:
                made[said] = RelationClaim(
                    subject, predicate, object_, start, end, CUE, likely, assumed, stance, NAME, named=surest
                )  # fmt: skip
        for said, claim in sorted(made.items(), key=lambda each: (each[0][4:], each[0][:3], each[0][3] or "")):
            if claim.score >= min(_AGAIN, best[said[:4]]):
                yield claim

    def _stance(self, left: Key, right: Key) -> str:
        likely = [self._found.pairs.get((left, STANCE + number, right), 0.0) for number in range(len(STANCES))]
        return STANCES[likely.index(max(likely))]

    def _words(self, left: Key, right: Key) -> tuple[int, int, bool]:
        """The words that say something of two mentions, and whether one is told only elsewhere.

        They are the sentences or cells of both; where one stands in a heading or introduces the list, those of the
        other; else those of the later one.
        """
        blocks = self._page.blocks
        at = [self._index_at(key[0]) for key in (left, right)]
        units = [self._unit(index, key) for index, key in zip(at, (left, right), strict=True)]
        far = any(self._spans[key].rank < 0 for key in (left, right))
        if at[0] == at[1] or min(at) < 0:
            near = at[0] >= 0 and (blocks[at[0]].kind != "table" or self._one_row(blocks[at[0]], left, right))
            if near:
                return min(u[0] for u in units), max(u[1] for u in units), far
            return *max(units), True
        for one, other in ((0, 1), (1, 0)):
            if at[one] in (*blocks[at[other]].headings, blocks[at[other]].intro):
                return *units[other], far
        return *max(units), True

    @staticmethod
    def _one_row(block: Block, left: Key, right: Key) -> bool:
        rows = [
            number
            for key in (left, right)
            for number, row in enumerate(block.rows)
            if any(cell.start <= key[0] < cell.end for cell in row)
        ]
        return len(rows) == 2 and rows[0] == rows[1]

    def _unit(self, index: int, key: Key) -> Place:
        """The sentence or cell that holds a mention."""
        if index < 0:
            return key[0], key[1]
        block = self._page.blocks[index]
        if block.kind == "table":
            cells = (cell for row in block.rows for cell in row if cell.start <= key[0] < cell.end)
            return next(((cell.start, cell.end) for cell in cells), (key[0], key[1]))
        parts = [(block.start + a, block.start + b) for a, b in sentences(block.text)]
        held = [(a, b) for a, b in parts if a < key[1] and b > key[0]]
        return (held[0][0], held[-1][1]) if held else (key[0], key[1])

    def _index_at(self, offset: int) -> int:
        return bisect_right(self._page.starts, offset) - 1

    def _block_at(self, offset: int) -> Block | None:
        index = self._index_at(offset)
        return self._page.blocks[index] if index >= 0 else None


def _identity(span: Span) -> tuple[str, str]:
    return span.type, span.key
