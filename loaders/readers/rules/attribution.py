"""Who speaks: by the heading, the words that introduce a list, the sentence's own subject, or the document."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from ....ontology import Ontology, slug
from ...claims import Span
from ...formats.blocks import ReadFile
from ...formats.tokens import sentences, squeezed
from ...mentions.context import Context
from ...mentions.dates import month_of


@cache
def _wordings() -> dict[str, str]:
    """The entries of speaking.toml, each as alternatives of a regular expression."""
    raw = tomllib.loads((files(__package__ or "") / "speaking.toml").read_text(encoding="utf-8"))
    return {name: "(?:" + "|".join(alternatives) + ")" for name, alternatives in raw.items()}


def _words(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{_wordings()[name]}\b", re.IGNORECASE)


_FEEDBACK, _NO_FEEDBACK, _TOLD_US = _words("feedback"), _words("no_feedback"), _words("told_us")
#: A title of a paper that holds somebody's feedback, rather than only bearing their name.
_COMMENTS = re.compile(r"\b(?:comments|views|findings|feedback)\b", re.IGNORECASE)
#: A longer heading that begins with a body's name is no heading of its session.
_LONGEST_SESSION = 9
_ARTICLES = r"(?:the\s+|a\s+|local\s+|many\s+|our\s+)*"
_BEHIND = re.compile(rf"{_wordings()['behind']}{_ARTICLES}⟦[SPRH](?P<n>\d+)⟧")
#: Who speaks in a clause: 'on the estate, where residents felt unsafe'.
_IN_CLAUSE = re.compile(rf"⟦S(?P<n>\d+)⟧\s+{_wordings()['verbs']}\b")
#: What may precede the subject of a sentence: 'In response, the', 'Several of the'.
_OPENING = (
    r"^[\s“\"‘'•-]*(?:[A-Z][^,.;]{2,80},\s(?:the\s+)?"
    r"|(?!It\b|They\b)(?:(?!\w*\b(?:that|recommended|agreed|noted|said|asked)\b)[A-Z]?\w+\s){1,3},?\s?)?"
    r"(?:(?:[Tt]he|An?|One|Some|Many|Most|Several|Other|All|Our|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Local"
    r"|Eleven|Twelve|[A-Z][a-z]+teen|[A-Z][a-z]+ty(?:-[a-z]+)?)\s+(?:of\s+(?:the\s+)?)?)*"
)
_ADVERBS = r"(?:(?:also|then|again|had|have|has|mostly|further)\s+)*"
_SUBJECT = re.compile(
    rf"{_OPENING}⟦[SRPGH](?P<n>\d+)⟧"
    r"(?P<gap>(?:(?!\bheard\b|\bthat\b)[^⟦⟧.;]){0,60}?(?:⟦[A-Z]\d+⟧[^⟦⟧.;]{0,25}?){0,2})"
    rf"\b{_ADVERBS}{_wordings()['verbs']}\b"
)
_BEGINS = re.compile(
    r"(?!(?:In|At|On|For|With|By|From|Under|Within|Across|During|After|Before|Since|As)\b[^,]*⟦)"
    rf"{_OPENING}⟦[SRPG](?P<n>\d+)⟧"
)
_SOME_OF_THEM = (
    r"(?:All|Most|Some|Many|Several|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Almost all|Nearly all|Half|Both|A few"
    r"|A third|A dozen|Others)(?: of (?:them|these))?"
)
_PRONOUN = re.compile(
    rf"^\s*(?:(?:They|He|She|It was (?:added|noted))\b|{_SOME_OF_THEM}\s+{_ADVERBS}{_wordings()['verbs']}\b)"
)
_PRONOUN_SAYS = re.compile(rf"^\s*(?:They|He|She|{_SOME_OF_THEM})\s+{_ADVERBS}{_wordings()['verbs']}\b")
#: 'residents are urged', 'the Police were asked': who is spoken to, not who speaks.
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+|also\s+|again\s+)?"
    r"(?:urged|asked|requested|advised|reminded|told|recommended|warned|praised|criticised|challenged|questioned"
    r"|pressed for)$"
)
#: Whose a petition is.
_SENT_BY = re.compile(rf"\b(?:from|signed by|on behalf of)\s+{_ARTICLES}⟦[SPR](?P<n>\d+)⟧")
#: '3.2' before a paragraph of minutes.
_NUMBER = re.compile(r"^\s*\(?\d{1,3}(?:\.\d{1,2}){0,2}[.)]?\s+(?:\([^()]{3,30}\)\s+)?(?=[A-Z“‘\"⟦])")
_REPORTS = re.compile(rf"⟧[^⟦⟧.]{{0,40}}?\b{_wordings()['reports']}\b")
_HEARD = re.compile(r"⟧\s+(?:also |further |then )?(?:heard|were (?:told|informed|advised|reminded))\b")
_DECIDES = re.compile(rf"^\s*{_wordings()['decides']}\b")
_CITED = re.compile(r"[”\"’]\s*(?:[-–—(]\s*|\n)(?P<who>[A-Z][^.”\"“]{3,70}?)\)?\s*$")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and whether a heading or the document had to say so."""

    found: Span
    assumed: bool
    scope: bool = False  #: speaks for all under a heading or an introduction
    silent: bool = False  #: is what a sentence speaks of, but says nothing in it
    reports: bool = False  #: presents or reports something, which the next sentences go on with


class Attribution:
    """Who speaks in each block of one document.

    Args:
        read: the document.
        context: what it says about itself, such as its partnership and kind.
        mentions: the mentions of each block, in step with its blocks.
        ontology: says which kinds of bodies and speakers speak, are asked, and meet.

    """

    def __init__(
        self, read: ReadFile, context: Context, mentions: Sequence[Sequence[Span]], ontology: Ontology
    ) -> None:
        self._read = read
        self._context = context
        self._mentions = mentions
        self._ontology = ontology
        self.committee = self._own_committee()  #: the scrutiny committee whose document it is
        self._scopes: dict[int, Speaker | None] = {}
        self._spoke: dict[int, Speaker] = {}  # who spoke last in a block that has been read

    def _is(self, found: Span, trait: str) -> bool:
        kind = self._ontology.kinds.get(found.kind or "")
        return kind is not None and trait in kind.traits

    # ------------------------------------------------------------------------------- who speaks under a heading

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
        for above in [*chain, *reversed(block.headings)]:
            words = squeezed(self._read.blocks[above].text)
            if _NO_FEEDBACK.search(words) and not _FEEDBACK.search(words):
                return None
            speaker = self._introduced(above, words)
            if speaker is not None:
                return speaker
            if self._read.blocks[above].kind == "item":  # inside a list, whose own introduction says who
                return self.scope(above)
        if self._context.kind == "consultation" and block.kind in ("table", "quotation"):
            return Speaker(self.answerers(None), True, True)
        return None

    def _introduced(self, index: int, words: str) -> Speaker | None:
        """Whose words a heading or an introduction announces."""
        block = self._read.blocks[index]
        consulted = self._context.kind == "consultation"
        found = [m for m in self._mentions[index] if self._is(m, "speaks")]
        if block.kind == "heading" and consulted:
            asked = [m for m in self._mentions[index] if self._is(m, "asked")]
            if (
                asked
                and words.removeprefix("The ").startswith(asked[0].label)
                and len(words.split()) <= _LONGEST_SESSION
            ):
                return Speaker(asked[0], True, True)
        if block.kind == "paragraph":  # its last sentence introduces the list
            last = list(sentences(block.text))[-1:]
            start = block.start + last[0][0] if last else block.start
            found, words = [m for m in found if m.start >= start], squeezed(self._read.text[start : block.end])
            if not found and words.endswith((":", ";")):
                spoke = self._spoke.get(index)
                by = spoke.found if spoke is not None else self.committee if _FEEDBACK.search(words) else None
                if by is not None:
                    return Speaker(by, True, True)
        title = block.kind == "heading" and block.level == 1 and not block.headings and not consulted
        title = title and not _COMMENTS.search(words)
        if found and not title and (_FEEDBACK.search(words) or len(words.split()) <= 4):
            source = self.resolved(found[0])
            if self._is(source, "survey"):
                return Speaker(self.answerers(index), True, True)
            return Speaker(self._dated(source, words), True, True)
        if _TOLD_US.search(words) and not re.search(r"\bwe (?:did|asked)\b", words):
            return Speaker(self._own_source() or self.answerers(index), True, True)
        return None

    def _cited(self, index: int) -> Speaker | None:
        """Whose words a quotation is: named after it, or in a short line of its own below."""
        block = self._read.blocks[index]
        behind = _CITED.search(block.text)
        if behind:
            words, start = behind.group("who"), block.start + behind.start("who")
        else:
            below = self._read.blocks[index + 1] if index + 1 < len(self._read.blocks) else None
            closed = re.search(r"[”\"’]\s*$", block.text)
            if below is None or below.kind not in ("quotation", "paragraph") or not closed:
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
                if self._is(mention, "event"):
                    return self._dated(mention, squeezed(self._read.blocks[index].text))
        return None

    def _dated(self, source: Span, words: str) -> Span:
        """An event with the month that the words beside it give: that of another month is another source."""
        month = month_of(words) if self._is(source, "event") else None
        return replace(source, key=f"{slug(source.label)}-{month}", rank=2) if month else source

    def answerers(self, heading: int | None = None) -> Span:
        """Those who answered a consultation: as its own section calls them, else respondents."""
        blocks = self._read.blocks
        order = sorted(range(len(blocks)), key=lambda i: not (i == heading or heading in blocks[i].headings))
        for mention in (m for index in order for m in self._mentions[index]):
            if self._is(mention, "answers"):
                return replace(mention, key=str(mention.kind), rank=0)
        return Span("Source", "respondents", "respondents", 0, 0, 0, "respondents")

    def _own_committee(self) -> Span | None:
        """The committee whose document this is: the one that its head names, or the only one that it names at all."""
        committees = [m for found in self._mentions for m in found if m.kind == "scrutiny-committee"]
        named = {m.key: m for m in committees if m.key != m.kind}
        only = next(iter(named.values())) if len(named) == 1 else None
        if self._context.kind not in ("scrutiny", "minutes", "document"):
            return only
        head = self._mentions[: max(12, len(self._mentions) // 4)]
        own = [m for found in head for m in found if m.kind == "scrutiny-committee"]
        return next((m for m in own if m.key != m.kind), None) or only or next(iter(own), None)

    def resolved(self, found: Span, scope: Speaker | None = None) -> Span:
        """'Members', 'the Committee', 'the Chair' are the committee whose section or document it is."""
        committee = self.committee
        if scope is not None and scope.found.kind == "scrutiny-committee":
            committee = scope.found
        small = self._is(found, "committee") and found.label[:1].islower()
        unnamed = small or found.key in ("members", "committee", "chair", "the-chair", "scrutiny-committee")
        if committee is None or not unnamed:
            return found
        return replace(
            found, type="Source", key=committee.key, label=committee.label, rank=committee.rank, kind=committee.kind
        )

    # --------------------------------------------------------------------------------- who speaks in a sentence

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
        if explicit is None and before is not None and self._speaks_on(sentence, before):
            explicit = before
        found = [replace(explicit, silent=False)] if explicit is not None else []
        found += [
            Speaker(self.resolved(inside[int(match.group("n"))], scope), False)
            for match in (*_BEHIND.finditer(sentence), *_IN_CLAUSE.finditer(sentence))
        ]
        if scope is not None and not any(self._replaces(s, scope) for s in found):
            found.append(scope)
        unique = {(s.found.type, s.found.key): s for s in reversed(found)}
        return sorted(unique.values(), key=lambda s: (s.assumed, s.found.key))

    def _speaks_on(self, sentence: str, before: Speaker) -> bool:
        """Whether the speaker of the sentence before also speaks in this one.

        They do if it says 'they', or goes on with what they report.
        """
        if (_PRONOUN_SAYS if before.silent else _PRONOUN).match(sentence):
            return True
        if not before.reports:
            return False
        minutes = self._context.kind in ("minutes", "scrutiny")
        goes_on = minutes and not _BEGINS.match(sentence) and not _DECIDES.match(sentence)
        return goes_on or _HEARD.search(sentence) is not None

    def goes_on_below(self, index: int, before: Speaker | None) -> Speaker | None:
        """Note who spoke last in a block; return who goes on to report in the paragraph below.

        That paragraph must have the same heading.
        """
        if before is not None:
            self._spoke[index] = before
        block, rest = self._read.blocks[index], self._read.blocks[index + 1 : index + 2]
        same = any(below.kind == "paragraph" and below.headings == block.headings for below in rest)
        return before if same and before is not None and before.reports else None

    def carried(
        self, sentence: str, inside: Sequence[Span], named: Speaker | None, before: Speaker | None
    ) -> Speaker | None:
        """Who may go on to speak in the next sentence: who spoke in this one, or is its subject, or spoke before."""
        sentence = _NUMBER.sub("", sentence)
        reports = _REPORTS.search(sentence) is not None
        if named is not None:
            goes_on = before is not None and before.reports and before.found == named.found
            return replace(named, reports=reports or goes_on)
        begins = _BEGINS.match(sentence)
        takes_over = before is None or not before.reports or reports
        if begins and not _HEARD.search(sentence) and takes_over:
            subject = self.resolved(inside[int(begins.group("n"))])
            return Speaker(subject, False, silent=True, reports=reports)
        return before

    def _explicit(self, sentence: str, inside: Sequence[Span], scope: Speaker | None) -> Speaker | None:
        """Who speaks according to a sentence: its subject."""
        match = _SUBJECT.match(sentence)
        if match is None or _PASSIVE.search(match.group()):
            return None
        found = inside[int(match.group("n"))]
        sender = _SENT_BY.search(sentence, match.start("n")) if self._is(found, "sent") else None
        if sender is not None:
            found = inside[int(sender.group("n"))]
        if found.kind == "council" and "figures" not in match.group():
            return None
        return Speaker(self.resolved(found, scope), False)

    def _replaces(self, speaker: Speaker, scope: Speaker) -> bool:
        """Whether a speaker named in a sentence replaces the section's source.

        A committee passes on what others say, so it stays the source.
        """
        if speaker.found.type in ("Role", "Partner", "Subgroup"):
            return True
        return not self._is(scope.found, "committee") and speaker.found.kind != "community"
