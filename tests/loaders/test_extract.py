"""What documents say is found: small documents in the manner of councils, about an invented borough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goldenthread.graph import DocumentGraph
from goldenthread.loaders.readers.rules.stances import stance_of

Read = Callable[..., DocumentGraph]
Said = Callable[[DocumentGraph], set[tuple[str, ...]]]


def test_every_quote_stands_at_its_offsets(read_text: Read) -> None:
    graph = read_text("Plan 2024-2027\n\nOur priorities are:\n\n• tackling burglary\n• knife crime and gangs\n")
    text = graph.document.text or ""
    assert graph.statements
    for statement in graph.statements:
        for e in statement.evidence:
            assert text[e.start : e.end] == e.quote
    for entity in graph.entities:
        for m in entity.mentions:
            assert text[m.start : m.end] == m.quote


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Priority 1 - Safer parks\nPriority 2: Safer roads after dark\n", {"Safer parks", "Safer roads after dark"}),
        (
            "Plan\n\nThe partnership has agreed these local priorities:\n\n- burglary\n- hate crime\n",
            {"burglary", "hate crime"},
        ),
        (
            "The priorities for the year are burglary and fraud, hate crime and noise.\n",
            {"burglary and fraud", "hate crime and noise"},
        ),
        (
            "The Partnership had as its priorities ending exploitation and tackling fraud.\n",
            {"ending exploitation", "tackling fraud"},
        ),
        (
            "We set four priorities - noise; fraud; hate crime; and burglary - and kept them.\n",
            {"noise", "fraud", "hate crime", "burglary"},
        ),
        ("Members asked about the duties:\n\n- burglary\n- hate crime\n", set()),
    ],
)
def test_priorities_are_found_however_they_are_set_out(read_text: Read, text: str, names: set[str]) -> None:
    assert {e.label for e in read_text(text).entities if e.type == "Priority"} == names


def test_a_list_of_priorities_ends_where_its_content_does(read_text: Read, said: Said) -> None:
    graph = read_text(
        "Online Consultation - May 2024\n\n- Residents were in support of the following priorities:\n"
        "- Safer parks for all\n- Reducing knife crime\n"
        "- Issues that are affecting residents the most included fly tipping and noise nuisance.\n"
    )
    assert {e.label for e in graph.entities if e.type == "Priority"} == {"Safer parks for all", "Reducing knife crime"}
    assert {
        ("residents", "supports", "Safer parks for all"),
        ("residents", "raises", "fly-tipping", "concern"),
    } <= said(graph)


def test_a_priority_addresses_what_its_name_names(read_text: Read, said: Said) -> None:
    found = said(read_text("Priority 1: Tackling domestic and sexual abuse\n"))
    assert {
        ("Tackling domestic and sexual abuse", "addresses", "domestic abuse"),
        ("Tackling domestic and sexual abuse", "addresses", "sexual violence"),
    } == found


def test_a_group_named_after_an_issue_delivers_it(read_text: Read, said: Said) -> None:
    assert ("hate crime subgroup", "delivers", "hate crime") in said(
        read_text("Work goes on in the hate crime subgroup every month.\n")
    )


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        (
            "The Oakvale Action Group is chaired by the Head of Housing.",
            ("Head of Housing", "chairs", "Oakvale Action Group"),
        ),
        ("Operation Lantern is run by Westmarch Police.", ("Westmarch Police", "leads", "Operation Lantern")),
        ("Fly-tipping falls to Environmental Health.", ("Environmental Health", "leads", "fly-tipping")),
        ("The Oakvale Panel will be renamed the Oakvale Forum.", ("Oakvale Panel", "renames", "Oakvale Forum")),
        ("Operation Lantern targets off-road bikes.", ("Operation Lantern", "addresses", "off-road bikes")),
        (
            "The Oakvale Forum reports to the Oakvale Strategic Board.",
            ("Oakvale Forum", "part_of", "Oakvale Strategic Board"),
        ),
    ],
)
def test_relations_in_a_sentence(read_text: Read, said: Said, sentence: str, statement: tuple[str, ...]) -> None:
    assert statement in said(read_text(f"Update\n\n{sentence} More was said on the day.\n"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Members asked who is responsible for fly-tipping and whether it falls to Environmental Health.",
        "Operation Lantern is no longer led by Westmarch Police.",
        "Is Operation Lantern led by Westmarch Police?",
        "The Head of Housing presented the report of the Oakvale Action Group.",
    ],
)
def test_questions_denials_and_presenting_state_no_owner(read_text: Read, sentence: str) -> None:
    owning = {s.predicate for s in read_text(f"Update\n\n{sentence}\n").statements}
    assert not owning & {"leads", "chairs"}


def test_the_members_of_a_board_are_listed_under_its_introduction(read_text: Read, said: Said) -> None:
    found = said(
        read_text(
            "Who we are\n\nThe Partnership Board is made up of:\n\n- Westmarch Police\n- Probation Service\n"
            "- Quiet Harbour\n"
        )
    )
    assert {s for s, p, *_ in found if p == "member_of"} == {"Westmarch Police", "Probation Service", "Quiet Harbour"}


def test_a_heading_says_who_speaks_and_the_sentence_goes_before_it(read_text: Read, said: Said) -> None:
    graph = read_text(
        "Comments of the Scrutiny Committee - May 2024\n\n- Concerns were noted about speeding.\n"
        "- Street lighting is a concern to residents.\n- Burglary has not increased.\n"
    )
    assert {
        ("Scrutiny Committee", "raises", "speeding", "concern"),
        ("residents", "raises", "street lighting", "concern"),
        ("Scrutiny Committee", "raises", "burglary", "decrease"),
    } <= said(graph)
    assert {e.assumed for s in graph.statements if s.object == "issue/speeding" for e in s.evidence} == {True}


def test_what_an_introduction_asks_for_is_requested_by_all_its_items(read_text: Read) -> None:
    graph = read_text(
        "Comments of the Scrutiny Committee\n\nMembers requested:\n\n"
        "1. that a page on scams go into the winter magazine;\n2. that figures come every year.\n"
    )
    assert [s.predicate for s in graph.statements].count("requests") == 2


def test_a_table_of_actions_gives_owners_and_fills_down(read_text: Read, said: Said) -> None:
    graph = read_text(
        'Ref,Priority,Action,Lead,Partners,Deadline\n'
        '1,Safer Parks,Fit new lamps,Head of Parks; Westmarch Police,Victim Support,May 2025\n'
        '2,,Cut the hedges,"Operational Director, Enforcement and Parks",,\n3,,Count the benches,TBC,,\n', "plan.csv"
    )  # fmt: skip
    owners = {(s, o) for s, p, o, *_ in said(graph) if p == "leads"}
    assert owners == {
        ("Head of Parks", "Fit new lamps"), ("Westmarch Police", "Fit new lamps"),
        ("Operational Director, Enforcement and Parks", "Cut the hedges"),
    }  # fmt: skip
    assert ("Victim Support", "supports", "Fit new lamps") in said(graph)
    held = {
        s.subject for s in graph.statements if s.predicate == "stands_in" and s.object.endswith("priority/safer-parks")
    }
    assert len(held) == 3
    assert ("deadline", "May 2025") in next(e for e in graph.entities if e.label == "Fit new lamps").attributes


def test_a_survey_table_is_raised_by_respondents(read_text: Read, said: Said) -> None:
    found = said(read_text("Issue,Responses,Percentage\nFly tipping,20,40%\nSpeeding,12,24%\n", "survey.csv"))
    assert {
        ("respondents", "raises", "fly-tipping", "concern"),
        ("respondents", "raises", "speeding", "concern"),
    } == found


def test_one_police_force_however_it_is_named(read_text: Read) -> None:
    graph = read_text(
        "Update\n\nWestmarch Police spoke. The police agreed, and the Police left. "
        "Westmarch Constabulary was thanked.\n"
    )
    assert [e.id for e in graph.entities if e.type == "Partner"] == ["harrowmere/partner/police"]


def test_an_acronym_means_what_the_document_says(read_text: Read) -> None:
    graph = read_text("Update\n\nThe Oakvale Planning Group (OPG) met. The OPG is chaired by the Head of Housing.\n")
    assert ("harrowmere/role/head-of-housing", "chairs", "harrowmere/subgroup/oakvale-planning-group") in {
        (s.subject, s.predicate, s.object) for s in graph.statements
    }


def test_a_post_with_its_body_behind_it_is_the_same_post(read_text: Read) -> None:
    graph = read_text('Priority,Lead\nSafer Parks,"Superintendent for Harrowmere, Westmarch Police"\n', "a.csv")
    assert "harrowmere/role/superintendent-for-harrowmere" in {e.id for e in graph.entities}


def test_a_shortened_name_is_the_same_body_in_every_document(read_text: Read) -> None:
    text = "Priority,Lead\nSafer Parks,{}\nQuiet Nights,{}\n"
    short = read_text(text.format("Det Supt (Public Protection)", "Hate Crime and Prevent Grp"), "a.csv")
    full = read_text(
        text.format("Detective Superintendent (Public Protection)", "Hate Crime and Prevent Group"), "b.csv"
    )

    def owners(graph: DocumentGraph) -> set[str]:
        return {s.subject for s in graph.statements if s.predicate == "leads"}

    expected = {
        "harrowmere/role/detective-superintendent-public-protection",
        "harrowmere/subgroup/hate-crime-and-prevent-group",
    }
    assert owners(short) == owners(full) == expected


@pytest.mark.parametrize("quoted", ["“{}”", '"{}"'])
def test_a_request_at_the_end_of_a_quotation_does_not_keep_its_mark(read_text: Read, quoted: str) -> None:
    words = quoted.format("The park is dark. We need more lighting there.")
    graph = read_text(f"Survey\n\nWhat residents said\n\nResidents said: {words}\n")
    assert [e.label for e in graph.entities if e.type == "Request"] == ["We need more lighting there"]


def test_a_working_group_without_a_name_is_nobody_in_particular(read_text: Read) -> None:
    plan = "Plan 2024-2027\n\nPriority 1: Safer parks\n\nA {} will lead this priority.\n"
    groups = [
        {e.label for e in read_text(plan.format(name)).entities if e.type == "Subgroup"}
        for name in ("working group", "Parks Working Group")
    ]
    assert groups == [set(), {"Parks Working Group"}]


def test_what_a_document_does_not_say_is_filed_as_not_stated(read_text: Read) -> None:
    graph = read_text("Notes\n\nThe police agreed.\n", partnership=None)
    assert graph.document.partnership == "not-stated/document-txt"
    assert graph.document.partnership_label == "Partnership not stated (document.txt)"
    assert any("does not say whose it is" in note for note in graph.notes)


def test_a_partnerships_name_does_not_begin_in_the_heading_before(read_text: Read) -> None:
    graph = read_text(
        "Refreshed Community Safety Partnership Action Plan\n\nMedway Community Safety Partnership\n\nNotes.\n",
        partnership=None,
    )
    assert graph.document.partnership_label == "Medway Community Safety Partnership"


@pytest.mark.parametrize("end", ["was stood down in March 2024", "has gone", "no longer meets", "was disbanded"])
def test_a_group_that_is_no_more_works_on_nothing_by_its_name(read_text: Read, said: Said, end: str) -> None:
    assert said(read_text("Notes\n\nThe Rural Crime Forum met twice.\n")) >= {
        ("Rural Crime Forum", "delivers", "rural crime")
    }
    assert not [fact for fact in said(read_text(f"Notes\n\nThe Rural Crime Forum {end}.\n")) if fact[1] == "delivers"]


def test_a_body_speaks_under_its_name_in_the_notes_of_a_consultation(read_text: Read, said: Said) -> None:
    graph = read_text(
        "Consultation workshops: notes\n\nYouth Council, session of 14 November 2023\n\n"
        "• Fly-tipping worries us more than anything.\n"
    )
    assert ("Youth Council", "raises", "fly-tipping", "concern") in said(graph)
    answered = read_text("Consultation: what we did\n\nMetropolitan Police\n\n• More patrols against fly-tipping.\n")
    assert not [fact for fact in said(answered) if fact[1] == "raises"]


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("People who had reported a hate crime said that they never heard back.", "concern"),
        ("The Committee welcomed the work on hate crime.", "support"),
        ("Residents back the work on hate crime.", "support"),
    ],
)
def test_who_never_heard_back_backs_nothing(sentence: str, stance: str) -> None:
    assert stance_of(sentence, 0, in_scope=True) == stance


def test_what_is_welcomed_because_it_has_not_gone_up_is_a_decrease() -> None:
    def stance(words: str) -> str | None:
        return stance_of(words, 0, intro="Members welcomed:", in_scope=True)

    assert stance("the fact that burglary has not increased") == "decrease"
    assert stance("the work on burglary") == "support"


@pytest.mark.parametrize("words", ["concerned", "most concerned", "particularly worried", "still uneasy"])
def test_how_much_somebody_is_concerned_does_not_matter(read_text: Read, words: str) -> None:
    graph = read_text(f"Minutes\n\nIn the survey, residents were {words} about dog fouling.\n")
    raised = [(s.subject, s.object, s.stance) for s in graph.statements if s.predicate == "raises"]
    assert raised == [("harrowmere/source/residents", "issue/dog-fouling", "concern")]


def test_a_known_council_brings_its_police_force(read_text: Read) -> None:
    graph = read_text(
        "Dacorum Community Safety Partnership\n\nThe Dacorum Community Safety Partnership is chaired by "
        "Hertfordshire Constabulary.\n",
        partnership=None,
    )
    assert graph.document.partnership == "dacorum"
    assert {e.id: e.label for e in graph.entities}["dacorum/partner/police"] == "Hertfordshire Constabulary"


def test_the_same_words_give_the_same_graph(read_text: Read) -> None:
    text = (
        "Plan 2024-2027\n\nPriority 1: Safer parks, led by Westmarch Police\n\nResidents raised speeding and noise.\n"
    )

    def once() -> Any:
        return read_text(text)

    assert once() == once()
