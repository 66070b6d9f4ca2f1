"""Full text over the quotes that prove statements, and over names."""

from __future__ import annotations

from dataclasses import dataclass

from ..graph import Evidence, Store
from ..graph.terms import terms_of
from ..ontology import Ontology
from .facts import Fact, Thing, facts_of
from .named import named
from .names import labelled

#: The most quotes that a search gives, unless asked otherwise.
MOST = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A quote that holds the words, and what it proves."""

    fact: Fact  #: with this one piece of evidence
    words: str  #: the statement in words

    @property
    def evidence(self) -> Evidence:
        """The quote, its document and its offsets."""
        return self.fact.evidence[0]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    text: str
    finding: str
    things: tuple[Thing, ...]  #: what is called so
    hits: tuple[Hit, ...]  #: the best first
    more: bool  #: there are further quotes


def search(store: Store, ontology: Ontology, text: str, partnership: str | None = None, most: int = MOST) -> Found:
    """Find `text` in quotes and names.

    All its words must be in a quote, in any order and with any ending; signs in it have no meaning. The shortest
    quotes, which say least besides, come first.

    Args:
        store: where to look.
        ontology: what the numbers in the store mean.
        text: what a person typed.
        partnership: id of the one whose documents count; all when left out.
        most: how many quotes to give.

    """
    words = " AND ".join(f'"{word}"' for word in terms_of(text).split())
    if not words:
        return Found(text, "There is no word to search for. Give at least one.", (), (), False)
    rows = store.rows(
        named("search_quotes", store.language),
        {"words": words, "partnership": partnership, "most": most + 1},
    )
    hits = tuple(Hit(fact, fact.sentence(ontology)) for row in rows[:most] for fact in facts_of([row], ontology))
    things = tuple(labelled(store, ontology, text, partnership))
    return Found(text, _finding(text, len(hits), len(things), len(rows) > most), things, hits, len(rows) > most)


def _finding(text: str, hits: int, things: int, more: bool) -> str:
    if not hits and not things:
        return f'Nothing in these documents\' statements holds "{text}".'
    quotes = f"{'more than ' if more else ''}{hits} {'quote' if hits == 1 else 'quotes'}"
    names = f"{things} {'name' if things == 1 else 'names'}"
    return f'"{text}" is in {quotes} and {names}.'
