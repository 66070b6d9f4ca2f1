"""Tells which elements of a web page are no text of it: menus, banners, controls, and what nobody can open.

What a class or an id is called never decides that alone: `anti-social-behaviour` is no box of social media. An element
that is named like a menu is one where most of its words are links.
"""

from __future__ import annotations

import re
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

#: Left out without a word: they hold no text of the page, or only the ways to other pages.
SILENT = frozenset(("script", "style", "template", "head", "nav"))
#: Left out, and a note says how many words. These divide the words around them.
DIVIDING = frozenset(("noscript", "noembed", "noframes", "dialog"))
#: And these stand in a line with them.
_NEVER_INLINE = frozenset("select option input textarea svg iframe object img".split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: A header or footer inside one of these is the passage's own, elsewhere it is the site's.
_PASSAGES = ("main", "article", "section", "blockquote", "figure")
#: Never a menu, whatever they are called.
_WHOLE = frozenset(("html", "body", "main", "article")) | _HEADINGS
_NAMES = re.compile(
    r"\b(?:breadcrumbs?|cookies?|skip-?(?:link|to)|site-?(?:header|footer|nav)|menu|share|social"
    r"|pagination|mgLinks|mgSideBar|related)\b",
    re.IGNORECASE,
)
#: As what words struck through are left out.
STRUCK = "what is struck through"
_STRUCK = frozenset(("del", "s", "strike"))
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
#: Parts of tables, of which a style alone tells that they are hidden; other elements may be opened by a program.
_OF_TABLES = frozenset("table thead tbody tfoot tr td th col colgroup".split())
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_WITH_ID = etree.XPath("//*[@id]")
_OPENS = etree.XPath("//*[@aria-controls or @data-toggle or @data-bs-toggle or @role='tab']")
_CONTROLS = ("button", "input")
_LINKS = frozenset(("a", "button", "select"))
#: How many words beside its links a menu has at most.
_MOST_WORDS = 60
#: How many words a notice about cookies has at most.
_LONGEST_NOTICE = 250


class Boilerplate:
    """What belongs to the site or the browser on one page, and not to its text."""

    def __init__(self, root: HtmlElement) -> None:
        self._by_id = {each.get("id"): each for each in cast(list[HtmlElement], _WITH_ID(root))}
        #: what a button or a tab opens
        self._opened = {name for each in cast(list[HtmlElement], _OPENS(root)) for name in _targets(each)}
        self._counts: dict[HtmlElement, tuple[int, int]] = {}  #: words in links and words beside them
        self._titled = any(next(h1.iterancestors("header"), None) is None for h1 in root.iter("h1"))

    def why(self, element: HtmlElement) -> str:
        """As what an element is left out; '' when it is text of the page."""
        tag = element.tag
        named = _NAMES.search(f"{element.get('class', '')} {element.get('id', '')}")
        if named and tag not in _WHOLE and self._is_banner(element, named.group()):
            return f"“{named.group()}”"
        if unseen := self.unseen(element):
            return unseen
        if tag == "img":
            return "descriptions of pictures"
        if tag in DIVIDING or tag in _NEVER_INLINE:
            return str(tag)
        if tag in ("header", "footer"):
            own = next(element.iterancestors(*_PASSAGES), None) is not None or self._is_title(element)
            return "" if own and not self._is_menu(element) else str(tag)
        if tag == "aside":
            return "aside" if self._is_menu(element) else ""
        if tag == "button":
            return "" if self._is_heading(element) else "button"
        return ""

    def unseen(self, element: HtmlElement) -> str:
        """As what the words of an element inside a table are left out; '' when they are seen."""
        if element.tag in _STRUCK or _STRUCK_STYLE.search(element.get("style") or ""):
            return STRUCK
        gone = element.tag in _OF_TABLES and _HIDDEN_STYLE.search(element.get("style") or "")
        return "what is hidden" if gone or self._is_hidden(element) else ""

    def _is_title(self, element: HtmlElement) -> bool:
        """Whether this is the header that holds the only main heading."""
        return not self._titled and element.tag == "header" and next(element.iter("h1"), None) is not None

    def _is_heading(self, button: HtmlElement) -> bool:
        """Whether a button stands above the words that it opens."""
        if next(button.iterancestors("summary", *_HEADINGS), None) is not None:
            return True
        return any(name in self._by_id and not self._is_menu(self._by_id[name]) for name in _targets(button))

    def _is_hidden(self, element: HtmlElement) -> bool:
        """Whether no reader of the page can come to see it."""
        hidden = element.get("hidden")
        if hidden is None and element.get("aria-hidden") != "true":
            return False
        name = element.get("id")
        opens = element.get("role") == "tabpanel" or (name is not None and name in self._opened)
        return hidden != "until-found" and not (opens and not self._is_menu(element))

    def _is_banner(self, element: HtmlElement, name: str) -> bool:
        """Whether what is named like a menu or a notice is one."""
        if self._is_menu(element):
            return True
        is_notice = name.lower().startswith("cookie") and next(element.iter(*_CONTROLS), None) is not None
        return is_notice and sum(self._counts[element]) <= _LONGEST_NOTICE

    def _is_menu(self, element: HtmlElement) -> bool:
        """Whether at least half of an element's words are links, and few are not; also where it has none."""
        if element.tag in SILENT:
            return True
        if element not in self._counts:
            self._counts |= _counts(element)
        linked, plain = self._counts[element]
        return plain <= min(linked, _MOST_WORDS)


def _counts(top: HtmlElement) -> dict[HtmlElement, tuple[int, int]]:
    """Of an element and each that it holds: how many words stand in links, and how many do not."""
    counts: dict[HtmlElement, tuple[int, int]] = {}
    linked = plain = inside = 0
    before: list[tuple[int, int]] = []
    for event, each in etree.iterwalk(top, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            words = len((each.tail or "").split())
        elif event == "start":
            before.append((linked, plain))
            inside += each.tag in _LINKS
            words = len((each.text or "").split()) if each.tag not in SILENT else 0
        else:
            inside -= each.tag in _LINKS
            words = 0
            then = before.pop()
            counts[each] = (linked - then[0], plain - then[1])
            if each is not top:
                words = len((each.tail or "").split())
        linked, plain = (linked + words, plain) if inside else (linked, plain + words)
    return counts


def _targets(element: HtmlElement) -> tuple[str, ...]:
    """The ids of what a button or a tab opens."""
    names = tuple((element.get("aria-controls") or "").split())
    if element.get("role") == "tab" or element.get("data-toggle") or element.get("data-bs-toggle"):
        names += tuple(
            value[1:]
            for key in ("href", "data-target", "data-bs-target")
            if len(value := element.get(key) or "") > 1 and value.startswith("#")
        )
    return names
