"""Loads files and folders into a store: each document is read by itself and put in as one transaction."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from ..graph import Document, DocumentGraph, Store
from ..ontology import GoldenthreadError, Ontology, load_ontology, slug
from .blocks import ReadFile
from .containers import members
from .context import core_name, find_context, years_of
from .cues import load_cues, measured
from .extract import Extractor
from .isolation import Readers
from .reading import ReadError, bytes_of, read_bytes, read_file

#: What holds documents of its own.
CONTAINERS = frozenset((".zip", ".eml"))
#: What is read in a folder besides; a file that is named is read whatever it is called.
SUFFIXES = frozenset((".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".csv", ".tsv", ".pdf", ".docx", ".xlsx", ".xlsm"))
#: Raised whenever the loaders would read the same document otherwise.
READER_VERSION = 3


@dataclass(frozen=True, slots=True)
class Options:
    """What a person says of the documents, in place of what they say themselves."""

    partnership: str | None = None
    plan_period: str | None = None
    date: str | None = None


@dataclass(slots=True)
class LoadReport:
    """What became of each file."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)  #: (path, why and what to do)
    passed_over: list[tuple[str, str]] = field(default_factory=list)  #: (path, why)
    notes: list[str] = field(default_factory=list)
    statements: int = 0  #: in the documents that were added or replaced

    @property
    def finding_of_dry_run(self) -> str:
        """What would happen, in a sentence."""
        return (
            f"{len(self.added)} would be added, {len(self.replaced)} replaced, {len(self.unchanged)} left unchanged,"
            f" {len(self.failed)} cannot be read. Nothing was changed."
        )

    @property
    def finding(self) -> str:
        """The result in a sentence."""
        done = len(self.added) + len(self.replaced)
        parts = [f"{done} document{'' if done == 1 else 's'} loaded with {self.statements} statement{'' if self.statements == 1 else 's'}"]
        if self.replaced:
            parts.append(f"{len(self.replaced)} of them in place of an older version")
        if self.unchanged:
            parts.append(f"{len(self.unchanged)} unchanged")
        if self.failed:
            parts.append(f"{len(self.failed)} could not be read")
        return ", ".join(parts) + "."


class OptionError(GoldenthreadError):
    """What a person says of the documents cannot be used."""


def checked_options(options: Options) -> Options:
    """Return `options` when they can be used.

    Raises:
        OptionError: a date or a period is none, or the partnership's name is empty.

    """
    if options.date and not re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", options.date):
        raise OptionError(f"'{options.date}' is not a date. Write it like 2024-09-18.")
    if options.plan_period and years_of(options.plan_period) is None:
        raise OptionError(f"'{options.plan_period}' is not a plan's period. Write it like 2024-2027.")
    if options.partnership is not None and not slug(core_name(options.partnership)):
        raise OptionError(f"'{options.partnership}' names no place. Write it like 'Harrowmere', or 'Safer Harrowmere Partnership'.")
    return options


def document_named(store: Store, name: str) -> str:
    """Return the id of the document that a person means: its id, its path, or the end of its path.

    Raises:
        OptionError: there is none, or several.

    """
    ids = [d.id for d in store.documents()]
    wanted = name.replace("\\", "/").removeprefix("./")
    exact = [i for i in ids if i in (wanted, f"document/{wanted}")]
    found = exact or [i for i in ids if i.endswith("/" + wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise OptionError(
            f"Several documents are called '{name}': {', '.join(i.removeprefix('document/') for i in found)}. Give one of these paths."
        )
    raise OptionError(
        f"The store holds no document '{name}'. Its documents are: {', '.join(i.removeprefix('document/') for i in ids) or 'none'}."
    )


def files_in(paths: Iterable[Path], report: LoadReport) -> Iterator[Path]:
    """The files to read: those named, and in folders those of a type that is read; the others are reported."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(p for p in path.rglob("*") if p.is_file())
        if not found:
            report.failed.append((path.as_posix(), "the folder holds no files."))
        for file in found:
            if any(part.startswith(".") for part in file.relative_to(path).parts) or file.name.startswith("~$"):
                report.passed_over.append((file.as_posix(), "hidden"))
            elif file.suffix.lower() in SUFFIXES | CONTAINERS:
                yield file
            else:
                report.passed_over.append((file.as_posix(), _not_read(file.suffix or file.name)))


def _not_read(what: str) -> str:
    return f"files of type '{what}' are not read in this version"


def load(
    store: Store, ontology: Ontology, paths: Iterable[Path], folder: Path, options: Options,
    *, dry_run: bool = False, workers: int = 0, vocabulary: Path | None = None, progress: Callable[[str], None] | None = None,
) -> LoadReport:  # fmt: skip
    """Load files and folders.

    Args:
        store: where to.
        ontology: what may exist.
        paths: files and folders.
        folder: to which the documents' paths are relative.
        options: what the person says of all of them.
        dry_run: read, and report what would change, but change nothing.
        workers: child processes in which files are read, so that one which crashes, hangs or fills the memory costs that
            file only; 0 reads in this process.
        vocabulary: the user's own issues in `ontology`, which the children read again.
        progress: is told each file's name when it is done.

    Returns:
        What became of each file. A file that cannot be read costs that file, never the rest.

    """
    report = LoadReport()
    known = {d.id: (d.sha256, d.reader) for d in store.documents()}
    if not dry_run:
        store.use_vocabulary(ontology)
    items = _items(paths, folder, report)
    for item, graph, error in _isolated(items, options, vocabulary, workers) if workers else _here(items, options, ontology):
        if graph is None:
            report.failed.append((item.name, str(error)))
        else:
            change = _change(known, graph) if dry_run else store.replace(graph)
            {"added": report.added, "replaced": report.replaced, "unchanged": report.unchanged}[change].append(graph.document.path)
            if change != "unchanged":
                report.statements += len(graph.statements)
                report.notes.extend(graph.notes)
        if progress:
            progress(item.name)
    return report


@dataclass(frozen=True, slots=True)
class _Item:
    """A document that is to be read."""

    name: str  #: as the person knows it
    place: str  #: see `place_of`
    path: Path
    data: bytes | None = None  #: of a document inside a container

    def __str__(self) -> str:
        return self.name


_Read: TypeAlias = tuple[_Item, DocumentGraph | None, GoldenthreadError | None]


def _items(paths: Iterable[Path], folder: Path, report: LoadReport) -> Iterator[_Item]:
    """The documents to read: files, and what containers hold."""
    for path in files_in(paths, report):
        if path.suffix.lower() not in CONTAINERS:
            yield _Item(path.as_posix(), place_of(path, folder), path)
            continue
        try:
            contents = members(bytes_of(path), path.name)
        except ReadError as error:
            report.failed.append((path.as_posix(), str(error)))
            continue
        report.passed_over.extend(contents.passed_over)
        for name, data in contents.documents:
            if (suffix := Path(name).suffix.lower()) and suffix not in SUFFIXES:
                report.passed_over.append((name, _not_read(suffix)))
                continue
            place = place_of(path, folder) + name.removeprefix(path.name)
            yield _Item(path.as_posix() + name.removeprefix(path.name), place, path, data)


def _here(items: Iterable[_Item], options: Options, ontology: Ontology) -> Iterator[_Read]:
    extractor = Extractor(ontology, load_cues())
    for item in items:
        try:
            yield item, _read_item((extractor, options), item), None
        except ReadError as error:
            yield item, None, error


def _isolated(items: Iterable[_Item], options: Options, vocabulary: Path | None, workers: int) -> Iterator[_Read]:
    with Readers(workers, partial(_prepared, vocabulary, options)) as readers:
        for outcome in readers.map(_read_item, items):
            yield outcome.item, outcome.result, outcome.error


def _prepared(vocabulary: Path | None, options: Options) -> tuple[Extractor, Options]:
    return Extractor(load_ontology(vocabulary), load_cues()), options


def _read_item(context: tuple[Extractor, Options], item: _Item) -> DocumentGraph:
    extractor, options = context
    data = bytes_of(item.path) if item.data is None else item.data
    return _extracted(data, read_bytes(data, item.name.rsplit("/", 1)[-1]), item.place, extractor, options)


def _change(known: dict[str, tuple[str, str]], graph: DocumentGraph) -> str:
    document = graph.document
    if document.id not in known:
        return "added"
    return "unchanged" if known[document.id] == (document.sha256, document.reader) else "replaced"


def read_document(path: Path, folder: Path, extractor: Extractor, options: Options) -> DocumentGraph:
    """Read one file and find what it says.

    Raises:
        ReadError: it cannot be read.

    """
    data, read = read_file(path)
    return _extracted(data, read, place_of(path, folder), extractor, options)


def _extracted(data: bytes, read: ReadFile, place: str, extractor: Extractor, options: Options) -> DocumentGraph:
    context = find_context(
        read, place, extractor.places, partnership=options.partnership, plan_period=options.plan_period, date=options.date
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
        reader=_reader(extractor.ontology, options),
        places=read.places,
    )
    return extractor.extract(read, document, context)


def place_of(path: Path, folder: Path) -> str:
    """The path of a document as it is known: relative to `folder`, with forward slashes."""
    full = path.absolute()
    try:
        return Path(os.path.relpath(full, folder)).as_posix()
    except ValueError:  # on Windows, another drive
        return full.as_posix()


def _reader(ontology: Ontology, options: Options) -> str:
    """What read a document: when it differs, the same bytes are read again."""
    parts = [
        str(READER_VERSION),
        repr(sorted(measured().items())),
        ",".join(sorted(ontology.own_concepts)),
        options.partnership or "",
        options.plan_period or "",
        options.date or "",
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
