"""States what the cells of a row, or the fields below a name, say about their priority, action or group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ....ontology.columns import load_roles
from ...claims import Claim, RelationClaim, Span
from ...formats.blocks import Cell
from ...mentions.finder import issues_of
from .work import Work


def facts_of(
    work: Work,
    target: Span,
    cells: Mapping[str, Sequence[Cell]],
    manner: str,
    quote: Cell | None = None,
    inherited: AbstractSet[str] = frozenset(),
) -> Iterator[Claim]:
    """Yield what cells say about a target: who leads, supports, chairs or delivers it, and which issues it addresses.

    Args:
        work: the page, and what answers questions about it.
        target: what the cells are about.
        cells: by the role of their column or field; see columns.toml.
        manner: 'column' or 'field', the end of the cues' names.
        quote: the words that prove it; each cell's own when left out.
        inherited: the roles whose cells are in a row above.

    """
    for name, found in cells.items():
        role = load_roles()[name]
        predicate = role.of_group if target.type == "Subgroup" else role.predicate
        if predicate is None:
            continue
        cue, assumed = f"{name}-{manner}", name in inherited
        for cell in found:
            place = quote or cell
            if name == "issues":
                issues = (issue for mention in work.page.in_text(cell) for issue in issues_of(mention))
                ends = [(target, predicate, issue) for issue in issues]
            elif predicate == "part_of":
                ends = [(target, predicate, body) for body, _ in work.owners.in_cell(cell, predicate)]
            else:
                ends = [(body, states, target) for body, states in work.owners.in_cell(cell, predicate)]
            for subject, states, object_ in ends:
                if (subject.type, subject.key) != (object_.type, object_.key):
                    yield RelationClaim(subject, states, object_, place.start, place.end, cue, assumed=assumed)
