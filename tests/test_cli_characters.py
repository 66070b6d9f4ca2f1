"""No character that commands a terminal or turns the direction of writing gets from a document to a terminal.

Nor does it get into a log.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from graphs import small_ontology

from goldenthread.cli import main
from goldenthread.graph import Document, DocumentGraph, Entity, Evidence, Mention, Statement, Store, open_store
from goldenthread.notebook import Graph
from goldenthread.services.scenes import briefing_of_store, scenes_of
from goldenthread.views.board import board_page
from goldenthread.views.briefing import briefing_page
from goldenthread.views.network import network_page
from goldenthread.views.source_pages import source_page

#: One of each kind: a colour, a title, C1, an override, an isolate, marks, separators of lines, DEL, a backspace.
BAD = "\x1b[31m\x1b]0;owned\x07\x9b2J\x85\u202egnp\u2066\u200e\u061c\u2028\x7f\x08"
#: What the name of a file can hold everywhere but on Windows, and a ZIP as well.
BAD_NAME = BAD.replace("\x85", "").replace("\u2028", "")
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")


def is_safe(text: str) -> bool:
    return not any(
        unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
        or letter in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for letter in text
        if letter not in "\n\t"
    )  # fmt: skip


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def checked(*arguments: str, code: int | None = 0) -> str:
    """Run a command; return what it says, once that is known to be safe."""
    result = run(*arguments)
    text = result.output_bytes.decode("utf-8") if hasattr(result, "output_bytes") else result.output
    assert is_safe(text), ascii(text)
    assert code is None or result.exit_code == code, text
    return text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOLDENTHREAD_STORE", raising=False)
    return tmp_path


#: So much that what is tested is a small part of each document, as in one that is text.
REST = "The board met in the town hall and heard what had been done since the spring.\n\n" * 60


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a store and documents that hold such characters: in words, titles, headings and names."""
    folder = tmp_path_factory.mktemp("template")
    docs = folder / "docs"
    docs.mkdir()
    name = "x" if sys.platform == "win32" else BAD_NAME
    plan = (
        f"# Safer {BAD} Harrowmere Plan 2024-2027\n\n## Priority 1: Safer {BAD} parks\n\n"
        f"The Park {BAD} Board leads on safer parks.\n\n"
        f"Residents raised concerns about knife crime {BAD} and about fly-tipping {BAD}.\n\n{REST}"
    )
    page = (
        f"<html><title>Minutes {BAD}</title><body><h1>Board {BAD}</h1><p>PC Smith {BAD} chairs the "
        f"Board.</p><p>{REST}</p></body></html>"
    )
    table = (
        f"Issue,Comment\nknife crime,Residents are worried about knife crime {BAD}\n"
        f"burglary,{REST.replace(chr(10), ' ')}\n"
    )
    for path, text in (
        (f"plan{name}.md", plan),
        (f"page{name}.html", page),
        (f"table{name}.csv", table),
        (f"empty{name}.txt", ""),
    ):
        (docs / path).write_text(text, encoding="utf-8")
    (docs / f"picture{name}.bmp{name}").write_bytes(b"BM")
    with zipfile.ZipFile(docs / f"bundle{name}.zip", "w") as bundle:
        bundle.writestr(f"in{BAD_NAME}/note{BAD_NAME}.txt", f"Priority 2: Safer roads {BAD}\n\n{REST}")
        bundle.writestr(f"other{BAD_NAME}.bmp", b"BM")
        bundle.writestr(f"bad{BAD_NAME}.docx", b"PK\x03\x04")
    with chdir(folder):
        said = checked("load", "docs", "--partnership", f"Harrow{BAD}mere", code=3)
    assert "4 documents loaded" in said
    return folder, said


@pytest.fixture
def loaded(template: tuple[Path, str], folder: Path) -> str:
    """A copy of it as the current folder; what loading said."""
    shutil.copytree(template[0], folder, dirs_exist_ok=True)
    return template[1]


@posix
def test_loading_names_files_and_members_in_signs(loaded: str) -> None:
    assert r"not read: docs/empty\x1b[31m\x1b]0;owned\x07\x9b2J\u202egnp" in loaded
    assert "passed over" in loaded
    for name in ("other", "bad", "picture"):
        assert rf"{name}\x1b[31m" in loaded


@pytest.mark.parametrize("format_", ["table", "json", "md"])
@pytest.mark.parametrize(
    "command",
    [
        ["gaps"], ["owners", "knife crime"], ["owners", "safer parks"], ["show", "knife crime"], ["search", "knife"],
        ["search", "parks"], ["ask", "Who leads Safer Parks?"], ["ask", f"Who {BAD}?"], ["coverage"],
        ["coverage", "--years"], ["audit"], ["vocabulary", "candidates"],
        ["query", "--sql", f"SELECT path AS 'a{BAD}', title FROM document"],
        ["query", "--sparql", "SELECT ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }"],
    ],
    ids=ascii,
)  # fmt: skip
def test_no_list_holds_one(loaded: str, command: list[str], format_: str) -> None:
    text = checked(*command, "--format", format_, code=None)
    if format_ == "json":
        json.loads(text)


def test_json_loses_none(loaded: str) -> None:
    found = json.loads(
        checked("query", "--sql", "SELECT text FROM document WHERE path LIKE '%plan%'", "--format", "json")
    )
    assert any(BAD in str(value) for row in found for value in row.values())


@pytest.mark.parametrize("format_", ["jsonl", "kumu"])
def test_an_export_as_json_escapes_them_and_loses_none(loaded: str, folder: Path, format_: str) -> None:
    text = checked("export", "--format", format_, "--output", "-")
    assert "\\u001b" in text
    if format_ == "jsonl":
        checked("export", "--output", "out.jsonl", "--with-text")
        checked("--store", "again.db", "import", "out.jsonl")
        checked("--store", "again.db", "export", "--output", "again.jsonl", "--with-text")
        assert Path("again.jsonl").read_bytes() == Path("out.jsonl").read_bytes()
        titles = {
            record.get("title")
            for record in map(json.loads, Path("out.jsonl").read_text(encoding="utf-8").splitlines())
        }
        assert any("\x1b" in (title or "") for title in titles)


def test_data_stays_as_it_is_in_a_pipe(loaded: str) -> None:
    assert "\x1b" in run("query", "--sql", "SELECT title FROM document", "--format", "csv").output


@posix
def test_forgetting_names_what_it_forgot_in_signs(loaded: str) -> None:
    assert r"docs/plan\x1b[31m" in checked("forget", f"docs/plan{BAD_NAME}.md")
    assert r"plan\x1b[31m" in checked("forget", f"docs/plan{BAD_NAME}.md", code=2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["gaps", f"--{BAD}"], ["gaps", "--format", BAD], [BAD], ["load"], ["gaps", "--rule", BAD],
        ["gaps", "--partnership", BAD], ["gaps", "--on", BAD], ["load", f"no{BAD}.txt"], ["load", "x", "--date", BAD],
        ["--store", f"no{BAD}.db", "gaps"], ["--store", f"{BAD}://x", "gaps"],
        ["--store", f"neo4j://{BAD}@x:y", "gaps"], ["--vocabulary", f"no{BAD}.csv", "load", "x"],
        ["gaps", "--shapes", f"no{BAD}.ttl"], ["view", "--focus", BAD], ["owners", BAD], ["show", BAD], ["forget", BAD],
        ["import", BAD], ["query", "--sql", BAD], ["query", "--sparql", BAD], ["gaps", "--output", f"no{BAD}/x"],
        ["evaluate", BAD, "docs"], ["copy", BAD, "x.db"], ["vocabulary", "accept", f"x{BAD}", "--broader", BAD],
        ["vocabulary", BAD], ["demo", "--folder", f"docs/{'x' * 300}{BAD}"],
    ],
    ids=ascii,
)  # fmt: skip
def test_no_error_repeats_one(loaded: str, arguments: list[str]) -> None:
    text = checked(*arguments, code=None)
    assert "Traceback" not in text


def test_a_name_cannot_fake_another_line(folder: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows allows no such names")
    (folder / "a\nError: all is lost\n.txt").write_bytes(b"")
    assert "\nError" not in checked("load", "a\nError: all is lost\n.txt", code=3)


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS allows no such names")
def test_a_name_that_is_no_text_costs_that_file_only(folder: Path) -> None:
    docs = folder / "docs"
    docs.mkdir()
    (docs / os.fsdecode(b"caf\xe9.txt")).write_text("Priority 1: Safer parks\n")
    (docs / "good.txt").write_text("Priority 2: Safer roads\n")
    for workers in ("0", "1"):
        text = checked("load", "docs", "--workers", workers, code=3)
        assert r"not read: docs/caf\xe9.txt: its name is not valid text" in text
    assert "Safer roads" in checked("export")


def test_warnings_and_logs_of_libraries_are_made_safe(folder: Path) -> None:
    code = (
        "import logging, warnings, goldenthread.graph as g; from goldenthread.cli import main\n"
        f"def bad(*_, **__): logging.getLogger('x').error({BAD!a}); warnings.warn({BAD!a}); raise ValueError({BAD!a})\n"
        "g.open_store = bad; main(['gaps'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    text = done.stderr.decode("utf-8")
    assert is_safe(text)
    assert len(re.findall(r"\\x1b\[31m", text)) >= 3


class Pseudo:
    """A terminal of our own, and what it was sent."""

    def __init__(self) -> None:
        self.mine, self.theirs = os.openpty()  # type: ignore[attr-defined,unused-ignore]  # not on Windows

    def run(self, *arguments: str) -> str:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        child = subprocess.Popen(
            [sys.executable, "-m", "goldenthread", *arguments],
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            env=environment,
        )
        os.close(self.theirs)
        sent = b""
        while True:
            try:
                part = os.read(self.mine, 65536)
            except OSError:  # Linux ends so
                break
            if not part:
                break
            sent += part
        child.wait(60)
        os.close(self.mine)
        return sent.decode("utf-8").replace("\r\n", "\n")


@posix
@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "--format", "csv"], ["export", "--format", "trig"],
        ["export", "--format", "csv", "--output", "/dev/stdout"], ["gaps", "--format", "csv"],
        ["view", "--as", "source", "--output", "-"],
        ["search", "knife"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_terminal_is_sent_none_in_any_format(loaded: str, arguments: list[str]) -> None:
    text = Pseudo().run(*arguments)
    assert is_safe(text), ascii(text)
    assert re.search(r"\\x1b|\\u001b", text, re.IGNORECASE)


@posix
def test_progress_shows_names_in_signs(loaded: str, folder: Path) -> None:
    (folder / f"new{BAD_NAME}.txt").write_text("Priority 3: Safer lanes\n", encoding="utf-8")
    text = Pseudo().run("load", f"new{BAD_NAME}.txt", "--workers", "0")
    assert "\r\x1b[Knew\\x1b[31m" in text
    assert is_safe(text.replace("\r\x1b[K", ""))


@posix
def test_a_workbook_is_not_sent_to_a_terminal(loaded: str) -> None:
    assert "xlsx is no text" in Pseudo().run("export", "--format", "xlsx")


# ---------------------------------------------------------------------------------------------------------------- pages

TURNED = "gnp\u202efdp\u2066"


@pytest.fixture
def turned(tmp_path: Path) -> Iterator[Store]:
    """A store with overrides of direction in every field that a document fills, and the mark that Hebrew needs."""
    known = small_ontology()
    text = f"{TURNED} leads שלום\u200f"
    document = Document(
        f"document/{TURNED}", f"{TURNED}.txt", "0" * 64, TURNED, "2024-05-01", "oakvale", f"Oakvale {TURNED}", "plan",
        text, "test",
        ((0, f"page {TURNED}"),),
    )  # fmt: skip
    mention, proof = (Mention(0, len(text), text),), (Evidence(document.id, 0, len(text), text, "test", 0.9),)
    things = [
        Entity("oakvale/partner/x", "Partner", f"Partner {TURNED}", 1, mentions=mention),
        Entity("oakvale/priority/x", "Priority", f"Priority {TURNED}", 1, mentions=mention),
        Entity("oakvale/plan/x", "Plan", f"Plan {TURNED}", 1, starts=2024, ends=2027, mentions=mention),
    ]
    said = (
        Statement(things[0].id, "leads", things[1].id, proof, None, "oakvale"),
        Statement(things[1].id, "stands_in", things[2].id, proof, None, "oakvale"),
    )
    with open_store(str(tmp_path / "turned.db"), known, create=True) as store:
        store.use_vocabulary(known)
        store.replace(DocumentGraph(document, tuple(things), said))
        yield store


def test_no_page_turns_its_words_about(turned: Store) -> None:
    known = small_ontology()
    scenes = scenes_of(turned, known, None, uncited=True)
    pages = [
        board_page(scenes, title=TURNED, ontology=known), network_page(scenes, title=TURNED, ontology=known),
        source_page(scenes), briefing_page(briefing_of_store(turned, known, "oakvale")),
        Graph(turned, known)._repr_html_(),
    ]  # fmt: skip
    for page in pages:
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069]|&#(?:x202e|8238);", page)
        assert "gnp\\u202efdp\\u2066" in page
    assert "שלום\u200f" in pages[2]
    data = json.loads(re.findall(r'id="data-nodes">(.*?)</script>', pages[1], re.DOTALL)[0])
    assert any("gnp\\u202efdp\\u2066" in node["label"] for node in data)


def test_a_graph_at_a_prompt_says_its_names_in_signs(turned: Store) -> None:
    graph = Graph(turned, small_ontology())
    for shown in (repr(graph), repr(graph.gaps()), repr(graph.owners(f"Priority {TURNED}"))):
        assert is_safe(shown)
    assert "gnp\\u202e" in repr(graph)
