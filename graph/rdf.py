"""The graph as RDF 1.1, and back: reified statements with their evidence, one named graph for each partnership.

Everything has an IRI of its own, so that the same graph gives the same bytes. Entities are typed by the ontology's
classes; mentions are Web Annotations; evidence is a specific resource with a position and a quote selector; documents
are PROV entities. The vocabulary of issues stands in a graph of its own, in SKOS.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pyoxigraph as ox

from ..ontology import NS, GoldenthreadError, Ontology
from ..ontology.reader import BASE, SKOS
from .exchange import read_jsonl, records
from .model import DocumentGraph
from .store import Store, places_written

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

DCTERMS = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
PROV = "http://www.w3.org/ns/prov#"
ORG = "http://www.w3.org/ns/org#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
VOCABULARY = BASE + "graph/vocabulary"

_FORMATS = {"trig": ox.RdfFormat.TRIG, "ttl": ox.RdfFormat.TURTLE, "nq": ox.RdfFormat.N_QUADS}
_PREFIXES = {
    "dcterms": DCTERMS, "gt": NS, "issue": BASE + "issue/", "oa": OA, "org": ORG, "prov": PROV, "rdf": RDF, "rdfs": RDFS,
    "skos": SKOS, "xsd": XSD,
}  # fmt: skip
#: Plain attributes of documents and entities, by the key of the exchange format.
_DOCUMENT_KEYS = {"path": NS + "path", "sha256": NS + "sha256", "title": DCTERMS + "title", "date": DCTERMS + "date",
                  "partnership": NS + "partnership", "partnership_label": NS + "partnershipLabel", "document_kind": NS + "documentKind"}  # fmt: skip
_ENTITY_KEYS = {
    "label": RDFS + "label",
    "body_kind": NS + "bodyKind",
    "starts": NS + "starts",
    "ends": NS + "ends",
    "partnership": NS + "partnership",
}


def iri(identity: str) -> str:
    """The IRI of an entity or document by its id; issues keep the vocabulary's."""
    return (
        BASE + quote(identity, safe="/-._~") if identity.startswith(("issue/", "duty/")) else BASE + "id/" + quote(identity, safe="/-._~")
    )


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

    def _add(self, graph: str, subject: str, predicate: str, value: str | int | float | bool, *, link: bool = False) -> None:
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
        for key, predicate in _DOCUMENT_KEYS.items():
            if record.get(key) is not None:
                self._add(graph, subject, predicate, record[key])
        if "places" in record:
            self._add(graph, subject, NS + "places", places_written(record["places"]))

    def write_entity(self, record: dict[str, Any], home: dict[str, str]) -> None:
        subject = iri(record["id"])
        graph = VOCABULARY if record["type"] in ("Issue", "Duty") else self._scope(record, home)
        self._add(graph, subject, RDF + "type", NS + record["type"], link=True)
        for key, predicate in _ENTITY_KEYS.items():
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
        self._add(graph, *ends, link=True)
        parts = [record["partnership"], record["subject"], record["predicate"], record["object"], record["stance"] or ""]
        node = f"{BASE}statement/" + "/".join(_part(p) for p in parts)
        self._add(graph, node, RDF + "type", RDF + "Statement", link=True)
        for name, value in zip(("subject", "predicate", "object"), ends, strict=True):
            self._add(graph, node, RDF + name, value, link=True)
        self._add(graph, node, NS + "status", record["status"])
        if record["stance"]:
            self._add(graph, node, NS + "stance", NS + record["stance"], link=True)
        for e in record["evidence"]:
            extra = (NS + "evidenceOf", node)
            self._selection(
                graph,
                f"{node}/evidence/{_part(e['cue'])}",
                e,
                PROV + "Entity",
                extra,
                cue=e["cue"],
                confidence=e["confidence"],
                assumed=e.get("assumed"),
            )

    def write_decision(self, record: dict[str, Any], home: dict[str, str]) -> None:
        """What people decided is not part of what documents say, and stays out of the RDF."""

    def _selection(self, graph: str, base: str, place: dict[str, Any], type_: str, link: tuple[str, str], **extra: Any) -> None:
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


# ------------------------------------------------------------------------------------------------------ and back


def read_back(data: bytes | str, format_: str, ontology: Ontology) -> list[DocumentGraph]:
    """Read what `serialised` wrote, as what each document says.

    Raises:
        GoldenthreadError: it is not RDF of this format, or no graph of goldenthread's.

    """
    triples: dict[str, dict[str, list[Any]]] = {}
    try:
        for subject, predicate, value in _parsed(data, format_):
            values = triples.setdefault(subject, {}).setdefault(predicate, [])
            if value not in values:
                values.append(value)
    except Exception as error:  # the parsers raise errors of many kinds
        raise GoldenthreadError(f"The file is not valid RDF ({format_}): {type(error).__name__}. Export it again.") from error
    try:
        lines = sorted(_lines(triples), key=lambda r: ("document", "entity", "statement").index(r["kind"]))
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise GoldenthreadError("The file lacks a part of goldenthread's graph, or it was changed. Export it again.") from error
    if not any(r["kind"] == "document" for r in lines):
        raise GoldenthreadError("The file holds no document of a goldenthread graph. Export it with 'goldenthread export'.")
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    return read_jsonl(io.BytesIO(text.encode()), ontology)


def _parsed(data: bytes | str, format_: str) -> Iterator[tuple[str, str, Any]]:
    """Yield the triples: IRIs as text, literals as plain values."""
    if format_ == "jsonld":
        from rdflib import Dataset, Literal

        found = Dataset()
        found.parse(data=data, format="json-ld")
        for subject, predicate, value, _ in found.quads((None, None, None, None)):
            yield str(subject), str(predicate), value.toPython() if isinstance(value, Literal) else str(value)
        return
    for quad in ox.parse(data, format=_FORMATS[format_]):
        yield str(getattr(quad.subject, "value", quad.subject)), quad.predicate.value, _plain(quad.object)


def _plain(term: object) -> Any:
    """Return the value of a literal, or the IRI."""
    if not isinstance(term, ox.Literal):
        return str(getattr(term, "value", term))
    name = term.datatype.value.removeprefix(XSD)
    if name == "boolean":
        return term.value == "true"
    return int(term.value) if name == "integer" else float(term.value) if name == "double" else term.value


def _lines(triples: dict[str, dict[str, list[Any]]]) -> Iterable[dict[str, Any]]:
    """The lines of the exchange format that the triples say."""
    mentions: dict[str, list[dict[str, Any]]] = {}
    evidence: dict[str, list[dict[str, Any]]] = {}
    for node, facts in triples.items():
        if OA + "hasBody" in facts:
            mentions.setdefault(str(facts[OA + "hasBody"][0]), []).append(_place(node, facts, triples))
        elif NS + "evidenceOf" in facts:
            extra = {k: facts[NS + k][0] for k in ("cue", "confidence", "assumed") if NS + k in facts}
            evidence.setdefault(str(facts[NS + "evidenceOf"][0]), []).append(_place(node, facts, triples) | extra)
    for node, facts in sorted(triples.items()):
        types = {str(t) for t in facts.get(RDF + "type", ())}
        if NS + "Document" in types:
            places = {"places": json.loads(str(facts[NS + "places"][0]))} if NS + "places" in facts else {}
            known = {k: str(facts[p][0]) for k, p in _DOCUMENT_KEYS.items() if p in facts}
            yield {"kind": "document", "id": _identity(node), **known, **places}
        elif RDF + "Statement" in types:
            yield _statement(node, facts, evidence)
        elif own := sorted(t.removeprefix(NS) for t in types if t.startswith(NS)):
            yield _entity(node, own[0], facts, mentions)


def _place(node: str, facts: dict[str, list[Any]], triples: dict[str, dict[str, list[Any]]]) -> dict[str, Any]:
    position, words = triples[f"{node}/position"], triples[f"{node}/quote"]
    return {
        "document": _identity(str(facts[OA + "hasSource"][0])), "start": int(position[OA + "start"][0]), "end": int(position[OA + "end"][0]),
        "quote": str(words[OA + "exact"][0]),
    }  # fmt: skip


def _entity(node: str, type_: str, facts: dict[str, list[Any]], mentions: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    plain = {k: facts[p][0] for k, p in _ENTITY_KEYS.items() if p in facts}
    pairs = sorted(str(a).split("=", 1) for a in facts.get(NS + "attribute", ()))
    broader = sorted(_identity(str(b)) for b in facts.get(NS + "broader", ()))
    return {
        "kind": "entity", "id": _identity(node), "type": type_, **plain, **({"attributes": pairs} if pairs else {}),
        **({"broader": broader} if broader else {}), "mentions": mentions.get(node, []),
    }  # fmt: skip


def _statement(node: str, facts: dict[str, list[Any]], evidence: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    ends = {name: str(facts[RDF + name][0]) for name in ("subject", "predicate", "object")}
    stance = str(facts[NS + "stance"][0]).removeprefix(NS) if NS + "stance" in facts else None
    return {
        "kind": "statement", "subject": _identity(ends["subject"]), "predicate": ends["predicate"].removeprefix(NS), "object": _identity(ends["object"]),
        "stance": stance, "status": str(facts[NS + "status"][0]), "partnership": unquote(node.removeprefix(f"{BASE}statement/").split("/", 1)[0]),
        "evidence": evidence.get(node, []),
    }  # fmt: skip


def _identity(node: str) -> str:
    return unquote(node.removeprefix(BASE + "id/").removeprefix(BASE))


# ------------------------------------------------------------------------------ what the gap rules are checked on


def facts(store: Store, ontology: Ontology, partnership: str, in_force: Iterable[str], former: Iterable[str]) -> Graph:
    """Return one partnership's plain triples, types, and wider and derived relations: the data on which SHACL validates.

    Args:
        store: where to look.
        ontology: says what implies what.
        partnership: id.
        in_force: ids of the priorities and actions in force.
        former: ids of the priorities of earlier plans.

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
    _add_statements(graph, store, ontology, partnership, earlier, add)
    return graph


def _add_statements(graph: Graph, store: Store, ontology: Ontology, partnership: str, former: set[str], add: Any) -> None:
    leaders: dict[str, dict[str, set[str]]] = {}
    for s in store.statements(partnership):
        add(s.subject, s.predicate, s.object)
        relation = ontology.relations[s.predicate]
        for wider in sorted(
            relation.wider | (ontology.wider_by_stance.get(s.stance or "", frozenset()) if relation.takes_stance else frozenset())
        ):
            add(s.subject, wider, s.object)
        if s.predicate == "addresses" and s.subject in former:
            add(s.object, "formerly_addressed_by", s.subject)
        if s.predicate == "leads":
            leaders.setdefault(s.object, {})[s.subject] = {e.document for e in s.evidence}
    for thing, named in leaders.items():
        for leader, documents in named.items():
            if any(theirs - documents for other, theirs in named.items() if other != leader):
                add(thing, "differs_on_owner", leader)
