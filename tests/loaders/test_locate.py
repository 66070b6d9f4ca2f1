"""What a document must confirm of a claim: each check with its reason, and which other spellings are accepted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from goldenthread.loaders.claims import AttributeClaim, Claim, EntityClaim, RelationClaim, SameClaim
from goldenthread.loaders.extract import Extractor
from goldenthread.loaders.formats.reading import read_bytes
from goldenthread.loaders.mentions.context import find_context
from goldenthread.loaders.outcomes import Outcome, Reason
from goldenthread.loaders.page import Page, make_page
from goldenthread.loaders.readers.written.locate import MOST_CLAIMS, locate
from goldenthread.loaders.readers.written.written_claims import read_claims

PLAN = """# Safer Harrowmere Plan 2024-2027

## Who does what

The **Violence Reduction** Board leads on knife crime. It meets monthly. Fly tipping worries residents.

The group is run by Trading Standards.

## 3. Safer Streets

Led by the Head of Community Safety:

- burglary
- street drinking, with help from Lantern House

| Priority | Lead | Westmarch Police |
|---|---|---|
| Safer Streets | Head of Housing | supports |
| Safer Lives Online | Director of Public Health | |

## Feedback

Residents asked for brighter lamps, because of burglary.

Members’ “Night Watch” is run by Tarnholt Homes.

The Rural Crime Forum meets in Elmdon.

The Rural Crime Forum meets in Quillgate.
"""

Located = Callable[..., tuple[tuple[Claim, ...], Outcome]]


@pytest.fixture(scope="module")
def page(extractor: Extractor) -> Page:
    return page_of(extractor, PLAN, "plan.md")


def page_of(extractor: Extractor, text: str, name: str, partnership: str | None = "Harrowmere") -> Page:
    read = read_bytes(text.encode(), name)
    context = find_context(read, name, extractor.places, partnership=partnership, plan_period=None, date=None)
    return make_page(read, context, extractor.ontology, extractor.finder)


def located(page: Page, *claims: dict[str, Any]) -> list[tuple[tuple[Claim, ...], Outcome]]:
    lines = "\n".join(json.dumps({"document": "plan.md", **claim}) for claim in claims)
    return list(locate(page, read_claims(lines.encode(), "claims.jsonl").claims))


def relation(quote: str, subject: str, predicate: str, object_: str, **more: Any) -> dict[str, Any]:
    """A claim whose ends are written like 'Issue: knife crime'."""
    ends = {
        key: dict(zip(("type", "name"), end.split(": ", 1), strict=True))
        for key, end in (("subject", subject), ("object", object_))
    }
    return {"quote": quote, "predicate": predicate, **ends, **more}


def stated(page: Page, claim: dict[str, Any]) -> RelationClaim:
    ((made, outcome),) = located(page, claim)
    assert outcome.status == "taken", outcome.why
    (found,) = [each for each in made if isinstance(each, RelationClaim)]
    return found


def refused(page: Page, claim: dict[str, Any]) -> Outcome:
    ((made, outcome),) = located(page, claim)
    assert made == ()
    assert outcome.status == "rejected"
    return outcome


LEADS = relation("Board leads on knife crime", "Subgroup: Violence Reduction Board", "leads", "Issue: knife crime")


# ------------------------------------------------------------------------------------------------------- taken


def test_a_claim_is_located_where_its_words_stand(page: Page) -> None:
    found = stated(page, LEADS)
    assert page.text[found.start : found.end] == "Board leads on knife crime"
    assert (found.subject.type, found.subject.label, found.subject.key) == (
        "Subgroup",
        "Violence Reduction Board",
        "violence-reduction-board",
    )
    assert page.text[found.subject.start : found.subject.end] == "Violence Reduction** Board"
    assert (found.object.key, found.score, found.reader, found.assumed) == (
        "knife-crime",
        0.8,
        "file:claims.jsonl",
        False,
    )


@pytest.mark.parametrize(
    "quote",
    [
        "The Violence Reduction Board leads on  knife\n crime.",
        "The **Violence Reduction** Board leads",
        "| Safer Streets | Head of Housing |",
        "Safer Streets Head of Housing",
    ],
)
def test_a_quote_stands_there_with_and_without_markup_white_space_apart(page: Page, quote: str) -> None:
    ((made, outcome),) = located(
        page, {"quote": quote, "entity": {"type": "Subgroup", "name": "Violence Reduction Board"}}
    )
    assert outcome.status == "taken", outcome.why
    assert made


def test_of_several_places_the_first_is_taken_unless_the_prefix_says_which(page: Page) -> None:
    claim = {"quote": "The Rural Crime Forum meets in", "entity": {"type": "Subgroup", "name": "Rural Crime Forum"}}
    ends = [
        made[0].entity.start
        for made, _ in located(page, claim, {**claim, "prefix": "Elmdon."})
        if isinstance(made[0], EntityClaim)
    ]
    assert ends == [page.text.find("Rural Crime Forum"), page.text.rfind("Rural Crime Forum")]
    outcome = refused(page, {**claim, "prefix": "Last year,"})
    assert outcome.reason is Reason.PREFIX


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        (
            relation("burglary\n- street", "Role: Head of Community Safety", "leads", "Issue: burglary"),
            "in the list's intro",
        ),
        (relation("burglary", "Priority: Safer Streets", "addresses", "Issue: burglary"), "in the heading"),
        (
            relation("street drinking, with help", "Partner: Lantern House", "supports", "Issue: street drinking"),
            "in the block",
        ),
        (
            relation("| supports |", "Partner: Westmarch Police", "supports", "Priority: Safer Streets"),
            "in column head and row",
        ),
        (
            relation("Safer Streets | Head of Housing", "Role: Head of Housing", "leads", "Priority: Safer Streets"),
            "in the row",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_name_near_the_quote_is_said_by_it(page: Page, claim: dict[str, Any], where: str) -> None:
    assert stated(page, claim).assumed is False


@pytest.mark.parametrize(
    "claim",
    [
        relation("It meets monthly. Fly tipping", "Partner: Trading Standards", "leads", "Issue: fly-tipping"),
        relation(
            "The group is run by Trading Standards",
            "Partner: Trading Standards",
            "leads",
            "Subgroup: Violence Reduction Board",
        ),
        relation(
            "| Safer Streets | Head of Housing |", "Role: Director of Public Health", "leads", "Priority: Safer Streets"
        ),
        relation("knife crime", "Partner: Tarnholt Homes", "leads", "Issue: street drinking"),
    ],
)
def test_a_name_that_stands_only_elsewhere_makes_the_claim_assumed(page: Page, claim: dict[str, Any]) -> None:
    assert stated(page, claim).assumed is True


def test_a_reader_may_say_itself_that_it_assumes(page: Page) -> None:
    assert stated(page, {**LEADS, "assumed": True}).assumed is True


@pytest.mark.parametrize("name", ["tarnholt homes", "TARNHOLT  HOMES", "the Tarnholt Homes", "Tarnholt\nHomes."])
def test_names_are_told_whatever_their_case_white_space_and_article(page: Page, name: str) -> None:
    claim = relation("is run by Tarnholt Homes", f"Partner: {name}", "leads", 'Action: "Night Watch"')
    found = stated(page, claim)
    assert found.subject.label == "Tarnholt Homes"
    assert page.text[found.object.start : found.object.end] == "“Night Watch”"


def test_only_an_issue_may_be_called_by_the_label_of_the_vocabulary(page: Page) -> None:
    found = stated(
        page,
        relation(
            "Fly tipping worries residents", "Source: residents", "raises", "Issue: fly-tipping", stance="concern"
        ),
    )
    assert page.text[found.object.start : found.object.end] == "Fly tipping"
    assert found.object.key == "fly-tipping"
    absent = refused(
        page, relation("Fly tipping worries residents", "Source: residents", "raises", "Issue: arson", stance="concern")
    )
    assert (absent.reason, absent.about) == (Reason.NAME, "“arson”")


def test_an_issue_outside_the_vocabulary_is_known_by_its_words(page: Page) -> None:
    found = stated(
        page,
        relation(
            "Residents asked for brighter lamps",
            "Source: Residents",
            "raises",
            "Issue: brighter lamps",
            stance="request",
        ),
    )
    assert (found.object.key, found.object.label) == ("brighter-lamps", "brighter lamps")


def test_the_partnership_may_be_called_by_its_label(extractor: Extractor) -> None:
    page = page_of(extractor, "Harrowmere Borough Council sits on the CSP.\n", "a.txt")
    assert "Harrowmere Community Safety Partnership" not in page.text
    claim = relation(
        "sits on the CSP",
        "Partner: Harrowmere Borough Council",
        "member_of",
        "Partnership: Harrowmere Community Safety Partnership",
    )
    found = stated(page, claim)
    assert (found.object.key, page.text[found.object.start : found.object.end], found.assumed) == (
        "partnership",
        "the CSP",
        False,
    )


def test_another_partnership_is_not_taken_for_the_documents_own(extractor: Extractor) -> None:
    page = page_of(
        extractor,
        "Safer Harrowmere Partnership\n\nWestmarch Police sit on the Elmdon Community Safety Partnership.\n",
        "a.txt",
    )
    claim = relation(
        "Westmarch Police sit on",
        "Partner: Westmarch Police",
        "member_of",
        "Partnership: Elmdon Community Safety Partnership",
    )
    assert stated(page, claim).object.key == "elmdon-community-safety-partnership"


def test_a_name_is_known_as_the_rules_know_it(page: Page) -> None:
    found = stated(page, relation("| supports |", "Partner: Westmarch Police", "supports", "Priority: safer streets"))
    assert (found.subject.key, found.subject.kind) == ("police", "police")
    assert (found.object.key, found.object.label) == ("safer-streets", "Safer Streets")


def test_a_request_with_its_issue_makes_two_claims(page: Page) -> None:
    claim = relation(
        "Residents asked for brighter lamps", "Source: Residents", "requests", "Request: brighter lamps",
        about={"type": "Issue", "name": "burglary"}
    )  # fmt: skip
    ((made, _),) = located(page, claim)
    said = [(c.subject.label, c.predicate, c.object.label) for c in made if isinstance(c, RelationClaim)]
    assert said == [("residents", "requests", "brighter lamps"), ("brighter lamps", "about", "burglary")]


def test_an_attribute_stands_in_the_quote(page: Page) -> None:
    entity = {"type": "Priority", "name": "Safer Streets"}
    ((made, _),) = located(page, {"quote": "3. Safer Streets", "entity": entity, "attribute": "number", "value": "3"})
    assert [(c.name, c.value) for c in made if isinstance(c, AttributeClaim)] == [("number", "3")]
    outcome = refused(page, {"quote": "3. Safer Streets", "entity": entity, "attribute": "deadline", "value": "May"})
    assert (outcome.reason, outcome.about) == (Reason.VALUE, "“May”")
    outcome = refused(page, {"quote": "3. Safer Streets", "entity": entity, "attribute": "period", "value": "3"})
    assert outcome.about == "“3” is not a period such as 2024-2027"


def test_the_plan_of_a_period_is_known_by_it(page: Page) -> None:
    claim = relation(
        "## 3. Safer Streets", "Priority: Safer Streets", "stands_in", "Plan: Safer Harrowmere Plan 2024-2027"
    )
    ((made, _),) = located(page, claim)
    (period,) = [c for c in made if isinstance(c, AttributeClaim)]
    assert (period.entity.key, period.name, period.value) == ("2024-2027", "period", "2024-2027")


def test_two_names_for_one_thing_stand_in_the_document_and_are_of_one_type(extractor: Extractor) -> None:
    page = page_of(extractor, "The Brightside Collective reports in May. Brightside will move house.\n", "a.txt")
    pair = [{"type": "Partner", "name": "Brightside Collective"}, {"type": "Partner", "name": "Brightside"}]
    ((made, _),) = located(page, {"quote": "Brightside will move", "same": pair})
    (same,) = [c for c in made if isinstance(c, SameClaim)]
    assert (same.left.label, same.right.label) == ("Brightside Collective", "Brightside")
    other = [pair[0], {"type": "Role", "name": "Brightside"}]
    assert refused(page, {"quote": "Brightside", "same": other}).reason is Reason.NOT_ALLOWED
    assert refused(page, {"quote": "Brightside", "same": [pair[0], pair[0]]}).reason is Reason.SAME_ENDS
    assert (
        refused(page, {"quote": "Brightside", "same": [pair[0], {"type": "Partner", "name": "BSC"}]}).reason
        is Reason.NAME
    )


def test_what_a_person_signs_is_said_to_be(page: Page) -> None:
    lines = json.dumps({"trusted": "Ann"}) + "\n" + json.dumps({"document": "plan.md", **LEADS})
    (((found, *_), _),) = locate(page, read_claims(lines.encode(), "c.jsonl").claims)
    assert (found.reader, found.trusted) == ("person:Ann", True)


# ---------------------------------------------------------------------------------------------------- rejected


@pytest.mark.parametrize(
    ("changed", "reason", "about"),
    [
        ({"quote": "Board is in charge of knife crime"}, Reason.QUOTE, "“Board is in charge of knife crime”"),
        ({"quote": "BOARD LEADS ON KNIFE CRIME"}, Reason.QUOTE, "“BOARD LEADS ON KNIFE CRIME”"),
        ({"subject": {"type": "Committee", "name": "Violence Reduction Board"}}, Reason.TYPE, "“Committee”"),
        ({"subject": {"type": "Document", "name": "Violence Reduction Board"}}, Reason.TYPE, "“Document”"),
        ({"predicate": "runs"}, Reason.RELATION, "“runs”"),
        ({"predicate": "broader"}, Reason.RELATION, "“broader”"),
        ({"stance": "concern"}, Reason.STANCE, "'leads' takes none"),
        (
            {"subject": {"type": "Source", "name": "residents"}, "predicate": "raises", "stance": "anger"},
            Reason.STANCE,
            "“anger”",
        ),
        (
            {"subject": {"type": "Source", "name": "residents"}, "predicate": "raises"},
            Reason.STANCE,
            "'raises' needs one of",
        ),
        ({"subject": {"type": "Issue", "name": "knife crime"}}, Reason.NOT_ALLOWED, "Issue leads Issue"),
        ({"object": {"type": "Role", "name": "Head of Housing"}}, Reason.NOT_ALLOWED, "Subgroup leads Role"),
        ({"about": {"type": "Issue", "name": "burglary"}}, Reason.NOT_ALLOWED, "Issue about Issue"),
        ({"object": {"type": "Subgroup", "name": "the violence reduction board"}}, Reason.SAME_ENDS, ""),
        ({"subject": {"type": "Subgroup", "name": "Ghost Board"}}, Reason.NAME, "“Ghost Board”"),
        (
            {"subject": {"type": "Subgroup", "name": "Violence Reduction Boar"}},
            Reason.NAME,
            "“Violence Reduction Boar”",
        ),
        ({"object": {"type": "Issue", "name": "burgla"}}, Reason.NAME, "“burgla”"),
        ({"subject": {"type": "Subgroup", "name": "It"}}, Reason.NO_NAME, "“It”"),
        ({"subject": {"type": "Subgroup", "name": "“…”"}}, Reason.NO_NAME, ""),
        ({"object": {"type": "Issue", "name": "crime"}}, Reason.TOO_WIDE, "“crime”"),
        ({"score": 7}, Reason.NO_CLAIM, "its score is not between 0 and 1"),
    ],
)  # fmt: skip
def test_a_claim_that_the_document_or_the_ontology_does_not_bear_out_is_rejected(
    page: Page, changed: dict[str, Any], reason: Reason, about: str
) -> None:
    outcome = refused(page, {**LEADS, **changed})
    assert (outcome.reason, outcome.why.startswith(reason.value)) == (reason, True)
    assert about in outcome.about


def test_an_invented_owner_under_a_true_quote_is_named_with_the_nearest_words(page: Page) -> None:
    outcome = refused(page, {**LEADS, "subject": {"type": "Subgroup", "name": "Violent Reduction Board"}})
    assert outcome.why == "name not in the document: “Violent Reduction Board”; nearest: “Violence Reduction Board”"


def test_a_changed_quote_is_shown_what_the_document_says(page: Page) -> None:
    outcome = refused(
        page,
        {
            **LEADS,
            "quote": "The Violence Reduction Board leads on all knife crimes. It meets monthly. "
            + "Fly tipping worries residents. " * 5,
        },
    )
    assert outcome.nearest == "The Violence Reduction Board leads on knife crime. It meets monthly. Fly tipping"
    assert len(outcome.nearest) <= 120
    assert refused(page, {**LEADS, "quote": "zzzz qqqq xxxx jjjj"}).nearest == ""


def test_the_vocabulary_calls_no_body_by_another_name(page: Page) -> None:
    assert "Trading Standards" in page.text
    outcome = refused(
        page,
        relation("is run by Trading Standards", "Partner: trading standards service", "leads", "Issue: knife crime"),
    )
    assert outcome.reason is Reason.NAME


def test_no_name_goes_on_from_one_cell_to_the_next(page: Page) -> None:
    assert (
        refused(
            page, relation("Safer Streets", "Partner: Lead Westmarch Police", "supports", "Priority: Safer Streets")
        ).reason
        is Reason.NAME
    )


def test_too_many_claims_of_a_document_are_rejected_and_cost_little(page: Page) -> None:
    line = json.dumps({"document": "plan.md", **LEADS, "quote": "no such words"}).encode()
    claims = read_claims(b"\n".join([line] * (MOST_CLAIMS + 2)), "claims.jsonl").claims
    outcomes = [outcome for _, outcome in locate(page, claims)]
    assert [o.reason for o in outcomes[-3:]] == [Reason.QUOTE, Reason.TOO_MANY, Reason.TOO_MANY]


@pytest.mark.parametrize("text", ["a" * 40_000, "a " * 20_000, "ab" * 20_000])
def test_text_of_one_letter_repeated_takes_no_hours(extractor: Extractor, text: str) -> None:
    page = page_of(extractor, f"# {text}\n\n{text} Westmarch Police lead on arson.\n", "a.md")
    claim = relation("a", "Partner: a b", "leads", "Issue: a", prefix="b")
    line = json.dumps({"document": "a.md", **claim}).encode()
    start = time.process_time()
    assert {outcome.status for _, outcome in locate(page, read_claims(b"\n".join([line] * 300), "c.jsonl").claims)} == {
        "rejected"
    }
    assert time.process_time() - start < 3
