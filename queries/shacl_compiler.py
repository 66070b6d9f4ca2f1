"""What compiling a gap rule from SHACL has in common in all languages: which conditions a shape is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from ..ontology.shapes import NodeShape, Path, PropertyShape, Term


class Values(Protocol):
    """The values at the end of a path, in the language of an engine."""

    @property
    def value(self) -> str: ...


V = TypeVar("V", bound=Values)


class ShapeCompiler(ABC, Generic[V]):
    """Turns shapes into conditions on one thing; an engine's compiler says how its language words them."""

    #: A condition that always holds.
    true: str

    @abstractmethod
    def _equals(self, value: str, term: Term) -> str:
        """Return the condition that a value is `term`."""

    @abstractmethod
    def _in_class(self, name: str, thing: str) -> str:
        """Return the condition that a thing belongs to a class."""

    @abstractmethod
    def _values_of(self, path: Path, thing: str) -> V:
        """Return the values at the end of a path that starts at a thing."""

    @abstractmethod
    def _exists(self, values: V, where: str) -> str:
        """Return the condition that `where` holds for one of several values; empty for any."""

    @abstractmethod
    def _number(self, values: V, where: str) -> str:
        """Return the number of different values for which `where` holds."""

    def _conforms(self, shape: NodeShape, thing: str) -> str:
        """Return the condition that `thing` conforms to `shape`; empty when everything does."""
        conditions = [self._in_class(name, thing) for name in shape.classes]
        conditions += [self._equals(thing, term) for term in shape.has_values]
        conditions += [any_of(self._equals(thing, term) for term in terms) for terms in shape.values_in]
        conditions += [self._conforms(part, thing) for part in shape.all_of]
        conditions += [any_of(self._conforms(part, thing) or self.true for part in parts) for parts in shape.any_of]
        conditions += [f"NOT ({self._conforms(part, thing) or self.true})" for part in shape.none_of]
        conditions += [self._property(part, thing) for part in shape.properties]
        return " AND ".join(c for c in conditions if c)

    def _property(self, shape: PropertyShape, thing: str) -> str:
        """Return the condition that the values of a path from `thing` are as `shape` asks."""
        values = self._values_of(shape.path, thing)
        conditions = [
            self._count(values, "", shape.min_count, shape.max_count),
            *(self._exists(values, self._equals(values.value, term)) for term in shape.has_values),
        ]
        if shape.each is not None and (conforms := self._conforms(shape.each, values.value)):
            conditions.append(f"NOT {self._exists(values, f'NOT ({conforms})')}")
        if shape.qualified is not None:
            conforms = self._conforms(shape.qualified, values.value)
            conditions.append(self._count(values, conforms, shape.qualified_min, shape.qualified_max))
        return " AND ".join(c for c in conditions if c)

    def _count(self, values: V, where: str, least: int, most: int | None) -> str:
        """Return the condition that the number of different values lies between `least` and `most`."""
        some, number = self._exists(values, where), self._number(values, where)
        conditions = []
        if least > 0:
            conditions.append(some if least == 1 else f"{number} >= {least:d}")
        if most is not None:
            conditions.append(f"NOT {some}" if most == 0 else f"{number} <= {most:d}")
        return " AND ".join(conditions)


def any_of(conditions: Iterable[str]) -> str:
    """Return the condition that one of several holds."""
    return f"({' OR '.join(f'({c})' for c in conditions)})"
