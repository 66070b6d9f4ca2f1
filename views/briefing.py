"""The scrutiny briefing: what was found, in sentences and tables, with the words that prove it and the limits of it.

The same content makes the HTML page and the Word document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, TypeAlias

from ..ontology.shapes import load_rules
from .page import render
from .sankey import sankey_of
from .scene import Item, Link, Scene, way_of
from .wording import counted, day_in_words, first_up

#: A row of `queries.ownership.Owned.to_json`.
OwnedRow: TypeAlias = Mapping[str, Any]
#: Stances that ask for something to be done.
_ASKING = frozenset({"concern", "request"})
#: What is missing where only something broader than an issue has an owner, though the issue has priorities of its own.
_NOT_ITS_OWN = "No owner of its own"
#: How many issues in no plan the findings name.
_NAMED = 3
#: A theme with a smaller share than this of its issues in the plan, or with an owner, is marked.
_ENOUGH = 0.75

LIMITS = (
    "It reads by rules, not by understanding. It can miss what is worded in a way that it does not know, "
    "and it can misread: look at the quote before you repeat a finding.",
    "A missing link means that these documents do not state it. It does not mean that nobody does the work, "
    "or that no other document says so.",
    "“Assumed” marks statements of which a part was inherited from a heading, a list's introduction or the document, "
    "such as who speaks.",
    "An issue counts as in the plan when a priority of the plan in force, or an action in it, addresses the issue or "
    "something broader.",
    "An owner is whoever these documents say leads or delivers a priority or action, or what it stands under. "
    "Where that is about something broader, “(for …)” names it. Who supports it, attends, or presents a report is "
    "none.",
)


@dataclass(frozen=True, slots=True)
class Theme:
    """How far the issues of a theme get."""

    name: str
    raised: int  #: issues raised as a concern or request
    planned: int  #: of these, in the plan in force
    owned: int  #: of these, with an owner

    def is_few(self, number: int) -> bool:
        """Whether too few of its issues get so far."""
        return number < _ENOUGH * self.raised


@dataclass(frozen=True, slots=True)
class Answers:
    """Who owns one issue, in words."""

    issue: Item
    raised: str  #: 'concern 2, request 1'
    plan: tuple[str, ...]  #: what addresses it
    groups: tuple[str, ...]
    leads: tuple[str, ...]
    flags: tuple[str, ...]  #: what is missing


@dataclass(frozen=True, slots=True)
class Briefing:
    """What the briefing says."""

    scene: Scene
    title: str
    facts: tuple[tuple[str, str], ...]  #: what it was made from, as pairs
    findings: tuple[str, ...]  #: sentences
    themes: tuple[Theme, ...]  #: the worst first
    answers: tuple[Answers, ...]  #: those with something missing first
    statements: tuple[Link, ...]  #: the evidence
    owned: tuple[OwnedRow, ...]

    @property
    def has_plan(self) -> bool:
        """Whether a priority is in force, so that coverage can be told."""
        return any(row["state"] != "not stated" for row in self.owned)

    @property
    def why_no_coverage(self) -> str:
        """What stands in place of the coverage where no priority is in force."""
        return f"No priority in these documents is in force{_on(self.scene)}, so what is covered is not stated."


def briefing_of(scene: Scene, owned: Sequence[OwnedRow], *, coverage: str, fingerprint: str) -> Briefing:
    """Put together what the briefing says.

    Args:
        scene: what the documents of the partnership state.
        owned: for each of its issues who owns what addresses it.
        coverage: the finding of `coverage`.
        fingerprint: of the data.

    """
    wanted = [row for row in owned if row["raised"].keys() & _ASKING]
    themes = _themes(scene, wanted)
    plans = sorted({i.label for i in scene.items.values() if i.type == "Plan" and i.in_force})
    quotes = sum(len(link.words) for link in scene.stated)
    facts = [
        (
            "Made from",
            counted(len(scene.documents), "document")
            + (f", the latest of {day_in_words(scene.latest)}" if scene.latest else ""),
        ),
        *([("Asked about", day_in_words(scene.on))] if scene.on else []),
        ("Plan in force", "; ".join(plans) or f"none in these documents{_on(scene)}"),
        ("Statements", f"{len(scene.stated):,}, with {counted(quotes, 'quote')}"),
        *(
            [("Possible, to check", f"{possible:,} more, which count nowhere here")]
            if (possible := len(scene.links) - len(scene.stated))
            else []
        ),
        (
            "Confirmed by a person",
            f"{sum(link.status == 'confirmed' for link in scene.links):,} of {counted(len(scene.stated), 'statement')}",
        ),
        ("Made with", f"goldenthread {version('goldenthread')}"),
        ("Fingerprint of the data", fingerprint),
    ]
    return Briefing(
        scene, f"Scrutiny briefing: {scene.label}", tuple(facts), tuple(_findings(scene, wanted, themes, coverage)),
        themes, _answers(scene, owned), tuple(sorted(scene.stated, key=_place)), tuple(owned),
    )  # fmt: skip


def _on(scene: Scene) -> str:
    if scene.on is None:
        return ""
    whole = len(scene.on) == len("2024-05-31")
    return f" {'on' if whole else 'in'} {day_in_words(scene.on)}"


def briefing_page(briefing: Briefing) -> str:
    """Return the briefing as a page."""
    return render(
        "briefing.html.j2", styles=["base.css", "briefing.css"], scripts=["base.js"], title=briefing.title,
        briefing=briefing, scene=briefing.scene, sankey=sankey_of(briefing.scene, briefing.owned), limits=LIMITS,
    )  # fmt: skip


def _themes(scene: Scene, wanted: Sequence[OwnedRow]) -> tuple[Theme, ...]:
    rows: dict[str, list[OwnedRow]] = defaultdict(list)
    for row in wanted:
        rows[scene.items[row["issue"]].theme].append(row)
    found = (
        Theme(first_up(name), len(those), sum(bool(r["answers"]) for r in those), sum(bool(r["whole"]) for r in those))
        for name, those in rows.items()
    )
    return tuple(sorted(found, key=lambda t: (t.owned - t.raised, t.planned - t.raised, -t.raised, t.name)))


def _findings(scene: Scene, wanted: Sequence[OwnedRow], themes: Sequence[Theme], coverage: str) -> list[str]:
    found = [scene.finding, f"Of all issues that are spoken of: {coverage[:1].lower()}{coverage[1:]}"]
    to_check = {(gap["id"], gap["rule"]) for gap in scene.gaps if gap["basis"] == "possible"}
    uncovered = [
        row for row in wanted if row["state"] == "uncovered" and (row["issue"], "uncovered-issue") not in to_check
    ]
    asking = {row["issue"]: _asking(scene.items[row["issue"]]) for row in uncovered}
    uncovered.sort(key=lambda row: (-asking[row["issue"]], row["label"]))
    for row in uncovered[:_NAMED]:
        sources = counted(asking[row["issue"]], "source")
        found.append(f"{first_up(row['label'])}: raised by {sources}, and nothing in the plan addresses this.")
    unowned = [
        row
        for row in wanted
        if row["state"] == "covered" and not row["whole"] and (row["issue"], "unowned-issue") not in to_check
    ]
    if unowned:
        labels = _listed([row["label"] for row in unowned])
        found.append(f"In the plan, but without anybody who is named as leading or delivering it: {labels}.")
    told = any(row["state"] != "not stated" for row in wanted)
    if told and themes and themes[0].owned < themes[0].raised and len(themes) > 1:
        worst = themes[0]
        share = f"{worst.owned} of {worst.raised} raised {'has' if worst.owned == 1 else 'have'} an owner"
        found.append(f"The theme with the most issues that nobody owns is “{worst.name}”: {share}.")
    told_already = {rule.code for rule in load_rules() if rule.headline is not None}
    grave = (gap for gap in scene.gaps if gap["severity"] == "violation" and gap["rule"] not in told_already)
    found += [gap["message"] for gap in (*grave, *(gap for gap in scene.gaps if gap["rule"] == "conflicting-owners"))]
    assumed = sum(link.status == "assumed" for link in scene.stated)
    if assumed:
        found.append(
            f"{assumed:,} of {counted(len(scene.stated), 'statement')} rest on something that was assumed. "
            "Check these first."
        )
    return found


def _asking(issue: Item) -> int:
    """How many sources raise an issue as a concern or request, each counted once."""
    return len({link.subject.id for link in issue.stated if link.object is issue and link.stance in _ASKING})


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _answers(scene: Scene, owned: Sequence[OwnedRow]) -> tuple[Answers, ...]:
    found = [_answer(scene, row) for row in owned]
    return tuple(sorted(found, key=lambda a: (not a.flags, a.issue.theme, a.issue.label.casefold(), a.issue.id)))


def _answer(scene: Scene, row: OwnedRow) -> Answers:
    owners = [
        (o["label"] + (f" (for {a['via']})" if a["via"] else ""), o["type"])
        for a in row["answers"]
        for o in a["owners"]
    ]
    groups = dict.fromkeys(words for words, type_ in owners if type_ == "Subgroup")
    leads = dict.fromkeys(words for words, type_ in owners if type_ != "Subgroup")
    plan = [
        a["label"] + (f" (about {a['via']})" if a["via"] else "") + (f", under {a['under']}" if a["under"] else "")
        for a in row["answers"]
    ]
    plan += [f"only in part: {each['label']} (about {each['via']})" for each in row["narrower"] if not row["answers"]]
    item = scene.items[row["issue"]]
    missing = [flag.short for flag in item.flags if flag.broken]
    missing += [_NOT_ITS_OWN] if row["owner"] == "only of something broader" else []
    return Answers(
        item, ", ".join(f"{stance} {count}" for stance, count in row["raised"].items()), tuple(dict.fromkeys(plan)),
        tuple(groups), tuple(leads), tuple(missing),
    )  # fmt: skip


def _place(link: Link) -> tuple[int, str, str, str, int]:
    """Evidence is listed from what is raised to who must act."""
    return way_of(link), link.object.label.casefold(), link.subject.label.casefold(), link.relation, link.number
