"""The namespaces of RDF that the ontology's files use."""

from __future__ import annotations

BASE = "https://w3id.org/goldenthread/"
NS = BASE + "ns#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE = RDF + "type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
