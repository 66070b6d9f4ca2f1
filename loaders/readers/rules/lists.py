"""Reads list items: members of a group, and what a priority's list promises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....ontology import slug
from ...claims import Claim, RelationClaim, Span
from ...formats.blocks import Block
from ...formats.tokens import sentences, squeezed
from ...mentions.finder import issues_of
from .work import Work

_MEMBERS = re.compile(
    r"\b(?:made up of|members(?:hip)? (?:include|are|comprise|is)s?|comprises?|responsible authorities|who we are"
    r"|statutory (?:authorities|partners|members|bodies|agencies)|who belongs|who (?:is|are) on|partner agencies"
    r"|partners (?:include|are)|organisations include|brings together|consists of)\b"
    r"|^(?:(?:our|the|core|full|board|partnership|other|key)\s+)*(?:members|membership|partners|partner organisations)"
    r"\s*:?$",
    re.IGNORECASE,
)
_WE_WILL = re.compile(
    r"^(?:\d+(?:\.\d+)*\.?\s+)?(?:We (?:will|shall)|The [Pp]artnership (?:will|shall))\s+\S", re.DOTALL
)
#: How a commitment begins.
_PROMISE = re.compile(
    r"(?:(?:to|we will|we shall|continue to|and)\s+)?(?:reduce|tackle|prevent|address|identify|respond|train"
    r"|raise awareness|educate|disrupt|target|stop|end|cut|protect|safeguard|work with|support victims|improve"
    r"|increase|combat|challenge|break|deal with|focus on|help|encourage|deter|lower|eliminate|minimi[sz]e)\w*\b",
    re.IGNORECASE,
)
#: Words of a name that may be written small.
_SMALL = re.compile(r"\b(?!and\b|of\b|for\b|the\b|in\b|on\b|to\b)[a-z]\w+")
#: A longer introduction tells, and introduces nothing.
_LONGEST_INTRO, _LONGEST_MEMBER = 160, 14


class ListReader:
    """Reads the list items of one page.

    Args:
        work: the page, and what answers questions about it.

    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._page = work.page

    def item(self, index: int, block: Block) -> Iterator[Claim]:
        """What an item or a 'We will' paragraph says by its place: a promise of a priority, or a member of a group."""
        if block.kind == "item" or (block.kind == "paragraph" and _WE_WILL.match(block.text)):
            yield from self._promised(index, block)
        if block.kind == "item" and block.intro is not None and len(block.text.split()) <= _LONGEST_MEMBER:
            yield from self._member(index, block)

    def _promised(self, index: int, block: Block) -> Iterator[Claim]:
        """What a priority's list promises, the priority addresses: 'We will: reduce deliberate fires'."""
        headed = self._page.headed_by(index)
        mentions = self._page.mentions[index]
        if headed is None or not _PROMISE.match(block.text) or any(m.type == "Action" for m in mentions):
            return
        for issue in (i for m in mentions for i in issues_of(m)):
            yield RelationClaim(headed, "addresses", issue, block.start, block.end, "promised-under-priority")

    def _member(self, index: int, block: Block) -> Iterator[Claim]:
        """A member, where the words that introduce the list, or the headings above, say that it lists members."""
        chain = self._above(block)
        words = [_last_sentence(squeezed(self._page.blocks[i].text)) for i in chain[:2]]
        whole = block.text.strip(" .;,")
        if not any(_MEMBERS.search(w) and len(w) < _LONGEST_INTRO for w in words) or whole.endswith("?"):
            return
        partners = [m for m in self._page.mentions[index] if m.type == "Partner"]
        body = _first_or_longest(block, partners) or self._unknown_body(block, whole)
        if body is None:
            return
        named = (m for i in chain for m in self._page.mentions[i] if m.type in ("Subgroup", "Partnership"))
        target = next(named, None) or self._page.partnership()
        yield RelationClaim(
            body, "member_of", target, block.start, block.end, "listed-member", assumed=target.start == 0
        )

    def _above(self, block: Block) -> list[int]:
        """The blocks that introduce an item, the nearest first: its introduction, or the headings above."""
        assert block.intro is not None
        if self._page.blocks[block.intro].kind != "heading":
            return [block.intro]
        return [block.intro, *(i for i in reversed(block.headings) if i != block.intro)][:3]

    @staticmethod
    def _unknown_body(block: Block, whole: str) -> Span | None:
        """A name that no list knows, in a list of members, is a body."""
        lead = len(block.text) - len(block.text.lstrip())
        words = re.split(r"\s+(?:\(|–|-\s)", whole)[0].strip()
        if not words[:1].isupper() or len(words.split()) > 8 or _SMALL.search(words):
            return None
        return Span("Partner", slug(words), words, block.start + lead, block.start + lead + len(words), 1)


def _first_or_longest(block: Block, partners: list[Span]) -> Span | None:
    """The member that an item names: the one before a bracket, else the one with the longest name."""
    opens = block.text.find("(")
    before = [m for m in partners if opens > 0 and m.end <= block.start + opens]
    return before[0] if before else max(partners, key=lambda m: m.end - m.start, default=None)


def _last_sentence(text: str) -> str:
    ends = list(sentences(text))
    return text[slice(*ends[-1])] if ends else text
