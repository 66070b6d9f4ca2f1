"""Tables as people see them: merged cells, headings of several rows or down the side, cards, tables within cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from make_office import cell, docx, paragraph, row, run, table, workbook
from words import read

from goldenthread.graph import DocumentGraph
from goldenthread.ontology.columns import role_of

Read = Callable[..., DocumentGraph]
Said = Callable[[DocumentGraph], set[tuple[str, ...]]]

AMNESTY, BIN = "Run an amnesty for blades", "Fit a bin at the station"
POLICE, HOUSE, PARKS = "Harrowmere Police", "Lantern House", "Head of Parks"


def html_table(*rows: str) -> str:
    return f"<html><body><h1>Plan</h1><table>{''.join(f'<tr>{each}</tr>' for each in rows)}</table></body></html>"


def cells(tag: str, *words: str) -> str:
    return "".join(f"<{tag}>{each}</{tag}>" for each in words)


def merged_sheet(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["Action", "Lead", "Deadline"])
    sheet.write_column(1, 0, [AMNESTY, BIN])
    sheet.merge_range("B2:B3", POLICE)
    sheet.write_column(1, 2, ["May", "June"])


MERGED = {
    "plan.docx": docx(
        table(
            row("Action", "Lead", "Deadline"),
            row(AMNESTY, cell(POLICE, merge="restart"), "May"),
            row(BIN, cell("", merge="continue"), "June"),
        )
    ),
    "plan.xlsx": workbook(Plan=merged_sheet),
    "plan.html": html_table(
        cells("th", "Action", "Lead", "Deadline"),
        f"<td>{AMNESTY}</td><td rowspan='2'>{POLICE}</td><td>May</td>",
        cells("td", BIN, "June"),
    ).encode(),
}


@pytest.mark.parametrize("name", MERGED)
def test_a_merged_cell_counts_for_every_row_that_it_spans(name: str, read_text: Read, said: Said) -> None:
    read(MERGED[name], name)
    assert {(POLICE, "leads", AMNESTY), (POLICE, "leads", BIN)} <= said(read_text(MERGED[name], name))


def test_a_blank_cell_of_its_own_inherits_no_lead(read_text: Read, said: Said) -> None:
    text = f"| Action | Lead |\n|---|---|\n| {AMNESTY} | {POLICE} |\n| {BIN} | |\n"
    assert not any(end == BIN for *_, end in said(read_text(text, "plan.md")))


def headed_sheet(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["Action", "", "", "By when"])
    sheet.merge_range("B1:C1", "Responsibility")
    sheet.write_row(1, 1, ["Lead", "Support"])
    sheet.write_row(2, 0, [AMNESTY, POLICE, HOUSE, "May"])


HEADED = {
    "plan.docx": docx(
        table(
            row("Action", cell("Responsibility", across=2), "By when"),
            row("", "Lead", "Support", ""),
            row(AMNESTY, POLICE, HOUSE, "May"),
        )
    ),
    "plan.xlsx": workbook(Plan=headed_sheet),
    "plan.html": html_table(
        "<th rowspan=2>Action</th><th colspan=2>Responsibility</th><th rowspan=2>By when</th>",
        cells("th", "Lead", "Support"),
        cells("td", AMNESTY, POLICE, HOUSE, "May"),
    ).encode(),
    "plan.csv": f"Action,Responsibility,,By when\n,Lead,Support,\n{AMNESTY},{POLICE},{HOUSE},May\n".encode(),
}


@pytest.mark.parametrize("name", HEADED)
def test_headings_of_two_rows_name_their_columns_together(name: str, read_text: Read, said: Said) -> None:
    found = said(read_text(HEADED[name], name))
    assert {(POLICE, "leads", AMNESTY), (HOUSE, "supports", AMNESTY)} <= found
    assert (HOUSE, "leads", AMNESTY) not in found


FIRST = (("Action", AMNESTY), ("Lead", POLICE), ("Partners", HOUSE))
SECOND = (("Action", BIN), ("Lead", PARKS))
CARDS = {
    "plan.docx": docx(table(*(row(*pair) for pair in FIRST)), paragraph("Next."), table(*(row(*p) for p in SECOND))),
    "plan.xlsx": workbook(Plan=[["Plan of Harrowmere"], [], *FIRST, [], *SECOND]),
    "plan.html": html_table(*(f"<th>{label}</th><td>{words}</td>" for label, words in (*FIRST, *SECOND))).encode(),
    "plan.csv": "\n".join(",".join(pair) for pair in (*FIRST, *SECOND)).encode(),
    "plan.md": "\n".join(
        f"| {label} | {words} |" + "\n|---|---|" * (number == 0)
        for number, (label, words) in enumerate((*FIRST, *SECOND))
    ).encode(),
}


@pytest.mark.parametrize("name", CARDS)
def test_each_card_of_labels_and_values_is_an_item(name: str, read_text: Read, said: Said) -> None:
    found = said(read_text(CARDS[name], name))
    expected = {(POLICE, "leads", AMNESTY), (HOUSE, "supports", AMNESTY), (PARKS, "leads", BIN)}
    assert expected <= found
    assert not {(PARKS, "leads", AMNESTY), (POLICE, "leads", BIN)} & found


def test_a_card_without_a_name_is_about_what_stands_above_it(read_text: Read, said: Said) -> None:
    page = (
        "<h1>Plan</h1><h2>Priority 1: Knife crime</h2><dl><dt>Lead</dt><dd>Harrowmere Police</dd>"
        "<dt>Delivery group</dt><dd>Blade Panel</dd></dl><h2>Pond Forum</h2>"
        "<table><tr><th>Chair</th><td>Head of Parks</td></tr><tr><th>Members</th><td>Lantern House</td></tr></table>"
    )
    assert {
        (POLICE, "leads", "Knife crime"),
        ("Blade Panel", "delivers", "Knife crime"),
        (PARKS, "chairs", "Pond Forum"),
        (HOUSE, "member_of", "Pond Forum"),
    } <= said(read_text(f"<html><body>{page}</body></html>", "page.html"))


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.csv"])
def test_a_table_whose_headings_run_down_is_turned(name: str, read_text: Read, said: Said) -> None:
    lines = [["Priority", "Safer parks", "Cleaner lanes"], ["Lead", POLICE, PARKS], ["Issues", "gangs", "graffiti"]]
    data = workbook(Plan=lines) if name.endswith("xlsx") else "\n".join(",".join(line) for line in lines)
    found = said(read_text(data, name))
    assert {(POLICE, "leads", "Safer parks"), (PARKS, "leads", "Cleaner lanes")} <= found
    assert {("Safer parks", "addresses", "gangs"), ("Cleaner lanes", "addresses", "graffiti")} <= found


def test_tables_side_by_side_on_a_sheet_are_two(read_text: Read, said: Said) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Action", "Lead", "", "Group", "Chair"])
        sheet.write_row(1, 0, [AMNESTY, POLICE, "", "Blade Panel", PARKS])
        sheet.write_row(2, 0, [BIN, HOUSE])

    data = workbook(Plan=fill)
    assert [len(b.rows) for b in read(data, "plan.xlsx").blocks if b.kind == "table"] == [3, 2]
    found = said(read_text(data, "plan.xlsx"))
    assert {(POLICE, "leads", AMNESTY), (PARKS, "chairs", "Blade Panel")} <= found


def test_a_blank_column_within_a_table_does_not_divide_it() -> None:
    lines = [["Ref", "Action", "", "Lead", "Deadline"], ["1", AMNESTY, "", POLICE, "May"]]
    assert [len(b.rows[0]) for b in read(workbook(Plan=lines), "plan.xlsx").blocks if b.kind == "table"] == [4]


def test_sheets_that_are_called_after_priorities_hold_their_actions(read_text: Read) -> None:
    head = ["Action", "Lead"]
    graph = read_text(
        workbook(**{"Knife crime": [head, [AMNESTY, POLICE]], "Graffiti": [head, [BIN, PARKS]]}), "p.xlsx"
    )
    labels = {e.id: e.label for e in graph.entities}
    placed = {(labels[s.subject], labels[s.object]) for s in graph.statements if s.predicate == "stands_in"}
    assert {(AMNESTY, "Knife crime"), (BIN, "Graffiti")} <= placed
    log = read_text(workbook(**{"Action log": [head, [AMNESTY, POLICE]], "Closed": [head, [BIN, PARKS]]}), "log.xlsx")
    assert not any(e.type == "Priority" for e in log.entities)


INNER = table(row("Lead", POLICE), row("Support", HOUSE))
NESTED = {
    "plan.docx": docx(table(row("Action", "Lead"), row(AMNESTY, f"<w:tc>{INNER}<w:p/></w:tc>"), row(BIN, PARKS))),
    "plan.html": html_table(
        cells("th", "Action", "Lead"),
        f"<td>{AMNESTY}</td><td><table><tr>{cells('td', 'Lead', POLICE)}</tr>"
        f"<tr>{cells('td', 'Support', HOUSE)}</tr></table></td>",
    ).encode(),
}


@pytest.mark.parametrize("name", NESTED)
def test_a_table_inside_a_cell_says_who_leads_and_who_helps(name: str, read_text: Read, said: Said) -> None:
    read(NESTED[name], name)
    found = {each for each in said(read_text(NESTED[name], name)) if each[2] == AMNESTY and each[1] != "addresses"}
    assert found == {(POLICE, "leads", AMNESTY), (HOUSE, "supports", AMNESTY)}


def tabbed(*words: str) -> str:
    return paragraph("<w:r><w:tab/></w:r>".join(run(each) for each in words))


@pytest.mark.parametrize("name", ["plan.docx", "plan.txt"])
def test_columns_that_tabs_set_are_a_table(name: str, read_text: Read, said: Said) -> None:
    lines = [("Action", "Lead", "Deadline"), (AMNESTY, POLICE, "May"), (BIN, PARKS, "June")]
    text = "Plan of Harrowmere\n\n" + "\n".join("\t".join(line) for line in lines) + "\n\nThe end.\n"
    data = docx(*(tabbed(*line) for line in lines), paragraph("The end.")) if name == "plan.docx" else text.encode()
    assert read(data, name).blocks[-1].text == "The end."
    assert {(POLICE, "leads", AMNESTY), (PARKS, "leads", BIN)} <= said(read_text(data, name))


def test_lines_of_one_paragraph_are_items_and_fields(read_text: Read, said: Said) -> None:
    lines = "<w:r><w:br/></w:r>".join(run(each) for each in ("We will work on:", "• graffiti", "• fly-tipping"))
    fields = "<w:r><w:br/></w:r>".join(run(each) for each in (f"Lead: {POLICE}", "Delivery group: Blade Panel"))
    data = docx(paragraph("Priority 1: Cleaner lanes", "Heading1"), paragraph(fields), paragraph(lines))
    found = said(read_text(data, "plan.docx"))
    assert {(POLICE, "leads", "Cleaner lanes"), ("Blade Panel", "delivers", "Cleaner lanes")} <= found
    assert {("Cleaner lanes", "addresses", "graffiti"), ("Cleaner lanes", "addresses", "fly-tipping")} <= found


def test_items_below_an_item_tell_more_of_it(read_text: Read, said: Said) -> None:
    text = (
        "# Plan 2024-2027\n\nOur priorities are:\n\n- Safer parks\n  - Lead: Harrowmere Police\n"
        "  - Deadline: May\n- Cleaner lanes\n  - Lead: Head of Parks\n"
    )
    graph = read_text(text, "plan.md")
    assert {e.label for e in graph.entities if e.type == "Priority"} == {"Safer parks", "Cleaner lanes"}
    assert {(POLICE, "leads", "Safer parks"), (PARKS, "leads", "Cleaner lanes")} <= said(graph)


def test_people_raise_what_at_least_half_of_them_worry_about(read_text: Read, said: Said) -> None:
    text = (
        "Harrowmere survey,,,\nHow worried are you?,,,\n,Very worried,Fairly worried,Not at all worried\n"
        "Knife crime,41%,30%,29%\nGraffiti,5%,20%,75%\n"
    )
    assert said(read_text(text, "survey.csv")) == {("respondents", "raises", "knife crime", "concern")}


def test_the_choices_of_a_form_are_raised_each(read_text: Read, said: Said) -> None:
    text = "ID,Which issues concern you most?\n1,Knife crime;Graffiti;\n2,Graffiti;Burglary;\n"
    raised = {issue for _, predicate, issue, *_ in said(read_text(text, "form.csv")) if predicate == "raises"}
    assert raised == {"knife crime", "graffiti", "burglary"}


@pytest.mark.parametrize(
    ("words", "leaders"),
    [
        ("LBX / Met", {"LBX", "Met"}),
        ("LBX & Met", {"LBX", "Met"}),
        ("Police & Council (lead)", {"Police", "Council"}),
        ("Police, Council (lead)", {"Council"}),
        ("Police (lead) & Council", {"Police"}),
        ("Parks & Ponds (lead)", {"Parks & Ponds"}),
    ],
)
def test_two_owners_in_a_cell_are_two(words: str, leaders: set[str], read_text: Read, said: Said) -> None:
    found = said(read_text(f"| Action | Lead |\n|---|---|\n| {BIN} | {words} |\n", "plan.md"))
    assert {subject for subject, predicate, _ in found if predicate == "leads"} == leaders


@pytest.mark.parametrize(
    ("role", "headings"),
    [
        ("lead", "Owner, Owners, Responsible officer(s), SRO, Accountable, Leading officer, By who, Action owner"),
        ("support", "With, Partner, Partners, Partners involved, Stakeholders, Involved"),
        ("priority", "Aim, Aims, Objectives, Goal, Goals, Area of work, Areas of work, Focus areas, Strand"),
        ("decision", "Deliverable, Deliverables, Key deliverables"),
        ("outcome", "Outcome, Outcomes"),
        ("update", "Measure, Measures, KPIs"),
        ("deadline", "Timescales, Time frame, Timeline, Target dates"),
        ("issues", "Responsible for"),
    ],
)
def test_headings_are_known_in_singular_and_plural_and_by_synonyms(role: str, headings: str) -> None:
    assert {heading: role_of(heading) for heading in headings.split(", ")} == dict.fromkeys(headings.split(", "), role)
