"""Our own annotated documents, of invented partnerships, are read at least as well as docs/accuracy.md says.

They were written and annotated by somebody who did not know the rules. The floors are a little
below what is reached, so that a change which loses a manner of writing is noticed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RULES

from goldenthread.evaluation.scores import find_sample, measure, read_sample, summed
from goldenthread.loaders.extract import Extractor

FOLDER = Path(__file__).parent / "reading"
#: A little below what is reached; docs/accuracy.md has the figures.
FLOORS = {"entities": 0.88, "relations": 0.675, "ownership": 0.745}
#: Of what is stated, how much is right at least.
STATED = 0.92


@pytest.mark.slow
def test_documents_not_written_for_the_rules_are_read_well(extractor: Extractor) -> None:
    reads = read_sample(find_sample(FOLDER / "docs", FOLDER / "gold"), extractor, RULES)
    assert not reads.failed
    figures = summed(one.every for one in measure(reads.done, extractor.ontology))
    assert {name: floor for name, floor in FLOORS.items() if figures[name].f1 < floor} == {}
    stated = summed(one.stated for one in measure(reads.done, extractor.ontology))
    assert stated["relations"].precision >= STATED
