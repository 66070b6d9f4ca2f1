"""Tells posts by their words, and a post from the body that it belongs to."""

from __future__ import annotations

import re

from .finder import MentionFinder
from .names import written_out

_POST_START = re.compile(
    r"(?:Head|Director|Chief|Superintendent|Inspector|Cabinet Member|[Dd]etective|Deputy|Assistant)\b"
)
#: A council by its initials.
_COUNCIL = re.compile(r"[A-Z]{1,4}(?:BC|CC|DC)")


def is_post(name: str, finder: MentionFinder) -> bool:
    """Whether a whole name is a post's."""
    kind = finder.kind_of(name)
    return (kind is not None and kind.type == "Role") or bool(_POST_START.match(written_out(name)))


def post_alone(words: str, finder: MentionFinder) -> str:
    """A post without the body that it belongs to.

    'Superintendent for Harrowmere, Westmarch Police' is the Superintendent, and 'Operational Director, Enforcement'
    stays as it is.
    """
    head, comma, tail = (part.strip() for part in words.rpartition(","))
    if not comma or not is_post(head, finder):
        return words
    body = finder.kind_of(tail)
    known = body is not None and body.type == "Partner" and body.one_per_partnership
    return head if known or _COUNCIL.fullmatch(tail) else words
