"""The commands that ask a store: gaps, owners, coverage, questions in words, search, and queries of one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from goldenthread.commands.output import listing, listing_options, write
from goldenthread.commands.store import attempts, opened, partnership_named

F = TypeVar("F", bound=Callable[..., Any])

SEVERITIES = ("violation", "warning", "info")
#: The most rows that an ad hoc query gives.
MOST_ROWS = 10_000


def scope_options(command: F) -> F:
    """Give a command the options that narrow it to a partnership and a day."""
    command = click.option(
        "--on", metavar="DATE", help="The day on which the plan must be in force; without it the newest plan counts."
    )(command)
    return click.option("--partnership", metavar="NAME", help="Only this partnership.")(command)


@click.command()
@scope_options
@click.option("--rule", "rules", multiple=True, metavar="CODE", help="Only this rule; may be repeated.")
@click.option(
    "--fail-on", type=click.Choice(SEVERITIES), help="Exit with 1 when there is a gap of this severity or a graver one."
)
@click.option("--explain", is_flag=True, help="Say what each rule checks, and how, instead of checking it.")
@click.option(
    "--shapes", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Own rules, as SHACL in Turtle."
)
@listing_options
@click.pass_context
def gaps(
    ctx: click.Context, partnership: str | None = None, on: str | None = None, rules: Sequence[str] = (),
    fail_on: str | None = None, explain: bool = False, shapes: Path | None = None, format_: str = "table",
    output: str = "-",
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


@click.command()
@click.argument("name")
@scope_options
@listing_options
@click.pass_context
def owners(
    ctx: click.Context,
    name: str,
    partnership: str | None = None,
    on: str | None = None,
    format_: str = "table",
    output: str = "-",
) -> None:
    """Show the thread from an issue, priority, action or group to its owners, with the quotes."""
    from goldenthread.queries.owners import owners_of_name
    from goldenthread.queries.tables import thread_rows, threads_json

    for attempt in attempts(ctx):
        with attempt as (store, ontology):
            found = owners_of_name(store, ontology, name, partnership_named(store, partnership), on)
    write(listing(found.finding, thread_rows(found, ontology), threads_json(found, ontology)), format_, output)


@click.command()
@scope_options
@click.option(
    "--years", is_flag=True, help="Instead, how many times each issue is raised in the documents of each year."
)
@listing_options
@click.pass_context
def coverage(
    ctx: click.Context, partnership: str | None = None, on: str | None = None, years: bool = False,
    format_: str = "table", output: str = "-"
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


@click.command()
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


@click.command()
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


@click.command()
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


@click.command()
@click.option("--sql", metavar="TEXT|FILE", help="A query of an SQLite store.")
@click.option("--sparql", metavar="TEXT|FILE", help="A query of the graph as RDF.")
@click.option("--cypher", metavar="TEXT|FILE", help="A query of a Neo4j store.")
@click.option("--partnership", metavar="NAME", help="For --sparql: only this partnership's graph.")
@listing_options
@click.pass_context
def query(
    ctx: click.Context,
    sql: str | None,
    sparql: str | None,
    cypher: str | None,
    partnership: str | None,
    format_: str,
    output: str,
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
    finding = (
        f"{len(rows)} row{'' if len(rows) == 1 else 's'}." if len(rows) < MOST_ROWS else f"The first {MOST_ROWS} rows."
    )
    cells = [tuple(map(cell, row)) for row in rows]
    write(listing(finding, (tuple(columns), cells), objects(columns, rows)), format_, output)
