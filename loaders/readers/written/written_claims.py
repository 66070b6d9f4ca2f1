"""Claims files: JSON lines in which anybody states what a document says, with the words that say so.

A file that cannot be parsed is an error of that file. A line that is JSON and no claim is kept with its fault, so that
it can be reported beside those that the document itself refutes (`locate`).
"""

from __future__ import annotations

import json
import re
import reprlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any

from ....ontology import GoldenthreadError
from ...claims import DEFAULT_SCORE, PROMPT_BEGINS, WrittenClaim, WrittenName
from ...formats.files import find_files, shown
from ...formats.reading import bytes_of
from ...formats.refusal import ReadError
from .replies import DEEPEST, deeper, read_reply

#: What a claims file is called, and a reply that was pasted out of a chat window.
ENDINGS = (".jsonl", ".ndjson")
REPLY_ENDINGS = (".txt", ".md", ".json")
_WITHOUT = "holds no claims; an answer has them in braces, one a line"
#: What the readers of claims that a language model makes begin with, and who made those of a reply that does not say.
MODEL = "llm:"
_PASTED = f"{MODEL}pasted"
#: 'plan.pdf.2-of-5.txt': the reply to the second of five prompts about plan.pdf.
_OF_A_PROMPT = re.compile(r"(?P<document>.+)\.\d+-of-\d+(?:\.\w+){1,2}")
#: The version of the form, as claims.schema.json says it.
VERSION = "1.0"
#: In characters. A longer line is no claim, but another file; a longer text in it proves nothing.
_LONGEST_LINE = 100_000
_LONGEST_TEXT = 20_000
#: Under these names only the program itself reads.
_OWN_READERS = frozenset(("rules",))
_PERSON = "person:"
_RELATION = ("subject", "predicate", "object")
_CHOICE = "give 'subject', 'predicate' and 'object', or 'entity', or 'same'"
_KEYS = frozenset(
    "document quote prefix subject predicate object stance assumed about entity attribute value same score reader cue "
    "trusted outcome".split()
)


class ClaimsError(ReadError):
    """A claims file cannot be parsed."""


class NoAnswerError(ClaimsError):
    """A file beside replies is none: a prompt, or a text without claims."""


class _Fault(GoldenthreadError):  # noqa: N818 - never seen outside: it becomes a text
    """A line is JSON, but no claim."""


@dataclass(frozen=True, slots=True)
class ClaimsFile:
    """What a claims file holds, in its order."""

    claims: tuple[WrittenClaim, ...]
    notes: tuple[str, ...] = ()  #: what was read otherwise than it is written


@dataclass(slots=True)
class FoundClaims:
    """What a claims file, or a folder of them, holds."""

    claims: list[WrittenClaim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)  #: (path, why and what to do)
    passed_over: list[tuple[str, str]] = field(default_factory=list)  #: (path, why)


def schema_text() -> str:
    """The JSON Schema of a line of a claims file."""
    return (resources.files(__package__ or "") / "claims.schema.json").read_text(encoding="utf-8")


def find_claims(path: Path) -> FoundClaims:
    """Read a claims file or a reply, or those in a folder and the folders in it, in the order of their paths."""
    known = (*ENDINGS, *REPLY_ENDINGS)
    files = find_files([path], frozenset(known), lambda _: f"not claims ({', '.join(known)})")
    found = FoundClaims(failed=files.failed, passed_over=files.passed_over)
    for each in files.files:
        name = shown(each.relative_to(path) if each != path else Path(each.name))
        try:
            data = bytes_of(each)
            file = read_pasted(data, name) if _is_reply(each.suffix, name, data) else read_claims(data, name)
        except NoAnswerError as error:
            found.passed_over.append((shown(each), str(error)))
        except ReadError as error:
            found.failed.append((shown(each), str(error)))
        else:
            found.claims += file.claims
            found.notes += file.notes
    return found


def _is_reply(suffix: str, name: str, data: bytes) -> bool:
    """Whether a file is the reply to a prompt, whatever it is called: what a model wrote, no person can have signed."""
    begins = data.lstrip().partition(b"\n")[0]
    return suffix.lower() in REPLY_ENDINGS or _OF_A_PROMPT.fullmatch(name) is not None or b'"prompt"' in begins


def read_claims(data: bytes, name: str) -> ClaimsFile:
    """Read the bytes of a claims file.

    Args:
        data: JSON lines in UTF-8, with or without a byte-order mark.
        name: of the file, for messages and for readers that do not say who they are.

    Raises:
        ClaimsError: a line is not JSON, not UTF-8, too long or too deep, or two persons sign; or there is no line.

    """
    lines = [(number, *_parsed(line, f"{name}, line {number}")) for number, line in _lines(data, name)]
    if not lines:
        raise ClaimsError(f"{name} holds no claims. Write one claim a line, as JSON.")
    signature = _signature(((number, value) for number, value, _ in lines), name)
    claims = []
    notes: dict[str, None] = {}  # in the order in which they come up
    for number, value, written in lines:
        if isinstance(value, dict) and value.keys() == {"trusted"}:
            continue
        claim = _claim(value, WrittenClaim(name, number, written, reader=f"file:{name}"))
        if isinstance(value, dict):
            notes.update(
                dict.fromkeys(
                    f"{name}: {_named(key)} is no key of a claim and was passed over."
                    for key in value
                    if key not in _KEYS
                )
            )
        if signature:
            claim = replace(claim, reader=f"{_PERSON}{signature}", trusted=True)
        elif claim.reader in _OWN_READERS or claim.reader.startswith(_PERSON):
            own = (
                "only goldenthread reads" if claim.reader in _OWN_READERS else "only a person who signs the file claims"
            )
            notes[
                f"{name}: claims by {_named(claim.reader)} count as claims by 'file:{name}': {own} under that name."
            ] = None
            claim = replace(claim, reader=f"file:{name}")
        claims.append(claim)
    return ClaimsFile(tuple(claims), tuple(notes))


def read_pasted(data: bytes, name: str) -> ClaimsFile:
    """Read a reply that was pasted out of a chat window, however much stands around its claims.

    Args:
        data: the reply, in UTF-8.
        name: of the file, below the folder of replies; 'plan.pdf.2-of-5.txt' says of which document it is.

    Raises:
        NoAnswerError: it is a prompt, or a text that answers none.
        ClaimsError: it answers a prompt, as its name says, and holds no claim; or it is not UTF-8.

    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ClaimsError(f"{name} is not UTF-8. Save the reply as UTF-8.") from error
    if text.startswith(PROMPT_BEGINS):
        raise NoAnswerError("a prompt, not the answer to one")
    named = _OF_A_PROMPT.fullmatch(name)
    reply = read_reply(text, named.group("document") if named else "")
    if not reply.claims:
        if named:
            raise ClaimsError(f"{name} {_WITHOUT}.")
        raise NoAnswerError(_WITHOUT)
    pasted = (_of_reply(line, value, name, _PASTED) for line, value in reply.claims)
    claims = [each if each.reader.startswith(MODEL) else replace(each, reader=_PASTED) for each in pasted]
    notes = []
    if reply.unread:
        notes.append(f"{name}: {_lines_of(reply.unread)} like a claim and could not be read.")
    if reply.signed:
        notes.append(f"{name}: 'trusted' signs no answer of a model. Its claims count as claims by '{_PASTED}'.")
    return ClaimsFile(tuple(claims), tuple(notes))


def read_answer(text: str, document: str, model: str, name: str) -> ClaimsFile:
    """Read what a model answered when this program asked it about a part of a document.

    Whatever the answer says of itself, its claims are of that document and by that model.

    Args:
        text: the answer.
        document: its name in claims.
        model: as the endpoint calls it.
        name: of the answer, for messages.

    """
    reply = read_reply(text)
    own = {"document": document, "reader": f"{MODEL}{model}"}
    claims = tuple(
        replace(_of_reply(line, {**value, **own}, name, own["reader"]), asked=True) for line, value in reply.claims
    )
    notes = []
    if reply.unread:
        notes.append(f"{name}: {_lines_of(reply.unread)} like a claim and could not be read.")
    elif not reply.is_json:
        notes.append(f"{name}: holds nothing in the form of claims.")
    return ClaimsFile(claims, tuple(notes))


def _of_reply(line: int, value: dict[str, Any], name: str, reader: str) -> WrittenClaim:
    """A claim of a reply; half a character in it is replaced, since nothing can print or store it."""
    written = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return _claim(json.loads(written), WrittenClaim(name, line, written, reader=reader))


def _lines_of(number: int) -> str:
    return "1 line begins" if number == 1 else f"{number} lines begin"


def _lines(data: bytes, name: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers. Only a line feed ends one: other signs may stand in a text."""
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if raw.strip():
            if len(raw) > _LONGEST_LINE:
                raise ClaimsError(
                    f"{name}, line {number}: is longer than {_LONGEST_LINE:,} characters. Write one claim a line."
                )
            try:
                yield number, raw.decode("utf-8").strip()
            except UnicodeDecodeError as error:
                raise ClaimsError(f"{name}, line {number}: is not UTF-8. Save the file as UTF-8.") from error


def _parsed(line: str, where: str) -> tuple[Any, str]:
    """The value of a line, and the line as JSON.

    Half a character in it is replaced, since nothing can print or store it.

    Raises:
        ClaimsError: the line is no JSON that can be used.

    """

    def refuse(constant: str) -> float:
        raise ClaimsError(
            f"{where}: holds {constant}, which is no number of JSON. Leave the score out, or give one from 0 to 1."
        )

    try:
        value = json.loads(line, parse_constant=refuse)
        if deeper(value, DEEPEST):
            raise RecursionError
        written = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
        return json.loads(written), written
    except json.JSONDecodeError as error:
        raise ClaimsError(
            f"{where}: is not JSON ({error.msg} at character {error.pos + 1}). Write one claim a line, each in braces."
        ) from error
    except RecursionError as error:
        raise ClaimsError(f"{where}: is nested too deeply to be a claim.") from error
    except ValueError as error:  # Python converts no number of more than 4,300 digits
        raise ClaimsError(f"{where}: holds a number that is too long.") from error


def _signature(lines: Iterable[tuple[int, Any]], name: str) -> str:
    """Who signs the file; '' where nobody does."""
    signed = ""
    for number, value in lines:
        if isinstance(value, dict) and value.keys() == {"trusted"}:
            who = value["trusted"].strip() if isinstance(value["trusted"], str) else ""
            if not who:
                raise ClaimsError(
                    f"{name}, line {number}: 'trusted' names nobody. Give the name of the person who signs."
                )
            if signed and who != signed:
                raise ClaimsError(
                    f"{name}, line {number}: is signed by {_named(signed)} and by {_named(who)}. "
                    "Let each sign a file of their own."
                )
            signed = who
    return signed


# ------------------------------------------------------------------------------------------------------ one claim


def _claim(value: Any, bare: WrittenClaim) -> WrittenClaim:
    """The claim that a line holds; `bare` has what every line has."""
    if not isinstance(value, dict):
        return replace(bare, fault="it is not an object in braces")
    try:
        document = _text(value, "document")
    except _Fault:
        document = ""
    try:
        return replace(bare, **_fields(value, bare.reader))
    except _Fault as fault:
        return replace(bare, fault=str(fault), document=document)


def _fields(value: dict[str, Any], reader: str) -> dict[str, Any]:
    """The fields of a claim.

    Raises:
        _Fault: it is none.

    """
    if "trusted" in value:
        raise _Fault("'trusted' signs a whole file and stands on a line of its own")
    return {
        "document": _text(value, "document"),
        "quote": _text(value, "quote"),
        "prefix": _optional(value, "prefix"),
        **_what(value),
        "stance": _optional(value, "stance") or None,
        "assumed": _truth(value, "assumed"),
        "about": _name(value["about"], "about") if value.get("about") is not None else None,
        "score": _score(value.get("score")),
        "reader": _optional(value, "reader") or reader,
        "cue": _optional(value, "cue") or "claimed",
    }


def _what(value: dict[str, Any]) -> dict[str, Any]:
    """The fields of the one kind of claim that it is."""
    given = {key for key in (*_RELATION, "entity", "attribute", "value", "same") if value.get(key) is not None}
    kinds = [bool(given & set(_RELATION)), bool(given & {"entity", "attribute", "value"}), "same" in given]
    if not any(kinds):
        raise _Fault(f"it claims nothing: {_CHOICE}")
    if kinds.count(True) > 1:
        raise _Fault(f"it is more than one claim: {_CHOICE}")
    if kinds[0]:
        ends = {key: _name(value.get(key), key) for key in ("subject", "object")}
        return {**ends, "predicate": _text(value, "predicate")}
    if kinds[1]:
        about = {key: _text(value, key) for key in ("attribute", "value")} if given & {"attribute", "value"} else {}
        return {"entity": _name(value.get("entity"), "entity"), **about}
    if not isinstance(value["same"], list) or len(value["same"]) != 2:
        raise _Fault("'same' is not a list of two names")
    return {"same": tuple(_name(each, "same") for each in value["same"])}


def _name(value: Any, key: str) -> WrittenName:
    if value is None:
        raise _Fault(f"it has no '{key}'")
    if not isinstance(value, dict):
        raise _Fault(f'\'{key}\' is not {{"type": …, "name": …}}')
    for part in ("type", "name"):
        if value.get(part) is None:
            raise _Fault(f"'{key}' has no '{part}'")
    return WrittenName(_text(value, "type"), _text(value, "name"))


def _text(value: dict[str, Any], key: str) -> str:
    found = _optional(value, key)
    if not found:
        raise _Fault(f"it has no '{key}'")
    return found


def _optional(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise _Fault(f"'{key}' is not a text")
    if len(found or "") > _LONGEST_TEXT:
        raise _Fault(f"'{key}' is longer than {_LONGEST_TEXT:,} characters")
    return (found or "").strip()


def _truth(value: dict[str, Any], key: str) -> bool:
    found = value.get(key)
    if found is not None and not isinstance(found, bool):
        raise _Fault(f"'{key}' is not true or false")
    return bool(found)


def _score(found: Any) -> float:
    if found is None:
        return DEFAULT_SCORE
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not 0 <= found <= 1:
        raise _Fault("its score is not between 0 and 1")
    return float(found)


def _named(words: str) -> str:
    """Words of the file as a message shows them: short, and in one line."""
    return "'" + re.sub(r"\s+", " ", reprlib.repr(words)[1:-1]) + "'"
