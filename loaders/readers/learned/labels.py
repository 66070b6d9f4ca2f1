"""What the network tells apart. A model file is of use only with the labels that it was trained on."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ....ontology import Ontology

BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float32]

#: What a mention may be of, as classes of the ontology.
TYPES: Final = (
    "Priority", "Issue", "Partner", "Subgroup", "Role", "Source", "Action", "Plan", "Partnership", "Request",
)  # fmt: skip
#: What two mentions may have to do with one another, as relations of the ontology.
PREDICATES: Final = (
    "addresses", "delivers", "leads", "supports", "member_of", "chairs", "raises", "part_of", "renames", "requests",
    "about",
)  # fmt: skip
#: How an issue may be raised.
STANCES: Final = ("concern", "request", "support", "reported", "decrease")
#: The outputs for a pair: each predicate, then whether both mean the same, then each stance of 'raises'.
SAME: Final = len(PREDICATES)
STANCE: Final = SAME + 1
OUTPUTS: Final = STANCE + len(STANCES)
#: All of them, as a model's card names them.
LABELS: Final = {"types": [*TYPES], "predicates": [*PREDICATES], "stances": [*STANCES]}


def joinable(ontology: Ontology) -> BoolArray:
    """For each predicate, subject type and object type, whether the ontology lets it join them.

    Shape: (predicates, types, types).
    """
    found = np.zeros((len(PREDICATES), len(TYPES), len(TYPES)), dtype=np.bool_)
    for number, name in enumerate(PREDICATES):
        relation = ontology.relations[name]
        left = np.array([type_ in relation.domain for type_ in TYPES])
        right = np.array([type_ in relation.range for type_ in TYPES])
        found[number] = left[:, None] & right[None, :]
    return found
