"""What may exist: the Turtle files of the ontology, and the one module that reads them."""

from .errors import GoldenthreadError, OntologyError
from .facts import slug
from .reader import NS, BodyKind, Concept, Duty, EntityClass, NamedBody, Ontology, Place, Relation, load_ontology

__all__ = [
    "NS",
    "BodyKind",
    "Concept",
    "Duty",
    "EntityClass",
    "GoldenthreadError",
    "NamedBody",
    "Ontology",
    "OntologyError",
    "Place",
    "Relation",
    "load_ontology",
    "slug",
]
