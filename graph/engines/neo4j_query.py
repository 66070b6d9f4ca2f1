"""A query of a person's own on a Neo4j server: it reads this graph, and asks for nothing else of the server.

Two things decide, and each refuses what it does not know: the words of the query, and the server's plan for it. The
plan alone would not do, for it does not show what stands in expressions, such as COLLECT { LOAD CSV … } within a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .query_limits import LIMITS, LimitError, RefusedQueryError, checked_text

if TYPE_CHECKING:
    from neo4j import ResultSummary

#: The procedures that a query may call: they read this graph, or what is known of its make.
PROCEDURES = frozenset({
    "db.index.fulltext.awaitEventuallyConsistentIndexRefresh", "db.index.fulltext.listAvailableAnalyzers",
    "db.index.fulltext.queryNodes", "db.index.fulltext.queryRelationships", "db.labels", "db.propertyKeys",
    "db.relationshipTypes", "db.schema.nodeTypeProperties", "db.schema.relTypeProperties", "db.schema.visualization",
})  # fmt: skip
#: What the names of Neo4j's own functions begin with, where they have parts.
_FUNCTIONS = frozenset({"date", "datetime", "duration", "localdatetime", "localtime", "point", "time", "vector"})
#: Operators of a plan that do more than read, by the beginnings of their names; two that show only show this graph's
#: make.
_REFUSED_OPERATORS = (
    "LoadCSV",
    "Show",
    "Terminate",
    "Administration",
    "Create",
    "Drop",
    "Alter",
    "Delete",
    "Set",
    "Remove",
    "Merge",
    "Transaction",
)
_ALLOWED_OPERATORS = frozenset({"ShowIndexes", "ShowConstraints", "SetOperation"})

_NAME = r"[^\W\d]\w*|`(?:[^`]|``)*`"
_TOKEN = re.compile(
    rf"(?P<gap>[ \t\r\n]+|//[^\r\n]*|/\*.*?\*/)|(?P<text>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')|(?P<name>{_NAME})"
    rf"|(?P<number>\d\w*)|(?P<sign>.)",
    re.DOTALL,
)
#: What could end a line or a text for one reader and not for another: control characters, odd spaces, escapes.
_AMBIGUOUS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]|\\\\[uU]"
)


def checked(text: str) -> str:
    """Return a query without its comments, if its words are such as only read this graph.

    Raises:
        LimitError: it is too long, or has too many brackets in brackets.
        RefusedQueryError: it calls for something else.

    """
    checked_text(text)
    if found := _AMBIGUOUS.search(text):
        what = "\\u" if "\\" in found[0] else f"the character U+{ord(found[0]):04X}"
        raise RefusedQueryError(
            f"A query may not hold {what}, which servers read in different ways. "
            "Leave it out, or write the character itself."
        )
    written, tokens = "", list[tuple[str, str]]()
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup or "", match.group()
        if kind == "gap":
            written += " "
            continue
        if kind == "sign" and token in "'\"`":
            raise RefusedQueryError(f"The query has a {token} without a second one. Add it.")
        written += token
        tokens.append((kind, token))
    _check_depth(tokens)
    _check_words(tokens)
    return written


def _check_depth(tokens: Sequence[tuple[str, str]]) -> None:
    depth = 0
    for kind, token in tokens:
        depth += (token in "({[") - (token in ")}]") if kind == "sign" else 0
        if depth > LIMITS.depth:
            raise LimitError(f"The query has more than {LIMITS.depth} brackets in brackets. Write it with fewer.")


def _check_words(tokens: Sequence[tuple[str, str]]) -> None:
    """Refuse to load files, and to call what is not known to read only; a name counts in whatever way it is written."""
    words = [
        token.upper() if kind == "name" else token for kind, token in tokens if kind != "sign" or token in "(){}.:"
    ]
    if any(a == "LOAD" and b == "CSV" for a, b in pairwise(words)):
        raise _refused("LOAD CSV", "it would read a file or ask another server")
    before = ""
    for name, after, parts in _called(tokens):
        if before == "CALL" and name:
            if name not in PROCEDURES:
                raise _refused(f"CALL {name}", "it may call only procedures that are known to read this graph")
        elif parts > 1 and after == "(" and name.split(".")[0].lower() not in _FUNCTIONS:
            raise _refused(f"{name}()", "it may use only Neo4j's own functions")
        before = name.upper() if parts == 1 else ""


def _called(tokens: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
    """Yield every name, such as db.labels, with what follows it and its number of parts; else an empty one."""
    at = 0
    while at < len(tokens):
        parts = list[str]()
        while at < len(tokens) and tokens[at][0] == "name":
            token = tokens[at][1]
            parts.append(token[1:-1].replace("``", "`") if token.startswith("`") else token)
            at += 1
            if not (at + 1 < len(tokens) and tokens[at][1] == "." and tokens[at + 1][0] == "name"):
                break
            at += 1
        yield ".".join(parts), tokens[at][1] if at < len(tokens) else "", len(parts)
        at += 0 if parts else 1


def check_plan(summary: ResultSummary) -> None:
    """Refuse a query whose plan does more than read this graph.

    Args:
        summary: of the query with EXPLAIN before it, which is not run.

    Raises:
        RefusedQueryError: it does.

    """
    if summary.query_type != "r":
        raise RefusedQueryError(
            "A query may only read this graph, and this one would change something or ask after the server. "
            "Leave that out."
        )
    for step in _steps(summary.plan or {}):
        operator, _, database = str(step.get("operatorType", "")).partition("@")
        details = str(step.get("args", {}).get("Details", ""))
        if operator == "ProcedureCall":
            name = details.partition("(")[0].replace("`", "").strip()
            if name not in PROCEDURES:
                raise _refused(f"CALL {name}", "it may call only procedures that are known to read this graph")
        elif operator.startswith(_REFUSED_OPERATORS) and operator not in _ALLOWED_OPERATORS:
            raise _refused(operator, "it can only read this graph")
        if database and summary.database and database.lower() != summary.database.lower():
            raise _refused(f"the database {database}", "it can only read this graph")


def _steps(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [plan]
    while waiting:
        step = waiting.pop()
        yield step
        waiting.extend(step.get("children", ()))


def _refused(what: str, why: str) -> RefusedQueryError:
    return RefusedQueryError(f"A query may not use {what[:80]}: {why}. Leave it out.")
