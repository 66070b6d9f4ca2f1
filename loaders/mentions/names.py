"""Finds proper names by the words with which they open or close: 'Locality Action Group', 'Head of Housing'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...ontology import BodyKind, Ontology

_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*(?:[’'](?=\s))?|&|/")
_CONNECTORS = frozenset("and of for the & in on with to / de at".split())
#: The connectors that a name may reach leftwards across: 'the Head of Housing to the Group' is not one name.
_INNER = frozenset("and of for the & / de upon".split())
#: Capitalised only because they begin a sentence or line; never the first word of a name.
OPENERS = frozenset(
    "The A An As At In On For From By This That These Those Our Their Its His Her Both All Each Any When While Since "
    "If And But With To Of Is Are Then Also Last Following After Before During Under Through Via Where What Which Who "
    "How Why Will Would Should Could Can Members Member Lead Led Leads Chair Chairs Chaired Report Reports Update "
    "Updates Presentation Action Actions Agenda Item Items Minutes Meeting Meetings New Introducing Between Within "
    "Across About Other Another Every Some Most Many One Two Three Four Five Six Seven Eight Nine Ten There Here It "
    "He She They We You Question Questions Answer Yes No Not Only Once Although Because However Therefore Currently "
    "Today Now Priority Pillar According Out Objective Theme Outcome Owner Purpose Established Accountable Delivered "
    "Supported Responsible Including Includes Working Together Invite Write Ask Meet Agree Agreed Noted Resolved "
    "Review Develop Deliver Support Establish Set Create Continue Ensure Increase Reduce Work Provide Comment "
    "Comments Contact Venue Title Date Partners Partner Name Cllr Councillor Mr Mrs Ms Dr So Such Either "
    "Neither".split()
)
_POST = re.compile(
    r"(?:Manager|Officer|Director|Lead|Co-?ordinator|Commander|Superintendent|Inspector|Analyst"
    r"|Commissioner|Executive)\s$"
)
_POST_AHEAD = re.compile(r"\s(?:the\s)?(?:Head|Director|Chief|Assistant|Deputy|Cabinet|Superintendent|Inspector)\s")
_QUOTED_GROUP = re.compile(
    r"[‘'“\"]([^‘’'“”\"\n]{3,70})[’'”\"]\s+((?:sub-?\s?)?group|panel|board|forum|meeting)\b", re.IGNORECASE
)
#: Words that turn a body's name into the name of its paper: 'Community Safety Scrutiny Review'.
_NOT_A_BODY = re.compile(
    r"\s(?:Review|Report|Plan|Strategy|Update|Minutes|Agenda|Programme|Fund|Act|Project|Policy|Structure|Survey"
    r"|Framework|Agreement|Charter|Conference|Award)\b"
)
#: The fields of a post, listed: 'Manager for Public Health, Regulation and Housing'.
_FIELDS = re.compile(
    r",\s(?:(?!Police|Probation|NHS|Fire|Head|Director|Chief|Cllr|Councillor)[A-Z][\w’'-]*\s?){1,3}"
    r"(?:,\s(?:[A-Z][\w’'-]*\s?){1,3})*(?:,?\s?(?:and|&)\s)(?!the\b|Police|Probation|NHS|Fire|Head|Director|Chief)[A-Z]"
)
_NEVER_ALONE = frozenset(
    "Meeting Partnership Conference Group Board Panel Forum Network Trust Association Agency Department "
    "Commissioner".split()
)


#: Short words in names, as people write them.
_SHORT_WORDS = {
    "grp": "group", "assoc": "association", "assn": "association", "dept": "department", "det": "detective",
    "supt": "superintendent", "insp": "inspector", "ch": "chief", "sgt": "sergeant", "mgr": "manager",
    "coord": "coordinator", "co-ordinator": "coordinator", "asst": "assistant", "dir": "director", "exec": "executive",
    "svc": "service", "serv": "service", "svcs": "services", "cttee": "committee", "ptnrship": "partnership",
    "pship": "partnership", "n'hood": "neighbourhood", "neighbhd": "neighbourhood", "comm": "community",
    "mgmt": "management", "rep": "representative", "sub-group": "subgroup", "combatting": "combating",
    "licencing": "licensing", "da": "domestic abuse", "asb": "anti-social behaviour",
    "vawg": "violence against women and girls", "sv": "serious violence", "ha": "housing association", "&": "and",
    "hq": "headquarters",
}  # fmt: skip


def written_out(name: str) -> str:
    """A name with its short words in full: 'DA Partnership Grp' -> 'domestic abuse Partnership group'."""
    words = name.replace("’", "'").split()
    return " ".join(_SHORT_WORDS.get(w.lower().strip(".,"), w) for w in words)


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name in a text, and its kind."""

    start: int
    end: int
    kind: BodyKind
    ending: str  #: the words by which it was known


class NameFinder:
    """Finds the names of bodies and posts by the openings and endings that the ontology lists.

    Args:
        ontology: gives the openings and endings.

    """

    def __init__(self, ontology: Ontology) -> None:
        self._kinds: dict[str, BodyKind] = {}
        self._start_kinds: dict[str, BodyKind] = {}
        for kind in ontology.kinds.values():
            for ending in kind.name_endings:
                self._kinds.setdefault(_key(ending), kind)
            for start in kind.name_starts:
                self._start_kinds.setdefault(_key(start), kind)
        self._endings = _any_of({e for k in ontology.kinds.values() for e in k.name_endings}, "s?")
        self._starts = _any_of({s for k in ontology.kinds.values() for s in k.name_starts}, "")

    def find(self, text: str, bodies: list[tuple[int, int]], outside: list[tuple[int, int]]) -> list[Name]:
        """The names in `text`, longest first where they overlap.

        Args:
            text: one block.
            bodies: places of bodies known by their wording, at which a list such as 'the Council and X Group' divides.
            outside: those of them that are no service of the council: 'Licensing and Enforcement Manager' is one post.

        """
        found = [*self._by_start(text), *self._by_ending(text, bodies, outside), *self._quoted(text)]
        found.sort(key=lambda name: (name.start - name.end, name.start))
        kept: list[Name] = []
        for name in found:
            if all(name.end <= other.start or name.start >= other.end for other in kept):
                kept.append(name)
        return sorted(kept, key=lambda name: name.start)

    def kind_of(self, name: str) -> BodyKind | None:
        """The kind of a whole name, such as what a cell of a table holds."""
        name = re.sub(r"\s*\([^()]*\)\s*$", "", name) or name
        ends = [m for m in self._endings.finditer(name) if m.end() == len(name.rstrip(" )"))]
        if ends:
            return self._kind(ends[0].group())
        start = self._starts.match(name)
        return self._start_kinds.get(_key(start.group())) if start else None

    def _kind(self, ending: str) -> BodyKind | None:
        key = _key(ending)
        return self._kinds.get(key) or self._kinds.get(key.removesuffix("s"))

    def _by_ending(self, text: str, bodies: list[tuple[int, int]], outside: list[tuple[int, int]]) -> Iterator[Name]:
        for match in self._endings.finditer(text):
            if not match.group()[0].isupper():
                continue
            kind = self._kind(match.group())
            start = _leftwards(
                text,
                match.start(),
                outside if kind is not None and kind.type == "Role" else bodies,
                commas=kind is not None and kind.type == "Source",
            )
            office = text.find("Office of ", start, match.start())
            start = office if office > start else start
            alone = start == match.start()
            if _NOT_A_BODY.match(text, match.end()):
                continue
            if kind is None or (
                alone and (match.group() in _NEVER_ALONE or (kind.type != "Role" and " " not in match.group()))
            ):
                continue
            end = match.end()
            aside = re.match(r"\s\([A-Z][\w &]+\)", text[end:]) if kind.type == "Role" else None
            yield Name(start, end + (aside.end() if aside else 0), kind, match.group())

    def _by_start(self, text: str) -> Iterator[Name]:
        for match in self._starts.finditer(text):
            kind = self._start_kinds.get(_key(match.group()))
            end = _rightwards(text, match.end())
            if kind and match.group()[0].isupper() and end > match.end():
                yield Name(_leftwards(text, match.start(), [(0, match.start())]), end, kind, match.group())

    def _quoted(self, text: str) -> Iterator[Name]:
        for match in _QUOTED_GROUP.finditer(text):
            kind = self._kind("Group")
            if kind and match.group(1)[0].isupper():
                yield Name(match.start(), match.end(), kind, match.group(2))


def _key(words: str) -> str:
    return " ".join(words.lower().replace("’", "'").replace("-", " ").split())


def _any_of(phrases: set[str], plural: str) -> re.Pattern[str]:
    alternatives = sorted(phrases, key=lambda p: (-len(p), p))
    body = "|".join(re.escape(p).replace(r"\ ", r"\s+").replace("'", "[’']") for p in alternatives)
    return re.compile(rf"(?<![\w-])(?:{body}){plural}(?![\w-]|[’'](?!s\b))")


#: No name begins farther to the left of its last words, in characters; or a long text takes the square of its length.
_FARTHEST_NAME = 400


def _leftwards(text: str, start: int, bodies: list[tuple[int, int]], *, commas: bool = False) -> int:
    """Where a name begins whose last words begin at `start`.

    The name takes in the capitalised words to its left, and connectors between them; with `commas`, also those in
    'Housing, Highways and Parks Scrutiny Committee'.
    """
    crossed = False
    words = list(_WORD.finditer(text, max(0, start - _FARTHEST_NAME), start))
    reach = right = start
    for word in reversed(words[-10:]):
        gap = text[word.end() : right]
        if not re.fullmatch(r"\s*(?:\([A-Z]{2,6}\)\s*)?", gap) and not (commas and crossed and gap == ", "):
            break
        token = word.group()
        if token in _INNER:
            right = word.start()
            if token == "the" and not re.search(r"\b(?:of|for)\s$", text[: word.start()]):
                break
            crossed = crossed or token in ("and", "&")
            if token in ("and", "&") and (
                any(s < word.start() <= e + 1 for s, e in bodies) or _joins_posts(text, word)
            ):
                break  # 'the Police and Harbour Trust' are two, and so are 'the Manager and the Director of Housing'
            continue
        if not token[0].isupper() or token in OPENERS:
            break
        reach = right = word.start()
    return reach


def _joins_posts(text: str, conjunction: re.Match[str]) -> bool:
    return bool(_POST.search(text, 0, conjunction.start()) or _POST_AHEAD.match(text, conjunction.end()))


def _rightwards(text: str, end: int) -> int:
    """Where a name ends whose first words end at `end`."""
    reach = at = end
    for word in _WORD.finditer(text, end):
        token = word.group()
        gap = text[at : word.start()]
        if gap.strip() and not (gap == ", " and _FIELDS.match(text, at)):
            break
        at = word.end()
        if token in _CONNECTORS:
            if token in ("and", "&") and _joins_posts(text, word):
                break
            if token == "the" and text[reach : word.start()].split()[-1:] in (
                ["and"],
                ["with"],
                ["to"],
                ["in"],
                ["on"],
            ):
                break
            continue
        if not token[0].isupper() or (token in ("Police", "Council") and text[reach:at].split()[:1] == ["and"]):
            break
        reach = word.end()
    return reach
