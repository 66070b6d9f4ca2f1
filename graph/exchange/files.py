"""A store as a file, and back: which format is written and read by what."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import BinaryIO

from ...ontology import GoldenthreadError, Ontology
from ..store import Store
from .reading import ReadGraph

_SUFFIXES = {".jsonl": "jsonl", ".trig": "trig", ".ttl": "ttl", ".nq": "nq", ".jsonld": "jsonld"}


def write_graph(store: Store, ontology: Ontology, format_: str, file: BinaryIO, *, with_text: bool = False) -> None:
    """Write the whole store to `file`.

    Args:
        store: what to write.
        ontology: what it means.
        format_: jsonl, csv, a form of RDF (trig, ttl, nq, jsonld), or one of `formats.WRITERS`.
        file: open for bytes.
        with_text: for jsonl, the documents' texts as well.

    """
    if format_ in ("trig", "ttl", "nq", "jsonld"):
        from .rdf import serialised

        file.write(serialised(store, ontology, format_).encode("utf-8"))
        return
    from .formats import WRITERS
    from .jsonl import write_csv, write_jsonl

    if format_ == "jsonl":
        write_jsonl(store, file, with_text=with_text)
    elif format_ == "csv":
        write_csv(store, file)
    else:
        WRITERS[format_](store, file)


def read_graphs(path: Path, format_: str | None, ontology: Ontology) -> ReadGraph:
    """Read a graph that `write_graph` wrote; '-' is standard input.

    RDF holds neither people's decisions nor answers of language models.

    Raises:
        GoldenthreadError: the file is missing, of no known format, or damaged.

    """
    kind = format_ or _SUFFIXES.get(path.suffix.lower()) or ("jsonl" if str(path) == "-" else None)
    if kind is None:
        raise GoldenthreadError(f"The format of {path} cannot be told from its name. Say it with --format.")
    try:
        with contextlib.nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as file:
            if kind == "jsonl":
                from .reading import read_all

                return read_all(file, ontology)
            from .rdf_reading import LARGEST, read_back

            return ReadGraph(read_back(file.read(LARGEST + 1), kind, ontology), [], [])
    except OSError as error:
        raise GoldenthreadError(f"{path} could not be read: {error.strerror or error}. Check the name.") from error
