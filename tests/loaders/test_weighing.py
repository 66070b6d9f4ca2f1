"""What the rules and the learned reader claim is weighed together; names likewise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from goldenthread.graph import Document
from goldenthread.loaders.calibration import Calibration, load_calibration
from goldenthread.loaders.claims import Claim, EntityClaim, RelationClaim, Span
from goldenthread.loaders.combine import Combined, combine
from goldenthread.loaders.extract import Extractor
from goldenthread.loaders.formats.plain import read_plain
from goldenthread.loaders.mentions.context import find_context
from goldenthread.loaders.page import make_page

TEXT = "Safer Harrowmere Partnership\n\nThe Lamp Group leads on wobbling, and the Dog Group helps.\n"
OWN = ("learned", "rules")
#: Weights that say: it is as likely as the learned reader is sure; what the rules claim as well is likelier.
WEIGHTS = {"learned+rules": {"score": 1.0, "rules": 1.0}, "names of learned+rules": {"score": 1.0, "rules": 5.0}}


def span(type_: str, name: str) -> Span:
    at = TEXT.index(name)
    return Span(type_, name.lower().replace(" ", "-"), name, at, at + len(name), 1)


LAMPS, DOGS, WOBBLING = span("Subgroup", "Lamp Group"), span("Subgroup", "Dog Group"), span("Issue", "wobbling")


def leads(subject: Span, score: float, reader: str = "learned") -> RelationClaim:
    return RelationClaim(subject, "leads", WOBBLING, 30, 60, "test", score, reader=reader, named=0.9)


def run(extractor: Extractor, *claims: Claim, own: tuple[str, ...] = OWN, names: float = 0.4) -> Combined:
    read = read_plain(TEXT)
    context = find_context(read, "a.txt", extractor.places, partnership="Harrowmere", plan_period=None, date=None)
    page = make_page(read, context, extractor.ontology, extractor.finder)
    document = Document("document/a.txt", "a.txt", "", "", None, "harrowmere", "Safer Harrowmere Partnership")
    base = load_calibration()
    together = {"threshold": 0.6, "floor": 0.0, "names": names}
    calibration: Calibration = replace(base, together=together, weights={**base.weights, **WEIGHTS})
    return combine(page, document, claims, calibration, None, own)


def likely(found: Combined) -> dict[str, float]:
    return {subject.rpartition("/")[2]: p for (subject, *_), p in found.likely.items()}


def test_what_both_claim_is_likelier_than_what_one_claims(extractor: Extractor) -> None:
    alone = likely(run(extractor, leads(LAMPS, 0.6)))["lamp-group"]
    both = likely(run(extractor, leads(LAMPS, 0.6), leads(LAMPS, 0.8, "rules")))["lamp-group"]
    assert alone == pytest.approx(0.6, abs=0.001)
    assert both > alone


def test_a_statement_knows_how_far_it_is_from_the_surest_that_fits_as_well(extractor: Extractor) -> None:
    found = run(extractor, leads(LAMPS, 0.9), leads(DOGS, 0.3))
    features = {key[0].rpartition("/")[2]: judged[0].features() for key, judged in found.judged.items()}
    assert features["lamp-group"]["short of the object's surest"] == 0
    assert features["dog-group"]["short of the object's surest"] == pytest.approx(-3.044, abs=0.01)
    assert features["dog-group"]["short of the subject's surest"] == 0


def test_without_the_learned_reader_the_rules_are_weighed_as_before(extractor: Extractor) -> None:
    (judged,) = run(extractor, leads(LAMPS, 0.8, "rules"), own=("rules",)).judged.values()
    assert [each.reader for each in judged] == ["rules"]


def test_claims_from_elsewhere_are_not_weighed_with_those_of_this_program(extractor: Extractor) -> None:
    (judged,) = run(extractor, leads(LAMPS, 0.6), leads(LAMPS, 0.8, "llm:x")).judged.values()
    assert sorted(each.reader for each in judged) == ["learned+rules", "llm:x"]


def test_an_unlikely_name_of_which_nothing_is_said_is_dropped(extractor: Extractor) -> None:
    claims = [EntityClaim(LAMPS, 0.3, "learned"), EntityClaim(DOGS, 0.9, "learned")]
    assert {e.label for e in run(extractor, *claims).graph.entities} == {"Dog Group"}
    assert {e.label for e in run(extractor, *claims, names=0.0).graph.entities} == {"Lamp Group", "Dog Group"}
    spoken_of = run(extractor, *claims, leads(LAMPS, 0.6))
    assert {e.label for e in spoken_of.graph.entities} >= {"Lamp Group", "Dog Group"}


def test_a_name_that_a_person_or_another_reader_gives_stays(extractor: Extractor) -> None:
    claims = [EntityClaim(LAMPS, 0.3, "learned"), EntityClaim(LAMPS, 0.3, "file:x")]
    assert {e.label for e in run(extractor, *claims).graph.entities} == {"Lamp Group"}
