"""The answer to a question in words, as a sentence and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..graph import Evidence
from .facts import Thing


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents answer, each part with the words that prove it."""

    question: str
    #: the form of question as which it was understood, with what its names were taken for; empty when it was not
    query: str
    text: str  #: in a sentence
    answers: tuple[tuple[Thing, tuple[Evidence, ...]], ...] = ()  #: the best supported first
    possible: bool = False  #: the answers are only suggested, and to be checked

    @property
    def stated(self) -> bool:
        """Whether these documents state an answer."""
        return bool(self.answers) and not self.possible

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the contract for `ask --format json` has it."""
        return {
            "question": self.question,
            "understood": bool(self.query),
            "stated": self.stated,
            "query": self.query,
            "text": self.text,
            "answers": [
                {
                    "id": thing.id, "label": thing.label, "type": thing.type,
                    "status": "suggested" if self.possible else "stated",
                    "evidence": [
                        {
                            "document": e.document, "start": e.start, "end": e.end, "quote": e.quote,
                            "reader": e.reader, "cue": e.cue, "probability": e.probability,
                        }
                        for e in evidence
                    ],
                }
                for thing, evidence in self.answers
            ],
        }  # fmt: skip
