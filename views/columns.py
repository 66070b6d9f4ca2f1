"""The columns in which pictures stand, from who speaks to who must act, and what they are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from ..ontology import Ontology
from .wording import first_up

#: The columns from left to right, and the classes that stand in each. Their names are those of the styles.
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("source", ("Source", "Request", "Duty", "Document")),
    ("issue", ("Issue",)),
    ("priority", ("Priority", "Action", "Plan")),
    ("subgroup", ("Subgroup", "Partnership")),
    ("partner", ("Partner", "Role")),
)
COLUMN_OF = {type_: number for number, (_, types) in enumerate(COLUMNS) for type_ in types}
#: Classes that are not drawn until asked for: everything hangs on them, and lines to them hide the thread.
BACKGROUND = frozenset({"Source", "Request", "Duty", "Document", "Plan", "Partnership"})


def heading_of(column: int, present: Collection[str], ontology: Ontology) -> str:
    """Name a column by the classes that stand in it; those of the background only where nothing else does."""
    types = COLUMNS[column][1]
    shown = (
        [t for t in types if t in present and t not in BACKGROUND] or [t for t in types if t in present] or types[:1]
    )
    return first_up(" and ".join(ontology.classes[t].plural for t in shown))


def legend_of(types: Iterable[str], ontology: Ontology) -> list[tuple[str, str]]:
    """Say for each style what it stands for, such as ('priority', 'Priorities (5), actions (3)').

    It takes the class of each item.
    """
    counts = Counter(types)
    entries = (
        (style, ", ".join(f"{ontology.classes[t].plural} ({counts[t]})" for t in classes if counts[t]))
        for style, classes in COLUMNS
    )
    return [(style, first_up(words)) for style, words in entries if words]
