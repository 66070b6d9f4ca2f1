"""A Sankey picture as SVG: how many issues flow from theme through plan to those who must act.

Widths are whole counts of issues. The same flows give the same picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from .layout import shortened
from .scene import Scene
from .wording import first_up

#: What stands over each column, and the style of its bars.
STAGES = (
    ("Theme of the issue", "issue"), ("Priority or action", "priority"), ("Group", "subgroup"),
    ("Post or partner", "partner"),
)  # fmt: skip
NO_PRIORITY, IN_PART, NO_OWNER, NO_GROUP, NO_POST = (
    "No priority", "Only in part", "No owner", "No group named", "No post or partner named",
)  # fmt: skip
_BROKEN = {(1, NO_PRIORITY), (1, IN_PART), (2, NO_OWNER)}

# Pixels.
WIDTH, _BAR, _GAP, _TOP, _TALLEST, _WIDEST = 1240, 14, 16, 40, 520, 22
_COLUMNS = (270, 500, 770, 1010)
_LABELS = (225, 205, 180, 190)  #: how wide labels may be
_SWEEPS = 4


@dataclass(eq=False, slots=True)
class Bar:
    """A node of the picture."""

    stage: int
    label: str
    broken: bool
    style: str
    issues: set[str] = field(default_factory=set)  #: what flows through it
    y: float = 0.0
    height: float = 0.0

    @property
    def x(self) -> int:
        """Its left edge."""
        return _COLUMNS[self.stage]

    @property
    def short(self) -> str:
        """Its label, cut to fit."""
        return shortened(self.label, _LABELS[self.stage])


@dataclass(eq=False, slots=True)
class Flow:
    """What flows from one bar to another."""

    start: Bar
    end: Bar
    issues: set[str] = field(default_factory=set)
    path: str = ""
    width: float = 0.0

    @property
    def count(self) -> int:
        """How many issues."""
        return len(self.issues)


@dataclass(frozen=True, slots=True)
class Sankey:
    """The whole picture."""

    bars: tuple[Bar, ...]
    flows: tuple[Flow, ...]
    height: int

    @property
    def stages(self) -> list[tuple[str, int]]:
        """What stands over each column, and where."""
        return [(heading, _COLUMNS[n]) for n, (heading, _) in enumerate(STAGES)]


def sankey_of(scene: Scene, owned: Sequence[Mapping[str, Any]]) -> Sankey | None:
    """Return the picture; None when no issue is raised or in the plan.

    Args:
        scene: gives the themes, and who chairs or leads each group.
        owned: for each issue what addresses it and who owns that, as `queries.ownership.Owned.to_json` gives it.

    """
    bars: dict[tuple[int, str], Bar] = {}
    flows: dict[tuple[Bar, Bar], Flow] = {}
    for row in owned:
        if row["state"] == "not stated":
            continue
        for way in _ways(scene, row):
            stations = [_bar(bars, stage, label, row["issue"]) for stage, label in enumerate(way)]
            for start, end in pairwise(stations):
                flows.setdefault((start, end), Flow(start, end)).issues.add(row["issue"])
    if not bars:
        return None
    height = _place(list(bars.values()), list(flows.values()))
    order = sorted(flows.values(), key=lambda f: (f.end.broken, f.start.stage, f.start.y, f.end.y))
    return Sankey(tuple(bars.values()), tuple(order), height)


def _ways(scene: Scene, row: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The ways of one issue from its theme to where it stops."""
    theme = first_up(scene.items[row["issue"]].theme)
    found: list[tuple[str, ...]] = [] if row["answers"] else [(theme, IN_PART if row["narrower"] else NO_PRIORITY)]
    for answer in row["answers"]:
        commitment = _priority(scene, answer["id"])
        groups = [o for o in answer["owners"] if o["type"] == "Subgroup"]
        posts = [o["label"] for o in answer["owners"] if o["type"] != "Subgroup"]
        if not answer["owners"]:
            found.append((theme, commitment, NO_OWNER))
        for group in groups:
            heads = posts or _heads(scene, group["id"]) or [NO_POST]
            found += [(theme, commitment, group["label"], head) for head in heads]
        if not groups:
            found += [(theme, commitment, NO_GROUP, post) for post in posts]
    return found


def _priority(scene: Scene, commitment: str) -> str:
    """The label of a priority, or of that under which an action stands; of the action where there is none."""
    item = scene.items[commitment]
    above = [link.object for link in item.stated if link.subject is item and link.object.type == "Priority"]
    return above[0].label if item.type == "Action" and above else item.label


def _heads(scene: Scene, group: str) -> list[str]:
    """Who chairs or leads a group."""
    links = scene.items[group].stated
    return sorted(
        {link.subject.label for link in links if link.object.id == group and link.predicate in ("chairs", "leads")}
    )


def _bar(bars: dict[tuple[int, str], Bar], stage: int, label: str, issue: str) -> Bar:
    key = (stage, label)
    if key not in bars:
        broken = key in _BROKEN
        bars[key] = Bar(stage, label, broken, "broken" if broken else STAGES[stage][1])
    bars[key].issues.add(issue)
    return bars[key]


def _place(bars: Sequence[Bar], flows: Sequence[Flow]) -> int:
    """Give every bar and flow its place and width; return how high the picture is."""
    into: dict[Bar, list[Flow]] = defaultdict(list)
    out: dict[Bar, list[Flow]] = defaultdict(list)
    for flow in flows:
        out[flow.start].append(flow)
        into[flow.end].append(flow)
    columns = [
        sorted((b for b in bars if b.stage == stage), key=lambda b: (not b.broken, b.label))
        for stage in range(len(STAGES))
    ]
    weight = {b: max(sum(f.count for f in into[b]), sum(f.count for f in out[b]), 1) for b in bars}
    unit = min([_WIDEST, *((_TALLEST - _GAP * len(c)) / sum(weight[b] for b in c) for c in columns if c)])
    unit = max(unit, 3.0)
    for bar in bars:
        bar.height = weight[bar] * unit
    for column in columns:
        _stack(column)
    for sweep in range(_SWEEPS):
        for column in columns[1:] if sweep % 2 == 0 else columns[-2::-1]:
            beside = into if sweep % 2 == 0 else out

            def middle(bar: Bar, beside: Mapping[Bar, list[Flow]] = beside) -> tuple[bool, float, str]:
                others = [(f.start if f.end is bar else f.end, f.count) for f in beside.get(bar, [])]
                total = sum(count for _, count in others)
                mean = sum((o.y + o.height / 2) * count for o, count in others) / total if total else bar.y
                return not bar.broken, round(mean, 3), bar.label

            column.sort(key=middle)
            _stack(column)
    _bend(out, into, unit)
    return round(max(b.y + b.height for b in bars)) + _GAP


def _stack(column: Sequence[Bar]) -> None:
    y = float(_TOP)
    for bar in column:
        bar.y = y
        y += max(bar.height, 8.0) + _GAP


def _bend(out: Mapping[Bar, list[Flow]], into: Mapping[Bar, list[Flow]], unit: float) -> None:
    """Give each flow its curve: from its place on the right edge of one bar to that on the left edge of another."""
    at_start: dict[Flow, float] = {}
    at_end: dict[Flow, float] = {}
    for beside, places, far in ((out, at_start, "end"), (into, at_end, "start")):
        for bar, flows in beside.items():
            y = bar.y
            for flow in sorted(flows, key=lambda f: (getattr(f, far).y, getattr(f, far).label)):
                places[flow] = y + flow.count * unit / 2
                y += flow.count * unit
    for flow, y0 in at_start.items():
        x0, x1, y1 = flow.start.x + _BAR, flow.end.x, at_end[flow]
        middle = (x0 + x1) / 2
        flow.width = round(flow.count * unit, 1)
        flow.path = f"M{x0} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1} {y1:.1f}"
