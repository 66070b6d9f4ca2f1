"""A line of the exchange format: what must stand in it, and what is said where it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from ...ontology import GoldenthreadError, Ontology
from ..dates import first_day
from ..model import NOT_STATED, Answer, Decision, Document, Entity, Evidence, Mention

#: The longest line, in bytes: several times the text of the largest document.
LONGEST_LINE = 200_000_000
KINDS = ("document", "entity", "statement", "decision", "answer")
STATUSES = ("extracted", "assumed", "suggested", "confirmed", "rejected")
ACTIONS = ("confirm", "reject", "merge", "split", "accept")
#: Classes whose entities the vocabulary shares between partnerships.
SHARED = ("Issue", "Duty")
_KEY = re.compile(r"[^\s|/\x00-\x1f\x7f]+")
_PROMPT = re.compile(r"[0-9a-f]{12,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
#: What the target of a decision on a phrase begins with: the phrase itself follows, whatever its signs.
_CANDIDATE = "candidate/"
_HALF = re.compile("[\ud800-\udfff]")
_LAST_YEAR = 9999


class ExchangeError(GoldenthreadError):
    """A file of another program could not be written or read."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the file that is imported, and how the file is made again."""

    name: str  #: such as 'Line 3'
    mend: str  #: what to do


class Line:
    """One line of the file, or an object inside it, which says where it stands when something about it is wrong."""

    def __init__(self, place: Place, record: object) -> None:
        self.place = place
        self.require(isinstance(record, dict), "it is not a JSON object")
        self.record = cast("dict[str, object]", record)
        self.kind = self.record.get("kind")

    def require(self, condition: bool, otherwise: str) -> None:
        """Raise `ExchangeError` with what is wrong, unless the condition holds."""
        if not condition:
            raise ExchangeError(
                f"{self.place.name} cannot be imported: {otherwise}. {self.place.mend} Nothing was imported."
            )

    def text(self, key: str) -> str:
        """Return a value that must be text."""
        value = self.record.get(key)
        self.require(isinstance(value, str), f"'{key}' must be text")
        self.require(not _HALF.search(str(value)), f"'{key}' holds half of a character")
        return str(value)

    def maybe(self, key: str) -> str | None:
        """Return a value that must be text where it is there."""
        return None if self.record.get(key) is None else self.text(key)

    def whole(self, key: str) -> int:
        """Return a value that must be a whole number, such as an offset."""
        value = self.record.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
            self.require(False, f"'{key}' must be a whole number, not below nought")
        return cast(int, value)

    def maybe_whole(self, key: str) -> int | None:
        """Return a value that must be a whole number where it is there."""
        return None if self.record.get(key) is None else self.whole(key)

    def items(self, key: str) -> list[Line]:
        """Return the objects of a list."""
        value = self.record.get(key)
        self.require(isinstance(value, list), f"'{key}' must be a list")
        return [Line(self.place, item) for item in cast("list[object]", value)]

    # ------------------------------------------------------------------------------------------- whole records

    def document(self) -> Document:
        """Return the document that the line describes."""
        date = self.maybe("date")
        self.require(date is None or first_day(date) is not None, "'date' must be a date like 2024-05-31")
        id_, path, partnership = self.text("id"), self.text("path"), self.text("partnership")
        self.require(
            path != "" and id_ == f"document/{path}",
            f"the id '{id_}' does not fit the path: it must be 'document/' and the path",
        )
        parts = partnership.removeprefix(NOT_STATED)
        self.require(
            bool(_KEY.fullmatch(parts)) or (parts == "" and partnership != "" and partnership != parts),
            f"'{partnership}' is no id of a partnership: it must be one word, such as 'harrowmere'",
        )
        text = self.maybe("text")
        return Document(
            id_, path, self.text("sha256"), self.text("title"), date, partnership,
            self.maybe("partnership_label") or partnership, self.maybe("document_kind") or "document", text,
            places=self._places(text), said=self._said(),
        )  # fmt: skip

    def _said(self) -> tuple[tuple[str, str], ...]:
        said = self.record.get("said", {})
        right = isinstance(said, dict) and all(
            isinstance(v, str) and not _HALF.search(f"{k}{v}") for k, v in said.items()
        )
        self.require(right, "'said' must be an object of texts")
        return tuple(sorted(cast("dict[str, str]", said).items()))

    def _places(self, text: str | None) -> tuple[tuple[int, str], ...]:
        pairs = self.record.get("places", [])
        right = isinstance(pairs, list) and all(
            isinstance(p, list) and len(p) == 2 and type(p[0]) is int and p[0] >= 0 and isinstance(p[1], str)
            for p in pairs
        )
        self.require(
            right and pairs == sorted(cast("list[list[Any]]", pairs)),
            "'places' must be a sorted list of pairs of offset and name",
        )
        found = tuple((offset, name) for offset, name in cast("list[tuple[int, str]]", pairs))
        self.require(
            text is None or not found or found[-1][0] <= len(text),
            "'places' names an offset behind the end of the text",
        )
        self.require(not any(_HALF.search(name) for _, name in found), "'places' holds half of a character")
        return found

    def entity(self, known: Ontology) -> Entity:
        """Return the entity that the line describes."""
        type_ = self.text("type")
        self.require(type_ in known.classes and type_ != "Document", f"there is no type '{type_}' of entities")
        pairs = self.record.get("attributes", [])
        right = isinstance(pairs, list) and all(
            isinstance(p, list) and len(p) == 2 and all(isinstance(part, str) and not _HALF.search(part) for part in p)
            for p in pairs
        )
        self.require(right, "'attributes' must be a list of pairs of text")
        attributes = tuple((name, value) for name, value in cast("list[list[str]]", pairs))
        kind, starts, ends = self.maybe("body_kind"), self.maybe_whole("starts"), self.maybe_whole("ends")
        self.require(
            kind not in known.kinds or known.kinds[kind or ""].type == type_,
            f"'{kind}' is no kind of {type_}: correct 'type' or 'body_kind'",
        )
        self.require(max(starts or 0, ends or 0) <= _LAST_YEAR, "'starts' and 'ends' must be years, such as 2024")
        self.require(starts is None or ends is None or starts <= ends, "'starts' is after 'ends': swap them")
        return Entity(self.text("id"), type_, self.text("label"), 0, kind, starts, ends, attributes)

    def mention(self, document: Document) -> Mention:
        """Return the place where a document names something."""
        return Mention(*self._span(document))

    def evidence(self, document: Document, status: str) -> Evidence:
        """Return a piece of evidence of a statement with this status."""
        probability = self.record.get("probability")
        if not isinstance(probability, (int, float)) or isinstance(probability, bool) or not 0 <= probability <= 1:
            self.require(False, "'probability' must be a number from 0 to 1")
        own = {name: self.record.get(name, status == name) for name in ("assumed", "suggested")}
        for name, value in own.items():
            self.require(isinstance(value, bool), f"'{name}' must be true or false")
        start, end, quote = self._span(document)
        return Evidence(
            document.id, start, end, quote, self.text("cue"), float(cast(float, probability)), own["assumed"] is True,
            self.maybe("reader") or "rules", own["suggested"] is True,
        )  # fmt: skip

    def _span(self, document: Document) -> tuple[int, int, str]:
        """Return a quote with its place, which must hold it."""
        start, end, quote = self.whole("start"), self.whole("end"), self.text("quote")
        self.require(start < end, f"'start' ({start}) must be below 'end' ({end}): swap them, or correct the place")
        self.require(
            end - start == len(quote),
            f"the quote has {len(quote)} characters, and from 'start' to 'end' there are {end - start}: "
            "correct the quote or its place",
        )
        self.require(
            document.text is None or document.text[start:end] == quote,
            f"the quote does not stand from {start} to {end} in the text of '{document.id}': "
            "correct the quote or its place",
        )
        return start, end, quote

    def decision(self, known: Ontology) -> Decision:
        """Return the decision that the line describes."""
        action, target, other, expires = (
            self.text("action"),
            self.text("target"),
            self.maybe("other"),
            self.maybe("expires"),
        )
        self.require(action in ACTIONS, f"there is no action '{action}': it may be {', '.join(ACTIONS)}")
        self.require(
            expires is None or (len(expires) == 10 and first_day(expires) is not None),
            "'expires' must be a date like 2026-05-31",
        )
        self.require(
            target.strip() != "" and not _CONTROL.search(target), "'target' must name, in one line, what was decided on"
        )
        if "|" in target and not target.startswith(_CANDIDATE):
            self._check_statement_target(target, known)
        if action in ("merge", "split"):
            self.require(
                _is_entity_id(target, known),
                f"'{target}' is no id of an entity, which a decision to {action} must be about",
            )
        if action == "merge":
            self.require(
                other is not None and _is_entity_id(other, known) and other != target,
                "'other' must be the id of the second entity of the merge",
            )
        else:
            self.require(other is None, f"'other' has no meaning in a decision to {action}: leave it out")
        return Decision(action, target, self.text("reason"), self.text("by"), other, expires)

    def answer(self, document: Document) -> Answer:
        """Return the answer of a language model about `document` that the line holds."""
        prompt, model = self.text("prompt"), self.text("model")
        self.require(bool(_PROMPT.fullmatch(prompt)), f"'{prompt[:40]}' is no hash of a prompt")
        self.require(model.strip() != "" and not _CONTROL.search(model), "'model' must name a model, in one line")
        whole = self.record.get("whole", True)
        self.require(isinstance(whole, bool), "'whole' must be true or false")
        return Answer(document.id, prompt, model, document.sha256, self.text("text"), whole is True)

    def _check_statement_target(self, target: str, known: Ontology) -> None:
        parts = target.split("|")
        self.require(
            len(parts) == 4 and all(parts[:3]),
            f"the target '{target}' must be 'subject|predicate|object|stance', the stance empty where there is none",
        )
        _, predicate, _, stance = parts
        self.require(predicate in known.relations, f"there is no relation '{predicate}', of which the target speaks")
        right = not stance or (stance in known.stances and known.relations[predicate].takes_stance)
        self.require(right, f"'{predicate}' takes no stance '{stance}', of which the target speaks")


# ------------------------------------------------------------------------------------------------------------- ids


@dataclass(frozen=True, slots=True)
class Identity:
    """What the id of an entity says."""

    type: str  #: the class, in small letters
    partnership: str | None  #: None for what the vocabulary shares


def identity_of(id_: str) -> Identity | None:
    """Return what an id says, or None when it is none of an entity.

    It is 'issue/KEY', 'duty/KEY', 'PARTNERSHIP/TYPE/KEY' or 'PARTNERSHIP/partnership'.
    """
    first, *rest = id_.split("/")
    if first == NOT_STATED.rstrip("/") and rest:
        first, rest = f"{first}/{rest[0]}", rest[1:]
    if not all(_KEY.fullmatch(part) for part in rest) or not first:
        return None
    if first in (type_.lower() for type_ in SHARED):
        return Identity(first, None) if len(rest) == 1 else None
    if rest == ["partnership"] or (len(rest) == 2 and rest[0] != "partnership"):
        return Identity(rest[0], first)
    return None


def _is_entity_id(id_: str, known: Ontology) -> bool:
    identity = identity_of(id_)
    return identity is not None and identity.type in (name.lower() for name in known.classes)


# ----------------------------------------------------------------------------------------------------------- lines


class _BrokenError(Exception):
    """A line is no JSON of ours; its words say why."""


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """Yield the lines of a file of JSON lines; empty ones are passed over.

    Raises:
        ExchangeError: a line is broken, or too long.

    """
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        if raw.strip():
            yield _line(number, raw)


def _line(number: int, raw: bytes) -> Line:
    place = Place(
        f"Line {number}", "Mend the line, or export the graph again with 'goldenthread export --format jsonl'."
    )
    record, why = {}, ""
    try:
        if len(raw) > LONGEST_LINE:
            raise _BrokenError(f"it is longer than {LONGEST_LINE // 1_000_000} MB")
        # Some editors of Windows put a byte order mark at the start of a file.
        record = json.loads(
            raw.decode("utf-8-sig" if number == 1 else "utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        why = "it is not UTF-8"
    except RecursionError:
        why = "it has too many brackets in brackets"
    except _BrokenError as error:
        why = str(error)
    except ValueError:
        why = "it is not JSON, or was cut short"
    line = Line(place, record)
    line.require(not why, why)
    line.require(line.kind in KINDS, f"'kind' must be one of {', '.join(KINDS)}")
    return line


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return a JSON object, whose keys must differ: which of two values counts would be chance."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _BrokenError(f"'{twice[:40]}' stands twice in one object")
    return found


def _constant(name: str) -> object:
    # Where a number must stand, the check of that place says so.
    return name


def _integer(digits: str) -> int:
    if len(digits) > 20:
        raise _BrokenError(f"a number in it has {len(digits)} digits")
    return int(digits)
