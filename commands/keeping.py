"""The commands that bring a graph in, take it to another store, and check what a store holds."""

from __future__ import annotations

from pathlib import Path

import click

from goldenthread.commands.output import listing, listing_options, write
from goldenthread.commands.store import ask_password, bar, opened, prepare_answers, progress_shown


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "trig", "ttl", "nq", "jsonld"]),
    help="How it is written; by default told from the name.",
)
@click.pass_context
def import_(ctx: click.Context, file: Path, format_: str | None) -> None:
    """Read a graph that 'export' wrote."""
    from goldenthread.graph.exchange.copying import keep_new, record_new
    from goldenthread.graph.exchange.files import read_graphs

    with opened(ctx, create=True) as (store, ontology):
        found = read_graphs(file, format_, ontology)
        store.use_vocabulary(ontology)
        changes = [store.replace(graph) for graph in found.graphs]
        decided = record_new(store, found.decisions)
        answers = keep_new(store, found.answers)
        prepare_answers(store, ontology)
    loaded = len(changes) - changes.count("unchanged")
    more = f"; {decided} decision{'' if decided == 1 else 's'} imported" if decided else ""
    more += f"; {answers} answer{'' if answers == 1 else 's'} of language models imported" if answers else ""
    click.echo(f"{loaded} document{'' if loaded == 1 else 's'} imported, {changes.count('unchanged')} unchanged{more}.")


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.pass_context
def copy(ctx: click.Context, source: str, target: str) -> None:
    """Copy a graph from one store to another: from a file to a server, or back.

    What TO holds besides stays as it is. A copy that was interrupted goes on when it is done again.
    """
    from goldenthread.graph import open_store
    from goldenthread.graph.exchange.copying import copy as copy_store
    from goldenthread.ontology import load_ontology

    ontology = load_ontology(ctx.obj["vocabulary"])
    with (
        open_store(source, ontology, ask=ask_password) as old,
        open_store(target, ontology, create=True, ask=ask_password) as new,
        progress_shown(1) as show,
    ):
        report = copy_store(old, new, ontology, show and (lambda done, all_: show(bar(done, all_))))
        prepare_answers(new, ontology)
    click.echo(report.finding)


@click.command()
@listing_options
@click.pass_context
def audit(ctx: click.Context, format_: str, output: str) -> None:
    """Find every quote again in its document; exit with 1 when one is missing."""
    from goldenthread.graph import store_folder
    from goldenthread.graph.audit import audit as audit_store
    from goldenthread.loaders.load import texts_of_files
    from goldenthread.queries.tables import audit_json, audit_rows

    with opened(ctx) as (store, _), texts_of_files() as text_of:
        report = audit_store(store, store_folder(ctx.obj["store"]), text_of)
        write(listing(report.finding, audit_rows(report), audit_json(report)), format_, output)
    if not report.passed:
        ctx.exit(1)
