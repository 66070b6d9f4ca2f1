"""What a document says about itself: its partnership, when it was written, the plan it belongs to, and its kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ...graph.model import NOT_STATED
from ...ontology import Ontology, Place, slug
from ..formats.blocks import ReadFile
from ..formats.tokens import normal_phrase, squeezed, tokens
from .dates import date_of
from .gazetteer import Gazetteer

_NOT_STATED_LABEL = "Partnership not stated"

PERIOD = re.compile(r"\b(20\d\d)\s*(?:-|–|—|/|to|until)\s*((?:20)?\d\d)\b")
#: Words before a plan's period that show it belongs to another plan, not the document's own.
_ANOTHER_PLAN = re.compile(
    r"\b(?:follows|following|replac\w+|takes over from|succeeds|previous|former|last|old|earlier|preceding)\b"
    r"[^.\n]{0,60}$",
    re.IGNORECASE,
)
_PLAN_WORD = re.compile(r"\b(?:plan|strategy|priorit|CSPP|programme)", re.IGNORECASE)

#: No name runs past the end of its block.
_CSP = re.compile(
    r"(?:(?P<before>(?:[A-Z][\w’'-]* +(?:and +|& +|upon +|on +|of +)*){0,5}?[A-Z][\w’'-]*(?:[’']s)?) +)"
    r"(?:Community +Safety +Partnership|CSP|Safer +Communities +Partnership)\b"
)
_SAFER = re.compile(
    r"\bSafe(?:r|ty)? +(?P<place>(?:[A-Z][\w’'-]* +(?:and +|& +)?){1,4}?)(?:Community +Safety +)?Partnership\b"
)
_COUNCIL = re.compile(
    r"\b(?P<place>[A-Z][\w’'-]*(?: +(?:and|&|upon|on|of)? *[A-Z][\w’'-]*){0,3}?) +"
    r"(?:County +Borough|Borough|District|City|County|Metropolitan +Borough|Unitary)? *Council\b"
)
_NOT_PLACES = frozenset(
    "the a our this that its new local national community safer safety borough district city county town parish youth "
    "full draft joint crime strategic statutory voluntary cabinet meeting public".split()
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a document says about itself, or what options say about it."""

    partnership: str
    partnership_label: str
    place: Place | None
    place_name: str  #: as written in names of bodies, such as 'Harrowmere'; empty when not stated
    date: str | None
    period: tuple[int, int] | None
    kind: str
    title: str
    full_title: str  #: by which the document is cited: more than the name of the body that wrote it

    @property
    def stated(self) -> bool:
        """Whether the document, or an option, says which partnership it belongs to."""
        return not self.partnership.startswith(NOT_STATED)


class PlaceFinder:
    """Finds out which partnership a document belongs to.

    Args:
        ontology: gives the councils under all their names.

    """

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        # A bare name may be an everyday word ('Reading'), so it counts for little. 'LBBD' or 'Reading Council' can only
        # mean the place.
        self._names = Gazetteer(
            (name, (place.id, weight))
            for place in ontology.places.values()
            for weight, names in ((1, (place.label, *place.alt_labels)), (3, place.council_names))
            for name in names
        )

    def place_named(self, name: str) -> Place | None:
        """The place that a person means by `name`, such as 'Barking & Dagenham CSP'."""
        core = core_name(name)
        for candidate in (name, core):
            found = {place for place, _ in self._names.meanings(normal_phrase(candidate))}
            if len(found) == 1:
                return self._ontology.places[found.pop()]
        return None

    def find(self, text: str) -> tuple[Place | None, str, str]:
        """The place of a document, its name there, and the full name of the partnership ('' for what is not stated)."""
        text = re.sub(r"\b[A-Z]{4,}\b", lambda m: m.group().title(), text)  # headings in capitals
        weights: Counter[str] = Counter()
        names: dict[str, Counter[str]] = {}
        known = {normal_phrase(p.label): p for p in self._ontology.places.values()}
        for label, core, weight in self._names_in(text):
            place = self.place_named(core)
            if not place and label.endswith("CSP"):
                continue  # 'the March CSP minutes'
            key = normal_phrase(place.label) if place else normal_phrase(core)
            weights[key] += weight
            if "artnership" in label and "Council" not in label:
                names.setdefault(key, Counter())[label] += 1
        for hit in self._names.find(tokens(text)):
            for place_id, weight in hit.meanings if len(hit.meanings) == 1 else ():
                written = text[hit.start : hit.end]
                if written[0].isupper():
                    weights[normal_phrase(self._ontology.places[place_id].label)] += weight
        if not weights:
            return None, "", ""
        best = min(weights, key=lambda key: (-weights[key], key))
        if weights[best] < 3:
            return None, "", ""
        label = min(names.get(best, {"": 0}).items(), key=lambda item: (-item[1], -len(item[0]), item[0]))[0]
        place = known.get(best)
        return place, place.label if place else best.title(), label

    def _names_in(self, text: str) -> Iterable[tuple[str, str, int]]:
        """Names of partnerships and councils: (as written, the place's part, weight)."""
        for pattern, group, weight in ((_CSP, "before", 4), (_SAFER, "place", 4), (_COUNCIL, "place", 2)):
            for match in pattern.finditer(text):
                core = core_name(match.group(group))
                if core and not all(word.lower() in _NOT_PLACES for word in core.split()):
                    yield (
                        squeezed(match.group()).removeprefix("The ").replace("’s ", " ").replace("'s ", " "),
                        core,
                        weight,
                    )


def core_name(name: str) -> str:
    """The place's part of a name: 'Safer Harrowmere Partnership', 'Harrowmere Borough Council' -> 'Harrowmere'."""
    words = re.sub(r"[’']s\b", "", squeezed(name.replace("&", "and"))).split()
    dropped = {
        "community", "safety", "safer", "partnership", "borough", "council", "district", "city", "county", "csp",
        "london", "royal", "metropolitan",
        "the", "communities", "of", "board", "unitary", "authority",
    }  # fmt: skip
    while words and words[0].lower() in dropped | {"and"}:
        words.pop(0)
    while words and words[-1].lower() in dropped | {"and"}:
        words.pop()
    return " ".join(words)


def find_context(
    read: ReadFile,
    path: str,
    places: PlaceFinder,
    *,
    partnership: str | None,
    plan_period: str | None,
    date: str | None,
) -> Context:
    """Gather the context of a document; what is given by option takes precedence over what the document says."""
    flat = " \n ".join(
        squeezed(b.text) if b.kind != "table" else " \n ".join(c.text for row in b.rows for c in row)
        for b in read.blocks
    )
    title, kind = _title(read, path), _kind(read, flat)
    if partnership:
        place = places.place_named(partnership)
        name = place.label if place else core_name(partnership)
        label = partnership if "artnership" in partnership else f"{name} Community Safety Partnership"
    else:
        place, name, label = places.find(flat)
        if name and not label:
            label = f"{name} Community Safety Partnership"
    identity = slug(place.label if place else name)
    return Context(
        partnership=identity or f"{NOT_STATED}{slug(path)}",
        partnership_label=label if identity else f"{_NOT_STATED_LABEL} ({path.rsplit('/', 1)[-1]})",
        place=place,
        place_name=name,
        date=date or date_of(flat, path),
        period=(years_of(plan_period) if plan_period else None) or _period(flat, title),
        kind=kind,
        title=title,
        full_title=_full_title(read, title),
    )


def _title(read: ReadFile, path: str) -> str:
    """The first heading that is not part of the website's own wording ('Agenda item')."""
    generic = re.compile(
        r"^(?:agenda(?: item| and minutes)?|issue\s*-\s*meetings|decision(?: details)?|minutes|home"
        r"|skip to.*|meetings?)$",
        re.IGNORECASE,
    )
    whole = re.sub(
        r"^(?:agenda item|issue|decision|minutes|meetings)\s+-\s+(?:meetings\s+-\s+)?",
        "",
        read.title,
        flags=re.IGNORECASE,
    )
    headings = [squeezed(b.text).rstrip(":") for b in read.blocks if b.kind == "heading" and b.level <= 2]
    named = next((h for h in [*headings, whole] if h and not generic.match(h)), None)
    return (named or path.rsplit("/", 1)[-1])[:160]


#: A title that names only the body that wrote the paper, and a line below it that does not say which paper it is.
_ONLY_A_BODY = re.compile(
    r".*\b(?:board|cabinet|committee|council|forum|group|panel|partnership|team)(?: \([^)]*\))?", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r"\W*(?:(?:venue|contact|present|attendance|attendees|agenda|date|time|officer|page|introduction|apolog"
    r"|declaration)|\w+day\b|\d|$)",
    re.IGNORECASE,
)


def _full_title(read: ReadFile, title: str) -> str:
    """The title; if it only names a body, joined to the line below it that says which of the body's papers it is."""
    lines = [squeezed(block.text).rstrip(":") for block in read.blocks[:6]]
    below = lines[lines.index(title) + 1 :][:1] if title in lines and _ONLY_A_BODY.fullmatch(title) else []
    named = [line for line in below if len(line) <= 80 and not line.endswith(".") and not _NO_TITLE.match(line)]
    return ": ".join([title, *named])


def _period(text: str, heads: str) -> tuple[int, int] | None:
    """The period in the title, else the one most often next to 'plan' or 'strategy'; on a tie, the first."""
    found: Counter[tuple[int, int]] = Counter()
    for source, weight in ((heads, 100), (text, 1)):
        for match in PERIOD.finditer(source):
            years = _years(match)
            near = source[max(0, match.start() - 60) : match.end() + 30]
            if (
                years
                and _PLAN_WORD.search(near)
                and not _ANOTHER_PLAN.search(source[max(0, match.start() - 70) : match.start()])
            ):
                found[years] += weight
    return max(found, key=lambda years: found[years]) if found else None


def years_of(text: str) -> tuple[int, int] | None:
    """The first and last year of a period such as '2024-2027' or '2024/25'; None if it is not a period."""
    match = PERIOD.search(text)
    return _years(match) if match else None


def _years(match: re.Match[str]) -> tuple[int, int] | None:
    start, end = int(match.group(1)), int(match.group(2))
    end = end if end > 99 else start // 100 * 100 + end
    return (start, end) if 0 < end - start <= 10 else None


_KINDS = (
    (
        "consultation",
        r"\b(?:consultation|survey|have your say|you said|what you told us|citizens.? panel|respondents|responses)\b",
    ),
    ("scrutiny", r"\bscrutiny\b"),
    ("minutes", r"\b(?:minutes|apologies|in attendance)\b"),
    ("plan", r"\b(?:plan|strategy)\b"),
)


def _kind(read: ReadFile, text: str) -> str:
    """A plain guess, for listings: by the title and headings first, then by all words."""
    if read.format == "csv" or (read.blocks and all(b.kind in ("table", "heading") for b in read.blocks)):
        head = " ".join(c.text for b in read.blocks if b.kind == "table" for c in b.rows[0]).lower()
        return "action plan" if re.search(r"\b(?:lead|owner|action)\b", head) else "consultation"
    headings = [squeezed(b.text) for b in read.blocks if b.kind == "heading"]
    for where in (" ".join([read.title, *headings[:2]]), " ".join(headings)[:600], text[:1500]):
        for kind, pattern in _KINDS:
            if re.search(pattern, where, re.IGNORECASE):
                return kind
    return "document"
