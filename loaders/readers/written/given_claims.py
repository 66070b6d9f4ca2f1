"""Which of the claims that were given are of which document that is loaded."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from ...claims import WrittenClaim
from ...outcomes import Outcome, Reason, quoted


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document that is going to be read, by the names that claims may give it."""

    place: str  #: relative to the folder of the store
    below: str  #: its path below the folder that was named


@dataclass(frozen=True, slots=True)
class GivenClaims:
    """Claims by the place of their document, and those whose document is not known."""

    by_place: Mapping[str, tuple[WrittenClaim, ...]] = field(default_factory=dict)
    rejected: tuple[Outcome, ...] = ()

    def of(self, place: str) -> tuple[WrittenClaim, ...]:
        """The claims of the document at a place."""
        return self.by_place.get(place, ())


def assign(claims: Iterable[WrittenClaim], documents: Sequence[Loaded]) -> GivenClaims:
    """Find the document of each claim.

    It is known by its path below the loaded folder, by its place, or by the end of its path if there is but one such.
    """
    below, places, ends = defaultdict(set), {}, defaultdict(set)
    for document in documents:
        below[_spelled(document.below)].add(document.place)
        places[_spelled(document.place)] = document.place
        for end in _ends(_spelled(document.place)):
            ends[end].add(document.place)
    found: dict[str, list[WrittenClaim]] = defaultdict(list)
    rejected = []
    known = sorted(below)
    near: dict[str, str] = {}
    for claim in claims:
        name = _spelled(claim.document)
        fits = below.get(name) or ({places[name]} if name in places else ends.get(name, set()))
        if len(fits) == 1:
            found[next(iter(fits))].append(claim)
            continue
        if name not in near:
            near[name] = _nearest(name, known)
        rejected.append(_without_document(claim, sorted(fits), near[name]))
    return GivenClaims({place: tuple(each) for place, each in found.items()}, tuple(rejected))


def fingerprint(claims: Iterable[WrittenClaim]) -> str:
    """What tells the claims of a document from others of the same number; '' for none."""
    parts = [f"{claim.reader}\n{claim.trusted}\n{claim.written}" for claim in claims]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest() if parts else ""


def _spelled(name: str) -> str:
    """A path as paths are compared: with forward slashes and composed letters, whatever system wrote it."""
    return unicodedata.normalize("NFC", name.replace("\\", "/")).removeprefix("./")


def _ends(place: str) -> Iterable[str]:
    """The ends of a path: 'minutes/june.txt' and 'june.txt' of 'pack.zip!minutes/june.txt'."""
    return (place[at + 1 :] for at, sign in enumerate(place) if sign in "/!")


def _nearest(name: str, known: Sequence[str]) -> str:
    """The document whose path is most like a name; '' where none is."""
    found = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=60)
    return found[0] if found else ""


def _without_document(claim: WrittenClaim, fits: Sequence[str], nearest: str) -> Outcome:
    if not claim.document:
        return Outcome(claim, claim.reader, "rejected", Reason.NO_CLAIM, about=claim.fault)
    if fits:
        return Outcome(claim, claim.reader, "rejected", Reason.SEVERAL_DOCUMENTS, about=", ".join(fits[:5]))
    return Outcome(claim, claim.reader, "rejected", Reason.NO_DOCUMENT, nearest, about=quoted(claim.document))
