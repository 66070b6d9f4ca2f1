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
#: An object that only holds a list of claims: where it breaks off, what is whole in its list counts.
_WRAPPER = re.compile(r'\{(?:\s*"\w+"\s*:\s*"[^"]*"\s*,){0,4}\s*"(?!same")\w+"\s*:\s*(?=\[\s*\{)')
#: So many brackets in brackets hold no claim; only the innermost are looked at.
_RUN = re.compile(r"\[{20,}")
#: How much text is looked at for one object, in characters.
_LONGEST = 20_000
_DECODER = json.JSONDecoder(strict=False)
#: How many lists and objects may be inside one another.
DEEPEST = 10
#: The keys by one of which an object is a claim.
_CLAIMS = frozenset(("subject", "predicate", "object", "entity", "attribute", "same", "quote"))


@dataclass(slots=True)
class Reply:
    """What a reply holds."""

    claims: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  #: (line, claim as written), in order
    unread: int = 0  #: lines that begin like JSON and are none
    signed: bool = False  #: it has a line by which a person signs a file of claims
    is_json: bool = False  #: it has at least one JSON object or list, if only an empty one


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
        reply.is_json = True
        for found in _objects(value):
            if not found.keys() & _CLAIMS:
                if isinstance(found.get("document"), str):
                    document = found["document"]
                reply.signed |= found.keys() == {"trusted"}
                continue
            found.pop("prompt", None)
            reply.claims.append((line, {"document": document, **found} if document else found))
    return reply


def _values(text: str, reply: Reply) -> Iterator[tuple[int, Any]]:
    """Each JSON object or list of a text, with the line on which it begins; the outermost."""
    at, line, counted, inside = 0, 1, 0, False
    while (opening := _OPENS.search(text, at)) is not None:
        start = opening.start()
        line, counted = line + text.count("\n", counted, start), start
        is_object = opening.group() == "{"
        try:
            value, at = _decoded(text, start, mend=is_object)
        except (ValueError, RecursionError):
            if (wrapper := _WRAPPER.match(text, start)) is not None:
                at, inside = wrapper.end(), True
                continue
            end = text.find("\n", start)
            at = start + 1 if inside or not is_object else (len(text) if end < 0 else end)
            if (run := _RUN.match(text, start)) is not None:
                at = max(at, run.end() - DEEPEST)
            before = text[text.rfind("\n", 0, start) + 1 : start].rstrip()
            reply.unread += is_object and (not before.endswith(":") if inside else not before)
            continue
        yield line, value


def _decoded(text: str, start: int, *, mend: bool) -> tuple[Any, int]:
    """The value that begins at `start`, and where it ends.

    Args:
        text: the reply.
        start: of the value.
        mend: also without last commas.

    Raises:
        ValueError: it is no JSON, or is nested too deeply for a claim.

    """
    try:
        value, end = _DECODER.raw_decode(text, start)
    except ValueError:
        piece = text[start : start + _LONGEST]
        mended = _LAST_COMMA.sub(r" \1", piece)  # as long as before, so that its end is the text's
        if not mend or mended == piece:
            raise
        value, length = _DECODER.raw_decode(mended)
        end = start + length
    if deeper(value, DEEPEST):
        raise ValueError("nested too deeply")
    return value, end


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


def deeper(value: Any, levels: int) -> bool:
    """Whether a value of JSON holds more levels of lists and objects than that."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return inner is not None and (levels == 0 or any(deeper(each, levels - 1) for each in inner))
