"""Compiles gap rules from SHACL for the engine of a store; pySHACL must find the same gaps."""

from __future__ import annotations

from ..graph.store import Language
from ..ontology import Ontology
from ..ontology.shapes import GapRule
from .compiled import CompiledRule
from .shacl_cypher import to_cypher
from .shacl_sql import to_sql


def compile_rule(rule: GapRule, ontology: Ontology, language: Language = "sql") -> CompiledRule:
    """Return `rule` in the language of an engine; each rule is compiled once for an ontology.

    Raises:
        OntologyError: the rule names a class or relation that does not exist, or one that cannot stand where it does.

    """
    # An ontology cannot be hashed (it holds dictionaries), but it never changes: what is compiled for it stays with it.
    known: dict[tuple[GapRule, Language], CompiledRule] = ontology.__dict__.setdefault("_compiled_rules", {})
    if (rule, language) not in known:
        known[rule, language] = to_sql(rule, ontology) if language == "sql" else to_cypher(rule, ontology)
    return known[rule, language]
