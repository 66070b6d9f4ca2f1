"""Queries of the user's own: in the engine's language, or in SPARQL over the graph as RDF; nothing can be changed by them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..graph import Store
from ..ontology import GoldenthreadError, Ontology

#: What would reach the network or the disk.
_FORBIDDEN = re.compile(r"\b(?:SERVICE|LOAD|FROM|INSERT|DELETE|CLEAR|DROP|CREATE|COPY|MOVE|ADD)\b", re.IGNORECASE)
#: In Cypher the engine refuses what would change the graph; these reach files, the network or the server's own affairs.
_BEYOND_CYPHER = re.compile(r"\bLOAD\s+CSV\b|\bTERMINATE\b|\bCALL\s+(?:dbms|tx|apoc)\b", re.IGNORECASE)
_NOT_CYPHER = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", re.DOTALL)
_NOT_CODE = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|<[^>\s]*>|#[^\n]*")


class QueryError(GoldenthreadError):
    """A query cannot be run."""


def run_native(store: Store, language: str, text: str, most: int) -> tuple[Sequence[str], list[Sequence[object]]]:
    """Run a query in the engine's own language, on a connection that can only read.

    Args:
        store: where to look.
        language: 'sql' or 'cypher'.
        text: the query.
        most: how many rows to give.

    Raises:
        QueryError: the store speaks another language, or the query reaches beyond the graph.
        StoreError: the engine refuses the query.

    """
    if language != store.language:
        raise QueryError(f"This store takes --{store.language}, not --{language}.")
    refused = _BEYOND_CYPHER.search(_NOT_CYPHER.sub(" ", text)) if language == "cypher" else None
    if refused:
        raise QueryError(f"A query may not say {' '.join(refused.group().upper().split())}: it can only read this graph. Leave it out.")
    columns, rows = store.columns_and_rows(text, most)
    return columns, list(rows)


def run_sparql(
    store: Store, ontology: Ontology, text: str, partnership: str | None, most: int
) -> tuple[Sequence[str], list[Sequence[object]]]:
    """Run SPARQL over the graph as RDF, in memory; SERVICE, LOAD, FROM and updates are refused.

    Args:
        store: where to look.
        ontology: the vocabulary, which stands in a graph of its own.
        text: a SELECT or ASK query.
        partnership: id of the one whose graph is asked; all when left out.
        most: how many rows to give.

    Raises:
        QueryError: it is no SELECT or ASK, it reaches beyond the graph, or it cannot be parsed.

    """
    code = _NOT_CODE.sub(" ", text)
    refused = _FORBIDDEN.search(code)
    if refused:
        raise QueryError(f"A query may not say {refused.group().upper()}: it can only read this graph. Leave it out.")
    if not re.search(r"\b(?:SELECT|ASK)\b", code, re.IGNORECASE):
        raise QueryError("Give a SELECT or ASK query.")
    import pyoxigraph

    from ..graph.rdf import nquads

    memory = pyoxigraph.Store()
    memory.bulk_load(nquads(store, ontology, partnership).encode(), pyoxigraph.RdfFormat.N_QUADS)
    try:
        result = memory.query(text, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise QueryError(f"The query is not valid SPARQL: {error}.") from error
    if isinstance(result, pyoxigraph.QueryBoolean):
        return ("answer",), [(bool(result),)]
    assert isinstance(result, pyoxigraph.QuerySolutions)
    columns = [variable.value for variable in result.variables]
    rows: list[Sequence[object]] = []
    for solution in result:
        if len(rows) == most:
            break
        rows.append(tuple(None if value is None else getattr(value, "value", str(value)) for value in solution))
    return columns, rows
