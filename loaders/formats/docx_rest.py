"""Counts what is left out of a Word document: page headers, drawings, form fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .containers import OfficePackage
from .docx_styles import W, count

if TYPE_CHECKING:
    from lxml.etree import _Element

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"
_EMBEDDED = "{urn:schemas-microsoft-com:office:office}OLEObject"
_UNSEEN = frozenset((W + "del", W + "moveFrom"))


def word_count(element: _Element) -> int:
    """How many words an element holds, without those that were deleted."""
    return len("".join(_pieces(element)).split())


def _pieces(element: _Element) -> Iterator[str]:
    if element.tag == W + "t":
        yield element.text or ""
    elif element.tag in (W + "p", W + "tab", W + "br"):
        yield " "
    for child in element:
        if child.tag not in _UNSEEN:
            yield from _pieces(child)


def deleted_words(element: _Element) -> int:
    """How many words an element holds that tracked changes deleted."""
    return sum(len((each.text or "").split()) for each in element.iter(W + "delText"))


def page_edges(package: OfficePackage, main: str) -> int:
    """How many words stand in the headers and footers of the pages, those of each text once."""
    texts = set()
    for kind, target, outside in package.relations(main).values():
        root = package.part(target) if kind in ("header", "footer") and not outside else None
        if root is not None:
            texts.add(" ".join("".join(_pieces(root)).split()))
            texts |= {art.get("string") or "" for art in root.iter(_WORD_ART)}
    return sum(len(text.split()) for text in texts)


def drawn(element: _Element) -> Counter[str]:
    """What one part of a drawing holds that is not read, by kind: how many words, or embedded documents."""
    found: Counter[str] = Counter()
    if element.tag == _DRAWN:
        found["in drawings"] = len((element.text or "").split())
    elif element.tag == _WORD_ART:
        found["in drawings"] = len((element.get("string") or "").split())
    elif element.tag == _PROPERTIES:
        found["that describe pictures"] = len((element.get("descr") or "").split())
    elif element.tag == _EMBEDDED:
        found["embedded"] = 1
    return found


def chosen_entry(field: _Element) -> str:
    """The entry that is chosen in a list of an old form; '' when the field is no list."""
    choices = field.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return ""
    entries = [entry.get(f"{W}val") or "" for entry in choices.iterfind(f"{W}listEntry")]
    result = choices.find(f"{W}result")
    if result is None:
        result = choices.find(f"{W}default")
    at = count(None if result is None else result.get(f"{W}val"), 0)
    return entries[at] if at < len(entries) else ""
