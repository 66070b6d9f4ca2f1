"""Notebooks: what is asked shows itself, and gives data frames on request."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from graphs import small_ontology, store_of
from nbclient import NotebookClient
from pages import MARKS, PLAN, hostile_store

from goldenthread.graph import StoreError
from goldenthread.notebook import Graph, open_graph
from goldenthread.ontology import GoldenthreadError, load_ontology

EXAMPLE = Path(__file__).parent.parent / "examples" / "harrowmere.ipynb"


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Graph]:
    with Graph(store_of(tmp_path, PLAN), small_ontology()) as opened:
        yield opened


def test_a_graph_shows_its_finding_and_its_gaps(graph: Graph) -> None:
    shown = graph._repr_html_()
    assert "1 of 2 issues raised has no priority" in shown
    assert "issues (4), priorities (3)" in shown
    assert "⚠ No owner</span></td>" in shown
    assert repr(graph) == "Graph of oakvale"


def test_gaps_are_a_table_and_a_frame(graph: Graph) -> None:
    gaps = graph.gaps("uncovered-issue")
    assert (len(gaps), repr(gaps)) == (1, "1 of 2 issues raised has no priority.")
    assert "Bike theft: raised, but no priority in force addresses this" in gaps._repr_html_()
    frame = gaps.to_frame()
    assert list(frame["item"]) == ["bike theft"]
    assert graph.gaps("idle-group").to_frame().columns.tolist() == frame.columns.tolist()


def test_a_thread_is_a_list_within_a_list_and_a_frame(graph: Graph) -> None:
    threads = graph.owners("graffiti")
    shown = threads._repr_html_()
    assert shown.startswith("<p><strong>The thread from &quot;graffiti&quot; carries through")
    assert "<li>is addressed by <strong>safe streets</strong>" in shown
    assert "<li>is led by <strong>police</strong>" in shown
    frame = threads.to_frame()
    assert set(frame[frame["owns"]]["to"]) == {"police", "lantern group"}
    assert "Did you mean" in repr(graph.owners("grafitti"))


def test_quotes_and_coverage_are_frames(graph: Graph) -> None:
    quotes = graph.to_frame()
    assert len(quotes) == 12
    assert set(quotes[quotes["relation"] == "leads"]["page"]) == {"page 2"}
    coverage = graph.coverage().set_index("issue")
    assert coverage.loc["graffiti", "owner named"]
    assert coverage.loc["bike theft", "state"] == "uncovered"


def test_a_page_stands_in_a_frame_of_its_own_and_can_be_saved(graph: Graph, tmp_path: Path) -> None:
    for page in (graph.board(), graph.network()):
        shown = page._repr_html_()
        assert shown.startswith('<iframe sandbox="allow-scripts" srcdoc="&lt;!DOCTYPE html&gt;')
        assert "<script" not in shown
        page.save(str(tmp_path / "page.html"))
        assert (tmp_path / "page.html").read_text(encoding="utf-8") == page.text


def test_what_a_document_says_is_text_in_a_notebook(tmp_path: Path) -> None:
    with Graph(hostile_store(tmp_path), small_ontology()) as graph:
        for shown in (graph, graph.gaps(), graph.owners("noise")):
            assert "<img" not in shown._repr_html_()
            assert "<script" not in shown._repr_html_()
        assert MARKS in graph.to_frame()["document"].iloc[0]


def test_only_one_partnership_can_be_asked_about(tmp_path: Path) -> None:
    with store_of(tmp_path, PLAN, ontology=load_ontology()) as store:
        store_of(tmp_path, {"elm.md": PLAN}, partnership="elmdon", store=store, ontology=load_ontology())
    with open_graph(str(tmp_path / "test.db"), partnership="elmdon") as graph:
        assert [scene.label for scene in graph.scenes] == ["elmdon"]
        assert set(graph.coverage()["partnership"]) == {"elmdon"}
    with pytest.raises(GoldenthreadError, match=r"holds no partnership 'Nowhere'\. It holds: elmdon; oakvale"):
        open_graph(str(tmp_path / "test.db"), partnership="Nowhere")
    with pytest.raises(StoreError):
        open_graph(str(tmp_path / "none.db"))


def test_without_pandas_a_frame_says_what_to_install(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(GoldenthreadError, match=r"pip install goldenthread\[notebook\]"):
        graph.to_frame()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the kernel's own
def test_the_example_runs_from_its_first_cell_to_its_last() -> None:
    notebook = nbformat.read(EXAMPLE, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
    assert all(not cell.get("outputs") for cell in notebook.cells)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    pages = " ".join(output.data.get("text/html", "") for output in shown if "data" in output)
    assert re.search(r"0 of 2 issues raised have no priority, and [1-9] to check", pages)
    assert "Who owns which issue?" in pages or "who owns which issue?" in pages
    assert not [output for output in shown if output.output_type == "error"]
