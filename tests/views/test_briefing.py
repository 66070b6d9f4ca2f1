"""The briefing says what was found, what was not, and on what it rests, as a page and as a Word document."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from graphs import small_ontology, store_of
from pages import MARKS, PLAN, Outline, hostile_store

from goldenthread.services.scenes import briefing_of_store
from goldenthread.views.briefing import LIMITS, Briefing, briefing_page
from goldenthread.views.briefing_docx import briefing_docx
from goldenthread.views.sankey import IN_PART, NO_GROUP, NO_OWNER, NO_PRIORITY, sankey_of

MORE = """
    Source:residents raises/concern Issue:graffiti
    Source:traders raises/request Issue:bike-theft
    Action:locks stands_in Priority:safe-streets
    Action:locks addresses Issue:knife-crime
    Role:warden chairs Subgroup:lantern-group
"""


@pytest.fixture
def briefing(tmp_path: Path) -> Briefing:
    with store_of(tmp_path, PLAN + MORE) as store:
        return briefing_of_store(store, small_ontology(), "oakvale")


def words_of(page: str) -> str:
    return " ".join(Outline(page).text.split())


def test_the_findings_are_sentences_the_gravest_first(briefing: Briefing) -> None:
    assert briefing.findings[0].startswith("1 of 3 issues raised has no priority; 1 of 2 priorities has no owner.")
    assert "Bike theft: raised by 2 sources, and nothing in the plan addresses this." in briefing.findings
    assert "In the plan, but without anybody who is named as leading or delivering it: noise." in briefing.findings
    assert (
        "The theme with the most issues that nobody owns is “Theft”: 0 of 1 raised have an owner." in briefing.findings
    )
    assert all(sentence.endswith(".") for sentence in briefing.findings)


def test_an_owner_of_something_broader_only_is_said_to_be_that(tmp_path: Path) -> None:
    more = (
        "Priority:calm stands_in Plan:2024-2027\nPriority:calm addresses Issue:nuisance\n"
        "Role:warden leads Priority:calm"
    )
    with store_of(tmp_path, PLAN + more) as store:
        briefing = briefing_of_store(store, small_ontology(), "oakvale")
    row = next(a for a in briefing.answers if a.issue.label == "noise")
    assert (row.plan, row.leads, row.flags) == (
        ("quiet nights", "calm (about nuisance)"),
        ("warden (for nuisance)",),
        ("No owner of its own",),
    )


def test_a_serious_gap_that_the_headline_does_not_count_is_a_finding(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN + "Partner:police member_of Partnership:") as store:
        briefing = briefing_of_store(store, small_ontology(), "oakvale")
    said = [sentence for sentence in briefing.findings if "the law makes" in sentence]
    assert said == [gap["message"] for gap in briefing.scene.gaps if gap["rule"] == "absent-authority"]
    assert said


def test_an_issue_addressed_only_in_part_is_no_issue_without_a_priority(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN + "Source:residents raises/concern Issue:violence") as store:
        briefing = briefing_of_store(store, small_ontology(), "oakvale")
    picture = sankey_of(briefing.scene, briefing.owned)
    assert picture
    assert {(f.start.label, f.end.label): f.count for f in picture.flows}["Violence", IN_PART] == 1


def test_a_source_counts_once_and_only_where_it_asks_for_something(tmp_path: Path) -> None:
    more = "Source:residents raises/request Issue:bike-theft\nSource:board raises/decrease Issue:bike-theft\n"
    with store_of(tmp_path, PLAN + more) as store:
        findings = briefing_of_store(store, small_ontology(), "oakvale").findings
    assert "Bike theft: raised by 1 source, and nothing in the plan addresses this." in findings


def test_themes_are_counted_the_worst_first(briefing: Briefing) -> None:
    counts = [(t.name, t.raised, t.planned, t.owned) for t in briefing.themes]
    assert counts == [("Theft", 1, 0, 0), ("Disorder", 2, 2, 1)]
    assert briefing.themes[1].is_few(1)
    assert not briefing.themes[1].is_few(2)


def test_each_issue_has_its_owners_or_says_what_is_missing(briefing: Briefing) -> None:
    rows = {a.issue.label: (a.raised, a.plan, a.groups, a.leads, a.flags) for a in briefing.answers}
    assert rows["bike theft"] == ("concern 1, request 1", (), (), (), ("No priority",))
    assert rows["noise"] == ("concern 1", ("quiet nights",), (), (), ("No owner",))
    assert rows["graffiti"] == ("concern 1", ("safe streets",), ("lantern group",), ("police",), ())
    assert rows["knife crime"][1] == ("locks, under safe streets", "safe streets")
    assert [bool(a.flags) for a in briefing.answers] == sorted((bool(a.flags) for a in briefing.answers), reverse=True)


def test_the_page_holds_every_part(briefing: Briefing) -> None:
    page = briefing_page(briefing)
    text = words_of(page)
    assert [heading.split(" (")[0] for heading in re.findall(r"<h2>(.*?)(?: <span|</h2>)", page)] == [
        "Findings", "Coverage by theme", "Gaps, and what to do", "Who owns what",
        "Where threads carry, and where they break", "Evidence", "Where the words stand",
        "How this was made, and its limits",
    ]  # fmt: skip
    assert "Draft for an officer to check" in text
    assert all(limit in text for limit in LIMITS)
    assert dict(briefing.facts)["Fingerprint of the data"] in text
    assert all(link.words[0].mark.quote in text for link in briefing.statements)
    assert "plan.md, page 2" in text


def test_without_a_plan_coverage_is_not_stated(tmp_path: Path) -> None:
    with store_of(
        tmp_path, "Source:residents raises/concern Issue:noise\nSource:residents raises/concern Issue:theft"
    ) as store:
        briefing = briefing_of_store(store, small_ontology(), "oakvale")
    text = words_of(briefing_page(briefing))
    assert "No priority in these documents is in force, so what is covered is not stated." in text
    assert dict(briefing.facts)["Plan in force"] == "none in these documents"
    assert "nobody owns" not in text
    assert "Where threads carry" not in text
    assert sankey_of(briefing.scene, briefing.owned) is None


def test_the_day_that_was_asked_about_stands_on_the_page(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN) as store:
        briefings = {
            on: briefing_of_store(store, small_ontology(), "oakvale", on) for on in (None, "2025-06-01", "2030")
        }
    assert "Asked about" not in dict(briefings[None].facts)
    assert dict(briefings["2025-06-01"].facts)["Asked about"] == "1 June 2025"
    assert dict(briefings["2030"].facts)["Plan in force"] == "none in these documents in 2030"
    text = words_of(briefing_page(briefings["2030"]))
    assert "No priority in these documents is in force in 2030, so what is covered is not stated." in text
    assert "nobody owns" not in text


def test_the_picture_counts_issues_and_shows_where_threads_break(briefing: Briefing) -> None:
    picture = sankey_of(briefing.scene, briefing.owned)
    assert picture
    flows = {(f.start.label, f.end.label): f.count for f in picture.flows}
    assert flows["Theft", NO_PRIORITY] == 1
    assert flows["quiet nights", NO_OWNER] == 1
    assert flows["safe streets", "lantern group"] == 2
    assert flows["lantern group", "police"] == 2
    assert all(NO_GROUP not in ends for ends in flows)
    assert {bar.label for bar in picture.bars if bar.broken} == {NO_PRIORITY, NO_OWNER}
    for bar in picture.bars:
        assert 0 < bar.y < bar.y + bar.height <= picture.height


def test_who_leads_without_a_group_is_shown_all_the_same(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN.replace("Subgroup:lantern-group delivers Priority:safe-streets", "")) as store:
        briefing = briefing_of_store(store, small_ontology(), "oakvale")
    picture = sankey_of(briefing.scene, briefing.owned)
    assert picture
    flows = {(f.start.label, f.end.label): f.count for f in picture.flows}
    assert flows["safe streets", NO_GROUP] == flows[NO_GROUP, "police"] == 2


# ------------------------------------------------------------------------------------------------------------- Word


def opened(briefing: Briefing) -> docx.document.Document:
    return docx.Document(io.BytesIO(briefing_docx(briefing)))


def test_the_word_document_says_the_same(briefing: Briefing) -> None:
    document = opened(briefing)
    paragraphs = [p.text for p in document.paragraphs]
    assert paragraphs[0] == briefing.title
    assert set(briefing.findings) <= set(paragraphs)
    assert [p.text.split(" (")[0] for p in document.paragraphs if p.style and p.style.name == "Heading 1"] == [
        "Findings", "Coverage by theme", "Gaps, and what to do", "Who owns what", "Evidence",
        "How this was made, and its limits",
    ]  # fmt: skip
    gaps, evidence = document.tables[2], document.tables[4]
    assert len(gaps.rows) == len(briefing.scene.gaps) + 1
    assert gaps.rows[1].cells[1].text == "Serious gap"
    assert len(evidence.rows) == sum(len(link.words) for link in briefing.statements) + 1


def test_what_a_document_says_is_text_in_word(tmp_path: Path) -> None:
    with hostile_store(tmp_path) as store:
        document = opened(briefing_of_store(store, small_ontology(), "oakvale"))
    assert any(MARKS in cell.text for cell in document.tables[-1].columns[0].cells)


def test_the_word_document_is_the_same_on_any_day(briefing: Briefing, monkeypatch: pytest.MonkeyPatch) -> None:
    first = briefing_docx(briefing)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert briefing_docx(briefing) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert parts.infolist()[0].filename == "[Content_Types].xml"
        assert {info.date_time[0] for info in parts.infolist()} == {1980}


def test_characters_that_an_office_file_cannot_hold_do_not_break_it(tmp_path: Path) -> None:
    with store_of(tmp_path, "Priority:odd\x01name addresses Issue:noise") as store:
        assert opened(briefing_of_store(store, small_ontology(), "oakvale")).tables
