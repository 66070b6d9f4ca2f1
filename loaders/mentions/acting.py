"""Finds bodies that no list knows, by what they are said to do: 'run by Turnstone', 'Lantern provides'."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .names import OPENERS

_NAME = r"(?P<name>[A-Z][a-z][\w’'-]*(?:\s(?:and\s|&\s|of\s|for\s)?[A-Z][\w’'-]+){0,3})"
_DOES = re.compile(
    rf"(?:^|[.;:]\s+|,\s+|\n|\b(?:and|that|which|while|but)\s+){_NAME}(?:,\s[^,.]{{3,40}},)?\s(?:(?:also|now|currently|jointly)\s)?"
    r"(?:(?:is|was|will be|has been)\s(?:leading|running|commissioned|delivering|providing)|provides?|delivers?|runs|will run|has run|hosts|leads|will lead|operates)\b"
)
_DONE_BY = re.compile(
    rf"\b(?:run|provided|delivered|operated|hosted|commissioned (?:from|to)|contracted to|awarded to|managed|owned|led)(?:\s(?:locally|jointly|now|currently))?\s(?:by|from|to)\s{_NAME}"
    rf"|\b(?:advisers?|IDVAs?|workers?|staff|service|team|contract)\s(?:at|with|of)\s(?P<name2>[A-Z][a-z][\w’'-]+)(?=[\s,.;])"
)
#: Capitalised words that are no body's name.
_NEVER = re.compile(
    r"^(?:The|This|That|These|Those|It|They|We|He|She|You|Who|What|Which|Each|Both|All|Our|Your|Their|There|Here|In|On|At|For|From|By|As|If|When|While|Where|Since|Until|After|Before|During|"
    r"Members?|Officers?|Partners?|Staff|People|Residents?|Everyone|Everybody|Nobody|Somebody|Priority|Pillar|Objective|Theme|Action|Item|Phase|Part|Section|Chapter|Table|Figure|Annex|Appendix|Page|Year|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Spring|Summer|Autumn|Winter|"
    r"North|South|East|West|Central|Government|Parliament|Cabinet|Council|Councillors?|Cllr|Chair|Committee|Board|Group|Panel|Forum|Partnership|Scrutiny|Safer|Community|Working|Prevention|Enforcement|"
    r"Funding|Training|Support|Delivery|Work|Crime|Safety|Violence|Act|Section|Children|Young|Women|Men|Victims?|Offenders?|Schools?|Police|Health|Housing|Mr|Mrs|Ms|Dr|Sir|Lady|Lord)\b"
)


def acting_names(text: str) -> Iterator[str]:
    """The names in `text` that stand where only a body can stand; known bodies are among them."""
    for pattern in (_DOES, _DONE_BY):
        for match in pattern.finditer(text):
            name = match.group("name") or match.groupdict().get("name2")
            if name and name.split()[0] not in OPENERS and not _NEVER.match(name) and not name.isupper():
                yield name
