"""The command that writes prompts for a language model which somebody asks by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from goldenthread.writing.visible import in_line


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--to", "target", required=True, metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False),
    help="Where to write them.",
)  # fmt: skip
@click.option("--partnership", metavar="NAME", help="As for 'load'.")
@click.option(
    "--characters", type=click.IntRange(1_000, 200_000),
    help="How much of a document a prompt holds at most.  [default: 12000]",
)  # fmt: skip
@click.option("--include-exempt", is_flag=True, help="Also documents that say that they are not for publication.")
@click.pass_context
def prompts(
    ctx: click.Context, paths: Sequence[Path], target: Path, partnership: str | None, characters: int | None,
    include_exempt: bool,
) -> None:  # fmt: skip
    """Write prompts to paste into a chat assistant, one for each part of each document.

    Nothing is sent anywhere. Save each answer as a file in a folder, and load the documents with '--claims FOLDER'.
    """
    from goldenthread.loaders.load import Options, checked_options
    from goldenthread.services.prompting import write_prompts

    options = checked_options(Options(partnership))
    report = write_prompts(
        paths, target, options, characters, vocabulary=ctx.obj["vocabulary"], include_exempt=include_exempt
    )
    click.echo(report.finding)
    if report.written:
        click.echo(
            f"Paste each file of {target.as_posix()} into the assistant, save each answer under the same name in "
            "another folder, and load the documents with --claims and that folder."
        )
    for name in report.exempt:
        click.echo(
            in_line(
                f"  left out: {name}: says that it is not for publication. Give --include-exempt if it may be pasted."
            ),
            err=True,
        )
    for path, why in report.passed_over:
        click.echo(in_line(f"  passed over: {path}: {why}"), err=True)
    for path, why in report.failed:
        click.echo(in_line(f"  not read: {path}: {why}"), err=True)
    if report.failed:
        ctx.exit(3)
