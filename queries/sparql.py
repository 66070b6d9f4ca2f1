"""SPARQL over the graph as RDF: in memory, in a process of its own, with no way to the network or to files."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..graph import Store
from ..graph.engines.child_process import restrict, run_in_child
from ..graph.engines.query_limits import LIMITS, Limits, QueryError, RefusedQueryError, within
from ..graph.store import Row
from ..ontology import Ontology
from .sparql_text import Query, checked
from .values import columns_apart


def run_sparql(
    store: Store, ontology: Ontology, text: str, partnership: str | None, most: int
) -> tuple[Sequence[str], list[Sequence[object]]]:
    """Run a SELECT or ASK query over the graph as RDF.

    Args:
        store: where to look.
        ontology: the vocabulary, which stands in a graph of its own.
        text: a SELECT or ASK query.
        partnership: id of the one whose graph is asked; all when left out.
        most: how many rows to give.

    Returns:
        The names of the columns, of which no two are the same, and the rows.

    Raises:
        RefusedQueryError: it is no SELECT or ASK, or it reaches beyond the graph.
        LimitError: it takes more than it may, as `graph.query_limits` says.
        QueryError: it cannot be parsed or answered.

    """
    from ..graph.exchange.rdf import nquads

    query = checked(text, LIMITS)
    columns, rows = run_in_child(
        _answer, nquads(store, ontology, partnership).encode(), query, most, LIMITS, limits=LIMITS
    )
    return columns_apart(columns), list(rows)


# ----------------------------------------------------------------------------------------- in the child


def _answer(data: bytes, query: Query, most: int, limits: Limits) -> tuple[Sequence[str], list[Row]]:
    """Load the graph, close everything else, make sure that the query only reads, and run it."""
    import pyoxigraph
    import rdflib.plugins.sparql.parser  # noqa: F401 - now, because later nothing more can be opened

    memory = pyoxigraph.Store()
    memory.bulk_load(data, pyoxigraph.RdfFormat.N_QUADS)
    restrict(limits)
    sys.setrecursionlimit(20_000)  # the parser goes one into the other for each bracket and each part of a list
    refuse_beyond_the_graph(query)
    return _evaluated(memory, query, most, limits)


def refuse_beyond_the_graph(query: Query) -> None:
    """Parse a query, and look through all that it consists of.

    Raises:
        RefusedQueryError: somewhere it asks another server, names graphs of its own, or is no SELECT or ASK.
        QueryError: it cannot be parsed.

    """
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parts = {part.name for part in _parts(parseQuery(query.text))}
    except MemoryError:
        raise
    except RecursionError as error:
        raise QueryError("The query is nested too deeply. Write it with fewer parts in parts.") from error
    except Exception as error:  # the parser raises errors of many kinds; those of its grammar know the place
        where = query.place(getattr(error, "loc", 0))
        raise QueryError(f"The query is not valid SPARQL {where}. Check what stands there and before it.") from error
    if not parts & {"SelectQuery", "AskQuery"} or parts & {"ConstructQuery", "DescribeQuery"}:
        raise RefusedQueryError("Give a SELECT or ASK query.")
    if parts & {"ServiceGraphPattern", "DatasetClause"}:
        raise RefusedQueryError(
            "A query may not ask other servers or graphs: it can only read this graph. Leave out SERVICE and FROM."
        )


def _parts(tree: object) -> Iterator[Any]:
    """Yield every part of a parsed query that has a name, however deep."""
    from rdflib.plugins.sparql.parserutils import CompValue

    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, CompValue):
            yield node
        if isinstance(node, dict):
            waiting.extend(node.values())
        elif isinstance(node, Iterable) and not isinstance(node, str):  # names and texts are kinds of str
            waiting.extend(node)


def _evaluated(memory: Any, query: Query, most: int, limits: Limits) -> tuple[Sequence[str], list[Row]]:
    import pyoxigraph

    try:
        result = memory.query(query.text, use_default_graph_as_union=True)
        if isinstance(result, pyoxigraph.QueryBoolean):
            return ("answer",), [(bool(result),)]
        if not isinstance(result, pyoxigraph.QuerySolutions):
            raise RefusedQueryError("Give a SELECT or ASK query.")
        columns = [variable.value for variable in result.variables]
        rows = (
            tuple(None if value is None else getattr(value, "value", str(value)) for value in solution)
            for solution in result
        )
        return columns, within(rows, len(columns), most, limits)
    except SyntaxError as error:
        place = re.search(r"at 1:(\d+): (.*)", str(error), re.DOTALL)
        what = query.place(int(place[1]) - 1) + f" ({' '.join(place[2].split())[:200]})" if place else f"({error})"
        raise QueryError(f"The query is not valid SPARQL {what}. Check what stands there and before it.") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(
            f"The query could not be answered: {' '.join(str(error).split())[:200]}. Write it in another way."
        ) from error
