"""Asks a language model about documents before they are loaded; what it answers is given to the loading as claims.

    asking = questions_about(paths, folder, options, store, ontology, "model-name")
    ask(asking, asker, store)                  # sends what has no answer yet, and keeps each answer as soon as it comes
    given = answered(asking)                   # what the model claims, by document

`questions_about` and `answered` send nothing. Each document is opened in a child process with limits; what is asked of
it is made there, so that this process holds no more than the words of what has no answer yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from ..graph import Answer, Store
from ..loaders.claims import WrittenClaim
from ..loaders.extract import Extractor
from ..loaders.load import Item, Options, opened, through
from ..loaders.readers.llm.prompt import instruction, prompts_of
from ..loaders.readers.llm.windows import WINDOW
from ..loaders.readers.written.given_claims import GivenClaims
from ..loaders.readers.written.written_claims import read_answer
from ..loaders.report import LoadReport
from ..ontology import GoldenthreadError, Ontology
from .concurrent import Concurrently
from .exempt import says_that_it_is_exempt

#: How many characters a token has, about, in English with JSON.
CHARACTERS_A_TOKEN = 4
#: After so many failures in a row nothing more is asked.
_MOST_FAILURES = 5
_LONGEST_MODEL = 200


class AskingError(GoldenthreadError):
    """A model could not be asked, or did not answer. The text holds no word of a document, and no key.

    Args:
        message: what failed, and what to do.
        final: every other request would fail alike.

    """

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What a model answered."""

    text: str
    whole: bool = True  #: false where it broke off


class Asker(Protocol):
    """Whatever can be asked; it is used from several threads at once."""

    def ask(self, prompt: str) -> ModelReply:
        """Return the answer to a prompt.

        Raises:
            AskingError: there is none.

        """


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about one part of a document."""

    prompt: str  #: a hash of all that is asked
    number: int  #: of the part, from 1
    of: int  #: how many parts the document has
    text: str  #: without the instruction, which is the same for all; '' but in a request


@dataclass(frozen=True, slots=True)
class AskedDocument:
    """A document about which a model is asked."""

    name: str  #: as the person knows it
    place: str  #: as the store knows it
    below: str  #: its path below the folder that was named
    sha256: str
    exempt: bool  #: says that it is not for publication
    questions: tuple[Question, ...]

    @property
    def id(self) -> str:
        """Its id in the store."""
        return f"document/{self.place}"


@dataclass(slots=True)
class Asking:
    """What a model is asked about which documents, and what it has answered."""

    model: str
    instruction: str  #: what is asked of every document
    documents: list[AskedDocument] = field(default_factory=list)
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)  #: by document and prompt
    requests: list[tuple[AskedDocument, Question]] = field(default_factory=list)  #: to be sent
    exempt: list[str] = field(default_factory=list)  #: names of documents that are not sent, as they say of themselves
    outdated: set[str] = field(default_factory=set)  #: ids of documents with answers to other prompts

    @property
    def tokens(self) -> int:
        """How many tokens the requests have, about."""
        characters = sum(len(self.instruction) + len(question.text) for _, question in self.requests)
        return characters // CHARACTERS_A_TOKEN


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A document of which parts have no answer."""

    name: str
    parts: int  #: without an answer
    of: int
    why: str = ""  #: what became of the last request; '' where none was sent


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model claims of documents."""

    claims: GivenClaims
    notes: tuple[str, ...] = ()  #: on answers that broke off, or could not be read in part


def checked_model(name: str) -> str:
    """Return the name of a model when it can be one.

    Raises:
        AskingError: it cannot.

    """
    name = name.strip()
    if not name or len(name) > _LONGEST_MODEL or not name.isprintable():
        raise AskingError("The name of the model is empty, too long or not in one line. Give it with --llm-model.")
    return name


# ---------------------------------------------------------------------------------------------------- what is asked


def questions_about(
    paths: Sequence[Path], folder: Path, options: Options, store: Store, ontology: Ontology, model: str,
    *, vocabulary: Path | None = None, workers: int = 1, include_exempt: bool = False, refresh: bool = False,
    only: str | None = None,
) -> Asking:  # fmt: skip
    """Find what is to be asked of a model about files and folders, and what it has answered already.

    A file that cannot be read is passed over here: the loading names it.

    Args:
        paths: files and folders.
        folder: to which the documents' paths are relative.
        options: what the person says of all of them.
        store: holds earlier answers.
        ontology: what may be claimed.
        model: as the endpoint calls it.
        vocabulary: the user's own issues in `ontology`.
        workers: child processes that open documents; 0 does it in this one.
        include_exempt: also ask about documents that say that they are not for publication.
        refresh: ask again what was answered.
        only: the place of the one document that is asked about.

    """
    asking = Asking(model, instruction(ontology))
    work, documents = partial(_opened, longest=WINDOW), store.documents()
    for item, found, _ in through(
        work, paths, folder, options, LoadReport(), vocabulary, workers=workers, known=documents, only=only
    ):
        if found is not None:
            _take(asking, item, found, store, include_exempt=include_exempt, refresh=refresh)
    return asking


@dataclass(frozen=True, slots=True)
class _Opened:
    sha256: str
    exempt: bool
    questions: tuple[Question, ...]


def _opened(extractor: Extractor, item: Item, *, longest: int) -> _Opened:
    """In a child: what is asked about one document. It is told the file's name, and of no folder."""
    found = opened(extractor, item)
    prompts = prompts_of(found.page, re.split("[/!]", item.below)[-1], longest)
    questions = tuple(Question(p.id, p.window.number, p.window.of, p.question) for p in prompts)
    return _Opened(found.sha256, says_that_it_is_exempt(found.page.text), questions)


def _take(asking: Asking, item: Item, found: _Opened, store: Store, *, include_exempt: bool, refresh: bool) -> None:
    parts = tuple(replace(question, text="") for question in found.questions)
    document = AskedDocument(item.name, item.place, item.below, found.sha256, found.exempt, parts)
    kept = store.answers(document.id)
    prompts = {question.prompt for question in document.questions}
    asking.answers.update({(a.document, a.prompt): a for a in kept if a.model == asking.model and a.prompt in prompts})
    asking.documents.append(document)
    if any(answer.prompt not in prompts for answer in kept):
        asking.outdated.add(document.id)
    wanted = [q for q in found.questions if refresh or (document.id, q.prompt) not in asking.answers]
    if document.exempt and not include_exempt:
        if wanted:
            asking.exempt.append(document.name)
    else:
        asking.requests += [(document, question) for question in wanted]


# ----------------------------------------------------------------------------------------------------------- asking


def ask(
    asking: Asking, asker: Asker, store: Store, at_once: int = 2, progress: Callable[[int, int], None] | None = None
) -> dict[str, str]:
    """Send the requests, and keep each answer as soon as it comes: who is interrupted goes on where they were.

    Where the endpoint refuses all requests alike, or fails again and again, nothing more is asked.

    Args:
        asking: what is asked; takes the answers.
        asker: who is asked.
        store: keeps the answers.
        at_once: how many requests are under way at the same time.
        progress: called with how many requests are done, of how many.

    Returns:
        By the id of a document, why a part of it has no answer.

    """
    failed: dict[str, str] = {}
    in_a_row = 0
    requests = Concurrently(partial(_asked, asking.instruction, asker), asking.requests, at_once)
    for done, ((document, question), reply, error) in enumerate(requests, 1):
        if reply is not None:
            answer = Answer(document.id, question.prompt, asking.model, document.sha256, reply.text, reply.whole)
            store.keep_answer(answer)
            asking.answers[document.id, question.prompt] = answer
            in_a_row = 0
        else:
            failed[document.id] = f"part {question.number} of {question.of}: {error}"
            in_a_row += 1
            if in_a_row >= _MOST_FAILURES or (isinstance(error, AskingError) and error.final):
                requests.stop()
        if progress:
            progress(done, len(asking.requests))
    return failed


def _asked(instruction: str, asker: Asker, request: tuple[AskedDocument, Question]) -> ModelReply:
    """The answer to a request. The instruction comes first: servers keep what prompts have in common at their start."""
    return asker.ask(f"{instruction}\n\n{request[1].text}")


def prune(asking: Asking, store: Store) -> None:
    """Remove answers to prompts that are asked no more, of documents whose parts have all been answered anew."""
    for document in asking.documents:
        prompts = [question.prompt for question in document.questions]
        if document.id in asking.outdated and all((document.id, prompt) in asking.answers for prompt in prompts):
            store.prune_answers(document.id, prompts)


# ---------------------------------------------------------------------------------------------------- what it claims


def answered(asking: Asking) -> Answered:
    """What the model claims of each document, and what is to be said of its answers."""
    claims: dict[str, tuple[WrittenClaim, ...]] = {}
    notes: list[str] = []
    for document in asking.documents:
        claims[document.place], said = _claims_of(asking, document)
        notes += [f"{document.name}: {note}" for note in said]
    return Answered(GivenClaims(claims), tuple(notes))


def _claims_of(asking: Asking, document: AskedDocument) -> tuple[tuple[WrittenClaim, ...], list[str]]:
    claims: list[WrittenClaim] = []
    notes: list[str] = []
    for question, answer in _answers_of(asking, document):
        if answer is not None:
            name = f"answer {question.number} of {question.of} by {asking.model}"
            read = read_answer(answer.text, document.below, asking.model, name)
            claims += read.claims
            notes += read.notes
            if not answer.whole:
                notes.append(f"{name}: broke off; what is whole in it counts. Raise the server's limit, and --refresh.")
    return tuple(claims), notes


def unanswered(asking: Asking, failed: Mapping[str, str]) -> Iterator[Unanswered]:
    """The documents of which parts have no answer, but for those that are exempt; `failed` as `ask` returned it."""
    for document in asking.documents:
        missing = sum(answer is None for _, answer in _answers_of(asking, document))
        if (missing and document.name not in asking.exempt) or document.id in failed:
            yield Unanswered(document.name, missing, len(document.questions), failed.get(document.id, ""))


def _answers_of(asking: Asking, document: AskedDocument) -> Iterable[tuple[Question, Answer | None]]:
    return ((question, asking.answers.get((document.id, question.prompt))) for question in document.questions)
