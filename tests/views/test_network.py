from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from graphs import small_ontology, store_of
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.graph.networks import as_networkx
from goldenthread.ontology import GoldenthreadError
from goldenthread.views.network import MANY, _lines, network_page, vis_network

PLAN = """
    Priority:safe-streets part_of Plan:2024-2027
    Priority:safe-streets addresses Issue:graffiti
    Priority:safe-streets addresses Issue:knife-crime
    Priority:quiet-nights addresses Issue:noise
    Subgroup:lantern-group delivers Priority:safe-streets
    Subgroup:knife-panel part_of Subgroup:lantern-group
    Partner:police leads Priority:safe-streets
    Partner:probation member_of Subgroup:lantern-group
    Source:residents raises/concern Issue:bike-theft
"""
GAPS = [
    {
        "rule": "uncovered-issue", "severity": "violation", "id": "issue/bike-theft", "label": "bike theft", "type": "Issue",
        "partnership": "oakvale", "message": "No priority addresses bike theft.", "hint": "Say which does.", "evidence": [],
    },
    {
        "rule": "absent-authority", "severity": "warning", "id": "oakvale/partner/fire", "label": "Fire service",
        "type": "Partner", "partnership": "oakvale", "message": "It is not named.", "hint": "", "evidence": [],
    },
]  # fmt: skip
TITLE, FINDING = "Oakvale: who owns what?", "1 of 4 issues has no priority."
MARKS = "</script><img src=x onerror=alert(1)><!-- {{7*7}} ' \" & href"


@pytest.fixture
def graph(tmp_path: Path) -> nx.MultiDiGraph[str]:
    with store_of(tmp_path, PLAN) as store:
        return as_networkx(store)


def page_of(graph: nx.MultiDiGraph[str], **changed: Any) -> str:
    given: dict[str, Any] = {"title": TITLE, "finding": FINDING, "gaps": GAPS, "ontology": small_ontology()}
    return network_page(graph, **(given | changed))


def data_of(page: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="data-{name}">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


class Outline(HTMLParser):
    """The tags of a page, its visible text, and its scripts that run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.text = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        runs = tag == "script" and dict(attrs).get("type") is None
        self._inside = "run" if runs else tag if tag in ("style", "script") else ""
        if runs:
            self.scripts.append("")
        if tag == "style":
            self.styles.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "run":
            self.scripts[-1] += data
        elif self._inside == "style":
            self.styles[-1] += data
        elif not self._inside:
            self.text += data


# ------------------------------------------------------------------------------------------------ what the page says


def test_the_finding_stands_above_and_every_statement_in_the_table(graph: nx.MultiDiGraph[str]) -> None:
    text = Outline(page_of(graph)).text
    assert text.index(TITLE) < text.index(FINDING)
    for *_, edge in graph.edges(data=True):
        assert all(quote in text for quote in edge["quotes"])
    assert "is a member of" in text


def test_a_gap_is_said_in_words_and_drawn_as_broken(graph: nx.MultiDiGraph[str]) -> None:
    page = page_of(graph)
    nodes = {node["id"]: node for node in data_of(page, "nodes")}
    assert (nodes["issue/bike-theft"]["gap"], nodes["issue/bike-theft"]["broken"]) == ("Uncovered issue", True)
    assert {node["id"] for node in nodes.values() if node["gap"]} == {"issue/bike-theft"}
    assert "No priority addresses bike theft." in Outline(page).text


def test_a_gap_about_something_that_is_in_no_document_is_listed_all_the_same(graph: nx.MultiDiGraph[str]) -> None:
    page = page_of(graph)
    assert "Fire service" in Outline(page).text
    assert [gap["id"] for gap in data_of(page, "page")["gaps"]] == ["issue/bike-theft", None]


def test_a_note_is_not_drawn_as_a_broken_thread(graph: nx.MultiDiGraph[str]) -> None:
    note = GAPS[0] | {"severity": "info", "rule": "partly-covered-issue"}
    node = next(n for n in data_of(page_of(graph, gaps=[note]), "nodes") if n["gap"])
    assert (node["gap"], node["broken"]) == ("Partly covered issue", False)


def test_without_scripts_the_tables_are_still_there(graph: nx.MultiDiGraph[str]) -> None:
    page = page_of(graph)
    assert "<noscript>" in page
    assert re.search(r'<table id="facts".*lantern group', page, re.S)


def test_an_empty_graph_is_a_page_that_says_so() -> None:
    empty: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    assert "No document states anything here." in page_of(empty, gaps=[])


# -------------------------------------------------------------------------------------------------------- the picture


def test_columns_run_from_sources_to_partners(graph: nx.MultiDiGraph[str]) -> None:
    x = {node["type"]: node["x"] for node in data_of(page_of(graph), "nodes")}
    assert x["Source"] < x["Issue"] < x["Priority"] < x["Subgroup"] < x["Partner"]


def test_gaps_stand_on_top_of_their_column(graph: nx.MultiDiGraph[str]) -> None:
    issues = [n for n in data_of(page_of(graph), "nodes") if n["type"] == "Issue"]
    assert min(issues, key=lambda n: n["y"])["id"] == "issue/bike-theft"


def test_boxes_do_not_overlap(graph: nx.MultiDiGraph[str]) -> None:
    nodes = sorted(data_of(page_of(graph), "nodes"), key=lambda n: (n["column"], n["y"]))
    for above, below in pairwise(nodes):
        if above["column"] == below["column"]:
            assert above["y"] + above["height"] / 2 < below["y"] - below["height"] / 2


def test_a_line_over_a_column_gets_a_lane_of_its_own(graph: nx.MultiDiGraph[str]) -> None:
    page = page_of(graph)
    edges = {edge["id"]: edge for edge in data_of(page, "edges")}
    lanes = edges["oakvale/partner/police|leads|oakvale/priority/safe-streets"]["lanes"]
    assert [lane["id"] for lane in data_of(page, "page")["lanes"] if lane["id"] in lanes] == lanes
    assert len(lanes) == 1
    assert edges["oakvale/subgroup/lantern-group|delivers|oakvale/priority/safe-streets"]["lanes"] == []


def test_every_edge_is_directed_and_has_an_id_of_its_own(graph: nx.MultiDiGraph[str]) -> None:
    edges = data_of(page_of(graph), "edges")
    assert len({edge["id"] for edge in edges}) == len(edges) == graph.number_of_edges()
    assert all(edge["arrows"] == "to" for edge in edges)


def test_nothing_moves(graph: nx.MultiDiGraph[str]) -> None:
    options = json.loads(data_of(page_of(graph), "options"))
    assert options["physics"] == {"enabled": False}
    assert options["interaction"]["zoomView"] is False


def test_a_large_network_opens_on_its_gaps(graph: nx.MultiDiGraph[str]) -> None:
    assert data_of(page_of(graph), "page")["opening"] == "all"
    for number in range(MANY):
        graph.add_node(f"oakvale/partner/{number}", label=str(number), type="Partner", partnership="oakvale")
    assert data_of(page_of(graph), "page")["opening"] == "gaps"
    assert data_of(page_of(graph, gaps=[]), "page")["opening"] == "all"


def test_a_page_on_one_thing_holds_what_is_within_two_steps(graph: nx.MultiDiGraph[str]) -> None:
    page = page_of(graph, focus="oakvale/priority/quiet-nights")
    assert {node["id"] for node in data_of(page, "nodes")} == {"oakvale/priority/quiet-nights", "issue/noise"}
    assert data_of(page, "page")["focus"] == "oakvale/priority/quiet-nights"
    wider = {node["id"] for node in data_of(page_of(graph, focus="issue/graffiti"), "nodes")}
    assert "oakvale/partner/police" in wider
    assert "oakvale/partner/probation" not in wider


def test_a_page_on_something_unknown_says_how_to_find_it(graph: nx.MultiDiGraph[str]) -> None:
    with pytest.raises(GoldenthreadError, match=r"'issue/piracy' is not in the graph.*goldenthread search"):
        page_of(graph, focus="issue/piracy")


@given(st.text())
def test_any_label_is_cut_into_at_most_three_lines(label: str) -> None:
    lines = _lines(label)
    assert 1 <= len(lines) <= 3
    assert all(line == line.strip() for line in lines)


def test_a_label_that_fits_keeps_all_its_words() -> None:
    label = "Protecting vulnerable people from harm and exploitation"
    assert " ".join(_lines(label)) == label
    assert _lines("x" * 500)[-1].endswith("…")


# ------------------------------------------------------------------------------------------- safe, offline, repeatable


def hostile(graph: nx.MultiDiGraph[str]) -> str:
    """Return a page with markup in every field that a document or a person fills."""
    for _, node in graph.nodes(data=True):
        node["label"] = MARKS + node["label"]
    for *_, edge in graph.edges(data=True):
        edge["quotes"] = tuple(MARKS for _ in edge["quotes"])
    for document in graph.graph["documents"].values():
        document["title"] = document["date"] = MARKS
    renamed = nx.relabel_nodes(graph, {name: MARKS + name for name in graph})
    gaps = [gap | {key: MARKS + str(gap[key]) for key in ("rule", "id", "label", "type", "message", "hint")} for gap in GAPS]
    return page_of(renamed, title=MARKS, finding=MARKS, gaps=gaps)


def test_markup_in_any_field_stays_text(graph: nx.MultiDiGraph[str]) -> None:
    plain, page = page_of(graph), hostile(graph)
    assert "<img" not in page.replace(vis_network(), "")
    tags = [tag for tag, _ in Outline(page).tags]
    assert set(tags) == {tag for tag, _ in Outline(plain).tags}
    assert tags.count("script") == 6
    assert all(not name.startswith("on") for _, attributes in Outline(page).tags for name in attributes)


def test_the_page_asks_for_nothing_from_elsewhere(graph: nx.MultiDiGraph[str]) -> None:
    page = page_of(graph)
    assert not re.search(r"https?://", page.replace(vis_network(), ""))
    assert not [a for _, a in Outline(page).tags if {"src", "href", "srcset", "action", "style"} & set(a)]
    assert "sourceMappingURL" not in page
    assert "url(" not in "".join(Outline(page).styles)


def test_the_policy_names_each_script_and_style_by_its_hash(graph: nx.MultiDiGraph[str]) -> None:
    outline = Outline(page_of(graph))
    policy = next(a["content"] for t, a in outline.tags if a.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for text in outline.scripts + outline.styles:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert (len(outline.scripts), len(outline.styles)) == (2, 1)


def test_our_script_writes_text_and_never_markup() -> None:
    script = Path(__file__).parents[2].joinpath("views/static/network.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", script)


def test_line_ends_are_plain(graph: nx.MultiDiGraph[str]) -> None:
    page = page_of(graph)
    assert "\r" not in page
    assert page.endswith("</html>\n")


def test_the_graph_is_not_altered(graph: nx.MultiDiGraph[str]) -> None:
    before = nx.node_link_data(graph, edges="edges")
    page_of(graph)
    page_of(graph, focus="issue/noise")
    assert nx.node_link_data(graph, edges="edges") == before


SCRIPT = """
import hashlib, pathlib, sys, tempfile
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/tests"]
from graphs import small_ontology, store_of
from tests.views.test_network import GAPS, PLAN, page_of
from goldenthread.graph.networks import as_networkx
with tempfile.TemporaryDirectory() as folder:
    with store_of(pathlib.Path(folder), PLAN) as store:
        graph = as_networkx(store)
for focus in (None, "issue/graffiti"):
    print(hashlib.sha256(page_of(graph, focus=focus).encode()).hexdigest())
"""


def test_the_same_graph_gives_the_same_bytes_under_any_hash_seed() -> None:
    root = str(Path(__file__).parents[2])
    prints = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, root],
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1", "PATH": "", "SYSTEMROOT": ""},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "1", "31337")
    }  # fmt: skip
    assert len(prints) == 1
