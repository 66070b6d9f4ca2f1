"""What a name in a claim stands for: the thing that the document names at that place.

Things are told apart in the same way as by the rules.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..ontology import slug
from .claims import Span
from .formats.tokens import Place, folded, squeezed
from .mentions.context import years_of
from .page import Page

#: Words which say that a plan is a partnership's own, and do not tell it from its other plans.
_PLAN_WORDS = frozenset(
    "community safety safer plan strategy partnership csp communities our the and crime disorder reduction of for to "
    "strategic".split()
)
#: The same in names of partnerships.
_COMMON = _PLAN_WORDS | frozenset(
    "board boards hub group forum together stronger safe council county borough district city reduction local "
    "national executive".split()
)
_INITIALS = re.compile(r"[A-Z]{2,6}")
_ARTICLE = re.compile(r"(?:the|our|a|an)\s+(?=\S)", re.IGNORECASE)


def without_article(name: str) -> str:
    """A name without 'the', 'a' or 'our' before it."""
    return _ARTICLE.sub("", name, count=1) if _ARTICLE.match(name) else name


class Namer:
    """Tells what the names in claims stand for.

    Args:
        page: the document with what it names.
        shown: gives the words at a place, without markup.

    """

    def __init__(self, page: Page, shown: Callable[[Place], str]) -> None:
        self._page = page
        self._shown = shown
        self._whole = sorted(
            (m for found in page.mentions for m in found if m.rank >= 0), key=lambda m: (m.start, m.end)
        )
        self._starts = [m.start for m in self._whole]
        self._by_end: dict[tuple[str, int], list[Span]] = defaultdict(list)
        self._by_key: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for mention in (each for m in self._whole for each in (m, *m.inside)):
            self._by_end[mention.type, mention.end].append(mention)
            self._by_key[mention.type, mention.key].append(mention)
        self._priorities = {folded(squeezed(found.label)): found for _, found in reversed(page.priorities)}

    def span(self, type_: str, place: Place) -> Span:
        """What stands at a place that a claim takes for a thing of this type."""
        start, end = place
        words = squeezed(self._shown(place))
        if type_ == "Request":
            return Span(type_, slug(words)[:70], words[:240], start, end, 1)
        mentioned = self.mention_at(type_, place)
        if mentioned is not None and (type_ != "Partnership" or "artnership" in words):
            return mentioned
        if type_ == "Priority":
            found = self._priorities.get(folded(words))
        else:
            own = {"Plan": _plan, "Partnership": _partnership, "Issue": _issue}.get(type_)
            found = own(self._page, words) if own else _body(self._page, type_, words)
        return replace(found, start=start, end=end) if found else Span(type_, slug(words), words, start, end, 1)

    def best(self, type_: str, places: Sequence[Place]) -> Place:
        """Of the places of a name, the one where a thing of this type is named.

        Else it is the first that is in no other name.
        """
        return min(
            places, key=lambda place: (self.mention_at(type_, place) is None, self._inside_another(place), place)
        )

    def mention_at(self, type_: str, place: Place) -> Span | None:
        """The mention of this type at just that place, an article before it apart; also one inside another's name."""
        for mention in self._by_end.get((type_, place[1]), ()):
            before = self._page.text[mention.start : place[0]]
            if mention.start <= place[0] and (not before.strip() or not without_article(f"{before}x")[:-1]):
                return mention
        return None

    def mentions_of(self, type_: str, key: str) -> list[Span]:
        """Where the document names a thing, in its order."""
        return self._by_key.get((type_, key), [])

    def _inside_another(self, place: Place) -> bool:
        number = bisect_right(self._starts, place[0]) - 1
        return (
            number >= 0
            and self._whole[number].end >= place[1]
            and self._whole[number].end - self._whole[number].start > place[1] - place[0]
        )


def own_partnership(page: Page, name: str) -> bool:
    """Whether a name is that of the partnership whose document it is, though it may stand nowhere in it."""
    return page.context.stated and folded(squeezed(name)) == folded(squeezed(page.context.partnership_label))


def _plan(page: Page, words: str) -> Span | None:
    """The partnership's plan of a period, when a name says nothing else; another plan is what it is called."""
    years = years_of(words)
    own = _PLAN_WORDS | set(re.findall(r"[a-z]+", page.context.place_name.lower()))
    named = set(re.findall(r"[a-z]+", words.lower())) - own
    if named or not (years or words == page.context.title):
        return None
    plan = page.plan(years)
    return replace(plan, label=words, rank=max(plan.rank, 1)) if years or page.context.period else None


def _partnership(page: Page, words: str) -> Span:
    """The partnership whose document it is, unless a name is evidently another's: 'Elmdon CSP', 'the district CSPs'."""
    named = _tells(words)
    if re.search(r"(?:partnership|csp)s$", words.lower()) or (named and not _is_own(page, named)):
        return Span("Partnership", slug(words), words, 0, 0, 1)
    own = page.partnership()
    return replace(own, label=words, rank=1) if "artnership" in words and named else own


def _is_own(page: Page, named: set[str]) -> bool:
    """Whether words that tell a partnership are of the document's own; of one for two areas, all of them."""
    context = page.context
    own = _tells(context.partnership_label) if context.stated else set()
    joint = " and " in context.partnership_label
    return named == own if joint and named < own else bool(named & (own | _tells(context.place_name)))


def _tells(name: str) -> set[str]:
    """The words that tell a partnership from others: those with a capital that are neither common nor initials."""
    return {
        w.lower()
        for w in re.findall(r"[^\W\d_][\w’'-]*", name)
        if w[0].isupper() and w.lower() not in _COMMON and not _INITIALS.fullmatch(w)
    }


def _issue(page: Page, words: str) -> Span | None:
    concept = page.finder.concept_of(words)
    return Span("Issue", concept.id, concept.label, 0, 0, 9) if concept else None


def _body(page: Page, type_: str, words: str) -> Span | None:
    """A body, post or speaker as its whole name tells it, whatever stands around it."""
    known = page.names.wordings.get(words)
    if known is not None and known.type == type_:
        return known
    found = page.finder.find(words, page.context, page.names)
    whole = next((m for m in found if m.type == type_ and m.start == 0 and m.end >= len(words) - 1), None)
    if whole is not None:
        return whole
    kind = page.finder.kind_of(words)
    if kind is not None and kind.type == type_:
        return Span(type_, kind.id if kind.one_per_partnership else slug(words), words, 0, 0, 1, kind.id)
    return Span(type_, slug(words), words, 0, 0, 1, "role-lead") if type_ == "Role" else None
