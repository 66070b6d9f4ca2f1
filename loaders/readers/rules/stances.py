"""What stance a sentence takes on an issue that it names, and whether it asks for a change."""

from __future__ import annotations

import itertools
import re

_DECREASE = re.compile(
    r"\b(?:(?:has|have|had) not (?:increased|risen|gone up)|not (?:increased|risen)|fell|fallen|has dropped|have dropped|decreas\w+|lower than|stood lower|"
    r"(?:has|have|had|were|was|are|is) (?:also )?(?:reduced|down|lower)|gone down|come down|fewer (?:cases|reports|incidents)|reductions? in)\b",
    re.IGNORECASE,
)
_WANTED_BACK = re.compile(
    r"\b(?:felt to have|visibility|presence|confidence|lighting|funding|officers)\b", re.IGNORECASE
)
_REQUEST = re.compile(
    r"\b(?:ask(?:ed|s)? ⟦\w+⟧ for|need(?:s|ed)? to|needs?|a need for|the need for|need for|should|must|ought to|asked for|asked that|ask(?:ed|s|ing)? (?:(?:all|the|its|their|our|for) )?(?:⟦\w+⟧|members|partners|officers|colleagues|everyone|agencies|councillors|volunteers) to|requested?|requests|call(?:ed|ing|s)? (?:for|on)|"
    r"want(?:s|ed)?(?! to (?:talk|speak|know|discuss|raise|hear))|would like|urge[ds]?|recommend(?:s|ed)? that|suggest(?:s|ed)? that|propos(?:es|ed) that|demanded|demands? that|pressed for|wished)\b",
    re.IGNORECASE,
)
_NOBODY_ASKS = re.compile(
    r"\b(?:none|nobody|no one|no-one)\b[^.]{0,50}\b(?:asked|requested|wanted|called)\b", re.IGNORECASE
)
_SUPPORT = re.compile(
    r"\b(?:in support|support(?:s|ed|ive)?|in favour|welcom(?:e|ed|es)|praised?|pleased|backs|backed|back(?= (?:the|this|these|it|more|our)\b)|commend(?:ed|s)?|paid tribute|agreed? with|good idea|best thing)\b",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\b(?:reported|explained|figures|told|heard that|advised|stated|said that|data|show(?:s|ed)?|presented|updated)\b",
    re.IGNORECASE,
)
_WORRY = re.compile(
    r"\b(?:concern\w*|worr\w+|uneasy|afraid|fear\w*|problem\w*|issue|issues|complain\w*|alarm\w*|drew attention|raised|warn\w*|unsafe|"
    r"never (?:heard|hear|got|get|received)|bothers?|minded|disappoint\w*|surprised|rise in|increase in|emergence|lack of|asked (?:about|who|why|how|whether|what|(?:a (?:range|number|series|variety) of |several |some |further )?questions)|questions? (?:on|about|were|was|included|covered|which|that)|queried|questioned)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\b(?:asked (?:whether|who|why|how|what|when|if|about)|queried|questioned)\b|\?\s*$", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:no (?:mention|discussion|reports?|concerns?|complaints?|evidence) (?:of|about|was)|did not (?:discuss|mention|raise)|was not (?:raised|discussed)|nothing (?:was said )?about)\b",
    re.IGNORECASE,
)

_CLAUSE = re.compile(
    r"[;:]\s+|,?\s+(?:but|while|whilst|whereas|although|though|however)\s+|,\s+and\s+(?=(?:the|there|a|an|that)\s)|\s+and\s+(?=[A-Z⟦])(?=[^,;.]{3,60}?\s(?:discussed|had|has|have|was|were|is|are|rose|said)\b)"
)
_RISE = re.compile(
    r"\b(?:increas\w+|risen|rose|rising|gone up|went up|up by|higher|more (?:cases|reports|incidents))\b", re.IGNORECASE
)
_IMPERATIVE = re.compile(
    r"^[\s“\"‘']*(?:Please|Mend|Fix|Stop|Send|Bring|Put|Get|Give|Make|Open|Close|Keep|More|Let|Do|Clean|Clear|Light|Repair|Remove|Ban|Enforce|Install)\b"
)

_INTROS = {
    "request": re.compile(
        r"\b(?:requested|asked for|asked that|recommended|recommendations?|called for|wanted|would like|urged|suggested|requests)\b[^.]{0,60}:\s*$",
        re.IGNORECASE,
    ),
    "support": re.compile(r"\b(?:welcomed|praised|supported|commended|were pleased)\b[^.]{0,60}:\s*$", re.IGNORECASE),
    "concern": re.compile(r"\b(?:concern\w*|worried|uneasy|questioned|asked)\b[^.]{0,60}:\s*$", re.IGNORECASE),
}


def stance_of(sentence: str, *, in_scope: bool, quoted: bool = False) -> str | None:
    """The stance of a sentence in which a source speaks; None where it says that an issue did not come up.

    A sentence that asks for something counts as a request, also where it worries or says that things got better.

    Args:
        sentence: its words, with or without tokens for mentions.
        in_scope: whether it stands among a source's feedback, where a bare topic is a worry.
        quoted: whether it is somebody's own words, in which 'Mend the gates' asks for something.

    """
    if _DENIED.search(sentence) and not re.search(r"surprised|concern", sentence, re.IGNORECASE):
        return None
    if asks_for_change(sentence) or (quoted and _IMPERATIVE.match(sentence)):
        return "request"
    if _DECREASE.search(sentence) and not _WANTED_BACK.search(sentence):
        return "decrease"
    if _WORRY.search(sentence):
        return "concern"
    if _SUPPORT.search(sentence):
        return "support"
    return "concern" if in_scope and not _REPORTING.search(sentence) else "reported"


def stance_in_clause(sentence: str, at: int, whole: str) -> str:
    """The stance towards an issue at `at` of a sentence whose stance is `whole`: what went down is said in its own clause."""
    if whole != "decrease":
        return whole
    edges = [0, *(m.end() for m in _CLAUSE.finditer(sentence)), len(sentence)]
    start, end = next(((a, b) for a, b in itertools.pairwise(edges) if a <= at < b), (0, len(sentence)))
    if _DECREASE.search(sentence, start, end):
        return whole
    return "concern" if _WORRY.search(sentence, start, end) or _RISE.search(sentence, start, end) else "reported"


def stance_by_intro(intro: str, item: str) -> str | None:
    """The stance of an item that words such as 'Members welcomed:' introduce; None where these do not say."""
    for stance, pattern in _INTROS.items():
        if pattern.search(intro):
            return (
                "decrease"
                if stance == "support" and _DECREASE.search(item) and not _WANTED_BACK.search(item)
                else stance
            )
    return None


def asks_for_change(sentence: str) -> bool:
    """Whether the sentence asks for something to be done, rather than who does it."""
    return bool(_REQUEST.search(sentence)) and not _QUESTION.search(sentence) and not _NOBODY_ASKS.search(sentence)
