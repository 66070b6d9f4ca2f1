"""Gaps held against those that annotations name: priorities that nobody owns, issues that no priority covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ..graph import DocumentGraph, open_store
from ..loaders.combine import Combined
from ..ontology import Ontology
from ..queries.gaps import Gap, find_gaps, rules_named
from .gold import FLOOR, GAP_RULES, Gold, GoldGap, closest, pair_up
from .scores import Tally

#: What is counted together: gaps that are missing for sure, and with them those that are possible.
BASES = {"missing": ("missing",), "missing or possible": ("missing", "possible")}


def measure_gaps(reads: Iterable[tuple[Gold, Combined]], ontology: Ontology) -> dict[tuple[str, str], Tally]:
    """Hold the gaps of each document by itself against its annotation.

    Returns:
        By rule and basis (see `BASES`), the gaps of all documents whose annotation names gaps.

    """
    totals: dict[tuple[str, str], Tally] = {}
    for gold, combined in reads:
        if gold.gaps is None:
            continue
        found = _gaps_of(combined.graph, ontology)
        for rule in GAP_RULES:
            for name, bases in BASES.items():
                labels = [gap.label for gap in found if gap.rule == rule and gap.basis in bases]
                totals[rule, name] = totals.get((rule, name), Tally()) + _tally(labels, gold.gaps[rule])
    return totals


def _gaps_of(graph: DocumentGraph, ontology: Ontology) -> Sequence[Gap]:
    with TemporaryDirectory() as folder, open_store(str(Path(folder) / "gaps.db"), ontology, create=True) as store:
        store.use_vocabulary(ontology)
        store.replace(graph)
        return find_gaps(store, ontology, rules_named(list(GAP_RULES))).gaps


def _tally(labels: Sequence[str], annotated: Sequence[GoldGap]) -> Tally:
    """Count labels of gaps; what is optional counts neither way, unless it may as well be one of the others."""
    wanted = [gap for gap in annotated if not gap.optional]
    optional = [gap.names[0] for gap in annotated if gap.optional]
    first = [gap.names[0] for gap in wanted]
    counting = [label for label in labels if closest([label], optional) < FLOOR or closest([label], first) >= FLOOR]
    return Tally(
        len(pair_up(counting, wanted, lambda label, gap: closest([label], gap.names))), len(counting), len(wanted)
    )
