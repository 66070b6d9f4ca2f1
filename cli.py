"""The command line: parse, call, print. What the commands do stands in the packages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from goldenthread.cli_claims import claims, claims_options, stated_at_option
from goldenthread.cli_evaluate import evaluate
from goldenthread.cli_output import listing, listing_options, write
from goldenthread.cli_store import ask_password, attempts, bar, opened, partnership_named, prepare_answers, progress_shown
from goldenthread.cli_views import briefing, export, view
from goldenthread.cli_vocabulary import vocabulary
from goldenthread.visible import in_line, visible_streams

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_STORE = "goldenthread.db"
SEVERITIES = ("violation", "warning", "info")
#: The most rows that an ad hoc query gives.
MOST_ROWS = 10_000


class _Commands(click.Group):
    """Turns the project's errors into a message and an exit code, for every command, and shows what no terminal may be sent."""

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


# No command writes in colours: with "color" click leaves alone what looks like them, and it is shown instead of taken out.
@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110, "color": True})
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


def _scope_options(command: F) -> F:
    """Give a command the options that narrow it to a partnership and a day."""
    command = click.option("--on", metavar="DATE", help="The day on which the plan must be in force; without it the newest plan counts.")(
        command
    )
    return click.option("--partnership", metavar="NAME", help="Only this partnership.")(command)


# ------------------------------------------------------------------------------------------------------- loading


@main.command()
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
            lambda: ctx.invoke(load, paths=(documents,), partnership="Harrowmere"),
        ),
        ("goldenthread gaps", lambda: ctx.invoke(gaps)),
        (f'goldenthread owners "{HIGHLIGHT}"', lambda: ctx.invoke(owners, name=HIGHLIGHT)),
        ("goldenthread view", lambda: ctx.invoke(view, output=str(folder / "board.html"))),
        ("goldenthread view --as network", lambda: ctx.invoke(view, kind="network", output=str(folder / "network.html"))),
    ]
    for words, run in commands:
        click.echo(f"\n$ {words}")
        run()
    click.echo(
        f"\nThe documents are in {documents.as_posix()}, the store is {ctx.obj['store']}. Open {(folder / 'board.html').as_posix()} in a browser."
    )
    click.echo(f'Go on with: goldenthread --store {Path(ctx.obj["store"]).as_posix()} ask "Who leads Safer Streets and Neighbourhoods?"')


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--partnership", metavar="NAME", help="Whose documents these are, where they do not say, or in place of what they say.")
@click.option("--plan-period", metavar="YEARS", help="The plan that they belong to, such as 2024-2027.")
@click.option("--date", metavar="DATE", help="When they were written, such as 2024-09-18.")
@click.option("--workers", type=click.IntRange(0, 64), default=1, show_default=True, help="Child processes that read; 0 reads in this one.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@claims_options
@stated_at_option
@click.pass_context
def load(
    ctx: click.Context, paths: Sequence[Path], partnership: str | None = None, plan_period: str | None = None, date: str | None = None,
    workers: int = 1, dry_run: bool = False, reader: str = "rules", stated_at: float | None = None, claims_path: Path | None = None,
) -> None:  # fmt: skip
    """Read files and, recursively, folders into the store.

    A document is known by its place and its bytes: loading it again changes nothing, and a new version replaces the
    old one.
    """
    from goldenthread.graph import store_folder
    from goldenthread.loaders.load import Options, checked_options, readers_named
    from goldenthread.loaders.load import load as load_paths
    from goldenthread.loaders.outcomes import message

    options = checked_options(Options(partnership, plan_period, date, readers_named(reader), stated_at))
    with opened(ctx, create=not dry_run) as (store, ontology), progress_shown(len(paths)) as progress:
        report = load_paths(
            store, ontology, paths, store_folder(ctx.obj["store"]), options,
            dry_run=dry_run, workers=workers, vocabulary=ctx.obj["vocabulary"], progress=progress, claims=claims_path,
        )  # fmt: skip
        if not dry_run:
            prepare_answers(store, ontology)
    click.echo(report.finding if not dry_run else report.finding_of_dry_run)
    if report.finding_of_claims:
        click.echo(report.finding_of_claims)
    for document, outcome in report.rejected:
        click.echo(in_line(f"  rejected: {message(document, outcome)}"), err=True)
    for path, why in report.passed_over:
        click.echo(in_line(f"  passed over: {path}: {why}"), err=True)
    for note in report.notes:
        click.echo(in_line(f"  note: {note}"), err=True)
    for path, why in report.failed:
        click.echo(in_line(f"  not read: {path}: {why}"), err=True)
    if report.failed:
        ctx.exit(3)


@main.command()
@click.argument("document")
@click.pass_context
def forget(ctx: click.Context, document: str) -> None:
    """Remove one document, and all that only it said."""
    from goldenthread.graph import store_folder
    from goldenthread.loaders.load import document_named

    with opened(ctx) as (store, ontology):
        identity = document_named(store, document, store_folder(ctx.obj["store"]))
        store.forget(identity)
        prepare_answers(store, ontology)
    click.echo(in_line(f"{identity.removeprefix('document/')} is forgotten, with all that only it said."))


# ------------------------------------------------------------------------------------------------------- asking


@main.command()
@_scope_options
@click.option("--rule", "rules", multiple=True, metavar="CODE", help="Only this rule; may be repeated.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit with 1 when there is a gap of this severity or a graver one.")
@click.option("--explain", is_flag=True, help="Say what each rule checks, and how, instead of checking it.")
@click.option("--shapes", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Own rules, as SHACL in Turtle.")
@listing_options
@click.pass_context
def gaps(
    ctx: click.Context, partnership: str | None = None, on: str | None = None, rules: Sequence[str] = (), fail_on: str | None = None, explain: bool = False,
    shapes: Path | None = None, format_: str = "table", output: str = "-",
) -> None:  # fmt: skip
    """Show where the thread breaks: worries that no priority covers, priorities that nobody owns, and more."""
    from goldenthread.queries.gaps import explained, find_gaps, rules_named
    from goldenthread.queries.tables import gap_rows

    chosen = rules_named(rules, shapes)
    if explain:
        with opened(ctx) as (store, ontology):
            click.echo(explained(chosen, ontology, store.language))
        return
    for attempt in attempts(ctx):
        with attempt as (store, ontology):
            scope = partnership_named(store, partnership)
            report = find_gaps(store, ontology, chosen, partnership=scope, on=on)
            labels = {key: label for key, label in store.partnerships() if scope in (None, key)}
    write(listing(report.finding, gap_rows(report, labels), report.to_json()), format_, output)
    if fail_on and any(SEVERITIES.index(gap.severity) <= SEVERITIES.index(fail_on) for gap in report.gaps):
        ctx.exit(1)


@main.command()
@click.argument("name")
@_scope_options
@listing_options
@click.pass_context
def owners(
    ctx: click.Context, name: str, partnership: str | None = None, on: str | None = None, format_: str = "table", output: str = "-"
) -> None:
    """Show the thread from an issue, priority, action or group to its owners, with the quotes."""
    from goldenthread.queries.owners import owners_of_name
    from goldenthread.queries.tables import thread_rows, threads_json

    for attempt in attempts(ctx):
        with attempt as (store, ontology):
            found = owners_of_name(store, ontology, name, partnership_named(store, partnership), on)
    write(listing(found.finding, thread_rows(found, ontology), threads_json(found, ontology)), format_, output)


@main.command()
@_scope_options
@click.option("--years", is_flag=True, help="Instead, how many times each issue is raised in the documents of each year.")
@listing_options
@click.pass_context
def coverage(
    ctx: click.Context, partnership: str | None = None, on: str | None = None, years: bool = False, format_: str = "table", output: str = "-"
) -> None:  # fmt: skip
    """Show priorities by issues: what is covered, partly covered, uncovered or not stated.

    Of several partnerships, in how many each issue is what.
    """
    from goldenthread.queries.across import coverage_of
    from goldenthread.queries.tables import coverage_json, coverage_rows, year_rows, years_json
    from goldenthread.queries.years import issues_by_year

    if years and on:
        raise click.UsageError("--years shows every year, so it takes no --on.")
    for attempt in attempts(ctx):
        with attempt as (store, ontology):
            scope = partnership_named(store, partnership)
            if years:
                by_year = issues_by_year(store, ontology, scope)
                listed = listing(by_year.finding, year_rows(by_year), years_json(by_year))
            else:
                found = coverage_of(store, ontology, scope, on, one_by_one=format_ == "json")
                listed = listing(found.finding, coverage_rows(found), coverage_json(found))
    write(listed, format_, output)


@main.command()
@click.argument("question")
@listing_options
@click.pass_context
def ask(ctx: click.Context, question: str, format_: str, output: str) -> None:
    """Answer a question in words, with the quotes; or say that these documents do not state it."""
    from goldenthread.queries.ask import ask as ask_question
    from goldenthread.queries.tables import answer_rows

    for attempt in attempts(ctx):
        with attempt as (store, ontology):
            answer = ask_question(store, ontology, question)
    write(listing(answer.text, answer_rows(answer), answer.to_json()), format_, output)


@main.command()
@click.argument("name")
@click.option("--partnership", metavar="NAME", help="Only this partnership.")
@listing_options
@click.pass_context
def show(ctx: click.Context, name: str, partnership: str | None, format_: str, output: str) -> None:
    """Show everything that the documents say of one thing."""
    from goldenthread.queries.show import show_name
    from goldenthread.queries.tables import shown_json, shown_rows

    for attempt in attempts(ctx):
        with attempt as (store, ontology):
            shown = show_name(store, ontology, name, partnership_named(store, partnership))
    write(listing(shown[0].finding if shown else "", shown_rows(shown), shown_json(shown, ontology)), format_, output)


@main.command()
@click.argument("text")
@click.option("--partnership", metavar="NAME", help="Only this partnership.")
@listing_options
@click.pass_context
def search(ctx: click.Context, text: str, partnership: str | None, format_: str, output: str) -> None:
    """Search the quotes that prove statements, and the names of things."""
    from goldenthread.queries.search import search as search_quotes
    from goldenthread.queries.tables import found_json, found_rows

    for attempt in attempts(ctx):
        with attempt as (store, ontology):
            found = search_quotes(store, ontology, text, partnership_named(store, partnership))
    write(listing(found.finding, found_rows(found, ontology), found_json(found, ontology)), format_, output)


@main.command()
@click.option("--sql", metavar="TEXT|FILE", help="A query of an SQLite store.")
@click.option("--sparql", metavar="TEXT|FILE", help="A query of the graph as RDF.")
@click.option("--cypher", metavar="TEXT|FILE", help="A query of a Neo4j store.")
@click.option("--partnership", metavar="NAME", help="For --sparql: only this partnership's graph.")
@listing_options
@click.pass_context
def query(
    ctx: click.Context, sql: str | None, sparql: str | None, cypher: str | None, partnership: str | None, format_: str, output: str
) -> None:
    """Ask the store in its own language; nothing can be changed that way."""
    from goldenthread.queries.adhoc import run_native, run_sparql, text_or_file
    from goldenthread.queries.values import cell, objects

    given = [(language, text) for language, text in (("sql", sql), ("sparql", sparql), ("cypher", cypher)) if text]
    if len(given) != 1:
        raise click.UsageError("Give one query: --sql, --sparql or --cypher.")
    ((language, text),) = given
    words = text_or_file(text)
    if language == "sparql":
        for attempt in attempts(ctx):
            with attempt as (store, ontology):
                columns, rows = run_sparql(store, ontology, words, partnership_named(store, partnership), MOST_ROWS)
    else:
        with opened(ctx) as (store, _):
            columns, rows = run_native(store, language, words, MOST_ROWS)
    finding = f"{len(rows)} row{'' if len(rows) == 1 else 's'}." if len(rows) < MOST_ROWS else f"The first {MOST_ROWS} rows."
    cells = [tuple(map(cell, row)) for row in rows]
    write(listing(finding, (tuple(columns), cells), objects(columns, rows)), format_, output)


# ------------------------------------------------------------------------------------------- pictures and files


@main.command(name="import")
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
    from goldenthread.graph.copying import record_new
    from goldenthread.graph.files import read_graphs

    with opened(ctx, create=True) as (store, ontology):
        graphs, decisions = read_graphs(file, format_, ontology)
        store.use_vocabulary(ontology)
        changes = [store.replace(graph) for graph in graphs]
        decided = record_new(store, decisions)
        prepare_answers(store, ontology)
    loaded = len(changes) - changes.count("unchanged")
    more = f"; {decided} decision{'' if decided == 1 else 's'} imported" if decided else ""
    click.echo(f"{loaded} document{'' if loaded == 1 else 's'} imported, {changes.count('unchanged')} unchanged{more}.")


@main.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.pass_context
def copy(ctx: click.Context, source: str, target: str) -> None:
    """Copy a graph from one store to another: from a file to a server, or back.

    What TO holds besides stays as it is. A copy that was interrupted goes on when it is done again.
    """
    from goldenthread.graph import open_store
    from goldenthread.graph.copying import copy as copy_store
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


@main.command()
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


main.add_command(view)
main.add_command(briefing)
main.add_command(export)
main.add_command(vocabulary)
main.add_command(evaluate)
main.add_command(claims)


if __name__ == "__main__":
    main()
