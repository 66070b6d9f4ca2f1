"""What a query of a person's own returned, for tables and as JSON: every value of every engine has a form in both."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

#: Beyond this, programs that hold numbers as JavaScript does would round a whole number.
_LARGEST_EXACT = 2**53
#: Half of a character, which no encoding can write.
_HALF = re.compile("[\ud800-\udfff]")


def json_value(value: object) -> Json:
    """Return a value of an engine as JSON has it.

    Bytes become hexadecimal digits; whole numbers that many programs would round, and numbers that JSON lacks (NaN,
    Infinity, -Infinity), become text, and so does whatever is of another kind, such as a date.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < _LARGEST_EXACT else str(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, Mapping):
        return {_text(str(key)): json_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [json_value(item) for item in value]
    return _text(str(value))


def cell(value: object) -> str:
    """Return a value as a cell of a table; empty for none."""
    plain = json_value(value)
    if isinstance(plain, (list, dict)):
        return json.dumps(plain, ensure_ascii=False)
    return "" if plain is None else str(plain)


def columns_apart(columns: Iterable[str]) -> tuple[str, ...]:
    """Return names of columns of which no two are the same: a second 'key' is called 'key_2'."""
    found: dict[str, None] = {}
    for column in map(_text, columns):
        name, number = column, 1
        while name in found:
            number += 1
            name = f"{column}_{number}"
        found[name] = None
    return tuple(found)


def objects(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[dict[str, Json]]:
    """Return rows as JSON objects; the names of the columns differ, see `columns_apart`."""
    return [dict(zip(columns, map(json_value, row), strict=True)) for row in rows]


def _text(text: str) -> str:
    return _HALF.sub("\ufffd", text)
