"""What is written to a Neo4j store, inside a transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...ontology import Ontology
from ..model import Decision, Document, DocumentGraph, Entity
from ..store import Change, fingerprint, fullest, places_written, said_written
from ..summary import IssueSummary
from ..terms import terms_of
from . import neo4j_answers
from .neo4j_schema import possible_type, relationship_type

if TYPE_CHECKING:
    from neo4j import ManagedTransaction, Transaction


def one(tx: ManagedTransaction, query: str, **parameters: Any) -> Any:
    """Return the only row of a query."""
    return tx.run(query, parameters).single(strict=True)


def rows_of(graph: DocumentGraph) -> dict[str, Any]:
    """Return what a document says as the parameters of `replace`."""
    document = graph.document
    properties = {
        "key": document.id, "path": document.path, "sha256": document.sha256, "name": document.title,
        "date": document.date, "year": _year(document), "kind": document.kind, "partnership": document.partnership,
        "partnership_label": document.partnership_label, "reader": document.reader, "text": document.text,
        "places": places_written(document.places), "said": said_written(document.said),
    }  # fmt: skip
    entities = sorted(graph.entities, key=lambda e: e.id)
    places = {entity.id: number for number, entity in enumerate(entities)}
    statements = [
        [
            places[s.subject], (possible_type if e.suggested else relationship_type)(s.predicate), places[s.object],
            s.stance, e.start, e.end, e.quote, terms_of(e.quote), e.cue, e.probability, e.assumed, e.reader,
        ]
        for s in graph.statements
        for e in {(e.start, e.end, e.cue, e.reader, e.suggested): e for e in reversed(s.evidence)}.values()
    ]  # fmt: skip
    return {"document": properties, "entities": [_entity_row(e, document) for e in entities], "statements": statements}


def _entity_row(entity: Entity, document: Document) -> dict[str, Any]:
    mentions = sorted({(m.start, m.end): m for m in entity.mentions}.values())
    naming = {
        "label": entity.label, "rank": entity.rank, "kind": entity.kind, "starts": entity.starts, "ends": entity.ends,
        "attributes": json.dumps(entity.attributes),
        "pairs": [f"{name}={value}" for name, value in entity.attributes] or None,
        "starts_at": [m.start for m in mentions], "ends_at": [m.end for m in mentions],
        "quotes": [m.quote for m in mentions],
    }  # fmt: skip
    shared = entity.type in ("Issue", "Duty")
    return {
        "key": entity.id,
        "class": entity.type,
        "partnership": None if shared else document.partnership,
        "naming": naming,
    }


def _year(document: Document) -> int | None:
    return int(document.date[:4]) if document.date else None


#: Locks the document, so that of two processes which load it at once one waits for the other, and then the partnerships
#: that it belongs to: their entities are named and forgotten by one process at a time. A partnership that is new, or
#: comes back, begins with a revision that none had before it; the store is locked for that.
_LOCK = """
MERGE (d:Document {key: $document.key}) SET d.key = $document.key
WITH d, d.partnership AS former
UNWIND CASE WHEN former > $document.partnership THEN [$document.partnership, former]
    ELSE [former, $document.partnership] END AS key
WITH DISTINCT d, former, key WHERE key IS NOT NULL
MERGE (p:PartnershipGraph {key: key}) SET p.key = key
WITH d, former, key, p
CALL (p) {
    MATCH (g:Goldenthread) WHERE p.revision IS NULL
    SET g.revision = coalesce(g.revision, 0) + 1, p.revision = g.revision * 1000000000
}
WITH d, former, collect([key, p.name]) AS names
"""
#: The same for a document that must be there already.
_LOCK_HELD = """
MATCH (d:Document {key: $key}) SET d.key = $key
WITH d
MATCH (p:PartnershipGraph {key: d.partnership}) SET p.key = d.partnership
RETURN d.partnership, d.partnership_label, p.name
"""
_LOCK_PARTNERSHIPS = "MATCH (p:PartnershipGraph) WITH p ORDER BY p.key SET p.key = p.key"
#: Numbers that only grow, of which every transaction raises one: a partnership's when its documents change, the store's
#: when a partnership comes or goes, and for vocabulary and decisions. With a single number, writers of different
#: partnerships would wait for one another.
STATE = (
    "MATCH (g:Goldenthread) RETURN g.revision, COLLECT { MATCH (p:PartnershipGraph) RETURN [p.key, p.revision] "
    "ORDER BY p.key }"
)
_STORE_CHANGED = "MATCH (g:Goldenthread) SET g.revision = coalesce(g.revision, 0) + 1"
#: What the documents of the partnership p say changes: its summary is taken away.
_NO_SUMMARY = """
SET p.revision = p.revision + 1, p.summarised = false
WITH p
MATCH (p)-[c:COVERAGE]->()
DELETE c
"""
_CHANGED = "MATCH (p:PartnershipGraph {key: $partnership})" + _NO_SUMMARY
#: Writes what the document d says, where `wanted`; gives the keys of the entities that were known by another name, kind
#: or period.
_WRITE = (
    "CALL (wanted) { MATCH (p:PartnershipGraph {key: $document.partnership}) WHERE wanted" + _NO_SUMMARY + "}"
    f"CALL (wanted) {{ WITH wanted WHERE wanted {neo4j_answers.OF_OTHER_VERSIONS} }}"
    """
FOREACH (_ IN CASE WHEN wanted THEN [1] ELSE [] END | SET d = $document)
WITH d, CASE WHEN wanted THEN $entities ELSE [] END AS entities,
    CASE WHEN wanted THEN $statements ELSE [] END AS statements
CALL (d, entities) {
    UNWIND range(0, size(entities) - 1) AS place
    WITH d, place, entities[place] AS row, entities[place].naming AS naming
    MERGE (e:Entity {key: row.key})
    ON CREATE SET e:$(row.class), e.type = row.class, e.partnership = row.partnership, e.name = naming.label,
        e.kind = naming.kind, e.starts = naming.starts, e.ends = naming.ends
    CREATE (d)-[m:MENTIONS]->(e)
    SET m = naming
    WITH e, place, e.vocabulary IS NULL AND (e.name <> naming.label OR coalesce(e.kind, '') <> coalesce(naming.kind, '')
        OR coalesce(e.starts, 0) <> coalesce(naming.starts, 0)
        OR coalesce(e.ends, 0) <> coalesce(naming.ends, 0)) AS differs
    ORDER BY place
    RETURN collect(e) AS nodes, collect(CASE WHEN differs THEN e.key END) AS touched
}
CALL (nodes, statements) {
    UNWIND statements AS row
    WITH nodes[row[0]] AS s, nodes[row[2]] AS o, row
    CREATE (s)-[r:$(row[1])]->(o)
    SET r = {partnership: $document.partnership, document: $document.key, year: $document.year, object: o.key,
             stance: row[3], start: row[4], end: row[5], quote: row[6], terms: row[7], cue: row[8],
             probability: row[9], assumed: row[10], reader: row[11]}
}
"""
)
#: Writes a document that is new, all in one journey; of one that is there already it only says which version.
_ADD = f"""
{_LOCK}
WITH d, former, names, former IS NULL AS wanted, d.sha256 AS sha256, d.reader AS reader, d.partnership_label AS label
CALL (d, wanted) {{
    {_WRITE}
    RETURN touched
}}
RETURN sha256, reader, former, label, names, touched
"""
_REPLACE = f"""
MATCH (d:Document {{key: $document.key}})
WITH d, true AS wanted
{_WRITE}
RETURN touched
"""
_REMOVE_STATEMENTS = (
    "MATCH (:Document {key: $key})-[:MENTIONS]->(:Entity)-[r]->(:Entity) WHERE r.document = $key DELETE r"
)
_REMOVE_MENTIONS = "MATCH (:Document {key: $key})-[m:MENTIONS]->(e:Entity) DELETE m RETURN collect(e.key)"
_REMOVE_UNNAMED = """
UNWIND $touched AS key
MATCH (e:Entity {key: key}) WHERE e.vocabulary IS NULL AND NOT EXISTS { (e)<-[:MENTIONS]-() }
DETACH DELETE e
"""
#: Gives entities the best of the labels by which documents call them; an absent value comes before any other, as in
#: SQL.
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


def lock_all(tx: Transaction) -> None:
    """Let all writers wait that begin after this, until the transaction ends.

    Those of a partnership wait for its lock, those who make a new one, or change vocabulary or decisions, for the
    store's. The locks are taken in the order in which writers take them.
    """
    for query in (_LOCK_PARTNERSHIPS, _LOCK_STORE, _LOCK_PARTNERSHIPS):  # again those that were made meanwhile
        tx.run(query).consume()


def replace(tx: ManagedTransaction, document: Document, rows: Mapping[str, Any]) -> Change:
    """Put in what a document says, in place of what it said before."""
    old = one(tx, _ADD, **rows)
    former, names = old["former"], dict(old["names"])
    if former is None:
        _tidy(tx, set(old["touched"]), gone=False)
        _name(tx, document.partnership, names, added=document.partnership_label)
        return "added"
    if (old["sha256"], old["reader"]) == (document.sha256, document.reader):
        return "unchanged"
    touched = _remove(tx, document.id) | set(one(tx, _REPLACE, **rows)[0])
    _tidy(tx, touched, gone=True)
    _name(
        tx,
        document.partnership,
        names,
        added=document.partnership_label,
        removed=old["label"] if former == document.partnership else None,
    )
    if former != document.partnership:
        tx.run(_CHANGED, partnership=former).consume()
        _name(tx, former, names, removed=old["label"])
    return "replaced"


def forget(tx: ManagedTransaction, document: str) -> bool:
    """Remove a document and all that only it said; False when there is none such."""
    found = tx.run(_LOCK_HELD, key=document).single()
    answers = neo4j_answers.forget(tx, document)
    if not found:
        return answers
    partnership, label, name = found
    touched = _remove(tx, document)
    tx.run("MATCH (d:Document {key: $key}) DELETE d", key=document).consume()
    _tidy(tx, touched, gone=True)
    tx.run(_CHANGED, partnership=partnership).consume()
    _name(tx, partnership, {partnership: name}, removed=label)
    return True


def _remove(tx: ManagedTransaction, document: str) -> set[str]:
    """Remove all that a document said; return the entities it named."""
    tx.run(_REMOVE_STATEMENTS, key=document).consume()
    return set(one(tx, _REMOVE_MENTIONS, key=document)[0])


def _tidy(tx: ManagedTransaction, touched: set[str], *, gone: bool) -> None:
    if gone:
        tx.run(_REMOVE_UNNAMED, touched=sorted(touched)).consume()
    if touched:
        tx.run(_RELABEL, touched=sorted(touched)).consume()


def _name(
    tx: ManagedTransaction,
    key: str,
    names: Mapping[str, str | None],
    *,
    added: str | None = None,
    removed: str | None = None,
) -> None:
    """Give a partnership the fullest name that a document has for it; remove one that no document belongs to."""
    now = names[key]
    labels = [label for label in (now, added) if label is not None]
    if removed is not None and removed == now:
        labels = [
            row[0]
            for row in tx.run("MATCH (d:Document {partnership: $key}) RETURN DISTINCT d.partnership_label", key=key)
        ]
    if not labels:
        tx.run(f"{_STORE_CHANGED} WITH g MATCH (p:PartnershipGraph {{key: $key}}) DELETE p", key=key).consume()
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
    for (partnership,) in tx.run("MATCH (p:PartnershipGraph) RETURN p.key ORDER BY p.key").values():
        tx.run(_CHANGED, partnership=partnership).consume()
    former = one(tx, _FORMER_CONCEPTS, keys=[c["key"] for c in concepts])[0]
    _tidy(tx, set(former), gone=True)
    rows = [
        {"subject": f"{class_}/{a}", "type": relationship_type(type_), "object": f"issue/{b}"}
        for class_, a, type_, b in links
    ]
    tx.run(_LINKS, rows=rows).consume()
    tx.run(f"{_STORE_CHANGED}, g.vocabulary = $print", print=print_).consume()


# ----------------------------------------------------------------------------------------------------- decisions

_RECORD = f"""
{_STORE_CHANGED}, g.decisions = g.decisions + 1
CREATE (d:Decision {{number: g.decisions, undone: false}})
SET d += $decision, d.name = d.action + ' ' + d.target
RETURN d.number
"""


_UNDO = f"MATCH (d:Decision {{number: $number}}) WHERE NOT d.undone {_STORE_CHANGED}, d.undone = true RETURN count(d)"


def undo(tx: ManagedTransaction, number: int) -> bool:
    """Take a decision back; False when there is none such."""
    return bool(one(tx, _UNDO, number=number)[0])


def record(tx: ManagedTransaction, decision: Decision) -> int:
    """Keep a decision; return its number."""
    properties = {
        "action": decision.action, "target": decision.target, "reason": decision.reason, "by": decision.by,
        "other": decision.other, "expires": decision.expires,
    }  # fmt: skip
    return int(one(tx, _RECORD, decision=properties)[0])


# ----------------------------------------------------------------------------------------------------- summaries

_SUMMARISE = """
MATCH (p:PartnershipGraph {key: $partnership}) SET p.key = $partnership
WITH p WHERE p.revision = $revision AND NOT coalesce(p.summarised, false)
SET p.summarised = true
WITH p
CALL (p) {
    UNWIND $issues AS row
    MATCH (i:Entity {key: row.issue})
    CREATE (p)-[c:COVERAGE]->(i)
    SET c = row.summary
}
RETURN true
"""


def keep_summary(
    tx: ManagedTransaction, partnership: str, revision: int, issues: Sequence[IssueSummary], stances: Mapping[str, int]
) -> bool:
    """Keep the summary of a partnership unless its documents have changed since `revision`."""
    rows = [
        {
            "issue": item.issue,
            "summary": {
                "state": item.state, "whole": item.whole,
                "stances": [stances.get(name, 0) for name in sorted(item.sources)],
                "sources": [item.sources[name] for name in sorted(item.sources)], "years": sorted(item.years),
                "times": [item.years[year] for year in sorted(item.years)],
            },
        }
        for item in issues
    ]  # fmt: skip
    return tx.run(_SUMMARISE, partnership=partnership, revision=revision, issues=rows).single() is not None
