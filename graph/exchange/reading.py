"""Reads a graph back from JSON lines: a file is taken whole, or refused for what the ontology does not allow."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from ...ontology import Ontology, load_ontology
from ..model import Answer, Decision, Document, DocumentGraph, Entity, Evidence, Mention, Statement
from .lines import SHARED, STATUSES, Line, identity_of, lines_of


@dataclass(frozen=True, slots=True)
class ReadGraph:
    """What a file holds."""

    graphs: list[DocumentGraph]  #: what each document says, sorted by document
    decisions: list[Decision]  #: of people, oldest first
    answers: list[Answer]  #: of language models, sorted


def read_all(file: BinaryIO, ontology: Ontology | None = None) -> ReadGraph:
    """Read what `write_jsonl` wrote.

    Put into an empty store that has the same vocabulary, it gives the same file again when exported.

    Args:
        file: open for bytes.
        ontology: what may exist; goldenthread's own when None.

    Raises:
        ExchangeError: a line is broken, refers to what no line defines, or states what the ontology does not allow.

    """
    known, lines = ontology or load_ontology(), list(lines_of(file))
    graphs = graphs_of(lines, known)
    answers = _answers(lines, {graph.document.id: graph.document for graph in graphs})
    return ReadGraph(graphs, [line.decision(known) for line in lines if line.kind == "decision"], answers)


def read_jsonl(file: BinaryIO, ontology: Ontology | None = None) -> list[DocumentGraph]:
    """Read the graph alone, see `read_all`."""
    return read_all(file, ontology).graphs


def read_decisions(file: BinaryIO, ontology: Ontology | None = None) -> list[Decision]:
    """Read the decisions alone, see `read_all`."""
    return [line.decision(ontology or load_ontology()) for line in lines_of(file) if line.kind == "decision"]


def _answers(lines: Iterable[Line], documents: Mapping[str, Document]) -> list[Answer]:
    found: dict[tuple[str, ...], Answer] = {}
    for line in lines:
        if line.kind == "answer":
            name = line.text("document")
            line.require(name in documents, f"no line defines the document '{name}'")
            answer = line.answer(documents[name])
            key = (answer.document, answer.prompt, answer.model)
            line.require(key not in found, "the answer of this model to this prompt stands in the file twice")
            found[key] = answer
    return sorted(found.values())


def graphs_of(lines: Sequence[Line], known: Ontology) -> list[DocumentGraph]:
    """Return what each document says, sorted by document, from the lines of a file in any order.

    Raises:
        ExchangeError: they do not fit together, or state what the ontology does not allow.

    """
    reading = _Reading(known)
    for kind, take in (("document", reading.document), ("entity", reading.entity), ("statement", reading.statement)):
        for line in lines:
            if line.kind == kind:
                take(line)
    reading.place_the_unspoken(line for line in lines if line.kind == "entity")
    return [reading.said[name].graph(reading.documents[name], reading.entities) for name in sorted(reading.documents)]


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


class _Reading:
    """What the lines said so far; documents come first, then entities, then statements."""

    def __init__(self, known: Ontology) -> None:
        self._known = known
        self.documents: dict[str, Document] = {}
        self.entities: dict[str, Entity] = {}
        self.said: dict[str, _Said] = {}
        self._owners: dict[str, str | None] = {}  # the partnership of each entity; None for what the vocabulary shares
        self._partnerships: set[str] = set()
        self._stated: set[tuple[str | None, ...]] = set()

    def document(self, line: Line) -> None:
        document = line.document()
        line.require(document.id not in self.documents, f"the document '{document.id}' stands in the file twice")
        self.documents[document.id], self.said[document.id] = document, _Said()
        self._partnerships.add(document.partnership)

    def entity(self, line: Line) -> None:
        entity = line.entity(self._known)
        line.require(entity.id not in self.entities, f"the entity '{entity.id}' stands in the file twice")
        self._owners[entity.id] = owner = self._owner(line, entity)
        self.entities[entity.id] = entity
        mentions: set[tuple[str, Mention]] = set()
        for item in line.items("mentions"):
            document = self._document_of(item)
            line.require(
                owner in (None, document.partnership),
                f"'{document.id}' is of the partnership '{document.partnership}', and cannot name what belongs to "
                f"'{owner}'",
            )
            mention = item.mention(document)
            line.require(
                (document.id, mention) not in mentions,
                f"the mention at {mention.start} in '{document.id}' stands there twice",
            )
            mentions.add((document.id, mention))
            self.said[document.id].mentions[entity.id].append(mention)

    def _owner(self, line: Line, entity: Entity) -> str | None:
        """Return the partnership to which an entity belongs, as its id says."""
        identity = identity_of(entity.id)
        like = f"{entity.type.lower()}/KEY" if entity.type in SHARED else f"PARTNERSHIP/{entity.type.lower()}"
        like += "" if entity.type in (*SHARED, "Partnership") else "/KEY"
        fits = identity is not None and identity.type == entity.type.lower()
        line.require(fits, f"the id '{entity.id}' does not fit the type {entity.type}: it must be like {like}")
        owner = identity.partnership if identity else None
        line.require(
            owner is None or owner in self._partnerships,
            f"no document in the file is of the partnership '{owner}', to which '{entity.id}' belongs",
        )
        said = line.maybe("partnership")
        line.require(
            said in (None, owner), f"'partnership' is '{said}', but the id '{entity.id}' says '{owner or 'none'}'"
        )
        return owner

    def _document_of(self, item: Line) -> Document:
        name = item.text("document")
        item.require(name in self.documents, f"no line defines the document '{name}'")
        return self.documents[name]

    def statement(self, line: Line) -> None:
        subject, predicate, object_ = line.text("subject"), line.text("predicate"), line.text("object")
        stance, partnership, status = line.maybe("stance"), line.text("partnership"), line.text("status")
        self._check_relation(line, subject, predicate, object_, stance)
        line.require(status in STATUSES, f"there is no status '{status}': it may be {', '.join(STATUSES)}")
        line.require(
            partnership in self._partnerships, f"no document in the file is of the partnership '{partnership}'"
        )
        key = (subject, predicate, object_, stance, partnership)
        line.require(key not in self._stated, "the same statement stands in the file twice")
        self._stated.add(key)
        by_document: dict[str, list[Evidence]] = defaultdict(list)
        for item in line.items("evidence"):
            document = self._document_of(item)
            item.require(
                document.partnership == partnership,
                f"its evidence '{document.id}' is of the partnership '{document.partnership}', and the statement of "
                f"'{partnership}'",
            )
            by_document[document.id].append(item.evidence(document, status))
        line.require(bool(by_document), "the statement has no evidence")
        for end in (subject, object_):
            owner = self._owners[end]
            line.require(
                owner in (None, partnership),
                f"'{end}' belongs to the partnership '{owner}', and the statement to '{partnership}'",
            )
        for document_id, evidence in sorted(by_document.items()):
            places = {(e.start, e.end, e.cue, e.reader) for e in evidence}
            line.require(len(places) == len(evidence), f"the same evidence of '{document_id}' stands there twice")
            self.said[document_id].statements.append(
                Statement(subject, predicate, object_, tuple(sorted(evidence)), stance, partnership)
            )
            for end in (subject, object_):
                self.said[document_id].mentions.setdefault(end, [])

    def _check_relation(self, line: Line, subject: str, predicate: str, object_: str, stance: str | None) -> None:
        relation = self._known.relations.get(predicate)
        if relation is None:
            line.require(False, f"there is no relation '{predicate}'")
            return
        line.require(
            not relation.from_vocabulary, f"'{predicate}' is a relation of the vocabulary, which no document states"
        )
        for end in (subject, object_):
            line.require(end in self.entities, f"no line defines the entity '{end}'")
        first, last = self.entities[subject].type, self.entities[object_].type
        fits, swapped = (
            _fits(first, relation.domain, last, relation.range),
            _fits(last, relation.domain, first, relation.range),
        )
        line.require(
            fits,
            f"'{predicate}' cannot join the {first} '{subject}' to the {last} '{object_}': "
            f"its subject may be {_listed(relation.domain)}, "
            f"its object {_listed(relation.range)}{'; swap them' if swapped else ''}",
        )
        line.require(stance is None or stance in self._known.stances, f"there is no stance '{stance}'")
        line.require(stance is None or relation.takes_stance, f"'{predicate}' takes no stance: leave 'stance' out")

    def place_the_unspoken(self, lines: Iterable[Line]) -> None:
        """Give an entity that nothing is said of to the first document of its partnership, which must have named it."""
        placed = {entity for one in self.said.values() for entity in one.mentions}
        for line in lines:
            name = line.text("id")
            if name not in placed:
                home = self._owners[name]
                candidates = sorted(d.id for d in self.documents.values() if home in (None, d.partnership))
                line.require(bool(candidates), "no document in the file could have named it")
                self.said[candidates[0]].mentions.setdefault(name, [])


def _fits(first: str, domain: frozenset[str], last: str, range_: frozenset[str]) -> bool:
    return first in domain and last in range_


def _listed(names: Iterable[str]) -> str:
    return " or ".join(sorted(names))
