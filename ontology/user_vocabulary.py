"""A user's own issues, from a Turtle or CSV file, beside those of the ontology."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from ..writing.csv_cells import csv_line, restored
from ..writing.files import replaced
from .errors import OntologyError
from .facts import Facts, local, slug
from .terms import BASE, RDF_TYPE, SKOS
from .user_files import check_lists, parse_turtle, read_user_file

#: The columns of a CSV vocabulary; only 'label' must be there. Several values in a cell are divided by ';'.
COLUMNS = ("label", "definition", "broader", "alternatives")
#: The most issues, and the most values in a cell.
MOST_ISSUES, MOST_VALUES = 20_000, 1000


def read_user_vocabulary(path: Path, facts: Facts) -> frozenset[str]:
    """Add the concepts of the file at `path` to `facts`; return their ids.

    Raises:
        OntologyError: the file is missing, is neither Turtle nor CSV, or lacks something.

    """
    data = read_user_file(path, "The vocabulary", "Check the name given with --vocabulary.")
    if path.suffix.lower() == ".csv":
        return _read_csv(data, path, facts)
    quads = parse_turtle(data, str(path))
    check_lists(quads, str(path))
    subjects = facts.add_quads(quads)
    concepts = [s for s in subjects if SKOS + "Concept" in facts.by_subject[s][RDF_TYPE]]
    if not concepts:
        raise OntologyError(
            f"{path} declares no skos:Concept. Give each issue a skos:prefLabel, and a skos:definition."
        )
    _check_number(len(concepts), path)
    elsewhere = {concept for concept in concepts if not concept.startswith(BASE + "issue/")}
    if elsewhere:
        for concept in sorted(elsewhere):
            # Concepts keep their own IRIs elsewhere; here their last part is the id.
            for predicate, values in list(facts.by_subject[concept].items()):
                for value in values:
                    facts.put(BASE + "issue/" + local(concept), predicate, value)
            del facts.by_subject[concept]
        facts.by_type[SKOS + "Concept"] = [
            concept for concept in facts.by_type[SKOS + "Concept"] if concept not in elsewhere
        ]
    ids = frozenset(local(c) for c in concepts)
    for name in ids:
        _complete(facts, BASE + "issue/" + name, str(path))
    return ids


def _check_number(issues: int, path: Path) -> None:
    if issues > MOST_ISSUES:
        raise OntologyError(
            f"{path} holds more than {MOST_ISSUES:,} issues. Divide it, and give the part that is needed."
        )


def _complete(facts: Facts, iri: str, where: str) -> None:
    row = facts.by_subject[iri]
    if not row.get(SKOS + "prefLabel"):
        raise OntologyError(f"'{local(iri)}' in {where} has no skos:prefLabel. Give it one.")
    if not row.get(SKOS + "definition"):
        facts.put(iri, SKOS + "definition", f"An issue of the user's own vocabulary: {row[SKOS + 'prefLabel'][0]}.")


def _read_csv(data: bytes, path: Path, facts: Facts) -> frozenset[str]:
    rows = _rows(_decoded(data)[0], path)
    known = {facts.by_subject[c][SKOS + "prefLabel"][0].lower(): c for c in facts.all_of(SKOS + "Concept")}
    found: list[tuple[str, list[str], int]] = []
    for line, row in rows:
        label = _cell(row, "label")
        if not label:
            raise OntologyError(f"{path}, line {line}: the label is empty. Fill it in, or remove the line.")
        if not slug(label):
            raise OntologyError(
                f"{path}, line {line}: the label '{label}' has no letters from a to z, of which its id is made. "
                "Add some."
            )
        iri = BASE + "issue/" + slug(label)
        facts.put(iri, RDF_TYPE, SKOS + "Concept")
        facts.put(iri, SKOS + "prefLabel", label)
        facts.put(
            iri, SKOS + "definition", _cell(row, "definition") or f"An issue of the user's own vocabulary: {label}."
        )
        alternatives, broader = _several(_cell(row, "alternatives")), _several(_cell(row, "broader"))
        if max(len(alternatives), len(broader)) > MOST_VALUES:
            raise OntologyError(f"{path}, line {line}: a cell holds more than {MOST_VALUES} values. Leave some out.")
        for alternative in alternatives:
            facts.put(iri, SKOS + "altLabel", alternative)
        known[label.lower()] = iri
        found.append((iri, broader, line))
    for iri, broader, line in found:
        for name in broader:
            if name.lower() not in known:
                raise OntologyError(
                    f"{path}, line {line}: there is no issue '{name}' that this one could be a kind of. "
                    "Correct the name, or leave it out."
                )
            facts.put(iri, SKOS + "broader", known[name.lower()])
    if not found:
        raise OntologyError(f"{path} holds no issues. Give each a line with its label.")
    return frozenset(iri.rsplit("/", 1)[-1] for iri, _, _ in found)


def _rows(text: str, path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV vocabulary by its columns in small letters, each with the line on which it ends."""
    rows = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    try:
        rows.fieldnames = header = [(name or "").strip().lower() for name in rows.fieldnames or ()]
        if "label" not in header:
            raise OntologyError(f"{path} has no column 'label'. Its columns may be: {', '.join(COLUMNS)}.")
        found = [(rows.line_num, row) for row in islice(rows, MOST_ISSUES + 1)]
    except csv.Error as error:
        raise OntologyError(
            f"{path}, line {rows.line_num + 1}: this is no CSV ({error}). Mend the line and try again."
        ) from error
    _check_number(len(found), path)
    return found


def add_to_csv(path: Path, label: str, definition: str, broader: str, alternatives: str) -> None:
    """Add an issue to the CSV vocabulary at `path`; what is in the file stays, byte for byte.

    The file is made if it is not there.

    Raises:
        OntologyError: the file cannot be written, has other columns, or is in an old encoding that lacks one of the
            letters.

    """
    row = {"label": label, "definition": definition, "broader": broader, "alternatives": alternatives}
    try:
        old = path.read_bytes() if path.exists() else b""
        text, encoding = _decoded(old)
        header = [name.strip().lower() for name in next(csv.reader(io.StringIO(text)), COLUMNS)]
        if "label" not in header:
            raise OntologyError(f"{path} has no column 'label'. Its columns may be: {', '.join(COLUMNS)}.")
        end = "\r\n" if "\r\n" in text else "\n"
        lines = [csv_line(COLUMNS)] if not text.strip() else [] if text.endswith(("\n", "\r")) else ["\n"]
        lines.append(csv_line(row.get(name, "") for name in header))
        new = "".join(line.removesuffix("\n") + end for line in lines).encode(encoding)
        with replaced(path) as file:
            file.write(old + new)
    except UnicodeEncodeError as error:
        letter = error.object[error.start]
        raise OntologyError(
            f"'{letter}' cannot be written in {path}, which is {encoding}. Save it as UTF-8, or leave that out."
        ) from error
    except OSError as error:
        raise OntologyError(
            f"{path} could not be written: {error.strerror or error}. Close the program that holds it, or name another."
        ) from error


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the text of a file that Excel or an editor wrote, and its encoding."""
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "cp1252"


def _cell(row: Mapping[str, str | None], name: str) -> str:
    return restored((row.get(name) or "").strip()).strip()


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]
