"""The commands that look after the vocabulary of issues."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from goldenthread.commands.output import listing, listing_options, write
from goldenthread.commands.store import attempts, opened, partnership_named


@click.group()
def vocabulary() -> None:
    """Look after the vocabulary of issues."""


@vocabulary.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Check the built-in vocabulary, with the file given by --vocabulary, for what is missing or ambiguous."""
    from goldenthread.loaders.formats.tokens import normal_phrase
    from goldenthread.ontology import load_ontology
    from goldenthread.ontology.lint import findings

    ontology = load_ontology(ctx.obj["vocabulary"])
    wrong = findings(ontology, normal_phrase)
    click.echo(
        f"{len(ontology.concepts)} issues, {len(ontology.kinds)} kinds of bodies, {len(ontology.duties)} duties: "
        f"{len(wrong) or 'nothing'} to mend."
    )
    for line in wrong:
        click.echo(f"  {line}")
    if wrong:
        ctx.exit(1)


@vocabulary.command()
@click.option("--partnership", metavar="NAME", help="Only this partnership's documents.")
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True, help="How many to list.")
@listing_options
@click.pass_context
def candidates(ctx: click.Context, partnership: str | None, limit: int, format_: str, output: str) -> None:
    """List what the documents may call an issue and the vocabulary lacks, the likeliest first, each with its words."""
    from goldenthread.evaluation.candidates import find_candidates, rejected_labels

    for attempt in attempts(ctx):
        with attempt as (store, ontology):
            scope = partnership_named(store, partnership)
            texts = {d.path: store.text(d.id) or "" for d in store.documents() if scope in (None, d.partnership)}
            rejected = rejected_labels(store)
    found = find_candidates(texts, ontology, rejected)
    shown = found[:limit]
    rows: list[tuple[str, ...]] = [
        (c.label, f"{c.score:g}", str(len(c.documents)), c.broader or "", f"“{c.quotes[0][1]}”", c.quotes[0][0])
        for c in shown
    ]
    json = [
        {
            "label": c.label,
            "score": c.score,
            "documents": sorted(c.documents),
            "broader": c.broader,
            "quotes": [{"document": p, "quote": q} for p, q in c.quotes],
        }
        for c in shown
    ]
    finding = f"{len(found)} phrase{'' if len(found) == 1 else 's'} may be issues that the vocabulary lacks" + (
        f"; the first {limit}." if len(found) > limit else "."
    )
    write(
        listing(
            finding,
            (("Phrase", "Score", "Documents", "Perhaps a kind of", "Words", "Document"), rows),
            {"finding": finding, "candidates": json},
        ),
        format_,
        output,
    )


@vocabulary.command()
@click.argument("label")
@click.option("--broader", metavar="ISSUE", help="The issue of which it is a kind.")
@click.option("--definition", default="", metavar="TEXT", help="What it is, in a sentence.")
@click.option("--alternatives", default="", metavar="TEXTS", help="Other wordings, divided by ';'.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The CSV vocabulary to write to; by default the one given with --vocabulary.",
)
@click.pass_context
def accept(
    ctx: click.Context, label: str, broader: str | None, definition: str, alternatives: str, into: Path | None
) -> None:
    """Take LABEL into your own vocabulary; it is found from the next load with that vocabulary on."""
    from goldenthread.ontology import load_ontology
    from goldenthread.ontology.user_vocabulary import add_to_csv

    path = into or ctx.obj["vocabulary"] or Path("vocabulary.csv")
    if path.suffix.lower() != ".csv":
        raise click.UsageError(f"{path} is no CSV file. Name one with --into, such as vocabulary.csv.")
    known = load_ontology(path if path.exists() else None)
    same = next(
        (c.label for c in known.concepts.values() if label.lower() in (name.lower() for name in c.labels)), None
    )
    if same is not None:
        raise click.UsageError(f"'{label}' is known already, as '{same}'.")
    if broader is not None and broader.lower() not in (c.label.lower() for c in known.concepts.values()):
        raise click.UsageError(
            f"There is no issue '{broader}'. See 'goldenthread search {broader}', or leave --broader out."
        )
    _refuse_documents(ctx, path)
    add_to_csv(path, label, definition, broader or "", alternatives)
    click.echo(f"'{label}' is in {path}. Load with '--vocabulary {path}' to find it.")


def _refuse_documents(ctx: click.Context, path: Path) -> None:
    """Refuse to add to a file that is a document of the store, unless --vocabulary calls it a vocabulary.

    Raises:
        OutputError: it is one, or a store.

    """
    from goldenthread.graph import StoreError
    from goldenthread.graph.outputs import files_of, refuse
    from goldenthread.graph.store import store_folder

    address, documents = ctx.obj["store"], []
    # A server is not asked: it may want a password, and nothing that stands in the file is lost.
    if path.exists() and path != ctx.obj["vocabulary"] and Path(address).is_file():
        with suppress(StoreError), opened(ctx) as (store, _):
            documents = files_of(store.documents(), store_folder(address))
    refuse(path, address, documents)


@vocabulary.command()
@click.argument("label")
@click.option("--by", required=True, metavar="WHO", help="Who decides: a post or a name.")
@click.option("--reason", default="not an issue", show_default=True, metavar="TEXT", help="Why.")
@click.pass_context
def reject(ctx: click.Context, label: str, by: str, reason: str) -> None:
    """Turn LABEL down: it is not listed among the candidates again."""
    from goldenthread.evaluation.candidates import rejection
    from goldenthread.graph import Decision

    with opened(ctx) as (store, _):
        number = store.record(Decision("reject", rejection(label), reason, by))
    click.echo(f"'{label}' is turned down (decision {number}).")
