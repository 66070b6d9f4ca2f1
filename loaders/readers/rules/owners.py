"""Names of owners: what the bodies and posts in a cell or field are."""

from __future__ import annotations

import re
from dataclasses import replace

from ....ontology import slug
from ...claims import Span
from ...formats.blocks import Block, Cell
from ...formats.tables import PROPER, columns
from ...formats.tokens import squeezed
from ...mentions.context import Context
from ...mentions.finder import MentionFinder, Names
from ...mentions.names import written_out

#: Initials behind a name: 'Community Safety Partnership (CSP)'.
_INITIALS = re.compile(r"\s*\([A-Z][A-Z&]{1,7}\)\s*$")
_POST_WORD = re.compile(
    r"\b(?:lead|manager|officer|director|coordinator|analyst|commissioner|chair|head)\b", re.IGNORECASE
)


class OwnerNames:
    """What whole names in cells and fields stand for.

    Args:
        finder: finds bodies and posts.
        context: whose document it is.
        names: what the document defines for itself.

    """

    def __init__(self, finder: MentionFinder, context: Context, names: Names) -> None:
        self._finder = finder
        self._context = context
        self._names = names

    def is_body(self, name: str) -> bool:
        """Whether a whole name is a body or post that is known by its words."""
        return squeezed(name) in self._names.wordings or self._finder.kind_of(name) is not None or self.is_post(name)

    def is_post(self, name: str) -> bool:
        """Whether a whole name is a post's."""
        kind = self._finder.kind_of(name)
        return (kind is not None and kind.type == "Role") or bool(
            re.match(
                r"(?:Head|Director|Chief|Superintendent|Inspector|Cabinet Member|[Dd]etective|Deputy|Assistant)\b",
                written_out(name),
            )
        )

    def is_one(self, name: str) -> bool:
        """Whether the words are one name as a whole, such as 'Office of the Police and Crime Commissioner'."""
        name = _INITIALS.sub("", name)
        found = self._finder.find(name, self._context, self._names)
        return len(found) == 1 and found[0].end - found[0].start >= len(name.strip()) - 1

    def body_of(self, cell: Cell, predicate: str) -> Span | None:
        """The body or post that a whole name stands for; in a lead's cell a name that no list knows is a post if it reads like one."""
        lead = re.match(r"\s*(?:[Tt]he|[Bb]oth|[Oo]ur)\s+", cell.text)
        if lead:
            cell = Cell(cell.start + lead.end(), cell.end, cell.text[lead.end() :])
        name = _INITIALS.sub("", cell.text)
        cell, words = Cell(cell.start, cell.start + len(name), name), squeezed(name)
        known = self._names.wordings.get(words)
        if known is not None and known.type in ("Partner", "Subgroup", "Role"):
            return replace(known, start=cell.start, end=cell.end)
        inside = self._finder.find(cell.text, self._context, self._names, cell.start)
        whole = next(
            (
                m
                for m in inside
                if m.end - m.start >= len(cell.text.rstrip(" .")) - 1 and m.type in ("Partner", "Subgroup", "Role")
            ),
            None,
        )
        if whole is not None:
            return whole
        kind = self._finder.kind_of(words)
        if (
            kind is not None
            and kind.type in ("Partner", "Subgroup")
            and kind.name_as_written
            and not self.is_post(words.split(",")[0])
        ):
            return Span(kind.type, slug(words), words, cell.start, cell.end, 1, kind.id)
        post = next((m for m in inside if m.type == "Role"), None)
        if post is not None or self.is_post(words) or _POST_WORD.search(words):
            return Span("Role", slug(self._post_alone(words)), words, cell.start, cell.end, 1, "role-lead")
        body = next((m for m in inside if m.type in ("Partner", "Subgroup")), None)
        if body is not None:
            return body
        each = words.split()
        proper = PROPER.match(words) is not None or (words[:1].isupper() and each[-1].strip("()’'")[:1].isupper())
        if not words[:1].isalpha() or len(each) > 8 or not (proper or (predicate != "member_of" and len(each) <= 2)):
            return None
        return Span("Partner", slug(words), words, cell.start, cell.end, 0)

    def _post_alone(self, words: str) -> str:
        """A post without the body that it belongs to: 'Superintendent for Harrowmere, Westmarch Police' is the Superintendent."""
        head, comma, tail = words.rpartition(",")
        body = self._finder.kind_of(tail.strip()) if comma else None
        return (
            head
            if body is not None and body.type == "Partner" and body.one_per_partnership and self.is_post(head)
            else words
        )


def owner_cells(block: Block) -> frozenset[int]:
    """The offsets inside cells that name owners: those names are noted whole, by what the column says of them."""
    if block.kind != "table" or not block.rows:
        return frozenset()
    held = {i for i, role in columns(block.rows[0]).items() if role in ("lead", "support", "chair", "agency", "role")}
    return frozenset(
        at for row in block.rows[1:] for i, cell in enumerate(row) if i in held for at in range(cell.start, cell.end)
    )
