"""Finds schemes, operations and orders by the shape of their names: 'Operation Lantern', 'PSPO for Quillgate'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...ontology import slug
from ..claims import Span
from ..formats.tokens import squeezed

_CAP = r"[A-Z][\w’'-]*"
_PATTERNS = (
    re.compile(
        r"\b(?:Integrated Offender Management|IOM|Best Bar None|Ask for Angela|Clear,? Hold,? Build|Purple Flag|Immediate Justice|Community Payback|Safer Streets Fund)\b"
    ),
    re.compile(rf"\b(?:Operation|Project|Op)\s+{_CAP}(?:\s+{_CAP})?"),
    re.compile(
        rf"\b(?:{_CAP}\s+(?:and\s+|&\s+|of\s+)?){{0,3}}(?:(?:town|city) centre |borough-?wide |district-?wide |alcohol |dog control )?(?:PSPO|Public Spaces? Protection Order)(?:\s+for\s+{_CAP}(?:\s+(?:{_CAP}|town centre))*)?"
    ),
    re.compile(
        rf"\b(?:{_CAP}\s+(?:and\s+|&\s+)?){{1,4}}(?:[Ss]cheme|[Ii]nitiative|[Cc]ampaign|[Pp]rogramme|[Pp]roject)\b"
    ),
    re.compile(
        r"[‘“\"](?P<name>[A-Z][^’”\"\n]{2,50})[’”\"](?=\s+(?:service|scheme|project|campaign|programme|initiative)\b|,?\s+(?:at which|which gives|where pupils))"
    ),
    re.compile(
        r"(?<![\w’'] )(?<![\w’'])(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|of|the|for|on|to|it)){0,4})(?=,? (?:is )?(?:a|an|our|the) (?:[\w-]+ ){0,4}?(?:programme|scheme|project|initiative|campaign|course|pilot)\b)"
    ),
    re.compile(
        r"\b(?:deliver|continue|expand|launch|extend|introduce|run|promote|support|with|called|through|of) (?P<name>[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|of|the|for|on|to|it)){0,4})"
        r"(?=, (?:a|an|our|the) (?:[\w-]+ ){0,4}?(?:programme|scheme|project|initiative|campaign|course|pilot)\b)"
    ),
    re.compile(r"\b(?P<name>(?:hotspot|high-visibility|high visibility|reassurance|joint) patrols)\b"),
    re.compile(r"\b(?P<name>(?:[a-z’'-]+\s+(?:and\s+)?){1,5}action plan)\b"),
)
#: A piece of work that somebody does, where the words beside it say who: 'is leading the roll-out of naloxone'.
_WORK = (
    r"(?:[a-z0-9-]+\s){0,2}?(?:roll-?out|reviews?|refresh|redesign|procurement|re-?commissioning|re-?tendering|re-?tender|delivery|development|implementation|redevelopment|design|pilot|installation|recruitment|"
    r"mapping|evaluation|audit|refurbishment|launch|drafting|production|preparation|bid|plan|protocol|procedure|action plan|toolkit|training|programme|campaign|refuge|helpline|hub|clinic|drop-in|shelter|reporting centres?|outreach service|support service|mentoring scheme|mentoring service)"
    r"(?:\s(?:of|for|on|to)\s(?:the\s|a\s|an\s|new\s|our\s|its\s)?[a-z][\w’'-]*(?:\s(?!and\b|or\b|by\b|with\b|in\b|at\b|before\b|from\b|until\b|which\b|that\b|who\b|is\b|was\b|will\b|to\b)[\w’'-]+){0,5})?"
)
_WORK_LED = re.compile(
    rf"\b(?:lead|leads|leading|led|run|runs|running|own|owns|responsible for|oversees?|overseeing|manages?|managing|co-?ordinat(?:e|es|ing)|bring|produce|deliver|complete)(?: on)? (?:the|a|an|its|their|our|two|three|four|five|six|seven|eight|nine|ten) "
    rf"(?P<name>{_WORK})(?: and (?:the |a |an )?(?P<name2>{_WORK}))?"
)
_WORK_OWNED = re.compile(
    rf"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Oo]ur) (?P<name>(?:[a-z-]+\s){{0,2}}?{_WORK})(?=(?:,? which [^,.]{{3,50}},)? (?:is|are|was|were|will be|would be|being|to be) (?:now |jointly |currently )?(?:led|run|owned|managed|overseen|taken forward|co-?ordinated) by\b)"
)
#: 'Safer Routes Home will relight the underpass. ... the scheme': a name that is known for a scheme's only by what follows.
_CALLED_LATER = re.compile(
    r"(?:^|(?<=[.!?:;]\s)|(?<=\n))(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|of|the|for|on|to|it)){1,3}) (?:will|is|has|was|aims|helps|offers|gives)\b(?=[^\n]{0,420}?\b[Tt]he (?:scheme|project|programme|initiative|campaign|pilot)\b)"
)
_LEAD = re.compile(
    r"^(?:(?:The|A|An|Under|This|Our|Its|Their|the|a|our|with|on|of|for|in|to|and|far|have|got|from|how|we|by)\s+)+"
)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme's name, and where it stands."""

    label: str
    start: int
    end: int


def find_schemes(text: str, offset: int) -> Iterator[Scheme]:
    """The schemes that `text` names; `offset` is where it begins in the canonical text."""
    for pattern in (*_PATTERNS, _CALLED_LATER):
        for match in pattern.finditer(text):
            group = "name" if "name" in pattern.groupindex else 0
            words = match.group(group)
            lead = _LEAD.match(words)
            skip = lead.end() if lead else 0
            label = squeezed(words[skip:]).replace("IOM", "Integrated Offender Management")
            if len(label.split()) > 1 or label in ("IOM", "PSPO", "Public Spaces Protection Order") or group == "name":
                yield Scheme(label, offset + match.start(group) + skip, offset + match.end(group))


def with_works(sentence: str, offset: int, inside: Sequence[Span]) -> list[Span]:
    """The mentions of a sentence with the pieces of work that it says somebody leads, each an action.

    Args:
        sentence: its words.
        offset: where it begins in the canonical text.
        inside: its other mentions; the issues among them that stand in a work's name become a part of it.

    """
    found = list(inside)
    for pattern in (_WORK_LED, _WORK_OWNED):
        for match in pattern.finditer(sentence):
            for group in ("name", "name2"):
                if not match.groupdict().get(group):
                    continue
                start, end = offset + match.start(group), offset + match.end(group)
                within = [m for m in found if m.start < end and m.end > start]
                if any(m.type not in ("Issue", "Mask") or m.end > end or m.start < start for m in within):
                    continue
                name = squeezed(match.group(group))
                issues = tuple(m for m in within if m.type == "Issue")
                found = [m for m in found if m not in within]
                found.append(Span("Action", slug(name)[:80], name, start, end, 0, None, issues))
    return sorted(found, key=lambda m: m.start)
