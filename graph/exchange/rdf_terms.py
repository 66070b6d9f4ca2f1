"""The names of RDF under which a graph is written and read back."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pyoxigraph as ox

from ...ontology import NS
from ...ontology.reader import BASE

DCTERMS = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
PROV = "http://www.w3.org/ns/prov#"
ORG = "http://www.w3.org/ns/org#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
VOCABULARY = BASE + "graph/vocabulary"

#: The forms of RDF, by their names on the command line.
FORMATS = {
    "trig": ox.RdfFormat.TRIG, "ttl": ox.RdfFormat.TURTLE, "nq": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD,
}  # fmt: skip
#: Plain attributes of documents and entities, by the key of the exchange format.
DOCUMENT_KEYS = {"path": NS + "path", "sha256": NS + "sha256", "title": DCTERMS + "title", "date": DCTERMS + "date",
                  "partnership": NS + "partnership", "partnership_label": NS + "partnershipLabel",
                  "document_kind": NS + "documentKind"}  # fmt: skip
ENTITY_KEYS = {
    "label": RDFS + "label",
    "body_kind": NS + "bodyKind",
    "starts": NS + "starts",
    "ends": NS + "ends",
    "partnership": NS + "partnership",
}


def iri(identity: str) -> str:
    """The IRI of an entity or document by its id; issues keep the vocabulary's."""
    return (
        BASE + quote(identity, safe="/-._~")
        if identity.startswith(("issue/", "duty/"))
        else BASE + "id/" + quote(identity, safe="/-._~")
    )


def identity(node: str) -> str:
    """The id of an entity or document by its IRI; what `iri` undoes."""
    return unquote(node.removeprefix(BASE + "id/").removeprefix(BASE))
