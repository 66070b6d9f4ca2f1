"""Named queries: each is a file beside this one, called by its name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def named(name: str, language: str = "sql") -> str:
    """Return the text of the query `name` in the language of a store.

    Raises:
        FileNotFoundError: there is no such query.

    """
    return (files(__package__ or "") / f"{name}.{language}").read_text(encoding="utf-8")
