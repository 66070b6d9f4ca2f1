"""Loads files and folders into a store: each document is read by itself and put in as one transaction."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..graph import Document, DocumentGraph, Store, StoreError
from ..ontology import GoldenthreadError, Ontology, slug
from .context import core_name, find_context, years_of
from .cues import load_cues
from .extract import Extractor
from .reading import ReadError, read_file

#: What is read in a folder; a file that is named is read whatever it is called.
SUFFIXES = frozenset((".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".csv", ".tsv"))
#: Raised whenever the loaders would read the same document otherwise.
READER_VERSION = 1


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
            elif file.suffix.lower() in SUFFIXES:
                yield file
            else:
                report.passed_over.append((file.as_posix(), f"files of type '{file.suffix or file.name}' are not read in this version"))


def load(
    store: Store, ontology: Ontology, paths: Iterable[Path], folder: Path, options: Options,
    *, dry_run: bool = False, progress: Callable[[str], None] | None = None,
) -> LoadReport:  # fmt: skip
    """Load files and folders.

    Args:
        store: where to.
        ontology: what may exist.
        paths: files and folders.
        folder: to which the documents' paths are relative.
        options: what the person says of all of them.
        dry_run: read, and report what would change, but change nothing.
        progress: is told each file's name when it is done.

    Returns:
        What became of each file. A file that cannot be read costs that file, never the rest.

    """
    report = LoadReport()
    extractor = Extractor(ontology, load_cues())
    known = {d.id: (d.sha256, d.reader) for d in store.documents()}
    if not dry_run:
        store.use_vocabulary(ontology)
    for path in files_in(paths, report):
        try:
            graph = read_document(path, folder, extractor, options)
            change = _change(known, graph) if dry_run else store.replace(graph)
        except ReadError as error:
            report.failed.append((path.as_posix(), str(error)))
        except StoreError:
            raise
        else:
            {"added": report.added, "replaced": report.replaced, "unchanged": report.unchanged}[change].append(graph.document.path)
            if change != "unchanged":
                report.statements += len(graph.statements)
                report.notes.extend(graph.notes)
        if progress:
            progress(path.name)
    return report


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
    place = place_of(path, folder)
    context = find_context(
        read, place, extractor.places, partnership=options.partnership, plan_period=options.plan_period, date=options.date
    )
    document = Document(
        id=f"document/{place}",
        path=place,
        sha256=hashlib.sha256(data).hexdigest(),
        title=context.title,
        date=context.date,
        partnership=context.partnership,
        partnership_label=context.partnership_label,
        kind=context.kind,
        text=read.text,
        reader=_reader(extractor.ontology, options),
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
        ",".join(sorted(ontology.own_concepts)),
        options.partnership or "",
        options.plan_period or "",
        options.date or "",
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
