"""Questions across partnerships: answered from summaries, and the same as partnership by partnership."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from engines import Engine, Sqlite
from graphs import document_of, random_line, small_ontology, store_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.graph import Store
from goldenthread.graph.summary import IssueSummary
from goldenthread.ontology import load_ontology
from goldenthread.queries.across import CoverageReport, coverage_of
from goldenthread.queries.coverage import coverages
from goldenthread.queries.summaries import summaries_due, summarise
from goldenthread.queries.years import issues_by_year

PLAN = "Priority:safe-streets stands_in Plan:2024-2027\nPriority:safe-streets addresses Issue:nuisance\n"
OTHER = "Priority:calm stands_in Plan:2024-2027\nPriority:calm addresses Issue:theft\n"
NOISE = "Source:residents raises/concern Issue:noise"


def three_partnerships(store: Store, tmp_path: Path) -> Store:
    """Put in one that covers noise, one that does not, and one without a plan."""
    store_of(tmp_path, {"oak.md": PLAN + NOISE}, store=store)
    store_of(tmp_path, {"elm.md": OTHER + NOISE}, partnership="elmvale", store=store)
    return store_of(tmp_path, {"ash.md": NOISE}, partnership="ashvale", store=store)


def summed(store: Store) -> CoverageReport:
    return coverage_of(store, small_ontology(), None, one_by_one=False)


def assert_right(store: Store) -> None:
    """The answers across partnerships are those of each partnership together."""
    whole = coverage_of(store, small_ontology(), None)
    assert (summed(store).finding, summed(store).across) == (whole.finding, whole.across)
    times: Counter[tuple[str, int]] = Counter()
    for key, _ in store.partnerships():
        times += years_of(store, key)
    assert years_of(store, None) == times


def years_of(store: Store, partnership: str | None) -> Counter[tuple[str, int]]:
    found = issues_by_year(store, small_ontology(), partnership).issues
    return Counter({(i.issue.id, year): count for i in found for year, count in i.times})


@pytest.mark.parametrize("summarised", [False, True])
def test_each_partnership_counts_its_own_plan_only(engine: Engine, tmp_path: Path, summarised: bool) -> None:
    with three_partnerships(engine.make(), tmp_path) as store:
        if summarised:
            summarise(store, small_ontology())
            assert summaries_due(store) == []
        report = summed(store)
        noise = next(row for row in report.across if row.issue.label == "noise")
        assert dict(noise.states) == {"uncovered": 1, "partly": 0, "covered": 1, "not stated": 1}
        assert noise.raised == (("concern", 3),)
        assert (
            report.finding == '1 of 3 issues has no priority somewhere across 3 partnerships; most often "noise", in 1.'
        )
        assert report.partnerships == ()
        assert len(coverage_of(store, small_ontology(), None).partnerships) == 3


def test_what_changes_a_partnership_takes_only_its_summary_away(engine: Engine, tmp_path: Path) -> None:
    with three_partnerships(engine.make(), tmp_path) as store:
        summarise(store, small_ontology())
        store.replace(document_of("oak.md", OTHER + NOISE))
        assert [key for key, _ in summaries_due(store)] == ["oakvale"]
        assert_right(store)
        summarise(store, small_ontology())
        store.replace(document_of("oak.md", OTHER + NOISE))  # nothing new
        assert summaries_due(store) == []
        assert store.forget("document/elm.md")
        assert_right(store)
        assert summaries_due(store) == []
        assert store.replace(document_of("oak.md", PLAN + NOISE, "ashvale")) == "replaced"
        assert [key for key, _ in summaries_due(store)] == ["ashvale"]
        assert_right(store)


def test_another_vocabulary_takes_all_summaries_away(engine: Engine, tmp_path: Path) -> None:
    with three_partnerships(engine.make(), tmp_path) as store:
        summarise(store, small_ontology())
        store.use_vocabulary(load_ontology())
        assert len(summaries_due(store)) == 3


def test_a_summary_of_what_has_changed_meanwhile_is_not_kept(engine: Engine, tmp_path: Path) -> None:
    with store_of(tmp_path, {"oak.md": PLAN + NOISE}, store=engine.make()) as store:
        ((key, revision),) = summaries_due(store)
        store.replace(document_of("oak.md", OTHER + NOISE))
        late = IssueSummary("issue/noise", "covered", True, {"concern": 9}, {2024: 9})
        assert not store.keep_summary(key, revision, [late])
        assert_right(store)
        ((_, revision),) = summaries_due(store)
        assert store.keep_summary(key, revision, [])
        assert not store.keep_summary(key, revision, [late])  # another process was faster


def test_a_summary_of_documents_that_are_gone_is_not_kept_for_those_that_came_in_their_place(
    engine: Engine, tmp_path: Path
) -> None:
    with store_of(tmp_path, {"oak.md": PLAN + NOISE}, store=engine.make()) as store:
        former = summaries_due(store)
        store.forget("document/oak.md")
        store.replace(document_of("oak.md", OTHER + NOISE))
        late = IssueSummary("issue/noise", "covered", True, {"concern": 9}, {2024: 9})
        assert not store.keep_summary(*former[0], [late])
        assert_right(store)


def test_years_are_those_of_the_documents(engine: Engine) -> None:
    with engine.make() as store:
        for path, date, lines in (
            ("a.md", "2019-03-01", f"{NOISE}\nSource:residents raises/concern Issue:theft"),
            ("b.md", "2021-05-02", NOISE),
            ("c.md", "2021-09-03", "Source:traders raises/request Issue:noise"),
            ("d.md", None, NOISE),
        ):
            graph = document_of(path, lines)
            store.replace(replace(graph, document=replace(graph.document, date=date)))
        report = issues_by_year(store, small_ontology(), "oakvale")
        assert [(i.issue.label, i.times) for i in report.issues] == [
            ("noise", ((0, 1), (2019, 1), (2021, 2))),
            ("theft", ((2019, 1),)),
        ]
        assert (report.years, report.undated) == ((2019, 2021), True)
        assert report.finding == (
            '"noise" is raised most often: 4 times, 2 of them in 2021. Of all 5 times, 1 stands in documents without '
            "a date."
        )
        summarise(store, small_ontology())
        assert issues_by_year(store, small_ontology(), None) == report


def test_of_several_raised_as_often_all_are_counted(tmp_path: Path) -> None:
    store = store_of(tmp_path, NOISE + "\nSource:residents raises/concern Issue:theft")
    assert issues_by_year(store, small_ontology(), None).finding.startswith(
        '"noise" and 1 other are raised most often: 1 time each.'
    )


def test_of_several_as_often_uncovered_one_is_an_example(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"oak.md": OTHER + NOISE + "\nSource:residents raises/concern Issue:graffiti"})
    store_of(tmp_path, {"elm.md": PLAN}, partnership="elmvale", store=store)
    assert summed(store).finding.endswith('across 2 partnerships; in 1 of them at most, such as "graffiti".')


def test_a_document_that_does_not_say_whose_it_is_is_called_no_partnership(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"oak.md": OTHER + NOISE})
    store_of(tmp_path, {"a.md": NOISE}, partnership="not-stated/a-md", store=store)
    assert summed(store).finding == (
        "1 of 2 issues has no priority somewhere across 1 partnership and 1 document that does not say whose it is; "
        'most often "noise", in 1.'
    )


def test_an_empty_store_is_said(tmp_path: Path) -> None:
    with Sqlite(tmp_path).make() as store:
        assert summed(store).finding == "The store holds no documents."


def test_nothing_raised_is_said(tmp_path: Path) -> None:
    report = issues_by_year(store_of(tmp_path, "Partner:lantern"), small_ontology(), None)
    assert (report.finding, report.issues) == ("No issue was found in these documents that anybody raises.", ())


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["oakvale", "elmford"]), st.integers(0, 2), st.lists(random_line(), max_size=6)),
        max_size=5,
    ),
    st.data(),
)
def test_summaries_agree_with_the_partnerships_whatever_is_loaded_and_forgotten(
    tmp_path: Path, steps: list[tuple[str, int, list[str]]], data: st.DataObject
) -> None:
    with Sqlite(tmp_path).make() as store:
        for whose, number, lines in steps:
            if data.draw(st.booleans()):
                summarise(store, small_ontology())
            if data.draw(st.booleans()):
                store.forget(f"document/{number}.md")
            store.replace(document_of(f"{number}.md", "\n".join([*lines, "Partner:lantern"]), whose))
            assert_right(store)
        assert len(coverages(store, small_ontology())) == len(store.partnerships())
