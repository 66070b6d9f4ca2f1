"""A store as JSON lines, which goldenthread reads back without loss, and its statements as CSV.

Writers take a file opened for bytes: encoding (UTF-8) and line ends (LF) are then the same on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from ...writing.csv_cells import csv_text
from ...writing.visible import escaped_json
from ..model import Evidence
from ..store import Store, StoredEntity
from .lines import ExchangeError as ExchangeError
from .networks import decided_statuses, evidence_status, statement_target
from .reading import read_decisions as read_decisions
from .reading import read_jsonl as read_jsonl

STATEMENT_COLUMNS = (
    "subject", "subject_type", "predicate", "object", "object_type", "stance", "status",
    "quote", "document", "start", "end", "partnership",
)  # fmt: skip

Cell = str | int | None


# ------------------------------------------------------------------------------------------------------ JSON lines


def write_jsonl(store: Store, file: BinaryIO, *, with_text: bool = False) -> None:
    """Write all of `store`, one JSON object a line: documents, entities, statements, people's decisions, and answers.

    Answers of language models are written of the documents as they stand in the store, not of other versions.

    Args:
        store: what to write.
        file: open for bytes.
        with_text: also write the documents' texts, so that an audit can be done after the import.

    """
    for record in records(store, with_text):
        file.write(escaped_json(_line_of(record)).encode() + b"\n")


def data_fingerprint(store: Store, partnership: str) -> str:
    """Return a fingerprint of what a partnership's documents say and people decided: 16 hexadecimal digits."""
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
    versions: dict[str, str] = {}
    for d in store.documents():
        home[d.id], versions[d.id] = d.partnership, d.sha256
        record: dict[str, Any] = {
            "kind": "document", "id": d.id, "path": d.path, "sha256": d.sha256, "title": d.title, "date": d.date,
            "partnership": d.partnership, "partnership_label": d.partnership_label, "document_kind": d.kind,
        }  # fmt: skip
        if d.places:
            record["places"] = [list(place) for place in d.places]
        if d.said:
            record["said"] = dict(d.said)
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
            "status": status, "probability": s.probability, "partnership": s.partnership,
            "evidence": [_evidence_record(e, status) for e in s.evidence],
        }  # fmt: skip
    for _, decision in store.decisions():
        optional = {"other": decision.other, "expires": decision.expires}
        yield {
            "kind": "decision", "action": decision.action, "target": decision.target, "reason": decision.reason,
            "by": decision.by, **{k: v for k, v in optional.items() if v is not None},
        }  # fmt: skip
    for answer in store.answers():
        if versions.get(answer.document) == answer.sha256:
            yield {
                "kind": "answer", "document": answer.document, "prompt": answer.prompt, "model": answer.model,
                "text": answer.text, **({} if answer.whole else {"whole": False}),
            }  # fmt: skip


def _evidence_record(e: Evidence, status: str) -> dict[str, Any]:
    """Return a piece of evidence as JSON.

    Whether it is assumed or suggested is said only where that differs from the status of its statement.
    """
    own = {"assumed": e.assumed, "suggested": e.suggested}
    return {
        "document": e.document, "start": e.start, "end": e.end,
        "quote": e.quote, "reader": e.reader, "cue": e.cue, "probability": e.probability,
        **{name: value for name, value in own.items() if value != (status == name)},
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
                *entities[s.subject], s.predicate, *entities[s.object], s.stance, evidence_status(s, e, status),
                e.quote, paths[e.document], e.start, e.end, s.partnership,
            )  # fmt: skip
