"""Documents in full, each statement marked where it stands and said beside it."""

from __future__ import annotations

from collections.abc import Sequence

from .page import render
from .scene import Scene


def source_page(scenes: Sequence[Scene], *, only: str | None = None) -> str:
    """Return the page.

    Args:
        scenes: whose sources it holds, each with its whole text.
        only: id of the one document that it holds; all when None.

    """
    sources = [source for scene in scenes for source in scene.sources if only in (None, source.document.id)]
    title = sources[0].title if len(sources) == 1 else "What the documents say"
    narrowed = next((scene.only for scene in scenes if scene.only), ())
    return render("source.html.j2", styles=["base.css", "source.css"], title=title, sources=sources, narrowed=narrowed)
