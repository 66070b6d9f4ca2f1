"""Reads a graph back from RDF: only the file itself is read, and nothing that its IRIs name is fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox

from ...ontology import NS, Ontology
from ...ontology.reader import BASE
from ..model import DocumentGraph
from .lines import ExchangeError, Line, Place
from .rdf_terms import DOCUMENT_KEYS, ENTITY_KEYS, FORMATS, OA, RDF, XSD, identity
from .reading import graphs_of

#: The largest file, in bytes.
LARGEST = 500_000_000
#: How many triples may stand in triples, in the whole file; in ours none do, but a text may hold the sign.
_MOST_NESTED = 500
#: How many brackets may stand in brackets, in JSON-LD.
_DEEPEST = 100
_INTEGERS = frozenset(XSD + name for name in ("integer", "int", "long", "nonNegativeInteger"))
_Facts = dict[str, dict[str, list[Any]]]
#: Pieces of documents, by the IRI of what they are about.
_Spans = dict[str, list[dict[str, Any]]]


def read_back(data: bytes | str, format_: str, ontology: Ontology) -> list[DocumentGraph]:
    """Read what `rdf.serialised` wrote, as what each document says.

    Raises:
        ExchangeError: it is not RDF of this format, no graph of ours, or states what the ontology does not allow.

    """
    found = data.encode() if isinstance(data, str) else data
    if len(found) > LARGEST:
        raise ExchangeError(
            f"The file is larger than {LARGEST // 1_000_000} MB. Export the graph with --format jsonl, and import that."
        )
    _check_nesting(found)
    if format_ == "jsonld":
        _check_json(found)
    facts = _facts(found, format_)
    order = ("document", "entity", "statement")
    lines = sorted(_lines(facts, format_), key=lambda line: order.index(str(line.kind)))
    if not any(line.kind == "document" for line in lines):
        raise ExchangeError("The file holds no document of a goldenthread graph. Export it with 'goldenthread export'.")
    return graphs_of(lines, ontology)


# --------------------------------------------------------------------------------------------- before it is parsed


def _check_nesting(data: bytes) -> None:
    """Refuse triples within triples, on which the parser could fail.

    Their beginnings are counted, since ends can be hidden.
    """
    if data.count(b"<<(") > _MOST_NESTED:
        raise ExchangeError("The file has triples in triples, which no graph of goldenthread has. Export it again.")


def _check_json(data: bytes) -> None:
    """Refuse JSON-LD that is too deep, or that asks for another document: a context that is not in the file."""
    try:
        waiting = [(json.loads(data), 1)]
    except RecursionError as error:
        raise ExchangeError(_TOO_DEEP) from error
    except ValueError as error:
        raise ExchangeError("The file is not valid JSON, and so no JSON-LD. Export it again.") from error
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ExchangeError(_TOO_DEEP)
        if isinstance(value, list):
            waiting.extend((item, depth + 1) for item in value)
        elif isinstance(value, dict):
            contexts = value.get("@context", [])
            for asked in (*(contexts if isinstance(contexts, list) else [contexts]), value.get("@import")):
                if isinstance(asked, str):
                    raise ExchangeError(
                        f"The file asks for the context {asked[:100]}, and nothing is fetched. "
                        "Put the context itself into the file."
                    )
            waiting.extend((item, depth + 1) for item in value.values())


_TOO_DEEP = (
    f"The file has more than {_DEEPEST} brackets in brackets, which no graph of goldenthread has. Export it again."
)


# ------------------------------------------------------------------------------------------------------ the triples


def _facts(data: bytes, format_: str) -> _Facts:
    """Return the triples by subject and predicate; literals as plain values, IRIs as text. Each value is there once."""
    found: dict[str, dict[str, dict[Any, None]]] = {}
    try:
        # The parser never fetches anything; it has no loader for the contexts of JSON-LD.
        for quad in ox.parse(data, format=FORMATS[format_]):
            values = found.setdefault(_text(quad.subject), {}).setdefault(quad.predicate.value, {})
            values[_plain(quad.object)] = None
    except (SyntaxError, ValueError, OSError, RecursionError) as error:
        where = f" ({' '.join(str(error).split())[:200]})" if isinstance(error, SyntaxError) else ""
        raise ExchangeError(f"The file is not valid RDF ({format_}){where}. Export it again.") from error
    return {
        subject: {p: [value for _, value in values] for p, values in facts.items()} for subject, facts in found.items()
    }


def _text(term: object) -> str:
    return str(getattr(term, "value", term))


def _plain(term: object) -> tuple[str, Any]:
    """Return the kind and the value of a literal, or the text of an IRI."""
    if not isinstance(term, ox.Literal):
        return "", _text(term)
    name = term.datatype.value
    if name == XSD + "boolean":
        return "boolean", term.value in ("true", "1")
    if name in _INTEGERS and len(term.value) <= 20:
        return "integer", int(term.value)
    return ("double", float(term.value)) if name in (XSD + "double", XSD + "decimal") else ("text", term.value)


# ------------------------------------------------------------------------------------------------------- the lines


class _Node:
    """A thing of the file, with what is said of it; it says which it is when something about it is wrong."""

    def __init__(self, name: str, facts: _Facts, format_: str) -> None:
        self.name = name
        self._facts, self._format = facts, format_
        self._own = facts.get(name, {})

    @property
    def place(self) -> Place:
        mend = f"Correct it, or export the graph again with 'goldenthread export --format {self._format}'."
        return Place(f"<{self.name[:300]}>", mend)

    def has(self, predicate: str) -> bool:
        return predicate in self._own

    def all(self, predicate: str) -> list[Any]:
        return self._own.get(predicate, [])

    def one(self, predicate: str) -> Any:
        """Return the value of what must be said once."""
        values = self.all(predicate)
        Line(self.place, {}).require(
            len(values) == 1, f"it has {len(values)} values for <{predicate}> where it must have one"
        )
        return values[0]

    def other(self, name: str) -> _Node:
        return _Node(name, self._facts, self._format)


def _lines(facts: _Facts, format_: str) -> Iterator[Line]:
    """Yield the lines of the exchange format that the triples say."""
    nodes = [_Node(name, facts, format_) for name in sorted(facts)]
    mentions: _Spans = {}
    evidence: _Spans = {}
    for node in nodes:
        if node.has(OA + "hasBody"):
            mentions.setdefault(str(node.one(OA + "hasBody")), []).append(_span(node))
        elif node.has(NS + "evidenceOf"):
            extra = {
                k: node.one(NS + k)
                for k in ("cue", "probability", "assumed", "reader", "suggested")
                if node.has(NS + k)
            }
            evidence.setdefault(str(node.one(NS + "evidenceOf")), []).append(_span(node) | extra)
    used: set[str] = set()
    for node in nodes:
        record = _record(node, mentions, evidence)
        if record:
            used.add(node.name)
            yield Line(node.place, record)
    for name in sorted((mentions.keys() | evidence.keys()) - used):
        place = _Node(name, facts, format_).place
        Line(place, {}).require(False, "words of a document are given for it, but the file does not say what it is")


def _record(node: _Node, mentions: _Spans, evidence: _Spans) -> dict[str, Any] | None:
    """Return the line of a document, an entity or a statement; None for what is none of these."""
    types = {str(type_) for type_ in node.all(RDF + "type")}
    if NS + "Document" in types:
        record = {key: node.one(predicate) for key, predicate in DOCUMENT_KEYS.items() if node.has(predicate)}
        return {
            "kind": "document",
            "id": identity(node.name),
            **record,
            **_json_of(node, "places"),
            **_json_of(node, "said"),
        }
    if RDF + "Statement" in types:
        return _statement(node, evidence)
    own = sorted(type_.removeprefix(NS) for type_ in types if type_.startswith(NS))
    if not own:
        return None
    Line(node.place, {}).require(len(own) == 1, f"it has the types {', '.join(own)} where it must have one")
    return _entity(node, own[0], mentions)


def _json_of(node: _Node, key: str) -> dict[str, Any]:
    """Return what is kept as JSON in a literal, by its key."""
    if not node.has(NS + key):
        return {}
    try:
        return {key: json.loads(str(node.one(NS + key)))}
    except (ValueError, RecursionError):
        return {key: None}  # which is refused as what it is


def _span(node: _Node) -> dict[str, Any]:
    """Return a piece of a document: which, from where to where, and its words."""
    position, words = node.other(f"{node.name}/position"), node.other(f"{node.name}/quote")
    return {
        "document": identity(str(node.one(OA + "hasSource"))), "start": position.one(OA + "start"),
        "end": position.one(OA + "end"), "quote": words.one(OA + "exact"),
    }  # fmt: skip


def _entity(node: _Node, type_: str, mentions: _Spans) -> dict[str, Any]:
    plain = {key: node.one(predicate) for key, predicate in ENTITY_KEYS.items() if node.has(predicate)}
    pairs = sorted(str(a).split("=", 1) for a in node.all(NS + "attribute"))
    broader = sorted(identity(str(b)) for b in node.all(NS + "broader"))
    return {
        "kind": "entity", "id": identity(node.name), "type": type_, **plain, **({"attributes": pairs} if pairs else {}),
        **({"broader": broader} if broader else {}), "mentions": mentions.get(node.name, []),
    }  # fmt: skip


def _statement(node: _Node, evidence: _Spans) -> dict[str, Any]:
    subject, predicate, object_ = (str(node.one(RDF + name)) for name in ("subject", "predicate", "object"))
    stance = str(node.one(NS + "stance")).removeprefix(NS) if node.has(NS + "stance") else None
    return {
        "kind": "statement", "subject": identity(subject), "predicate": predicate.removeprefix(NS),
        "object": identity(object_), "stance": stance, "status": node.one(NS + "status"),
        "partnership": unquote(_home(node.name)), "evidence": evidence.get(node.name, []),
    }  # fmt: skip


def _home(name: str) -> str:
    """The first part of a statement's IRI is its partnership."""
    return name.removeprefix(f"{BASE}statement/").split("/", 1)[0]
