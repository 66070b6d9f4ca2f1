"""What the commands share: the options of those that list, and the writing of what they found."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

if TYPE_CHECKING:
    from goldenthread.views.listing import Listing

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("table", "json", "csv", "md")


def listing_options(command: F) -> F:
    """Give a command that lists its output options."""
    command = click.option("--output", metavar="FILE", default="-", help="Where to write; '-' is standard output.")(command)
    return click.option("--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="How to write.")(
        command
    )


def listing(finding: str, table: tuple[tuple[str, ...], list[tuple[str, ...]]], json: object) -> Listing:
    """What a command found: in a sentence, as a table of column names and rows, and for programs."""
    from goldenthread.views.listing import Listing

    return Listing(finding, table[0], table[1], json)


def write(listing: Listing, format_: str, output: str) -> None:
    """Write what a command found in one of `FORMATS`; '-' is standard output."""
    from goldenthread.views.listing import render

    terminal = output == "-" and sys.stdout.isatty()
    width = os.get_terminal_size().columns if terminal else None
    write_text(render(listing, format_, width), output)  # type: ignore[arg-type]  # click has checked the choice


def write_text(text: str, output: str) -> None:
    """Write text as UTF-8; '-' is standard output.

    Raises:
        GoldenthreadError: the file cannot be written.

    """
    with binary(output) as file:
        file.write(text.encode("utf-8"))


@contextmanager
def binary(output: str) -> Iterator[BinaryIO]:
    """Open a file for bytes, so that line ends and encoding are the same everywhere; '-' is standard output."""
    from goldenthread.ontology import GoldenthreadError

    if output == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with Path(output).open("wb") as file:
            yield file
    except OSError as error:
        raise GoldenthreadError(f"{output} could not be written: {error.strerror or error}. Name another file with --output.") from error
