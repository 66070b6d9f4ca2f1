"""What language models answered, in a Neo4j store. What writes works inside a transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..model import Answer

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

#: The answers, as the fields of `Answer`; all, or those about one document.
READ = """
MATCH (a:Answer) WHERE $document IS NULL OR a.document = $document
RETURN a.document, a.prompt, a.model, a.sha256, a.text, a.whole ORDER BY a.document, a.prompt, a.model
"""
#: Answers belong to the whole store: a change of them raises its revision, which locks it.
_CHANGED = "MATCH (g:Goldenthread) SET g.revision = coalesce(g.revision, 0) + 1"
_KEEP = (
    f"{_CHANGED} MERGE (a:Answer {{document: $document, prompt: $prompt, model: $model}}) "
    "SET a = {document: $document, prompt: $prompt, model: $model, sha256: $sha256, text: $text, whole: $whole, "
    "name: 'an answer of ' + $model}"
)
#: Where there is nothing to remove nothing is locked, so that who reads holds nobody up.
_PRUNE = (
    "MATCH (a:Answer {document: $document}) WHERE NOT a.prompt IN $prompts WITH count(a) AS found WHERE found > 0 "
    f"{_CHANGED} WITH g MATCH (a:Answer {{document: $document}}) WHERE NOT a.prompt IN $prompts DELETE a "
    "RETURN count(*)"
)
#: A part of the query that puts a document in: removes the answers about another version of it.
OF_OTHER_VERSIONS = "MATCH (a:Answer {document: $document.key}) WHERE a.sha256 <> $document.sha256 DELETE a"


def keep(tx: ManagedTransaction, answer: Answer) -> None:
    """Keep an answer, in place of what the same model answered to the same prompt before."""
    tx.run(_KEEP, asdict(answer)).consume()


def prune(tx: ManagedTransaction, document: str, prompts: Collection[str]) -> int:
    """Remove the answers about a document to other prompts than these; return how many."""
    found = tx.run(_PRUNE, document=document, prompts=sorted(prompts)).single()
    return int(found[0]) if found else 0


def forget(tx: ManagedTransaction, document: str) -> bool:
    """Remove the answers about a document; return whether there were any."""
    return prune(tx, document, ()) > 0
