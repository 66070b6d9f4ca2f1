"""The commands that write pages: what the queries found, handed to the views."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from goldenthread.commands.output import binary, default_page, output_options, pair_names, write_text
from goldenthread.commands.store import attempts, partnership_named

if TYPE_CHECKING:
    from goldenthread.graph import Store
    from goldenthread.ontology import Ontology
    from goldenthread.views.scene import Scene

KINDS = ("board", "network", "source")
#: Bytes of an export that are kept in memory until it is whole; more go to a temporary file.
_IN_MEMORY = 64 * 1024 * 1024
EXPORTS = ("jsonl", "trig", "ttl", "nq", "jsonld", "graphml", "gexf", "kumu", "cypher", "csv", "csv-pair", "xlsx")
#: How the graph is written where --format does not say it, by the ending of --output.
_EXPORT_ENDINGS = {
    ".jsonl": "jsonl", ".trig": "trig", ".ttl": "ttl", ".nq": "nq", ".jsonld": "jsonld", ".graphml": "graphml",
    ".gexf": "gexf", ".cypher": "cypher", ".csv": "csv", ".xlsx": "xlsx",
}  # fmt: skip


@click.command()
@click.option("--as", "kind", type=click.Choice(KINDS), default="board", show_default=True, help="What to draw.")
@click.option("--partnership", metavar="NAME", help="Only this partnership.")
@click.option(
    "--on", metavar="DATE", help="The day on which the plan must be in force; without it the newest plan counts."
)
@click.option("--focus", metavar="NAME", help="Only what is within two steps of this.")
@click.option("--to", metavar="NAME", help="With --focus: only what is on the way from that to this.")
@click.option("--theme", metavar="NAME", help="Only the issues of this theme, and what their threads lead to.")
@click.option("--gaps", "only_gaps", is_flag=True, help="Only the gaps, and what leads to them.")
@click.option("--document", metavar="NAME", help="For source: only this document.")
@click.option(
    "--output", metavar="FILE", help="Where to write the page; by default board.html, network.html or source.html."
)
@click.pass_context
def view(
    ctx: click.Context, kind: str = "board", partnership: str | None = None, on: str | None = None,
    focus: str | None = None, to: str | None = None, theme: str | None = None, only_gaps: bool = False,
    document: str | None = None, output: str | None = None,
) -> None:  # fmt: skip
    """Write a page that opens offline: the board, the network, or the documents with their statements marked.

    The board shows issues, priorities, groups and partners in columns, gaps on top, with the words behind each link.
    """
    if to and not focus:
        raise click.UsageError("--to needs --focus: the thing from which the way leads.")
    if document and kind != "source":
        raise click.UsageError("--document is for --as source.")
    from goldenthread.services.scenes import scenes_of, title_of

    for attempt in attempts(ctx):
        with attempt as (store, ontology):
            scope = partnership_named(store, partnership)
            scenes = scenes_of(store, ontology, scope, on, uncited=kind == "source")
            centre = _named(store, ontology, focus, scope) if focus else None
            end = _named(store, ontology, to, scope) if to else None
            only = _document(ctx, store, document)
    scenes = _narrowed(scenes, centre, end, theme, only_gaps=only_gaps)
    page = _page(kind, scenes, title_of(scenes), centre, only, ontology)
    target = output or default_page(kind)
    write_text(page, target)
    if target != "-":
        click.echo(f"Wrote {target}: open it in a browser.")


@click.command()
@click.option("--partnership", metavar="NAME", help="Whose briefing; needed where the store holds several.")
@click.option(
    "--on", metavar="DATE", help="The day on which the plan must be in force; without it the newest plan counts."
)
@click.option(
    "--output",
    metavar="FILE",
    default="briefing.html",
    show_default=True,
    help="Where to write: a page (.html) or a Word document (.docx).",
)
@click.pass_context
def briefing(
    ctx: click.Context, partnership: str | None = None, on: str | None = None, output: str = "briefing.html"
) -> None:
    """Write the scrutiny briefing: findings, coverage, gaps, owners and evidence, as a page or as a Word document."""
    from goldenthread.services.scenes import briefing_of_store
    from goldenthread.views.briefing import briefing_page
    from goldenthread.views.briefing_docx import briefing_docx

    for attempt in attempts(ctx):
        with attempt as (store, ontology):
            content = briefing_of_store(store, ontology, _only(store, partnership), on)
    with binary(output) as file:
        file.write(briefing_docx(content) if output.lower().endswith(".docx") else briefing_page(content).encode())
    if output != "-":
        click.echo(f"Wrote {output}.")


@click.command()
@output_options(EXPORTS, _EXPORT_ENDINGS, "jsonl")
@click.option("--with-text", is_flag=True, help="For jsonl: the documents' texts as well.")
@click.option("--partnership", metavar="NAME", help="For xlsx: only this partnership.")
@click.pass_context
def export(ctx: click.Context, format_: str, output: str, with_text: bool, partnership: str | None) -> None:
    """Write the whole graph to a file: for goldenthread, for Excel, or for other graph programs.

    jsonl and the forms of RDF can be read back with 'import'. xlsx is a workbook of gaps, owners, coverage and
    evidence. csv has a row for each quote; csv-pair writes two files, OUTPUT-nodes.csv and OUTPUT-edges.csv.
    """
    from shutil import copyfileobj

    from goldenthread.graph.exchange.files import write_graph
    from goldenthread.graph.exchange.formats import csv_pair
    from goldenthread.services.scenes import workbook_parts
    from goldenthread.views.workbook import write_workbook

    if partnership and format_ != "xlsx":
        raise click.UsageError("--partnership is for --format xlsx; the other formats hold the whole graph.")
    if format_ == "csv-pair" and output == "-":
        raise click.UsageError("csv-pair writes two files. Name them with --output, such as --output graph.")
    if format_ == "xlsx" and output == "-" and sys.stdout.isatty():
        raise click.UsageError(
            "xlsx is no text that a terminal could show. Name a file with --output, such as --output graph.xlsx."
        )
    if format_ == "csv-pair":
        for attempt in attempts(ctx):
            with attempt as (store, _):
                pair = csv_pair(store)
        _write_pair(pair, pair_names(output))
        return
    with _scratch() as scratch:
        for attempt in attempts(ctx):
            with attempt as (store, ontology):
                scratch.seek(0)
                scratch.truncate()
                if format_ == "xlsx":
                    # Made in memory, for its writer has errors of its own for a full disk.
                    book = BytesIO()
                    write_workbook(workbook_parts(store, ontology, partnership_named(store, partnership)), book)
                    scratch.write(book.getbuffer())
                else:
                    write_graph(store, ontology, format_, scratch, with_text=with_text)
        scratch.seek(0)
        with binary(output) as file:
            copyfileobj(scratch, file)


@contextmanager
def _scratch() -> Iterator[BinaryIO]:
    """Open a file of our own, in memory as long as it is small, for what is handed over when it is whole."""
    from tempfile import SpooledTemporaryFile

    with SpooledTemporaryFile(_IN_MEMORY) as file:
        yield cast(BinaryIO, file)


def _write_pair(texts: Sequence[str], outputs: Sequence[str]) -> None:
    """Write texts to files of which none is replaced unless all could be written."""
    with ExitStack() as stack:
        files = [stack.enter_context(binary(output)) for output in outputs]
        for file, text in zip(files, texts, strict=True):
            file.write(text.encode())
            file.flush()


def _only(store: Store, partnership: str | None) -> str:
    """Return the id of the one partnership that is meant.

    Raises:
        GoldenthreadError: the store holds none, or several and none is named.

    """
    from goldenthread.ontology import GoldenthreadError

    named = partnership_named(store, partnership)
    known = store.partnerships()
    if named is None and len(known) != 1:
        labels = "; ".join(label for _, label in known)
        what = (
            f"The store holds several partnerships: {labels}. Name one with --partnership."
            if known
            else "The store holds no documents."
        )
        raise GoldenthreadError(what)
    return named or known[0][0]


def _named(store: Store, ontology: Ontology, name: str, partnership: str | None) -> str:
    from goldenthread.queries.names import one_named

    return one_named(store, ontology, name, partnership).id


def _document(ctx: click.Context, store: Store, name: str | None) -> str | None:
    from goldenthread.graph import store_folder
    from goldenthread.loaders.named_document import document_named

    return None if name is None else document_named(store, name, store_folder(ctx.obj["store"]))


def _narrowed(
    scenes: Sequence[Scene], focus: str | None, to: str | None, theme: str | None, *, only_gaps: bool
) -> list[Scene]:
    """Narrow each scene that holds what is asked for; the others are left out.

    Raises:
        GoldenthreadError: none holds it.

    """
    from goldenthread.ontology import GoldenthreadError
    from goldenthread.views.narrowing import around, between, of_gaps, of_theme, theme_named

    found = list(scenes)
    if theme is not None:
        wanted = theme_named(found, theme)
        found = [of_theme(scene, wanted) for scene in found if wanted in scene.themes]
    if focus is not None and to is not None:
        found = between(found, focus, to)
    elif focus is not None:
        found = [around(scene, focus) for scene in found if focus in scene.items]
    if scenes and not found:
        raise GoldenthreadError(
            "Nothing is left to show: what --focus names does not belong to the theme. Leave one of them out."
        )
    return [of_gaps(scene) for scene in found] if only_gaps else found


def _page(
    kind: str, scenes: Sequence[Scene], title: str, focus: str | None, document: str | None, ontology: Ontology
) -> str:
    from goldenthread.views.board import board_page
    from goldenthread.views.network import network_page
    from goldenthread.views.source_pages import source_page

    pages: dict[str, Callable[[], str]] = {
        "board": lambda: board_page(scenes, title=title, ontology=ontology),
        "network": lambda: network_page(scenes, title=title, focus=focus, ontology=ontology),
        "source": lambda: source_page(scenes, only=document),
    }
    return pages[kind]()
