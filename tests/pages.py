"""Pages for tests: scenes of small graphs, and the parts of a page."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from graphs import small_ontology, store_of

from goldenthread.graph import Document, DocumentGraph, Entity, Evidence, Mention, Statement, Store, open_store
from goldenthread.ontology import Ontology
from goldenthread.services.scenes import scenes_of
from goldenthread.views.scene import Scene

PLAN = """
    Priority:safe-streets stands_in Plan:2024-2027
    Priority:safe-streets addresses Issue:graffiti
    Priority:safe-streets addresses Issue:knife-crime
    Priority:quiet-nights stands_in Plan:2024-2027
    Priority:quiet-nights addresses Issue:noise
    Priority:old-lamps stands_in Plan:2020-2023
    Subgroup:lantern-group delivers Priority:safe-streets
    Subgroup:knife-panel part_of Subgroup:lantern-group
    Partner:police leads Priority:safe-streets
    Partner:probation member_of Subgroup:lantern-group
    Source:residents raises/concern Issue:bike-theft
    Source:residents raises/concern Issue:noise
"""
#: Markup, a script, and what would end one; put into every field that a document or a person fills.
MARKS = (
    "</script></style><img src=x onerror=\"window.hit=1\"><script>window.hit=1</script><svg onload='window.hit=1'><!-- "
    "{{7*7}} ' \" & href"
)


def scene_of_lines(folder: Path, lines: str = PLAN, ontology: Ontology | None = None) -> Scene:
    """Return the scene of one document of Oakvale whose lines are statements."""
    known = ontology or small_ontology()
    with store_of(folder, lines, ontology=known) as store:
        return scenes_of(store, known, None)[0]


def scenes_of_two(folder: Path, elmdon: str = "Priority:thieves addresses Issue:theft") -> list[Scene]:
    """Return the scenes of two partnerships: Elmdon's is of these lines, Oakvale's of `PLAN`."""
    folder.mkdir(exist_ok=True)
    with store_of(folder, PLAN) as store:
        store_of(folder, {"elm.md": elmdon}, partnership="elmdon", store=store)
        return scenes_of(store, small_ontology(), None)


def hostile_store(folder: Path) -> Store:
    """Return a store with markup in every field that a document fills."""
    known = small_ontology()
    text = f"{MARKS} leads {MARKS}\n{MARKS}"
    quote = text.split("\n")[0]
    document = Document(
        f"document/{MARKS}", f"{MARKS}.txt", "0" * 64, MARKS, "2024-05-01", "oakvale", f"Oakvale {MARKS}", "plan", text,
        "test",
        ((0, f"page {MARKS}"),),
    )  # fmt: skip
    things = {
        type_: Entity(f"oakvale/{type_.lower()}/{MARKS}", type_, f"{type_} {MARKS}", 1)
        for type_ in known.classes
        if type_ not in ("Issue", "Duty", "Document")
    }
    things["Issue"] = Entity("issue/noise", "Issue", "noise", 1)
    entities = tuple(
        Entity(
            e.id,
            e.type,
            e.label,
            1,
            starts=2024 if e.type == "Plan" else None,
            ends=2027 if e.type == "Plan" else None,
            mentions=(Mention(0, len(quote), quote),),
        )
        for e in things.values()
    )
    proof = (Evidence(document.id, 0, len(quote), quote, "test", 0.9),)
    said = [
        ("Source", "raises", "Issue", "concern"), ("Priority", "addresses", "Issue", None),
        ("Role", "leads", "Priority", None), ("Subgroup", "delivers", "Priority", None),
        ("Partner", "leads", "Priority", None), ("Priority", "stands_in", "Plan", None),
        ("Source", "requests", "Request", None), ("Partner", "member_of", "Subgroup", None),
    ]  # fmt: skip
    statements = tuple(Statement(things[s].id, p, things[o].id, proof, stance, "oakvale") for s, p, o, stance in said)
    store = open_store(str(folder / "hostile.db"), known, create=True)
    store.use_vocabulary(known)
    store.replace(DocumentGraph(document, entities, statements))
    return store


def data_of(page: str, name: str) -> Any:
    """Return the JSON that a page holds under a name."""
    found = re.search(rf'<script type="application/json" id="data-{name}">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


class Outline(HTMLParser):
    """The tags of a page, its visible text, and its scripts that run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.text = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        runs = tag == "script" and dict(attrs).get("type") is None
        self._inside = "run" if runs else tag if tag in ("style", "script") else ""
        if runs:
            self.scripts.append("")
        if tag == "style":
            self.styles.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "run":
            self.scripts[-1] += data
        elif self._inside == "style":
            self.styles[-1] += data
        elif not self._inside:
            self.text += data

    def ids(self) -> list[str]:
        """The ids of its elements."""
        return [value for _, attributes in self.tags if (value := attributes.get("id"))]

    def targets(self) -> set[str]:
        """What its links point to within the page."""
        return {
            value[1:]
            for tag, attributes in self.tags
            if tag == "a" and (value := attributes.get("href") or "").startswith("#")
        }
