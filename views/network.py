"""The network as one HTML page that opens offline: columns from issues to those who must act, gaps on top.

pyvis holds the graph and renders the page, through a template of our own and with positions that we work out, so that
the same graph gives the same bytes and the same picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from ..ontology import GoldenthreadError, Ontology, load_ontology
from .columns import BACKGROUND, COLUMN_OF, COLUMNS, heading_of, legend_of
from .layout import COLUMN_GAP, LANE, LINE, ROW_GAP, TOP, WIDTH, Picture, picture_of
from .page import assets, environment, static
from .scene import Gap, Item, Scene, flag_of, way_of

#: With more nodes than this, the page opens on the gaps and what leads to them.
MANY = 120
#: With more nodes than this, a picture helps nobody, and a laptop has trouble with it.
MOST = 5000
#: With more statements than this, their list is folded up, and the paragraphs in which their words stand are left out.
MOST_LISTED = 3000

#: The page's own scripts, in the order in which they need one another.
_SCRIPTS = ("network_data.js", "network_picture.js", "network.js")

_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 1, "improvedLayout": False},
    "interaction": {
        "dragNodes": False, "dragView": False, "zoomView": False, "hover": True,
        "selectConnectedEdges": False, "hoverConnectedEdges": False,
    },
}  # fmt: skip


def network_page(
    scenes: Sequence[Scene], *, title: str, focus: str | None = None, ontology: Ontology | None = None
) -> str:
    """Return the page.

    Args:
        scenes: what it draws, one for each partnership.
        title: the heading.
        focus: id of the item with which it opens.
        ontology: gives the names of classes; goldenthread's own when None.

    Raises:
        GoldenthreadError: there is too much for one picture.

    """
    known = ontology or load_ontology()
    items = [item for scene in scenes for item in scene.items.values()]
    links = [link for scene in scenes for link in scene.links]
    if len(items) > MOST:
        raise GoldenthreadError(
            f"{len(items):,} items are too many for one picture. Narrow it: --partnership for one partnership, "
            "--theme for one theme, --gaps for the gaps and what leads to them, --focus for what is near one thing, "
            "or --focus and --to for the way between two."
        )
    picture = picture_of(items, links)
    chosen = next((str(item.number) for item in items if item.id == focus), None)
    page = {
        "focus": chosen,
        "gaps": [_gap_row(gap, scene) | {"part": part} for part, scene in enumerate(scenes) for gap in scene.gaps],
        "partnerships": [scene.label for scene in scenes],
        "columns": [
            {"style": style, "heading": heading_of(n, {i.type for i in items}, known)}
            for n, (style, _) in enumerate(COLUMNS)
        ],
        "many": MANY,
        "sizes": {"width": WIDTH, "gap": COLUMN_GAP, "row": ROW_GAP, "lane": LANE, "top": TOP, "line": LINE},
        "lanes": [
            {"id": name, "column": column, "order": order}
            for column, names in enumerate(picture.columns)
            for order, name in enumerate(names)
            if name not in picture.boxes
        ],
    }
    return _render(scenes, page, picture, title, known)


def _gap_row(gap: Gap, scene: Scene) -> dict[str, Any]:
    flag, item = flag_of(gap), scene.items.get(gap["id"])
    return {
        "node": str(item.number) if item else None, "label": gap["label"], "name": flag.name, "broken": flag.broken,
        "message": flag.message, "hint": flag.hint,
    }  # fmt: skip


def _background(items: Sequence[Item], known: Ontology) -> str:
    """Name what is not drawn at first, such as 'plans and sources'; empty when there is none."""
    names = [known.classes[t].plural for t in COLUMN_OF if t in BACKGROUND & {item.type for item in items}]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _render(scenes: Sequence[Scene], page: dict[str, Any], picture: Picture, title: str, known: Ontology) -> str:
    from pyvis.network import Network  # type: ignore[import-untyped]  # pyvis has no types

    net = Network(directed=True, cdn_resources="in_line")
    net.options = _OPTIONS
    net.templateEnv = environment()
    net.path = "network.html.j2"
    parts = {item.number: part for part, scene in enumerate(scenes) for item in scene.items.values()}
    order = {name: number for names in picture.columns for number, name in enumerate(names)}
    for name, box in picture.boxes.items():
        item = box.item
        net.add_node(
            str(item.number), label=item.label, shape="custom", x=item.column * (WIDTH + COLUMN_GAP) + WIDTH / 2,
            y=picture.centre[name], order=order[name], height=box.height, lines=list(box.lines), caption=box.caption,
            gap=box.gap, kind=item.kind, theme=item.theme, broken=item.broken, background=item.background,
            column=item.column, group=item.group, past=not item.in_force, plans=list(item.plans),
            part=parts[item.number],
        )  # fmt: skip
    links = [link for scene in scenes for link in scene.links]
    ways = {(link.relation, link.inverse): way_of(link) for link in links}
    page["relations"] = [{"words": words, "inverse": inverse, "way": way} for (words, inverse), way in ways.items()]
    relations = {words: number for number, words in enumerate(ways)}
    for link in links:
        # The page draws the lines itself, through their lanes.
        net.add_edge(
            str(link.subject.number), str(link.object.number), id=str(link.number), lanes=picture.lanes[link],
            status=link.status_in_words, possible=link.suggested, relation=relations[link.relation, link.inverse],
        )  # fmt: skip
    items = [item for scene in scenes for item in scene.items.values()]
    few = len(links) <= MOST_LISTED
    net.templateEnv.globals |= assets([static("base.js"), vis_network(), *map(static, _SCRIPTS)],
        ["base.css", "network.css"]) | {
        "page": page, "title": title, "scenes": scenes, "legend": legend_of((item.type for item in items), known),
        "few": few, "background": _background(items, known),
        "themes": sorted({theme for scene in scenes for theme in scene.themes}),
    }  # fmt: skip
    text: str = net.generate_html()
    return text.rstrip("\n") + "\n"


def vis_network() -> str:
    """Return the vis-network library that comes with pyvis, fit to stand inside a page.

    Raises:
        GoldenthreadError: this pyvis comes without it, or with something that cannot stand inside a page.

    """
    folders = [folder for folder in (files("pyvis") / "lib").iterdir() if folder.name.startswith("vis-")]
    newest = max(folders, key=lambda f: [int(n) for n in f.name.removeprefix("vis-").split(".")], default=None)
    script = newest / "vis-network.min.js" if newest else None
    if script is None or not script.is_file():
        raise GoldenthreadError(
            "pyvis comes without vis-network here. Install it again: pip install --force-reinstall pyvis"
        )
    # The policy's hashes count line ends as a browser reads them.
    text = script.read_bytes().decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"//# sourceMappingURL=\S*", "", text)
    if "</script" in text.lower() or "<!--" in text:
        raise GoldenthreadError("The vis-network of this pyvis cannot stand inside a page. Install pyvis 0.3.2.")
    return text
