"""Makes the prompt for a window of a document: what the ontology knows, the form of the answer, and the words.

Nothing of the ontology is repeated here: classes, relations, stances, their notes and the issues come from its files,
so that a changed ontology or a vocabulary of one's own changes the prompt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ....ontology import EntityClass, Ontology, Relation
from ...claims import PROMPT_BEGINS
from ...page import Page
from .windows import Window, windows_of

#: Classes that the program makes itself, and that nobody need claim.
_NOT_CLAIMED = ("Duty", "Document")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked about one window of a document."""

    document: str  #: its name in claims
    window: Window
    id: str  #: a hash of all that is asked
    question: str  #: the words and where they stand; what is asked of every document comes before it, see `instruction`
    text: str  #: all of it, to be pasted


def prompts_of(page: Page, document: str, longest: int) -> list[Prompt]:
    """The prompts for a document, one a window, in order.

    Args:
        page: the document.
        document: its name, as the claims shall give it: a path or a file name.
        longest: how many characters of the document a prompt holds at most.

    """
    asked = instruction(page.ontology)
    return [_prompt(asked, page, document, window) for window in windows_of(page, longest)]


def _prompt(asked: str, page: Page, document: str, window: Window) -> Prompt:
    words = page.text[window.start : window.end]
    question = "\n\n".join(
        [
            _place(document, window),
            f"The words begin below the line of equals signs and end above the next.\n{_LINE}\n{words}\n{_LINE}",
        ]
    )
    body = f"{asked}\n\n{question}"
    identity = hashlib.sha256(body.encode("utf-8")).hexdigest()[:12]
    head = f"{PROMPT_BEGINS}{identity} · {document} · part {window.number} of {window.of}"
    first = json.dumps({"document": document, "prompt": identity}, ensure_ascii=False)
    form = f"The first line of your answer: {first}"
    return Prompt(document, window, identity, question, f"{head}\n\n{body}\n\n{form}\n")


_LINE = "=" * 40


def _place(document: str, window: Window) -> str:
    lines = [f"Document: {document}, part {window.number} of {window.of}", f"Title: {window.title}"]
    if window.headings:
        lines.append("Headings above this part: " + " > ".join(window.headings))
    if window.columns:
        lines.append("This part begins inside a table with the columns: " + " | ".join(window.columns))
    if window.names:
        lines.append("Names met in earlier parts: " + "; ".join(window.names))
    return "\n".join(lines)


@cache
def _template() -> str:
    return (files(__package__ or "") / "instruction.txt").read_text(encoding="utf-8")


def claimable_classes(ontology: Ontology) -> list[EntityClass]:
    """The classes of which a reader may claim something."""
    return [c for c in ontology.classes.values() if c.name not in _NOT_CLAIMED]


def claimable_relations(ontology: Ontology) -> list[Relation]:
    """The relations that a reader may claim."""
    names = {c.name for c in claimable_classes(ontology)}
    return [
        r
        for r in ontology.relations.values()
        if not r.from_vocabulary and (r.domain & names) - {"Request"} and r.range & names
    ]


def instruction(ontology: Ontology) -> str:
    """What is asked of every document: the classes, relations, stances and issues of an ontology, and the form."""
    classes = claimable_classes(ontology)
    names = {c.name for c in classes}
    relations = [
        _entry(
            f"{r.name}: {_ends(r.domain & names, classes)} -> {_ends(r.range & names, classes)}", r.definition, r.notes
        )
        for r in claimable_relations(ontology)
    ]
    issues = sorted(c.label for c in ontology.concepts.values() if not c.general)
    return _template().format(
        classes="\n".join(_entry(c.name, c.definition, c.notes) for c in classes),
        relations="\n".join(relations),
        stances="\n".join(_entry(name, words, ()) for name, words in ontology.stance_definitions.items()),
        issues="; ".join(issues),
    )


def _ends(names: AbstractSet[str], classes: Iterable[EntityClass]) -> str:
    return ", ".join(c.name for c in classes if c.name in names)


def _entry(name: str, definition: str, notes: Iterable[str]) -> str:
    return f"- {name}: {' '.join((definition, *notes))}"
