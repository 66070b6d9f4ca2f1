"""Counts the words of a sheet that are not read: in shapes, charts, controls and page headers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from .containers import OfficePackage
from .writing import counted

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_DRAWN_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}cNvPr"
_CONTROL = re.compile(rb"<v:textbox[^>]*>(.*?)</v:textbox>", re.DOTALL | re.IGNORECASE)
_EDGE = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)[^>/]*>([^<]*)<")
#: In the header of a page: '&P' for the number of the page, '&"Arial,Bold"' for a font, and the like.
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|K\d\d[+-]\d{3}|\d+|[A-Z])|&', re.IGNORECASE)


def beside_cells(package: OfficePackage, part: str, data: bytes) -> Iterator[str]:
    """What a sheet holds outside its cells, which is not read, and how much: '12 words in shapes'."""
    shapes = described = charts = controls = 0
    for kind, target, outside in package.relations(part).values():
        if kind == "drawing" and not outside and (root := package.part(target)) is not None:
            for paragraph in root.iter(_DRAWN_PARAGRAPH):
                shapes += len("".join(text.text or "" for text in paragraph.iter(_DRAWN)).split())
            described += sum(len((each.get("descr") or "").split()) for each in root.iter(_PROPERTIES))
            charts += sum(
                1 for inner, _, _ in package.relations(target).values() if inner in ("chart", "chartEx", "diagramData")
            )
        elif kind == "vmlDrawing" and not outside:  # often not well-formed
            for found in _CONTROL.findall(package.read(target) or b""):
                controls += len(html.unescape(re.sub(r"<[^>]*>", " ", found.decode("utf-8", "replace"))).split())
    edges = {html.unescape(found.decode("utf-8", "replace")) for found in _EDGE.findall(data)}
    for count, where in (
        (shapes, "in shapes"),
        (described, "that describe pictures"),
        (controls, "on buttons and other controls"),
        (sum(len(_CODE.sub(" ", edge).split()) for edge in edges), "in the headers and footers of pages"),
    ):
        if count:
            yield f"{counted(count)} {where}"
    if charts:
        yield "a chart or diagram" if charts == 1 else f"{charts} charts and diagrams"
