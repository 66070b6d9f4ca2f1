"""A real browser for tests: the Chromium of this computer, without a window and without a network.

Where there is none, tests are skipped and say why; with GOLDENTHREAD_REQUIRE_CHROMIUM=1, as in CI, they fail.
GOLDENTHREAD_TEST_CHROMIUM names another program.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--force-color-profile=srgb", "--font-render-hinting=none",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser for all tests of a run."""
    program = os.environ.get("GOLDENTHREAD_TEST_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        why = "there is no Chromium on this computer to open pages with"
        if os.environ.get("GOLDENTHREAD_REQUIRE_CHROMIUM") == "1":
            pytest.fail(f"These tests must run here, but {why}.")
        pytest.skip(f"{why}.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        yield opened
        opened.close()


class Opened:
    """A page that is open, with what went on meanwhile."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []  #: errors of scripts, and what the policy stopped
        page.on("request", lambda request: self.requests.append(request.url))
        page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))


@contextmanager
def opened(browser: Browser, path: Path, *, width: int = 1366, height: int = 900, **how: Any) -> Iterator[Opened]:
    """Open a file without a network; `how` is for the browser's context."""
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True, locale="en-GB", **how)
    try:
        found = Opened(context.new_page())
        found.page.goto(path.as_uri())
        yield found
    finally:
        context.close()


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong: rule and where."""
    page.evaluate(_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]]


def press_until(page: Page, key: str, reached: Callable[[str], bool], most: int = 200) -> str:
    """Press a key until the text of what has the focus is as wanted; return it."""
    for _ in range(most):
        page.keyboard.press(key)
        text = str(page.evaluate("document.activeElement.innerText || document.activeElement.value || ''"))
        if reached(text):
            return text
    raise AssertionError(f"{most} times {key} led nowhere.")
