"""The network as one HTML page that opens offline: columns from issues to those who must act, gaps on top.

pyvis holds the graph and renders the page, through a template of our own and with positions that we work out, so that
the same graph gives the same bytes and the same picture. The page requests nothing and runs only scripts whose hash
its content security policy names; what documents say enters it as escaped text or as JSON, never as markup.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..ontology import GoldenthreadError, Ontology, load_ontology

if TYPE_CHECKING:
    import networkx as nx

#: The columns from left to right, and the classes that stand in each. Style names are those of static/network.css.
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("source", ("Source", "Request", "Duty", "Document")),
    ("issue", ("Issue",)),
    ("priority", ("Priority", "Action", "Plan")),
    ("subgroup", ("Subgroup", "Partnership")),
    ("partner", ("Partner", "Role")),
)
_COLUMN_OF = {type_: number for number, (_, types) in enumerate(COLUMNS) for type_ in types}
#: Classes that are not drawn until asked for: everything hangs on them, and lines to them hide the thread.
BACKGROUND = frozenset({"Source", "Request", "Duty", "Document", "Plan", "Partnership"})
#: With more nodes than this, the page opens on the gaps and what leads to them.
MANY = 120
#: How many steps from the item in focus a page goes.
RADIUS = 2

# Pixels: of a box, of its text, between boxes, and of the lane that a line takes through a column.
WIDTH, COLUMN_GAP, ROW_GAP, LANE = 184, 57, 9, 7
_TEXT_WIDTH, _LINE, _PADDING, _TOP = 164, 16, 8, 12
_MOST_LINES = 3
_SWEEPS = 6

_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 1, "improvedLayout": False},
    "interaction": {
        "dragNodes": False, "dragView": False, "zoomView": False, "hover": True,
        "selectConnectedEdges": False, "hoverConnectedEdges": False,
    },
}  # fmt: skip


@dataclass
class _Picture:
    """What the page draws: nodes and lanes in their columns, from top to bottom."""

    columns: list[list[str]]  #: ids of nodes, and of lanes
    heights: dict[str, int]
    lanes: dict[str, list[str]] = field(default_factory=dict)  #: by edge id, from left to right
    centre: dict[str, float] = field(default_factory=dict)


def network_page(
    graph: nx.MultiDiGraph[str],
    *,
    title: str,
    finding: str,
    gaps: Sequence[Mapping[str, Any]] = (),
    focus: str | None = None,
    ontology: Ontology | None = None,
) -> str:
    """Return the page for `graph`, which `goldenthread.graph.networks.as_networkx` made.

    Args:
        graph: what to draw; it is not altered.
        title: the heading.
        finding: the sentence above the picture.
        gaps: objects as `gaps --format json` gives them.
        focus: id of an item; the page then holds what is within two steps of it, and opens with it chosen.
        ontology: gives the names of classes and relations; goldenthread's own when None.

    Raises:
        GoldenthreadError: the item in focus is not in the graph.

    """
    known = ontology or load_ontology()
    if focus is not None:
        graph = _around(graph, focus)
        gaps = [gap for gap in gaps if gap["id"] in graph]
    # A subgraph's own order follows the hash seed.
    nodes = {name: graph.nodes[name] for name in sorted(graph)}
    edges = sorted(((a, b, key, data) for a, b, key, data in graph.edges(keys=True, data=True)), key=lambda e: e[:3])
    words = _gap_words(gaps, nodes)
    boxes = {name: _box(data, words.get(name)) for name, data in nodes.items()}
    picture = _arrange(boxes, edges)
    page = {
        "title": title,
        "finding": finding,
        "focus": focus,
        "gaps": [_gap_row(gap, nodes, known) for gap in gaps],
        "columns": _headings(boxes, known),
        "legend": _legend(boxes, known),
        "background": _background(boxes, known),
        "statements": [_statement_row(edge, nodes, graph.graph.get("documents", {}), known) for edge in edges],
        "types": {name: known.classes[name].label for name in sorted({box["type"] for box in boxes.values()})},
        "opening": "gaps" if len(nodes) > MANY and words else "all",
        "many": MANY,
        "sizes": {"width": WIDTH, "gap": COLUMN_GAP, "row": ROW_GAP, "lane": LANE, "top": _TOP, "line": _LINE},
        "lanes": [
            {"id": name, "column": column, "order": order}
            for column, items in enumerate(picture.columns)
            for order, name in enumerate(items)
            if name not in boxes
        ],
    }
    return _render(page, boxes, picture)


def _around(graph: nx.MultiDiGraph[str], focus: str) -> nx.MultiDiGraph[str]:
    import networkx as nx

    if focus not in graph:
        raise GoldenthreadError(f"'{focus}' is not in the graph. Look for its id with 'goldenthread search'.")
    near: nx.MultiDiGraph[str] = nx.ego_graph(graph, focus, radius=RADIUS, undirected=True)
    return near


# ------------------------------------------------------------------------------------------------ words on the page


def _gap_words(gaps: Iterable[Mapping[str, Any]], nodes: Mapping[str, Any]) -> dict[str, tuple[str, bool]]:
    """For each node with a gap, what its box says of it, and whether the thread is broken there."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for gap in sorted(gaps, key=lambda gap: bool(gap["severity"] == "info")):
        if gap["id"] in nodes:
            found[gap["id"]].append(gap)
    return {
        name: (_rule_words(first["rule"]) + (f" + {len(others)}" if others else ""), first["severity"] != "info")
        for name, (first, *others) in found.items()
    }


def _rule_words(rule: str) -> str:
    return rule.replace("-", " ").capitalize()


def _gap_row(gap: Mapping[str, Any], nodes: Mapping[str, Any], known: Ontology) -> dict[str, Any]:
    return {
        "id": gap["id"] if gap["id"] in nodes else None,
        "rule": _rule_words(gap["rule"]),
        "severity": gap["severity"],
        "label": gap["label"],
        "type": known.classes[gap["type"]].label if gap["type"] in known.classes else gap["type"],
        "message": gap["message"],
        "hint": gap.get("hint") or "",
    }


def _statement_row(edge: tuple[str, str, str, Any], nodes: Mapping[str, Any], documents: Any, known: Ontology) -> Any:
    """Return an edge as the table, the panel and the picture use it."""
    start, end, key, data = edge
    relation = known.relations[data["predicate"]]
    stance = f" ({data['stance']})" if data["stance"] else ""

    def source(name: str) -> str:
        document = documents.get(name, {})
        return ", ".join(filter(None, (document.get("title") or name, document.get("date"))))

    return {
        "id": f"{start}|{key}|{end}",
        "from": start,
        "to": end,
        "from_label": nodes[start]["label"],
        "to_label": nodes[end]["label"],
        "from_type": known.classes[nodes[start]["type"]].label,
        "to_type": known.classes[nodes[end]["type"]].label,
        "relation": relation.label + stance,
        "inverse": relation.inverse_label + stance,
        "status": data["status"],
        "evidence": [
            {"quote": quote, "document": source(name)} for quote, name in dict.fromkeys(zip(data["quotes"], data["documents"], strict=True))
        ],
    }


def _headings(boxes: Mapping[str, Any], known: Ontology) -> list[dict[str, str]]:
    """Name each column by the classes that stand in it; those of the background only where nothing else does."""
    present = {box["type"] for box in boxes.values()}

    def heading(types: tuple[str, ...]) -> str:
        shown = [t for t in types if t in present - BACKGROUND] or [t for t in types if t in present] or types[:1]
        return " and ".join(known.classes[t].plural for t in shown).capitalize()

    return [{"style": style, "heading": heading(types)} for style, types in COLUMNS]


def _legend(boxes: Mapping[str, Any], known: Ontology) -> list[dict[str, str]]:
    """Say for each colour what it stands for, such as 'Priorities (5), actions (3)'."""
    counts = Counter(box["type"] for box in boxes.values())

    def label(types: tuple[str, ...]) -> str:
        words = ", ".join(f"{known.classes[t].plural} ({counts[t]})" for t in types if counts[t])
        return words[:1].upper() + words[1:]

    return [{"style": style, "label": label(types)} for style, types in COLUMNS if label(types)]


def _background(boxes: Mapping[str, Any], known: Ontology) -> str:
    """Name what is not drawn at first, such as 'plans and sources'; empty when there is none."""
    names = [known.classes[t].plural for t in _COLUMN_OF if t in BACKGROUND & {b["type"] for b in boxes.values()}]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


# ---------------------------------------------------------------------------------------------------------- layout


def _box(data: Mapping[str, Any], gap: tuple[str, bool] | None) -> dict[str, Any]:
    """Return what the picture must know of a node: its words, cut into lines, and how high they make it."""
    column = _COLUMN_OF[data["type"]]
    lines = _lines(data["label"])
    main = data["type"] == COLUMNS[column][1][0]
    return {
        "label": data["label"], "type": data["type"], "column": column, "group": COLUMNS[column][0],
        "lines": lines, "caption": not main, "gap": gap[0] if gap else "", "broken": bool(gap and gap[1]),
        "background": data["type"] in BACKGROUND,
        "height": 2 * _PADDING + _LINE * (len(lines) + bool(gap) + (not main)),
    }  # fmt: skip


def _lines(label: str) -> list[str]:
    """Cut a label into lines that fit a box, at most three; the panel shows all of it."""
    lines = [""]
    for word in label.split() or ["(no name)"]:
        while _pixels(word) > _TEXT_WIDTH:
            cut = next(n for n in range(len(word), 0, -1) if n == 1 or _pixels(word[:n]) <= _TEXT_WIDTH)
            lines[-1:] = [line for line in (lines[-1], word[:cut]) if line] + [""]
            word = word[cut:] or "…"
        joined = f"{lines[-1]} {word}".strip()
        if _pixels(joined) <= _TEXT_WIDTH:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > _MOST_LINES:
        last = lines[_MOST_LINES - 1]
        while _pixels(last + "…") > _TEXT_WIDTH:
            last = last[:-1]
        lines[_MOST_LINES - 1 :] = [last.rstrip() + "…"]
    return lines


def _pixels(text: str) -> float:
    """Estimate the width of `text` in 13 pixel Arial, rather too wide than too narrow."""
    return sum(
        4.2 if c in "iljtfrI.,:;'|!()[]- " else 13.5 if unicodedata.east_asian_width(c) in "WF" else
        11.6 if c in "mwMW@%" else 9.4 if c.isupper() else 6.6 if c in "ckszvxy" else 7.4
        for c in text
    )  # fmt: skip


def _arrange(boxes: Mapping[str, Any], edges: Sequence[tuple[str, str, str, Any]]) -> _Picture:
    """Order each column so that lines cross little: gaps on top, then by the mean height of the neighbours.

    A line that passes over a column gets a lane through it; lines that start from one node on the left share theirs.
    """
    columns: list[list[str]] = [[] for _ in COLUMNS]
    for name in sorted(boxes, key=lambda n: (boxes[n]["label"].casefold(), n)):
        columns[boxes[name]["column"]].append(name)
    picture = _Picture(columns, {name: box["height"] for name, box in boxes.items()})
    beside: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for start, end, key, _ in edges:
        left, right = sorted((start, end), key=lambda n: boxes[n]["column"])
        first, last = boxes[left]["column"], boxes[right]["column"]
        lanes = [f"lane {column} {left}" for column in range(first + 1, last)]
        picture.lanes[f"{start}|{key}|{end}"] = lanes
        for column, lane in enumerate(lanes, first + 1):
            if lane not in picture.heights:
                columns[column].append(lane)
                picture.heights[lane] = LANE
        if first != last:
            stations = [left, *lanes, right]
            for (column, a), b in zip(enumerate(stations[:-1], first), stations[1:], strict=True):
                beside[a][column + 1].add(b)
                beside[b][column].add(a)
    for column in range(len(columns)):
        _stack(picture, column)
    for sweep in range(_SWEEPS):
        _sweep(picture, beside, boxes, towards_right=sweep % 2 == 0)
    return picture


def _sweep(picture: _Picture, beside: Any, boxes: Mapping[str, Any], *, towards_right: bool) -> None:
    """Order every column by where its neighbours in the column before stand."""
    step = 1 if towards_right else -1
    for column in range(len(picture.columns))[::step]:

        def place(name: str, before: int = column - step) -> tuple[bool, float, str]:
            others = sorted(picture.centre[n] for n in beside[name][before]) or [picture.centre[name]]
            return not boxes.get(name, {}).get("gap"), round(sum(others) / len(others), 3), name

        picture.columns[column].sort(key=place)
        _stack(picture, column)


def _stack(picture: _Picture, column: int) -> None:
    y = float(_TOP)
    for name in picture.columns[column]:
        height = picture.heights[name]
        picture.centre[name] = y + height / 2
        y += height + ROW_GAP


# ------------------------------------------------------------------------------------------------------- rendering


def _render(page: dict[str, Any], boxes: Mapping[str, Any], picture: _Picture) -> str:
    from jinja2 import Environment, FunctionLoader
    from markupsafe import Markup
    from pyvis.network import Network  # type: ignore[import-untyped]  # pyvis has no types

    net = Network(directed=True, cdn_resources="in_line")
    net.options = _OPTIONS
    net.templateEnv = Environment(loader=FunctionLoader(_template), autoescape=True, newline_sequence="\n")
    net.path = "network.html.j2"
    order = {name: number for items in picture.columns for number, name in enumerate(items)}
    for name, box in boxes.items():
        x = box["column"] * (WIDTH + COLUMN_GAP) + WIDTH / 2
        net.add_node(name, shape="custom", x=x, y=picture.centre[name], order=order[name], **box)
    for row in page["statements"]:
        # We draw the lines ourselves, through their lanes.
        net.add_edge(row["from"], row["to"], id=row["id"], hidden=True, lanes=picture.lanes[row["id"]])
    style, ours, library = _static("network.css"), _static("network.js"), vis_network()
    net.templateEnv.globals |= {
        "page": page, "style": Markup(style), "ours": Markup(ours), "library": Markup(library),
        "policy": "; ".join((
            "default-src 'none'", f"script-src {_hash(library)} {_hash(ours)}", f"style-src {_hash(style)}",
            "base-uri 'none'", "form-action 'none'",
        )),
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
        raise GoldenthreadError("pyvis comes without vis-network here. Install it again: pip install --force-reinstall pyvis")
    # The policy's hashes count line ends as a browser reads them.
    text = script.read_bytes().decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"//# sourceMappingURL=\S*", "", text)
    if "</script" in text.lower() or "<!--" in text:
        raise GoldenthreadError("The vis-network of this pyvis cannot stand inside a page. Install pyvis 0.3.2.")
    return text


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _template(name: str) -> str:
    return (files(__package__ or "") / "templates" / name).read_text(encoding="utf-8")


def _static(name: str) -> str:
    return (files(__package__ or "") / "static" / name).read_text(encoding="utf-8")
