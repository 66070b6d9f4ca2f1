"""Marked documents with other names: partners, groups, posts, issues and sources replaced by others of their type.

So the network learns manners of writing rather than names. A name is replaced in the same way all through a document,
in each of its forms: the full name, a short one, initials.
"""

from __future__ import annotations

import copy
import random
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import markup

#: How many of the names of each type are replaced.
_SHARE = {"Partner": 0.6, "Subgroup": 0.5, "Role": 0.5, "Issue": 0.5, "Source": 0.4}
_SHORT_FORM = re.compile(r"[A-Z][A-Za-z]{0,2}[A-Z]{1,4}s?$")
_MARKS = re.compile(r"[<>&|{}\n*#_]")
_SMALL = frozenset(("and", "of", "the", "for", "to", "in"))
_LOWER = frozenset(("Issue", "Source", "Role"))
_TRIES = 30

Form: TypeAlias = Literal["initials", "full", "word"]
#: The names of one thing by their form.
_Forms: TypeAlias = dict[Form, list[str]]


def swapped(documents: Sequence[markup.Document], seed: int) -> list[markup.Document]:
    """Copies of the documents with other names, always the same for a seed."""
    chance = random.Random(seed)
    pool = _pool(documents)
    return [_replaced(document, _chosen(document, pool, chance)) for document in documents]


def _form(words: str) -> Form:
    if _SHORT_FORM.match(words):
        return "initials"
    return "full" if len(words.split()) > 1 else "word"


def _initials(words: str) -> str:
    return "".join(w[0] for w in re.findall(r"[A-Za-z]+", words) if w.lower() not in _SMALL)[:6].upper()


def _innermost(document: markup.Document) -> list[dict[str, Any]]:
    """The mentions that hold no other."""
    return [
        m
        for m in document.mentions
        if not any(o is not m and o["start"] >= m["start"] and o["end"] <= m["end"] for o in document.mentions)
    ]


def _names(document: markup.Document) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for m in document.mentions:
        if not m["loose"]:
            found[m["id"]].append(m["words"])
    return found


def _pool(documents: Sequence[markup.Document]) -> dict[str, list[_Forms]]:
    """What names may be replaced by, by type."""
    pool: dict[str, list[_Forms]] = {type_: [] for type_ in _SHARE}
    for document in documents:
        innermost = {(m["start"], m["end"]) for m in _innermost(document)}
        for mark, names in _names(document).items():
            type_, longest = document.types[mark], max(names, key=len)
            places = [(m["start"], m["end"]) for m in document.mentions if m["id"] == mark and not m["loose"]]
            plain = not _MARKS.search(longest) and len(longest.split()) < 9
            if type_ in _SHARE and plain and innermost.issuperset(places):
                forms: _Forms = {"initials": [], "full": [], "word": []}
                for name in names:
                    if not _MARKS.search(name) and len(name.split()) < 9:
                        forms[_form(name)].append(name)
                pool[type_].append(forms)
    return pool


def _chosen(
    document: markup.Document, pool: dict[str, list[_Forms]], chance: random.Random
) -> dict[str, dict[Form, str | None]]:
    """The new names of a document's things, by mark."""
    chosen: dict[str, dict[Form, str | None]] = {}
    for mark, names in _names(document).items():
        type_ = document.types[mark]
        if type_ not in _SHARE or chance.random() > _SHARE[type_]:
            continue
        forms = {_form(name) for name in names}
        for _ in range(_TRIES):
            other = chance.choice(pool[type_])
            full = max(other["full"], key=len) if other["full"] else None
            short = _initials(full) if full else ""
            fits = (
                ("full" not in forms or full)
                and ("word" not in forms or other["word"] or other["initials"])
                and ("initials" not in forms or other["initials"] or len(short) > 1)
            )
            if fits:
                chosen[mark] = {
                    "full": full,
                    "word": (other["word"] or other["initials"] or [None])[0],
                    "initials": (other["initials"] or [short or None])[0],
                }
                break
    return chosen


def _replaced(document: markup.Document, chosen: dict[str, dict[Form, str | None]]) -> markup.Document:
    copied = copy.deepcopy(document)
    out: list[str] = []
    at = shift = 0
    changes: list[tuple[int, int, int, int]] = []  #: (start, end, shift before it, new length)
    for m in sorted((m for m in _innermost(document) if not m["loose"]), key=lambda m: m["start"]):
        new = chosen.get(m["id"], {}).get(_form(m["words"]))
        if not new or m["start"] < at:
            continue
        new = _in_style(new, m["words"], document.types[m["id"]])
        out.append(document.text[at : m["start"]] + new)
        at = m["end"]
        changes.append((m["start"], m["end"], shift, len(new)))
        shift += len(new) - (m["end"] - m["start"])
    copied.text = "".join(out) + document.text[at:]
    starts = [start for start, *_ in changes]
    for each in (*copied.mentions, *copied.relations):
        each["start"] = _moved(each["start"], changes, starts, is_end=False)
        each["end"] = _moved(each["end"], changes, starts, is_end=True)
    for m in copied.mentions:
        m["words"] = copied.text[m["start"] : m["end"]]
    for r in copied.relations:
        r["words"] = _words_of(r, document, copied)
    return copied


def _words_of(relation: dict[str, Any], document: markup.Document, copied: markup.Document) -> str | None:
    """The words of a request as they are now; those of before where they cannot be told."""
    words = relation["words"]
    if not words or words in copied.text[relation["start"] : relation["end"]]:
        return words
    for name in {m["words"] for m in document.mentions if m["words"] in words}:
        now = {c["words"] for m, c in zip(document.mentions, copied.mentions, strict=True) if m["words"] == name}
        for new in now:
            if words.replace(name, new) in copied.text[relation["start"] : relation["end"]]:
                return words.replace(name, new)
    return words


def _moved(place: int, changes: list[tuple[int, int, int, int]], starts: list[int], *, is_end: bool) -> int:
    number = bisect_right(starts, place - is_end) - 1
    if number < 0:
        return place
    start, end, shift, length = changes[number]
    if place >= end:
        return place + shift + length - (end - start)
    return start + shift + (length if is_end else 0)


def _in_style(new: str, old: str, type_: str) -> str:
    """A name with capitals as the one that it replaces."""
    if old.isupper() and len(old) > 5:
        return new.upper()
    if new.isupper() or _SHORT_FORM.search(new):
        return new
    if old[:1].islower() and type_ in _LOWER:
        return new.lower()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new
