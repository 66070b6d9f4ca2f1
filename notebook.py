"""For notebooks: a graph, its gaps and its threads, which show themselves, and give data frames on request.

from goldenthread.notebook import open_graph

graph = open_graph("goldenthread.db")
graph.gaps()
graph.owners("fraud").to_frame()
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from goldenthread.graph import Store, open_store, store_folder
from goldenthread.graph.attempts import in_one_state
from goldenthread.graph.outputs import files_of, output_file
from goldenthread.ontology import GoldenthreadError, Ontology, load_ontology
from goldenthread.queries.coverage import coverages
from goldenthread.queries.gaps import GapReport, find_gaps, rules_named
from goldenthread.queries.names import find_partnership
from goldenthread.queries.owners import Named, owners_of_name
from goldenthread.queries.thread import Step, Thread
from goldenthread.services.scenes import scenes_of, title_of
from goldenthread.views.columns import legend_of
from goldenthread.views.scene import Scene, flag_of
from goldenthread.views.wording import counted, day_in_words
from goldenthread.writing.visible import in_line, without_overrides

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

T = TypeVar("T")

#: How high a page is within a notebook, in pixels.
_HEIGHT = 720
#: How many quotes stand below a link of a thread.
_QUOTES = 2
_RED = "color: #b00020; font-weight: bold"
_SOFT = "color: #4d4d4d; font-size: 0.9em"


def open_graph(address: str = "goldenthread.db", *, partnership: str | None = None) -> Graph:
    """Open a store for reading.

    Args:
        address: the path of a file, or a Neo4j database such as neo4j://host:7687/database, whose password is in
            NEO4J_PASSWORD.
        partnership: name of the only one that is asked about; all when left out.

    Raises:
        StoreError: there is no such store, or it cannot be used.
        GoldenthreadError: it holds no such partnership.

    """
    ontology = load_ontology()
    store = open_store(address, ontology)
    scope = None if partnership is None else find_partnership(store, partnership)
    if partnership is not None and scope is None:
        known = "; ".join(label for _, label in store.partnerships()) or "none"
        store.close()
        raise GoldenthreadError(f"The store holds no partnership '{partnership}'. It holds: {known}.")
    return Graph(store, ontology, scope, address)


class Graph:
    """What documents state, ready to be asked."""

    def __init__(
        self, store: Store, ontology: Ontology, partnership: str | None = None, address: str | None = None
    ) -> None:
        self.store, self.ontology, self.partnership, self.address = store, ontology, partnership, address

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def _read(self, read: Callable[[], T]) -> T:
        """Return what is found in one state of the store, which others may be changing."""
        return in_one_state(self.store, read)

    @cached_property
    def scenes(self) -> list[Scene]:
        """What there is, partnership by partnership."""
        return self._read(lambda: scenes_of(self.store, self.ontology, self.partnership))

    def gaps(self, *rules: str, on: str | None = None) -> Gaps:
        """Return where the thread breaks: by all rules, or by those with these codes."""
        return Gaps(self._read(lambda: find_gaps(self.store, self.ontology, rules_named(rules), self.partnership, on)))

    def owners(self, name: str, on: str | None = None) -> Threads:
        """Return the threads of what a person calls `name`, to those who own it."""
        return Threads(self._read(lambda: owners_of_name(self.store, self.ontology, name, self.partnership, on)))

    def coverage(self) -> pd.DataFrame:
        """Return a data frame with a row for each issue: its state, its priorities and how many sources raise it.

        Raises:
            GoldenthreadError: pandas is not installed.

        """
        rows = [
            {
                "partnership": c.partnership_label, "issue": i.issue.label, "state": i.state, "owner named": i.whole,
                "raised": i.times,
                "priorities": ", ".join(
                    dict.fromkeys([*(p.label for p in i.priorities), *(p.label for p, _ in i.broader)])
                ),
            }
            for c in self._read(lambda: coverages(self.store, self.ontology))
            if self.partnership in (None, c.partnership)
            for i in c.issues
        ]  # fmt: skip
        return _frame(rows, ("partnership", "issue", "state", "owner named", "raised", "priorities"))

    def to_frame(self) -> pd.DataFrame:
        """Return a data frame with a row for each quote: subject, relation, object, the words and their place.

        Raises:
            GoldenthreadError: pandas is not installed.

        """
        rows = [
            {
                "subject": link.subject.label, "relation": link.relation, "object": link.object.label,
                "status": link.status, "words": words.mark.quote, "document": words.mark.source.title,
                "page": words.mark.place, "date": words.mark.source.document.date, "partnership": scene.label,
            }
            for scene in self.scenes
            for link in scene.links
            for words in link.words
        ]  # fmt: skip
        return _frame(
            rows, ("subject", "relation", "object", "status", "words", "document", "page", "date", "partnership")
        )

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return the graph for networkx; see `goldenthread.graph.exchange.networks`."""
        from goldenthread.graph.exchange.networks import as_networkx

        return self._read(lambda: as_networkx(self.store, self.partnership))

    def board(self) -> Page:
        """Return the board: issues, priorities, groups and partners in columns, with the words behind each link."""
        from goldenthread.views.board import board_page

        return self._page(board_page(self.scenes, title=title_of(self.scenes), ontology=self.ontology))

    def network(self) -> Page:
        """Return the network as a page."""
        from goldenthread.views.network import network_page

        return self._page(network_page(self.scenes, title=title_of(self.scenes), ontology=self.ontology))

    def _page(self, text: str) -> Page:
        sources = files_of(self.store.documents(), store_folder(self.address)) if self.address else ()
        return Page(text, self.address, tuple(sources))

    def __repr__(self) -> str:
        return in_line(f"Graph of {'; '.join(scene.label for scene in self.scenes) or 'no documents'}")

    def _repr_html_(self) -> str:
        parts = [_scene_html(scene, self.ontology) for scene in self.scenes]
        return "".join(parts) or "<p>The store holds no documents.</p>"


@dataclass(frozen=True, slots=True)
class Gaps:
    """Where the thread breaks."""

    report: GapReport

    def __len__(self) -> int:
        return len(self.report.gaps)

    def __repr__(self) -> str:
        return in_line(self.report.finding)

    def to_frame(self) -> pd.DataFrame:
        """Return a data frame with a row for each gap.

        Raises:
            GoldenthreadError: pandas is not installed.

        """
        columns = ("severity", "basis", "rule", "item", "type", "message", "hint", "quotes", "partnership")
        rows = [
            {
                "severity": g.severity, "basis": g.basis, "rule": g.rule, "item": g.label, "type": g.type,
                "message": g.message, "hint": g.hint, "quotes": len(g.words), "partnership": g.partnership,
            }
            for g in self.report.gaps
        ]  # fmt: skip
        return _frame(rows, columns)

    def _repr_html_(self) -> str:
        rows = []
        for gap in self.report.gaps:
            flag = flag_of(gap.to_json())
            words = f"“{_text(gap.evidence[0].quote)}”" if gap.evidence else ""
            sign = f'<span style="{_RED}">⚠ {_text(flag.short)}</span>' if flag.broken else _text(flag.short)
            rows.append((_text(gap.label), sign, flag.severity_in_words, _text(gap.message), _text(gap.hint), words))
        head = ("Item", "Gap", "Severity", "What is missing", "What to do", "Words")
        return f"<p><strong>{_text(self.report.finding)}</strong></p>{_table(head, rows)}"


@dataclass(frozen=True, slots=True)
class Threads:
    """How far the threads of a name carry."""

    found: Named

    def __iter__(self) -> Iterator[Thread]:
        return iter(self.found.threads)

    def __len__(self) -> int:
        return len(self.found.threads)

    def __repr__(self) -> str:
        return in_line(self.found.finding)

    def to_frame(self) -> pd.DataFrame:
        """Return a data frame with a row for each link of the threads, as deep as they go.

        Raises:
            GoldenthreadError: pandas is not installed.

        """
        rows = [
            {
                "thing": thread.thing.label, "depth": depth, "relation": step.words, "to": step.thing.label,
                "type": step.thing.type, "owns": step.owns, "status": step.fact.status,
                "words": step.fact.evidence[0].quote if step.fact.evidence else "",
                "documents": ", ".join(sorted({e.document.removeprefix("document/") for e in step.fact.evidence})),
            }
            for thread in self.found.threads
            for depth, step in _steps(thread.steps)
        ]  # fmt: skip
        return _frame(rows, ("thing", "depth", "relation", "to", "type", "owns", "status", "words", "documents"))

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{_text(self.found.finding)}</strong></p>"]
        several = len({thread.partnership for thread in self.found.threads}) > 1
        for thread in self.found.threads:
            parts.append(f"<h4>{_text(thread.partnership_label)}</h4>" if several else "")
            parts.append(_steps_html(thread.steps))
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that opens offline; in a notebook it shows itself."""

    text: str
    store: str | None = None  #: the address of the store of which it is made, which `save` does not write over
    sources: tuple[str, ...] = ()  #: the files of that store's documents, which it does not write over either

    def save(self, path: str) -> None:
        """Write it to a file, in place of what the file holds.

        Raises:
            OutputError: it cannot be written, or the file is a store or a document; then it stays as it is.

        """
        with output_file(Path(path), self.store, self.sources) as file:
            file.write(self.text.encode())

    def __repr__(self) -> str:
        return f"A page of {len(self.text) / 1000:,.0f} kB; save it with .save('page.html')"

    def _repr_html_(self) -> str:
        # Alone in its frame: it may run its own scripts, and reach nothing of the notebook, to which '#…' would lead
        # from there.
        page = self.text.replace(' href="#', ' href="about:srcdoc#')
        return (
            f'<iframe sandbox="allow-scripts" srcdoc="{html.escape(page)}" width="100%" height="{_HEIGHT}" '
            'style="border: 1px solid #c9c9c9"></iframe>'
        )


def _text(words: str) -> str:
    return html.escape(without_overrides(words))


def _frame(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    try:
        import pandas as pd
    except ImportError as error:
        raise GoldenthreadError(
            "Data frames need the package pandas. Install it with 'pip install goldenthread[notebook]'."
        ) from error
    return pd.DataFrame(rows, columns=list(columns))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; its cells are HTML."""
    if not rows:
        return ""
    top = "".join(f'<th style="text-align: left">{name}</th>' for name in head)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align: left; vertical-align: top">{cell}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _scene_html(scene: Scene, ontology: Ontology) -> str:
    counts = ", ".join(words.lower() for _, words in legend_of((item.type for item in scene.items.values()), ontology))
    latest = f", the latest of {day_in_words(scene.latest)}" if scene.latest else ""
    broken = sorted((i for i in scene.items.values() if i.broken), key=lambda i: (i.column, i.label.casefold(), i.id))
    rows = [(f'<span style="{_RED}">⚠ {_text(i.flags[0].short)}</span>', _text(i.label), _text(i.kind)) for i in broken]
    return (
        f"<h3>{_text(scene.label)}</h3><p><strong>{_text(scene.finding)}</strong></p>"
        f'<p style="{_SOFT}">From {counted(len(scene.documents), "document")}{latest}: {_text(counts)}; '
        f"{counted(len(scene.stated), 'statement')}.</p>{_table(('Gap', 'Item', 'Type'), rows)}"
    )


def _steps(steps: Sequence[Step], depth: int = 1) -> Iterator[tuple[int, Step]]:
    for step in steps:
        yield depth, step
        yield from _steps(step.steps, depth + 1)


def _steps_html(steps: Sequence[Step]) -> str:
    """Return the links of a thread as a list within a list."""
    items = []
    for step in steps:
        words = "".join(
            f'<br><span style="{_SOFT}">“{_text(e.quote)}” {_text(e.document.removeprefix("document/"))}</span>'
            for e in step.fact.evidence[:_QUOTES]
        )
        status = f' <span style="{_SOFT}">({step.fact.status})</span>' if step.fact.status != "extracted" else ""
        items.append(
            f"<li>{_text(step.words)} "
            f"<strong>{_text(step.thing.label)}</strong>{status}{words}{_steps_html(step.steps)}</li>"
        )
    return f"<ul>{''.join(items)}</ul>" if items else ""
