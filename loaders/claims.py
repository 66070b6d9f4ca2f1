"""What every way of reading hands over: claims.

Readers know nothing of each other, of the store, or of how their claims are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ..ontology import GoldenthreadError


@dataclass(frozen=True, slots=True)
class Span:
    """Something that a text names, where it does."""

    type: str  #: a class of the ontology, or 'Mask' for a name in which nothing else may be found
    key: str  #: what tells it from others of its type: the last part of its id
    label: str
    start: int  #: in the canonical text
    end: int
    rank: int = 0  #: how good the label is; below 0 for 'it' and 'the group', which are no name of it
    kind: str | None = None  #: of a body
    inside: tuple[Span, ...] = ()  #: the issues that its own name names


@dataclass(frozen=True, slots=True)
class RelationClaim:
    """These words say that the subject has this relation to the object."""

    subject: Span
    predicate: str  #: a relation of the ontology
    object: Span
    start: int  #: of the words that say so, in the canonical text
    end: int
    cue: str  #: the reader's own name for how it came to this
    score: float = 0.8  #: the reader's own, from 0 to 1; not yet a probability
    assumed: bool = False  #: a part was inherited from a heading or the document
    stance: str | None = None  #: for a relation that takes one
    reader: str = "rules"
    trusted: bool = False  #: a person signed it
    named: float = 1.0  #: how sure the reader is that both ends are what they are said to be


@dataclass(frozen=True, slots=True)
class EntityClaim:
    """The document names this, whether or not anything is said of it."""

    entity: Span
    score: float = 0.8
    reader: str = "rules"
    trusted: bool = False  #: a person signed it


@dataclass(frozen=True, slots=True)
class AttributeClaim:
    """The document says this of an entity: its deadline, status, number or period."""

    entity: Span
    name: str
    value: str
    score: float = 0.8
    reader: str = "rules"
    trusted: bool = False  #: a person signed it


@dataclass(frozen=True, slots=True)
class SameClaim:
    """Two names mean the same: 'the Board' is the Violence Reduction Board, and so is 'VRB'."""

    left: Span
    right: Span
    start: int  #: of the words that say so, in the canonical text
    end: int
    score: float = 0.8
    reader: str = "rules"
    trusted: bool = False  #: a person signed it


Claim: TypeAlias = RelationClaim | EntityClaim | AttributeClaim | SameClaim


class ReaderUnavailable(GoldenthreadError):  # noqa: N818 - it is no error of what a person does
    """A reader of this program cannot read here."""


#: With this every prompt for a language model begins, so that one is not taken for an answer.
PROMPT_BEGINS = "goldenthread prompt "
#: How sure a reader is that does not say so.
DEFAULT_SCORE = 0.8


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A thing as a claim names it."""

    type: str  #: to be a class of the ontology
    name: str  #: to stand in the document


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    """One line of a claims file. Nothing in it is checked against document and ontology yet."""

    file: str  #: as messages name it
    line: int  #: the first is 1
    written: str  #: the line as JSON
    fault: str = ""  #: why it is no claim; '' where it is one
    document: str = ""
    quote: str = ""  #: the words that say so
    prefix: str = ""  #: words before the quote, which tell it from other places of the same words
    subject: WrittenName | None = None
    predicate: str = ""
    object: WrittenName | None = None
    stance: str | None = None
    assumed: bool = False
    about: WrittenName | None = None  #: the issue that a request is about
    entity: WrittenName | None = None
    attribute: str = ""
    value: str = ""
    same: tuple[WrittenName, WrittenName] | None = None
    score: float = DEFAULT_SCORE  #: how sure the reader is, from 0 to 1
    reader: str = ""
    cue: str = "claimed"  #: the reader's name for how it came to this
    trusted: bool = False  #: a person signed the file
    asked: bool = False  #: a model made it that this program asked

    @property
    def kind(self) -> str:
        """What it claims: 'relation', 'entity', 'attribute', 'same', or '' for a line that is no claim."""
        if self.fault:
            return ""
        if self.subject is not None:
            return "relation"
        if self.same is not None:
            return "same"
        return "attribute" if self.attribute else "entity"
