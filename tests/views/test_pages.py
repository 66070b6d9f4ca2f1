"""What all pages promise: safe with any document, no requests elsewhere, the same for the same graph."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from graphs import small_ontology, store_of
from pages import MARKS, PLAN, Outline, hostile_store

from goldenthread.graph import Store
from goldenthread.services.scenes import briefing_of_store, scenes_of
from goldenthread.views.board import board_page
from goldenthread.views.briefing import briefing_page
from goldenthread.views.network import network_page, vis_network
from goldenthread.views.source_pages import source_page

PAGES: dict[str, Callable[[Store], str]] = {
    "board": lambda store: board_page(scenes_of(store, small_ontology(), None), title=MARKS, ontology=small_ontology()),
    "network": lambda store: network_page(
        scenes_of(store, small_ontology(), None), title=MARKS, ontology=small_ontology()
    ),
    "briefing": lambda store: briefing_page(briefing_of_store(store, small_ontology(), "oakvale")),
    "source": lambda store: source_page(scenes_of(store, small_ontology(), None, uncited=True)),
}
STATIC = Path(__file__).parents[2] / "views" / "static"


@pytest.fixture(params=sorted(PAGES))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(kind: str, tmp_path: Path) -> str:
    with store_of(tmp_path, PLAN) as store:
        return PAGES[kind](store)


def test_markup_in_any_field_stays_text(kind: str, page: str, tmp_path: Path) -> None:
    (tmp_path / "hostile").mkdir()
    with hostile_store(tmp_path / "hostile") as store:
        hostile = PAGES[kind](store)
    plain = hostile.replace(vis_network(), "")
    assert "<img" not in plain
    assert "<svg onload" not in plain
    assert "onerror" in plain  # as text
    outline = Outline(hostile)
    assert {tag for tag, _ in outline.tags} <= {tag for tag, _ in Outline(page).tags} | {
        "cite",
        "h4",
        "q",
        "blockquote",
    }
    assert len(outline.scripts) == len(Outline(page).scripts)
    assert all(not name.startswith("on") for _, attributes in outline.tags for name in attributes)


def test_the_page_asks_for_nothing_from_elsewhere(page: str) -> None:
    outline = Outline(page)
    assert not re.search(r"https?://", page.replace(vis_network(), ""))
    for _, attributes in outline.tags:
        assert not {"src", "srcset", "action", "style"} & attributes.keys()
        assert (attributes.get("href") or "#").startswith("#")
    assert "sourceMappingURL" not in page
    assert "url(" not in "".join(outline.styles)
    assert "@import" not in "".join(outline.styles)


def test_the_policy_names_each_script_and_style_by_its_hash(page: str) -> None:
    outline = Outline(page)
    policy = next(a["content"] for t, a in outline.tags if a.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for text in outline.scripts + outline.styles:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert len(outline.styles) == 1


def test_every_link_leads_to_something_on_the_page(page: str) -> None:
    outline = Outline(page)
    assert outline.targets() <= set(outline.ids())
    assert len(outline.ids()) == len(set(outline.ids()))


def test_line_ends_are_plain(page: str) -> None:
    assert "\r" not in page
    assert page.endswith("</html>\n")


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.glob("*.js")))
def test_our_scripts_write_text_and_never_markup(name: str) -> None:
    script = (STATIC / name).read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", script)


SCRIPT = """
import hashlib, pathlib, sys, tempfile
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/tests"]
from graphs import store_of
from pages import PLAN
from tests.views.test_pages import PAGES
with tempfile.TemporaryDirectory() as folder, store_of(pathlib.Path(folder), PLAN) as store:
    for kind in sorted(PAGES):
        print(kind, hashlib.sha256(PAGES[kind](store).encode()).hexdigest())
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
