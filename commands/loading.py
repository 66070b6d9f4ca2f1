"""The commands that put documents into a store and take them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from goldenthread.commands.claims import calibration_of, calibration_option, claims_options, stated_at_option
from goldenthread.commands.language_model import asked, asking_options, check_settings
from goldenthread.commands.store import opened, prepare_answers, progress_shown
from goldenthread.writing.visible import in_line

if TYPE_CHECKING:
    from goldenthread.graph import Store
    from goldenthread.ontology import Ontology


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--partnership",
    metavar="NAME",
    help="Whose documents these are, where they do not say, or in place of what they say.",
)
@click.option("--plan-period", metavar="YEARS", help="The plan that they belong to, such as 2024-2027.")
@click.option("--date", metavar="DATE", help="When they were written, such as 2024-09-18.")
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    default=1,
    show_default=True,
    help="Child processes that read; 0 reads in this one.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@claims_options
@stated_at_option
@calibration_option
@asking_options
@click.pass_context
def load(
    ctx: click.Context, paths: Sequence[Path], partnership: str | None = None, plan_period: str | None = None,
    date: str | None = None, workers: int = 1, dry_run: bool = False, reader: str = "rules",
    stated_at: float | None = None, claims_path: Path | None = None, calibration: Path | None = None,
) -> None:  # fmt: skip
    """Read files and, recursively, folders into the store.

    A document is known by its place and its bytes: loading it again changes nothing, and a new version replaces the
    old one. With --reader rules,llm a language model reads as well: what would be sent where is said first.
    """
    from goldenthread.graph import store_folder
    from goldenthread.loaders.load import Options, checked_options, readers_named
    from goldenthread.loaders.load import load as load_paths
    from goldenthread.loaders.outcomes import message

    options = checked_options(Options(partnership, plan_period, date, readers_named(reader), stated_at))
    check_settings(ctx, options)
    with _to_load_into(ctx, dry_run=dry_run) as (store, ontology):
        from_model = asked(ctx, store, ontology, paths, options, workers=workers, dry_run=dry_run)
        with progress_shown(len(paths)) as progress:
            report = load_paths(
                store, ontology, paths, store_folder(ctx.obj["store"]), options,
                dry_run=dry_run, workers=workers, vocabulary=ctx.obj["vocabulary"], progress=progress,
                claims=claims_path, answered=from_model.claims, calibration=calibration_of(calibration),
            )  # fmt: skip
        if not dry_run:
            prepare_answers(store, ontology)
    click.echo(report.finding if not dry_run else report.finding_of_dry_run)
    if report.finding_of_claims:
        click.echo(report.finding_of_claims)
    for document, outcome in report.rejected_by_hand:
        click.echo(in_line(f"  rejected: {message(document, outcome)}"), err=True)
    if len(report.rejected) > len(report.rejected_by_hand):
        click.echo(
            "  note: 'claims DOCUMENT', with the same --reader, shows what was rejected of the model's.", err=True
        )
    from_model.say()
    for path, why in report.passed_over:
        click.echo(in_line(f"  passed over: {path}: {why}"), err=True)
    for note in report.notes:
        click.echo(in_line(f"  note: {note}"), err=True)
    for path, why in report.failed:
        click.echo(in_line(f"  not read: {path}: {why}"), err=True)
    if report.failed or from_model.unanswered:
        ctx.exit(3)


@contextmanager
def _to_load_into(ctx: click.Context, *, dry_run: bool) -> Iterator[tuple[Store, Ontology]]:
    """Open the store, or make it; a dry run makes none, and goes by an empty one where there is none yet."""
    address = ctx.obj["store"]
    if not dry_run or "://" in address or Path(address).exists():
        with opened(ctx, create=not dry_run) as found:
            yield found
        return
    from goldenthread.graph import open_store
    from goldenthread.ontology import load_ontology

    ontology = load_ontology(ctx.obj["vocabulary"])
    with TemporaryDirectory() as folder, open_store(str(Path(folder) / "none.db"), ontology, create=True) as store:
        yield store, ontology


@click.command()
@click.argument("document")
@click.pass_context
def forget(ctx: click.Context, document: str) -> None:
    """Remove one document, all that only it said, and the answers of language models about it."""
    from goldenthread.graph import store_folder
    from goldenthread.loaders.named_document import document_named

    with opened(ctx) as (store, ontology):
        asked_about = {answer.document for answer in store.answers()}  # perhaps before it was loaded
        identity = document_named(store, document, store_folder(ctx.obj["store"]), sorted(asked_about))
        store.forget(identity)
        prepare_answers(store, ontology)
    click.echo(in_line(f"{identity.removeprefix('document/')} is forgotten, with all that only it said."))
