"""Names of owners: which bodies and posts a cell or field names, and what each of them is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from ....ontology import slug
from ....ontology.columns import load_roles
from ...claims import Span
from ...formats.blocks import Block, Cell
from ...formats.tokens import squeezed
from ...mentions.context import Context
from ...mentions.finder import MentionFinder, Names
from ...mentions.grids import grids
from ...mentions.posts import is_post, post_alone

#: Initials after a name: 'Community Safety Partnership (CSP)'.
_INITIALS = re.compile(r"\s*\([A-Z][A-Z&]{1,7}\)\s*$")
_POST_WORD = re.compile(
    r"\b(?:lead|manager|officer|director|coordinator|analyst|commissioner|chair|head)\b", re.IGNORECASE
)
#: What a cell holds that names nobody, or several at once: 'Partners', 'CSP subgroups'.
_NOBODY = re.compile(
    r"^(?:|-+|–|—|n/?a|tba|t\.b\.c\.?|nil|unknown|\?|all|various|shared|everyone|none(?: agreed)?"
    r"|(?:all |the |our |key |other |relevant |various )*"
    r"(?:partners|(?:partner )?agencies|organisations|members|services)"
    r"|(?:all |the |our |csp |delivery |theme |thematic )*(?:sub-?)?groups"
    r"|(?:tbc|see|vacant|former|outgoing|previous|blank|unassigned|unallocated|under (?:discussion|consideration)"
    r"|to follow|no (?:owner|lead))\b.*"
    r"|to be (?:confirmed|agreed|appointed|decided|nominated)|owner to be confirmed"
    r"|not (?:yet )?(?:known|agreed|assigned|allocated)"
    r"|as (?:the case )?(?:requires?|required|needed|available|appropriate).*)\.?$",
    re.IGNORECASE,
)
#: Initials that nothing explains, and the chair of nothing that is named.
_SOMEBODY = re.compile(r"[A-Z]{1,2}|[Cc]hair")
#: Initials of a body: 'LBX & Met' are two.
_SHORT = re.compile(r"[A-Z]{2,6}")
#: What may follow a name without being part of it.
_BEHIND = re.compile(
    r",?\s+(?:(?:who|which|until|since|has|have|is|are|will|from (?=[A-Z\d]))\b.*"
    r"|\(?(?:jointly|joint|interim|acting)\)?$)",
    re.DOTALL,
)
# '(?<!\s)': a run of blanks is looked at from its beginning only, or a long one takes hours.
#: Always between two names.
_HARD = re.compile(r"(?<!\s)\s*(?:;|\n|\s/\s|/(?=[A-Z])|•)\s*")
#: Between two names, or inside one.
_SOFT = re.compile(r"(?<!\s)\s*(?:,\s*and\s+|,|\s+&\s+|\s+and\s+|\+)\s*")
#: Between the names of a cell in which one is marked '(lead)'.
_LISTED = re.compile(r"(?<!\s)\s*(?:,\s*(?:and\s+)?|\+|(?<=\))\s+(?:with|and|&)\s+)\s*")
_ASIDE = re.compile(
    r"(?<!\s)\s*\((?P<what>(?:joint |co-)?leads?|chair|support|supporting|partner|tbc|owner|fund(?:er|ers|ing|ed)"
    r"|advice|advisory|delivery)\)\s*$",
    re.IGNORECASE,
)
#: A mark that one of several names in a cell leads: the others do not.
_LEAD_AMONG = re.compile(r"\((?:joint |co-)?leads?\)", re.IGNORECASE)
#: Words that introduce an owner's helpers.
_HELPED = re.compile(
    r",?\s+\(?(?:(?:in partnership )?with(?: the)?(?: support (?:of|from)| help (?:of|from))?"
    r"|supported by|helped by|assisted by)\s+(?:the\s+|both\s+)?",
    re.IGNORECASE,
)
#: A name by its capitals: 'Lantern', 'Survivors’ Voice'.
PROPER = re.compile(r"(?:[A-Z][\w’'&-]*)(?: (?:of |for |and |the )?[A-Z][\w’'&-]*){0,3}$")


class OwnerNames:
    """What whole names in cells and fields refer to.

    Args:
        finder: finds bodies and posts.
        context: what the document says about itself, such as its partnership.
        names: what the document defines for itself.

    """

    def __init__(self, finder: MentionFinder, context: Context, names: Names) -> None:
        self._finder = finder
        self._context = context
        self._names = names

    def in_cell(self, cell: Cell, predicate: str) -> Iterator[tuple[Span, str]]:
        """The bodies and posts that a cell or field names, each with what it is to the thing in question.

        Args:
            cell: the words.
            predicate: what a name in this column or field states; 'Police (support)' in a lead's cell supports.

        """
        helped = _HELPED.search(cell.text) if predicate == "leads" else None
        parts = [(cell, predicate)]
        if helped is not None:
            parts = [
                (_part(cell, 0, helped.start()), predicate),
                (_part(cell, helped.end(), len(cell.text)), "supports"),
            ]
        for part, states in parts:
            named = self._named(part)
            marked = any("lead" in aside for _, aside in named)
            for name, aside in named:
                body = self._group(name) if states == "delivers" else self.body_of(name, states)
                if body is not None:
                    yield body, self._relation(states, body, aside, marked=marked)

    @staticmethod
    def _relation(states: str, body: Span, aside: str, *, marked: bool) -> str:
        if states in ("leads", "supports"):
            if "lead" in aside:
                return "leads"
            return "supports" if marked or aside.startswith(("support", "partner", "fund", "advi")) else states
        return states

    def _group(self, cell: Cell) -> Span | None:
        """The group that a name in a column of groups refers to; a name that no list knows is a group there."""
        body = self.body_of(cell, "delivers")
        if body is None or body.type == "Subgroup":
            return body
        short = body.label.isupper() and " " not in body.label  # of a name that this document does not give
        if body.type == "Partner" and body.kind is None and not short and body.end - body.start >= len(cell.text) - 1:
            return replace(body, type="Subgroup")
        return None

    def _named(self, cell: Cell) -> list[tuple[Cell, str]]:
        """The names in a cell, each with what follows it in brackets ('lead', 'chair' or '').

        Semicolons, slashes and line breaks divide. Commas, '&' and 'and' divide only if every part is a body or post by
        itself, or initials, and the whole is not one name, and not after a post, whose field may follow: 'Operational
        Director, Enforcement and Community Safety'.
        """
        found: list[tuple[Cell, str]] = []
        marked = _LEAD_AMONG.search(cell.text) is not None
        for start, end in _pieces(cell.text, _HARD):
            piece = _BEHIND.sub("", cell.text[start:end])
            for left, right in _pieces(piece, _LISTED) if marked else [(0, len(piece))]:
                found += self._joined(piece[left:right], cell.start + start + left)
        return found

    def _joined(self, piece: str, at: int) -> Iterator[tuple[Cell, str]]:
        """The names in a piece of a cell, which begins at a place; what follows the last in brackets is of all."""
        behind = _ASIDE.search(piece)
        words = piece[: behind.start()] if behind else piece
        parts = _pieces(words, _SOFT)
        names = [_ASIDE.sub("", words[start:end]).strip() for start, end in parts]
        for start, end in parts if self._are_several(words, names) else [(0, len(words))]:
            own = _ASIDE.search(words[start:end])
            name = words[start : start + own.start() if own else end].strip(" .")
            if name and not _NOBODY.match(name):
                place = at + piece.index(name, start)
                aside = own or behind
                yield Cell(place, place + len(name), name), aside.group("what").lower() if aside else ""

    def _are_several(self, piece: str, names: list[str]) -> bool:
        """Whether a comma or 'and' between words divides names, rather than being part of one."""
        if len(names) < 2 or self.is_one(piece):
            return False
        posts = [is_post(name, self._finder) for name in names]
        if any(posts):
            return all(posts)
        short = [_SHORT.fullmatch(name) is not None for name in names]
        bodies = [self.is_body(name) or initials for name, initials in zip(names, short, strict=True)]
        return any(bodies) and all(
            body or (PROPER.match(name) and (name == names[-1] or bodies[0] or any(short) or " " in name))
            for body, name in zip(bodies, names, strict=True)
        )

    def is_body(self, name: str) -> bool:
        """Whether a whole name is a body or post that is known by its words."""
        return (
            squeezed(name) in self._names.wordings
            or self._finder.kind_of(name) is not None
            or is_post(name, self._finder)
        )

    def is_one(self, name: str) -> bool:
        """Whether the words are one name as a whole, such as 'Office of the Police and Crime Commissioner'."""
        name = _INITIALS.sub("", name)
        found = self._finder.find(name, self._context, self._names)
        return len(found) == 1 and found[0].end - found[0].start >= len(name.strip()) - 1

    def body_of(self, cell: Cell, predicate: str) -> Span | None:
        """The body or post that a whole name refers to.

        A lead that no list knows is a post if the name reads like one.
        """
        lead = re.match(r"\s*(?:[Tt]he|[Bb]oth|[Oo]ur)\s+", cell.text)
        cell = _part(cell, lead.end() if lead else 0, len(_INITIALS.sub("", cell.text)))
        words = squeezed(cell.text)
        known = self._names.wordings.get(words)
        if known is not None and known.type in ("Partner", "Subgroup", "Role"):
            return replace(known, start=cell.start, end=cell.end)
        if _SOMEBODY.fullmatch(words):
            return None
        inside = self._finder.find(cell.text, self._context, self._names, cell.start)
        bodies = [m for m in inside if m.type in ("Partner", "Subgroup", "Role")]
        whole = next((m for m in bodies if m.end - m.start >= len(cell.text.rstrip(" .")) - 1), None)
        if whole is not None:
            return whole
        kind = self._finder.kind_of(words)
        if (
            kind is not None
            and kind.type in ("Partner", "Subgroup")
            and kind.name_as_written
            and not is_post(words.split(",")[0], self._finder)
        ):
            return Span(kind.type, slug(words), words, cell.start, cell.end, 1, kind.id)
        if any(m.type == "Role" for m in bodies) or is_post(words, self._finder) or _POST_WORD.search(words):
            return Span("Role", slug(post_alone(words, self._finder)), words, cell.start, cell.end, 1, "role-lead")
        return next(iter(bodies), None) or self._unknown(cell, words, predicate)

    @staticmethod
    def _unknown(cell: Cell, words: str, predicate: str) -> Span | None:
        """A body that no list knows, by its capitals."""
        each = words.split()
        proper = PROPER.match(words) or (words[:1].isupper() and each[-1].strip("()’'")[:1].isupper())
        if not words[:1].isalpha() or len(each) > 8 or not (proper or (predicate != "member_of" and len(each) <= 2)):
            return None
        return Span("Partner", slug(words), words, cell.start, cell.end, 0)


def owner_cells(block: Block) -> frozenset[int]:
    """The offsets inside cells that name owners: those names are noted whole, by what the column says of them."""
    if block.kind != "table" or not block.rows:
        return frozenset()
    roles = load_roles()
    cells = (
        line[index]
        for grid in grids(block)
        for index, role in grid.roles.items()
        if roles[role].names_bodies
        for line in grid.lines
        if index < len(line)
    )
    return frozenset(at for cell in cells for at in range(cell.start, cell.end))


def _part(cell: Cell, start: int, end: int) -> Cell:
    """A part of a cell's words, without blanks around it."""
    words = cell.text[start:end]
    start += len(words) - len(words.lstrip())
    words = words.strip()
    return Cell(cell.start + start, cell.start + start + len(words), words)


def _pieces(text: str, separator: re.Pattern[str]) -> list[tuple[int, int]]:
    edges = [(0, 0), *((m.start(), m.end()) for m in separator.finditer(text)), (len(text), len(text))]
    return [(left[1], right[0]) for left, right in itertools.pairwise(edges) if text[left[1] : right[0]].strip()]
