"""Claims of readers become what a document says: checked, joined, and each with how likely it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from goldenthread.graph import Document, DocumentGraph
from goldenthread.loaders.calibration import Calibration, load_calibration
from goldenthread.loaders.claims import AttributeClaim, Claim, EntityClaim, RelationClaim, SameClaim, Span
from goldenthread.loaders.combine import Combined, combine
from goldenthread.loaders.extract import Extractor
from goldenthread.loaders.formats.blocks import ReadFile
from goldenthread.loaders.formats.plain import read_plain
from goldenthread.loaders.mentions.context import find_context
from goldenthread.loaders.page import Page, make_page

TEXT = (
    "Safer Harrowmere Partnership\n\nThe Violence Reduction Board (VRB) leads on knife crime, and the Parks Team "
    "helps.\n"
)
Combine = Callable[..., DocumentGraph]
CombineAll = Callable[..., Combined]


def span(type_: str, name: str, **other: str) -> Span:
    at = TEXT.index(name)
    return Span(type_, other.get("key", name.lower().replace(" ", "-")), name, at, at + len(name), 1)


BOARD, SHORT, KNIVES, PARKS = (
    span("Subgroup", "Violence Reduction Board"), span("Subgroup", "Parks"), span("Issue", "knife crime"),
    span("Partner", "Parks Team"),
)  # fmt: skip


def leads(subject: Span, object_: Span, **other: object) -> RelationClaim:
    claim = RelationClaim(subject, "leads", object_, 30, len(TEXT) - 1, "test", reader="file:test")
    return replace(claim, **other)  # type: ignore[arg-type]  # fields of a claim


@pytest.fixture
def combined(extractor: Extractor) -> CombineAll:
    """Combine claims of one document, and tell what became of each."""
    read: ReadFile = read_plain(TEXT)
    context = find_context(read, "a.txt", extractor.places, partnership="Harrowmere", plan_period=None, date=None)
    page: Page = make_page(read, context, extractor.ontology, extractor.finder)
    document = Document("document/a.txt", "a.txt", "", "", None, "harrowmere", "Safer Harrowmere Partnership")

    def run(*claims: Claim, calibration: Calibration | None = None, stated_at: float | None = None) -> Combined:
        return combine(page, document, claims, calibration or load_calibration(), stated_at)

    return run


@pytest.fixture
def said_by(combined: CombineAll) -> Combine:
    """Combine claims of one document."""
    return lambda *claims, **how: combined(*claims, **how).graph


def test_a_relation_names_its_ends_and_carries_its_words(said_by: Combine) -> None:
    graph = said_by(leads(BOARD, KNIVES))
    (statement,) = graph.statements
    assert (statement.subject, statement.object) == (
        "harrowmere/subgroup/violence-reduction-board",
        "issue/knife-crime",
    )
    assert [e.quote for e in statement.evidence] == [TEXT[30:-1]]
    assert {m.quote for e in graph.entities for m in e.mentions} == {"Violence Reduction Board", "knife crime"}


def test_what_the_ontology_does_not_allow_and_what_joins_a_thing_to_itself_is_left_out(said_by: Combine) -> None:
    assert said_by(leads(KNIVES, BOARD), leads(BOARD, BOARD)).statements == ()


def test_an_entity_may_stand_alone_and_has_the_attributes_that_are_claimed(said_by: Combine) -> None:
    graph = said_by(EntityClaim(PARKS), AttributeClaim(BOARD, "number", "2"))
    assert {e.label: e.attributes for e in graph.entities} == {
        "Parks Team": (),
        "Violence Reduction Board": (("number", "2"),),
    }


def test_two_names_that_are_claimed_to_be_one_are_joined_under_the_fuller(said_by: Combine) -> None:
    apart = said_by(leads(SHORT, KNIVES), EntityClaim(BOARD))
    assert {e.label for e in apart.entities} == {"Violence Reduction Board", "Parks", "knife crime"}
    graph = said_by(leads(SHORT, KNIVES), EntityClaim(BOARD), SameClaim(SHORT, BOARD, 30, 60))
    assert {e.label for e in graph.entities} == {"Violence Reduction Board", "knife crime"}
    assert graph.statements[0].subject == "harrowmere/subgroup/violence-reduction-board"


def test_what_renames_another_stays_apart_from_it_and_from_what_is_one_with_it(said_by: Combine) -> None:
    renames = RelationClaim(BOARD, "renames", SHORT, 30, 60, "test", reader="file:test")
    graph = said_by(renames, SameClaim(SHORT, BOARD, 30, 60))
    assert {e.label for e in graph.entities} == {"Violence Reduction Board", "Parks"}
    assert [s.predicate for s in graph.statements] == ["renames"]


def test_things_of_two_types_are_never_one(said_by: Combine) -> None:
    graph = said_by(EntityClaim(BOARD), EntityClaim(PARKS), SameClaim(PARKS, BOARD, 30, 60))
    assert len(graph.entities) == 2


def test_a_claim_that_two_readers_make_is_likelier(said_by: Combine) -> None:
    alone = said_by(leads(BOARD, KNIVES, score=0.6))
    both = said_by(leads(BOARD, KNIVES, score=0.6), leads(BOARD, KNIVES, score=0.6, reader="llm:other"))
    assert both.statements[0].evidence[0].probability > alone.statements[0].evidence[0].probability
    assert len(both.statements[0].evidence) == 2


def test_only_a_model_that_read_the_whole_document_speaks_by_its_silence(said_by: Combine) -> None:
    def likely(*claims: Claim) -> float:
        """How likely it is that the board leads on knife crime, which only the rules claim."""
        statements = said_by(*claims).statements
        return next(s.evidence[0].probability for s in statements if "violence" in s.subject)

    ours = [leads(each, KNIVES, reader="rules") for each in (BOARD, SHORT, PARKS)]
    ours.append(replace(ours[2], predicate="supports"))
    theirs = [replace(claim, reader="llm:other") for claim in ours[2:]]
    alone = likely(*ours)
    assert likely(*ours, theirs[0]) == alone
    assert likely(*ours, *theirs) < alone


def test_a_plain_statement_goes_before_one_that_was_assumed(said_by: Combine) -> None:
    graph = said_by(leads(BOARD, KNIVES, assumed=True), leads(BOARD, KNIVES))
    assert graph.statements[0].status == "extracted"


def test_what_is_too_unlikely_is_dropped(said_by: Combine) -> None:
    strict = replace(load_calibration(), floor=0.95)
    assert said_by(leads(BOARD, KNIVES), calibration=strict).statements == ()
    assert len(said_by(leads(BOARD, KNIVES), calibration=load_calibration()).statements) == 1


def test_what_is_not_likely_enough_is_suggested_and_the_threshold_can_be_moved(combined: CombineAll) -> None:
    claim = leads(BOARD, KNIVES)
    likely = combined(claim).outcomes[0].probability
    assert likely is not None
    for stated_at, status in ((likely, "stated"), (likely + 0.01, "suggested"), (0.0, "stated"), (1.0, "suggested")):
        found = combined(claim, stated_at=stated_at)
        (statement,) = found.graph.statements
        assert (statement.status == "suggested", found.outcomes[0].status) == (status == "suggested", status)
    default = load_calibration().threshold
    assert combined(claim).graph == combined(claim, stated_at=default).graph


def test_each_claim_is_told_what_became_of_it(combined: CombineAll) -> None:
    request = Span("Request", "more-patrols", "more patrols", 30, 42, 1)
    asked = RelationClaim(PARKS, "requests", request, 30, 60, "test", score=0.01, reader="file:test")
    claims = (
        leads(BOARD, KNIVES),
        leads(KNIVES, BOARD),
        leads(SHORT, BOARD),
        SameClaim(SHORT, BOARD, 30, 60),
        asked,
        EntityClaim(PARKS),
    )
    found = combined(*claims, calibration=replace(load_calibration(), floor=0.1))
    assert [(o.status, o.why) for o in found.outcomes] == [
        ("stated", ""),
        ("rejected", "the ontology does not allow it: Issue leads Subgroup"),
        ("rejected", "both ends are the same: “Parks” and “Violence Reduction Board”"),
        ("taken", ""),
        ("rejected", "too unlikely: 0.01"),
        ("taken", ""),
    ]
    assert [e.type for e in found.graph.entities] == ["Partner", "Subgroup", "Issue"]  # no request that nobody makes


def test_a_request_is_about_something_only_as_far_as_it_is_made(said_by: Combine) -> None:
    request = Span("Request", "more-patrols", "more patrols", 30, 42, 1)
    asked = RelationClaim(PARKS, "requests", request, 30, 60, "test", score=0.2, reader="file:test")
    about = RelationClaim(request, "about", KNIVES, 30, 60, "test", reader="file:test")
    likely = {
        s.predicate: s.evidence[0].probability
        for s in said_by(asked, about, calibration=replace(load_calibration(), floor=0.0)).statements
    }
    assert likely["about"] == likely["requests"] < 0.5


def test_what_a_person_signed_is_certain(said_by: Combine) -> None:
    (statement,) = said_by(leads(BOARD, KNIVES, score=0.1, trusted=True)).statements
    assert statement.evidence[0].probability == 1
