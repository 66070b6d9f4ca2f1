"""The command that shows the main job on an invented borough."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from goldenthread.commands.asking import gaps, owners
from goldenthread.commands.claims import usual_readers
from goldenthread.commands.loading import load
from goldenthread.commands.store import DEFAULT_STORE
from goldenthread.commands.views import view


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where to write the store and the pages.",
)
@click.pass_context
def demo(ctx: click.Context, folder: Path) -> None:
    """Load the example borough, print its gaps and owners, write its pages."""
    from goldenthread.examples.demo import HIGHLIGHT, copy_documents

    documents = copy_documents(folder)
    ctx.obj["store"] = str(folder / DEFAULT_STORE)
    commands: list[tuple[str, Callable[[], object]]] = [
        (
            f"goldenthread load {documents.as_posix()} --partnership Harrowmere",
            lambda: ctx.invoke(load, paths=(documents,), partnership="Harrowmere", reader=usual_readers()),
        ),
        ("goldenthread gaps", lambda: ctx.invoke(gaps)),
        (f'goldenthread owners "{HIGHLIGHT}"', lambda: ctx.invoke(owners, name=HIGHLIGHT)),
        ("goldenthread view", lambda: ctx.invoke(view, output=str(folder / "board.html"))),
        (
            "goldenthread view --as network",
            lambda: ctx.invoke(view, kind="network", output=str(folder / "network.html")),
        ),
    ]
    for words, run in commands:
        click.echo(f"\n$ {words}")
        run()
    click.echo(
        f"\nThe documents are in {documents.as_posix()}, the store is {ctx.obj['store']}. "
        f"Open {(folder / 'board.html').as_posix()} in a browser."
    )
    click.echo(
        f'Go on with: goldenthread --store {Path(ctx.obj["store"]).as_posix()} ask "Who leads Safer Streets and '
        'Neighbourhoods?"'
    )
