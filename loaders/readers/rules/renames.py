"""Reads what is renamed into a quoted name: 'it is proposed that Priority 2 be re-named "Safer streets"'."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....ontology import slug
from ...claims import Claim, RelationClaim, Span
from ...formats.blocks import Block, Cell
from ...formats.tokens import sentences, squeezed
from ...mentions.finder import issues_of
from .work import Work, named_issues, plan_claims

_PROPOSED = re.compile(
    r"\b(?:re-?named|retitled|called)(?: (?:as|to|into))?\s*(?P<open>[‘“\"'])(?P<name>[^\n]{4,120}?)(?P<close>[’”\"'])(?=\W|$)"
)


class RenameReader:
    """Reads what is renamed in one page.

    Args:
        work: the page, and what answers questions about it.

    """

    def __init__(self, work: Work) -> None:
        self._page = work.page

    def block(self, index: int, block: Block) -> Iterator[Claim]:
        """'Priority 2 - 'X' ... re-named into 'Y' picking up issues such as Z'; 'this priority was called 'X'. It has been renamed 'Y''."""
        for match in _PROPOSED.finditer(block.text):
            name = squeezed(match.group("name"))
            start, end = block.start + match.start("name"), block.start + match.end("name")
            old = self._old_name(index, block, match.start())
            if old is None or slug(name) == old.key:
                continue
            new = Span(old.type, slug(name), name, start, end, 2 if old.type == "Priority" else 1, old.kind)
            sentence = next(((s, e) for s, e in sentences(block.text) if s <= match.start() < e), (0, len(block.text)))
            yield RelationClaim(
                old, "renames", new, block.start + sentence[0], block.start + sentence[1], "renamed-to-quoted-name"
            )
            if old.type == "Priority":
                plan = self._page.plan(None)
                yield from plan_claims(plan, self._page.context.period)
                yield RelationClaim(new, "stands_in", plan, start, end, "renamed-to-quoted-name", assumed=True)
                yield from named_issues(self._page, new, "numbered-priority")
                tail = re.match(
                    r"[’”\"']?,?\s*(?:picking up|covering|taking in|including|to include)[^.]*",
                    block.text[match.end() - 1 :],
                )
                for issue in (
                    self._page.in_text(
                        Cell(end, end + tail.end(), block.text[match.end("name") : match.end("name") + tail.end()])
                    )
                    if tail
                    else ()
                ):
                    for one in issues_of(issue):
                        yield RelationClaim(
                            new,
                            "addresses",
                            one,
                            block.start + sentence[0],
                            block.start + sentence[1],
                            "renamed-to-quoted-name",
                        )

    def _old_name(self, index: int, block: Block, at: int) -> Span | None:
        called = re.search(r"\b(?:was|were) called\s+[‘“\"'](?P<name>[^’”\"\n]{4,100}?)[’”\"']", block.text[:at])
        if called:
            name = squeezed(called.group("name"))
            start = block.start + called.start("name")
            return Span("Priority", slug(name), name, start, start + len(called.group("name")), 2)
        before = [
            m
            for m in self._page.mentions[index]
            if m.end <= block.start + at and m.type in ("Priority", "Subgroup", "Plan")
        ]
        own = [f for p, f in self._page.priorities if p.block == index and f.end <= block.start + at]
        if before or own:
            return max([*before, *own], key=lambda m: (m.end, m.type == "Priority"))
        quoted = re.search(
            r"[‘“\"'](?P<name>[A-Z][^’”\"\n]{4,100}?)[’”\"']\s+(?:be|is|was|should be|to be|has been)\s*$",
            block.text[:at],
        )
        if quoted:
            name = squeezed(quoted.group("name"))
            return Span(
                "Priority", slug(name), name, block.start + quoted.start("name"), block.start + quoted.end("name"), 2
            )
        return None
