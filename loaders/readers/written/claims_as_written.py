"""Claims of readers in the form of claims files, so that they can be seen, edited and loaded again."""

from __future__ import annotations

import json
import re
from typing import Any

from ....graph import Document
from ...claims import AttributeClaim, Claim, EntityClaim, RelationClaim, SameClaim, Span, WrittenClaim
from ...formats.tokens import squeezed
from ...outcomes import Outcome

#: How far from a name the value of its attribute is looked for, in characters.
_REACH = 1_000
#: How much of the text before a quote tells it from other places of the same words.
_PREFIX = 60


def as_line(outcome: Outcome, document: Document) -> dict[str, Any]:
    """A claim as a line of a claims file, with what became of it under 'outcome'.

    Args:
        outcome: the claim and what became of it.
        document: the document, with its text.

    """
    claim = outcome.claim
    if isinstance(claim, WrittenClaim):
        written = json.loads(claim.written)
        line = written if isinstance(written, dict) else {"line": written}
        line |= {"reader": claim.reader, "cue": claim.cue} if claim.kind else {}
    else:
        line = _line(claim, document)
    became = {
        "status": outcome.status,
        "probability": outcome.probability,
        "reason": outcome.why.partition("; nearest: ")[0],
        "nearest": outcome.nearest,
    }
    return {**line, "outcome": became}


def words_of(claim: Claim | WrittenClaim, document: Document) -> str:
    """The words by which a claim says what it says, in one line."""
    if isinstance(claim, WrittenClaim):
        return squeezed(claim.quote)
    start, end = _place(claim, document.text or "")
    return squeezed((document.text or "")[start:end])


def _line(claim: Claim, document: Document) -> dict[str, Any]:
    text = document.text or ""
    start, end = _place(claim, text)
    line: dict[str, Any] = {"document": document.path, "quote": text[start:end]}
    if text.find(text[start:end]) < start:
        line["prefix"] = squeezed(text[max(0, start - _PREFIX) : start])
    if isinstance(claim, RelationClaim):
        line |= {
            "subject": _name(claim.subject, text),
            "predicate": claim.predicate,
            "object": _name(claim.object, text),
        }
        line |= {"stance": claim.stance} if claim.stance else {}
        line |= {"assumed": True} if claim.assumed else {}
        line["cue"] = claim.cue
    elif isinstance(claim, SameClaim):
        line["same"] = [_name(claim.left, text), _name(claim.right, text)]
    else:
        line["entity"] = _name(claim.entity, text)
        line |= {"attribute": claim.name, "value": claim.value} if isinstance(claim, AttributeClaim) else {}
    return {**line, "score": claim.score, "reader": claim.reader}


def _place(claim: Claim, text: str) -> tuple[int, int]:
    """Where the words of a claim stand; (0, 0) where it rests on none, as a plan that the document does not call so."""
    if isinstance(claim, RelationClaim | SameClaim):
        return claim.start, claim.end
    found = claim.entity
    start, end = found.start, found.end
    if start == end:
        start = max(0, text.find(found.label))
        end = start + len(found.label) if text.startswith(found.label, start) else start
    if isinstance(claim, EntityClaim) or start == end:
        return start, end
    places = re.compile(rf"(?<!\w){re.escape(claim.value)}(?!\w)").finditer(text, max(0, start - _REACH), end + _REACH)
    nearest = min(
        (each.span() for each in places), key=lambda at: (max(start - at[1], at[0] - end, 0), at), default=(start, end)
    )
    return min(start, nearest[0]), max(end, nearest[1])


def _name(found: Span, text: str) -> dict[str, str]:
    """A thing as the document calls it there; by its label where it says 'it', or nothing."""
    called = squeezed(text[found.start : found.end]) if found.end > found.start and found.rank >= 0 else ""
    return {"type": found.type, "name": called or found.label}
