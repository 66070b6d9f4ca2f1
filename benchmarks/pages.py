"""Measures the pages in a browser: how long they take to write and to open, and how the network pans.

    python benchmarks/pages.py --browser /usr/bin/chromium [--partnerships 1 3 8]

A synthetic country of that many partnerships in one page each: 8 are about 4,700 items and 24,000 statements. Prints a
Markdown table.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from country import country
from playwright.sync_api import Browser, sync_playwright
from run import known, shown

from goldenthread.graph import open_store
from goldenthread.services.scenes import scenes_of
from goldenthread.views.board import MOST_ITEMS, board_page
from goldenthread.views.network import network_page

_RUNS = 5
_SECONDS_OF_PANNING = 3
_PAN = """(seconds) => new Promise((done) => {
  const stage = document.getElementById("stage");
  stage.style.scrollBehavior = "auto";
  const start = performance.now();
  let frames = 0;
  const step = (now) => {
    frames += 1;
    stage.scrollTop += 60;
    if (now - start < seconds * 1000) requestAnimationFrame(step);
    else done(frames / ((now - start) / 1000));
  };
  requestAnimationFrame(step);
})"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browser", required=True, metavar="PROGRAM")
    parser.add_argument("--partnerships", type=int, nargs="+", default=[1, 3, 8])
    args = parser.parse_args()
    print(
        "| page | items | statements | written in | size | opened in | picture after | panning |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=shutil.which(args.browser) or args.browser,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for partnerships in args.partnerships:
            measure(browser, Path(folder), partnerships)
        browser.close()


def measure(browser: Browser, folder: Path, partnerships: int) -> None:
    """Write the pages of a country, and open them."""
    ontology = known()
    with open_store(str(folder / f"{partnerships}.db"), ontology, create=True) as store:
        store.use_vocabulary(ontology)
        for documents in country(partnerships, ontology):
            for graph in documents:
                store.replace(graph)
        scenes = scenes_of(store, ontology, None)
    items, links = sum(len(s.items) for s in scenes), sum(len(s.links) for s in scenes)
    pages: dict[str, Callable[[], str]] = {"network": lambda: network_page(scenes, title="Country", ontology=ontology)}
    if items <= MOST_ITEMS:
        pages["board"] = lambda: board_page(scenes, title="Country", ontology=ontology)
    for name, page in pages.items():
        start = time.perf_counter()
        text = page()
        took = time.perf_counter() - start
        path = folder / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        found = [_opened(browser, path, pan=name == "network") for _ in range(_RUNS)]
        middle = {key: statistics.median(each[key] for each in found) for key in found[0]}
        drawn = f"{middle['drawn'] / 1000:.2f} s" if "drawn" in middle else ""
        frames = f"{shown(middle['frames'])} frames/s" if "frames" in middle else ""
        print(
            f"| {name} | {items:,} | {links:,} | {took:.1f} s | {len(text) / 1e6:.1f} MB | "
            f"{middle['load'] / 1000:.2f} s | {drawn} | {frames} |"
        )


def _opened(browser: Browser, path: Path, *, pan: bool) -> dict[str, Any]:
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    page.goto(path.as_uri())
    found = {"load": page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")}
    if pan:
        found["drawn"] = page.evaluate("performance.getEntriesByName('picture drawn')[0].startTime")
        page.check("input[value=all]")
        page.check("#background")
        found["frames"] = page.evaluate(_PAN, _SECONDS_OF_PANNING)
    page.close()
    return found


if __name__ == "__main__":
    main()
