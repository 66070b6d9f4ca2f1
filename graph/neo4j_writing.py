"""What is written to a Neo4j store, inside a transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..ontology import Ontology
from .model import Decision, Document, DocumentGraph, Entity
from .neo4j_schema import relationship_type
from .store import Change, fingerprint, fullest
from .terms import terms_of

if TYPE_CHECKING:
    from neo4j import ManagedTransaction


def one(tx: ManagedTransaction, query: str, **parameters: Any) -> Any:
    """Return the only row of a query."""
    return tx.run(query, parameters).single(strict=True)


def rows_of(graph: DocumentGraph, types: Mapping[str, str]) -> dict[str, Any]:
    """Return a document as the parameters of `replace`.

    Args:
        graph: what it says.
        types: the type of relationship for each predicate.

    """
    document = graph.document
    properties = {
        "key": document.id, "path": document.path, "sha256": document.sha256, "name": document.title, "date": document.date,
        "year": _year(document), "kind": document.kind, "partnership": document.partnership,
        "partnership_label": document.partnership_label, "reader": document.reader, "text": document.text,
    }  # fmt: skip
    entities = [_entity_row(e, document) for e in sorted(graph.entities, key=lambda e: e.id)]
    statements = [
        {
            "subject": s.subject, "type": types[s.predicate], "object": s.object,
            "properties": {
                "partnership": document.partnership, "stance": s.stance, "document": document.id, "year": _year(document),
                "start": e.start, "end": e.end, "quote": e.quote, "terms": terms_of(e.quote), "cue": e.cue,
                "confidence": e.confidence, "assumed": e.assumed,
            },
        }
        for s in graph.statements
        for e in {(e.start, e.end, e.cue): e for e in reversed(s.evidence)}.values()
    ]  # fmt: skip
    return {"document": properties, "entities": entities, "statements": statements}


def _entity_row(entity: Entity, document: Document) -> dict[str, Any]:
    mentions = sorted({(m.start, m.end): m for m in entity.mentions}.values())
    naming = {
        "label": entity.label, "rank": entity.rank, "kind": entity.kind, "starts": entity.starts, "ends": entity.ends,
        "attributes": json.dumps(entity.attributes), "pairs": [f"{name}={value}" for name, value in entity.attributes] or None,
        "starts_at": [m.start for m in mentions], "ends_at": [m.end for m in mentions], "quotes": [m.quote for m in mentions],
    }  # fmt: skip
    shared = entity.type in ("Issue", "Duty")
    return {"key": entity.id, "class": entity.type, "partnership": None if shared else document.partnership, "naming": naming}


def _year(document: Document) -> int | None:
    return int(document.date[:4]) if document.date else None


#: Locks the document, so that of two processes which load it at once one waits for the other.
_LOCK_DOCUMENT = """
MERGE (d:Document {key: $key}) SET d.key = $key
RETURN d.sha256 AS sha256, d.reader AS reader, d.partnership AS partnership, d.partnership_label AS label
"""
#: Locks the partnerships: their entities are named and forgotten by one process at a time.
_LOCK_PARTNERSHIPS = """
UNWIND $keys AS key
MERGE (p:PartnershipGraph {key: key}) SET p.key = key
RETURN key, p.name AS name
"""
_WRITE = """
MATCH (d:Document {key: $document.key})
SET d = $document
WITH d
CALL (d) {
    UNWIND $entities AS row
    MERGE (e:Entity {key: row.key})
    ON CREATE SET e:$(row.class), e.type = row.class, e.partnership = row.partnership, e.name = row.naming.label,
        e.kind = row.naming.kind, e.starts = row.naming.starts, e.ends = row.naming.ends
    CREATE (d)-[m:MENTIONS]->(e)
    SET m = row.naming
}
CALL () {
    UNWIND $statements AS row
    MATCH (s:Entity {key: row.subject})
    MATCH (o:Entity {key: row.object})
    CREATE (s)-[r:$(row.type)]->(o)
    SET r = row.properties
}
"""
_REMOVE_STATEMENTS = "MATCH (:Document {key: $key})-[:MENTIONS]->(:Entity)-[r]->(:Entity) WHERE r.document = $key DELETE r"
_REMOVE_MENTIONS = "MATCH (:Document {key: $key})-[m:MENTIONS]->(e:Entity) DELETE m RETURN collect(e.key)"
_REMOVE_UNNAMED = """
UNWIND $touched AS key
MATCH (e:Entity {key: key}) WHERE e.vocabulary IS NULL AND NOT EXISTS { (e)<-[:MENTIONS]-() }
DETACH DELETE e
"""
#: Gives entities the best of the labels by which documents call them; an absent value comes before any other, as in SQL.
_RELABEL = """
UNWIND $touched AS key
MATCH (e:Entity {key: key}) WHERE e.vocabulary IS NULL
CALL (e) {
    MATCH (e)<-[m:MENTIONS]-()
    WITH m.label AS label, collect(m) AS same
    UNWIND same AS m
    RETURN m ORDER BY m.rank DESC, size(same) DESC, size(label) DESC, label,
        m.kind IS NOT NULL, m.kind, m.starts IS NOT NULL, m.starts, m.ends IS NOT NULL, m.ends LIMIT 1
}
SET e.name = m.label, e.kind = m.kind, e.starts = m.starts, e.ends = m.ends
"""


def replace(tx: ManagedTransaction, document: Document, rows: Mapping[str, Any]) -> Change:
    """Put in what a document says, in place of what it said before."""
    old = one(tx, _LOCK_DOCUMENT, key=document.id)
    if (old["sha256"], old["reader"]) == (document.sha256, document.reader):
        return "unchanged"
    former = old["partnership"]
    names = _lock(tx, {document.partnership, *([former] if former else [])})
    touched = _remove(tx, document.id) if former else set()
    tx.run(_WRITE, dict(rows)).consume()
    _tidy(tx, touched | {row["key"] for row in rows["entities"]}, gone=bool(former))
    _name(
        tx, document.partnership, names, added=document.partnership_label, removed=old["label"] if former == document.partnership else None
    )
    if former and former != document.partnership:
        _name(tx, former, names, removed=old["label"])
    return "replaced" if former else "added"


def forget(tx: ManagedTransaction, document: str) -> bool:
    """Remove a document and all that only it said; False when there is none such."""
    found = tx.run("MATCH (d:Document {key: $key}) SET d.key = $key RETURN d.partnership, d.partnership_label", key=document).single()
    if not found:
        return False
    partnership, label = found
    names = _lock(tx, {partnership})
    touched = _remove(tx, document)
    tx.run("MATCH (d:Document {key: $key}) DELETE d", key=document).consume()
    _tidy(tx, touched, gone=True)
    _name(tx, partnership, names, removed=label)
    return True


def _lock(tx: ManagedTransaction, partnerships: set[str]) -> dict[str, str | None]:
    """Lock partnerships, made where there are none; return their names."""
    return {str(key): name for key, name in tx.run(_LOCK_PARTNERSHIPS, keys=sorted(partnerships))}


def _remove(tx: ManagedTransaction, document: str) -> set[str]:
    """Remove all that a document said; return the entities it named."""
    tx.run(_REMOVE_STATEMENTS, key=document).consume()
    return set(one(tx, _REMOVE_MENTIONS, key=document)[0])


def _tidy(tx: ManagedTransaction, touched: set[str], *, gone: bool) -> None:
    if gone:
        tx.run(_REMOVE_UNNAMED, touched=sorted(touched)).consume()
    tx.run(_RELABEL, touched=sorted(touched)).consume()


def _name(
    tx: ManagedTransaction, key: str, names: Mapping[str, str | None], *, added: str | None = None, removed: str | None = None
) -> None:
    """Give a partnership the fullest name that a document has for it; remove one that no document belongs to."""
    now = names[key]
    labels = [label for label in (now, added) if label is not None]
    if removed is not None and removed == now:
        labels = [row[0] for row in tx.run("MATCH (d:Document {partnership: $key}) RETURN DISTINCT d.partnership_label", key=key)]
    if not labels:
        tx.run("MATCH (p:PartnershipGraph {key: $key}) DELETE p", key=key).consume()
    elif fullest(labels) != now:
        tx.run("MATCH (p:PartnershipGraph {key: $key}) SET p.name = $name", key=key, name=fullest(labels)).consume()


# ---------------------------------------------------------------------------------------------------- vocabulary

_LOCK_STORE = "MATCH (g:Goldenthread) SET g.key = g.key RETURN g.vocabulary"
_CONCEPTS = """
UNWIND $rows AS row
MERGE (e:Entity {key: row.key})
SET e:$(row.class), e.type = row.class, e.name = row.name, e.vocabulary = true
"""
_FORMER_CONCEPTS = """
MATCH (e:Entity) WHERE e.vocabulary AND NOT e.key IN $keys
REMOVE e.vocabulary
RETURN collect(e.key)
"""
_LINKS = """
UNWIND $rows AS row
MATCH (a:Entity {key: row.subject})
MATCH (b:Entity {key: row.object})
CREATE (a)-[:$(row.type)]->(b)
"""


def use_vocabulary(tx: ManagedTransaction, ontology: Ontology) -> None:
    """Take over the issues, what is broader than each, and the duties; nothing is done where they are known."""
    print_ = fingerprint(ontology)
    if one(tx, _LOCK_STORE)[0] == print_:
        return
    concepts = [
        {"key": f"{class_.lower()}/{item.id}", "class": class_, "name": item.label}
        for class_, items in (("Issue", ontology.concepts.values()), ("Duty", ontology.duties.values()))
        for item in items
    ]
    links = [("issue", c.id, "broader", b) for c in ontology.concepts.values() for b in c.broader]
    links += [("duty", d.id, "requires", i) for d in ontology.duties.values() for i in d.requires]
    tx.run("MATCH (:Entity)-[r:BROADER|REQUIRES]->(:Entity) DELETE r").consume()
    tx.run(_CONCEPTS, rows=concepts).consume()
    former = one(tx, _FORMER_CONCEPTS, keys=[c["key"] for c in concepts])[0]
    _tidy(tx, set(former), gone=True)
    rows = [{"subject": f"{class_}/{a}", "type": relationship_type(type_), "object": f"issue/{b}"} for class_, a, type_, b in links]
    tx.run(_LINKS, rows=rows).consume()
    tx.run("MATCH (g:Goldenthread) SET g.vocabulary = $print", print=print_).consume()


# ----------------------------------------------------------------------------------------------------- decisions

_RECORD = """
MATCH (g:Goldenthread) SET g.decisions = g.decisions + 1
CREATE (d:Decision {number: g.decisions, undone: false})
SET d += $decision, d.name = d.action + ' ' + d.target
RETURN d.number
"""


def record(tx: ManagedTransaction, decision: Decision) -> int:
    """Keep a decision; return its number."""
    properties = {
        "action": decision.action, "target": decision.target, "reason": decision.reason, "by": decision.by,
        "other": decision.other, "expires": decision.expires,
    }  # fmt: skip
    return int(one(tx, _RECORD, decision=properties)[0])
