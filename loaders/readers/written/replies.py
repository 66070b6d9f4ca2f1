"""Finds the claims in a reply that was copied out of a chat window: JSON among chatter, fences and half sentences.

A claims file is strict, since a program writes it. A reply is what a language model wrote and a person pasted: objects
are taken wherever they stand, one by one, in lists, or under a key such as "claims"; what is no JSON is passed over and
counted. A line with "document" alone, as every prompt asks for, says which document the claims after it are of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

#: Inside a claim's object nothing else begins a claim.
_OPENS = re.compile(r"[{\[]")
#: A comma behind the last entry, which JSON does not allow and models write.
_LAST_COMMA = re.compile(r",(\s*[}\]])")
#: How much text is looked at for one object, in characters.
_LONGEST = 20_000
_DECODER = json.JSONDecoder(strict=False)
#: The keys by one of which an object is a claim.
_CLAIMS = frozenset(("subject", "predicate", "object", "entity", "attribute", "same", "quote"))


@dataclass(slots=True)
class Reply:
    """What a reply holds."""

    claims: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  #: (line, claim as written), in order
    prompts: list[str] = field(default_factory=list)  #: the prompts that it answers
    unread: int = 0  #: lines that begin like JSON and are none


def read_reply(text: str, document: str = "") -> Reply:
    """Read a reply.

    Args:
        text: all of it.
        document: of which its claims are until it says otherwise.

    Returns:
        Its claims, each with its document where the reply tells one.

    """
    reply = Reply()
    for line, value in _values(text, reply):
        for found in _objects(value):
            if not found.keys() & _CLAIMS:
                if isinstance(found.get("document"), str):
                    document = found["document"]
                if isinstance(found.get("prompt"), str):
                    reply.prompts.append(found["prompt"])
                continue
            found.pop("prompt", None)
            reply.claims.append((line, {"document": document, **found} if document else found))
    return reply


def _values(text: str, reply: Reply) -> Iterator[tuple[int, Any]]:
    """Each JSON object or list of a text, with the line on which it begins; the outermost."""
    at = 0
    while (opening := _OPENS.search(text, at)) is not None:
        start = opening.start()
        try:
            value, at = _decoded(text, start)
        except (ValueError, RecursionError):
            end = text.find("\n", start)
            at = start + 1 if opening.group() == "[" else (len(text) if end < 0 else end)
            reply.unread += text[text.rfind("\n", 0, start) + 1 : start].strip() == "" and opening.group() == "{"
            continue
        yield text.count("\n", 0, start) + 1, value


def _decoded(text: str, start: int) -> tuple[Any, int]:
    """The value that begins at `start`, and where it ends.

    Raises:
        ValueError: it is no JSON, also without last commas.

    """
    try:
        return _DECODER.raw_decode(text, start)
    except ValueError:
        piece = text[start : start + _LONGEST]
        mended = _LAST_COMMA.sub(r" \1", piece)  # as long as before, so that its end is the text's
        if mended == piece:
            raise
        value, end = _DECODER.raw_decode(mended)
        return value, start + end


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a value: itself, those of a list, or those under a key that holds a list of objects."""
    if isinstance(value, list):
        for each in value:
            yield from _objects(each)
    elif isinstance(value, dict):
        lists = [v for k, v in value.items() if k != "same" and isinstance(v, list) and v and isinstance(v[0], dict)]
        if lists and not value.keys() & (_CLAIMS - {"quote"}):
            if isinstance(value.get("document"), str):
                yield {k: v for k, v in value.items() if isinstance(v, str)}
            for each in lists:
                yield from _objects(each)
        else:
            yield dict(value)
