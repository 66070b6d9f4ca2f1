"""A store as files of other graph programs: GraphML, GEXF, Kumu, a Cypher script, and a pair of CSV files.

Writers take a file opened for bytes: encoding (UTF-8) and line ends (LF) are then the same on every machine.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from ...writing.csv_cells import csv_text
from ...writing.visible import escaped_json
from ..engines.neo4j_schema import possible_type, relationship_type
from ..store import Store, StoredEntity
from .networks import as_networkx, decided_statuses, evidence_status, statement_target

if TYPE_CHECKING:
    import networkx as nx

#: Characters that XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: How many rows a statement of a Cypher script holds.
_ROWS = 500
_NODE_COLUMNS = ("Id", "Label", "Class", "Partnership", "Kind", "Starts", "Ends", "Mentions")
_EDGE_COLUMNS = (
    "Source",
    "Target",
    "Type",
    "Label",
    "Stance",
    "Status",
    "Evidence",
    "Probability",
    "Quotes",
    "Documents",
)


# ---------------------------------------------------------------------------------------------------- GraphML and GEXF


def write_graphml(store: Store, file: BinaryIO) -> None:
    """Write GraphML, which yEd, Gephi, igraph and networkx read."""
    import networkx as nx

    file.write(("\n".join(nx.generate_graphml(_flat(store))) + "\n").encode())


def write_gexf(store: Store, file: BinaryIO) -> None:
    """Write GEXF, which Gephi reads."""
    import networkx as nx

    text = "\n".join(nx.generate_gexf(_flat(store))) + "\n"
    # networkx puts in the day of writing; the same graph shall give the same bytes on any day.
    file.write(re.sub(r' lastmodifieddate="[^"]*"', "", text, count=1).encode())


def _flat(store: Store) -> nx.MultiDiGraph[str]:
    """Return the graph with only text and numbers on it, and without characters that XML cannot hold."""
    import networkx as nx

    def plain(attributes: dict[str, Any]) -> dict[str, str | int | float]:
        joined = {k: "\n".join(v) if isinstance(v, tuple) else v for k, v in attributes.items() if v is not None}
        return {k: _NOT_XML.sub("\ufffd", v) if isinstance(v, str) else v for k, v in joined.items()}

    source = as_networkx(store, suggested=True)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, attributes in source.nodes(data=True):
        graph.add_node(node, **plain(attributes))
    for number, (start, end, key, attributes) in enumerate(source.edges(keys=True, data=True)):
        graph.add_edge(start, end, key=str(number), **plain(attributes | {"statement": key}))
    return graph


# ---------------------------------------------------------------------------------------------------------- CSV pair


def csv_pair(store: Store) -> tuple[str, str]:
    """Return the nodes and the edges as CSV, with the column names that Gephi knows.

    Power BI and Neo4j read them too.
    """
    mentions = {entity.id: len(entity.mentions) for entity in store.entities()}
    graph = as_networkx(store, suggested=True)
    nodes = (
        (id_, n["label"], n["type"], n["partnership"], n.get("kind"), n.get("starts"), n.get("ends"), mentions[id_])
        for id_, n in graph.nodes(data=True)
    )
    edges = (
        (
            start, end, "Directed", e["predicate"], e["stance"], e["status"], e["count"], e["probability"],
            "\n".join(e["quotes"]), "\n".join(graph.graph["documents"][name]["path"] for name in e["documents"]),
        )
        for start, end, e in graph.edges(data=True)
    )  # fmt: skip
    return csv_text(_NODE_COLUMNS, nodes), csv_text(_EDGE_COLUMNS, edges)


# -------------------------------------------------------------------------------------------------------------- Kumu


def write_kumu(store: Store, file: BinaryIO) -> None:
    """Write a Kumu blueprint (https://docs.kumu.io/guides/import/blueprints.html).

    Kumu knows an element by its label; where several share one, class, partnership and id are added until none does.
    """
    graph = as_networkx(store, suggested=True)
    places = dict(store.partnerships())
    labels = _labels_apart({id_: dict(n) for id_, n in graph.nodes(data=True)}, places)
    elements = [
        {
            "label": labels[id_],
            "type": n["type"],
            "partnership": places.get(n["partnership"]),
            "period": _period(n),
            "id": id_,
        }
        for id_, n in graph.nodes(data=True)
    ]
    connections = [
        {
            "from": labels[start], "to": labels[end], "direction": "directed", "type": e["predicate"],
            "label": _called(e), "stance": e["stance"], "status": e["status"],
            "description": "\n\n".join(f"“{quote}”" for quote in dict.fromkeys(e["quotes"])),
        }
        for start, end, e in graph.edges(data=True)
    ]  # fmt: skip
    whole = {"elements": [_known(e) for e in elements], "connections": [_known(c) for c in connections]}
    file.write((escaped_json(json.dumps(whole, ensure_ascii=False, indent=1)) + "\n").encode())


def _called(edge: Mapping[str, Any]) -> str:
    words = str(edge["predicate"]).replace("_", " ")
    return f"possibly {words}" if edge["status"] == "suggested" else words


def _labels_apart(nodes: Mapping[str, Mapping[str, Any]], places: Mapping[str, str]) -> dict[str, str]:
    """Return a label for each node that no other has."""
    labels = {id_: str(n["label"]) for id_, n in nodes.items()}
    further = (
        {id_: str(n["type"]).lower() for id_, n in nodes.items()},
        {id_: places.get(n["partnership"] or "", "") for id_, n in nodes.items()},
        {id_: id_ for id_ in nodes},
    )
    for words in further:
        counts = Counter(labels.values())
        labels = {
            id_: f"{label} ({words[id_]})" if counts[label] > 1 and words[id_] else label
            for id_, label in labels.items()
        }
    return labels


def _period(node: Mapping[str, Any]) -> str | None:
    years = [str(node[end]) for end in ("starts", "ends") if node.get(end) is not None]
    return "-".join(years) or None


def _known(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value is not None}


# ------------------------------------------------------------------------------------------------------------- Cypher


def write_cypher(store: Store, file: BinaryIO) -> None:
    """Write a script for cypher-shell or Neo4j's Browser, in the model of docs/neo4j.md; run again, it doubles nothing.

    For a server that `--store` reaches, `goldenthread copy` is better: it keeps documents, decisions and full text as
    well.
    """
    for statement in _script(store):
        file.write(statement.encode() + b";\n")


def _script(store: Store) -> Iterator[str]:
    yield "CREATE CONSTRAINT entity_key IF NOT EXISTS FOR (n:Entity) REQUIRE n.key IS UNIQUE"
    entities = list(store.entities())
    for class_ in sorted({e.type for e in entities}):
        for rows in _batches(_properties(e) for e in entities if e.type == class_):
            yield f"UNWIND {_literal(rows)} AS row\nMERGE (n:Entity {{key: row.key}}) SET n:{class_}, n += row"
    links = [{"from": e.id, "to": wider} for e in entities for wider in e.broader]
    for rows in _batches(links):
        yield f"UNWIND {_literal(rows)} AS row\n{_ENDS}\nMERGE (s)-[:BROADER]->(o)"
    decided = decided_statuses(store)
    evidence: dict[str, list[dict[str, Any]]] = {}
    for s in store.statements():
        status = decided.get(statement_target(s), s.status)
        for e in s.evidence if status != "rejected" else ():
            own = evidence_status(s, e, status)
            words = {
                "document": e.document, "start": e.start, "end": e.end, "cue": e.cue, "quote": e.quote,
                "reader": e.reader, "probability": e.probability, "assumed": e.assumed, "partnership": s.partnership,
                "object": s.object, "status": own,
            }  # fmt: skip
            stance = {"stance": s.stance or ""} if s.predicate == "raises" else {}
            type_ = (possible_type if own == "suggested" else relationship_type)(s.predicate)
            evidence.setdefault(type_, []).append({"from": s.subject, "to": s.object, "words": words | stance})
    for type_, found in sorted(evidence.items()):
        same = ", ".join(
            f"{key}: row.words.{key}"
            for key in ("document", "start", "end", "cue", "reader", *(["stance"] if type_.endswith("RAISES") else []))
        )
        for rows in _batches(found):
            yield f"UNWIND {_literal(rows)} AS row\n{_ENDS}\nMERGE (s)-[r:{type_} {{{same}}}]->(o) SET r = row.words"


_ENDS = "MATCH (s:Entity {key: row.from}) MATCH (o:Entity {key: row.to})"


def _properties(entity: StoredEntity) -> dict[str, Any]:
    known = {"partnership": entity.partnership, "kind": entity.kind, "starts": entity.starts, "ends": entity.ends}
    return {"key": entity.id, "name": entity.label, "type": entity.type, **_known(known)}


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, _ROWS)):
        yield batch


#: Servers replace \\uXXXX before they look for where a text ends: what ends or escapes must not be written so.
_ESCAPED = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _literal(value: Any) -> str:
    """Return a value as Cypher writes it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, str):
        return (
            "'"
            + re.sub(
                r"[\\'\x00-\x1f\x7f-\x9f\u2028\u2029]", lambda m: _ESCAPED.get(m[0]) or f"\\u{ord(m[0]):04x}", value
            )
            + "'"
        )
    if isinstance(value, Sequence):
        return "[\n " + ",\n ".join(map(_literal, value)) + "]"
    return "true" if value is True else "false" if value is False else repr(value)


#: What `export --format NAME` calls.
WRITERS = {"cypher": write_cypher, "gexf": write_gexf, "graphml": write_graphml, "kumu": write_kumu}
