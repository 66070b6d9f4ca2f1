"""Who speaks: by the heading, the words that introduce a list, the sentence's own subject, or the document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ....ontology import slug
from ...claims import Span
from ...formats.blocks import Block, ReadFile
from ...formats.tokens import sentences, squeezed
from ...mentions.context import Context
from ...mentions.dates import month_of

#: Kinds of sources that speak under a heading which names them.
_SPEAKING_KINDS = frozenset(
    "board-workshop workshop consultation survey scrutiny-committee committee citizens-panel focus-group drop-in petition public-question "
    "residents respondents young-people women older-people tenants traders victims faith-communities parish-representatives members visitors "
    "minority-communities parents community inspectorate strategic-assessment".split()
)
#: Kinds of bodies that a consultation asks what they think; others, such as the police, answer what was said.
_ASKED_KINDS = frozenset(
    "business business-crime-partnership business-improvement-district chamber-of-commerce charity college faith-group grassroots-organisations "
    "neighbourhood-watch parish-council police-cadets school street-pastors tenants-residents-association university victim-support "
    "voluntary-sector womens-aid youth-council".split()
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
    r"(?:noted|commented|felt|feel|felt unsafe|raised|asked|highlighted|stressed|questioned|queried|expressed|said|stated|told|tells?|reported|explained|"
    r"complained|mentioned|are (?:also )?complaining|is (?:also )?complaining|keeps? (?:asking|complaining|raising)|say|says|enquired|pointed out|passed on|fed back|"
    r"(?:was|were) of the view|reminded|wanted to know|spoke (?:of|about)|pressed for|(?:was|were) (?:most |particularly |very )?(?:exercised|unhappy|dissatisfied|frustrated|upset|angry|disappointed|unconvinced|troubled)|"
    r"(?:was|were) not (?:persuaded|convinced|satisfied|happy)|singled out|picked out|brought up|objected|criticised|doubted|drew attention|"
    r"(?:was|were|is|are|remain(?:s|ed)?) (?:most |more |mostly |mainly |particularly |especially |very |deeply |also |still )?(?:concerned|worried|uneasy)|"
    r"were surprised|was surprised|welcomed|praised|supported|were in support|was in support|were in favour|was in favour|is conscious|"
    r"are conscious|wanted|want|wants|would like|called for|were calling|requested|urged|recommended|suggested|proposed|warned|identified|identifies|asks|points? to|pointed (?:to|out)|found|finds|estimates|estimated|put it down|"
    r"did not feel|was pleased|were pleased|backed|wished|sought|challenged|observed|are telling|have told|keep raising|raise|think|thought|minded|agreed that|"
    r"showed?|shows|figures|data|advised|continued|remarked|put)"
)
_OPENING = (
    r"^[\s“\"‘'•-]*(?:[A-Z][^,.;]{2,80},\s(?:the\s+)?|(?!It\b|They\b)(?:(?!\w*\b(?:that|recommended|agreed|noted|said|asked)\b)[A-Z]?\w+\s){1,3},?\s?)?"
    r"(?:(?:The|the|A|An|One|Some|Many|Most|Several|Other|All|Our|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Local|[A-Z][a-z]+ty(?:-[a-z]+)?|Eleven|Twelve|[A-Z][a-z]+teen)\s+(?:of\s+(?:the\s+)?)?)*"
)
_SUBJECT = re.compile(
    rf"{_OPENING}⟦(?P<letter>[SRPGH])(?P<n>\d+)⟧"
    rf"(?P<gap>(?:(?!\bheard\b|\bthat\b)[^⟦⟧.;]){{0,60}}?(?:⟦[A-Z]\d+⟧[^⟦⟧.;]{{0,25}}?){{0,2}})\b(?:also\s+|then\s+|again\s+|had\s+|have\s+|has\s+|mostly\s+|further\s+)*{_VERB}\b"
)
_TRAILING = re.compile(
    r"\b(?:concerns?|worr(?:y|ies)|problems?|issues?|priority|important)\s+(?:to|of|for|among|amongst|raised by|expressed by|from)\s+(?:the\s+|local\s+|many\s+|our\s+)*⟦S(?P<a>\d+)⟧"
    r"|\baffect(?:s|ing)\s+(?:the\s+|local\s+)*⟦S(?P<b>\d+)⟧|⟦S(?P<c>\d+)⟧\s+(?:minded|worried|cared|felt|feel|complained|were concerned|are concerned|said)\b"
    r"|\b(?:raised|reported|voiced|put forward|highlighted|identified|mentioned|requested|asked for) by\s+(?:the\s+|local\s+)*⟦[SPRH](?P<d>\d+)⟧"
    r"|\b(?:letter|petition|e-mail|email|complaints?|calls?|requests?)\b[^⟦⟧.]{0,40}\bfrom\s+(?:the\s+|a\s+|local\s+)*⟦[SPR](?P<e>\d+)⟧"
    r"|\b(?:where|when|which|that|asked)\s+(?:the\s+)?⟦S(?P<f>\d+)⟧\s+(?:did not|do not|don.t|feel|felt|avoid)"
)
_PRONOUN = re.compile(
    r"^\s*(?:They|He|She|It was added|It was noted|(?:All|Most|Some|Many|Several|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Almost all|Nearly all|Half|Both|A few|A third|A dozen|Others)(?: of (?:them|these))?"
    r"(?= (?:also |then )?(?:pressed for|raised|said|asked|wanted|felt|complained|mentioned|told|spoke|added|thought|called|would like)))\b"
)
#: Words with which somebody speaks, wherever in a sentence they stand.
_SPOKE = re.compile(
    r"⟦[SRPG](?P<n>\d+)⟧(?:, [A-Z]\w+(?: (?:(?:and|of|for) )?[A-Z]\w+){0,3})?,?(?: who)? (?:had |has |have |also |again |then |both |all |were |was |most |mostly |mainly |particularly |especially |very |deeply )*(?:asked (?:for|that|whether|about|why|who|how|⟦)|requested|called for|calling for|calling on|expressed|"
    r"raised|complained|complaining|queried|questioned|concerned (?:about|that|at|by|over)|remained concerned|worried|urged|recommended|warned|pressed for|highlighted|minded)\b"
)
#: 'residents are urged', 'the Police were asked': who is spoken to, not who speaks.
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+|also\s+|again\s+)?"
    r"(?:urged|asked|requested|advised|reminded|told|recommended|warned|praised|criticised|challenged|questioned|pressed for)$"
)
#: '3.2' before a paragraph of minutes.
_NUMBER = re.compile(r"^\s*\(?\d{1,3}(?:\.\d{1,2}){0,2}[.)]?\s+(?:\([^()]{3,30}\)\s+)?(?=[A-Z“‘\"⟦])")
_SENT_BY = re.compile(r"\b(?:from|signed by|on behalf of)\s+(?:the\s+|a\s+|local\s+)*⟦[SPR](?P<n>\d+)⟧")
_PRONOUN_SAYS = re.compile(
    rf"^\s*(?:(?:They|He|She)\s+(?:also\s+|then\s+|had\s+|have\s+|has\s+)*{_VERB}\b|(?:All|Most|Some|Many|Several|Two|Three|Four|Five|Six|Almost all|Nearly all|Half|Both|A few|A third|A dozen|Others)(?: of (?:them|these))?\s+{_VERB}\b)"
)
_POSSESSIVE = re.compile(
    r"^(?:[A-Z]\w+\s)?(?:The\s+|the\s+)?⟦[SPRG](?P<n>\d+)⟧(?:[’']s?|s[’'])?\s+(?:\w+\s+){0,2}?(?:worry|worries|concerns?|fears?|complaints?|priority|priorities|issues?|request|wish)\s+"
    r"(?:was|is|were|are|remained|included?)\b"
)
_BEGINS = re.compile(
    rf"(?!(?:In|At|On|For|With|By|From|Under|Within|Across|During|After|Before|Since|As)\b[^,]*⟦){_OPENING}⟦[SRPG](?P<n>\d+)⟧"
)
_REPORTS = re.compile(
    r"⟧(?:[^⟦⟧.]{0,40}?)\b(?:presented|reported|advised|explained|updated|outlined|informed|summarised|introduced|took [^.;]{3,40} through|gave an? (?:\w+ )?(?:update|presentation|overview))\b"
)
_ADDRESSES = re.compile(
    r"⟧[^⟦⟧.]{0,40}?\b(?:addressed|spoke to|gave|provided|took members through|led (?:members|the committee) through)\b"
)
#: Words that introduce what those in the room said, without naming them.
_DISCUSSED = re.compile(
    r"\b(?:consideration was given|(?:points|comments|issues|questions|concerns|matters|suggestions|observations) (?:were|was) (?:raised|made|noted|discussed|highlighted)|(?:subsequent|ensuing|following) discussion|"
    r"during (?:the )?discussion|in discussion|in response to questions|following (?:points|comments|issues|questions|concerns))\b",
    re.IGNORECASE,
)
_HEARD = re.compile(r"⟧\s+(?:also |further |then )?(?:heard|were (?:told|informed|advised|reminded))\b")
_DECIDES = re.compile(
    r"^\s*(?:RESOLVED|AGREED|Resolved|Agreed|ACTION|Action|Members|The (?:Board|Committee|Partnership|Panel|Group|Chair)|It was (?:agreed|resolved))\b"
)
#: What may stand beside a body's name in the heading above what it said: 'Youth Council, session of 14 November 2023'.
_SESSION = re.compile(
    r"(?:The\s)?[\s,:(–-]*(?:(?:session|meeting|workshop|discussion|event|visit)s?\b[^.:;]{0,40}|(?:on |in )?[^.:;a-z]{0,6}\d[^.:;]{0,25})?\)?\s*"
)
_CITED = re.compile(r"[”\"’]\s*(?:[-–—(]\s*|\n)(?P<who>[A-Z][^.”\"“]{3,70}?)\)?\s*$")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and whether a heading or the document had to say so."""

    found: Span
    assumed: bool
    scope: bool = False  #: speaks for all that stands under a heading or an introduction
    silent: bool = False  #: is what a sentence speaks of, but says nothing in it
    reports: bool = False  #: presents or reports something, which the next sentences go on with


class Attribution:
    """Who speaks in each block of one document.

    Args:
        read: the document.
        context: whose it is.
        mentions: the mentions of each block, in step with its blocks.

    """

    def __init__(self, read: ReadFile, context: Context, mentions: Sequence[Sequence[Span]]) -> None:
        self._read = read
        self._context = context
        self._mentions = mentions
        self._named_committee = self._only_named_committee()
        self._committee = self._own_committee()
        self._scopes: dict[int, Speaker | None] = {}
        self._spoke: dict[int, Speaker] = {}  # who spoke last in a block that has been read

    @property
    def committee(self) -> Span | None:
        """The scrutiny committee whose document it is, or the only one that it names."""
        return self._committee or self._named_committee

    def scope(self, index: int) -> Speaker | None:
        """Who speaks in all of a block, by its introduction or the headings above."""
        if index not in self._scopes:
            self._scopes[index] = self._find_scope(index)
        return self._scopes[index]

    def _find_scope(self, index: int) -> Speaker | None:
        block = self._read.blocks[index]
        if block.author:
            return Speaker(Span("Source", slug(block.author), block.author, 0, 0, 1), True, True)
        if block.kind == "quotation" or block.text.lstrip()[:1] in '“"':
            cited = self._cited(index)
            if cited is not None:
                return cited
        chain = [i for i in (block.intro,) if i is not None and self._read.blocks[i].kind != "heading"]
        chain += list(reversed(block.headings))
        for above in chain:
            words = squeezed(self._read.blocks[above].text)
            if _NO_FEEDBACK.search(words) and not _FEEDBACK_WORDS.search(words):
                return None
            speaker = self._speaker_of_heading(above, words)
            if speaker is not None:
                return speaker
            if (
                self._read.blocks[above].kind == "item"
            ):  # an introduction inside a list: its own list's heading says who
                return self.scope(above)
        if self._context.kind == "consultation" and block.kind in ("table", "quotation"):
            return Speaker(self._answerers(None), True, True)
        return None

    def _speaker_of_heading(self, index: int, words: str) -> Speaker | None:
        block = self._read.blocks[index]
        if block.kind == "heading" and self._context.kind == "consultation":
            for body in self._mentions[index]:
                beside = block.text[: body.start - block.start] + block.text[body.end - block.start :]
                if body.kind in _ASKED_KINDS and _SESSION.fullmatch(beside):
                    return Speaker(body, True, True)
        found = [m for m in self._mentions[index] if m.type == "Source" and m.kind in _SPEAKING_KINDS]
        if block.kind == "paragraph":  # its last sentence introduces the list
            last = list(sentences(block.text))[-1:]
            start = block.start + last[0][0] if last else block.start
            found, words = [m for m in found if m.start >= start], squeezed(self._read.text[start : block.end])
            if not found and index in self._spoke and re.match(r"(?:It|They|He|She|The|This)\b", words):
                return Speaker(self._spoke[index].found, True, True)
            if not found and self._context.kind in ("scrutiny", "minutes") and words.rstrip().endswith((":", ";")):
                if self._committee is not None and _FEEDBACK_WORDS.search(words):
                    return Speaker(self._committee, True, True)
                if _DISCUSSED.search(words):
                    return Speaker(Span("Source", "members", "Members", 0, 0, 0, "members"), True, True)
        title = (
            block.kind == "heading"
            and block.level == 1
            and not block.headings
            and not re.search(r"\b(?:comments|views|findings|feedback)\b", words, re.IGNORECASE)
        )
        if (
            not found
            or not (_FEEDBACK_WORDS.search(words) or len(words.split()) <= 4)
            or (title and self._context.kind != "consultation")
        ):
            told_us = re.search(
                r"\b(?:you said|you told us|told us|worries you|what people|what .{2,20} said)\b", words, re.IGNORECASE
            )
            return (
                Speaker(self._own_source() or self._answerers(index), True, True)
                if told_us and not re.search(r"\bwe (?:did|asked)\b", words)
                else None
            )
        source = self.resolved(found[0])
        if source.kind in ("consultation", "survey"):
            return Speaker(self._answerers(index), True, True)
        return Speaker(_dated(source, words), True, True)

    def _cited(self, index: int) -> Speaker | None:
        """Whose words a quotation is: named behind it, or in a short line of its own below."""
        block = self._read.blocks[index]
        behind = _CITED.search(block.text)
        if behind:
            words, start = behind.group("who"), block.start + behind.start("who")
        else:
            below = self._read.blocks[index + 1] if index + 1 < len(self._read.blocks) else None
            if (
                below is None
                or below.kind not in ("quotation", "paragraph")
                or not re.search(r"[”\"’]\s*$", block.text)
            ):
                return None
            words = below.text.strip(" -–—()")
            start = below.start + below.text.find(words[:1])
            if not words[:1].isalpha() or len(words.split()) > 8 or re.search(r"[.:;?“”\"]", words):
                return None
        return Speaker(Span("Source", slug(words), squeezed(words), start, start + len(words), 1), True, True)

    def _own_source(self) -> Span | None:
        """The workshop or focus group whose notes the whole document is, if its head says so."""
        for index, found in enumerate(self._mentions[:6]):
            for mention in found:
                if mention.kind in ("board-workshop", "workshop", "focus-group", "drop-in"):
                    return _dated(mention, squeezed(self._read.blocks[index].text))
        return None

    def _answerers(self, heading: int | None) -> Span:
        """Those who answered a consultation: as its own section calls them, else respondents."""
        order = sorted(
            range(len(self._mentions)), key=lambda i: not (i == heading or heading in self._read.blocks[i].headings)
        )
        for index in order:
            for mention in self._mentions[index]:
                if mention.kind in ("residents", "respondents", "citizens-panel"):
                    return replace(mention, key=str(mention.kind), rank=0)
        return Span("Source", "respondents", "respondents", 0, 0, 0, "respondents")

    def _own_committee(self) -> Span | None:
        """The committee whose document this is: the one that its head names."""
        if self._context.kind not in ("scrutiny", "minutes", "document"):
            return None
        head = [
            m
            for found in self._mentions[: max(12, len(self._mentions) // 4)]
            for m in found
            if m.kind == "scrutiny-committee"
        ]
        return next((m for m in head if m.key != m.kind), next(iter(head), None))

    def _only_named_committee(self) -> Span | None:
        """The scrutiny committee that the document names, if there is but one: 'Scrutiny' is this one."""
        named = {
            m.key: m for found in self._mentions for m in found if m.kind == "scrutiny-committee" and m.key != m.kind
        }
        return next(iter(named.values())) if len(named) == 1 else None

    def resolved(self, found: Span, scope: Speaker | None = None) -> Span:
        """'Members', 'the Committee', 'the Chair' are the committee whose section or document it is."""
        plain = (found.kind in ("members", "committee") and found.label[:1].islower()) or found.key in (
            "members",
            "committee",
            "chair",
            "the-chair",
        )
        committee = scope.found if scope is not None and scope.found.kind == "scrutiny-committee" else self._committee
        if found.kind == "scrutiny-committee" and found.key == found.kind and self._named_committee is not None:
            plain, committee = True, self._named_committee
        if committee is not None and plain:
            return replace(
                found, type="Source", key=committee.key, label=committee.label, rank=committee.rank, kind=committee.kind
            )
        return found

    def speakers(self, index: int, sentence: str, inside: Sequence[Span], before: Speaker | None) -> list[Speaker]:
        """Who speaks in one sentence of a block.

        Args:
            index: the block.
            sentence: the sentence with tokens for the mentions, see `cues.masked`.
            inside: the mentions behind the tokens.
            before: who spoke in the sentence before, for 'They also asked'.

        """
        sentence = _NUMBER.sub("", sentence)
        scope = self.scope(index)
        explicit = self._explicit(sentence, inside, scope)
        if (
            explicit is None
            and before is not None
            and (
                (_PRONOUN_SAYS if before.silent else _PRONOUN).match(sentence)
                or (before.reports and _HEARD.search(sentence))
                or self._goes_on(sentence, before)
            )
        ):
            explicit = before
        found: list[Speaker] = []
        if explicit is not None:
            found.append(replace(explicit, silent=False))
        for match in _TRAILING.finditer(sentence):
            number = next(int(v) for v in match.groupdict().values() if v)
            found.append(Speaker(self.resolved(inside[number], scope), False))
        if scope is not None and not any(self._replaces(s, scope) for s in found):
            found.append(scope)
        unique = {(s.found.type, s.found.key): s for s in reversed(found)}
        return sorted(unique.values(), key=lambda s: (s.assumed, s.found.key))

    def _goes_on(self, sentence: str, before: Speaker) -> bool:
        """Whether a sentence of minutes is still what somebody reported in the one before."""
        return (
            before.reports
            and self._context.kind in ("minutes", "scrutiny")
            and not _BEGINS.match(sentence)
            and not _DECIDES.match(sentence)
        )

    def goes_on_below(self, index: int, before: Speaker | None) -> Speaker | None:
        """Take note of who spoke last in a block; return who goes on to report in the next paragraph under the same heading."""
        if before is not None:
            self._spoke[index] = before
        below = self._read.blocks[index + 1] if index + 1 < len(self._read.blocks) else None
        same = below is not None and below.kind == "paragraph" and below.headings == self._read.blocks[index].headings
        return before if same and before is not None and before.reports else None

    def carried(
        self, sentence: str, inside: Sequence[Span], named: Speaker | None, before: Speaker | None
    ) -> Speaker | None:
        """Who may go on to speak in the next sentence: who spoke in this one, or is its subject, or spoke before."""
        sentence = _NUMBER.sub("", sentence)
        if named is not None:
            return replace(
                named,
                reports=bool(_REPORTS.search(sentence))
                or (before is not None and before.reports and before.found == named.found),
            )
        begins = _BEGINS.match(sentence)
        takes_over = before is None or not before.reports or _REPORTS.search(sentence) or _ADDRESSES.search(sentence)
        if begins and not _HEARD.search(sentence) and takes_over:
            return Speaker(
                self.resolved(inside[int(begins.group("n"))]),
                False,
                silent=True,
                reports=bool(_REPORTS.search(sentence)),
            )
        return before

    def _explicit(self, sentence: str, inside: Sequence[Span], scope: Speaker | None) -> Speaker | None:
        match = _SUBJECT.match(sentence) or _POSSESSIVE.match(sentence) or _SPOKE.search(sentence)
        if match is None or _PASSIVE.search(match.group()):
            return None
        found = inside[int(match.group("n"))]
        sender = _SENT_BY.search(sentence) if found.kind == "petition" else None
        if sender is not None:
            found = inside[int(sender.group("n"))]
        if found.type == "Partner" and found.kind in ("council",) and "figures" not in match.group():
            return None
        return Speaker(self.resolved(found, scope), False)

    @staticmethod
    def _replaces(speaker: Speaker, scope: Speaker) -> bool:
        """Whether one who is named in the sentence speaks instead of the section's source; a committee passes on what others say."""
        if speaker.found.type in ("Role", "Partner", "Subgroup"):
            return True
        return scope.found.kind not in _COMMITTEE_KINDS and speaker.found.kind not in ("community",)


def _dated(source: Span, words: str) -> Span:
    """A workshop with the month that the words beside it give: that of another year is another source."""
    month = month_of(words) if source.kind in ("board-workshop", "workshop") else None
    return replace(source, key=f"{slug(source.label)}-{month}", rank=2) if month else source


def own_block(block: Block) -> bool:
    """Whether a block's sentences are read for what speakers say in them."""
    return block.kind in ("paragraph", "item", "quotation")
