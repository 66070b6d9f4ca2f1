"""A user's own issues, from a Turtle or CSV file, beside those of the ontology."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import OntologyError

if TYPE_CHECKING:
    from .reader import _Facts

#: The columns of a CSV vocabulary; only 'label' must be there. Several values in a cell are divided by ';'.
COLUMNS = ("label", "definition", "broader", "alternatives")


def read_user_vocabulary(path: Path, facts: _Facts) -> frozenset[str]:
    """Add the concepts of the file at `path` to `facts`; return their ids.

    Raises:
        OntologyError: the file is missing, is neither Turtle nor CSV, or lacks something.

    """
    from .reader import BASE, RDF_TYPE, SKOS, local

    try:
        data = path.read_bytes()
    except OSError as error:
        raise OntologyError(
            f"The vocabulary {path} could not be read: {error.strerror or error}. Check the name given with --vocabulary."
        ) from error
    if path.suffix.lower() == ".csv":
        return _read_csv(data, path, facts)
    subjects = facts.add(data, str(path))
    concepts = [s for s in subjects if SKOS + "Concept" in facts.by_subject[s][RDF_TYPE]]
    if not concepts:
        raise OntologyError(f"{path} declares no skos:Concept. Give each issue a skos:prefLabel, and a skos:definition.")
    for concept in concepts:
        if not concept.startswith(BASE + "issue/"):
            # Concepts keep their own IRIs elsewhere; here their last part is the id.
            for predicate, values in list(facts.by_subject[concept].items()):
                for value in values:
                    facts.put(BASE + "issue/" + local(concept), predicate, value)
            facts.by_type[SKOS + "Concept"].remove(concept)
            del facts.by_subject[concept]
    ids = frozenset(local(c) for c in concepts)
    for name in ids:
        _complete(facts, BASE + "issue/" + name, str(path))
    return ids


def _complete(facts: _Facts, iri: str, where: str) -> None:
    from .reader import SKOS, local

    row = facts.by_subject[iri]
    if not row.get(SKOS + "prefLabel"):
        raise OntologyError(f"'{local(iri)}' in {where} has no skos:prefLabel. Give it one.")
    if not row.get(SKOS + "definition"):
        facts.put(iri, SKOS + "definition", f"An issue of the user's own vocabulary: {row[SKOS + 'prefLabel'][0]}.")


def _read_csv(data: bytes, path: Path, facts: _Facts) -> frozenset[str]:
    from .reader import BASE, RDF_TYPE, SKOS, slug

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    rows = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    header = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    if "label" not in header:
        raise OntologyError(f"{path} has no column 'label'. Its columns may be: {', '.join(COLUMNS)}.")
    rows.fieldnames = header
    known = {facts.by_subject[c][SKOS + "prefLabel"][0].lower(): c for c in facts.all_of(SKOS + "Concept")}
    found: list[tuple[str, list[str], int]] = []
    for line, row in enumerate(rows, 2):
        label = (row.get("label") or "").strip()
        if not label:
            raise OntologyError(f"{path}, line {line}: the label is empty. Fill it in, or remove the line.")
        iri = BASE + "issue/" + slug(label)
        facts.put(iri, RDF_TYPE, SKOS + "Concept")
        facts.put(iri, SKOS + "prefLabel", label)
        facts.put(iri, SKOS + "definition", (row.get("definition") or "").strip() or f"An issue of the user's own vocabulary: {label}.")
        for alternative in _several(row.get("alternatives")):
            facts.put(iri, SKOS + "altLabel", alternative)
        known[label.lower()] = iri
        found.append((iri, _several(row.get("broader")), line))
    for iri, broader, line in found:
        for name in broader:
            if name.lower() not in known:
                raise OntologyError(
                    f"{path}, line {line}: there is no issue '{name}' that this one could be a kind of. Correct the name, or leave it out."
                )
            facts.put(iri, SKOS + "broader", known[name.lower()])
    if not found:
        raise OntologyError(f"{path} holds no issues. Give each a line with its label.")
    return frozenset(iri.rsplit("/", 1)[-1] for iri, _, _ in found)


def add_to_csv(path: Path, label: str, definition: str, broader: str, alternatives: str) -> None:
    """Add an issue to the CSV vocabulary at `path`, which is made if it is not there.

    Raises:
        OntologyError: the file cannot be written, or has other columns.

    """
    row = {"label": label, "definition": definition, "broader": broader, "alternatives": alternatives}
    try:
        header = list(COLUMNS)
        if path.exists():
            with path.open(encoding="utf-8-sig", newline="") as file:
                header = [name.strip().lower() for name in next(csv.reader(file), COLUMNS)]
            if "label" not in header:
                raise OntologyError(f"{path} has no column 'label'. Its columns may be: {', '.join(COLUMNS)}.")
            ends = path.read_bytes()[-1:] in (b"\n", b"")
        else:
            ends = True
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, extrasaction="ignore", lineterminator="\n")
            if file.tell() == 0:
                writer.writeheader()
            elif not ends:
                file.write("\n")
            writer.writerow(row)
    except OSError as error:
        raise OntologyError(
            f"{path} could not be written: {error.strerror or error}. Close the program that holds it, or name another."
        ) from error


def _several(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(";") if part.strip()]
