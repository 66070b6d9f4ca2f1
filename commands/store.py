"""What the commands share: the store that is asked, and the person who waits."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import click

from goldenthread.commands.output import refuse_outputs
from goldenthread.writing.visible import in_line, raw, visible

if TYPE_CHECKING:
    from goldenthread.graph import Store
    from goldenthread.ontology import Ontology


#: Where the graph is kept when nobody says.
DEFAULT_STORE = "goldenthread.db"


@contextmanager
def opened(ctx: click.Context, *, create: bool = False) -> Iterator[tuple[Store, Ontology]]:
    """Open the store that --store names, and what may be in it.

    Raises:
        StoreError: it cannot be used.
        OutputError: the command would write over it, or over a file that it reads.

    """
    from goldenthread.graph import open_store
    from goldenthread.ontology import load_ontology

    refuse_outputs(ctx)
    ontology = load_ontology(ctx.obj["vocabulary"])
    with open_store(ctx.obj["store"], ontology, create=create, ask=ask_password) as store:
        refuse_outputs(ctx, store)
        yield store, ontology


def attempts(ctx: click.Context) -> Iterator[AbstractContextManager[tuple[Store, Ontology]]]:
    """Open the store that --store names, to read it in one state; other processes may change it meanwhile.

        for attempt in attempts(ctx):
            with attempt as (store, ontology):
                found = …
        write(…)

    What is within may run several times, so it only reads; what was found is written after the loop.

    Raises:
        StoreError: it cannot be used, or was changed in every attempt.

    """
    from goldenthread.graph.attempts import attempts as attempts_of

    with opened(ctx) as (store, ontology):
        for attempt in attempts_of(store):
            yield _giving(attempt, store, ontology)


@contextmanager
def _giving(
    attempt: AbstractContextManager[None], store: Store, ontology: Ontology
) -> Iterator[tuple[Store, Ontology]]:
    with attempt:
        yield store, ontology


def prepare_answers(store: Store, ontology: Ontology) -> None:
    """Prepare the answers to questions across all partnerships, once for all documents that were changed."""
    from goldenthread.queries.summaries import summarise

    summarise(store, ontology)


def ask_password(words: str) -> str:
    """Ask a person at a terminal; nobody is there to answer a program that runs by itself."""
    return str(click.prompt(visible(words), hide_input=True, err=True)) if sys.stdin.isatty() else ""


def partnership_named(store: Store, name: str | None) -> str | None:
    """Return the id of the partnership that a person names; None when none is named.

    Raises:
        GoldenthreadError: the store holds none such.

    """
    from goldenthread.ontology import GoldenthreadError
    from goldenthread.queries.names import find_partnership

    if name is None:
        return None
    found = find_partnership(store, name)
    if found is None:
        known = ", ".join(label for _, label in store.partnerships()) or "none"
        raise GoldenthreadError(f"The store holds no partnership '{name}'. It holds: {known}.")
    return found


@contextmanager
def progress_shown(length: int) -> Iterator[Callable[[str], None] | None]:
    """Name each file as it is done, on a terminal only."""
    if length and sys.stderr.isatty() and "NO_COLOR" not in os.environ:
        terminal = raw(sys.stderr)
        yield lambda name: click.echo(f"\r\x1b[K{in_line(name)}", nl=False, file=terminal)
        click.echo("\r\x1b[K", nl=False, file=terminal)
    else:
        yield None


def bar(done: int, all_: int, width: int = 40) -> str:
    """Return how far a copy has come, in characters."""
    filled = width * done // all_
    return f"[{'#' * filled}{'.' * (width - filled)}] {done} of {all_} documents"
