"""The command that measures reading against annotations made by hand."""

from __future__ import annotations

from pathlib import Path

import click

from goldenthread.cli_output import listing, listing_options, refuse_outputs, write, write_text
from goldenthread.visible import in_line

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("docs", type=_FOLDER)
@click.argument("gold", type=_FOLDER)
@click.option(
    "--also", type=(_FOLDER, _FOLDER), multiple=True, metavar="DOCS GOLD", help="More documents with their annotations; may be repeated."
)
@click.option("--leave-one-out", is_flag=True, help="Read each council's documents with the cues as the other councils' judge them.")
@click.option(
    "--threshold", type=click.FloatRange(0, 1), default=0.5, show_default=True,
    help="With --leave-one-out: cues that the others trust less are left out.",
)  # fmt: skip
@click.option("--write", "written", metavar="FILE", help="Also write the confidences, as the loaders' cue_precision.toml.")
@listing_options
@click.pass_context
def cues(
    ctx: click.Context, docs: Path, gold: Path, also: tuple[tuple[Path, Path], ...], leave_one_out: bool, threshold: float,
    written: str | None, format_: str, output: str,
) -> None:  # fmt: skip
    """Measure how far each cue can be trusted, on the documents in DOCS that have an annotation in GOLD.

    A cue is a wording, or a place such as a column, that makes a statement. What annotators do not agree on counts
    neither way. The confidence is the precision, smoothed towards that of the cue's relation.

    The cues were written by hand, with such documents at hand. So --leave-one-out does not show how well a council
    that nobody has seen is read. It shows how far the confidence of the cues, and the choice among them by it, carry
    over from the other councils to this one.
    """
    from goldenthread.loaders import measure, measure_tables
    from goldenthread.loaders.readers.rules.cues import load_cues
    from goldenthread.ontology import load_ontology

    folders = [folder for pair in ((docs, gold), *also) for folder in pair]
    refuse_outputs(ctx, more=(path for folder in folders for path in folder.rglob("*")))
    ontology = load_ontology(ctx.obj["vocabulary"])
    samples = [measure.find_sample(*pair) for pair in ((docs, gold), *also)]
    reads = [measure.read_sample(sample, ontology, load_cues()) for sample in samples]
    measured = [one for read, _ in reads for one in measure.measure(read, ontology)]
    records = measure.calibrated(measured, load_cues())
    if leave_one_out:
        councils = measure.leave_one_out(samples, ontology, threshold)
        found = measure_tables.councils_listed(councils, threshold)
    else:
        found = measure_tables.cues_listed(records, measured)
    write(listing(*found), format_, output)
    if written:
        write_text(measure.as_toml(records), written)
    for line in (line for sample in samples for line in sample.passed_over):
        click.echo(in_line(f"  passed over: {line}"), err=True)
    failed = [f"{path}: {why}" for _, failures in reads for path, why in failures]
    for line in failed:
        click.echo(in_line(f"  not read: {line}"), err=True)
    if failed:
        ctx.exit(3)
