"""What styles and lists of a Word document say of a paragraph: heading, list level, number, hidden, bold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: 'Heading 2' as the Word of other countries names it, and as a style's id.
_HEADING = re.compile(
    r"^(?:heading|pennawd|titre|überschrift|berschrift|título|titulo|titolo|kop|rubrik|overskrift|otsikko|nagłówek"
    r"|nadpis|ceannteideal)[ _]?([1-9])\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"^(?:title|teitl|titel|titre|título|titolo)$", re.IGNORECASE)
_LIST = re.compile(r"^list[ _]?(?:bullet|number)[ _]?([2-9])?$", re.IGNORECASE)
_QUOTATION = re.compile(r"\b(?:intense )?quot(?:e|ation)s?\b|^block text$", re.IGNORECASE)
_CONTENTS = re.compile(r"^(?:toc ?[1-9]|toc ?heading|table of figures|contents)$", re.IGNORECASE)
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a paragraph stands in a list: the level, 0 the outermost, and its number or sign as shown."""

    level: int
    label: str


class Styles:
    """The paragraph and character styles, with what they inherit."""

    def __init__(self, root: _Element | None) -> None:
        self._by_id: dict[str, _Element] = {}
        self._default: dict[str, str] = {}
        for style in [] if root is None else root.iterfind(f"{W}style"):
            key, kind = style.get(f"{W}styleId") or "", style.get(f"{W}type") or "paragraph"
            self._by_id.setdefault(key, style)
            if style.get(f"{W}default") in ("1", "true"):
                self._default[kind] = key
        self._names: dict[str, list[str]] = {}
        self._switches: dict[tuple[str, str], bool | None] = {}
        self._sizes: dict[str, int] = {}

    def of(self, properties: _Element | None) -> str:
        """The id of a paragraph's style."""
        return value(properties, "pStyle") or self._default.get("paragraph", "")

    def chain(self, style: str) -> Iterator[_Element]:
        """The style and those it is based on, nearest first."""
        seen = set()
        while style in self._by_id and style not in seen:
            seen.add(style)
            yield self._by_id[style]
            style = value(self._by_id[style], "basedOn") or ""

    def names(self, style: str) -> list[str]:
        """The names of the style and those it is based on; without definitions, its id."""
        if style not in self._names:
            self._names[style] = [value(s, "name") or "" for s in self.chain(style)] or [style]
        return self._names[style]

    def heading_level(self, style: str, properties: _Element | None) -> int:
        """1 for the highest heading, 0 for no heading; what the paragraph itself says comes first."""
        own = value(properties, "outlineLvl")
        for outline in [own] if own else (value(s.find(f"{W}pPr"), "outlineLvl") for s in self.chain(style)):
            if outline:
                return (count(outline, 9) + 1) % 10
        for name in self.names(style):
            if found := _HEADING.match(name):
                return int(found.group(1))
            if _TITLE.match(name):
                return 1
            if name.lower() == "subtitle":
                return 2
        return 0

    def is_quotation(self, style: str) -> bool:
        return bool(_QUOTATION.search(self.names(style)[0]))

    def is_contents(self, style: str) -> bool:
        """Whether it is a line of a table of contents, which only repeats the headings."""
        return bool(_CONTENTS.match(self.names(style)[0]))

    def list_depth(self, style: str) -> int | None:
        """The level in the name of a list style: 0 for 'List Bullet', 1 for 'List Bullet 2'; None for no list."""
        for name in self.names(style):
            if found := _LIST.match(name):
                return int(found.group(1) or 1) - 1
        return None

    def on(self, name: str, run: _Element | None, style: str) -> bool:
        """Whether a property such as 'b' or 'vanish' holds for a run in a paragraph of this style."""
        own = _switch(run, name)
        if own is not None:
            return own
        character = value(run, "rStyle")
        held = self._inherited(name, character) if character else None
        return bool(self._inherited(name, style) if held is None else held)

    def _inherited(self, name: str, style: str) -> bool | None:
        if (name, style) not in self._switches:
            held = (_switch(each.find(f"{W}rPr"), name) for each in self.chain(style))
            self._switches[name, style] = next((h for h in held if h is not None), None)
        return self._switches[name, style]

    def size(self, run: _Element | None, style: str) -> int:
        """The size of a run's letters in half points; 22 where nothing says."""
        own = value(run, "sz")
        if own:
            return count(own, 22)
        if style not in self._sizes:
            sizes = (value(each.find(f"{W}rPr"), "sz") for each in self.chain(style))
            self._sizes[style] = next((count(size, 22) for size in sizes if size), 22)
        return self._sizes[style]


class Numbering:
    """The lists of a document, counting as its paragraphs come."""

    def __init__(self, root: _Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract = (
            {} if root is None else {a.get(f"{W}abstractNumId"): a for a in root.iterfind(f"{W}abstractNum")}
        )
        self._nums = {} if root is None else {n.get(f"{W}numId"): n for n in root.iterfind(f"{W}num")}
        self._levels: dict[str, tuple[str, dict[int, _Element]]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()

    def place(self, style: str, properties: _Element | None) -> ListPlace | None:
        """Where the paragraph stands in a list, and count it; None when it stands in none."""
        own = None if properties is None else properties.find(f"{W}numPr")
        num, level = value(own, "numId"), value(own, "ilvl")
        if num is None:
            num, level = self._of_style(style, level)
        depth = self._styles.list_depth(style)
        if num is None:
            return None if depth is None else ListPlace(depth, "•")
        if num == "0":
            return None
        at = count(level, 0)
        return ListPlace(max(at, depth or 0), self._label(num, at))

    def _of_style(self, style: str, level: str | None) -> tuple[str | None, str | None]:
        for inherited in self._styles.chain(style):
            found = inherited.find(f"{W}pPr/{W}numPr")
            num = value(found, "numId")
            if num is not None:
                levels = self._of(num)[1]
                here = inherited.get(f"{W}styleId")
                linked = next((str(n) for n, each in levels.items() if value(each, "pStyle") == here), None)
                return num, level or linked or value(found, "ilvl")
        return None, None

    def _of(self, num: str) -> tuple[str, dict[int, _Element]]:
        """The id of the list that counts for `num`, and its levels."""
        if num not in self._levels:
            abstract = value(self._nums.get(num), "abstractNumId") or ""
            definition = self._abstract.get(abstract)
            link = value(definition, "numStyleLink")
            if link:
                for style in self._styles.chain(link):
                    other = value(style.find(f"{W}pPr/{W}numPr"), "numId")
                    definition = self._abstract.get(value(self._nums.get(other), "abstractNumId") or "", definition)
            levels = (
                {}
                if definition is None
                else {count(each.get(f"{W}ilvl"), 0): each for each in definition.iterfind(f"{W}lvl")}
            )
            self._levels[num] = abstract, levels
        return self._levels[num]

    def _label(self, num: str, at: int) -> str:
        abstract, levels = self._of(num)
        if at not in levels:
            return "•"
        counts = self._counts[abstract]
        self._restart(num, at, counts)
        counts[at] = counts[at] + 1 if at in counts else self._start(levels.get(at))
        for deeper in [n for n in counts if n > at]:
            del counts[deeper]
        if value(levels[at], "numFmt") == "bullet":
            return "•"
        return re.sub(
            r"%([1-9])", lambda m: self._number(levels, counts, int(m.group(1)) - 1), value(levels[at], "lvlText") or ""
        ).strip()

    def _restart(self, num: str, at: int, counts: dict[int, int]) -> None:
        if (num, at) not in self._started:
            self._started.add((num, at))
            for override in self._nums[num].iterfind(f"{W}lvlOverride"):
                start = value(override, "startOverride")
                if override.get(f"{W}ilvl") == str(at) and start:
                    counts[at] = count(start, 1) - 1

    @staticmethod
    def _start(level: _Element | None) -> int:
        return count(value(level, "start"), 1)

    def _number(self, levels: dict[int, _Element], counts: dict[int, int], at: int) -> str:
        number = counts.get(at, self._start(levels.get(at)))
        style = value(levels.get(at), "numFmt") or "decimal"
        if style == "none":
            return ""
        if not 0 < number < 1000:
            return str(number)
        if style in ("lowerLetter", "upperLetter"):
            text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        elif style in ("lowerRoman", "upperRoman"):
            text = _roman(number)
        else:
            return str(number)
        return text.upper() if style.startswith("upper") else text


def value(element: _Element | None, name: str) -> str | None:
    """The w:val of the child called `name`."""
    child = None if element is None else element.find(W + name)
    return None if child is None else child.get(f"{W}val")


def count(text: str | None, otherwise: int) -> int:
    """A small whole number as the XML writes it, or `otherwise` for what is none."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else otherwise


def _switch(properties: _Element | None, name: str) -> bool | None:
    child = None if properties is None else properties.find(W + name)
    return None if child is None else child.get(f"{W}val") not in ("0", "false", "off", "none")


def _roman(number: int) -> str:
    text = ""
    for worth, sign in _ROMAN:
        text += sign * (number // worth)
        number %= worth
    return text
