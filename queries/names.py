"""Finding what a person means by a name.

A name is taken only when it cannot mean something else; what is merely like it is suggested, never taken.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..graph import Store
from ..ontology import Concept, Ontology
from ..ontology.words import WORD, normal
from .facts import Thing, UnknownThingError, thing_of, type_names
from .named import named

#: How alike (0 to 100) a label must be to a name that matches nothing, to be suggested.
LIKENESS = 75
#: The most suggestions given.
SUGGESTIONS = 5

#: Words that name nothing by themselves.
_SMALL = frozenset(
    ["a", "all", "an", "and", "any", "as", "at", "by", "for", "from", "in", "its", "of", "on", "or", "our", "that",
     "the", "their", "this", "to", "with"]
)  # fmt: skip
_ARTICLE = re.compile(r"^(?:the|a|an|our|this|that|any|all)\s+", re.IGNORECASE)
_SPELT = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_DIGITS = {word: str(number) for words in (_SPELT, _ROMAN) for number, word in enumerate(words, 1)}
#: Classes of what a plan commits to; people use the nouns of one for the other.
_COMMITMENTS = frozenset({"Priority", "Action"})


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name may mean.

    Several things are found where several bear the very name, as in two partnerships;
    each says whose it is. Suggestions are labels that are like the name.
    """

    text: str
    found: tuple[Thing, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wording:
    """A wording of the documents, and what bears it."""

    thing: Thing
    words: frozenset[str]
    phrase: str
    rank: int  #: 2 the label shown, 1 a document's label, 0 words by which a document mentions it


def resolve(
    store: Store, ontology: Ontology, text: str, types: Collection[str] | None = None, partnership: str | None = None
) -> Resolution:
    """Find what `text` names.

    Args:
        store: where to look.
        ontology: its vocabulary is looked up as well.
        text: a name as a person writes it; case, punctuation, articles and plural endings do not count.
        types: names of the classes that are looked for; all when left out.
        partnership: id of the one whose things are looked for, beside what the vocabulary shares.

    """
    wanted = frozenset(types if types is not None else ontology.classes)
    search = _Search(store, ontology, text, wanted, partnership)
    unclear: set[str] = set()
    for stage in (search.numbered, search.exact, search.alike):
        found, several = stage()
        unclear |= several
        if found:
            return Resolution(text, tuple(sorted(found, key=search.order)))
    return Resolution(text, (), tuple(sorted(unclear)) or search.suggestions())


def unknown(found: Resolution) -> str:
    """Say that nothing bears a name, and what is called like it."""
    like = "; ".join(found.suggestions[:4])
    return f"These documents do not speak of '{found.text}'." + (
        f" Did you mean: {like}?" if like else " Look it up with 'goldenthread search'."
    )


def one_named(store: Store, ontology: Ontology, text: str, partnership: str | None = None) -> Thing:
    """Return the one thing that `text` names.

    Raises:
        UnknownThingError: there is none, or several.

    """
    found = resolve(store, ontology, text, partnership=partnership)
    if not found.found:
        raise UnknownThingError(unknown(found))
    if len(found.found) > 1:
        raise UnknownThingError(
            f"'{text}' names several things: {', '.join(t.id for t in found.found)}. "
            "Say more of its name, or give --partnership."
        )
    return found.found[0]


def labelled(store: Store, ontology: Ontology, text: str, partnership: str | None = None) -> list[Thing]:
    """Return what the documents call by all the words of `text`, and perhaps more, sorted."""
    search = _Search(store, ontology, text, frozenset(ontology.classes), partnership)
    found = {w.thing for w in search.wordings() if w.rank and _content(text) <= w.words}
    return sorted(found | search.exact()[0], key=search.order)


def find_partnership(store: Store, text: str) -> str | None:
    """Return the id of the one partnership that `text` names by its own words or its area, or None."""
    asked = _content(text)
    if not asked:
        return None
    found = [key for key, label in store.partnerships() if asked <= _content(label) or asked == _content(key)]
    return found[0] if len(found) == 1 else None


def words_of(text: str) -> list[str]:
    """Return the words of `text` as compared: lower case, no apostrophes, plural endings cut, '&' as 'and'."""
    return [normal(m.group()) for m in WORD.finditer(text)]


def phrase_of(text: str) -> str:
    """Return all words of `text` as compared, with single spaces."""
    return " ".join(words_of(text))


@cache
def nouns() -> dict[str, frozenset[str]]:
    """Return the nouns by which people call things of each class, as `words_of` has them."""
    data = tomllib.loads((files(__package__ or "") / "questions.toml").read_text(encoding="utf-8"))
    return {class_: frozenset(phrase_of(word) for word in words) for class_, words in data["nouns"].items()}


def classes_called(noun: str) -> frozenset[str]:
    """Return the classes of what a noun such as 'pillars' stands for; empty when it is no such noun."""
    phrase = phrase_of(noun)
    return frozenset(class_ for class_, words in nouns().items() if phrase in words)


def _named_phrase(text: str) -> str:
    return phrase_of(_ARTICLE.sub("", text.strip()))


def _content(text: str) -> frozenset[str]:
    return frozenset(words_of(text)) - _SMALL


@cache
def _all_nouns() -> frozenset[str]:
    return frozenset(word for words in nouns().values() for word in words)


def _akin(word: str, words: Collection[str]) -> bool:
    """Whether `word` is among `words`, or is one of them with another ending ('renew', 'renewal')."""
    return word in words or any(
        min(len(word), len(other)) >= 5 and (word.startswith(other) or other.startswith(word)) for other in words
    )


def _within(few: Collection[str], many: Collection[str]) -> bool:
    return all(_akin(word, many) for word in few)


class _Search:
    """One name, looked up in one store."""

    def __init__(
        self, store: Store, ontology: Ontology, text: str, types: frozenset[str], partnership: str | None
    ) -> None:
        self.store, self.ontology, self.text = store, ontology, text
        self.types, self.partnership = types, partnership
        self.type_names = type_names(ontology)
        self.phrase = _named_phrase(text)
        self.beginnings = _beginnings(text)
        self._known: list[_Wording] | None = None

    def order(self, thing: Thing) -> tuple[str, int, str, str]:
        return (thing.partnership or "", self.ontology.classes[thing.type].number, thing.label, thing.id)

    # Each stage returns what it found, and the labels of those among which it could not choose.

    def numbered(self) -> tuple[set[Thing], set[str]]:
        """Look for 'Priority 2', 'pillar six'."""
        match = re.fullmatch(r"(?:strategic |headline |key )?(\w+) (?:no |number )?(\d[\d ]*|[a-z]+)", self.phrase)
        if not match:
            return set(), set()
        raw = match[2].replace(" ", ".")
        number = raw if raw[0].isdigit() else _DIGITS.get(raw)
        classes = classes_called(match[1]) & self.types
        if not number or not classes:
            return set(), set()
        rows = self.store.rows(
            named("names_by_number", self.store.language),
            {
                "types": sorted(self.ontology.classes[c].number for c in classes),
                "number": number,
                "partnership": self.partnership,
            },
        )
        return {thing_of(row, self.type_names) for row in rows}, set()

    def exact(self) -> tuple[set[Thing], set[str]]:
        """Look for a label, a wording of a document or a wording of the vocabulary, as it stands."""
        same = [w for w in self.wordings() if w.phrase == self.phrase]
        own = {w.thing for w in same if w.rank == 2} | set(self._concepts())
        # What is called so by its own name is meant, rather than what a document once called so.
        named_so = {(t.type, t.partnership) for t in own}
        others = {w.thing for w in same} | set(self._bodies())
        return own | {t for t in others if (t.type, t.partnership) not in named_so}, set()

    def alike(self) -> tuple[set[Thing], set[str]]:
        """Look for what is called by the same words or by more, and is the only one."""
        asked = frozenset(self.phrase.split()) - _SMALL
        plain = asked - _all_nouns() or asked
        called = frozenset(class_ for noun in asked - plain for class_ in classes_called(noun))
        called |= _COMMITMENTS if called & _COMMITMENTS else frozenset()
        best: dict[tuple[str, str | None], dict[int, set[Thing]]] = defaultdict(lambda: defaultdict(set))
        for wording in self.wordings():
            # A thing of another class than the name's noun says is meant only when the noun is in its own name.
            # Mentions may be whole clauses, so they count only as they stand.
            fits = wording.rank and (not called or wording.thing.type in called or _within(asked, wording.words))
            rank = _rank(asked, plain, wording) if fits else None
            if rank is not None:
                best[wording.thing.type, wording.thing.partnership][rank].add(wording.thing)
        top = min((rank for ranks in best.values() for rank in ranks), default=None)
        groups = [ranks[top] for ranks in best.values() if top in ranks] if top is not None else []
        found = {t for group in groups if len(group) == 1 for t in group}
        return found, {t.label for group in groups if len(group) > 1 for t in group}

    def suggestions(self) -> tuple[str, ...]:
        """Labels that are like the name, the likest first."""
        from rapidfuzz import fuzz, process

        rows = self.store.rows(named("names_all", self.store.language), {"partnership": self.partnership})
        labels = {str(label): phrase_of(str(label)) for (label,) in rows}
        if "Issue" in self.types:
            concepts = self.ontology.concepts.values()
            labels |= {label: phrase_of(label) for c in concepts for label in (c.label, *c.alt_labels)}
        scores: dict[str, float] = {}
        for like in (fuzz.ratio, fuzz.token_sort_ratio):
            for _, score, label in process.extract(self.phrase, labels, scorer=like, score_cutoff=LIKENESS, limit=None):
                scores[label] = max(score, scores.get(label, 0.0))
        return tuple(sorted(scores, key=lambda label: (-scores[label], label))[:SUGGESTIONS])

    def _concepts(self) -> Iterator[Thing]:
        for class_, items in (("Issue", self.ontology.concepts), ("Duty", self.ontology.duties)):
            if class_ in self.types:
                for item in items.values():
                    hidden = item.hidden_labels if isinstance(item, Concept) else ()
                    if self._is_among((item.label, *item.alt_labels, *hidden)):
                        yield Thing(f"{class_.lower()}/{item.id}", class_, item.label)

    def _bodies(self) -> Iterator[Thing]:
        """Bodies of the kind that is called so ('the police'), whatever their own names."""
        kinds = [
            kind.id
            for kind in self.ontology.kinds.values()
            if kind.type in self.types and self._is_among((kind.label, *kind.labels, *kind.capital_labels))
        ]
        if kinds:
            query = named("names_of_kind", self.store.language)
            for row in self.store.rows(query, {"kinds": kinds, "partnership": self.partnership}):
                yield thing_of(row, self.type_names)

    def _is_among(self, labels: Iterable[str]) -> bool:
        # Normalising is slow, so it is done only for labels that hold the beginning of a word of the name.
        return any(
            phrase_of(label) == self.phrase for label in labels if any(b in label.lower() for b in self.beginnings)
        )

    def wordings(self) -> list[_Wording]:
        """Return the wordings of the documents that hold the beginning of a word of the name."""
        if self._known is None:
            rows = self.store.rows(
                named("names_like", self.store.language),
                {"words": sorted(self.beginnings), "partnership": self.partnership},
            )
            self._known = [
                _Wording(thing_of(row[:4], self.type_names), _content(row[5]), _named_phrase(row[5]), row[6])
                for row in rows
                if self.type_names[row[1]] in self.types
            ]
        return self._known


def _rank(asked: frozenset[str], plain: frozenset[str], wording: _Wording) -> int | None:
    """How well a wording fits the words asked for: 0 the same words, then fewer or more; None for not at all.

    Args:
        asked: the words of the name.
        plain: the same without nouns such as 'group' and 'action', if that leaves any.
        wording: what may be meant.

    """
    theirs = wording.words
    if not theirs or not plain:
        return None
    if len(asked) == len(theirs) and _within(asked, theirs):
        return 0
    if len(plain) == len(theirs - _all_nouns()) and _within(plain, theirs):
        return 1
    # A problem called by one word of its name may be a wider one.
    if _within(plain, theirs) and (len(plain) > 1 or wording.thing.type != "Issue"):
        return 2 if _within(asked, theirs) else 3
    return None


def _beginnings(text: str) -> set[str]:
    """Beginnings of the words of `text`, short enough to stand before any ending; '' (all) where case is not plain."""
    raw = [m.group() for m in WORD.finditer(text.lower())]
    found = {re.split("[’']", word)[0][: max(3, min(5, len(word) - 2))] for word in raw if normal(word) not in _SMALL}
    return found if text.isascii() and found else {""}
