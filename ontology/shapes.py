"""Reads the gap rules: SHACL shapes in Turtle, as plain objects.

A small part of SHACL is understood, and docs/gap-rules.md lists it. Any other term raises `OntologyError`: a rule which
is read wrongly would be worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Literal, TypeAlias
from urllib.parse import unquote

import pyoxigraph as ox

from .errors import OntologyError
from .terms import BASE, NS, RDF, RDFS, SKOS
from .user_files import parse_turtle, read_user_file

SH = "http://www.w3.org/ns/shacl#"
#: How deep shapes and paths may stand in others, and how many of them make a rule.
_DEEPEST, _MOST_PARTS = 30, 500
#: How many members a list may have, and how many steps a path: more of them an engine could not take in.
_LONGEST_LIST, _LONGEST_PATH = 900, 50

#: The kind of body that is a partnership's own board: what `gt:board_of` means.
BOARD_KIND = "partnership-board"
#: Relations which are worked out for one partnership on one day.
DERIVED_RELATIONS = ("board_of", "deadline", "differs_on_owner", "formerly_addressed_by", "kind")

Severity: TypeAlias = Literal["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Step:
    """One relation, followed from its subject to its object."""

    relation: str


@dataclass(frozen=True, slots=True)
class Inverse:
    """A path from its end to its start."""

    path: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    """One path after the other."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Any of several paths."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ZeroOrMore:
    """A path any number of times, not at all included."""

    path: Path


Path: TypeAlias = Step | Inverse | Sequence | Alternative | ZeroOrMore


@dataclass(frozen=True, slots=True)
class Term:
    """A value that a shape names: an entity or kind of body by its id, such as 'body/police', or a text."""

    text: str
    literal: bool = False


@dataclass(frozen=True, slots=True)
class PropertyShape:
    """What must hold of the values at the end of a path."""

    path: Path
    min_count: int = 0
    max_count: int | None = None
    has_values: tuple[Term, ...] = ()  #: each must be among the values
    each: NodeShape | None = None  #: to which every value must conform
    qualified: NodeShape | None = None  #: the number of values that conform to this must be within the next two
    qualified_min: int = 0
    qualified_max: int | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class NodeShape:
    """What must hold of one thing: all of the following."""

    classes: tuple[str, ...] = ()
    has_values: tuple[Term, ...] = ()  #: it must be this
    values_in: tuple[tuple[Term, ...], ...] = ()  #: it must be one of these
    all_of: tuple[NodeShape, ...] = ()
    any_of: tuple[tuple[NodeShape, ...], ...] = ()
    none_of: tuple[NodeShape, ...] = ()
    properties: tuple[PropertyShape, ...] = ()


def relations_in(shape: NodeShape | PropertyShape) -> Iterator[str]:
    """Yield the names of the relations of which a shape speaks, some of them several times."""
    inner: list[NodeShape | PropertyShape | None]
    if isinstance(shape, PropertyShape):
        yield from _steps(shape.path)
        inner = [shape.each, shape.qualified]
    else:
        inner = [*shape.all_of, *(part for parts in shape.any_of for part in parts), *shape.none_of, *shape.properties]
    for part in inner:
        if part is not None:
            yield from relations_in(part)


def _steps(path: Path) -> Iterator[str]:
    match path:
        case Step(relation):
            yield relation
        case Inverse(inner) | ZeroOrMore(inner):
            yield from _steps(inner)
        case Sequence(paths) | Alternative(paths):
            for part in paths:
                yield from _steps(part)


@dataclass(frozen=True, slots=True)
class Target:
    """What a rule is aimed at: the things of a class, or those at one end of a relation."""

    kind: Literal["class", "objects", "subjects"]
    name: str


@dataclass(frozen=True, slots=True)
class Need:
    """What a graph must hold for a rule to be checked: a class, a relation, or a thing that conforms to a shape."""

    name: str
    shape: NodeShape | None = None


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: compiled rules are looked up by them
class GapRule:
    """One gap rule."""

    code: str  #: its name in every output; never changes
    label: str
    definition: str
    severity: Severity
    targets: tuple[Target, ...]
    shape: NodeShape
    message: str  #: {label} stands for what has the gap, {names} for what `names` leads to
    hint: str
    needs: tuple[Need, ...] = ()  #: any of these must be there
    shown_by: tuple[Path, ...] = ()  #: the statements of their last steps show the gap; else the mentions do
    names: PropertyShape | None = None
    finding: str = ""  #: with {gaps}, {all}, {have} and {are}
    headline: int | None = None  #: its place in the sentence above all rules
    of_which: str | None = None  #: code of a rule whose gaps are among these
    short: str = ""  #: the gap in the fewest words, for a box in a picture


@lru_cache(maxsize=8)
def load_rules(own: FilePath | None = None) -> tuple[GapRule, ...]:
    """Read the gap rules, with those of the user's own file of shapes added if given, sorted by code.

    Raises:
        OntologyError: a file cannot be parsed, lacks something, or uses a part of SHACL that is not understood.

    """
    shapes = _Shapes()
    shapes.add((files(__package__ or "") / "gaps.ttl").read_bytes(), "gaps.ttl")
    if own is not None:
        shapes.add(read_user_file(own, "The shapes file", "Check the path."), own.name)
    return tuple(shapes.rules())


_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_VALUE_TERMS = {SH + name for name in ("class", "hasValue", "in", "node", "or", "and", "not", "property")}
_TARGETS: dict[str, Literal["class", "objects", "subjects"]] = {
    SH + "targetClass": "class", SH + "targetObjectsOf": "objects", SH + "targetSubjectsOf": "subjects",
}  # fmt: skip
_RULE_TERMS = {
    NS + name for name in ("code", "needs", "shownBy", "names", "hint", "finding", "headline", "ofWhich", "short")
}
_NODE_TERMS = _VALUE_TERMS | _TARGETS.keys() | _RULE_TERMS | {SH + "message", SH + "severity", NS + "among"}
_PROPERTY_TERMS = _VALUE_TERMS | {
    SH + name
    for name in (
        "path", "minCount", "maxCount", "qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "message",
    )
}  # fmt: skip
_NUMBERS = {"http://www.w3.org/2001/XMLSchema#integer"}


class _Shapes:
    """The triples of the shapes files, and their reading."""

    def __init__(self) -> None:
        self._facts: dict[_Node, dict[str, list[_Node]]] = {}
        self._open: list[_Node] = []  # the shapes and paths that are being read, to find one that contains itself
        self._parts = 0  # how many were read for this rule; one that is used twice counts twice

    def add(self, turtle: bytes, name: str) -> None:
        for quad in parse_turtle(turtle, name):
            values = self._facts.setdefault(quad.subject, {}).setdefault(quad.predicate.value, [])
            if quad.object not in values:
                values.append(quad.object)

    def rules(self) -> Iterator[GapRule]:
        found = {}
        for node, facts in list(self._facts.items()):
            if NS + "code" in facts:
                rule = self._rule(node)
                if rule.code in found:
                    raise OntologyError(f"Two rules have the code '{rule.code}'. Give one of them another.")
                found[rule.code] = rule
            elif _TARGETS.keys() & facts.keys():
                raise OntologyError(
                    f"The shape {_name(node)} has a target but no gt:code. Give it one, or take the target away."
                )
        for rule in found.values():
            if rule.of_which is not None and rule.of_which not in found:
                raise OntologyError(f"The rule '{rule.code}' refers to '{rule.of_which}', which is no rule.")
        yield from (found[code] for code in sorted(found))

    def _rule(self, node: _Node) -> GapRule:
        self._parts = 0
        code, shape = self._text(node, NS + "code"), self.node_shape(node)
        severity = _local(self._one(node, SH + "severity"), SH).lower()
        if severity not in SEVERITIES:
            raise OntologyError(
                f"The rule '{code}' has the severity '{severity}'. Use sh:Violation, sh:Warning or sh:Info."
            )
        targets = tuple(Target(kind, _local(v)) for term, kind in _TARGETS.items() for v in self._all(node, term))
        if not targets:
            raise OntologyError(
                f"The rule '{code}' is aimed at nothing. Give it a sh:targetClass, sh:targetObjectsOf or "
                "sh:targetSubjectsOf."
            )
        message = self._text(node, SH + "message", "")
        if not message and (not shape.properties or not all(p.message for p in shape.properties)):
            raise OntologyError(f"The rule '{code}' has no sh:message. Say in it what the gap is.")
        names = [self._property_shape(v) for v in self._all(node, NS + "names")]
        of_which = [self._text(v, NS + "code") for v in self._all(node, NS + "ofWhich")]
        return GapRule(
            code, self._text(node, RDFS + "label"), self._text(node, SKOS + "definition"),
            next(s for s in SEVERITIES if s == severity), targets, shape, message, self._text(node, NS + "hint", ""),
            tuple(self._need(v) for v in self._all(node, NS + "needs")),
            tuple(self._path(v) for v in self._all(node, NS + "shownBy")),
            names[0] if names else None, self._text(node, NS + "finding", ""),
            self._number(node, NS + "headline"), of_which[0] if of_which else None,
            self._text(node, NS + "short", self._text(node, RDFS + "label")),
        )  # fmt: skip

    def _need(self, node: _Node) -> Need:
        if isinstance(node, ox.NamedNode):
            return Need(_local(node))
        return Need(_local(self._one(node, NS + "among")), self.node_shape(node))

    # ---------------------------------------------------------------------------------------------------- shapes

    def node_shape(self, node: _Node) -> NodeShape:
        """Read a node shape; a property shape in its place is one about that property alone."""
        if SH + "path" in self._facts.get(node, {}):
            return NodeShape(properties=(self._property_shape(node),))
        if not self._facts.get(node):
            raise OntologyError(
                f"{_name(node)} is used as a shape, but no file defines it. Define it or correct the name."
            )
        self._allow(node, _NODE_TERMS, "node shape")
        with self._within(node, "shape"):
            return self._read_node_shape(node)

    def _read_node_shape(self, node: _Node) -> NodeShape:
        return NodeShape(
            classes=tuple(_local(v) for v in self._all(node, SH + "class")),
            has_values=tuple(_term(v) for v in self._all(node, SH + "hasValue")),
            values_in=tuple(tuple(_term(v) for v in self._list(head)) for head in self._all(node, SH + "in")),
            all_of=tuple(
                self.node_shape(v)
                for v in (
                    *self._all(node, SH + "node"),
                    *(m for h in self._all(node, SH + "and") for m in self._list(h)),
                )
            ),
            any_of=tuple(tuple(self.node_shape(v) for v in self._list(head)) for head in self._all(node, SH + "or")),
            none_of=tuple(self.node_shape(v) for v in self._all(node, SH + "not")),
            properties=tuple(self._property_shape(v) for v in self._all(node, SH + "property")),
        )

    @contextmanager
    def _within(self, node: _Node, what: str) -> Iterator[None]:
        """Note that a shape or path is being read, for as long as it is; one that would never end is refused."""
        if node in self._open:
            raise OntologyError(
                f"The {what} {self._place(node)} contains itself, which is not supported. Write it without the circle."
            )
        self._parts += 1
        if len(self._open) >= _DEEPEST:
            raise OntologyError(
                f"The {what} {self._place(node)} stands more than {_DEEPEST} deep in others. Write it flatter."
            )
        if self._parts > _MOST_PARTS:
            raise OntologyError(
                f"The rule {self._place(node)} has more than {_MOST_PARTS} parts, with those used twice counted "
                "twice. Divide it."
            )
        self._open.append(node)
        try:
            yield
        finally:
            self._open.pop()

    def _place(self, node: _Node) -> str:
        """Name a node, or the nearest that has a name and holds it."""
        named = next((_name(n) for n in (node, *reversed(self._open)) if isinstance(n, ox.NamedNode)), "")
        return named if isinstance(node, ox.NamedNode) or not named else f"within {named}"

    def _property_shape(self, node: _Node) -> PropertyShape:
        if not self._facts.get(node):
            raise OntologyError(
                f"{_name(node)} is used as a shape, but no file defines it. Define it or correct the name."
            )
        self._allow(node, _PROPERTY_TERMS, "property shape")
        with self._within(node, "shape"):
            return self._read_property_shape(node)

    def _read_property_shape(self, node: _Node) -> PropertyShape:
        facts = self._facts[node]
        about_values = {term: facts[term] for term in sorted(_VALUE_TERMS - {SH + "hasValue"}) if term in facts}
        each = self._values_shape(about_values) if about_values else None
        counts = (self._number(node, SH + "qualifiedMinCount"), self._number(node, SH + "qualifiedMaxCount"))
        if (SH + "qualifiedValueShape" in facts) != (counts != (None, None)):
            raise OntologyError(
                "sh:qualifiedValueShape and sh:qualifiedMinCount or sh:qualifiedMaxCount need each other. "
                "Add what lacks."
            )
        qualified = None if counts == (None, None) else self.node_shape(self._one(node, SH + "qualifiedValueShape"))
        return PropertyShape(
            self._path(self._one(node, SH + "path")), self._number(node, SH + "minCount") or 0,
            self._number(node, SH + "maxCount"), tuple(_term(v) for v in self._all(node, SH + "hasValue")), each,
            qualified, counts[0] or 0, counts[1], self._text(node, SH + "message", "") or None,
        )  # fmt: skip

    def _values_shape(self, facts: dict[str, list[_Node]]) -> NodeShape:
        """Read what a property shape asks of each value as a shape of its own."""
        stand_in = ox.BlankNode()
        self._facts[stand_in] = facts
        shape = self.node_shape(stand_in)
        del self._facts[stand_in]
        return shape

    def _path(self, node: _Node) -> Path:
        if isinstance(node, ox.NamedNode) and node.value != RDF + "nil":
            self._parts += 1
            return Step(_local(node))
        with self._within(node, "path"):
            return self._read_path(node)

    def _read_path(self, node: _Node) -> Path:
        facts = self._facts.get(node, {})
        if RDF + "first" in facts:
            return Sequence(tuple(self._path(v) for v in self._list(node, _LONGEST_PATH)))
        kinds: dict[str, type[Inverse] | type[ZeroOrMore]] = {
            SH + "inversePath": Inverse,
            SH + "zeroOrMorePath": ZeroOrMore,
        }
        for term, values in facts.items():
            if term in kinds and len(facts) == len(values) == 1:
                return kinds[term](self._path(values[0]))
            if term == SH + "alternativePath" and len(facts) == len(values) == 1:
                return Alternative(tuple(self._path(v) for v in self._list(values[0])))
        raise OntologyError(
            f"The path with {', '.join(map(_short, facts)) or _name(node)} is not supported. {_READ_THE_LIST}"
        )

    # ------------------------------------------------------------------------------------------------ the triples

    def _allow(self, node: _Node, allowed: set[str], what: str) -> None:
        for term in self._facts.get(node, {}):
            if term.startswith((SH, NS)) and term not in allowed:
                raise OntologyError(f"{_short(term)} on the {what} {_name(node)} is not supported. {_READ_THE_LIST}")

    def _all(self, node: _Node, term: str) -> list[_Node]:
        return self._facts.get(node, {}).get(term, [])

    def _one(self, node: _Node, term: str) -> _Node:
        values = self._all(node, term)
        if len(values) != 1:
            raise OntologyError(
                f"{_name(node)} has {len(values)} values for {_short(term)} where it must have one. Mend it."
            )
        return values[0]

    def _text(self, node: _Node, term: str, default: str | None = None) -> str:
        if default is not None and not self._all(node, term):
            return default
        value = self._one(node, term)
        if not isinstance(value, ox.Literal):
            raise OntologyError(f"{_short(term)} of {_name(node)} must be a text.")
        return value.value

    def _number(self, node: _Node, term: str) -> int | None:
        if not self._all(node, term):
            return None
        value = self._one(node, term)
        if not isinstance(value, ox.Literal) or value.datatype.value not in _NUMBERS:
            raise OntologyError(f"{_short(term)} of {_name(node)} must be a whole number.")
        if not re.fullmatch(r"\+?[0-9]{1,6}", value.value):
            raise OntologyError(f"{_short(term)} of {_name(node)} must be a whole number from 0 to 999999.")
        return int(value.value)

    def _list(self, head: _Node, most: int = _LONGEST_LIST) -> list[_Node]:
        found: list[_Node] = []
        seen: set[_Node] = set()
        while head != ox.NamedNode(RDF + "nil"):
            if head in seen:
                raise OntologyError(f"A list {self._place(head)} leads back into itself. Give it an end (rdf:nil).")
            seen.add(head)
            if len(found) == most:
                raise OntologyError(f"A list {self._place(head)} has more than {most} members. Divide the rule.")
            found.append(self._one(head, RDF + "first"))
            head = self._one(head, RDF + "rest")
        return found


_READ_THE_LIST = "docs/gap-rules.md lists the part of SHACL that a rule may use."


def _term(node: _Node) -> Term:
    if isinstance(node, ox.NamedNode) and node.value.startswith(BASE):
        return Term(unquote(node.value.removeprefix(BASE + "id/").removeprefix(BASE)))
    if isinstance(node, ox.Literal) and node.datatype.value.endswith("#string"):
        return Term(node.value, literal=True)
    raise OntologyError(f"The value {node} cannot be compared: only goldenthread's own things and plain texts can.")


def _local(node: _Node, namespace: str = NS) -> str:
    if isinstance(node, ox.NamedNode) and node.value.startswith(namespace):
        return node.value.removeprefix(namespace)
    raise OntologyError(f"{_name(node)} stands where a name of <{namespace}> must. Correct it.")


def _short(term: str) -> str:
    for prefix, namespace in (("sh:", SH), ("gt:", NS), ("rdf:", RDF)):
        if term.startswith(namespace):
            return prefix + term.removeprefix(namespace)
    return f"<{term}>"


def _name(node: _Node) -> str:
    return _short(node.value) if isinstance(node, ox.NamedNode) else "without a name"
