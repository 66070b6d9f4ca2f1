"""Copies a graph from one store to another, whatever their engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...ontology import Ontology
from ..attempts import attempts
from ..model import Answer, Decision
from ..store import Store


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did."""

    documents: int  #: that the target lacked, or held in another version
    unchanged: int  #: documents that the target had already
    decisions: int  #: that the target lacked
    others: int  #: documents of the target that the source does not hold; they stay
    answers: int = 0  #: of language models, that the target lacked

    @property
    def finding(self) -> str:
        """The result in a sentence."""
        text = f"{self.documents} document{'' if self.documents == 1 else 's'} copied, {self.unchanged} unchanged"
        if self.decisions:
            text += f"; {self.decisions} decision{'' if self.decisions == 1 else 's'} copied"
        if self.answers:
            text += f"; {self.answers} answer{'' if self.answers == 1 else 's'} of language models copied"
        if self.others:
            text += f"; {self.others} that only the target holds {'is' if self.others == 1 else 'are'} left as before"
        return text + "."


def copy(
    source: Store, target: Store, ontology: Ontology, progress: Callable[[int, int], None] | None = None
) -> Copied:
    """Copy all documents with what they say, people's decisions, and answers of models, from `source` to `target`.

    Each document is a transaction: a copy that was interrupted goes on when it is done again, and doubles nothing. What
    is copied is one state of the source: where it changes meanwhile, what has changed is copied again.

    Args:
        source: is not changed.
        target: what it holds besides stays.
        ontology: the vocabulary for the target.
        progress: called with how many documents are done, of how many.

    Raises:
        StoreError: a store cannot be used, or the source was changed again and again.

    """
    target.use_vocabulary(ontology)
    held = _versions(target)
    tried: set[str] = set()
    for attempt in attempts(source):
        with attempt:
            wanted, there = _versions(source), _versions(target)
            missing = [key for key, version in wanted.items() if there.get(key) != version]
            tried.update(missing)
            for done, _ in enumerate(target.replace_all(source.graph_of(key) for key in missing)):
                if progress:
                    progress(done + 1, len(missing))
            decisions = [decision for _, decision in source.decisions()]
            answers = source.answers()
    for key in sorted(tried - wanted.keys() - held.keys()):  # copied, but then forgotten in the source
        target.forget(key)
    new = sum(held.get(key) != version for key, version in wanted.items())
    others = len(held.keys() - wanted.keys())
    return Copied(new, len(wanted) - new, record_new(target, decisions), others, keep_new(target, answers))


def _versions(store: Store) -> dict[str, tuple[str, str]]:
    return {d.id: (d.sha256, d.reader) for d in store.documents()}


def record_new(store: Store, decisions: Iterable[Decision]) -> int:
    """Record the decisions that a store lacks, in their order; return how many."""
    known = {decision for _, decision in store.decisions()}
    new = [decision for decision in decisions if decision not in known]
    for decision in new:
        store.record(decision)
    return len(new)


def keep_new(store: Store, answers: Iterable[Answer]) -> int:
    """Keep the answers that a store lacks; return how many."""
    known = set(store.answers())
    new = [answer for answer in answers if answer not in known]
    for answer in new:
        store.keep_answer(answer)
    return len(new)
