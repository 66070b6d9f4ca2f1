"""Proposes issues that the vocabulary lacks, from what people complain of, ask for or want to reduce.

Proposals are read from the texts that the store keeps, so they follow the documents: a document that is forgotten takes
its proposals along. A person decides; an accepted one becomes a line of a vocabulary file, and is found from the next
load on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from ..graph import Store
from ..loaders.formats.tokens import normal_phrase, sentences, squeezed, tokens
from ..loaders.mentions.context import Context
from ..loaders.mentions.finder import MASK, MentionFinder
from ..ontology import Ontology

_NOBODY = Context("not-stated/candidates", "", None, "", None, None, "document", "", "")
_WORD = re.compile(r"[\w’'-]+")
#: Words after which, or before which, an issue stands.
_BEFORE = re.compile(
    r"\b(?:concern(?:s|ed)?|worr(?:y|ies|ied)|uneasy|anxious|alarm(?:ed)?|fears?|complain(?:ts?|ed|ing)?|problems?"
    r"|issues?|incidents?|reports?|rise|increase|growth|lack|shortage|absence|victims?|perpetrators?|cases)"
    r"\s+(?:about|over|at|of|regarding|around|with|in|such as)\s+(?:the\s+|a\s+|an\s+)?$"
    r"|\b(?:tackl(?:e|es|ing)|reduc(?:e|es|ing)|prevent(?:s|ing)?|combat(?:s|ing|ting)?|address(?:es|ing)?"
    r"|stop(?:s|ping)?|deter(?:s|ring)?|raised|mentioned|highlighted|affected by|related to|such as|including|covers"
    r"|asked about|issues?:)"
    r"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^\s+(?:is|was|are|were|remains?|remained|continues? to be) (?:also |still )?(?:a |an |the )?(?:\w+ )?"
    r"(?:concern|worry|problem|issue|nuisance|priority)\b"
)
_JOINED = re.compile(
    r"\s*(?:,\s*(?:and\s+|or\s+)?|;\s*(?:and\s+)?|\s+and\s+|\s+or\s+|\s*/\s*|\s*&\s*)(?:the\s+|also\s+)?"
)
_ITEM = re.compile(r"^\s*(?:[•·▪●\-–*]|\d+[.)])\s*")
_COUNTED = re.compile(r"^\s*(?:\|\s*[\d,]+\s*(?:\||$)|\(\s*\d+|[-–:]?\s*\d+\s*(?:%|per cent))")
#: Words that stand in no issue's name; a phrase ends at them.
_STOPS = frozenset(
    "the a an of for and or in on to with by at from as into onto upon is are was were be been being am not no nor "
    "very more most less least many few much also still than then so such both each every any all some other this "
    "that these those it its they them their we us our you your he she his her who whom whose which what how why when "
    "where whether there here if while whilst because since until unless although though but however therefore have "
    "has had having do does did done doing will would shall should can could may might must need needs needed ought "
    "make makes made making take takes taken get gets got give gives given go goes gone going come comes came about "
    "over under above below between among across around near through during before after against within without per "
    "via out up down off again further once one two three four five six seven eight nine ten first second third said "
    "says say told tell asked ask felt feel raised noted reported highlighted welcomed requested agreed heard "
    "discussed mentioned explained included including includes include remain remains remained continue continues "
    "continued increase increased increasing decrease decreased reduce reduced reducing tackle tackling prevent "
    "preventing address addressing improve improving ensure ensuring provide providing provided support supporting "
    "supported work working concern concerns concerned worry worries worried problem problems issue issues incident "
    "incidents matter matters point points question questions member members officer officers resident residents "
    "people person police council partnership partners plan strategy action actions priority priorities group board "
    "committee meeting year years month months week weeks time number numbers level levels rate rates amount data "
    "report reports figures information update progress response service services area areas town borough district "
    "city county ward wards street local new particularly especially mainly following well part way lot range use "
    "used using set put see seen look looking".split()
)


@dataclass(slots=True)
class Candidate:
    """A phrase that may be an issue."""

    label: str
    score: float = 0.0
    documents: set[str] = field(default_factory=set)
    quotes: list[tuple[str, str]] = field(default_factory=list)  #: (path of the document, sentence)
    broader: str | None = None  #: the label of an issue of which it may be a kind


def find_candidates(texts: Mapping[str, str], ontology: Ontology, rejected: Iterable[str] = ()) -> list[Candidate]:
    """The proposals for a vocabulary, the likeliest first.

    A phrase counts for more the more documents use it, and the plainer the words beside it say that it is a worry.

    Args:
        texts: the canonical texts by path.
        ontology: the vocabulary; what it knows is no proposal.
        rejected: labels that a person has turned down.

    """
    finder = MentionFinder(ontology)
    heads = Counter(tokens(label)[-1].norm for c in ontology.concepts.values() for label in c.labels if tokens(label))
    refused = {normal_phrase(label) for label in rejected}
    found: dict[str, Candidate] = {}
    for path in sorted(texts):
        for sentence in _sentences(texts[path]):
            for phrase, weight, broader in _phrases(sentence, finder, heads):
                key = normal_phrase(phrase)
                if key in refused:
                    continue
                candidate = found.setdefault(key, Candidate(phrase if phrase.isupper() else phrase.lower()))
                candidate.score += weight
                candidate.broader = candidate.broader or broader
                candidate.documents.add(path)
                if len(candidate.quotes) < 3 and (path, sentence) not in candidate.quotes:
                    candidate.quotes.append((path, sentence))
    for candidate in found.values():
        candidate.score = round(candidate.score * (1 + 0.5 * (len(candidate.documents) - 1)), 1)
        candidate.broader = candidate.broader or _broader(candidate.label, ontology)
    return sorted(found.values(), key=lambda c: (-c.score - (0.5 if c.broader else 0), c.label))


#: What a decision against a candidate is about.
_REJECTED = "candidate/"


def rejection(label: str) -> str:
    """What a decision that turns a candidate down is about."""
    return _REJECTED + normal_phrase(label)


def rejected_labels(store: Store) -> list[str]:
    """The candidates that people have turned down."""
    return sorted(
        d.target.removeprefix(_REJECTED)
        for _, d in store.decisions()
        if d.action == "reject" and d.target.startswith(_REJECTED)
    )


def _sentences(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        plain = re.sub(r"<[^>]*>", " ", line)
        for start, end in sentences(plain):
            yield squeezed(plain[start:end])


def _phrases(sentence: str, finder: MentionFinder, heads: Mapping[str, int]) -> Iterator[tuple[str, float, str | None]]:
    """Yield what a sentence may call an issue, as (phrase, weight, broader issue).

    A phrase is a run of words that nothing known covers; the words beside it give its weight. The broader issue is the
    one of which it is a kind, if its own words say so.
    """
    mentions = finder.find(sentence, _NOBODY)
    kinds = {m.start: m for m in mentions if m.type == "Issue"}
    issues = [(m.start, m.end) for m in kinds.values()]
    named = [(m.start, m.end) for m in mentions if m.type not in ("Issue", MASK)]
    general = {(m.start, m.end) for m in mentions if m.type == MASK}
    for start, end in _runs(sentence, [*issues, *named]):
        kind = kinds.get(end + 1)  # 'garden ornament' before 'theft'
        end = kind.end if kind is not None and sentence[end] == " " else end
        phrase = sentence[start:end]
        words = [t.norm for t in tokens(phrase)]
        if (
            not words
            or (start, end) in general
            or len(words) > 4
            or any(len(w) < 3 for w in words[-1:])
            or (phrase[:1].isupper() and start and phrase.istitle())
        ):
            continue
        weight = 0.0
        if _BEFORE.search(sentence[:start]):
            weight += 3.0
        if _AFTER.match(sentence[end:]):
            weight += 3.0
        if any(_JOINED.fullmatch(sentence[e:start]) for _, e in issues) or any(
            _JOINED.fullmatch(sentence[end:s]) for s, _ in issues
        ):
            weight += 2.0
        if _ITEM.fullmatch(sentence[:start]) and end >= len(sentence.rstrip(" .;,")):
            weight += 1.0
        if _COUNTED.match(sentence[end:]):
            weight += 2.0
        if weight and words[-1] in heads:
            weight += 1.0 + min(heads[words[-1]], 10) / 5
        if weight >= 2.0:
            yield phrase, weight, kind.label if kind is not None else None


def _runs(sentence: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The runs of words between stop words, punctuation and what is known."""
    start = end = -1
    for word in _WORD.finditer(sentence):
        stops = (
            word.group().lower() in _STOPS
            or any(s < word.end() and e > word.start() for s, e in taken)
            or not word.group()[0].isalpha()
        )
        apart = end >= 0 and sentence[end : word.start()].strip(" -") != ""
        if start >= 0 and (stops or apart):
            yield start, end
            start = end = -1
        if not stops:
            start, end = (word.start() if start < 0 else start), word.end()
    if start >= 0:
        yield start, end


def _broader(label: str, ontology: Ontology) -> str | None:
    """An issue of which a phrase may be a kind: one that shares its last word, or most of its letters."""
    words = {t.norm for t in tokens(label)}
    head = tokens(label)[-1].norm if words else ""
    best: tuple[float, str] | None = None
    for concept in ontology.concepts.values():
        for wording in concept.labels:
            own = [t.norm for t in tokens(wording)]
            shared = words & set(own)
            if not own or not shared:
                continue
            score = (
                len(shared) / len(words | set(own))
                + (0.5 if own[-1] == head else 0.0)
                + fuzz.ratio(wording.lower(), label) / 400
            )
            if best is None or (-score, len(wording), concept.label) < (-best[0], 0, best[1]):
                best = (score, concept.label)
    return best[1] if best and best[0] >= 0.75 else None
