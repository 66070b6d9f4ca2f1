"""What the commands share: the options of those that list, and the writing of what they found."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from goldenthread.writing.visible import raw, visible_on_terminals

if TYPE_CHECKING:
    from goldenthread.graph import Store
    from goldenthread.views.listing import Listing

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("table", "json", "csv", "md")


#: In what a list is written where --format does not say it, by the ending of --output; others get a table.
_LIST_ENDINGS = {".csv": "csv", ".json": "json", ".md": "md", ".markdown": "md"}


def listing_options(command: F) -> F:
    """Give a command that lists its output options."""
    return output_options(FORMATS, _LIST_ENDINGS, "table")(command)


def output_options(formats: Sequence[str], endings: Mapping[str, str], otherwise: str) -> Callable[[F], F]:
    """Return a decorator that gives a command the options --format and --output.

    Where --format is not given, the ending of --output decides.

    Args:
        formats: that may be named.
        endings: the format of each ending, such as '.csv'.
        otherwise: the format of all other endings, and of standard output.

    """

    def told(ctx: click.Context, _: click.Parameter, value: str | None) -> str:
        return value or endings.get(Path(ctx.params["output"]).suffix.lower(), otherwise)

    known = ", ".join(endings)
    wording = f"How to write; by default as the ending of --output says ({known}), else as {otherwise}."

    def add(command: F) -> F:
        # Eager, so that it is there when the format is asked for.
        output = click.option(
            "--output", metavar="FILE", default="-", is_eager=True, help="Where to write; '-' is standard output."
        )
        format_ = click.option("--format", "format_", type=click.Choice(formats), callback=told, help=wording)
        return format_(output(command))

    return add


def listing(finding: str, table: tuple[tuple[str, ...], list[tuple[str, ...]]], json: object) -> Listing:
    """What a command found: in a sentence, as a table of column names and rows, and for programs."""
    from goldenthread.views.listing import Listing

    return Listing(finding, table[0], table[1], json)


def write(listing: Listing, format_: str | None, output: str) -> None:
    """Write what a command found in one of `FORMATS`, a table where none is named; '-' is standard output."""
    from goldenthread.views.listing import render

    terminal = output == "-" and sys.stdout.isatty()
    width = os.get_terminal_size().columns if terminal else None
    # click has checked that the format is one of these.
    write_text(render(listing, format_ or "table", width), output)  # type: ignore[arg-type]


def write_text(text: str, output: str) -> None:
    """Write text as UTF-8; '-' is standard output.

    Raises:
        GoldenthreadError: the file cannot be written.

    """
    with binary(output) as file:
        file.write(text.encode("utf-8"))


@contextmanager
def binary(output: str) -> Iterator[BinaryIO]:
    """Open a file for bytes, so that line ends and encoding are the same everywhere; '-' is standard output.

    A file is replaced when all is written; see `graph.outputs.output_file`. What a terminal shows is made visible.

    Raises:
        GoldenthreadError: it cannot be written, or must not be written over.

    """
    if output == "-":
        sys.stdout.flush()
        file = raw(sys.stdout).buffer
        with visible_on_terminals(file) as shown:
            yield shown
        file.flush()
        return
    from goldenthread.graph.outputs import output_file

    context = click.get_current_context(silent=True)
    known = context.obj if context else {}
    with (
        output_file(Path(output), known.get("store"), known.get("sources", ())) as file,
        visible_on_terminals(file) as shown,
    ):
        yield shown


def refuse_outputs(ctx: click.Context, store: Store | None = None, more: Iterable[Path] = ()) -> None:
    """Refuse, before any work is done, to write over a store, or over a file that a command reads.

    Args:
        ctx: of the command; what it writes and reads stands in its parameters.
        store: the one that is asked, once it is open. It is asked for its documents only where an output would replace
            something.
        more: files that are read besides.

    Raises:
        GoldenthreadError: an output is one of these.

    """
    outputs = [Path(output) for output in _outputs(ctx.params) if output != "-"]
    if not outputs:
        return
    from goldenthread.graph.outputs import files_of, refuse
    from goldenthread.graph.store import store_folder

    address = ctx.obj["store"]
    sources: list[str | Path] = []
    if any(map(os.path.exists, outputs)):
        named = (value for value in (ctx.obj["vocabulary"], *map(ctx.params.get, _READ)) if value)
        sources = [*(file for name in named for file in _files_at(Path(name))), *more]
        sources += files_of(store.documents(), store_folder(address)) if store else ()
    ctx.obj["sources"] = sources  # for the moment of writing
    for output in outputs:
        refuse(output, address, sources)


#: Options that name a file which is read.
_READ = ("shapes", "sql", "sparql", "cypher", "claims_path", "calibration")


def _files_at(path: Path) -> Iterator[Path]:
    """Yield a file, or those in a folder: claims may stand in either."""
    yield path
    if path.is_dir():
        yield from path.rglob("*")


def _outputs(params: Mapping[str, Any]) -> list[str]:
    """Return the names of the files that a command writes, by its parameters."""
    output = params.get("output") or default_page(params["kind"]) if "kind" in params else params.get("output", "-")
    outputs = pair_names(output) if params.get("format_") == "csv-pair" else [output]
    return [*outputs, *filter(None, map(params.get, ("fit", "fit_prior", "plot")))]


def default_page(kind: str) -> str:
    """Return the name of the file to which `view` writes unless it is told another."""
    return f"{kind}.html"


def pair_names(output: str) -> list[str]:
    """Return the names of the two files of csv-pair: of the nodes, and of the edges."""
    stem = output[:-4] if output.lower().endswith(".csv") else output
    return [f"{stem}-{name}.csv" for name in ("nodes", "edges")]
