"""Prompts for a language model that somebody asks by hand: what documents become, one text for each window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..graph.outputs import output_file
from ..loaders.extract import Extractor
from ..loaders.load import Item, Options, opened, through
from ..loaders.readers.llm.prompt import Prompt, prompts_of
from ..loaders.readers.llm.windows import WINDOW
from ..loaders.report import LoadReport
from .asking import CHARACTERS_A_TOKEN
from .exempt import says_that_it_is_exempt

_SAME_NAME = "Give the folder that holds both, so that their prompts and answers can be told apart."


@dataclass(slots=True)
class PromptReport:
    """What became of each document."""

    written: list[tuple[str, int]] = field(default_factory=list)  #: (document, number of its prompts)
    characters: int = 0  #: of all prompts
    exempt: list[str] = field(default_factory=list)  #: documents that say that they are not for publication
    failed: list[tuple[str, str]] = field(default_factory=list)  #: (path, why)
    passed_over: list[tuple[str, str]] = field(default_factory=list)

    @property
    def finding(self) -> str:
        """The result in a sentence."""
        prompts = sum(number for _, number in self.written)
        one = "" if prompts == 1 else "s"
        documents = f"{len(self.written)} document{'' if len(self.written) == 1 else 's'}"
        tokens = self.characters // CHARACTERS_A_TOKEN
        return f"{prompts} prompt{one} for {documents} written, about {tokens:,} tokens. Nothing was sent anywhere."


@dataclass(frozen=True, slots=True)
class _Asked:
    prompts: tuple[Prompt, ...]
    exempt: bool


def write_prompts(
    paths: Sequence[Path], target: Path, options: Options, longest: int | None = None,
    *, vocabulary: Path | None = None, include_exempt: bool = False,
) -> PromptReport:  # fmt: skip
    """Write a file for each window of each document, to be pasted into whatever chat assistant there is.

    Args:
        paths: documents, and folders of them.
        target: the folder of the prompts; 'plan.pdf' becomes 'plan.pdf.1-of-3.txt' and so on.
        options: whose the documents are, where they do not say.
        longest: how many characters of a document a prompt holds at most; `WINDOW` when left out.
        vocabulary: the user's own issues.
        include_exempt: also documents that say that they are not for publication.

    """
    longest = longest or WINDOW
    report, loading = PromptReport(), LoadReport()
    taken: dict[str, str] = {}  # what the prompts of each document are called
    for item, asked, error in through(
        partial(_asked, longest=longest), paths, Path.cwd(), options, loading, vocabulary
    ):
        if asked is None:
            report.failed.append((item.name, str(error)))
        elif item.below.lower() in taken:
            report.failed.append((item.name, f"is called as {taken[item.below.lower()]}. {_SAME_NAME}"))
        elif asked.exempt and not include_exempt:
            report.exempt.append(item.name)
        else:
            taken[item.below.lower()] = item.name
            for prompt in asked.prompts:
                window = prompt.window
                path = target / _inside(item.below, f".{window.number}-of-{window.of}.txt")
                path.parent.mkdir(parents=True, exist_ok=True)
                with output_file(path, sources=[item.path]) as file:
                    file.write(prompt.text.encode("utf-8"))
                report.characters += len(prompt.text)
            report.written.append((item.name, len(asked.prompts)))
    report.failed += loading.failed
    report.passed_over += loading.passed_over
    return report


def _asked(extractor: Extractor, item: Item, *, longest: int) -> _Asked:
    page = opened(extractor, item).page
    return _Asked(tuple(prompts_of(page, item.below, longest)), says_that_it_is_exempt(page.text))


def _inside(below: str, ending: str) -> Path:
    """A document's path as one below another folder, whatever stands in it."""
    parts = [part for part in below.split("/") if part not in ("", ".", "..")]
    return Path(*parts[:-1], parts[-1] + ending)
