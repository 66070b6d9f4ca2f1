"""Queries of a person's own, in the engine's language or in SPARQL; they change nothing, and reach nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..graph import Store
from ..graph.engines.query_limits import LIMITS, QueryError, checked_text
from .sparql import run_sparql
from .values import columns_apart

__all__ = ["QueryError", "run_native", "run_sparql", "text_or_file"]


def run_native(store: Store, language: str, text: str, most: int) -> tuple[Sequence[str], list[Sequence[object]]]:
    """Run a query in the engine's own language, on a connection that can only read.

    Args:
        store: where to look.
        language: 'sql' or 'cypher'.
        text: the query.
        most: how many rows to give.

    Returns:
        The names of the columns, of which no two are the same, and the rows.

    Raises:
        QueryError: the store speaks another language.
        RefusedQueryError: the query reaches beyond the graph.
        LimitError: the query takes more than it may, as `graph.query_limits` says.
        StoreError: the engine refuses the query.

    """
    if language != store.language:
        raise QueryError(f"This store takes --{store.language}, not --{language}.")
    columns, rows = store.columns_and_rows(checked_text(text), most)
    return columns_apart(columns), list(rows)


def text_or_file(given: str) -> str:
    """Return the text of a query that is given as itself, or as the name of a file that holds it.

    Raises:
        QueryError: the file cannot be read, is no text or is too large.

    """
    try:
        path = Path(given)
        if len(given) >= 1000 or "\n" in given or not path.is_file():
            return given
        with path.open("rb") as file:
            data = file.read(4 * LIMITS.text + 1)
    except (OSError, ValueError):  # what a query holds need not be able to be a name
        return given
    try:
        return checked_text(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        if len(data) > 4 * LIMITS.text:
            raise QueryError(
                f"The file {given} is too large for a query. Give the name of a file that holds one."
            ) from error
        raise QueryError(
            f"The file {given} is no text in UTF-8. Save it as UTF-8, or give the query itself."
        ) from error
