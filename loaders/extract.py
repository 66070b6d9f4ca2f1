"""From a document as read to what it says: its names, what the readers claim, and what becomes of the claims."""

from __future__ import annotations

from collections.abc import Sequence

from ..graph import Document, DocumentGraph
from ..ontology import Ontology
from .blocks import ReadFile
from .calibration import load_calibration
from .combine import Combined, combine
from .context import Context, PlaceFinder
from .mentions import MentionFinder
from .page import make_page
from .readers.rules.cues import Cue
from .readers.rules.reader import RuleReader


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

    def extract(self, read: ReadFile, document: Document, context: Context) -> DocumentGraph:
        """Find all that a document says."""
        return self.combined(read, document, context).graph

    def combined(self, read: ReadFile, document: Document, context: Context) -> Combined:
        """Find all that a document says, and how likely each statement is."""
        page = make_page(read, context, self.ontology, self.finder)
        return combine(page, document, self._reader.read(page), self._calibration)
