"""The two questions of the benchmark, put to three engines: goldenthread, networkx and rdflib.

- *uncovered*: which issues are raised as a concern or request, with no priority of the newest plan (nor an action in
  it) that addresses the issue or something broader; with the words of everybody who raises them;
- *ownership*: who raises an issue, which commitments of the newest plan address it or something broader, who leads or
  delivers them or the issue itself; with the words of each.

An answer is a sorted list of rows, the same from every engine. networkx and rdflib get what helps them: an index of
each partnership's things, the closure of `broader`, one RDF graph for each partnership.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from goldenthread.graph import DocumentGraph, Store
from goldenthread.ontology import NS, Ontology
from goldenthread.queries.gaps import GapReport, find_gaps, rules_named
from goldenthread.queries.owners import owners
from goldenthread.queries.thread import Thread

Answer = list[list[Any]]

WANTING = ("concern", "request")
OWNING = ("leads", "delivers")
WITHIN = ("stands_in", "part_of")
COMMITMENTS = ("Priority", "Action")


# ------------------------------------------------------------------------------------------------ goldenthread


class InGoldenthread:
    """The questions as goldenthread's own queries answer them.

    Labels, messages and the rest of the thread come with the answers.
    """

    def __init__(self, store: Store, ontology: Ontology) -> None:
        self._store, self._ontology = store, ontology
        self._rule = rules_named(["uncovered-issue"])

    def uncovered(self, partnership: str) -> GapReport:
        return find_gaps(self._store, self._ontology, self._rule, partnership)

    def ownership(self, partnership: str, issue: str) -> Thread:
        return owners(self._store, self._ontology, issue, partnership)

    @staticmethod
    def rows(found: GapReport | Thread) -> Answer:
        if isinstance(found, GapReport):
            return sorted([gap.id, e.document, e.start, e.quote] for gap in found.gaps for e in gap.evidence)
        steps = [s for s in found.steps if s.fact.predicate == "raises" or s.owns]
        steps += [step for commitment in found.commitments for step in (commitment, *commitment.owners)]
        facts = {(f.subject.id, f.predicate, f.object.id, f.stance): f for f in (s.fact for s in steps)}
        return sorted(
            [subject, predicate, object_, stance or "", e.document, e.start, e.quote]
            for (subject, predicate, object_, stance), fact in facts.items()
            for e in fact.evidence
        )


# ---------------------------------------------------------------------------------------------------- networkx


class InNetworkx:
    """The whole country as one MultiDiGraph in memory: an edge is a statement, its key the predicate and the stance."""

    def __init__(self, boroughs: Iterable[list[DocumentGraph]], ontology: Ontology) -> None:
        import networkx as nx

        self._graph: Any = nx.MultiDiGraph()  # its stubs know no keys but text
        self._things: dict[str, list[str]] = defaultdict(list)  # of a partnership
        self._above = _closure(ontology)
        for documents in boroughs:
            for graph in documents:
                self._add(graph)

    def _add(self, document: DocumentGraph) -> None:
        graph = self._graph
        for e in document.entities:
            if e.id not in graph:
                graph.add_node(e.id, type=e.type, label=e.label, starts=e.starts)
                if e.type != "Issue":
                    self._things[document.document.partnership].append(e.id)
        for s in document.statements:
            key = (s.predicate, s.stance or "")
            words = [(e.document, e.start, e.quote) for e in s.evidence]
            if graph.has_edge(s.subject, s.object, key):
                graph.edges[s.subject, s.object, key]["words"].extend(words)
            else:
                graph.add_edge(s.subject, s.object, key, words=words)

    def _commitments(self, partnership: str) -> set[str]:
        nodes, into = self._graph.nodes, self._graph.pred
        plans = [t for t in self._things[partnership] if nodes[t]["type"] == "Plan"]
        ahead = [max(plans, key=lambda plan: nodes[plan]["starts"])]
        found: set[str] = set()
        while ahead:
            for thing, edges in into[ahead.pop()].items():
                if thing not in found and nodes[thing]["type"] in COMMITMENTS and any(p in WITHIN for p, _ in edges):
                    found.add(thing)
                    ahead.append(thing)
        return found

    def uncovered(self, partnership: str) -> Answer:
        graph = self._graph
        addressed = {
            i
            for _, i, (predicate, _) in graph.out_edges(self._commitments(partnership), keys=True)
            if predicate == "addresses"
        }
        raised: dict[str, list[Any]] = defaultdict(list)
        for _, issue, (predicate, stance), found in graph.out_edges(self._things[partnership], keys=True, data="words"):
            if predicate == "raises" and stance in WANTING:
                raised[issue] += found
        uncovered = [issue for issue in raised if addressed.isdisjoint(self._above[issue])]
        return sorted([issue, *words] for issue in uncovered for words in raised[issue])

    def ownership(self, partnership: str, issue: str) -> Answer:
        out, into, above = self._graph.adj, self._graph.pred, self._above[issue]
        found: list[tuple[str, str, tuple[str, ...]]] = []
        for thing in self._things[partnership]:
            if issue in out[thing]:
                found.append((thing, issue, ("raises", *OWNING)))
        for commitment in self._commitments(partnership):
            addressed = [
                wider for wider in above if wider in out[commitment] and self._has(commitment, wider, "addresses")
            ]
            found += [(commitment, wider, ("addresses",)) for wider in addressed]
            if addressed:
                found += [(owner, commitment, OWNING) for owner in into[commitment]]
        return sorted(
            [subject, predicate, object_, stance, *words]
            for subject, object_, wanted in found
            for (predicate, stance), edge in out[subject][object_].items()
            if predicate in wanted
            for words in edge["words"]
        )

    def _has(self, subject: str, object_: str, predicate: str) -> bool:
        return any(p == predicate for p, _ in self._graph.adj[subject][object_])

    @staticmethod
    def rows(found: Answer) -> Answer:
        return found


# ------------------------------------------------------------------------------------------------------ rdflib

#: What is in force is marked once, when the graph is ready: within each question it would cost more.
_MARK = """
    INSERT { ?commitment a gt:CommitmentInForce } WHERE {
        { SELECT ?plan WHERE { ?plan gt:starts ?starts } ORDER BY DESC(?starts) LIMIT 1 }
        ?commitment (gt:stands_in|gt:part_of)+ ?plan ; gt:type ?type . FILTER (?type IN ("Priority", "Action"))
    }
"""
_UNCOVERED = """
    SELECT ?issue WHERE {
        { SELECT DISTINCT ?issue WHERE { ?source gt:wants_dealt_with ?issue } }
        FILTER NOT EXISTS {
            ?issue gt:broader_or_same ?wider . ?commitment gt:addresses ?wider . ?commitment a gt:CommitmentInForce .
        }
    }
"""
_WANTED = """
    SELECT ?document ?start ?quote WHERE {
        ?statement gt:object ?issue . ?statement gt:stance ?stance . FILTER (?stance IN ("concern", "request"))
        ?statement gt:words ?words . ?words gt:document ?document ; gt:start ?start ; gt:quote ?quote .
    }
"""
_COLUMNS = "SELECT ?subject ?predicate ?object ?stance ?document ?start ?quote"
_WORDS = """
    ?statement gt:predicate ?predicate ; gt:subject ?subject ; gt:object ?object ; gt:words ?words .
    OPTIONAL { ?statement gt:stance ?stance }
    ?words gt:document ?document ; gt:start ?start ; gt:quote ?quote .
"""
#: One query for each kind of link: rdflib does not carry a given value into the arms of a UNION.
_OWNERSHIP = (
    f"{_COLUMNS} WHERE {{ ?statement gt:object ?issue . {_WORDS} "
    "FILTER (?predicate IN (gt:raises, gt:leads, gt:delivers)) }",
    f"{_COLUMNS} WHERE {{ ?issue gt:broader_or_same ?wider . ?subject gt:addresses ?wider . "
    f"?subject a gt:CommitmentInForce . ?statement gt:object ?wider . ?statement gt:subject ?subject . {_WORDS} "
    "FILTER (?predicate = gt:addresses) }",
    f"{_COLUMNS} WHERE {{ ?issue gt:broader_or_same ?wider . ?commitment gt:addresses ?wider . "
    f"?commitment a gt:CommitmentInForce . ?statement gt:object ?commitment . {_WORDS} "
    "FILTER (?predicate IN (gt:leads, gt:delivers)) }",
)


class InRdflib:
    """Each partnership as an rdflib graph in memory: plain triples, and statements with their words beside them."""

    def __init__(self, boroughs: Iterable[list[DocumentGraph]], ontology: Ontology) -> None:
        from rdflib.plugins.sparql import prepareQuery

        self._above = _closure(ontology)
        self._graphs = {documents[0].document.partnership: self._graph(documents) for documents in boroughs}
        self._uncovered, self._wanted, *self._ownership = (
            prepareQuery(query, initNs={"gt": NS}) for query in (_UNCOVERED, _WANTED, *_OWNERSHIP)
        )

    def _graph(self, documents: list[DocumentGraph]) -> Any:
        from rdflib import Graph, Literal, Namespace, URIRef

        gt, graph = Namespace(NS), Graph()
        for narrow, above in self._above.items():
            for broad in above:
                graph.add((_iri(narrow), gt.broader_or_same, _iri(broad)))
        for document in documents:
            for e in document.entities:
                graph.add((_iri(e.id), gt.type, Literal(e.type)))
                if e.starts is not None:
                    graph.add((_iri(e.id), gt.starts, Literal(e.starts)))
            for s in document.statements:
                parts = (_iri(s.subject), gt[s.predicate], _iri(s.object))
                node = URIRef(f"urn:statement:{s.subject}/{s.predicate}/{s.object}/{s.stance or ''}")
                graph.add(parts)
                for role, part in zip((gt.subject, gt.predicate, gt.object), parts, strict=True):
                    graph.add((node, role, part))
                if s.stance:
                    graph.add((node, gt.stance, Literal(s.stance)))
                if s.stance in WANTING:
                    graph.add((parts[0], gt.wants_dealt_with, parts[2]))
                for proof in s.evidence:
                    words = URIRef(f"urn:words:{proof.document}#{proof.start}")
                    graph.add((node, gt.words, words))
                    for role, value in (
                        (gt.document, proof.document),
                        (gt.start, proof.start),
                        (gt.quote, proof.quote),
                    ):
                        graph.add((words, role, Literal(value)))
        graph.update(_MARK, initNs={"gt": NS})
        return graph

    def uncovered(self, partnership: str) -> Answer:
        graph = self._graphs[partnership]
        return sorted(
            [_id(issue), str(document), int(start), str(quote)]
            for (issue,) in graph.query(self._uncovered)
            for document, start, quote in graph.query(self._wanted, initBindings={"issue": issue})
        )

    def ownership(self, partnership: str, issue: str) -> Answer:
        given = {"issue": _iri(issue)}
        rows = {row for query in self._ownership for row in self._graphs[partnership].query(query, initBindings=given)}
        return sorted(
            [
                _id(subject),
                str(predicate).removeprefix(NS),
                _id(object_),
                str(stance or ""),
                str(document),
                int(start),
                str(quote),
            ]
            for subject, predicate, object_, stance, document, start, quote in rows
        )

    @staticmethod
    def rows(found: Answer) -> Answer:
        return found


def _iri(identity: str) -> Any:
    from rdflib import URIRef

    return URIRef("urn:id:" + identity)


def _id(iri: Any) -> str:
    return str(iri).removeprefix("urn:id:")


def _closure(ontology: Ontology) -> dict[str, list[str]]:
    """Each issue with itself and all that is broader."""
    return {f"issue/{name}": [f"issue/{above}" for above in found] for name, found in ontology.ancestors.items()}
