"""The text of a SPARQL query: read as tokens, and written anew, so that every parser reads the same.

What a query may do is decided by its words, and two parsers may differ on what is a word: on where a text, a comment or
an address ends. So a query is cut into the tokens of SPARQL 1.1's grammar, comments are left out, texts are written in
one way, and the tokens stand apart. A word that is not in the list of those which only read is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from ..graph.engines.query_limits import LIMITS, LimitError, Limits, QueryError, RefusedQueryError, checked_text

#: The words of SPARQL 1.1 by which a query reads, in capitals.
_WORDS = frozenset(
    """
    ABS AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY DESC DISTINCT
    ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR GRAPH GROUP GROUP_CONCAT HAVING HOURS IF IN IRI ISBLANK ISIRI ISLITERAL
    ISNUMERIC ISURI LANG LANGMATCHES LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH NOT NOW OFFSET OPTIONAL ORDER PREFIX
    RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SELECT SEPARATOR SHA1 SHA256 SHA384 SHA512 STR STRAFTER
    STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM TIMEZONE TRUE TZ UCASE UNDEF UNION URI UUID
    VALUES WHERE YEAR A
    """.split()
)
#: What to do in place of a word that is refused.
_CURES = {
    "SERVICE": "It would ask another server. Leave it out.",
    "FROM": "The graphs are those of this store. Leave it out; --partnership or GRAPH narrows the query.",
    **dict.fromkeys(
        ("CONSTRUCT", "DESCRIBE"),
        "It would make a graph. Give a SELECT or ASK query; 'goldenthread export' writes the graph.",
    ),
    **dict.fromkeys(
        ("ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "TO", "USING", "WITH"),
        "It would change the graph. Give a SELECT or ASK query.",
    ),
}

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START = _BASE + "_"
_INNER = _START + r"\-0-9\u00b7\u0300-\u036f\u203f-\u2040"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_ECHAR = r"\\(?:[tbnrf\\\"']|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_NAME_END = rf"(?:[{_INNER}.]*[{_INNER}])?"
_TOKEN = re.compile(
    rf"""
      (?P<gap>[ \t\r\n]+ | \#[^\r\n]*)
    | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
    | (?P<long>\"\"\"(?:"{{0,2}}(?:[^"\\]|{_ECHAR}))*\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|{_ECHAR}))*''')
    | (?P<text>"(?:[^"\\\r\n]|{_ECHAR})*" | '(?:[^'\\\r\n]|{_ECHAR})*')
    | (?P<variable>[?$][{_START}0-9][{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)* | \^\^)
    | (?P<blank>_:[{_START}0-9]{_NAME_END})
    | (?P<name>(?:[{_BASE}]{_NAME_END})?:
        (?:(?:[{_START}:0-9]|{_ESCAPED})(?:(?:[{_INNER}.:]|{_ESCAPED})*(?:[{_INNER}:]|{_ESCAPED}))?)?)
    | (?P<number>[+\-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+\-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))
    | (?P<word>[A-Za-z][A-Za-z0-9_]*)
    | (?P<sign>&& | \|\| | [!<>]= | [{{}}()\[\],;.=<>+\-*/!|^?])
    """,
    re.VERBOSE,
)
_CONTROLS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_WRITTEN = {"\\": "\\\\", '"': '\\"', **{letter: f"\\{name}" for name, letter in _CONTROLS.items()}}
_OPENING, _CLOSING = "({[", ")}]"


@dataclass(frozen=True, slots=True)
class Query:
    """A query that may be asked."""

    text: str  #: written anew, in one line
    places: tuple[tuple[int, int, int, str], ...]  #: of each token: offset in `text`, line, column, itself

    def place(self, offset: int) -> str:
        """Say where in the query as it was given something stands that stands at `offset` of `text`."""
        if not self.places:
            return "at its start"
        number = max(0, bisect_right(self.places, offset, key=lambda place: place[0]) - 1)
        _, line, column, token = self.places[number]
        return f"near '{token[:40]}' {_at((line, column))}"


def checked(text: str, limits: Limits = LIMITS) -> Query:
    """Return a query anew, if it only reads this graph.

    Raises:
        RefusedQueryError: it would do something else.
        LimitError: it is too long, or has too many brackets in brackets.
        QueryError: it cannot be read.

    """
    written = ""
    places: list[tuple[int, int, int, str]] = []
    words: set[str] = set()
    depth, apart = 0, False
    for kind, token, place in _tokens(checked_text(text, limits)):
        if kind == "gap":
            apart = True
            continue
        if kind == "word":
            _check_word(token, place)
            words.add(token.upper())
        depth += (token in _OPENING) - (token in _CLOSING) if kind == "sign" else 0
        if depth > limits.depth:
            raise LimitError(
                f"The query has more than {limits.depth} brackets in brackets ({_at(place)}). Write it with fewer."
            )
        written += "" if not written or _follows(token, kind, places[-1][3], apart) else " "
        places.append((len(written), *place, token))
        written += _text_anew(kind, token, place) if kind in ("text", "long") else token
        apart = False
    if not words & {"SELECT", "ASK"}:
        raise RefusedQueryError("The query asks nothing. Give a SELECT or ASK query.")
    return Query(written, tuple(places))


def _follows(token: str, kind: str, before: str, apart: bool) -> bool:
    """Whether a token is written at once after the one before; others stand apart, so that no parser joins them."""
    if kind == "tag" or token == ")" or before in ("(", "^^"):
        return True
    if token == "(":
        return before.upper() in ("COALESCE", "CONCAT")  # Oxigraph asks for it
    return token in ("?", "*", "+") and not apart  # 'any number of times', behind a relation


def _tokens(text: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield the kind, the text and the place of each token: line and column, from 1."""
    at, line, line_start = 0, 1, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        place = (line, at - line_start + 1)
        if found is None:
            raise QueryError(
                f"The query is not valid SPARQL near '{text[at : at + 20]}' {_at(place)}. "
                "Check the signs and quotation marks there."
            )
        kind, token = found.lastgroup or "", found.group()
        yield kind, token, place
        if (breaks := token.count("\n")) > 0:
            line, line_start = line + breaks, at + token.rindex("\n") + 1
        at = found.end()


def _at(place: tuple[int, int]) -> str:
    return f"in line {place[0]}, column {place[1]}"


def _check_word(word: str, place: tuple[int, int]) -> None:
    capitals = word.upper()
    if capitals in _WORDS:
        return
    if capitals in _CURES:
        raise RefusedQueryError(f"A query may not say {capitals} ({_at(place)}). {_CURES[capitals]}")
    raise RefusedQueryError(
        f"A query may not say '{word[:40]}' ({_at(place)}): it is no word of SPARQL that only reads. Put a ? "
        "before a variable, and quotation marks around a text."
    )


def _text_anew(kind: str, token: str, place: tuple[int, int]) -> str:
    """Write a text in the one way in which all parsers read the same."""
    inner = token[3:-3] if kind == "long" else token[1:-1]
    value = re.sub(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", _letter, inner)
    if re.search(r"\\[uU]|[\x00\ud800-\udfff]", value):
        raise QueryError(
            f"A text in the query holds what parsers read in different ways ({_at(place)}). "
            "Leave out \\u, and write the character itself."
        )
    return '"' + re.sub(r"[\\\"\t\x08\n\r\f]", lambda m: _WRITTEN[m[0]], value) + '"'


def _letter(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits:
        return chr(int(digits, 16)) if int(digits, 16) <= 0x10FFFF else "\0"
    return _CONTROLS.get(match[3], match[3])
