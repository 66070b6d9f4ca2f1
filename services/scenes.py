"""What the queries found, put together for the views: scenes, briefings and workbooks of a store."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from goldenthread.graph import Store
from goldenthread.graph.exchange.jsonl import data_fingerprint
from goldenthread.ontology import Ontology
from goldenthread.queries.gaps import find_gaps, rules_named
from goldenthread.queries.ownership import ownership
from goldenthread.queries.plans import plan_in_force
from goldenthread.views.briefing import Briefing, briefing_of
from goldenthread.views.scene import Findings, Scene, scene_of
from goldenthread.views.workbook import Part


def scenes_of(
    store: Store, ontology: Ontology, partnership: str | None, on: str | None = None, *, uncited: bool = False
) -> list[Scene]:
    """Return what the pages show, one scene for each partnership, or for one (by id)."""
    numbers = count(1)
    return [
        scene_of(store, ontology, key, label, findings(store, ontology, key, on), numbers, uncited=uncited)
        for key, label in store.partnerships()
        if partnership in (None, key)
    ]


def findings(store: Store, ontology: Ontology, partnership: str, on: str | None = None) -> Findings:
    """Return what the queries find in a partnership, as the pages need it."""
    report = find_gaps(store, ontology, rules_named(()), partnership=partnership, on=on)
    force = plan_in_force(store, ontology, partnership, on)
    in_force = {plan.id for plan in force.plans} | {commitment.id for commitment in force.commitments}
    not_checked = [(each.rule, each.why) for each in report.not_checked]
    return Findings(report.finding, report.to_json()["gaps"], in_force, not_checked, on)


def title_of(scenes: Sequence[Scene]) -> str:
    """Return the heading of a page."""
    return f"{scenes[0].label}: who owns which issue?" if len(scenes) == 1 else "Who owns which issue?"


def briefing_of_store(store: Store, ontology: Ontology, partnership: str, on: str | None = None) -> Briefing:
    """Return what the briefing of a partnership (by id) says."""
    (scene,) = scenes_of(store, ontology, partnership, on)
    coverage, owned = ownership(store, ontology, partnership, on)
    return briefing_of(
        scene,
        [row.to_json() for row in owned],
        coverage=coverage.finding,
        fingerprint=data_fingerprint(store, partnership),
    )


def workbook_parts(store: Store, ontology: Ontology, partnership: str | None) -> list[Part]:
    """Return what the workbook says of each partnership, or of one (by id)."""
    return [
        Part(
            scene,
            [row.to_json() for row in ownership(store, ontology, scene.partnership)[1]],
            data_fingerprint(store, scene.partnership),
        )
        for scene in scenes_of(store, ontology, partnership)
    ]
