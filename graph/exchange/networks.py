"""A store as a networkx graph, for pictures, for files, and for whoever wants to compute with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model import Evidence, Statement
from ..store import Store

if TYPE_CHECKING:
    import networkx as nx

_DECIDED = {"confirm": "confirmed", "reject": "rejected"}


def as_networkx(store: Store, partnership: str | None = None, *, suggested: bool = False) -> nx.MultiDiGraph[str]:
    """Return the statements of `store` as a directed graph; with `partnership`, only what is said of that one.

    A node is an entity, with the attributes `label`, `type`, `partnership` and, where known, `kind`, `starts` and
    `ends`. An edge is a statement, its key the predicate, or 'raises/concern' where there is a stance. Its attributes
    are `predicate`, `stance`, `status`, `count` (pieces of evidence), `probability` (the best of them), and side by
    side `quotes` and `documents` (the id of the document in which each quote stands). The graph's own attribute
    `documents` gives for each id the `title`, `path` and `date`. Nodes and edges come sorted; statements which a person
    rejected are left out, and so are those with the status 'suggested', unless `suggested` asks for them.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for entity in store.entities(partnership):
        known = {"kind": entity.kind, "starts": entity.starts, "ends": entity.ends}
        graph.add_node(
            entity.id, label=entity.label, type=entity.type, partnership=entity.partnership,
            **{name: value for name, value in known.items() if value is not None},
        )  # fmt: skip
    decided = decided_statuses(store)
    for statement in store.statements(partnership):
        status = decided.get(statement_target(statement), statement.status)
        if status != "rejected" and (suggested or status != "suggested"):
            _add_statement(graph, statement, status)
    cited = {name for *_, edge in graph.edges(data=True) for name in edge["documents"]}
    graph.graph["documents"] = {
        d.id: {"title": d.title, "path": d.path, "date": d.date} for d in store.documents() if d.id in cited
    }
    return graph


def _add_statement(graph: nx.MultiDiGraph[str], statement: Statement, status: str) -> None:
    key = f"{statement.predicate}/{statement.stance}" if statement.stance else statement.predicate
    ends = statement.subject, statement.object
    evidence = statement.stated_by or statement.evidence
    if graph.has_edge(*ends, key):  # two partnerships say the same
        edge = graph.edges[(*ends, key)]
    else:
        graph.add_edge(
            *ends, key=key, predicate=statement.predicate, stance=statement.stance, status=status,
            count=0, probability=0.0, quotes=(), documents=(),
        )  # fmt: skip
        edge = graph.edges[(*ends, key)]
    edge["count"] += len(evidence)
    edge["probability"] = max([edge["probability"], *(e.probability for e in evidence)])
    edge["quotes"] += tuple(e.quote for e in evidence)
    edge["documents"] += tuple(e.document for e in evidence)


def statement_target(statement: Statement) -> str:
    """Name a statement as a decision does: 'subject|predicate|object|stance', the stance empty where there is none."""
    return "|".join((statement.subject, statement.predicate, statement.object, statement.stance or ""))


def evidence_status(statement: Statement, evidence: Evidence, status: str) -> str:
    """Return the status of one piece of evidence, where `status` is that of its statement.

    A person's decision is about all evidence of the statement.
    """
    return "suggested" if evidence.suggested and status == statement.status else status


def decided_statuses(store: Store) -> dict[str, str]:
    """Return 'confirmed' or 'rejected' by `statement_target`, for what people decided; the newest decision counts."""
    return {d.target: _DECIDED[d.action] for _, d in store.decisions() if d.action in _DECIDED}
