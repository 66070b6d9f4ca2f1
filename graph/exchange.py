"""A store as JSON lines, which goldenthread reads back without loss, and its statements as CSV.

Writers take a file opened for bytes: encoding (UTF-8) and line ends (LF) are then the same on every machine.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, cast

from ..csv_cells import csv_text
from ..ontology import GoldenthreadError, Ontology, load_ontology
from ..visible import escaped_json
from .dates import first_day
from .model import Decision, Document, DocumentGraph, Entity, Evidence, Mention, Statement
from .networks import decided_statuses, statement_target
from .store import Store, StoredEntity

_KINDS = ("document", "entity", "statement", "decision")
STATEMENT_COLUMNS = (
    "subject", "subject_type", "predicate", "object", "object_type", "stance", "status",
    "quote", "document", "start", "end", "partnership",
)  # fmt: skip

Cell = str | int | None


class ExchangeError(GoldenthreadError):
    """A file of another program could not be written or read."""

    exit_code = 3


# ------------------------------------------------------------------------------------------------------ JSON lines


def write_jsonl(store: Store, file: BinaryIO, *, with_text: bool = False) -> None:
    """Write all of `store`, one JSON object a line: documents, entities, statements, then people's decisions.

    Args:
        store: what to write.
        file: open for bytes.
        with_text: also write the documents' texts, so that an audit can be done after the import.

    """
    for record in records(store, with_text):
        file.write(escaped_json(_line_of(record)).encode() + b"\n")


def data_fingerprint(store: Store, partnership: str) -> str:
    """Return a fingerprint of what the documents of a partnership (by id) say, and of what people decided: 16 hexadecimal digits."""
    lines = hashlib.sha256()
    for record in records(store, with_text=False):
        if record["kind"] == "decision" or record.get("partnership") == partnership:
            lines.update(_line_of(record).encode() + b"\n")
    return lines.hexdigest()[:16]


def _line_of(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def records(store: Store, with_text: bool) -> Iterator[dict[str, Any]]:
    """Yield the lines of the exchange format as objects, in their order."""
    home: dict[str, str] = {}
    for d in store.documents():
        home[d.id] = d.partnership
        record: dict[str, Any] = {
            "kind": "document", "id": d.id, "path": d.path, "sha256": d.sha256, "title": d.title, "date": d.date,
            "partnership": d.partnership, "partnership_label": d.partnership_label, "document_kind": d.kind,
        }  # fmt: skip
        if d.places:
            record["places"] = [list(place) for place in d.places]
        text = store.text(d.id) if with_text else None
        yield record if text is None else record | {"text": text}
    spoken_of = _first_document_by_statement(store)
    for entity in store.entities():
        documents = [document for document, _ in entity.mentions[:1]] + spoken_of.get(entity.id, [])
        yield _entity_record(entity, home[min(documents)] if documents else None)
    decided = decided_statuses(store)
    for s in store.statements():
        status = decided.get(statement_target(s), s.status)
        yield {
            "kind": "statement", "subject": s.subject, "predicate": s.predicate, "object": s.object, "stance": s.stance,
            "status": status, "partnership": s.partnership,
            "evidence": [
                _evidence_record(e) | ({"assumed": True} if e.assumed and status != "assumed" else {}) for e in s.evidence
            ],
        }  # fmt: skip
    for _, decision in store.decisions():
        optional = {"other": decision.other, "expires": decision.expires}
        yield {
            "kind": "decision", "action": decision.action, "target": decision.target, "reason": decision.reason,
            "by": decision.by, **{k: v for k, v in optional.items() if v is not None},
        }  # fmt: skip


def _evidence_record(e: Evidence) -> dict[str, Any]:
    return {
        "document": e.document, "start": e.start, "end": e.end,
        "quote": e.quote, "cue": e.cue, "confidence": e.confidence,
    }  # fmt: skip


def _first_document_by_statement(store: Store) -> dict[str, list[str]]:
    """For each entity the first of the documents that state something of it."""
    first: dict[str, list[str]] = {}
    for statement in store.statements():
        document = min(e.document for e in statement.evidence)
        for end in (statement.subject, statement.object):
            first[end] = [min([document, *first.get(end, [])])]
    return first


def _entity_record(entity: StoredEntity, derived_partnership: str | None) -> dict[str, Any]:
    """Return the entity's line; what can be worked out from other lines, or is not known, is left out."""
    optional = {
        "partnership": entity.partnership if entity.partnership != derived_partnership else None,
        "body_kind": entity.kind,
        "starts": entity.starts,
        "ends": entity.ends,
        "attributes": [list(pair) for pair in entity.attributes] or None,
        "broader": list(entity.broader) or None,
    }
    return {
        "kind": "entity", "id": entity.id, "type": entity.type, "label": entity.label,
        **{k: v for k, v in optional.items() if v is not None},
        "mentions": [{"document": d, "start": m.start, "end": m.end, "quote": m.quote} for d, m in entity.mentions],
    }  # fmt: skip


# ------------------------------------------------------------------------------------------- reading JSON lines


def read_jsonl(file: BinaryIO, ontology: Ontology | None = None) -> list[DocumentGraph]:
    """Read what `write_jsonl` wrote, as what each document says, sorted by document.

    Put into an empty store that has the same vocabulary, it gives the same file again when exported.

    Args:
        file: open for bytes.
        ontology: what may exist; goldenthread's own when None.

    Raises:
        ExchangeError: a line is broken, or refers to something that no line defines.

    """
    lines, known = _parsed(file), ontology or load_ontology()
    documents, entities, said = {}, {}, {}
    for line in (line for line in lines if line.kind == "document"):
        document = line.document()
        line.require(document.id not in documents, f"the document '{document.id}' stands in the file twice")
        documents[document.id], said[document.id] = document, _Said()
    for line in (line for line in lines if line.kind == "entity"):
        entity = line.entity(known)
        line.require(entity.id not in entities, f"the entity '{entity.id}' stands in the file twice")
        entities[entity.id] = entity
        for item in line.items("mentions"):
            mention = Mention(item.whole("start"), item.whole("end"), item.text("quote"))
            item.said_by(said).mentions[entity.id].append(mention)
    for line in (line for line in lines if line.kind == "statement"):
        _take_statement(line, known, entities, said)
    _place_the_unspoken(lines, documents, said)
    return [said[name].graph(documents[name], entities) for name in sorted(documents)]


def read_decisions(file: BinaryIO) -> list[Decision]:
    """Read the decisions from what `write_jsonl` wrote, oldest first.

    Raises:
        ExchangeError: a line is broken.

    """
    return [
        Decision(
            line.text("action"),
            line.text("target"),
            line.text("reason"),
            line.text("by"),
            line.maybe("other"),
            line.maybe("expires"),
        )
        for line in _parsed(file)
        if line.kind == "decision"
    ]


class _Said:
    """What one document says, while the lines come in."""

    def __init__(self) -> None:
        #: By entity; an empty list where the entity is only spoken of.
        self.mentions: dict[str, list[Mention]] = defaultdict(list)
        self.statements: list[Statement] = []

    def graph(self, document: Document, entities: dict[str, Entity]) -> DocumentGraph:
        named = tuple(replace(entities[name], mentions=tuple(sorted(m))) for name, m in sorted(self.mentions.items()))
        # Stands in for the reader, so that a changed import counts as a new version and the same one does not.
        print_ = hashlib.sha256(repr((document, named, self.statements)).encode()).hexdigest()
        return DocumentGraph(replace(document, reader=f"jsonl {print_}"), named, tuple(self.statements))


def _take_statement(line: _Line, known: Ontology, entities: dict[str, Entity], said: dict[str, _Said]) -> None:
    subject, predicate, object_ = line.text("subject"), line.text("predicate"), line.text("object")
    stance = line.maybe("stance")
    line.require(predicate in known.relations, f"there is no relation '{predicate}'")
    line.require(stance is None or stance in known.stances, f"there is no stance '{stance}'")
    for end in (subject, object_):
        line.require(end in entities, f"no line defines the entity '{end}'")
    assumed = line.text("status") == "assumed"
    by_document: dict[str, list[Evidence]] = defaultdict(list)
    for item in line.items("evidence"):
        item.said_by(said)
        by_document[item.text("document")].append(item.evidence(assumed))
    line.require(bool(by_document), "the statement has no evidence")
    for document, evidence in sorted(by_document.items()):
        statement = Statement(subject, predicate, object_, tuple(sorted(evidence)), stance, line.text("partnership"))
        said[document].statements.append(statement)
        for end in (subject, object_):
            said[document].mentions.setdefault(end, [])


def _place_the_unspoken(lines: list[_Line], documents: dict[str, Document], said: dict[str, _Said]) -> None:
    """Give an entity that nothing is said of to the first document of its partnership, which must have named it."""
    placed = {entity for one in said.values() for entity in one.mentions}
    for line in lines:
        if line.kind == "entity" and line.text("id") not in placed:
            home = line.maybe("partnership")
            candidates = sorted(d.id for d in documents.values() if home in (None, d.partnership))
            line.require(bool(candidates), "no document in the file could have named it")
            said[candidates[0]].mentions.setdefault(line.text("id"), [])


class _Line:
    """One line of the file, or an object inside it, which says where it stands when something about it is wrong."""

    def __init__(self, number: int, record: object) -> None:
        self.number = number
        self.require(isinstance(record, dict), "it is not a JSON object")
        self.record = cast("dict[str, object]", record)
        self.kind = self.record.get("kind")

    def require(self, condition: bool, otherwise: str) -> None:
        if not condition:
            raise ExchangeError(
                f"Line {self.number} cannot be imported: {otherwise}. Mend the line, or export the graph again with "
                "'goldenthread export --format jsonl'. Nothing was imported."
            )

    def text(self, key: str) -> str:
        value = self.record.get(key)
        self.require(isinstance(value, str), f"'{key}' must be text")
        self.require(not re.search("[\ud800-\udfff]", str(value)), f"'{key}' holds half of a character")
        return str(value)

    def maybe(self, key: str) -> str | None:
        return None if self.record.get(key) is None else self.text(key)

    def whole(self, key: str) -> int:
        value = self.record.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
            self.require(False, f"'{key}' must be a whole number, not below nought")
        return cast(int, value)

    def maybe_whole(self, key: str) -> int | None:
        return None if self.record.get(key) is None else self.whole(key)

    def items(self, key: str) -> list[_Line]:
        value = self.record.get(key)
        self.require(isinstance(value, list), f"'{key}' must be a list")
        return [_Line(self.number, item) for item in cast("list[object]", value)]

    def said_by(self, said: dict[str, _Said]) -> _Said:
        name = self.text("document")
        self.require(name in said, f"no line defines the document '{name}'")
        return said[name]

    def document(self) -> Document:
        date = self.maybe("date")
        self.require(date is None or first_day(date) is not None, "'date' must be a date like 2024-05-31")
        partnership = self.text("partnership")
        return Document(
            self.text("id"), self.text("path"), self.text("sha256"), self.text("title"), date,
            partnership, self.maybe("partnership_label") or partnership,
            self.maybe("document_kind") or "document", self.maybe("text"), places=self.places(),
        )  # fmt: skip

    def places(self) -> tuple[tuple[int, str], ...]:
        pairs = self.record.get("places", [])
        right = isinstance(pairs, list) and all(
            isinstance(p, list) and len(p) == 2 and isinstance(p[0], int) and isinstance(p[1], str) for p in pairs
        )
        self.require(
            right and pairs == sorted(cast("list[list[Any]]", pairs)), "'places' must be a sorted list of pairs of offset and name"
        )
        return tuple((offset, name) for offset, name in cast("list[tuple[int, str]]", pairs))

    def entity(self, known: Ontology) -> Entity:
        type_ = self.text("type")
        self.require(type_ in known.classes, f"there is no type '{type_}'")
        pairs = self.record.get("attributes", [])
        right = isinstance(pairs, list) and all(
            isinstance(p, list) and len(p) == 2 and all(isinstance(part, str) for part in p) for p in pairs
        )
        self.require(right, "'attributes' must be a list of pairs of text")
        attributes = tuple((name, value) for name, value in cast("list[list[str]]", pairs))
        return Entity(
            self.text("id"), type_, self.text("label"), 0, self.maybe("body_kind"),
            self.maybe_whole("starts"), self.maybe_whole("ends"), attributes,
        )  # fmt: skip

    def evidence(self, assumed: bool) -> Evidence:
        confidence = self.record.get("confidence")
        if not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
            self.require(False, "'confidence' must be a number from 0 to 1")
        return Evidence(
            self.text("document"), self.whole("start"), self.whole("end"), self.text("quote"), self.text("cue"),
            float(cast(float, confidence)), assumed or self.record.get("assumed") is True,
        )  # fmt: skip


def _parsed(file: BinaryIO) -> list[_Line]:
    return [_parse(number, raw) for number, raw in enumerate(file, start=1) if raw.strip()]


def _parse(number: int, raw: bytes) -> _Line:
    try:
        # Some editors of Windows put a byte order mark at the start of a file.
        record, why = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8")), ""
    except UnicodeDecodeError:
        record, why = {}, "it is not UTF-8"
    except (ValueError, RecursionError):
        record, why = {}, "it is not JSON, or was cut short"
    line = _Line(number, record)
    line.require(not why, why)
    line.require(line.kind in _KINDS, f"'kind' must be one of {', '.join(_KINDS)}")
    return line


# ------------------------------------------------------------------------------------------------------------ CSV


def write_csv(store: Store, file: BinaryIO) -> None:
    """Write the statements, one row for each piece of evidence."""
    file.write(csv_text(STATEMENT_COLUMNS, _statement_rows(store)).encode())


def _statement_rows(store: Store) -> Iterator[tuple[Cell, ...]]:
    entities = {e.id: (e.label, e.type) for e in store.entities()}
    paths = {d.id: d.path for d in store.documents()}
    decided = decided_statuses(store)
    for s in store.statements():
        status = decided.get(statement_target(s), s.status)
        for e in s.evidence:
            yield (
                *entities[s.subject], s.predicate, *entities[s.object], s.stance, status,
                e.quote, paths[e.document], e.start, e.end, s.partnership,
            )  # fmt: skip
