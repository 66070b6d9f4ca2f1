"""The outcomes of claims: taken, or rejected with the reason and the nearest words of the document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias

from ..ontology import Ontology
from ..writing.visible import in_line
from .claims import AttributeClaim, Claim, EntityClaim, RelationClaim, SameClaim, Span, WrittenClaim, WrittenName
from .formats.tokens import squeezed

#: A relation is stated or suggested, by how likely it is; whatever else is accepted is taken.
Status: TypeAlias = Literal["taken", "stated", "suggested", "rejected"]


class Reason(Enum):
    """Why a claim is rejected, in plain words."""

    NO_CLAIM = "no claim"
    NO_DOCUMENT = "document not loaded"
    SEVERAL_DOCUMENTS = "several documents of this name"
    TOO_MANY = "too many claims for one document"
    QUOTE = "quote not in the document"
    PREFIX = "prefix not before the quote"
    TYPE = "type does not exist"
    RELATION = "relation does not exist"
    STANCE = "stance does not exist"
    NOT_ALLOWED = "the ontology does not allow it"
    SAME_ENDS = "both ends are the same"
    NO_NAME = "no name of anything"
    TOO_WIDE = "too wide to be an issue"
    NAME = "name not in the document"
    VALUE = "value not in the quote"
    UNLIKELY = "too unlikely"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claim."""

    claim: Claim | WrittenClaim
    reader: str
    status: Status
    reason: Reason | None = None  #: of a rejection
    nearest: str = ""  #: the words of the document that come nearest to what it lacks; '' where none is near
    about: str = ""  #: what the reason speaks of: a name, a type, what is missing
    probability: float | None = None  #: of a relation: how likely the statement is, by all that is claimed of it

    @property
    def why(self) -> str:
        """The reason in words, with the nearest ones of the document; '' where it was taken."""
        if self.reason is None:
            return ""
        about = f": {self.about}" if self.about else ""
        return f"{self.reason.value}{about}{f'; nearest: “{self.nearest}”' if self.nearest else ''}"


def message(document: str, outcome: Outcome) -> str:
    """What became of a claim of a claims file, in one line without control characters: both are a stranger's words."""
    claim = outcome.claim
    where = f"line {claim.line} of {claim.file}: " if isinstance(claim, WrittenClaim) else ""
    return in_line(f"{document or 'no document'}: {where}{outcome.why}")


def quoted(words: str, most: int = 80) -> str:
    """Words as a message shows them: in one line, in quotation marks, shortened."""
    flat = squeezed(words)
    return f"“{flat if len(flat) <= most else flat[: most - 1].rstrip() + '…'}”"


def not_allowed(subject: str, predicate: str, object_: str) -> str:
    """What the ontology does not allow, in words."""
    return f"{subject} {predicate} {object_}"


def described(claim: Claim | WrittenClaim, ontology: Ontology) -> str:
    """What a claim says, in words."""
    if isinstance(claim, RelationClaim):
        return _relation(claim.subject.label, claim.predicate, claim.object, claim.stance, ontology)
    if isinstance(claim, EntityClaim):
        return f"{claim.entity.type}: {claim.entity.label}"
    if isinstance(claim, AttributeClaim):
        return f"{claim.name} of {claim.entity.label}: {claim.value}"
    if isinstance(claim, SameClaim):
        return f"{claim.left.label} is {claim.right.label}"
    return _as_written(claim, ontology)


def _as_written(claim: WrittenClaim, ontology: Ontology) -> str:
    if claim.subject is not None and claim.object is not None:
        return _relation(claim.subject.name, claim.predicate, claim.object, claim.stance, ontology)
    if claim.same is not None:
        return f"{claim.same[0].name} is {claim.same[1].name}"
    if claim.entity is None:
        return ""
    return (
        f"{claim.attribute} of {claim.entity.name}: {claim.value}"
        if claim.attribute
        else f"{claim.entity.type}: {claim.entity.name}"
    )


def _relation(subject: str, predicate: str, object_: Span | WrittenName, stance: str | None, ontology: Ontology) -> str:
    known = predicate in ontology.relations and (stance is None or stance in ontology.stance_words)
    words = ontology.words(predicate, object_.type, stance)[0] if known else predicate
    return f"{subject} {words} {object_.label if isinstance(object_, Span) else object_.name}"
