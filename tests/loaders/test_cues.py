"""Every cue finds what its own examples say, and nothing in those that it must not match."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.loaders.claims import Span
from goldenthread.loaders.mentions.context import Context
from goldenthread.loaders.mentions.finder import MentionFinder, Names
from goldenthread.loaders.mentions.priorities import REFERENCE
from goldenthread.loaders.mentions.schemes import find_schemes
from goldenthread.loaders.readers.rules.cues import Cue, apply, load_cues, masked
from goldenthread.ontology import GoldenthreadError, Ontology

HARROWMERE = Context(
    "harrowmere", "Safer Harrowmere Partnership", None, "Harrowmere", None, None, "minutes", "Minutes", "Minutes"
)
CUES = {cue.name: cue for cue in load_cues()}


@pytest.fixture(scope="module")
def finder(ontology: Ontology) -> MentionFinder:
    return MentionFinder(ontology)


def fires(cue: Cue, sentence: str, finder: MentionFinder) -> bool:
    names = Names()
    for scheme in find_schemes(sentence, 0):
        names.add(scheme.label, Span("Action", scheme.label, scheme.label, 0, 0))
    mentions = finder.find(sentence, HARROWMERE, names)
    for match in REFERENCE.finditer(sentence):
        mentions.append(Span("Priority", match.group(), match.group(), match.start(), match.end()))
    mentions.sort(key=lambda m: m.start)
    return any(True for _ in apply([cue], masked(sentence, mentions, 0)))


@pytest.mark.parametrize("name", sorted(CUES))
def test_a_cue_finds_its_examples_and_no_others(name: str, finder: MentionFinder) -> None:
    cue = CUES[name]
    assert cue.match, "a cue without an example cannot be checked"
    assert cue.reject, "a cue needs an example of what it must not match"
    assert [s for s in cue.match if not fires(cue, s, finder)] == []
    assert [s for s in cue.reject if fires(cue, s, finder)] == []


def test_every_cue_states_a_relation_of_the_ontology(ontology: Ontology) -> None:
    assert {cue.predicate for cue in CUES.values()} <= set(ontology.relations)
    assert len(CUES) == len(load_cues()), "two cues bear the same name"


def test_a_file_of_cues_with_a_mistake_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cues.toml"
    path.write_text('[[cue]]\nname = "broken"\npredicate = "leads"\npattern = "("\nmatch = []\n', encoding="utf-8")
    with pytest.raises(GoldenthreadError, match=r"cues\.toml.*cannot be used"):
        load_cues(path)
