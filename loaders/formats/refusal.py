"""What is not read, and how that is said."""

from __future__ import annotations

from ...ontology import GoldenthreadError


class ReadError(GoldenthreadError):
    """A file could not be read; the others are."""

    exit_code = 3


#: A larger file is not a document of a partnership.
LARGEST = 50_000_000


def refuse_empty(data: bytes, name: str) -> None:
    """Refuse what holds no word.

    Raises:
        ReadError: it is empty, or holds white space and zeros alone.

    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ReadError(f"{name} is empty. Nothing was read from it.")
