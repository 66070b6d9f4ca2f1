"""The JSON Schema of an answer, made from the ontology, for servers that let a model answer in no other form.

It keeps to what such servers agree on: every key is required, no other key is allowed, nothing is referred to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....ontology import Ontology
from .prompt import claimable_classes, claimable_relations

_TEXT: dict[str, Any] = {"type": "string"}
_SCORE: dict[str, Any] = {"type": "number"}


def answer_schema(ontology: Ontology) -> dict[str, Any]:
    """The schema of an answer: an object with a list of claims, of all kinds that there are."""
    types = [each.name for each in claimable_classes(ontology)]
    relations = claimable_relations(ontology)
    plain = [each.name for each in relations if not each.takes_stance]
    spoken = [each.name for each in relations if each.takes_stance]
    ends = {"subject": _name(types), "object": _name(types), "assumed": {"type": "boolean"}}
    about = {"anyOf": [_name(["Issue"]), {"type": "null"}]}
    kinds = [
        _claim(predicate=_one_of(plain), **ends, about=about),
        _claim(predicate=_one_of(spoken), **ends, stance=_one_of(sorted(ontology.stances))),
        _claim(entity=_name(types)),
        _claim(entity=_name(types), attribute=_TEXT, value=_TEXT),
        _claim(same={"type": "array", "items": _name(types)}),
    ]
    return _object(claims={"type": "array", "items": {"anyOf": kinds}})


def _claim(**fields: Any) -> dict[str, Any]:
    """A kind of claim: the quote comes first, so that a model quotes before it concludes."""
    return _object(quote=_TEXT, **fields, score=_SCORE)


def _name(types: Iterable[str]) -> dict[str, Any]:
    return _object(type=_one_of(types), name=_TEXT)


def _one_of(names: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(names)}


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
