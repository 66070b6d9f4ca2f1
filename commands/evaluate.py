"""The command that measures reading against annotations made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from goldenthread.commands.claims import calibration_of, calibration_option, claims_options
from goldenthread.commands.language_model import check_settings, kept, model_option
from goldenthread.commands.output import listing, listing_options, refuse_outputs, write, write_text
from goldenthread.commands.store import ask_password
from goldenthread.writing.visible import in_line

if TYPE_CHECKING:
    from goldenthread.loaders.claims import WrittenClaim
    from goldenthread.ontology import Ontology

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("docs", type=_FOLDER)
@click.argument("gold", type=_FOLDER)
@click.option(
    "--also",
    type=(_FOLDER, _FOLDER),
    multiple=True,
    metavar="DOCS GOLD",
    help="More documents with their annotations; may be repeated.",
)
@click.option(
    "--leave-out", type=click.Choice(["letter", "council"]),
    help="Instead, each hand (the first letter of a document's name) or council by itself, "
        "with the mean and the worst.",
)  # fmt: skip
@click.option(
    "--fit",
    metavar="FILE",
    help="Also fit probabilities on these documents, and write them as the loaders' calibration.json.",
)
@click.option(
    "--fit-prior",
    metavar="FILE",
    help="Also fit how often readers from elsewhere are right, by relation, and write it as calibration.json.",
)
@click.option("--plot", metavar="FILE", help="Also draw how far probabilities hold, as SVG.")
@claims_options
@calibration_option
@model_option
@listing_options
@click.pass_context
def evaluate(
    ctx: click.Context, docs: Path, gold: Path, also: tuple[tuple[Path, Path], ...], leave_out: str | None,
    fit: str | None, fit_prior: str | None, plot: str | None, reader: str, claims_path: Path | None,
    calibration: Path | None, format_: str, output: str,
) -> None:  # fmt: skip
    """Measure reading on the documents in DOCS that have an annotation in GOLD.

    What is stated and what is only suggested are told apart. What annotators do not agree on counts neither way.
    Figures of documents with which rules or probabilities were made say what these can do, not how a new document is
    read. No model is asked: of the reader 'llm' the answers count that --store keeps.
    """
    from goldenthread.evaluation import calibrate, scores, tables
    from goldenthread.evaluation.gaps import measure_gaps
    from goldenthread.evaluation.plot import calibration_plot
    from goldenthread.loaders.calibration import load_calibration
    from goldenthread.loaders.extract import Extractor
    from goldenthread.loaders.load import Options, checked_options, readers_named
    from goldenthread.loaders.readers.rules.cues import load_cues
    from goldenthread.loaders.readers.written.written_claims import FoundClaims, find_claims
    from goldenthread.loaders.weighing import LEARNED
    from goldenthread.ontology import load_ontology

    folders = [folder for pair in ((docs, gold), *also) for folder in pair]
    refuse_outputs(ctx, more=(path for folder in folders for path in folder.rglob("*")))
    ontology = load_ontology(ctx.obj["vocabulary"])
    own = calibration_of(calibration) or load_calibration()
    used = own.without_limits() if fit or fit_prior else own
    extractor = Extractor(ontology, load_cues(), used)
    samples = [scores.find_sample(*pair) for pair in ((docs, gold), *also)]
    readers = readers_named(reader)
    check_settings(ctx, checked_options(Options(readers=readers)))
    given = find_claims(claims_path) if claims_path is not None else FoundClaims()
    answers = [_answers(ctx, ontology, sample.folder, readers) for sample in samples]
    reads = [
        scores.read_sample(sample, extractor, readers, [*given.claims, *more])
        for sample, more in zip(samples, answers, strict=True)
    ]
    measured = [one for read in reads for one in scores.measure(read.done, ontology)]
    passed_over = [line for sample in samples for line in sample.passed_over]
    failed = [*given.failed, *(line for read in reads for line in read.failed)]
    for line in passed_over:
        click.echo(in_line(f"  passed over: {line}"), err=True)
    for path, why in failed:
        click.echo(in_line(f"  not read: {path}: {why}"), err=True)
    if not measured:
        click.echo("None of the documents could be read, so nothing was measured.", err=True)
        ctx.exit(3)
    if leave_out:
        found = tables.left_out(measured, leave_out)
    else:
        gaps = measure_gaps([done for read in reads for done in read.done], ontology)
        found = tables.report(measured, gaps, passed_over)
    write(listing(*found), format_, output)
    if plot:
        stated_at = used.limits(together=LEARNED in readers)["threshold"]
        write_text(calibration_plot([v for one in measured for v in one.verdicts], stated_at), plot)
    if fit:
        name = "+".join(sorted(readers))
        weights = calibrate.fitted_together(measured, name)
        write_text(calibrate.as_json(weights, {name: {"fitted on": found[0]}}, own), fit)
    if fit_prior:
        priors, silence = calibrate.fitted_priors(measured, used)
        figures = {kind: {"fitted on": found[0]} for kind in priors}
        write_text(calibrate.as_json({}, figures, own, priors, silence), fit_prior)
    if failed:
        ctx.exit(3)


def _answers(ctx: click.Context, ontology: Ontology, folder: Path, readers: tuple[str, ...]) -> list[WrittenClaim]:
    """What a model claims of the documents of a folder, by the answers that the store keeps."""
    from goldenthread.graph import open_store
    from goldenthread.loaders.load import LLM, Options

    if LLM not in readers:
        return []
    with open_store(ctx.obj["store"], ontology, ask=ask_password) as store:
        found = kept(ctx, store, ontology, [folder], Options(readers=readers))
    found.say()
    return [claim for claims in (found.claims.by_place.values() if found.claims else ()) for claim in claims]
