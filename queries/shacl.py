"""Compiles gap rules from SHACL for the engine of a store; pySHACL must find the same gaps."""

from __future__ import annotations

from ..graph.store import Language
from ..ontology import Ontology
from ..ontology.shapes import GapRule
from .compiled import CompiledRule
from .shacl_cypher import to_cypher
from .shacl_sql import to_sql


def compile_rule(
    rule: GapRule, ontology: Ontology, language: Language = "sql", *, suggested: bool = False
) -> CompiledRule:
    """Return `rule` in the language of an engine; each rule is compiled once for an ontology.

    Args:
        rule: to compile.
        ontology: its classes and relations.
        language: of the engine.
        suggested: count what is only suggested as if it were stated.

    Raises:
        OntologyError: the rule names a class or relation that does not exist, or one that cannot stand where it does.

    """
    # An ontology cannot be hashed (it holds dictionaries), but it never changes: what is compiled for it stays with it.
    known: dict[tuple[GapRule, Language, bool], CompiledRule] = ontology.__dict__.setdefault("_compiled_rules", {})
    if (rule, language, suggested) not in known:
        to_language = to_sql if language == "sql" else to_cypher
        known[rule, language, suggested] = to_language(rule, ontology, suggested=suggested)
    return known[rule, language, suggested]
