"""The command that shows what was claimed of a document, by whom, and what became of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from goldenthread.commands.language_model import FromModel, check_settings, kept, model_option
from goldenthread.commands.output import listing, listing_options, refuse_outputs, write, write_text
from goldenthread.commands.store import opened
from goldenthread.writing.visible import escaped_json, in_line

if TYPE_CHECKING:
    from goldenthread.graph import Document, Store
    from goldenthread.loaders.calibration import Calibration
    from goldenthread.loaders.load import Options
    from goldenthread.loaders.outcomes import Outcome
    from goldenthread.loaders.report import LoadReport
    from goldenthread.ontology import Ontology

F = TypeVar("F", bound=Callable[..., Any])
#: Who reads, and the environment variable that says otherwise.
_USUAL, _READERS = ("rules", "learned"), "GOLDENTHREAD_READER"


def usual_readers() -> str:
    """Return who reads where nobody says so, as `--reader` names them."""
    return os.environ.get(_READERS) or ",".join(_USUAL)


def claims_options(command: F) -> F:
    """Give a command the options that say who reads: the readers of this program, and claims from elsewhere."""
    command = click.option(
        "--claims", "claims_path", metavar="FILE|FOLDER", type=click.Path(path_type=Path),
        help="Also what others claim of the documents: JSON lines, see 'claims --schema', or replies of a language "
            "model as .txt, .md or .json.",
    )(command)  # fmt: skip
    return click.option(
        "--reader", default=usual_readers, metavar="NAMES",
        help="Who reads, divided by commas: rules, learned, llm (a language model); 'none' takes claims only. "
            f"{_READERS} says it for all commands.  [default: {','.join(_USUAL)}]",
    )(command)  # fmt: skip


def stated_at_option(command: F) -> F:
    """Give a command the option that says from which probability on a statement is stated."""
    return click.option(
        "--stated-at", type=float, metavar="P",
        help="State what is as likely as this, from 0 to 1, and show the rest as possible; "
            "by default the probability that was found to be best.",
    )(command)  # fmt: skip


def calibration_option(command: F) -> F:
    """Give a command the option that names a calibration of one's own."""
    return click.option(
        "--calibration", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
        help="How likely claims are, as 'evaluate --fit-prior' found it for readers of your own.",
    )(command)  # fmt: skip


def calibration_of(path: Path | None) -> Calibration | None:
    """Return the calibration that a person names; None where none is named.

    Raises:
        GoldenthreadError: the file holds none.

    """
    from goldenthread.loaders.calibration import read_calibration

    return None if path is None else read_calibration(path)


@click.command()
@click.argument("document", required=False)
@click.option("--partnership", metavar="NAME", help="As for 'load'; by default what was said when it was loaded.")
@click.option("--plan-period", metavar="YEARS", help="As for 'load'.")
@click.option("--date", metavar="DATE", help="As for 'load'; by default what was said when it was loaded.")
@claims_options
@stated_at_option
@calibration_option
@model_option
@click.option("--schema", is_flag=True, help="Print the JSON Schema of claims files instead.")
@listing_options
@click.pass_context
def claims(
    ctx: click.Context, document: str | None, partnership: str | None, plan_period: str | None, date: str | None,
    reader: str, stated_at: float | None, claims_path: Path | None, calibration: Path | None, schema: bool,
    format_: str, output: str,
) -> None:  # fmt: skip
    """Show what is claimed of DOCUMENT, by whom, and what became of each claim.

    The file is read again at its place, and the store is not changed. With --format json the claims come as JSON lines
    in the form of claims files, which 'load --claims' reads. No model is asked: of the reader 'llm' the answers count
    that the store keeps.
    """
    if schema:
        if document is not None:
            raise click.UsageError("Give a document or --schema, not both.")
        _write_schema(ctx, output)
        return
    if document is None:
        raise click.UsageError("Name a document, or give --schema.")
    from goldenthread.graph import store_folder
    from goldenthread.loaders.load import Options, checked_options, readers_named
    from goldenthread.loaders.named_document import document_named

    options = checked_options(Options(partnership, plan_period, date, readers_named(reader), stated_at))
    check_settings(ctx, options)
    with opened(ctx) as (store, ontology):
        identity = document_named(store, document, store_folder(ctx.obj["store"]))
        known = next(each for each in store.documents() if each.id == identity)
        report, from_model = _read_again(ctx, store, ontology, known, options, claims_path, calibration)
    for read, outcomes in report.claimed:
        _write(read, outcomes, ontology, format_, output)
        _say_what_differs(known, read)
    from_model.say()
    _say_what_was_left_out(report)
    if report.failed:
        ctx.exit(3)


def _write_schema(ctx: click.Context, output: str) -> None:
    from goldenthread.loaders.readers.written.written_claims import schema_text

    refuse_outputs(ctx)
    if output != "-" and Path(output).exists():
        with opened(ctx):  # which refuses to write over a document of the store
            pass
    write_text(schema_text(), output)


def _read_again(
    ctx: click.Context, store: Store, ontology: Ontology, known: Document, options: Options, claims_path: Path | None,
    calibration: Path | None,
) -> tuple[LoadReport, FromModel]:  # fmt: skip
    """Read a document again at its place.

    What was said of it when it was loaded counts, unless `options` say something else.
    """
    from goldenthread.graph import store_folder
    from goldenthread.graph.outputs import file_of
    from goldenthread.loaders.load import load

    folder = store_folder(ctx.obj["store"])
    paths = [file_of(known, folder)]
    from_model = kept(ctx, store, ontology, paths, options, known.path)
    report = load(
        store, ontology, paths, folder, options,
        dry_run=True, workers=1, vocabulary=ctx.obj["vocabulary"], claims=claims_path, only=known.path,
        answered=from_model.claims, calibration=calibration_of(calibration),
    )  # fmt: skip
    if not report.claimed and not report.failed:
        report.failed.append((known.path, "is no longer there. Load its folder or container again, or forget it."))
    return report, from_model


def _say_what_differs(known: Document, read: Document) -> None:
    """Say where a document reads otherwise now than when it was loaded."""
    if read.sha256 != known.sha256:
        click.echo(
            in_line(f"  note: {known.path} has changed since it was loaded; this is how it reads now."), err=True
        )
    elif read.reader != known.reader:
        click.echo(
            in_line(
                f"  note: {known.path} was loaded with other readers, claims or options; "
                "this is how it reads with these."
            ),
            err=True,
        )


def _write(document: Document, outcomes: tuple[Outcome, ...], ontology: Ontology, format_: str, output: str) -> None:
    import json

    from goldenthread.loaders.outcomes import described
    from goldenthread.loaders.readers.written.claims_as_written import as_line, words_of

    if format_ == "json":
        write_text(
            "".join(escaped_json(json.dumps(as_line(each, document), ensure_ascii=False)) + "\n" for each in outcomes),
            output,
        )
        return
    rows: list[tuple[str, ...]] = [
        (
            described(o.claim, ontology), o.reader, getattr(o.claim, "cue", ""), words_of(o.claim, document), o.status,
            "" if o.probability is None else f"{o.probability:.2f}", o.why,
        )
        for o in outcomes
    ]  # fmt: skip
    columns = ("Claim", "Reader", "Cue", "Words", "Outcome", "Probability", "Why")
    write(listing(_finding(document, outcomes), (columns, rows), None), format_, output)


def _finding(document: Document, outcomes: Sequence[Outcome]) -> str:
    """What became of the claims, in a sentence."""
    counts = Counter[str](each.status for each in outcomes)
    words = {"stated": "stated", "suggested": "possible", "taken": "of names and other facts", "rejected": "rejected"}
    became = ", ".join(f"{counts[status]} {word}" for status, word in words.items() if counts[status])
    return (
        f"{document.path}: {len(outcomes)} claim{'' if len(outcomes) == 1 else 's'}{f': {became}' if became else ''}."
    )


def _say_what_was_left_out(report: LoadReport) -> None:
    from goldenthread.loaders.outcomes import Reason

    others = sum(outcome.reason in (Reason.NO_DOCUMENT, Reason.SEVERAL_DOCUMENTS) for _, outcome in report.rejected)
    if others:
        click.echo(
            f"  note: {others} of the given claims {'is' if others == 1 else 'are'} of other documents.", err=True
        )
    for note in report.notes:
        click.echo(in_line(f"  note: {note}"), err=True)
    for path, why in report.failed:
        click.echo(in_line(f"  not read: {path}: {why}"), err=True)
