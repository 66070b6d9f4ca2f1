"""Reads what speakers say: which issues they raise, and what they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from ....ontology import slug
from ...claims import Claim, RelationClaim, Span
from ...formats.tokens import sentences, squeezed
from ...mentions.finder import issues_of
from .attribution import Speaker
from .cues import Masked
from .stances import asks_for_change, stance_of, takes_side
from .work import Work

#: 'all six pillars'.
_ALL_PRIORITIES = re.compile(
    r"\b(?:all|each|every one)(?: of)?(?: the| our| these)?(?: \w+)?(?: draft| proposed| new)?"
    r" (?:priorities|pillars|objectives|themes|aims)\b",
    re.IGNORECASE,
)
#: A shorter sentence asks for nothing that can be told by itself.
_SHORTEST_REQUEST = 18


class FeedbackReader:
    """Reads what is said in one page.

    Args:
        work: the page, and what answers questions about it.

    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._page = work.page

    def sentence(
        self, index: int, sentence: Masked, start: int, end: int, before: Speaker | None, led: AbstractSet[str]
    ) -> tuple[list[Claim], Speaker | None]:
        """Read what is said in one sentence.

        Args:
            index: the block in which it stands.
            sentence: its words and mentions.
            start: where it begins in the canonical text.
            end: where it ends.
            before: who spoke last.
            led: keys of the issues of which the sentence says who leads; to say so is not to raise them.

        Returns:
            The claims, and who speaks, for the next sentence.

        """
        speakers = self._work.attribution.speakers(index, sentence.text, sentence.mentions, before)
        named = next((s for s in speakers if not s.assumed), None)
        listed = self._listed_priority(index) if named is None else None
        claims: list[Claim] = []
        for speaker in speakers:
            if listed is None:
                claims += self._speaks(speaker, index, sentence, start, end, led)
            elif stance_of(self._intro(index), 0, in_scope=False) == "support":
                claims.append(
                    RelationClaim(speaker.found, "supports", listed, start, end, "supported-priority", assumed=True)
                )
        return claims, self._work.attribution.carried(sentence.text, sentence.mentions, named, before)

    def _intro(self, index: int) -> str:
        """The sentence that introduces a list item; empty if a heading introduces it, or nothing does."""
        block = self._page.blocks[index]
        intro = self._page.blocks[block.intro] if block.intro is not None else None
        if intro is None or intro.kind == "heading":
            return ""
        last = list(sentences(intro.text))[-1:]
        return intro.text[slice(*last[0])] if last else ""

    def _listed_priority(self, index: int) -> Span | None:
        """The priority that a list item names.

        Setting a priority out, or being in favour of it, does not raise the issue that it is about.
        """
        listed = ("listed-priority", "numbered-priority")
        found = (f for p, f in self._page.priorities if p.block == index and p.cue in listed)
        return next(found, None) if self._intro(index) else None

    def _speaks(
        self, speaker: Speaker, index: int, sentence: Masked, start: int, end: int, led: AbstractSet[str]
    ) -> Iterator[Claim]:
        block = self._page.blocks[index]
        introduced = self._intro(index) if speaker.assumed else ""
        if not speaker.assumed and _ALL_PRIORITIES.search(sentence.text) and takes_side(sentence.text):
            for _, priority in self._page.priorities:
                yield RelationClaim(speaker.found, "supports", priority, start, end, "supported-priority")
            return
        in_scope = speaker.assumed or self._work.attribution.scope(index) is not None
        for issue in self._issues_spoken_of(index, sentence):
            at = self._at(sentence, issue)
            quoted = block.kind == "quotation"
            stance = stance_of(sentence.text, at, intro=introduced, in_scope=in_scope, quoted=quoted)
            if stance is None or (stance == "reported" and (speaker.assumed or issue.key in led)):
                continue
            cue, assumed = f"feedback-{stance}", speaker.assumed
            yield RelationClaim(
                speaker.found, "raises", issue, start, end, cue, assumed=assumed, stance=stance, score=0.75
            )
        asks = asks_for_change(sentence.text) or asks_for_change(introduced)
        if asks and end - start > _SHORTEST_REQUEST and speaker.found.kind != "community":
            yield from self._request(speaker, sentence, start, end)

    @staticmethod
    def _at(sentence: Masked, issue: Span) -> int:
        """Where an issue's token is in the masked sentence."""
        number = next((n for n, m in enumerate(sentence.mentions) if m.start <= issue.start < m.end), None)
        return max(0, sentence.text.find(f"{number}⟧")) if number is not None else 0

    def _issues_spoken_of(self, index: int, sentence: Masked) -> list[Span]:
        """The issues of a sentence, without those that only occur in the name of a priority."""
        names = [f for p, f in self._page.priorities if p.block == index and p.cue == "priority-in-prose"]
        issues = [issue for mention in sentence.mentions for issue in issues_of(mention)]
        return [i for i in issues if not any(f.start <= i.start < f.end for f in names)]

    def _request(self, speaker: Speaker, sentence: Masked, start: int, end: int) -> Iterator[Claim]:
        words = _without_half_quotes(squeezed(self._page.text[start:end])).strip(" -•.;")
        request = Span("Request", slug(words)[:70], words[:240], start, end, 1)
        if speaker.found.type not in self._page.ontology.relations["requests"].domain:
            return
        ends = [(speaker.found, "requests", request)]
        ends += [(request, "about", issue) for mention in sentence.mentions for issue in issues_of(mention)]
        for subject, predicate, object_ in ends:
            cue, assumed = "asks-for-change", speaker.assumed
            yield RelationClaim(subject, predicate, object_, start, end, cue, assumed=assumed, score=0.7)


def _without_half_quotes(words: str) -> str:
    """Words without a quotation mark at their beginning or end whose other half is outside them."""
    if words.count("“") != words.count("”"):
        words = words.strip("“”")
    return words.strip('"') if words.count('"') % 2 else words
