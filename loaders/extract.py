"""From a document as read to what it says: its names, what the readers claim, and which claims are taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ..graph import Document, DocumentGraph
from ..ontology import Ontology
from .calibration import Calibration, load_calibration
from .claims import Claim, ReaderUnavailable, RelationClaim, WrittenClaim
from .combine import Combined, combine
from .formats.blocks import ReadFile
from .mentions.context import Context, PlaceFinder
from .mentions.finder import MentionFinder
from .outcomes import Outcome
from .page import Page, make_page
from .readers.rules.cues import Cue
from .readers.rules.reader import RuleReader
from .readers.written.locate import locate
from .weighing import LEARNED

#: The readers of this program.
READERS = ("rules", LEARNED)


class Reader(Protocol):
    """Reads a page of this program by itself, and claims what it says."""

    @property
    def name(self) -> str:
        """By which its claims are known."""
        ...

    def read(self, page: Page) -> Iterable[Claim]:
        """Yield what it claims."""
        ...


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
        calibration: how claims become probabilities; the package's own when left out.
        learned: the reader that learned; when left out, the one with the package's model, loaded when it is first
            needed.

    """

    def __init__(
        self, ontology: Ontology, cues: Sequence[Cue], calibration: Calibration | None = None,
        learned: Reader | None = None,
    ) -> None:  # fmt: skip
        self.ontology = ontology
        self.places = PlaceFinder(ontology)
        self.finder = MentionFinder(ontology)
        self._rules = RuleReader(cues)
        self._learned = learned
        self._no_model = ""  #: why there is no reader that learned
        self.calibration = calibration or load_calibration()

    def extracted(
        self, read: ReadFile, document: Document, context: Context,
        readers: Sequence[str] = READERS, written: Sequence[WrittenClaim] = (), stated_at: float | None = None,
    ) -> Extracted:  # fmt: skip
        """Find all that a document says, and what became of the claims; see `combined`."""
        combined, outcomes = self.combined(read, document, context, readers, written, stated_at)
        return Extracted(combined.graph, outcomes)

    def combined(
        self, read: ReadFile, document: Document, context: Context,
        readers: Sequence[str] = READERS, written: Sequence[WrittenClaim] = (), stated_at: float | None = None,
    ) -> tuple[Combined, tuple[Outcome, ...]]:  # fmt: skip
        """Find all that a document says, how likely each statement is, and what became of the claims.

        Args:
            read: its text and blocks.
            document: the document.
            context: the partnership it belongs to, and what else it says of itself.
            readers: those of `READERS` that read it.
            written: what others claim of it.
            stated_at: the probability from which on a statement is stated; the calibration's own threshold when left
                out.

        """
        page = make_page(read, context, self.ontology, self.finder)
        own = [(name, reader) for name in sorted(readers) if (reader := self._reader(name)) is not None]
        claims = [claim for _, reader in own for claim in reader.read(page)]
        located = list(locate(page, written))
        given = [*claims, *(c for made, _ in located for c in made)]
        combined = combine(page, document, given, self.calibration, stated_at, tuple(name for name, _ in own))
        if LEARNED in readers and self._no_model:
            notes = (f"{document.path}: {self._no_model}", *combined.graph.notes)
            combined = replace(combined, graph=replace(combined.graph, notes=notes))
        became = iter(combined.outcomes)
        outcomes = [next(became) for _ in claims]
        outcomes += [_as_written(outcome, [next(became) for _ in made]) for made, outcome in located]
        return combined, tuple(dict.fromkeys(outcomes))

    def _reader(self, name: str) -> Reader | None:
        """A reader of this program by its name; None for the one that learned where its model cannot be loaded."""
        if name == "rules":
            return self._rules
        if name == LEARNED and self._learned is None and not self._no_model:
            try:
                from .readers.learned.reader import learned_reader  # numpy and onnxruntime take time to start

                self._learned = learned_reader(self.ontology)
            except ReaderUnavailable as error:
                self._no_model = str(error)
        return self._learned if name == LEARNED else None


def _as_written(outcome: Outcome, became: Sequence[Outcome]) -> Outcome:
    """What became of a claim as it was written, by what became of the claims that it makes.

    Its relation decides, where it has one.
    """
    decisive = next((each for each in became if isinstance(each.claim, RelationClaim)), outcome)
    return replace(decisive, claim=outcome.claim, reader=outcome.reader)
