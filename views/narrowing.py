"""Narrower views of a scene: what is near a thing, on the way between two, of one theme, or leads to a gap."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from ..ontology import GoldenthreadError
from .scene import Item, Link, Mark, Scene, Source
from .wording import counted

#: How many steps from a thing its surroundings go.
STEPS = 2


def around(scene: Scene, thing: str, steps: int = STEPS) -> Scene:
    """Return what is within some steps of a thing (by id), over any links that are stated.

    Raises:
        GoldenthreadError: it is not in the scene.

    """
    found = {_item(scene, thing)}
    for _ in range(steps):
        found |= {link.other(item) for item in found for link in item.stated}
    return narrowed(
        scene, {item.id for item in found}, f"what is within {counted(steps, 'step')} of “{_item(scene, thing).label}”"
    )


def between(scenes: Sequence[Scene], start: str, end: str) -> list[Scene]:
    """Return the shortest ways from one thing to another (by id), in each scene that links them.

    They go over any links that are stated; all ways that are equally short are returned.

    Raises:
        GoldenthreadError: nothing links them.

    """
    known = {item.id: item.label for scene in scenes for item in scene.items.values()}
    ends = f"from “{known.get(start, start)}” to “{known.get(end, end)}”"
    found = [
        (scene, way)
        for scene in scenes
        if {start, end} <= scene.items.keys() and (way := _way(scene.items[start], scene.items[end]))
    ]
    if not found:
        raise GoldenthreadError(f"Nothing in these documents leads {ends}. Look at each with --focus.")
    return [narrowed(scene, {item.id for item in way}, f"the shortest way {ends}") for scene, way in found]


def _way(first: Item, last: Item) -> set[Item]:
    """The items on the shortest ways from one to another; empty when nothing links them."""
    before: dict[Item, list[Item]] = {first: []}
    ahead = [first]
    while ahead and last not in before:
        reached: dict[Item, list[Item]] = {}
        for item in ahead:
            for link in item.stated:
                there = link.other(item)
                if there not in before and item not in reached.setdefault(there, []):
                    reached[there].append(item)
        before |= reached
        ahead = list(reached)
    return _reach([last], lambda item: before[item]) if last in before else set()


def theme_named(scenes: Iterable[Scene], name: str) -> str:
    """Return the one theme that holds what a person calls it.

    Raises:
        GoldenthreadError: there is none, or several.

    """
    themes = sorted({theme for scene in scenes for theme in scene.themes})
    found = [theme for theme in themes if name.lower() in theme.lower()]
    if len(found) == 1 or name in found:
        return name if name in found else found[0]
    raise GoldenthreadError(f"No single theme is called “{name}”. The themes are: {'; '.join(themes) or 'none'}.")


def of_theme(scene: Scene, theme: str) -> Scene:
    """Return the issues of a theme, who raises them, and what their threads lead to."""
    issues = [item for item in scene.items.values() if item.theme == theme]
    found = _reach(
        issues, lambda item: (o for o in (link.other(item) for link in item.stated) if o.column > item.column)
    )
    kept = {i.id for i in found} | {link.other(item).id for item in issues for link in item.stated}
    return narrowed(scene, kept, f"the theme “{theme}” and what its threads lead to")


def of_gaps(scene: Scene) -> Scene:
    """Return the items with gaps, and what leads to them."""
    flagged = [item for item in scene.items.values() if item.flags]
    before = (link.other(item) for item in flagged for link in item.stated)
    return narrowed(scene, {i.id for i in flagged} | {i.id for i in before}, "the gaps and what leads to them")


def narrowed(scene: Scene, kept: Collection[str], only: str) -> Scene:
    """Return a scene of these items (by id), with the links between them and the words behind those.

    `only` says what that is.
    """
    items = {id_: replace(item, links=[]) for id_, item in scene.items.items() if id_ in kept}
    sources: dict[Source, Source] = {}
    marks: dict[Mark, Mark] = {}
    for mark in scene.marks.values():
        proves = [link for link in mark.links if link.subject.id in items and link.object.id in items]
        shows = [items[item.id] for item in mark.shows if item.id in items]
        if proves or shows:
            source = sources.setdefault(mark.source, replace(mark.source, marks=[]))
            marks[mark] = replace(mark, source=source, links=[], shows=shows)
            source.marks.append(marks[mark])
    links = tuple(
        _copy(link, items, marks) for link in scene.links if link.subject.id in items and link.object.id in items
    )
    gaps = tuple(gap for gap in scene.gaps if gap["id"] in items)
    places = {place: marks[mark] for place, mark in scene.marks.items() if mark in marks}
    return replace(
        scene,
        items=items,
        links=links,
        sources=tuple(sources.values()),
        gaps=gaps,
        marks=places,
        only=(*scene.only, only),
    )


def _copy(link: Link, items: dict[str, Item], marks: dict[Mark, Mark]) -> Link:
    words = tuple(replace(each, mark=marks[each.mark]) for each in link.words)
    new = replace(link, subject=items[link.subject.id], object=items[link.object.id], words=words)
    new.subject.links.append(new)
    if new.object is not new.subject:
        new.object.links.append(new)
    for each in words:
        each.mark.links.append(new)
    return new


def _item(scene: Scene, thing: str) -> Item:
    if thing not in scene.items:
        raise GoldenthreadError(
            f"'{thing}' is not in the graph of {scene.label}. Look for its id with 'goldenthread search'."
        )
    return scene.items[thing]


def _reach(starts: Iterable[Item], following: Callable[[Item], Iterable[Item]]) -> set[Item]:
    found, ahead = set(starts), list(starts)
    while ahead:
        for item in following(ahead.pop()):
            if item not in found:
                found.add(item)
                ahead.append(item)
    return found
