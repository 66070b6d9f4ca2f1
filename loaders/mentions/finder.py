"""Finds what a text speaks of: issues, bodies, posts and speakers, by known wordings and by the shape of names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ...ontology import BodyKind, Concept, Ontology, slug
from ..claims import Span
from ..formats.tokens import Token, normal_phrase, squeezed, tokens
from .context import Context
from .gazetteer import Gazetteer
from .names import Name, NameFinder

#: A mention of this type is a name in which nothing else may be found.
MASK = "Mask"

_COUNCIL_WORDS = re.compile(
    r"^\s+(?:meetings?|chamber|tax|estates?|houses?|housing|website|tenants?|offices?|officers?|leader|member)\b",
    re.IGNORECASE,
)
_CSP_WORDS = re.compile(
    r"\b(?:[Tt]he\s+)?(?:CSP|Community Safety Partnership(?:\s*\(CSP\))?|community safety partnership"
    r"|(?<=[Tt]he )(?:Partnership|partnership))\b(?!\s+(?:[Bb]oard|[Pp]lan|[Ee]xecutive))"
)
#: Speakers who may be told from others by where they live: 'residents of the Sea Wall estate', 'Westholme residents'.
_LIVES = re.compile(
    r"\s(?:of|in|on|from|near|around|living in|living on) (?:the )?(?:[A-Z][\w’'-]*(?: (?:and |& )?)?){1,4}"
    r"(?:(?<= )(?:estate|area|ward|village|town centre|parish))?"
)
_HOME = re.compile(r"(?:(?<=[a-z,;] )|(?<=^))((?:[A-Z][\w’'-]+ ){1,3})$")
_LOCAL_KINDS = frozenset(("residents", "tenants", "traders", "councillors", "ward-councillors", "parents"))
_NO_HOME = frozenset(
    "Local Many Some Several Most Older Young Younger Elderly Female Male Disabled Asian Black White Nearby Other "
    "All Our The Few Both New Private Business Council Social Two Three "
    "Four Five Six Seven Eight Nine Ten Area Park".split()
)


def issues_of(mention: Span) -> list[Span]:
    """The mention, if it is of an issue."""
    return [mention] if mention.type == "Issue" else []


@dataclass(slots=True)
class Names:
    """What one document defines for itself: short forms, and the names of its own priorities, groups and schemes."""

    wordings: dict[str, Span] = field(default_factory=dict)  #: exact wording -> what it means

    def add(self, wording: str, meaning: Span) -> None:
        """Take `wording` to mean this from now on, unless it means something already."""
        words = squeezed(wording)
        if len(words) > 1:
            self.wordings.setdefault(words, meaning)

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """One expression for all wordings, the longest first."""
        ordered = sorted(self.wordings, key=lambda w: (-len(w), w))
        return _wordings(tuple(ordered)) if ordered else None


@lru_cache(maxsize=64)
def _wordings(ordered: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in ordered) + r")(?!\w)")


class MentionFinder:
    """Finds mentions with the wordings of an ontology.

    Args:
        ontology: the issues, kinds of bodies, named bodies and councils.

    """

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._names = NameFinder(ontology)
        self._plain: Gazetteer[tuple[str, str]] = Gazetteer(self._entries())
        self._issues: Gazetteer[str] = Gazetteer(
            (label, c.id) for c in ontology.concepts.values() for label in c.labels
        )
        self._capital: Gazetteer[str] = Gazetteer(
            (label, kind.id) for kind in ontology.kinds.values() for label in kind.capital_labels
        )

    def _entries(self) -> Iterable[tuple[str, tuple[str, str]]]:
        """(wording, (what it is, id)): what is named first wins where wordings are the same."""
        for kind in self._ontology.kinds.values():
            yield from ((label, ("kind", kind.id)) for label in kind.labels)
        for concept in self._ontology.concepts.values():
            yield from ((label, ("issue", concept.id)) for label in concept.labels)
        for body in self._ontology.named_bodies.values():
            yield from ((label, ("named", body.id)) for label in (body.label, *body.alt_labels))
        for place in self._ontology.places.values():
            short = (label for label in place.alt_labels if label.isupper())
            yield from ((label, ("council", place.id)) for label in (*place.council_names, *short))

    def is_wording(self, name: str) -> bool:
        """Whether a name is but a common wording of its kind: 'Faith groups', not 'Quillgate Faiths Together'."""
        return any(what == "kind" for what, _ in self._plain.meanings(normal_phrase(name)))

    def concept_of(self, name: str) -> Concept | None:
        """The issue of the vocabulary of which a whole name is a wording."""
        meanings = self._issues.meanings(normal_phrase(name))
        return self._ontology.concepts[meanings[0]] if meanings else None

    def kind_of(self, name: str) -> BodyKind | None:
        """The kind of body that a whole name, such as a cell of a table, is of."""
        words = tokens(name)
        for what, key in self._plain.meanings(" ".join(w.norm for w in words)):
            if what == "kind":
                return self._ontology.kinds[key]
        capital = self._capital.meanings(" ".join(w.norm for w in words))
        return self._ontology.kinds[capital[0]] if capital else self._names.kind_of(name)

    def find(self, text: str, context: Context, names: Names | None = None, offset: int = 0) -> list[Span]:
        """The mentions in `text`, left to right, without overlap.

        Args:
            text: one block, or a part of one.
            context: whose document it is.
            names: what the document defines for itself.
            offset: where `text` begins in the canonical text.

        """
        words = tokens(text)
        plain = [hit for hit in self._wordings_in(text, words, context) if hit is not None]
        bodies = [(f.start, f.end) for f in plain if f.type in ("Partner", "Subgroup")]
        claims = [
            *self._defined(text, names),
            *self._proper_names(text, bodies, plain, context),
            *plain,
        ]
        claims += [*self._shared_heads(text, words, plain), *self._partnership(text, context)]
        return [self._placed(f, text, offset) for f in _without_overlap([_with_home(c, text) for c in claims])]

    def _placed(self, found: Span, text: str, offset: int) -> Span:
        """A find with its places in the canonical text, and with the issues that its name names."""
        inside: tuple[Span, ...] = ()
        if found.type in ("Subgroup", "Source", "Action") or (found.type == "Partner" and found.label.islower()):
            hits = self._issues.find(tokens(text[found.start : found.end]))
            at = found.start + offset
            concepts = [(hit, self._ontology.concepts[hit.meanings[0]]) for hit in hits]
            inside = tuple(
                Span("Issue", c.id, c.label, at + h.start, at + h.end, 9) for h, c in concepts if not c.general
            )
        return replace(found, start=found.start + offset, end=found.end + offset, inside=inside)

    # ------------------------------------------------------------------------------------------ known wordings

    def _wordings_in(self, text: str, words: list[Token], context: Context) -> Iterable[Span | None]:
        # The words that issues and bodies share with others' names come in a fixed order of meanings: bodies first.
        for hit in self._plain.find(words):
            what, key = hit.meanings[0]
            if not _in_capitalised_name(text, hit.start, hit.end) and self._capitals_fit(
                what, key, text[hit.start : hit.end]
            ):
                yield self._meaning(text, what, key, hit.start, hit.end, context)
        for capital in self._capital.find(words):
            written = text[capital.start : capital.end]
            if (
                not _in_capitalised_name(text, capital.start, capital.end)
                and all(w[0].isupper() for w in re.findall(r"[^\W_]+", written) if len(w) > 3)
                and written[0].isupper()
            ):
                yield self._of_kind(
                    text, self._ontology.kinds[capital.meanings[0]], capital.start, capital.end, context
                )

    def _capitals_fit(self, what: str, key: str, written: str) -> bool:
        """A short form in capitals, such as SEND, is not meant by the word 'send'."""
        if what not in ("issue", "kind") or not written.islower() or len(written) > 6:
            return True
        labels = self._ontology.concepts[key].labels if what == "issue" else self._ontology.kinds[key].labels
        phrase = normal_phrase(written)
        same = [label for label in labels if normal_phrase(label) == phrase]
        return not same or any(not label.isupper() for label in same)

    def _meaning(self, text: str, what: str, key: str, start: int, end: int, context: Context) -> Span | None:
        if what == "issue":
            concept = self._ontology.concepts[key]
            return Span(MASK if concept.general else "Issue", key, concept.label, start, end, 9)
        if what == "kind":
            return self._of_kind(text, self._ontology.kinds[key], start, end, context)
        written = squeezed(text[start:end])
        if not written[0].isupper():
            return None
        if what == "named":
            body = self._ontology.named_bodies[key]
            kind = self._ontology.kinds[body.kind]
            own = context.place is None or key in (context.place.police, context.place.fire)
            return Span("Partner", kind.id if own else slug(body.label), body.label, start, end, 3, kind.id)
        return self._council(written, key, start, end, context)

    def _council(self, written: str, place: str, start: int, end: int, context: Context) -> Span:
        council = self._ontology.places[place]
        if context.place is not None and context.place.id == place:
            return Span("Partner", "council", _council_label(council.council_names, written), start, end, 3, "council")
        if council.council_kind == "County":
            return Span("Partner", slug(written), written, start, end, 2, "county-council")
        return Span("Partner", slug(written), written, start, end, 2, "other-council" if context.stated else "council")

    def _of_kind(self, text: str, kind: BodyKind, start: int, end: int, context: Context) -> Span | None:
        written = squeezed(text[start:end])
        if kind.id == "council" and _COUNCIL_WORDS.match(text, end):
            return None
        if kind.type == MASK:
            return Span(MASK, kind.id, kind.label, start, end)
        common = not written[0].isupper() or written[1:].islower()
        if (
            kind.type == "Subgroup"
            and common
            and (
                kind.id == "partnership-forums"
                or " " not in written
                or written.endswith("s")
                or kind.id in ("delivery-group", "task-and-finish-group")
            )
        ):
            return Span(
                MASK, kind.id, kind.label, start, end
            )  # 'governance groups', 'sub-groups': nobody in particular
        if kind.id == "other-council" and not written[0].isupper():
            return None
        if kind.name_as_written and kind.type != "Source":
            return Span(kind.type, slug(written), written, start, end, 1 if written[0].isupper() else 0, kind.id)
        if kind.name_as_written and written[0].isupper() and not written.isupper() and len(written.split()) > 1:
            return Span(kind.type, slug(written), written, start, end, 1, kind.id)
        if kind.id == "council" and context.place is not None:
            return Span(
                kind.type, kind.id, _council_label(context.place.council_names, kind.label), start, end, 0, kind.id
            )
        return Span(kind.type, kind.id, kind.label, start, end, 0, kind.id)

    # ------------------------------------------------------------------------------------------------- names

    def _proper_names(
        self, text: str, bodies: list[tuple[int, int]], plain: list[Span], context: Context
    ) -> Iterable[Span]:
        outside = [
            (f.start, f.end) for f in plain if f.type == "Subgroup" or (f.type == "Partner" and self._is_outside(f))
        ]
        for name in self._names.find(text, bodies, outside):
            same = next((f for f in plain if f.start <= name.start and f.end >= name.end), None)
            if same is None or (same.type == "Issue" and name.kind.type in ("Subgroup", "Role")):
                found = self._named(text, name, context)
                if found is not None:
                    yield found

    def _is_outside(self, found: Span) -> bool:
        kind = self._ontology.kinds.get(found.kind or "")
        return kind is None or kind.responsible_authority or kind.cooperating_body or kind.name_as_written

    def _named(self, text: str, name: Name, context: Context) -> Span | None:
        start = self._without_person(text, name.start, name.end, context)
        written = re.sub(r"[’']s$", "", squeezed(text[start : name.end]))
        shown = re.sub(r"\s*\([A-Z]{2,6}\)", "", written).strip("‘’'“”\" ")
        kind = name.kind
        if kind.type == "Subgroup" and re.search(
            r"\b(?:Community|Communities|Safety|Safer)\b.*\bPartnerships?$"
            r"|^(?:Safer\b.*|Crime and Disorder )Partnership$",
            shown,
        ):
            return None  # the partnership itself, see _partnership
        if kind.id in ("parish-council",) or (kind.type == "Partner" and shown.endswith("Councils")):
            kind = self._ontology.kinds.get("parish-council", kind) if "arish" in shown else kind
        if kind.id == "council":
            own = bool(context.place_name) and context.place_name.lower() in shown.lower().replace("&", "and")
            return Span(
                "Partner",
                "council" if own or not context.stated else slug(shown),
                shown,
                start,
                name.end,
                2,
                "council" if own or not context.stated else "other-council",
            )
        if kind.one_per_partnership and kind.type != "Source":
            return Span(kind.type, kind.id, shown, start, name.end, 2, kind.id)
        key = slug(shown)
        if kind.type == "Source":
            shown = _source_label(shown, context)
            key = slug(shown)
        return Span(kind.type, key, shown, start, name.end, 1, kind.id)

    @staticmethod
    def _without_person(text: str, start: int, end: int, context: Context) -> int:
        """Where the body's own name begins in 'Jo Bloggs Harrowmere Youth Justice Service': at the place."""
        at = text.find(context.place_name, start + 1, end) if context.place_name else -1
        person = (
            r"(?:Cllr|Councillor|Mr|Mrs|Ms|Dr|Insp|Sgt|Supt)\.? (?:[A-Z][A-Za-z’'-]+ ){1,2}"
            r"|(?!Safer\b|Community\b|Local\b)[A-Z][a-z’'-]+ [A-Z][A-Za-z’'-]+ "
        )
        return at if at > 0 and re.fullmatch(person, text[start:at]) else start

    def _defined(self, text: str, names: Names | None) -> Iterable[Span]:
        pattern = names.pattern if names else None
        if names and pattern:
            for match in pattern.finditer(text):
                meaning = names.wordings[squeezed(match.group())]
                yield replace(meaning, start=match.start(), end=match.end())

    def _partnership(self, text: str, context: Context) -> Iterable[Span]:
        for match in _CSP_WORDS.finditer(text):
            yield Span("Partnership", "partnership", context.partnership_label, match.start(), match.end(), 0)
        for match in _partnership_names(context.place_name, context.partnership_label).finditer(text):
            label = re.sub(r"[’']s\b", "", squeezed(match.group()))
            yield Span("Partnership", "partnership", label, match.start(), match.end(), 1)

    def _shared_heads(self, text: str, words: list[Token], plain: list[Span]) -> Iterable[Span]:
        """'domestic and sexual abuse' names both: each word before the shared one is tried with it."""
        taken = [(f.start, f.end) for f in plain if f.type != "Issue"]
        norms = [w.norm for w in words]
        for i in range(1, len(words) - 2):
            if norms[i] not in ("and", "or") or any(s <= words[i].start < e for s, e in taken):
                continue
            head = norms[i + 2] if i + 2 < len(norms) else ""
            left = self._issue(f"{norms[i - 1]} {head}")
            right = self._issue(f"{norms[i + 1]} {head}")
            if (
                left
                and right
                and left != right
                and not text[words[i - 1].end : words[i + 2].start].strip(
                    " andor&/-" + text[words[i + 1].start : words[i + 1].end]
                )
            ):
                for key, start, end in (
                    (left, words[i - 1].start, words[i].start),
                    (right, words[i + 1].start, words[i + 2].end),
                ):
                    yield Span(
                        "Issue", key, self._ontology.concepts[key].label, start, max(end - (key == left), start + 1), 9
                    )

    def _issue(self, phrase: str) -> str | None:
        for what, key in self._plain.meanings(phrase):
            if what == "issue" and not self._ontology.concepts[key].general:
                return key
        return None


@lru_cache(maxsize=64)
def _partnership_names(place: str, label: str) -> re.Pattern[str]:
    """What the partnership of a place may be called: 'Safer Harrowmere', 'Harrowmere Community Safety Partnership'."""
    names = [re.escape(label).replace(r"\ ", r"\s+")]
    if place:
        name = re.escape(place).replace(r"\ and\ ", r"\s+(?:and|&)\s+")
        names.append(rf"Safer?\s+(?:(?:and|&)\s+\w+\s+)?{name}(?:\s+(?:Community\s+Safety\s+)?Partnership)?")
        kinds = r"(?:Community\s+Safety|Safer(?:\s+\w+){0,3}|Communities)\s+Partnership|CSP"
        names.append(rf"{name}(?:[’']s)?\s+(?:{kinds})")
    return re.compile(rf"\b(?:{'|'.join(names)})\b(?!\s+(?:Board|Plan|Strategy|Executive|Team))")


def _with_home(found: Span, text: str) -> Span:
    """A speaker with where they live, if the text says so: those of one estate are not those of another."""
    if found.type != "Source" or found.kind not in _LOCAL_KINDS:
        return found
    behind = _LIVES.match(text, found.end)
    before = _HOME.search(text, 0, found.start)
    home = before.group(1).split() if before else []
    start = before.start(1) if before and not any(word in _NO_HOME for word in home) else found.start
    end = behind.end() if behind else found.end
    if (start, end) == (found.start, found.end):
        return found
    words = squeezed(text[start:end].rstrip())
    return replace(found, key=slug(words), label=words, start=start, end=start + len(text[start:end].rstrip()), rank=1)


def _in_capitalised_name(text: str, start: int, end: int) -> bool:
    """Whether one capitalised word stands inside a name that goes on: 'the Community Support Service'."""
    start += 4 if text.startswith("The ", start) else 0
    if not text[start].isupper() or " " in text[start:end].strip():
        return False
    after = re.match(r" (?:[A-Z][a-z]+)", text[end:])
    before = re.search(r"[a-z,;:(] $|[A-Z][a-z]+ $", text[:start])
    return bool(after and before)


def _council_label(names: Iterable[str], written: str) -> str:
    """The council's everyday name, or the one written if that is one of several."""
    return next(
        (n for n in sorted(names, key=lambda n: (len(n), n)) if n.endswith(" Council") and "&" not in n), written
    )


def _source_label(name: str, context: Context) -> str:
    """A speaker's name without its council's: 'Harrowmere Council Scrutiny Committee' -> 'Scrutiny Committee'."""
    if context.place_name:
        place = re.escape(context.place_name).replace(r"\ and\ ", r"\s+(?:and|&)\s+")
        name = re.sub(rf"^{place}\s+(?:Borough\s+|City\s+|District\s+|County\s+)?(?:Council(?:[’']s)?\s+)?", "", name)
    name = re.sub(r"\bCommunity Safety Partnership\b", "CSP", name)
    return re.sub(r"\b(CSP Board) Consultation (Workshop)\b", r"\1 \2", name) or name


def _without_overlap(claims: list[Span]) -> list[Span]:
    """Keep the longest of those that overlap; of equals the first claimed."""
    order = sorted(range(len(claims)), key=lambda i: (claims[i].start - claims[i].end, i))
    starts: list[int] = []
    ends: list[int] = []
    kept: list[Span] = []
    for i in order:
        f = claims[i]
        place = bisect_right(starts, f.start)
        if (place and ends[place - 1] > f.start) or (place < len(starts) and starts[place] < f.end):
            continue
        at = bisect_left(starts, f.start)
        starts.insert(at, f.start)
        ends.insert(at, f.end)
        kept.append(f)
    return sorted(kept, key=lambda f: f.start)
