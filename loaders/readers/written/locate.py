"""From a claim as written to claims about the document, or to the reason why it is rejected.

What a claim must hold, in this order: its quote stands in the document; its types, relation and stance exist; the
ontology allows the relation; the ends differ; the name of each end stands in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ....ontology import GoldenthreadError
from ...claims import AttributeClaim, Claim, EntityClaim, RelationClaim, SameClaim, Span, WrittenClaim, WrittenName
from ...formats.tokens import Place, folded, squeezed
from ...mentions.context import years_of
from ...naming import Namer, own_partnership, without_article
from ...outcomes import Outcome, Reason, not_allowed, quoted
from ...page import Page
from .places import Places

#: More claims of one document are no reading of it.
MOST_CLAIMS = 5_000
#: For so many rejected claims of a document the nearest text is looked for.
_MOST_NEAREST = 100
#: Words which stand for something and name nothing.
_NO_NAMES = frozenset(
    "a all an and both each everybody everyone he her him his i it its me my nobody none of one or other others our "
    "she that the their them they these this those to us we what which who whom whose you your".split()
)  # fmt: skip
_PERIOD = re.compile(r"\d{4}-\d{4}")
_LETTERS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


class _Rejected(GoldenthreadError):  # noqa: N818 - never seen outside: it becomes an outcome
    """The document or the ontology does not bear a claim out."""

    def __init__(self, reason: Reason, about: str = "", missing: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.about = about
        self.missing = missing  #: the words whose nearest ones in the document help


def locate(page: Page, written: Iterable[WrittenClaim]) -> Iterator[tuple[tuple[Claim, ...], Outcome]]:
    """Find the words of claims in a document.

    Yields:
        For each claim as written, the claims that it makes, and what became of it: none are made where it is rejected.

    """
    locator = _Locator(page)
    for number, claim in enumerate(written):
        try:
            if number >= MOST_CLAIMS:
                raise _Rejected(Reason.TOO_MANY, f"more than {MOST_CLAIMS:,}")
            yield tuple(locator.claims(claim)), Outcome(claim, claim.reader, "taken")
        except _Rejected as why:
            nearest = locator.nearest(why.missing) if why.missing else ""
            yield (), Outcome(claim, claim.reader, "rejected", why.reason, nearest, about=why.about)


class _Locator:
    """Finds the words of claims in one document."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._ontology = page.ontology
        self._places = Places(page.read)
        self._namer = Namer(page, self._places.shown)
        self._looked = 0
        stated = [r for r in self._ontology.relations.values() if not r.from_vocabulary]
        self._relations = {r.name: r for r in stated}
        self._types = frozenset(t for r in stated for t in r.domain | r.range)

    def nearest(self, words: str) -> str:
        """The words of the document that are most like these; '' where none are, or when too many were looked for."""
        self._looked += 1
        return self._places.nearest_text(words) if self._looked <= _MOST_NEAREST else ""

    def _departure(self, quote: str) -> str:
        """Where a quote departs from the document; '' when the nearest words of too many were looked for."""
        return self._places.departure(quote) if self._looked < _MOST_NEAREST else ""

    def claims(self, written: WrittenClaim) -> Iterator[Claim]:
        """The claims that a claim as written makes.

        Raises:
            _Rejected: it is not borne out.

        """
        if written.fault:
            raise _Rejected(Reason.NO_CLAIM, written.fault)
        quote = self._quote(written)
        if written.kind == "relation":
            yield from self._relation(written, quote)
        elif written.same is not None:
            yield from self._same(written, written.same, quote)
        elif written.entity is not None:
            yield from self._entity(written, written.entity, quote)

    # ---------------------------------------------------------------------------------------- kinds of claims

    def _relation(self, written: WrittenClaim, quote: Place) -> Iterator[Claim]:
        subject, object_ = written.subject, written.object
        assert subject is not None
        assert object_ is not None
        self._check_relation(written, subject, object_)
        _check_differ(subject, object_)
        (left, far), (right, farther) = self._end(subject, quote), self._end(object_, quote)
        if (left.type, left.key) == (right.type, right.key):
            raise _Rejected(Reason.SAME_ENDS, f"{quoted(subject.name)} and {quoted(object_.name)}")
        issue = self._end(written.about, quote) if written.about else None
        assumed = written.assumed or far or farther
        yield from _periods(written, left, right)
        yield self._stated(written, left, written.predicate, right, quote, assumed, written.stance)
        if issue is not None:
            yield self._stated(written, right, "about", issue[0], quote, assumed or issue[1], None)

    @staticmethod
    def _stated(
        written: WrittenClaim, left: Span, predicate: str, right: Span, quote: Place, assumed: bool, stance: str | None
    ) -> RelationClaim:  # fmt: skip
        return RelationClaim(
            left, predicate, right, *quote, written.cue, written.score, assumed, stance, written.reader, written.trusted
        )  # fmt: skip

    def _entity(self, written: WrittenClaim, name: WrittenName, quote: Place) -> Iterator[Claim]:
        self._check_type(name)
        if name.type == "Request":
            raise _Rejected(Reason.NOT_ALLOWED, "a Request without somebody who requests it")
        found, _ = self._end(name, quote)
        if written.attribute:
            if not self._places.name_in(written.value, quote):
                raise _Rejected(Reason.VALUE, quoted(written.value), written.value)
            if written.attribute == "period" and years_of(written.value) is None:
                raise _Rejected(Reason.NO_CLAIM, f"{quoted(written.value)} is not a period such as 2024-2027")
        yield EntityClaim(found, written.score, written.reader, written.trusted)
        yield from _periods(written, found)
        if written.attribute:
            yield AttributeClaim(
                found, written.attribute, squeezed(written.value), written.score, written.reader, written.trusted
            )

    def _same(self, written: WrittenClaim, names: tuple[WrittenName, WrittenName], quote: Place) -> Iterator[Claim]:
        for name in names:
            self._check_type(name)
        if names[0].type != names[1].type or names[0].type == "Request":
            raise _Rejected(Reason.NOT_ALLOWED, f"{names[0].type} and {names[1].type} as one")
        _check_differ(*names)
        (left, _), (right, _) = (self._end(name, quote) for name in names)
        for found in (left, right):
            yield EntityClaim(found, written.score, written.reader, written.trusted)
        if left.key != right.key:
            yield SameClaim(left, right, *quote, written.score, written.reader, written.trusted)

    # ------------------------------------------------------------------------------------------------ checks

    def _quote(self, written: WrittenClaim) -> Place:
        places = self._places.quotes(written.quote)
        if not places:
            raise _Rejected(Reason.QUOTE, quoted(written.quote), self._departure(written.quote))
        if not written.prefix or len(places) == 1:
            return places[0]
        found = next((place for place in places if self._places.stands_before(place, written.prefix)), None)
        if found is None:
            raise _Rejected(Reason.PREFIX, quoted(written.prefix), f"{written.prefix} {written.quote}")
        return found

    def _check_type(self, name: WrittenName) -> None:
        if name.type not in self._types:
            raise _Rejected(Reason.TYPE, f"{quoted(name.type)}; there are {', '.join(sorted(self._types))}")

    def _check_relation(self, written: WrittenClaim, subject: WrittenName, object_: WrittenName) -> None:
        for name in filter(None, (subject, object_, written.about)):
            self._check_type(name)
        relation = self._relations.get(written.predicate)
        if relation is None:
            raise _Rejected(
                Reason.RELATION, f"{quoted(written.predicate)}; there are {', '.join(sorted(self._relations))}"
            )
        stances = ", ".join(sorted(self._ontology.stances))
        if relation.takes_stance and written.stance not in self._ontology.stances:
            what = f"{quoted(written.stance)}; there are" if written.stance else f"'{relation.name}' needs one of"
            raise _Rejected(Reason.STANCE, f"{what} {stances}")
        if written.stance and not relation.takes_stance:
            raise _Rejected(Reason.STANCE, f"'{relation.name}' takes none")
        if subject.type not in relation.domain or object_.type not in relation.range:
            raise _Rejected(Reason.NOT_ALLOWED, not_allowed(subject.type, relation.name, object_.type))
        about = self._relations["about"]
        if written.about and (object_.type not in about.domain or written.about.type not in about.range):
            raise _Rejected(Reason.NOT_ALLOWED, not_allowed(object_.type, "about", written.about.type))

    # ------------------------------------------------------------------------------------------------- names

    def _end(self, name: WrittenName, quote: Place) -> tuple[Span, bool]:
        """What a name stands for, and whether it stands only elsewhere in the document than where the quote is."""
        words = without_article(name.name.strip(" .,;:"))
        if not any(word.lower() not in _NO_NAMES for word in _LETTERS.findall(words)):
            raise _Rejected(Reason.NO_NAME, quoted(name.name))
        around = self._places.around(quote)
        for part in around:
            found = self._places.name_in(words, part)
            if found:
                return self._span(name, self._namer.best(name.type, found)), False
        called = self._called(name, around)
        if called is not None:
            return called
        place = self._places.name_nearest(words, quote[0])
        if place is None:
            raise _Rejected(Reason.NAME, quoted(name.name), words)
        return self._span(name, place), True

    def _span(self, name: WrittenName, place: Place) -> Span:
        if name.type == "Issue":
            concept = self._page.finder.concept_of(self._page.text[place[0] : place[1]])
            if concept is not None and concept.general:
                raise _Rejected(Reason.TOO_WIDE, quoted(name.name))
        return self._namer.span(name.type, place)

    def _called(self, name: WrittenName, around: Sequence[Place]) -> tuple[Span, bool] | None:
        """An issue by a wording of the vocabulary, or the partnership by its label.

        It is tried where the text has another name of the issue or partnership.
        """
        if name.type == "Issue":
            concept = self._page.finder.concept_of(name.name)
            named = self._namer.mentions_of("Issue", concept.id) if concept else []
        elif name.type == "Partnership" and own_partnership(self._page, name.name):
            named = self._namer.mentions_of("Partnership", "partnership") or [self._page.partnership()]
        else:
            return None
        for part in around:
            for mention in named:
                if part[0] <= mention.start and mention.end <= part[1] and mention.end > mention.start:
                    return mention, False
        return (min(named, key=lambda m: abs(m.start - around[0][0])), True) if named else None


def _check_differ(left: WrittenName, right: WrittenName) -> None:
    if left.type == right.type and squeezed(folded(left.name)) == squeezed(folded(right.name)):
        raise _Rejected(Reason.SAME_ENDS, quoted(left.name))


def _periods(written: WrittenClaim, *found: Span) -> Iterator[Claim]:
    """The period of a plan that is known by its period, as the partnership's own is."""
    for each in found:
        if each.type == "Plan" and _PERIOD.fullmatch(each.key):
            yield AttributeClaim(each, "period", each.key, written.score, written.reader, written.trusted)
