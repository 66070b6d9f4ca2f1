"""From a document as read to what it says: its names, what the readers claim, and what becomes of the claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..graph import Document, DocumentGraph
from ..ontology import Ontology
from .blocks import ReadFile
from .calibration import load_calibration
from .combine import Combined, combine
from .context import Context, PlaceFinder
from .locate import locate
from .mentions import MentionFinder
from .outcomes import Outcome, outcome_of
from .page import make_page
from .readers.rules.cues import Cue
from .readers.rules.reader import RuleReader
from .written_claims import WrittenClaim

#: The readers of this program.
READERS = ("rules",)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a document says, and what became of each claim, in the order in which they were made."""

    graph: DocumentGraph
    outcomes: tuple[Outcome, ...]


class Extractor:
    """Reads documents with one ontology and one set of cues.

    Args:
        ontology: what may exist and how it is written.
        cues: the wordings that state relations.

    """

    def __init__(self, ontology: Ontology, cues: Sequence[Cue]) -> None:
        self.ontology = ontology
        self.places = PlaceFinder(ontology)
        self.finder = MentionFinder(ontology)
        self._reader = RuleReader(cues)
        self._calibration = load_calibration()

    def extracted(
        self, read: ReadFile, document: Document, context: Context,
        readers: Sequence[str] = READERS, written: Sequence[WrittenClaim] = (),
    ) -> Extracted:  # fmt: skip
        """Find all that a document says, and what became of the claims; see `combined`."""
        combined, outcomes = self.combined(read, document, context, readers, written)
        return Extracted(combined.graph, outcomes)

    def combined(
        self, read: ReadFile, document: Document, context: Context,
        readers: Sequence[str] = READERS, written: Sequence[WrittenClaim] = (),
    ) -> tuple[Combined, tuple[Outcome, ...]]:  # fmt: skip
        """Find all that a document says, how likely each statement is, and what became of the claims.

        Args:
            read: its text and blocks.
            document: the document.
            context: whose it is.
            readers: those of `READERS` that read it.
            written: what others claim of it.

        """
        page = make_page(read, context, self.ontology, self.finder)
        claims = list(self._reader.read(page)) if "rules" in readers else []
        outcomes = [outcome_of(claim, self.ontology) for claim in claims]
        for made, outcome in locate(page, written):
            claims += made
            outcomes.append(outcome)
        return combine(page, document, claims, self._calibration), tuple(dict.fromkeys(outcomes))
