"""Small graphs for tests, written tersely: one line is one statement, or one thing that a document names.

    store_of(tmp_path, {"plan.md": '''
        Priority:safe-streets part_of Plan:2024-2027
        Priority:safe-streets addresses Issue:graffiti
        Source:residents raises/concern Issue:bike-theft
        Partner:police
        Action:paint-day deadline=May-25
        Role:warden leads? Priority:safe-streets
    '''})

A thing is `Type:slug`. A slug that is a kind of body is taken for that body; `Plan:2024-2027` gets its period from its
slug; `Partnership:` is the partnership itself. What has a question mark is only suggested. Each line is its own
evidence: the text of the document is the lines, and the quote is the whole line, so an audit finds every quote.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from goldenthread.graph import Document, DocumentGraph, Entity, Evidence, Mention, Statement, Store, open_store
from goldenthread.graph.exchange.jsonl import write_jsonl
from goldenthread.ontology import Concept, Duty, Ontology, load_ontology

#: Narrow to broad, of an invented vocabulary.
CONCEPTS = {
    "disorder": (), "nuisance": ("disorder",), "graffiti": ("nuisance",), "noise": ("nuisance",),
    "violence": (), "knife-crime": ("violence",), "theft": (), "bike-theft": ("theft",),
    "street-robbery": ("theft", "violence"),
}  # fmt: skip
DUTIES = {"keep-the-peace": ("nuisance",), "stop-violence": ("violence",), "report-yearly": ()}


@cache
def small_ontology() -> Ontology:
    """Return goldenthread's ontology with a handful of issues and duties in place of the real ones."""
    concepts = {
        name: Concept(name, _words(name), "An invented issue.", broader=above) for name, above in CONCEPTS.items()
    }
    duties = {name: Duty(name, _words(name), "An invented duty.", requires=issues) for name, issues in DUTIES.items()}
    return replace(load_ontology(), concepts=concepts, duties=duties)


def store_of(
    folder: Path,
    documents: Mapping[str, str] | str,
    *,
    partnership: str = "oakvale",
    ontology: Ontology | None = None,
    store: Store | None = None,
) -> Store:
    """Put `documents` (path -> lines; one 'plan.md' when only lines are given) into a store.

    Args:
        folder: where the store's file goes.
        documents: what they say, in the notation above.
        partnership: whose documents they are.
        ontology: what may exist; `small_ontology` when None.
        store: add to this one instead of making one.

    """
    known = ontology or small_ontology()
    if store is None:
        store = open_store(str(folder / "test.db"), known, create=True)
        store.use_vocabulary(known)
    for path, text in sorted(({"plan.md": documents} if isinstance(documents, str) else documents).items()):
        store.replace(document_of(path, text, partnership, known))
    return store


def document_of(path: str, lines: str, partnership: str = "oakvale", ontology: Ontology | None = None) -> DocumentGraph:
    """Return what a document says whose text is `lines`."""
    known = ontology or small_ontology()
    text = "\n".join(line.strip() for line in lines.strip().splitlines())
    name, start = f"document/{path}", 0
    things: dict[str, Entity] = {}
    statements: dict[tuple[str, str, str, str | None], list[Evidence]] = {}
    for line in text.splitlines():
        end = start + len(line)
        words = line.split()
        if words:
            named = [_entity(word, partnership, known) for word in words[::2] if ":" in word]
            attributes = tuple(
                sorted((name, value) for name, _, value in (word.partition("=") for word in words[1:] if "=" in word))
            )
            for entity in named:
                old = things.setdefault(entity.id, entity)
                things[entity.id] = replace(
                    old, mentions=(*old.mentions, Mention(start, end, line)), attributes=old.attributes + attributes
                )
        if len(words) == 3:
            suggested = words[1].endswith("?")
            predicate, _, stance = words[1].rstrip("?").partition("/")
            key = (named[0].id, predicate, named[1].id, stance or None)
            statements.setdefault(key, []).append(
                Evidence(name, start, end, line, "test", 0.4 if suggested else 0.9, suggested=suggested)
            )
        start = end + 1
    sha = hashlib.sha256(text.encode()).hexdigest()
    places = (
        (0, "page 1"),
        *([(text.index("\n") + 1, "page 2")] if "\n" in text else []),
    )  # the first line is a page of its own
    document = Document(name, path, sha, path, None, partnership, _words(partnership), "plan", text, "test", places)
    return DocumentGraph(
        document,
        tuple(things[key] for key in sorted(things)),
        tuple(Statement(s, p, o, tuple(e), stance, partnership) for (s, p, o, stance), e in statements.items()),
    )


def exported(store: Store) -> bytes:
    """Return all that a store holds, as JSON lines."""
    file = io.BytesIO()
    write_jsonl(store, file)
    return file.getvalue()


def thing_id(word: str, partnership: str = "oakvale") -> str:
    """Return the id of `Type:slug`."""
    type_, _, slug = word.partition(":")
    if type_ in ("Issue", "Duty"):
        return f"{type_.lower()}/{slug}"
    return f"{partnership}/{type_.lower()}" + (f"/{slug}" if slug else "")


def _entity(word: str, partnership: str, ontology: Ontology) -> Entity:
    type_, _, slug = word.partition(":")
    kind = ontology.kinds.get(slug)
    years = re.fullmatch(r"(\d{4})-(\d{4})", slug) if type_ == "Plan" else None
    return Entity(
        thing_id(word, partnership), type_, _words(slug or partnership), 1,
        kind.id if kind and kind.type == type_ else None,
        *((int(years[1]), int(years[2])) if years else (None, None)),
    )  # fmt: skip


def _words(slug: str) -> str:
    return slug.replace("-", " ")


# ------------------------------------------------------------------------------------------------ random graphs

_THINGS = {
    "Priority": ["parks", "roads"], "Action": ["paint", "patrol"],
    "Issue": ["graffiti", "nuisance", "disorder", "theft"], "Subgroup": ["oak-group", "elm-group", "partnership-board"],
    "Partner": ["police", "lantern"], "Role": ["warden"], "Source": ["residents"], "Request": ["lamps"],
    "Plan": ["2020-2023", "2024-2027"], "Partnership": [""],
}  # fmt: skip


@st.composite
def random_line(draw: st.DrawFn) -> str:
    """Some line that a document may hold."""
    if draw(st.integers(0, 9)) == 0:
        return "Action:paint deadline=May-25"
    relations = sorted((r for r in small_ontology().relations.values() if not r.from_vocabulary), key=lambda r: r.name)
    relation = draw(st.sampled_from(relations))
    subject, object_ = draw(st.sampled_from(sorted(relation.domain))), draw(st.sampled_from(sorted(relation.range)))
    stance = "/" + draw(st.sampled_from(["concern", "support", "reported"])) if relation.takes_stance else ""
    ends = [f"{type_}:{draw(st.sampled_from(_THINGS[type_]))}" for type_ in (subject, object_)]
    doubt = draw(st.sampled_from(["", "", "?"]))
    return f"{ends[0]} {relation.name}{stance}{doubt} {ends[1]}"
