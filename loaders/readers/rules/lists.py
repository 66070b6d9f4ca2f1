"""Reads list items and labelled fields: members, groups, what a priority takes in, 'Lead: Head of Housing'."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from ....ontology import slug
from ...claims import Claim, RelationClaim, Span
from ...formats.blocks import Block, Cell
from ...formats.tables import PROPER, names_in
from ...formats.tokens import sentences, squeezed
from ...mentions.finder import issues_of
from .work import Work, named_issues, with_attributes

_MEMBERS = re.compile(
    r"\b(?:made up of|members(?:hip)? (?:include|are|comprise|is)s?|comprises?|statutory (?:authorities|partners|members|bodies|agencies)|responsible authorities|"
    r"who belongs|who (?:is|are) on|partners (?:include|are)|organisations include|partner agencies|who we are|brings together|consists of)\b"
    r"|^(?:(?:our|the|core|full|board|partnership|other|key)\s+)*(?:members|membership|partners|partner organisations)\s*:?$",
    re.IGNORECASE,
)
_TAKES_IN = re.compile(
    r"^(?:(?:it|this|this priority|the priority|issues it)\s+)?(?:takes in|includes?|covers?|including|issues|focus(?:es)? on|we will tackle|which covers)\b.{0,40}:$",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"\b(?:sub-?groups?|groups|boards|tiers|structure|delivery groups|panels)\b", re.IGNORECASE)
_FIELD_LABELS = (
    r"(?:(?:Lead|Owner|SRO|Chair|Sponsor)(?: (?:officer|agency))? for (?:the |our )?[\w’' -]{3,40}|Lead(?: officer| agency| partner| body)?|Leads|Strategic lead|Operational lead|Owners?|Joint owners?|Owned by|Led by|Sponsor|Sponsored by|Responsible(?: officer| body)?|SRO|Delivered by|Delivery|Through|"
    r"Delivery group|Delivery board|Chair|Chaired by|Supported by|Partners|Action by)\s*:"
)
_FIELD = re.compile(
    rf"(?:(?<=^)|(?<=[\s(\[]))(?P<label>{_FIELD_LABELS})\s*(?P<value>(?:[^\n()\[\]]|\([^()\n]*\))+?)(?=\]|\s*\(joint\)|\.(?:\s|$)|\s+(?:{_FIELD_LABELS})|\)|\n|;\s+[A-Z]|$)",
    re.IGNORECASE,
)
_FIELD_FOR = re.compile(
    r"(?:Lead|Owner|SRO|Chair|Sponsor)(?: (?:officer|agency))? for (?:the |our )?(?P<what>[\w’' -]{3,40}?)\s*:",
    re.IGNORECASE,
)
_FIELD_PREDICATES = {"chair": "chairs", "chaired by": "chairs", "delivered by": "delivers", "delivery": "delivers", "through": "delivers", "delivery group": "delivers", "delivery board": "delivers", "group": "delivers",
                     "supported by": "supports", "partners": "supports"}  # fmt: skip
_LEADING = re.compile(r"^(?:Headline )?[Aa]ction\s*(?P<number>\d+(?:\.\d+)*)?\s*[:.–-]\s*(?P<name>.+)")
#: Who helps, in a field that names who leads.
_WITH = re.compile(
    r",?\s+(?:with(?: the)?(?: support of| help of)?|supported by|helped by|assisted by)\s+(?:the\s+|both\s+)?"
)
_WE_WILL = re.compile(
    r"^(?:\d+(?:\.\d+)*\.?\s+)?(?:We (?:will|shall)|The [Pp]artnership (?:will|shall))\s+(?P<number>(?!))?(?P<name>.+)",
    re.DOTALL,
)
_WILL_DO = re.compile(
    r"\b(?:we (?:will|shall|are going to|plan to|intend to)|partnership will|commitments?|actions)\b", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\s\((?P<who>[A-Z][^()]{2,90})\)\s*[;.]?\s*$")
#: How a commitment begins.
_PROMISE = re.compile(
    r"(?:(?:to|we will|we shall|continue to|and)\s+)?(?:reduce|tackle|prevent|address|identify|respond|train|raise awareness|educate|disrupt|target|stop|end|cut|protect|safeguard|work with|support victims|"
    r"improve|increase|combat|challenge|break|deal with|focus on|help|encourage|deter|lower|eliminate|minimi[sz]e)\w*\b",
    re.IGNORECASE,
)


def _last_sentence(text: str) -> str:
    ends = list(sentences(text))
    return text[slice(*ends[-1])] if ends else text


class ListReader:
    """Reads the list items and fields of one page.

    Args:
        work: the page, and what answers questions about it.

    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._page = work.page

    def item(self, index: int, block: Block) -> Iterator[Claim]:
        """Items of a list of members, of groups, or of a priority's issues: the words that introduce it, or the headings above, say which."""
        owned = self._owned_in_brackets(index, block)
        if owned is not None:
            yield from owned
            return
        promises = block.kind == "item" or (block.kind == "paragraph" and _WE_WILL.match(block.text))
        committed = self._committed(index, block) if promises else None
        if block.kind != "item" or len(block.text.split()) > 14 or block.intro is None:
            yield from committed or ()
            return
        chain = (
            [block.intro]
            if self._page.blocks[block.intro].kind != "heading"
            else [block.intro, *reversed(block.headings)][:3]
        )
        texts = [_last_sentence(squeezed(self._page.blocks[i].text)) for i in chain]
        if _TAKES_IN.search(texts[0]):
            yield from self._takes_in(index, block)
            return
        if committed is not None:
            yield from committed
            return
        bodies = [m for m in self._page.mentions[index] if m.type in ("Partner", "Subgroup")]
        whole = block.text.strip(" .;,")
        if any(_MEMBERS.search(t) and len(t) < 160 for t in texts[:2]) and not re.search(r"[.?]$", whole):
            partners = [m for m in bodies if m.type == "Partner"]
            several = self._listed_together(block, partners)
            body = several[0] if several else self._first_or_longest(block, partners)
            if body is None:
                body = self._of_kind(block, whole)
            if body is None or re.match(
                r"[^(–-]{2,}?\s(?:formerly|previously)\b", block.text[: body.start - block.start]
            ):
                body = self._unknown_body(block, whole)
            if body is not None:
                above = [*chain[:1], *self._introducing(block.intro), *chain[1:]]
                target = next(
                    (m for i in above for m in self._page.mentions[i] if m.type in ("Subgroup", "Partnership")), None
                )
                target = target or self._page.partnership()
                for member in several or [body]:
                    yield RelationClaim(
                        member, "member_of", target, block.start, block.end, "listed-member", assumed=target.start == 0
                    )
                former = next(
                    (
                        m
                        for m in partners
                        if re.search(r"\b(?:formerly|previously)\W*$", block.text[: m.start - block.start])
                    ),
                    None,
                )
                if former is not None:
                    yield RelationClaim(former, "renames", body, block.start, block.end, "formerly")
        elif bodies and bodies[0].type == "Subgroup" and _GROUPS.search(texts[0]) and bodies[0].start - block.start < 6:
            target = self._page.partnership()
            if bodies[0].key != "partnership-board" or len(bodies[0].label) > 4:
                yield RelationClaim(bodies[0], "part_of", target, block.start, block.end, "listed-group", assumed=True)

    def fields(self, index: int, block: Block) -> Iterator[Claim]:
        """'Lead: Head of Housing' below a heading that names a priority, or behind an action on the same line."""
        for match in _FIELD.finditer(block.text):
            target, claims = self._field_target(index, block, match.start())
            yield from claims
            if target is not None:
                yield from self._field(match, target, block)

    def cell_fields(self, cell: Cell, target: Span) -> Iterator[Claim]:
        """Read the fields in a cell: 'Owner: Head of Housing' below the name of a priority."""
        for match in _FIELD.finditer(cell.text):
            yield from self._field(match, target, cell)

    def _field(self, match: re.Match[str], target: Span, place: Block | Cell) -> Iterator[Claim]:
        value = Cell(place.start + match.start("value"), place.start + match.end("value"), match.group("value"))
        cue = "field-" + slug(match.group("label").partition(" for ")[0])
        return self._owners(value, _predicate(match), target, place, cue)

    def _owners(self, value: Cell, predicate: str, target: Span, place: Block | Cell, cue: str) -> Iterator[Claim]:
        """Whom a field names; those behind 'with' or 'supported by' help."""
        helped = _WITH.search(value.text)
        parts = [(value, predicate)]
        if helped is not None:
            end = value.start + helped.start()
            parts = [(Cell(value.start, end, value.text[: helped.start()]), predicate)]
            parts.append((Cell(value.start + helped.end(), value.end, value.text[helped.end() :]), "supports"))
        for part, relation in parts:
            for name, _ in names_in(
                part, self._work.owners.is_body, self._work.owners.is_post, self._work.owners.is_one
            ):
                body = self._work.owners.body_of(name, relation)
                if body is not None:
                    actual = "leads" if relation == "delivers" and body.type != "Subgroup" else relation
                    yield RelationClaim(body, actual, target, place.start, place.end, cue)

    def _takes_in(self, index: int, block: Block) -> Iterator[Claim]:
        """'Takes in:' below a heading that names a priority: each item's issues are what it addresses."""
        for above in reversed(block.headings):
            for priority, found in self._page.priorities:
                if priority.block == above:
                    for issue in (i for m in self._page.mentions[index] for i in issues_of(m)):
                        yield RelationClaim(found, "addresses", issue, block.start, block.end, "listed-under-priority")
                    return

    def _owned_in_brackets(self, index: int, block: Block) -> list[Claim] | None:
        """'mark 500 quad bikes (Rural Crime Team)': a commitment with its owner behind it; None where it is none."""
        match = _IN_BRACKETS.search(block.text)
        headed = self._page.headed_by(index)
        introduced = block.intro is not None and bool(_WILL_DO.search(self._page.blocks[block.intro].text))
        if match is None or block.kind != "item" or (headed is None and not introduced):
            return None
        first = re.split(r"[;,]", match.group("who"))[0].strip()
        if not (self._work.owners.is_body(first) or (PROPER.match(first) and " " in first)):
            return None
        schemes = [m for m in self._page.mentions[index] if m.type == "Action" and m.end <= block.start + match.start()]
        lead = re.match(r"(?:We will|We shall|To)\s+", block.text)
        skip = lead.end() if lead else 0
        words = re.split(r",\s+(?:so as|so that|to|with|which|who|in order)\b", block.text[skip : match.start()])[
            0
        ].rstrip(" .;,")
        name = squeezed(words)
        own = Span("Action", slug(name)[:80], name, block.start + skip, block.start + skip + len(words), 1)
        target = schemes[0] if schemes else own
        paid = re.sub(r";[^;]*\bpay(?:s|ing)\b.*$", "", match.group("who"))
        value = Cell(block.start + match.start("who"), block.start + match.start("who") + len(paid), paid)
        claims = list(self._owners(value, "leads", target, block, "owner-in-brackets"))
        if not schemes:
            claims += named_issues(self._page, own, "action-named-after-issue")
        return claims + (self._committed(index, block) or [])

    @staticmethod
    def _listed_together(block: Block, partners: list[Span]) -> list[Span]:
        """'Council - Office of the Police and Crime Commissioner': an item that is two columns run together."""
        gaps = [block.text[a.end - block.start : b.start - block.start] for a, b in itertools.pairwise(partners)]
        return (
            partners if gaps and all(re.fullmatch(r"\s*(?:[-–—;/|]|\s{3,})\s*(?:the\s+)?", gap) for gap in gaps) else []
        )

    @staticmethod
    def _first_or_longest(block: Block, partners: list[Span]) -> Span | None:
        """The member that an item names: the one before a bracket, else the one with the longest name."""
        if not partners:
            return None
        opens = block.text.find("(")
        before = [m for m in partners if opens > 0 and m.end <= block.start + opens]
        return before[0] if before else max(partners, key=lambda m: m.end - m.start)

    def _committed(self, index: int, block: Block) -> list[Claim] | None:
        """'We will: reduce deliberate fires': what a priority's list promises, the priority addresses.

        None where it is no promise, or a scheme is named that addresses it.
        """
        headed = self._page.headed_by(index)
        mentions = self._page.mentions[index]
        if headed is None or not _PROMISE.match(block.text) or any(m.type == "Action" for m in mentions):
            return None
        return [
            RelationClaim(headed, "addresses", issue, block.start, block.end, "promised-under-priority")
            for issue in (i for m in mentions for i in issues_of(m))
        ]

    def _introducing(self, index: int) -> list[int]:
        """The paragraph that introduces the sub-headings of a list: 'The Board is made up of:', 'Statutory members', ..."""
        heading = self._page.blocks[index]
        for i in range(index - 1, max(-1, index - 40), -1) if heading.kind == "heading" else ():
            block = self._page.blocks[i]
            if block.kind == "paragraph":
                return [i] if block.text.rstrip().endswith(":") and _MEMBERS.search(block.text) else []
            if block.kind == "heading" and block.level < heading.level:
                break
        return []

    def _named_in_label(self, index: int, block: Block, label: re.Match[str]) -> Span | None:
        """'Lead for the Duty: ...' under 'Serious Violence Duty: our response' is the lead for the Serious Violence Duty."""
        start, end = block.start + label.start("what"), block.start + label.end("what")
        for mention in self._page.mentions[index]:
            if (
                mention.start >= start
                and mention.end <= end
                and mention.type in ("Subgroup", "Priority", "Action", "Issue")
            ):
                return mention
        words = squeezed(label.group("what"))
        for above in reversed(block.headings):
            heading = self._page.blocks[above]
            full = re.search(rf"\b(?:[A-Z][\w’'-]+ )+{re.escape(words)}\b", heading.text)
            if full:
                at = heading.start + full.start()
                return Span("Action", slug(full.group()), full.group(), at, heading.start + full.end(), 1)
        return Span("Action", slug(words), words, start, end, 0) if words[:1].isupper() else None

    def _of_kind(self, block: Block, whole: str) -> Span | None:
        """'probation': in a list of members a kind of body is meant, also without a capital."""
        kind = self._page.finder.kind_of(whole)
        if kind is None or kind.type != "Partner":
            return None
        lead = len(block.text) - len(block.text.lstrip())
        key = slug(whole) if kind.name_as_written else kind.id
        return Span(
            "Partner",
            key,
            whole if kind.name_as_written else kind.label,
            block.start + lead,
            block.start + lead + len(whole),
            0,
            kind.id,
        )

    def _unknown_body(self, block: Block, whole: str) -> Span | None:
        """A name that no list knows, in a list of members, is a body."""
        lead = len(block.text) - len(block.text.lstrip())
        words = re.split(r"\s+(?:formerly|\(|–|-\s)", whole.strip())[0].strip()
        if (
            not words
            or not words[0].isupper()
            or len(words.split()) > 8
            or re.search(r"\b(?!and\b|of\b|for\b|the\b|in\b|on\b|to\b)[a-z]\w+", words)
        ):
            return None
        return Span("Partner", slug(words), words, block.start + lead, block.start + lead + len(words), 1)

    def _field_target(self, index: int, block: Block, at: int) -> tuple[Span | None, list[Claim]]:
        """What a field is about, and what finding it out says by itself."""
        label = _FIELD_FOR.match(block.text, at)
        if label is not None:
            return self._named_in_label(index, block, label), []
        before = block.text[:at].strip(" .;–-(*[")
        if block.text[:at].rstrip().endswith("("):
            inside = [
                m
                for m in self._page.mentions[index]
                if m.end <= block.start + at and m.type in ("Subgroup", "Priority", "Action")
            ]
            return (inside[-1] if inside else None), []
        before = re.sub(rf"\s*{_FIELD_LABELS}.*$", "", before, flags=re.IGNORECASE | re.DOTALL)
        scheme = [m for m in self._page.mentions[index] if m.type == "Action" and m.end <= block.start + at]
        promise = _WE_WILL.match(before)
        if promise and scheme:
            return scheme[-1], []
        action = promise or _LEADING.match(before)
        if action or len(before.split()) > 3:
            name = squeezed((action.group("name") if action else before).strip(" .*"))
            start = block.start + block.text.index((action.group("name") if action else before)[:12])
            found = Span(
                "Action",
                slug(name),
                name,
                start,
                start + len((action.group("name") if action else before).rstrip(" .*")),
                1,
            )
            claims = list(with_attributes(found, number=action.group("number") if action else None))
            return found, claims + named_issues(self._page, found, "action-named-after-issue")
        for above in reversed(block.headings):
            for priority, found in self._page.priorities:
                if priority.block == above:
                    return found, []
            for mention in self._page.mentions[above]:
                if mention.type in ("Subgroup", "Priority", "Action"):
                    return mention, []
        return None, []


def _predicate(field: re.Match[str]) -> str:
    return _FIELD_PREDICATES.get(field.group("label").lower().rstrip(" :"), "leads")
