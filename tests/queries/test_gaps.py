"""Each gap rule finds its gap and is silent without one; and pySHACL finds the same gaps on random graphs."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from graphs import document_of, small_ontology, store_of
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from goldenthread.graph import Mention, Store
from goldenthread.ontology import OntologyError
from goldenthread.ontology.shapes import load_rules
from goldenthread.queries.gaps import UnknownRuleError, find_gaps, rules_named
from goldenthread.queries.plans import DateError, plan_in_force

PLAN = "Priority:safe-streets stands_in Plan:2024-2027\nPriority:safe-streets addresses Issue:nuisance\n"


def gaps(store: Store, *codes: str, on: str | None = None) -> set[tuple[str, str]]:
    report = find_gaps(store, small_ontology(), rules_named(codes), on=on)
    return {(g.rule, g.id.rsplit("/", 1)[-1]) for g in report.gaps}


def bases(store: Store, code: str) -> dict[str, tuple[str, str]]:
    """The basis and the severity of each gap of a rule, by the last part of its id."""
    found = find_gaps(store, small_ontology(), rules_named([code])).gaps
    return {g.id.rsplit("/", 1)[-1]: (g.basis, g.severity) for g in found}


def not_checked(store: Store) -> set[str]:
    return {n.rule for n in find_gaps(store, small_ontology(), rules_named(())).not_checked}


@pytest.mark.parametrize(
    ("code", "lines", "gap"),
    [
        ("uncovered-issue", PLAN + "Source:residents raises/concern Issue:bike-theft", "bike-theft"),
        ("uncovered-issue", PLAN + "Source:residents raises/request Issue:bike-theft", "bike-theft"),
        ("uncovered-issue", PLAN + "Source:residents raises/reported Issue:bike-theft", None),
        ("uncovered-issue", PLAN + "Source:residents raises/concern Issue:graffiti", None),  # nuisance is broader
        # only narrower is addressed
        ("uncovered-issue", PLAN + "Source:residents raises/concern Issue:disorder", "disorder"),
        ("partly-covered-issue", PLAN + "Source:residents raises/concern Issue:disorder", "disorder"),
        ("partly-covered-issue", PLAN + "Source:residents raises/concern Issue:bike-theft", None),
        ("unowned-priority", PLAN, "safe-streets"),
        ("unowned-priority", PLAN + "Subgroup:oak-group delivers Priority:safe-streets", None),
        ("unowned-priority", PLAN + "Role:warden leads Priority:safe-streets", None),
        ("unasked-priority", PLAN + "Source:residents raises/concern Issue:theft", "safe-streets"),
        ("unasked-priority", PLAN + "Source:residents raises/concern Issue:graffiti", None),
        ("unasked-priority",
         PLAN + "Source:residents raises/concern Issue:theft\nSource:residents supports Priority:safe-streets", None),
        ("unchaired-group", "Role:warden chairs Subgroup:oak-group\nSubgroup:elm-group", "elm-group"),
        ("unchaired-group", "Role:warden chairs Subgroup:oak-group", None),
        ("idle-group", "Subgroup:oak-group delivers Issue:noise\nSubgroup:elm-group", "elm-group"),
        ("unchaired-group", "Role:warden chairs Subgroup:oak-group\nSubgroup:elm-group renames Subgroup:oak-group",
         None),
        ("idle-group", "Subgroup:oak-group delivers Issue:noise\nSubgroup:elm-group renames Subgroup:oak-group", None),
        ("idle-partner", "Partner:police member_of Subgroup:oak-group\nPartner:lantern", "lantern"),
        ("unowned-action", PLAN + "Action:paint-day stands_in Priority:safe-streets\nRole:warden leads Action:clean-up",
         "paint-day"),
        ("unowned-issue", PLAN + "Source:residents raises/concern Issue:graffiti", "graffiti"),
        ("unowned-issue",
         PLAN + "Source:residents raises/concern Issue:graffiti\nRole:warden leads Priority:safe-streets", None),
        ("unowned-issue", PLAN + "Source:residents raises/concern Issue:theft", None),  # it has no priority at all
        (
            "unowned-issue",
            PLAN + "Action:locks stands_in Priority:safe-streets\nAction:locks addresses Issue:theft\n"
            "Source:residents raises/concern Issue:theft\nRole:warden leads Priority:safe-streets",
            None,
        ),
        ("unanswered-request",
         PLAN + "Source:residents requests Request:more-lamps\nRequest:more-lamps about Issue:theft", "more-lamps"),
        ("unanswered-request",
         PLAN + "Source:residents requests Request:less-noise\nRequest:less-noise about Issue:noise", None),
        ("dropped-issue", PLAN + "Priority:old stands_in Plan:2020-2023\nPriority:old addresses Issue:theft", "theft"),
        ("dropped-issue", PLAN + "Priority:old stands_in Plan:2020-2023\nPriority:old addresses Issue:graffiti", None),
        ("uncovered-duty", PLAN, "stop-violence"),
    ],
)  # fmt: skip
def test_a_rule_finds_its_gap_and_no_other(tmp_path: Path, code: str, lines: str, gap: str | None) -> None:
    with store_of(tmp_path, lines) as store:
        found = gaps(store, code)
        assert ((code, gap) in found) if gap else found == set()


def test_the_missing_authorities_are_named_one_by_one(tmp_path: Path) -> None:
    members = "\n".join(
        f"Partner:{kind} member_of Partnership:" for kind in ("council", "police", "fire", "integrated-care-board")
    )
    with store_of(tmp_path, members) as store:
        report = find_gaps(store, small_ontology(), rules_named(["absent-authority"]))
        assert [g.message.split(" is not")[0] for g in report.gaps] == ["The probation service"]


def test_two_documents_that_name_different_leaders_conflict_and_two_leaders_in_one_do_not(tmp_path: Path) -> None:
    with store_of(
        tmp_path, {"a.md": "Role:warden leads Priority:parks", "b.md": "Role:ranger leads Priority:parks"}
    ) as store:
        assert gaps(store, "conflicting-owners") == {("conflicting-owners", "parks")}
    other = tmp_path / "other"
    other.mkdir()
    with store_of(other, "Role:warden leads Priority:parks\nRole:ranger leads Priority:parks") as store:
        assert gaps(store, "conflicting-owners") == set()


def test_without_a_plan_nothing_is_said_to_be_uncovered(tmp_path: Path) -> None:
    with store_of(tmp_path, "Source:residents raises/concern Issue:theft") as store:
        assert gaps(store, "uncovered-issue") == set()
        assert {"uncovered-issue", "unowned-priority"} <= not_checked(store)
        assert "not stated" in find_gaps(store, small_ontology(), rules_named(())).finding


def test_another_partnerships_priority_covers_nothing_here(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN + "Source:residents raises/concern Issue:theft") as store:
        store_of(
            tmp_path,
            {"elm.md": "Priority:thieves stands_in Plan:2024-2027\nPriority:thieves addresses Issue:theft"},
            partnership="elmdon",
            store=store,
        )
        assert ("uncovered-issue", "theft") in gaps(store, "uncovered-issue")


def test_the_plan_in_force_is_the_newest_or_that_of_the_day(tmp_path: Path) -> None:
    lines = PLAN + "Priority:old stands_in Plan:2020-2023\nSource:residents raises/concern Issue:noise"
    with store_of(tmp_path, lines) as store:
        assert gaps(store, "unowned-priority") == {("unowned-priority", "safe-streets")}
        assert gaps(store, "unowned-priority", on="2021-05-01") == {("unowned-priority", "old")}
        assert plan_in_force(store, small_ontology(), "oakvale", "1999-01-01").plans == ()
        for none in ("yesterday", "2024-13", "2024-02-30", "20240531", "2024-W05-1"):
            with pytest.raises(DateError):
                gaps(store, on=none)


def test_every_gap_brings_words_that_stand_in_a_document(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN + "Source:residents raises/concern Issue:theft") as store:
        for gap in find_gaps(store, small_ontology(), rules_named(["uncovered-issue", "unowned-priority"])).gaps:
            assert gap.evidence
            for e in gap.evidence:
                assert (store.text(e.document) or "")[e.start : e.end] == e.quote


@pytest.mark.parametrize(
    ("called", "more"), [("NAG", " Elsewhere these documents use “NAG” for neighbourhood action group."), ("NAGs", "")]
)
def test_a_short_form_says_what_it_stands_for_elsewhere(tmp_path: Path, called: str, more: str) -> None:
    plan = document_of("plan.md", f"{called}\nSubgroup:neighbourhood-action-group delivers Priority:safe-streets")
    spelt = tuple(
        replace(e, mentions=(*e.mentions, Mention(0, len(called), called)))
        for e in plan.entities
        if e.type == "Subgroup"
    )
    entities = (*spelt, *(e for e in plan.entities if e.type != "Subgroup"))
    with store_of(tmp_path, {"list.md": "Subgroup:NAG\nSubgroup:elm-group"}) as store:
        store.replace(replace(plan, entities=entities))
        messages = [gap.message for gap in find_gaps(store, small_ontology(), rules_named(["idle-group"])).gaps]
    assert messages == [
        "Elm group is not said to lead or deliver anything.",
        f"NAG is not said to lead or deliver anything.{more}",
    ]


def test_where_nothing_is_raised_none_of_none_is_no_finding(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN) as store:
        finding = find_gaps(store, small_ontology(), rules_named(())).finding
    assert finding.startswith(
        "Issue without a priority: these documents hold nothing to check; 1 of 1 priorities has no owner."
    )


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(UnknownRuleError, match="no rule 'unfair'"):
        rules_named(["unfair"])


def test_what_the_compiler_does_not_know_is_refused(tmp_path: Path) -> None:
    shapes = tmp_path / "own.ttl"
    shapes.write_text(
        "@prefix gt: <https://w3id.org/goldenthread/ns#> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        'gt:own a sh:NodeShape ; gt:code "own" ; sh:targetClass gt:Priority ; sh:closed true .', encoding="utf-8"
    )  # fmt: skip
    with pytest.raises(OntologyError, match="closed"):
        rules_named((), shapes)


# ------------------------------------------------------------------------------------------ missing and possible


@pytest.mark.parametrize(
    ("code", "lines", "gap", "basis"),
    [
        ("unowned-priority", PLAN + "Role:warden leads? Priority:safe-streets", "safe-streets",
         ("possible", "warning")),
        ("unowned-priority", PLAN + "Role:warden chairs? Subgroup:oak-group", "safe-streets", ("missing", "violation")),
        ("unowned-priority", PLAN + "Priority:parks stands_in? Plan:2024-2027", "parks", ("possible", "warning")),
        ("unowned-priority", "Priority:parks stands_in? Plan:2024-2027", "parks", ("possible", "warning")),
        ("uncovered-issue", PLAN + "Source:residents raises/concern? Issue:theft", "theft", ("possible", "warning")),
        ("uncovered-issue",
         PLAN + "Source:residents raises/concern Issue:theft\nPriority:safe-streets addresses? Issue:theft", "theft",
         ("possible", "warning")),
        ("unasked-priority",
         PLAN + "Source:residents raises/concern Issue:theft\nSource:residents supports? Priority:safe-streets",
         "safe-streets", ("possible", "info")),
        ("unanswered-request", PLAN + "Source:residents requests? Request:more-lamps", "more-lamps",
         ("possible", "info")),
        ("conflicting-owners", "Role:warden leads Priority:parks\nPartner:police leads? Priority:parks", None, None),
    ],
)  # fmt: skip
def test_what_a_suggested_statement_decides_is_only_possible(
    tmp_path: Path, code: str, lines: str, gap: str | None, basis: tuple[str, str] | None
) -> None:
    with store_of(tmp_path, lines) as store:
        assert bases(store, code).get(gap or "") == basis


def test_what_two_documents_differ_on_only_by_a_suggestion_is_possible(tmp_path: Path) -> None:
    documents = {"a.md": "Role:warden leads Priority:parks", "b.md": "Partner:police leads? Priority:parks"}
    with store_of(tmp_path, documents) as store:
        assert bases(store, "conflicting-owners") == {"parks": ("possible", "warning")}


def test_a_possible_gap_shows_the_words_that_decide_and_no_others(tmp_path: Path) -> None:
    lines = PLAN + "Role:warden leads? Priority:safe-streets\nSource:residents supports? Priority:safe-streets"
    with store_of(tmp_path, lines) as store:
        (gap,) = find_gaps(store, small_ontology(), rules_named(["unowned-priority"])).gaps
    assert [e.quote for e in gap.nearest] == ["Role:warden leads? Priority:safe-streets"]
    assert gap.to_json()["nearest"][0]["probability"] == 0.4


def test_the_finding_counts_what_is_missing_and_tells_what_is_to_be_checked(tmp_path: Path) -> None:
    lines = PLAN + "Priority:parks stands_in Plan:2024-2027\nRole:warden leads? Priority:parks"
    with store_of(tmp_path, lines) as store:
        finding = find_gaps(store, small_ontology(), rules_named(["unowned-priority"])).finding
    assert finding == "1 of 2 priorities has no owner, and 1 to check."


# ------------------------------------------------------------------------------------------- pySHACL as the oracle

_THINGS = {
    "Priority": ["parks", "roads"], "Action": ["paint", "patrol"],
    "Issue": ["graffiti", "nuisance", "disorder", "theft", "street-robbery"],
    "Subgroup": ["oak-group", "partnership-board"], "Partner": ["police", "council", "lantern"], "Role": ["warden"],
    "Source": ["residents"], "Request": ["lamps"], "Plan": ["2020-2023", "2024-2027"], "Partnership": [""],
}  # fmt: skip


@st.composite
def _line(draw: Any) -> str:
    relations = [r for r in small_ontology().relations.values() if not r.from_vocabulary]
    relation = draw(st.sampled_from(sorted(relations, key=lambda r: r.name)))
    subject, object_ = draw(st.sampled_from(sorted(relation.domain))), draw(st.sampled_from(sorted(relation.range)))
    stance = "/" + draw(st.sampled_from(["concern", "request", "support", "reported"])) if relation.takes_stance else ""
    ends = [f"{type_}:{draw(st.sampled_from(_THINGS[type_]))}" for type_ in (subject, object_)]
    return f"{ends[0]} {relation.name}{stance} {ends[1]}"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(_line(), min_size=1, max_size=9), min_size=1, max_size=2))
def test_pyshacl_finds_the_same_gaps(documents: list[list[str]]) -> None:
    lines = {
        f"{n}.md": "\n".join(line for line in found if len({*line.split()[::2]}) == 2) or "Partner:lantern"
        for n, found in enumerate(documents)
    }
    with tempfile.TemporaryDirectory() as folder, store_of(Path(folder), lines) as store:
        assert _by_sql(store) == _by_pyshacl(store)


def _by_sql(store: Store) -> set[tuple[str, str]]:
    return {(g.rule, g.id) for g in find_gaps(store, small_ontology(), rules_named(())).gaps}


def _by_pyshacl(store: Store) -> set[tuple[str, str]]:
    from importlib.resources import files

    import pyshacl
    from rdflib import RDF, Graph, Namespace

    from goldenthread.graph.exchange.rdf import facts
    from goldenthread.graph.exchange.rdf_terms import identity
    from goldenthread.ontology.shapes import Need

    ontology = small_ontology()
    sh, gt = Namespace("http://www.w3.org/ns/shacl#"), Namespace("https://w3id.org/goldenthread/ns#")
    force = plan_in_force(store, ontology, "oakvale")
    data = facts(store, ontology, "oakvale", [c.id for c in force.commitments], [c.id for c in force.former])
    shapes = Graph().parse(
        data=(files("goldenthread.ontology") / "gaps.ttl").read_text(encoding="utf-8"), format="turtle"
    )
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False, inference="none")
    codes = {str(s): str(c) for s, c in shapes.subject_objects(gt.code)}
    owners = {str(p): str(s) for s, p in shapes.subject_objects(sh.property)}
    found = set()
    for result in results.subjects(RDF.type, sh.ValidationResult):
        shape = str(results.value(result, sh.sourceShape))
        code = codes.get(shape) or codes.get(owners.get(shape, ""))
        if code:
            found.add((code, identity(str(results.value(result, sh.focusNode)))))
    unchecked = {n.rule for n in find_gaps(store, ontology, rules_named(())).not_checked}
    assert all(isinstance(need, Need) for rule in load_rules() for need in rule.needs)
    return {(code, thing) for code, thing in found if code not in unchecked}


def _variants(documents: list[list[str]], doubts: list[bool]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Documents with some lines suggested, without these lines, and with these lines stated.

    Without the lines, what they name is still there.
    """
    doubt = iter(doubts)
    marked, without, stated = dict[str, str](), dict[str, str](), dict[str, str]()
    for number, lines in enumerate(documents):
        sure = [line for line in lines if len({*line.split()[::2]}) == 2] or ["Partner:lantern"]
        parts = [(line.split(), " " in line and next(doubt, False)) for line in sure]
        name = f"{number}.md"
        marked[name] = "\n".join(f"{w[0]} {w[1]}? {w[2]}" if d else " ".join(w) for w, d in parts)
        without[name] = "\n".join(f"{w[0]}\n{w[2]}" if d else " ".join(w) for w, d in parts)
        stated[name] = "\n".join(" ".join(w) for w, _ in parts)
    return marked, without, stated


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.lists(_line(), min_size=1, max_size=9), min_size=1, max_size=2), st.lists(st.booleans(), max_size=18)
)
def test_missing_is_what_is_found_without_and_with_what_is_suggested(
    documents: list[list[str]], doubts: list[bool]
) -> None:
    found, plans = [], []
    for lines in _variants(documents, doubts):
        with tempfile.TemporaryDirectory() as folder, store_of(Path(folder), lines) as store:
            gaps = find_gaps(store, small_ontology(), rules_named(())).gaps
            found.append(
                {(g.rule, g.id, g.message.removeprefix("Possible, check: ").split(":")[0]): g.basis for g in gaps}
            )
            plans.append([p.id for p in plan_in_force(store, small_ontology(), "oakvale").plans])
    assume(plans[1] == plans[2])  # a plan counts by what is stated
    marked, without, stated = found
    assert {gap for gap, basis in marked.items() if basis == "missing"} == without.keys() & stated.keys()
    assert {gap for gap, basis in marked.items() if basis == "possible"} == without.keys() ^ stated.keys()


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(_line(), min_size=1, max_size=14), min_size=1, max_size=3))
def test_pyshacl_finds_the_same_gaps_in_many_graphs(documents: list[list[str]]) -> None:
    lines = {
        f"{n}.md": "\n".join(line for line in found if len({*line.split()[::2]}) == 2) or "Partner:lantern"
        for n, found in enumerate(documents)
    }
    with tempfile.TemporaryDirectory() as folder, store_of(Path(folder), lines) as store:
        assert _by_sql(store) == _by_pyshacl(store)
