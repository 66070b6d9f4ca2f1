"""Who speaks: by the heading, the words that introduce a list, the sentence's own subject, or the document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..ontology import slug
from .blocks import Block, ReadFile
from .context import Context, month_of
from .mentions import Found
from .tokens import squeezed

#: Kinds of sources that speak under a heading which names them.
_SPEAKING_KINDS = frozenset(
    "board-workshop workshop consultation survey scrutiny-committee committee citizens-panel focus-group drop-in petition public-question "
    "residents respondents young-people women older-people tenants traders victims faith-communities parish-representatives members visitors "
    "minority-communities parents community inspectorate".split()
)
_COMMITTEE_KINDS = frozenset(("scrutiny-committee", "committee", "members"))
_FEEDBACK_WORDS = re.compile(
    r"\b(?:comments?|findings|feedback|views|told us|said|responses?|results|concerns?|concerned|worried|worries|questions?|points|raised|asked|"
    r"put the following|what .{0,20}\bworr|consultation|survey|workshop|engagement|welcomed|requested|suggest\w+|highlighted|noted|issues)\b",
    re.IGNORECASE,
)
_NO_FEEDBACK = re.compile(
    r"\b(?:apologies|declarations?|membership|attendance|terms of reference|next steps|how we|thanks?|dates?|replied|background|purpose|venue)\b",
    re.IGNORECASE,
)

_VERB = (
    r"(?:noted|commented|felt|feel|felt unsafe|raised|asked|highlighted|stressed|questioned|queried|expressed|said|stated|told|reported|explained|"
    r"complained|mentioned|drew attention|was concerned|were concerned|is concerned|are concerned|remained concerned|was worried|were worried|is worried|are worried|"
    r"was uneasy|were uneasy|were surprised|was surprised|welcomed|praised|supported|were in support|was in support|were in favour|was in favour|is conscious|"
    r"are conscious|wanted|want|wants|would like|called for|were calling|requested|urged|recommended|suggested|proposed|warned|identified|put it down|"
    r"did not feel|was pleased|were pleased|backed|wished|sought|challenged|observed|are telling|have told|keep raising|raise|think|thought|minded|agreed that|"
    r"showed?|shows|figures|data|advised|continued|remarked|put)"
)
_SUBJECT = re.compile(
    rf"^[\s“\"‘'•-]*(?:[A-Z][^,.;]{{2,80}},\s(?:the\s+)?|[A-Z]\w+(?:\s\w+){{0,2}},?\s)?(?:(?:The|the|A|An|One|Some|Many|Most|Several|Other|All|Our|Two|Three|Local)\s+(?:of\s+(?:the\s+)?)?)*⟦(?P<letter>[SRPGH])(?P<n>\d+)⟧"
    rf"(?P<gap>(?:(?!\bheard\b|\bthat\b)[^⟦⟧.;]){{0,60}}?(?:⟦[A-Z]\d+⟧[^⟦⟧.;]{{0,25}}?)?)\b(?:also\s+|then\s+|again\s+|had\s+|have\s+|has\s+|mostly\s+|further\s+)*{_VERB}\b"
)
_TRAILING = re.compile(
    r"\b(?:concerns?|worr(?:y|ies)|problems?|issues?|priority|important)\s+(?:to|of|for|among|amongst|raised by|expressed by|from)\s+(?:the\s+|local\s+|many\s+|our\s+)*⟦S(?P<a>\d+)⟧"
    r"|\baffect(?:s|ing)\s+(?:the\s+|local\s+)*⟦S(?P<b>\d+)⟧|⟦S(?P<c>\d+)⟧\s+(?:minded|worried|cared|felt|feel|complained|were concerned|are concerned|said)\b"
    r"|\b(?:raised|reported|voiced|put forward|highlighted|identified|mentioned|requested|asked for) by\s+(?:the\s+|local\s+)*⟦[SPRH](?P<d>\d+)⟧"
    r"|\b(?:letter|petition|e-mail|email|complaints?|calls?|requests?)\b[^⟦⟧.]{0,40}\bfrom\s+(?:the\s+|a\s+|local\s+)*⟦[SPR](?P<e>\d+)⟧"
    r"|\b(?:where|when|which|that|asked)\s+(?:the\s+)?⟦S(?P<f>\d+)⟧\s+(?:did not|do not|don.t|feel|felt|avoid)"
)
_PRONOUN = re.compile(r"^\s*(?:They|He|She|It was added|It was noted)\b")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and whether a heading or the document had to say so."""

    found: Found
    assumed: bool
    scope: bool = False  #: speaks for all that stands under a heading or an introduction


class Attribution:
    """Who speaks in each block of one document.

    Args:
        read: the document.
        context: whose it is.
        mentions: the mentions of each block, in step with its blocks.

    """

    def __init__(self, read: ReadFile, context: Context, mentions: Sequence[Sequence[Found]]) -> None:
        self._read = read
        self._context = context
        self._mentions = mentions
        self._committee = self._own_committee()
        self._scopes: dict[int, Speaker | None] = {}

    def scope(self, index: int) -> Speaker | None:
        """Who speaks in all of a block, by its introduction or the headings above."""
        if index not in self._scopes:
            self._scopes[index] = self._find_scope(index)
        return self._scopes[index]

    def _find_scope(self, index: int) -> Speaker | None:
        block = self._read.blocks[index]
        chain = [i for i in (block.intro,) if i is not None and self._read.blocks[i].kind != "heading"]
        chain += list(reversed(block.headings))
        for above in chain:
            words = squeezed(self._read.blocks[above].text)
            if _NO_FEEDBACK.search(words) and not _FEEDBACK_WORDS.search(words):
                return None
            speaker = self._speaker_of_heading(above, words)
            if speaker is not None:
                return speaker
            if self._read.blocks[above].kind == "item":  # an introduction inside a list: its own list's heading says who
                return self.scope(above)
        if self._context.kind == "consultation" and block.kind in ("table", "quotation"):
            return Speaker(self._answerers(None), True, True)
        return None

    def _speaker_of_heading(self, index: int, words: str) -> Speaker | None:
        block = self._read.blocks[index]
        found = [m for m in self._mentions[index] if m.type == "Source" and m.kind in _SPEAKING_KINDS]
        title = (
            block.kind == "heading"
            and block.level == 1
            and not block.headings
            and not re.search(r"\b(?:comments|views|findings|feedback)\b", words, re.IGNORECASE)
        )
        if not found or not (_FEEDBACK_WORDS.search(words) or len(words.split()) <= 4) or (title and self._context.kind != "consultation"):
            told_us = re.search(r"\b(?:you said|you told us|told us|worries you|what people|what .{2,20} said)\b", words, re.IGNORECASE)
            return (
                Speaker(self._own_source() or self._answerers(index), True, True)
                if told_us and not re.search(r"\bwe (?:did|asked)\b", words)
                else None
            )
        source = self.resolved(found[0])
        if source.kind in ("consultation", "survey"):
            return Speaker(self._answerers(index), True, True)
        return Speaker(_dated(source, words), True, True)

    def _own_source(self) -> Found | None:
        """The workshop or focus group whose notes the whole document is, if its head says so."""
        for index, found in enumerate(self._mentions[:6]):
            for mention in found:
                if mention.kind in ("board-workshop", "workshop", "focus-group", "drop-in"):
                    return _dated(mention, squeezed(self._read.blocks[index].text))
        return None

    def _answerers(self, heading: int | None) -> Found:
        """Those who answered a consultation: as its own section calls them, else respondents."""
        order = sorted(range(len(self._mentions)), key=lambda i: not (i == heading or heading in self._read.blocks[i].headings))
        for index in order:
            for mention in self._mentions[index]:
                if mention.kind in ("residents", "respondents", "citizens-panel"):
                    return replace(mention, key=str(mention.kind), rank=0)
        return Found("Source", "respondents", "respondents", 0, 0, 0, "respondents")

    def _own_committee(self) -> Found | None:
        """The committee whose document this is: the one that its head names."""
        if self._context.kind not in ("scrutiny", "minutes", "document"):
            return None
        for found in self._mentions[: max(12, len(self._mentions) // 4)]:
            for mention in found:
                if mention.kind == "scrutiny-committee":
                    return mention
        return None

    def resolved(self, found: Found, scope: Speaker | None = None) -> Found:
        """'Members', 'the Committee', 'the Chair' are the committee whose section or document it is."""
        plain = (found.kind in ("members", "committee") and found.label[:1].islower()) or found.key in (
            "members",
            "committee",
            "chair",
            "the-chair",
        )
        committee = scope.found if scope is not None and scope.found.kind == "scrutiny-committee" else self._committee
        if committee is not None and plain:
            return replace(found, type="Source", key=committee.key, label=committee.label, rank=committee.rank, kind=committee.kind)
        return found

    def speakers(self, index: int, sentence: str, inside: Sequence[Found], before: Speaker | None) -> list[Speaker]:
        """Who speaks in one sentence of a block.

        Args:
            index: the block.
            sentence: the sentence with tokens for the mentions, see `cues.masked`.
            inside: the mentions behind the tokens.
            before: who spoke in the sentence before, for 'They also asked'.

        """
        scope = self.scope(index)
        explicit = self._explicit(sentence, inside, scope)
        if explicit is None and before is not None and _PRONOUN.match(sentence):
            explicit = before
        found: list[Speaker] = []
        if explicit is not None:
            found.append(explicit)
        for match in _TRAILING.finditer(sentence):
            number = next(int(v) for v in match.groupdict().values() if v)
            found.append(Speaker(self.resolved(inside[number], scope), False))
        if scope is not None and not any(self._replaces(s, scope) for s in found):
            found.append(scope)
        unique = {(s.found.type, s.found.key): s for s in reversed(found)}
        return sorted(unique.values(), key=lambda s: (s.assumed, s.found.key))

    def _explicit(self, sentence: str, inside: Sequence[Found], scope: Speaker | None) -> Speaker | None:
        match = _SUBJECT.match(sentence)
        if match is None:
            return None
        found = inside[int(match.group("n"))]
        if found.type == "Partner" and found.kind in ("council",) and "figures" not in match.group():
            return None
        return Speaker(self.resolved(found, scope), False)

    @staticmethod
    def _replaces(speaker: Speaker, scope: Speaker) -> bool:
        """Whether one who is named in the sentence speaks instead of the section's source; a committee passes on what others say."""
        if speaker.found.type in ("Role", "Partner", "Subgroup"):
            return True
        return scope.found.kind not in _COMMITTEE_KINDS and speaker.found.kind not in ("community",)


def _dated(source: Found, words: str) -> Found:
    """A workshop with the month that the words beside it give: that of another year is another source."""
    month = month_of(words) if source.kind in ("board-workshop", "workshop") else None
    return replace(source, key=f"{slug(source.label)}-{month}", rank=2) if month else source


def own_block(block: Block) -> bool:
    """Whether a block's sentences are read for what speakers say in them."""
    return block.kind in ("paragraph", "item", "quotation")
