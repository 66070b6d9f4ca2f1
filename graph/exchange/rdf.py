"""The graph as RDF 1.1, and back: reified statements with their evidence, one named graph for each partnership.

Everything has an IRI of its own, so that the same graph gives the same bytes. Entities are typed by the ontology's
classes; mentions are Web Annotations; evidence is a specific resource with a position and a quote selector; documents
are PROV entities. The vocabulary of issues stands in a graph of its own, in SKOS.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pyoxigraph as ox

from ...ontology import NS, Ontology
from ...ontology.reader import BASE, SKOS
from ..store import Store, places_written, said_written
from .jsonl import records
from .rdf_reading import read_back as read_back
from .rdf_terms import DCTERMS, DOCUMENT_KEYS, ENTITY_KEYS, OA, ORG, PROV, RDF, RDFS, VOCABULARY, XSD, iri

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

_PREFIXES = {
    "dcterms": DCTERMS, "gt": NS, "issue": BASE + "issue/", "oa": OA, "org": ORG, "prov": PROV, "rdf": RDF,
    "rdfs": RDFS, "skos": SKOS, "xsd": XSD,
}  # fmt: skip


def dataset(store: Store, ontology: Ontology) -> Dataset:
    """Return the store as an RDF dataset of rdflib's.

    Args:
        store: what to turn into RDF.
        ontology: its vocabulary goes in as SKOS.

    """
    from rdflib import Dataset

    found = Dataset()
    for prefix, name in _PREFIXES.items():
        found.bind(prefix, name)
    found.parse(data=nquads(store, ontology), format="nquads")
    return found


def _quads(store: Store, ontology: Ontology) -> list[ox.Quad]:
    """Return the store as quads, sorted."""
    writer = _Writer()
    writer.vocabulary(ontology)
    home: dict[str, str] = {}
    for record in records(store, False):
        getattr(writer, "write_" + record["kind"])(record, home)
    return sorted(writer.quads, key=lambda q: (str(q.graph_name), str(q.subject), q.predicate.value, str(q.object)))


class _Writer:
    """Turns lines of the exchange format into quads."""

    def __init__(self) -> None:
        self.quads: set[ox.Quad] = set()

    def _add(
        self, graph: str, subject: str, predicate: str, value: str | int | float | bool, *, link: bool = False
    ) -> None:
        object_ = ox.NamedNode(str(value)) if link else _literal(value)
        self.quads.add(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), object_, ox.NamedNode(graph)))

    def vocabulary(self, ontology: Ontology) -> None:
        graph = VOCABULARY
        for concept in ontology.concepts.values():
            subject = iri(f"issue/{concept.id}")
            self._add(graph, subject, RDF + "type", SKOS + "Concept", link=True)
            self._add(graph, subject, SKOS + "prefLabel", concept.label)
            self._add(graph, subject, SKOS + "definition", concept.definition)
            for label in concept.alt_labels:
                self._add(graph, subject, SKOS + "altLabel", label)
            for broader in concept.broader:
                self._add(graph, subject, SKOS + "broader", iri(f"issue/{broader}"), link=True)
            for match in concept.matches:
                self._add(graph, subject, SKOS + "closeMatch", match, link=True)

    def write_document(self, record: dict[str, Any], home: dict[str, str]) -> None:
        home[record["id"]] = name = _graph_name(record["partnership"])
        graph, subject = name, iri(record["id"])
        for type_ in (NS + "Document", PROV + "Entity"):
            self._add(graph, subject, RDF + "type", type_, link=True)
        for key, predicate in DOCUMENT_KEYS.items():
            if record.get(key) is not None:
                self._add(graph, subject, predicate, record[key])
        if "places" in record:
            self._add(graph, subject, NS + "places", places_written(record["places"]))
        if "said" in record:
            self._add(graph, subject, NS + "said", said_written(tuple(record["said"].items())))

    def write_entity(self, record: dict[str, Any], home: dict[str, str]) -> None:
        subject = iri(record["id"])
        graph = VOCABULARY if record["type"] in ("Issue", "Duty") else self._scope(record, home)
        self._add(graph, subject, RDF + "type", NS + record["type"], link=True)
        for key, predicate in ENTITY_KEYS.items():
            if record.get(key) is not None:
                self._add(graph, subject, predicate, record[key])
        for name, value in record.get("attributes", ()):
            self._add(graph, subject, NS + "attribute", f"{name}={value}")
        for broader in record.get("broader", ()):
            self._add(graph, subject, NS + "broader", iri(broader), link=True)
        for mention in record["mentions"]:
            self._selection(
                home[mention["document"]],
                f"{BASE}mention/{_part(record['id'])}",
                mention,
                OA + "Annotation",
                (OA + "hasBody", subject),
            )

    def _scope(self, record: dict[str, Any], home: dict[str, str]) -> str:
        """An entity's id begins with its partnership's."""
        if record["mentions"]:
            return home[record["mentions"][0]["document"]]
        names = sorted({unquote(name.removeprefix(BASE + "graph/")) for name in home.values()}, key=len, reverse=True)
        return next((_graph_name(n) for n in names if record["id"].startswith(n + "/")), VOCABULARY)

    def write_statement(self, record: dict[str, Any], home: dict[str, str]) -> None:
        graph = _graph_name(record["partnership"])
        ends = (iri(record["subject"]), NS + record["predicate"], iri(record["object"]))
        if any(not e.get("suggested", record["status"] == "suggested") for e in record["evidence"]):
            self._add(graph, *ends, link=True)  # what is only suggested is no fact of the graph
        parts = [
            record["partnership"],
            record["subject"],
            record["predicate"],
            record["object"],
            record["stance"] or "",
        ]
        node = f"{BASE}statement/" + "/".join(_part(p) for p in parts)
        self._add(graph, node, RDF + "type", RDF + "Statement", link=True)
        for name, value in zip(("subject", "predicate", "object"), ends, strict=True):
            self._add(graph, node, RDF + name, value, link=True)
        self._add(graph, node, NS + "status", record["status"])
        self._add(graph, node, NS + "probability", record["probability"])
        if record["stance"]:
            self._add(graph, node, NS + "stance", NS + record["stance"], link=True)
        for e in record["evidence"]:
            extra = (NS + "evidenceOf", node)
            self._selection(
                graph,
                f"{node}/evidence/{_part(e['reader'])}/{_part(e['cue'])}",
                e,
                PROV + "Entity",
                extra,
                cue=e["cue"],
                reader=e["reader"],
                probability=e["probability"],
                assumed=e.get("assumed"),
                suggested=e.get("suggested"),
            )

    def write_decision(self, record: dict[str, Any], home: dict[str, str]) -> None:
        """What people decided is not part of what documents say, and stays out of the RDF."""

    def write_answer(self, record: dict[str, Any], home: dict[str, str]) -> None:
        """Answers of language models are not part of the graph: JSON lines carry them."""

    def _selection(
        self, graph: str, base: str, place: dict[str, Any], type_: str, link: tuple[str, str], **extra: Any
    ) -> None:
        """A piece of a document, as Web Annotation has it: a source, and selectors by position and by quote."""
        node = f"{base}/{_part(place['document'])}/{place['start']}-{place['end']}"
        self._add(graph, node, RDF + "type", type_, link=True)
        self._add(graph, node, link[0], link[1], link=True)
        self._add(graph, node, OA + "hasSource", iri(place["document"]), link=True)
        for name, selector in (("position", "TextPositionSelector"), ("quote", "TextQuoteSelector")):
            self._add(graph, node, OA + "hasSelector", f"{node}/{name}", link=True)
            self._add(graph, f"{node}/{name}", RDF + "type", OA + selector, link=True)
        self._add(graph, f"{node}/position", OA + "start", place["start"])
        self._add(graph, f"{node}/position", OA + "end", place["end"])
        self._add(graph, f"{node}/quote", OA + "exact", place["quote"])
        for name, value in extra.items():
            if value is not None:
                self._add(graph, node, NS + name, value)


def _part(text: str) -> str:
    return quote(text, safe="-._~")


def _graph_name(partnership: str) -> str:
    return f"{BASE}graph/{quote(partnership, safe='/-._~')}"


def _literal(value: str | int | float | bool) -> ox.Literal:
    """Return the literal of a plain value; a float in full, so that it comes back as it was."""
    if isinstance(value, bool):
        return ox.Literal(value)
    name = "integer" if isinstance(value, int) else "double" if isinstance(value, float) else "string"
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + name))


def serialised(store: Store, ontology: Ontology, format_: str) -> str:
    """Return the store as text: trig, nq, jsonld, or ttl (all graphs in one); the same store gives the same bytes."""
    if format_ == "jsonld":
        items = json.loads(dataset(store, ontology).serialize(format="json-ld"))
        return json.dumps(_sorted(items), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    quads = _quads(store, ontology)
    if format_ == "ttl":
        triples = sorted({q.triple for q in quads}, key=lambda t: (str(t.subject), t.predicate.value, str(t.object)))
        return _text(triples, ox.RdfFormat.TURTLE)
    return _text(quads, ox.RdfFormat.TRIG if format_ == "trig" else ox.RdfFormat.N_QUADS)


def _text(statements: Iterable[ox.Quad] | Iterable[ox.Triple], format_: ox.RdfFormat) -> str:
    """Return sorted statements as text, in their order."""
    found = ox.serialize(statements, format=format_, prefixes=None if format_ == ox.RdfFormat.N_QUADS else _PREFIXES)
    return (found or b"").decode()


def _sorted(value: Any) -> Any:
    if isinstance(value, list):
        return sorted((_sorted(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True))
    return {k: _sorted(v) for k, v in value.items()} if isinstance(value, dict) else value


def nquads(store: Store, ontology: Ontology, partnership: str | None = None) -> str:
    """Return N-Quads of one partnership's graph and the vocabulary, or of all."""
    quads = _quads(store, ontology)
    if partnership is not None:
        wanted = {ox.NamedNode(_graph_name(partnership)), ox.NamedNode(VOCABULARY)}
        quads = [q for q in quads if q.graph_name in wanted]
    return _text(quads, ox.RdfFormat.N_QUADS)


# ------------------------------------------------------------------------------ what the gap rules are checked on


def facts(
    store: Store,
    ontology: Ontology,
    partnership: str,
    in_force: Iterable[str],
    former: Iterable[str],
    *,
    suggested: bool = False,
) -> Graph:
    """Return the data on which SHACL validates: one partnership's triples, types, wider and derived relations.

    Args:
        store: where to look.
        ontology: says what implies what.
        partnership: id.
        in_force: ids of the priorities and actions in force.
        former: ids of the priorities of earlier plans.
        suggested: count what is only suggested as if it were stated.

    """
    from rdflib import RDF as RDF_
    from rdflib import Graph, Literal, URIRef

    graph = Graph()
    force, earlier = set(in_force), set(former)

    def add(subject: str, relation: str, value: str) -> None:
        graph.add((URIRef(iri(subject)), URIRef(NS + relation), URIRef(iri(value))))

    def type_of(subject: str, name: str) -> None:
        graph.add((URIRef(iri(subject)), RDF_.type, URIRef(NS + name)))

    itself = f"{partnership}/partnership"
    type_of(itself, "Partnership")
    for entity in store.entities(partnership):
        type_of(entity.id, entity.type)
        if entity.kind and entity.type not in ("Issue", "Duty"):
            graph.add((URIRef(iri(entity.id)), URIRef(NS + "kind"), URIRef(BASE + "body/" + entity.kind)))
        if entity.type == "Subgroup" and entity.kind == "partnership-board":
            add(entity.id, "board_of", itself)
        for name, value in entity.attributes:
            if entity.type == "Action" and name == "deadline":
                graph.add((URIRef(iri(entity.id)), URIRef(NS + "deadline"), Literal(value)))
        if entity.id in force:
            type_of(entity.id, "CommitmentInForce")
            if entity.type == "Priority":
                type_of(entity.id, "PriorityInForce")
    for concept in ontology.concepts.values():
        type_of(f"issue/{concept.id}", "Issue")
        for broader in concept.broader:
            add(f"issue/{concept.id}", "broader", f"issue/{broader}")
    for duty in ontology.duties.values():
        type_of(f"duty/{duty.id}", "Duty")
        for issue in duty.requires:
            add(f"duty/{duty.id}", "requires", f"issue/{issue}")
    _add_statements(store, ontology, partnership, earlier, add, suggested=suggested)
    return graph


def _add_statements(
    store: Store, ontology: Ontology, partnership: str, former: set[str], add: Any, *, suggested: bool
) -> None:
    leaders: dict[str, dict[str, set[str]]] = {}
    for s in store.statements(partnership):
        evidence = s.evidence if suggested else s.stated_by
        if not evidence:
            continue
        add(s.subject, s.predicate, s.object)
        relation = ontology.relations[s.predicate]
        for wider in sorted(
            relation.wider
            | (ontology.wider_by_stance.get(s.stance or "", frozenset()) if relation.takes_stance else frozenset())
        ):
            add(s.subject, wider, s.object)
        if s.predicate == "addresses" and s.subject in former:
            add(s.object, "formerly_addressed_by", s.subject)
        if s.predicate == "leads":
            leaders.setdefault(s.object, {})[s.subject] = {e.document for e in evidence}
    for thing, named in leaders.items():
        for leader, documents in named.items():
            if any(theirs - documents for other, theirs in named.items() if other != leader):
                add(thing, "differs_on_owner", leader)
