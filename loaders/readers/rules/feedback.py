"""Reads what speakers say: which issues they raise, and what they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from ....ontology import slug
from ...claims import Claim, RelationClaim, Span
from ...formats.tokens import squeezed
from ...mentions.finder import issues_of
from .attribution import Speaker
from .cues import Masked
from .stances import asks_for_change, stance_by_intro, stance_in_clause, stance_of
from .work import Work

_SUPPORTED = re.compile(r"\b(?:support(?:ed)?|favour|agree(?:d)?|backed|endors\w+)\b", re.IGNORECASE)

_ALL_PRIORITIES = re.compile(
    r"\b(?:all|each|every one)(?: of)?(?: the| our| these)?(?: \w+)?(?: draft| proposed| new)? (?:priorities|pillars|objectives|themes|aims)\b",
    re.IGNORECASE,
)
#: A worry or wish about what was named before.
_ABOUT_IT = re.compile(
    r"\b(?:who (?:owned|owns|leads|led|was responsible for) (?:it|this|that)|(?:ask(?:ed|ing)?|call(?:ed|ing)?|press(?:ed|ing)?) for (?:it|this|one)|concern\w* (?:about|over|at) (?:it|this)"
    r"|want(?:s|ed)? (?:it|this) (?:to|in|on|put|made|added|included|back|dealt))\b"
)


class FeedbackReader:
    """Reads what is said in one page.

    Args:
        work: the page, and what answers questions about it.

    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._page = work.page

    def sentence(
        self, index: int, sentence: Masked, start: int, end: int, before: Speaker | None, known: Sequence[Span],
        *, explicit: bool = False, led: AbstractSet[str] = frozenset(),
    ) -> tuple[list[Claim], Speaker | None]:  # fmt: skip
        """Read what is said in one sentence.

        Args:
            index: the block in which it stands.
            sentence: its words and mentions.
            start: where it begins in the canonical text.
            end: where it ends.
            before: who spoke last.
            known: what was named before it; 'it' may mean this.
            explicit: only a speaker whom the sentence names counts.
            led: keys of the issues of which the sentence says who leads; to say so is not to raise them.

        Returns:
            The claims, and who speaks, for the next sentence.

        """
        block = self._page.blocks[index]
        found = self._work.attribution.speakers(index, sentence.text, sentence.mentions, before)
        speakers = [s for s in found if not s.assumed] if explicit else found
        named = next((s for s in speakers if not s.assumed), None)
        scope = None if explicit else self._work.attribution.scope(index)
        intro = self._page.blocks[block.intro] if block.intro is not None else None
        listed = [
            f
            for p, f in self._page.priorities
            if p.block == index and p.cue in ("listed-priority", "numbered-priority")
        ]
        if listed and scope is not None and intro is not None and intro.kind != "heading" and not named:
            supported = _SUPPORTED.search(intro.text) is not None
            return (list(self._support(scope, listed, start, end)) if supported else []), None
        claims: list[Claim] = []
        for speaker in speakers:
            if not (speaker.assumed and not speaker.scope and named is None):
                claims += self._speaks(speaker, index, sentence, start, end, known, led)
        return claims, self._work.attribution.carried(sentence.text, sentence.mentions, named, before)

    def _speaks(
        self,
        speaker: Speaker,
        index: int,
        sentence: Masked,
        start: int,
        end: int,
        known: Sequence[Span],
        led: AbstractSet[str],
    ) -> Iterator[Claim]:
        block = self._page.blocks[index]
        intro = self._page.blocks[block.intro] if block.intro is not None else None
        introduced = intro is not None and intro.kind != "heading" and speaker.assumed
        stance = stance_by_intro(intro.text, sentence.text) if introduced and intro is not None else None
        in_scope = speaker.assumed or self._work.attribution.scope(index) is not None
        stance = stance or stance_of(sentence.text, in_scope=in_scope, quoted=block.kind == "quotation")
        if _ALL_PRIORITIES.search(sentence.text) and _SUPPORTED.search(sentence.text) and not speaker.assumed:
            yield from self._support(speaker, [f for _, f in self._page.priorities], start, end)
            return
        if stance is not None and not (stance == "reported" and speaker.assumed):
            issues = self._issues_spoken_of(index, sentence)
            if not issues and block.kind == "table" and stance in ("concern", "request"):
                issues = [m for m in reversed(known) if m.type == "Issue"][:1]
            issues = issues or self._spoken_of_before(sentence, known)
            for issue in issues:
                towards = stance_in_clause(sentence.text, self._at(sentence, issue), stance)
                if towards == "reported" and (speaker.assumed or issue.key in led):
                    continue
                yield RelationClaim(
                    speaker.found,
                    "raises",
                    issue,
                    start,
                    end,
                    f"feedback-{towards}",
                    assumed=speaker.assumed,
                    stance=towards,
                    score=0.75,
                )
        asks = asks_for_change(sentence.text) or stance == "request"
        if asks and (end - start > 18 or block.kind == "table") and speaker.found.kind != "community":
            yield from self._request(speaker, sentence, start, end, self._spoken_of_before(sentence, known))

    @staticmethod
    def _spoken_of_before(sentence: Masked, known: Sequence[Span]) -> list[Span]:
        """The issue named last before a sentence that speaks of 'it'."""
        return [m for m in reversed(known) if m.type == "Issue"][:1] if _ABOUT_IT.search(sentence.text) else []

    def _support(self, speaker: Speaker, priorities: Sequence[Span], start: int, end: int) -> Iterator[Claim]:
        """Who supports a priority supports, too, that something is done about what its name names."""
        for priority in priorities:
            yield RelationClaim(
                speaker.found, "supports", priority, start, end, "supported-priority", assumed=speaker.assumed
            )
            for mention in self._page.issues_in_name(priority):
                yield RelationClaim(
                    speaker.found,
                    "raises",
                    mention,
                    start,
                    end,
                    "supported-priority",
                    assumed=speaker.assumed,
                    stance="support",
                )

    @staticmethod
    def _at(sentence: Masked, issue: Span) -> int:
        """Where an issue's token stands in the masked sentence."""
        number = next((n for n, m in enumerate(sentence.mentions) if m.start <= issue.start < m.end), None)
        return max(0, sentence.text.find(f"{number}⟧")) if number is not None else 0

    def _issues_spoken_of(self, index: int, sentence: Masked) -> list[Span]:
        """The issues of a sentence, without those that only stand in the name of a priority."""
        names = [f for p, f in self._page.priorities if p.block == index and p.cue == "priority-in-prose"]
        issues = [issue for mention in sentence.mentions for issue in issues_of(mention)]
        for mention in sentence.mentions:
            if (
                mention.type == "Priority" and mention.rank >= 0
            ):  # a priority called 'road safety', spoken of as the problem
                issues += [
                    i for i in self._page.issues_in_name(mention) if i.end - i.start >= mention.end - mention.start
                ]
        return [i for i in issues if not any(f.start <= i.start < f.end for f in names)]

    def _request(
        self, speaker: Speaker, sentence: Masked, start: int, end: int, before: Sequence[Span]
    ) -> Iterator[Claim]:
        words = _without_half_quotes(squeezed(self._page.text[start:end])).strip(" -•.;")
        request = Span("Request", slug(words)[:70], words[:240], start, end, 1)
        if speaker.found.type not in self._page.ontology.relations["requests"].domain:
            return
        yield RelationClaim(
            speaker.found, "requests", request, start, end, "asks-for-change", assumed=speaker.assumed, score=0.7
        )
        for issue in [issue for mention in sentence.mentions for issue in issues_of(mention)] or before:
            yield RelationClaim(
                request, "about", issue, start, end, "asks-for-change", assumed=speaker.assumed, score=0.7
            )


def _without_half_quotes(words: str) -> str:
    """Words without a quotation mark at their beginning or end whose other half stands outside them."""
    if words.count("“") != words.count("”"):
        words = words.strip("“”")
    return words.strip('"') if words.count('"') % 2 else words
