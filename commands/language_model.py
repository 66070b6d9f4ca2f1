"""What the commands share that let a language model read: its options, what is said before it is asked, and asking."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from goldenthread.commands.store import ask_password, progress_shown
from goldenthread.writing.visible import in_line

if TYPE_CHECKING:
    from goldenthread.graph import Store
    from goldenthread.loaders.load import Options
    from goldenthread.loaders.readers.written.given_claims import GivenClaims
    from goldenthread.ontology import Ontology
    from goldenthread.services.asking import Asking, Unanswered
    from goldenthread.services.chat_endpoint import Address, ChatEndpoint

F = TypeVar("F", bound=Callable[..., Any])

_KEY = "GOLDENTHREAD_LLM_KEY"
#: What the context of a command keeps the options under.
_SETTINGS = "goldenthread.llm"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person says of the model that reads."""

    url: str | None = None
    model: str | None = None
    ask_key: bool = False
    at_once: int = 2
    seconds: float = 600.0
    refresh: bool = False
    include_exempt: bool = False
    yes: bool = False


def _kept(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return what puts the value of an option into the settings of the command."""

    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        if value is not None:
            ctx.meta[_SETTINGS] = replace(ctx.meta.get(_SETTINGS, Settings()), **{name: value})

    return keep


def settings_of(ctx: click.Context) -> Settings:
    """Return what a person said of the model."""
    found: Settings = ctx.meta.get(_SETTINGS, Settings())
    return found


def _option(field: str, *names: str, **how: Any) -> Callable[[F], F]:
    return click.option(*names, expose_value=False, callback=_kept(field), **how)


def model_option(command: F) -> F:
    """Give a command the option that names a model whose answers are kept."""
    return _option(
        "model", "--llm-model", metavar="NAME", envvar="GOLDENTHREAD_LLM_MODEL",
        help="For the reader 'llm': the model, as the endpoint calls it; also GOLDENTHREAD_LLM_MODEL.",
    )(command)  # fmt: skip


def asking_options(command: F) -> F:
    """Give a command the options by which a model is asked."""
    options: Sequence[Callable[[F], F]] = (
        _option(
            "url", "--llm", metavar="URL", envvar="GOLDENTHREAD_LLM",
            help="For the reader 'llm': where it is asked, by the OpenAI chat protocol; also GOLDENTHREAD_LLM. "
                "Without it only answers that are kept count. A key comes from GOLDENTHREAD_LLM_KEY.",
        ),
        model_option,
        _option("ask_key", "--llm-ask-key", is_flag=True, help="Ask for the key at the terminal, unseen."),
        _option(
            "at_once", "--llm-requests", type=click.IntRange(1, 64), default=2, show_default=True, metavar="N",
            help="How many requests are under way at once.",
        ),
        _option(
            "seconds", "--llm-timeout", type=click.FloatRange(0.05, 86_400), default=600.0, show_default=True,
            metavar="SECONDS", help="How long one answer may take.",
        ),
        _option("refresh", "--refresh", is_flag=True, help="Ask the model again what it has answered already."),
        _option(
            "include_exempt", "--include-exempt", is_flag=True,
            help="Also send documents that say that they are not for publication.",
        ),
        _option("yes", "--yes", is_flag=True, help="Send without asking."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def check_settings(ctx: click.Context, options: Options) -> None:
    """Check, before anything is read, that what is said of a model fits the readers.

    Raises:
        GoldenthreadError: it does not, the address is none, or the client is not installed.

    """
    from goldenthread.loaders.load import LLM
    from goldenthread.services.asking import AskingError, checked_model
    from goldenthread.services.chat_endpoint import check_installed, checked_address

    settings = settings_of(ctx)
    if LLM not in options.readers:
        if ctx.get_parameter_source("llm") is click.core.ParameterSource.COMMANDLINE:
            raise AskingError("--llm is given, but the model is no reader: give --reader rules,llm as well.")
        return
    if settings.model is None:
        raise AskingError("The reader 'llm' needs the name of a model: give --llm-model, or GOLDENTHREAD_LLM_MODEL.")
    checked_model(settings.model)
    if settings.url is not None:
        checked_address(settings.url)
        check_installed()


@dataclass(frozen=True, slots=True)
class FromModel:
    """What a model claims of documents, and what it did not read."""

    claims: GivenClaims | None = None
    notes: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()  #: documents that were not sent
    unanswered: tuple[Unanswered, ...] = ()

    def say(self) -> None:
        """Tell, on standard error, what the model did not read, and what was odd about its answers."""
        for name in self.exempt:
            _say(
                f"  not sent: {name}: says that it is not for publication, and was read without the model. "
                "Give --include-exempt if it may be sent."
            )
        for each in self.unanswered:
            _say(f"  not read by the model: {each.name}: {_lacking(each)}{f'; {each.why}' if each.why else '.'}")
        if any(not each.why for each in self.unanswered):
            _say("  note: only answers that are kept counted there. Load with --llm URL to ask for the others.")
        for note in self.notes:
            _say(f"  note: {note}")


def _lacking(each: Unanswered) -> str:
    """What of a document has no answer, in words."""
    if not each.parts:
        return "it was not answered anew, and the answers that are kept count"
    return f"{each.parts} of {_count(each.of, 'part')} without an answer of the model"


def asked(
    ctx: click.Context, store: Store, ontology: Ontology, paths: Sequence[Path], options: Options, *, workers: int,
    dry_run: bool,
) -> FromModel:  # fmt: skip
    """Ask a model about documents, where it is one of their readers and a person agrees to what is sent.

    Raises:
        GoldenthreadError: nobody agrees.

    """
    from goldenthread.loaders.load import LLM
    from goldenthread.services.asking import ask, prune

    if LLM not in options.readers:
        return FromModel()
    settings, failed, notes = settings_of(ctx), dict[str, str](), list[str]()
    asking = _questions(ctx, store, ontology, paths, options, workers=workers)
    if settings.url is not None and asking.requests:
        address = _agreed(asking, settings, dry_run=dry_run)
        if not dry_run:
            with (
                _endpoint(address, asking, settings, ontology) as endpoint,
                _asking_shown(len(asking.requests)) as progress,
            ):
                failed = ask(asking, endpoint, store, settings.at_once, progress)
            notes = endpoint.notes
    if not dry_run:
        prune(asking, store)
    return _from_model(asking, failed, notes, untold=dry_run and settings.url is not None)


def kept(
    ctx: click.Context, store: Store, ontology: Ontology, paths: Sequence[Path], options: Options,
    only: str | None = None,
) -> FromModel:  # fmt: skip
    """Return what a model claims by the answers that the store keeps, where it is a reader; nothing is sent."""
    from goldenthread.loaders.load import LLM

    if LLM not in options.readers:
        return FromModel()
    ctx.meta[_SETTINGS] = replace(settings_of(ctx), include_exempt=True)  # what was not sent has no answer, that is all
    return _from_model(_questions(ctx, store, ontology, paths, options, only=only), {}, [])


def _questions(
    ctx: click.Context, store: Store, ontology: Ontology, paths: Sequence[Path], options: Options, *, workers: int = 1,
    only: str | None = None,
) -> Asking:  # fmt: skip
    from goldenthread.graph import store_folder
    from goldenthread.services.asking import checked_model, questions_about

    settings = settings_of(ctx)
    return questions_about(
        paths, store_folder(ctx.obj["store"]), options, store, ontology, checked_model(settings.model or ""),
        vocabulary=ctx.obj["vocabulary"], workers=workers, include_exempt=settings.include_exempt,
        refresh=settings.refresh, only=only,
    )  # fmt: skip


def _from_model(asking: Asking, failed: Mapping[str, str], notes: Sequence[str], *, untold: bool = False) -> FromModel:
    """What came of asking; `untold` leaves out the parts without an answer, which were told of before."""
    from goldenthread.services.asking import answered, unanswered

    found = answered(asking)
    return FromModel(
        found.claims, (*notes, *found.notes), tuple(asking.exempt), () if untold else tuple(unanswered(asking, failed))
    )


def _agreed(asking: Asking, settings: Settings, *, dry_run: bool) -> Address:
    """Say what would be sent where, and have a person agree to it.

    Raises:
        AskingError: nobody does.

    """
    from goldenthread.services.asking import AskingError
    from goldenthread.services.chat_endpoint import checked_address

    address = checked_address(settings.url or "")
    documents = len({document.id for document, _ in asking.requests})
    _say(
        f"To {address}, model {asking.model}, would be sent: {_count(len(asking.requests), 'request')} with the words "
        f"of {_count(documents, 'document')}, about {asking.tokens:,} tokens"
        f"{'' if address.encrypted else ', over a connection that is NOT ENCRYPTED'}."
    )
    if dry_run or settings.yes:
        return address
    if not sys.stdin.isatty():
        raise AskingError("Nothing was sent, for nobody is there to agree to it. Give --yes if it may be sent.")
    if not click.confirm("Send this?", err=True):
        raise AskingError("Nothing was sent, and nothing was loaded. Load without the reader 'llm', or agree.")
    return address


def _endpoint(address: Address, asking: Asking, settings: Settings, ontology: Ontology) -> ChatEndpoint:
    from goldenthread.loaders.readers.llm.answer_schema import answer_schema
    from goldenthread.services.asking import AskingError
    from goldenthread.services.chat_endpoint import ChatEndpoint

    key = os.environ.get(_KEY, "")
    if settings.ask_key:
        key = ask_password(f"Key for {address}")
        if not key:
            raise AskingError(f"No key was given at the terminal. Set {_KEY} where no one is there to be asked.")
    return ChatEndpoint(address, asking.model, key, answer_schema(ontology), seconds=settings.seconds)


@contextmanager
def _asking_shown(all_: int) -> Iterator[Callable[[int, int], None] | None]:
    """Show, on a terminal, how many requests are answered, and about how long the rest takes."""
    started = time.monotonic()
    with progress_shown(all_) as show:
        if show is None:
            yield None
        else:
            shown = show
            shown(f"0 of {_count(all_, 'request')} answered")
            yield lambda done, all_: shown(
                f"{done} of {_count(all_, 'request')} answered{time_left(done, all_, time.monotonic() - started)}"
            )


def time_left(done: int, all_: int, seconds: float) -> str:
    """Return in words how long the rest takes, about, where `done` of `all_` took so many seconds."""
    left = seconds / done * (all_ - done)
    if not left:
        return ""
    return ", less than a minute left" if left < 60 else f", about {_count(round(left / 60), 'minute')} left"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _say(text: str) -> None:
    click.echo(in_line(text), err=True)
