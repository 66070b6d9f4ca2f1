"""The model: a statement with the words that prove it, and what statements are about.

Offsets count Unicode code points of a document's canonical text, so that
``text[start:end] == quote`` holds for every `Evidence` and `Mention`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

#: What the id of the partnership begins with for a document that does not name its partnership.
NOT_STATED = "not-stated/"


#: What people are shown for the status 'suggested'.
POSSIBLE = "possible, check"


@dataclass(frozen=True, slots=True)
class Document:
    """A file as loaded."""

    id: str  #: 'document/' and the path
    path: str  #: relative to the store's folder, with forward slashes
    sha256: str  #: of the file's bytes
    title: str
    date: str | None  #: ISO 8601 date, or year and month, as far as the document says
    partnership: str  #: id of the partnership, or `NOT_STATED` and the document's name
    partnership_label: str
    kind: str = "document"  #: plan, minutes, consultation, ...
    text: str | None = None  #: the canonical text; None when it was imported without
    reader: str = ""  #: fingerprint of what read it: software, ontology, options
    #: Where the parts that a reader knows by name begin in the text, such as (0, 'page 1'); sorted, empty where there
    #: are none.
    places: tuple[tuple[int, str], ...] = ()
    #: What a person said of it when loading it, in place of what it says, such as ('partnership', 'Harrowmere');
    #: sorted.
    said: tuple[tuple[str, str], ...] = ()

    def place_at(self, offset: int) -> str:
        """Return the name of the part in which `offset` lies, such as 'page 3'; empty where it has none."""
        number = bisect_right(self.places, offset, key=lambda place: place[0])
        return self.places[number - 1][1] if number else ""


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """Where a document names an entity."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Entity:
    """What one document says of an entity: its name there, and where it stands."""

    id: str
    type: str
    label: str
    rank: int = 0  #: how good the label is; of several documents' labels the highest ranked is shown
    kind: str | None = None  #: kind of body, for partners, subgroups, roles and sources
    starts: int | None = None  #: first year of a plan
    ends: int | None = None  #: last year of a plan
    attributes: tuple[tuple[str, str], ...] = ()  #: sorted pairs, such as ('deadline', 'Dec-22')
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """The words that prove a statement, and how they were understood."""

    document: str
    start: int
    end: int
    quote: str
    cue: str  #: the reader's name for how it came to this
    probability: float  #: 0 to 1: how likely the statement is, by what this document says
    assumed: bool = False  #: true where a part was inherited from a heading or the document
    reader: str = "rules"  #: who read them so: 'rules', or what a claims file calls its reader
    suggested: bool = False  #: true where the statement is not likely enough, by what this document says, to be stated


@dataclass(frozen=True, slots=True)
class Statement:
    """Subject, predicate, object: the unit of the graph."""

    subject: str
    predicate: str
    object: str
    evidence: tuple[Evidence, ...]
    stance: str | None = None  #: for `raises`
    partnership: str = ""

    @property
    def stated_by(self) -> tuple[Evidence, ...]:
        """The evidence that is good enough to repeat; empty for what is only suggested."""
        return tuple(e for e in self.evidence if not e.suggested)

    @property
    def status(self) -> str:
        """'suggested', 'assumed' or 'extracted'.

        It is 'suggested' when no document is clear enough, 'assumed' when every clear piece of evidence inherits a
        part, and else 'extracted'.
        """
        stated = self.stated_by
        if not stated:
            return "suggested"
        return "assumed" if all(e.assumed for e in stated) else "extracted"

    @property
    def probability(self) -> float:
        """How likely the statement is: the probability by the clearest document.

        Documents copy from one another, so their probabilities do not add up.
        """
        return max(e.probability for e in self.evidence)


@dataclass(frozen=True, slots=True)
class DocumentGraph:
    """All that one document says."""

    document: Document
    entities: tuple[Entity, ...]
    statements: tuple[Statement, ...]
    notes: tuple[str, ...] = field(default=())  #: what the reader must tell the person who loads it


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """What a language model answered when it was asked about a part of a document; kept, so that it is asked once."""

    document: str  #: the document's id
    prompt: str  #: a hash of all that was asked: instruction, ontology and words
    model: str  #: as the endpoint calls it
    sha256: str  #: of the document's bytes
    text: str
    whole: bool = True  #: false where the answer broke off


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about the graph; kept apart from what was extracted."""

    action: str  #: confirm, reject, merge, split or accept
    target: str  #: what it is about: an entity id, a gap, or a statement as 'subject|predicate|object|stance'
    reason: str
    by: str  #: a role or a name, as the person gives it
    other: str | None = None  #: the second entity of a merge
    expires: str | None = None  #: ISO date after which it no longer counts
