"""Loads files and folders into a store: each document is read by itself and put in as one transaction."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Protocol, TypeAlias, TypeVar

from ..graph import Document, DocumentGraph, Store
from ..graph.store import Change
from ..ontology import GoldenthreadError, Ontology, load_ontology, slug
from .calibration import Calibration
from .claims import WrittenClaim
from .combine import Combined
from .extract import READERS, Extracted, Extractor
from .fingerprint import reading_fingerprint
from .formats.blocks import ReadFile
from .formats.containers import Contents, members
from .formats.files import CONTAINERS, SUFFIXES, find_files, not_read
from .formats.isolation import SECONDS, Readers, attempt
from .formats.reading import bytes_of, read_bytes, read_file
from .mentions.context import Context, core_name, find_context, years_of
from .page import Page, make_page
from .readers.rules.cues import load_cues
from .readers.written.given_claims import GivenClaims, Loaded, assign, fingerprint
from .readers.written.written_claims import find_claims
from .report import LoadReport
from .weighing import LEARNED

T = TypeVar("T")

#: A language model reads as well; it is asked before documents are loaded, and its answers are given as claims.
LLM = "llm"
#: How long the learned reader may take for a kilobyte of a file; on a busy core of a server it takes a sixth of that.
_SECONDS_A_KB = 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """What a person says of the documents, in place of what they say themselves."""

    partnership: str | None = None
    plan_period: str | None = None
    date: str | None = None
    readers: tuple[str, ...] = READERS  #: that read the documents: those of this program, and `LLM`
    stated_at: float | None = (
        None  #: the probability from which on a statement is stated; None for the calibration's own
    )

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What is said, by name, sorted."""
        known = {"date": self.date, "partnership": self.partnership, "plan_period": self.plan_period}
        return tuple((name, value) for name, value in known.items() if value)

    def over(self, earlier: Iterable[tuple[str, str]]) -> Options:
        """These options, and beside them what was said earlier of a document and is not said anew."""
        known = {**dict(earlier), **dict(self.said)}
        return replace(
            self, partnership=known.get("partnership"), plan_period=known.get("plan_period"), date=known.get("date")
        )


class OptionError(GoldenthreadError):
    """What a person says of the documents cannot be used."""


def checked_options(options: Options) -> Options:
    """Return `options` when they can be used.

    Raises:
        OptionError: a date, a period or a probability is none, the partnership's name is empty, or there is no such
            reader.

    """
    if options.date and not re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", options.date):
        raise OptionError(f"'{options.date}' is not a date. Write it like 2024-09-18.")
    if options.plan_period and years_of(options.plan_period) is None:
        raise OptionError(f"'{options.plan_period}' is not a plan's period. Write it like 2024-2027.")
    if options.stated_at is not None and not 0 <= options.stated_at <= 1:
        raise OptionError(f"{options.stated_at:g} is not a probability. Give a number from 0 to 1, such as 0.75.")
    known = (*READERS, LLM)
    unknown = [name for name in options.readers if name not in known]
    if unknown:
        raise OptionError(f"There is no reader '{unknown[0]}'. There are: {', '.join(known)}, and 'none'.")
    if options.partnership is not None and not slug(core_name(options.partnership)):
        raise OptionError(
            f"'{options.partnership}' names no place. Write it like 'Harrowmere', or 'Safer Harrowmere Partnership'."
        )
    return options


def readers_named(names: str) -> tuple[str, ...]:
    """Return the readers that a person names, divided by commas; 'none' adds none."""
    return tuple(
        dict.fromkeys(name for name in (each.strip() for each in names.split(",")) if name not in ("", "none"))
    )


def load(
    store: Store, ontology: Ontology, paths: Iterable[Path], folder: Path, options: Options,
    *, dry_run: bool = False, workers: int = 0, vocabulary: Path | None = None,
    progress: Callable[[str], None] | None = None, claims: Path | None = None, only: str | None = None,
    answered: GivenClaims | None = None, calibration: Calibration | None = None,
) -> LoadReport:  # fmt: skip
    """Load files and folders.

    Where claims cannot be read, documents that the store holds stay as they were loaded: read without these claims they
    would lose what was claimed of them.

    Args:
        store: where to.
        ontology: what may exist.
        paths: files and folders.
        folder: to which the documents' paths are relative.
        options: what the person says of all of them.
        dry_run: read, and report what would change, but change nothing.
        workers: child processes in which files are read, so that one which crashes, hangs or fills the memory costs
            that file only; 0 reads in this process.
        vocabulary: the user's own issues in `ontology`, which the children read again.
        progress: is told each file's name when it is done.
        claims: a file or a folder of claims that others make of these documents.
        only: the place of the one document that is read, see `place_of`. What became of every claim of it is reported,
            also of those that this program makes; claims may name the store's other documents.
        answered: what a language model claims of these documents.
        calibration: how claims become probabilities; the package's own when left out.

    Returns:
        What became of each file. A file that cannot be read costs that file, never the rest.

    """
    report, answers = LoadReport(), answered or GivenClaims()
    known = {d.id: d for d in store.documents()}
    if not dry_run:
        store.use_vocabulary(ontology)
    paths = list(paths)
    with _reading(ontology, vocabulary, workers, calibration) as (opened, mapped):
        given = GivenClaims()
        if claims:
            others = _by_shared_folder(known.values()) if only is not None else []
            given = _given(claims, others, (lambda: _items(paths, folder, LoadReport(), opened)), report)
        kept = known if report.failed and only is None else {}
        found = (i for i in _items(paths, folder, report, opened) if only in (None, i.place))
        items = (
            replace(i, options=options.over(_said_before(known, i)), claims=given.of(i.place) + answers.of(i.place))
            for i in _without(kept, found, report)
        )
        for item, extracted, error in mapped(_read_item, items):
            if extracted is None:
                report.failed.append((item.name, str(error)))
            else:
                graph = extracted.graph
                report.count(_change(known, graph) if dry_run else store.replace(graph), extracted)
                if only is not None:
                    report.claimed.append((graph.document, extracted.outcomes))
            if progress:
                progress(item.name)
    return report


def _given(
    claims: Path, known: Sequence[Loaded], items: Callable[[], Iterable[Item]], report: LoadReport
) -> GivenClaims:
    """The claims of a file or folder, by the documents that are going to be read, or are `known`."""
    found = find_claims(claims)
    report.failed.extend(found.failed)
    report.passed_over.extend(found.passed_over)
    report.notes.extend(found.notes)
    # What containers hold is only known when they are opened; their documents are not kept, for they may be large.
    given = assign(found.claims, known or [Loaded(item.place, item.below) for item in items()])
    report.rejected.extend(
        (outcome.claim.document, outcome) for outcome in given.rejected if isinstance(outcome.claim, WrittenClaim)
    )
    return given


def _by_shared_folder(documents: Iterable[Document]) -> list[Loaded]:
    """Documents by the paths that claims gave them when they were loaded, as far as can be known.

    The paths are below the folder that the documents share.
    """
    paths = [document.path for document in documents]
    folders = (path.partition("!")[0].split("/")[:-1] for path in paths)
    shared = len(list(takewhile(lambda parts: len(set(parts)) == 1, zip(*folders, strict=False))))
    return [Loaded(path, "/".join(path.split("/")[shared:])) for path in paths]


def _without(kept: Mapping[str, Document], items: Iterable[Item], report: LoadReport) -> Iterator[Item]:
    """Yield the items that are not `kept` in the store as they are, and report the others."""
    number = 0
    for item in items:
        if f"document/{item.place}" in kept:
            report.unchanged.append(item.place)
            number += 1
        else:
            yield item
    if number:
        stay, them = ("document stays", "it") if number == 1 else ("documents stay", "them")
        report.notes.append(
            f"{number} {stay} as loaded before, for there are claims that could not be read. "
            f"Mend these and load {them} again."
        )


@dataclass(frozen=True, slots=True)
class Item:
    """A document that is to be read."""

    name: str  #: as the person knows it
    place: str  #: see `place_of`
    path: Path
    below: str  #: its path below the folder that was named
    data: bytes | None = None  #: of a document inside a container
    options: Options = field(default_factory=Options)
    claims: tuple[WrittenClaim, ...] = ()  #: what others claim of it

    def __str__(self) -> str:
        return self.name


#: Opens a container.
_Opener: TypeAlias = Callable[[Item], tuple[Contents | None, GoldenthreadError | None]]


class _Mapped(Protocol):
    """Does some work with each item, in their order; gives each with its result, or with why there is none."""

    def __call__(
        self, work: Callable[[Extractor, Item], T], items: Iterable[Item]
    ) -> Iterator[tuple[Item, T | None, GoldenthreadError | None]]: ...


def _items(paths: Sequence[Path], folder: Path, report: LoadReport, opened: _Opener) -> Iterator[Item]:
    """The documents to read: files, and what containers hold."""
    found = find_files(paths)
    report.failed.extend(found.failed)
    report.passed_over.extend(found.passed_over)
    for path in found.files:
        item = Item(path.as_posix(), place_of(path, folder), path, _below(path, paths))
        if path.suffix.lower() not in CONTAINERS:
            yield item
            continue
        contents, error = opened(item)
        if contents is None:
            report.failed.append((item.name, str(error)))
            continue
        report.passed_over.extend(contents.passed_over)
        if not contents.documents:
            report.failed.append((item.name, f"{path.name} holds no document that could be read."))
        for name, data in contents.documents:
            if (suffix := Path(name).suffix.lower()) and suffix not in SUFFIXES:
                report.passed_over.append((name, not_read(suffix)))
                continue
            inner = name.removeprefix(path.name)
            yield Item(item.name + inner, item.place + inner, path, item.below + inner, data)


def _below(path: Path, roots: Iterable[Path]) -> str:
    """The path of a file below the folder that was named, or its name where it was named itself."""
    root = next((root for root in roots if root in path.parents), path.parent)
    return path.relative_to(root).as_posix()


def _contents(_: object, item: Item) -> Contents:
    return members(bytes_of(item.path), item.path.name)


@contextmanager
def _reading(
    ontology: Ontology | None, vocabulary: Path | None, workers: int, calibration: Calibration | None = None
) -> Iterator[tuple[_Opener, _Mapped]]:
    """Give what opens containers and what works on documents.

    With workers this is done in child processes, which are ended when they take too long or too much memory; a
    container is opened in a process of its own. Without any it is done in this process, without limits.
    """
    if not workers:
        extractor = Extractor(ontology or load_ontology(vocabulary), load_cues(), calibration)
        yield (
            lambda item: attempt(_contents, None, item),
            lambda work, items: ((item, *attempt(work, extractor, item)) for item in items),
        )
        return
    openers: Readers[None] = Readers()
    with Readers(workers, partial(_prepared, vocabulary, calibration), seconds=_seconds_for) as readers, openers:

        def opened(item: Item) -> tuple[Contents | None, GoldenthreadError | None]:
            (outcome,) = openers.map(_contents, [item])
            return outcome.result, outcome.error

        yield opened, lambda work, items: ((o.item, o.result, o.error) for o in readers.map(work, items))


def _seconds_for(item: Item) -> float:
    """How long a document may take: the learned reader needs time for each word of it."""
    if LEARNED not in item.options.readers:
        return SECONDS
    size = len(item.data) if item.data is not None else item.path.stat().st_size if item.path.is_file() else 0
    return SECONDS + _SECONDS_A_KB * size / 1_000


def _prepared(vocabulary: Path | None, calibration: Calibration | None) -> Extractor:
    return Extractor(load_ontology(vocabulary), load_cues(), calibration)


def _read_item(extractor: Extractor, item: Item) -> Extracted:
    read, document, context = _opened(extractor, item)
    return extractor.extracted(read, document, context, item.options.readers, item.claims, item.options.stated_at)


def _opened(extractor: Extractor, item: Item) -> tuple[ReadFile, Document, Context]:
    data = bytes_of(item.path) if item.data is None else item.data
    read = read_bytes(data, item.name.rsplit("/", 1)[-1])
    return read, *_document(data, read, item.place, extractor, item.options, item.claims)


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as far as its names, before anybody claims anything."""

    page: Page
    sha256: str  #: of its bytes


def opened(extractor: Extractor, item: Item) -> Opened:
    """Read one document as far as its names.

    Raises:
        ReadError: it cannot be read.

    """
    read, document, context = _opened(extractor, item)
    return Opened(make_page(read, context, extractor.ontology, extractor.finder), document.sha256)


def through(
    work: Callable[[Extractor, Item], T], paths: Sequence[Path], folder: Path, options: Options, report: LoadReport,
    vocabulary: Path | None = None, *, workers: int = 1, known: Iterable[Document] = (), only: str | None = None,
) -> Iterator[tuple[Item, T | None, GoldenthreadError | None]]:  # fmt: skip
    """Do some work with each document of files and folders, in child processes with limits; nothing is stored.

    Args:
        work: what is done with one; it can be handed to another process, and so can what it returns.
        paths: files and folders.
        folder: to which the documents' paths are relative.
        options: what the person says of all of them.
        report: takes what could not be read, and what was passed over.
        vocabulary: the user's own issues.
        workers: child processes; 0 works in this one, without limits.
        known: documents of a store; what a person said of them earlier counts.
        only: the place of the one document that is worked on.

    """
    before = {document.id: document for document in known}
    with _reading(None, vocabulary, workers) as (opener, mapped):
        found = (i for i in _items(paths, folder, report, opener) if only in (None, i.place))
        items = (replace(item, options=options.over(_said_before(before, item))) for item in found)
        yield from mapped(work, items)


def _said_before(known: Mapping[str, Document], item: Item) -> tuple[tuple[str, str], ...]:
    """What a person said of a document when they loaded it before.

    It counts until they say something else, or the document is forgotten.
    """
    before = known.get(f"document/{item.place}")
    return before.said if before is not None else ()


def _change(known: Mapping[str, Document], graph: DocumentGraph) -> Change:
    new, old = graph.document, known.get(graph.document.id)
    if old is None:
        return "added"
    return "unchanged" if (old.sha256, old.reader) == (new.sha256, new.reader) else "replaced"


def read_combined(
    path: Path, folder: Path, extractor: Extractor, options: Options, claims: Sequence[WrittenClaim] = ()
) -> Combined:
    """Read one file, and find what it says and how likely each statement is.

    Raises:
        ReadError: it cannot be read.

    """
    data, read = read_file(path)
    document, context = _document(data, read, place_of(path, folder), extractor, options, claims)
    return extractor.combined(read, document, context, options.readers, claims, options.stated_at)[0]


def _document(
    data: bytes, read: ReadFile, place: str, extractor: Extractor, options: Options, claims: Sequence[WrittenClaim] = ()
) -> tuple[Document, Context]:
    context = find_context(
        read,
        place,
        extractor.places,
        partnership=options.partnership,
        plan_period=options.plan_period,
        date=options.date,
    )
    document = Document(
        id=f"document/{place}",
        path=place,
        sha256=hashlib.sha256(data).hexdigest(),
        title=context.full_title,
        date=context.date,
        partnership=context.partnership,
        partnership_label=context.partnership_label,
        kind=context.kind,
        text=read.text,
        reader=reading_fingerprint(
            extractor.ontology, [*_given_by_hand(options, claims), *extractor.calibration.given]
        ),
        places=read.places,
        said=options.said,
    )
    return document, context


def _given_by_hand(options: Options, claims: Sequence[WrittenClaim]) -> list[str]:
    """What of the fingerprint a person gave."""
    stated_at = [] if options.stated_at is None else [f"stated-at={options.stated_at}"]
    return [*map("=".join, options.said), *options.readers, *stated_at, fingerprint(claims)]


@contextmanager
def texts_of_files() -> Iterator[Callable[[Path], str | None]]:
    """Give what reads the canonical text of a file, in a child; it gives None for a file that cannot be read."""
    readers: Readers[None] = Readers()
    with readers:

        def text_of(path: Path) -> str | None:
            (outcome,) = readers.map(_text, [path])
            return outcome.result

        yield text_of


def _text(_: object, path: Path) -> str:
    return read_file(path)[1].text


def place_of(path: Path, folder: Path) -> str:
    """The path of a document as it is known: relative to `folder`, with forward slashes."""
    full = path.absolute()
    try:
        return Path(os.path.relpath(full, folder)).as_posix()
    except ValueError:  # on Windows, another drive
        return full.as_posix()
