"""The command group: its options, and how errors are shown. The commands are in `commands`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from goldenthread.commands.asking import ask, coverage, gaps, owners, query, search, show
from goldenthread.commands.claims import claims
from goldenthread.commands.demo import demo
from goldenthread.commands.evaluate import evaluate
from goldenthread.commands.keeping import audit, copy, import_
from goldenthread.commands.loading import forget, load
from goldenthread.commands.prompts import prompts
from goldenthread.commands.store import DEFAULT_STORE
from goldenthread.commands.views import briefing, export, view
from goldenthread.commands.vocabulary import vocabulary
from goldenthread.writing.visible import visible_streams


class _Commands(click.Group):
    """Turns errors into a message and an exit code, and shows control characters as signs, for every command."""

    def main(self, *arguments: Any, **settings: Any) -> Any:
        with visible_streams():
            return super().main(*arguments, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        # Imported here, because even this small module costs some milliseconds of '--help'.
        from goldenthread.ontology.errors import GoldenthreadError

        try:
            return super().invoke(ctx)
        except GoldenthreadError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # The reader of a pipe has seen enough.
            sys.stderr.close()
            ctx.exit(0)


# No command writes in colours: with "color" click leaves alone what looks like them, and it is shown instead of taken
# out.
@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110, "color": True}
)
@click.version_option(package_name="goldenthread")
@click.option(
    "--store",
    metavar="URL",
    envvar="GOLDENTHREAD_STORE",
    default=DEFAULT_STORE,
    show_default=True,
    help="Where the graph is kept: a file's path, or a Neo4j database such as neo4j://host:7687/database.",
)
@click.option(
    "--vocabulary",
    "own_issues",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="GOLDENTHREAD_VOCABULARY",
    help="Own issues beside the built-in ones, as Turtle or CSV; GOLDENTHREAD_VOCABULARY names it for good.",
)
@click.pass_context
def main(ctx: click.Context, store: str, own_issues: Path | None) -> None:
    """Follow the golden thread: from what people worry about, through the plan's priorities, to who must act.

    Load a partnership's documents, then ask which worries no priority covers and who owns what. Every line comes
    with the words that prove it; what the documents do not say is called 'not stated'.

    Exit codes: 0 fine; 1 gaps at or above --fail-on, or a failed audit; 2 wrong usage; 3 an input that could not be
    read; 4 the store could not be used.
    """
    ctx.obj = {"store": store, "vocabulary": own_issues}


for _command in (
    demo, load, forget, gaps, owners, coverage, ask, show, search, query, import_, copy, audit, view, briefing, export,
    vocabulary, evaluate, claims, prompts,
):  # fmt: skip
    main.add_command(_command)


if __name__ == "__main__":
    main()
