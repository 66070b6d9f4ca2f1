"""Files that break readers, each seen to do so: one file costs that file, and the error names it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from conftest import RULES
from make_office import docx, packed, paragraph, sheet_xml
from make_pdf import Paper

from goldenthread.graph import DocumentGraph, Store, open_store
from goldenthread.loaders.formats.blocks import Block, ReadFile
from goldenthread.loaders.formats.pdf_layout import read_layout
from goldenthread.loaders.formats.reading import bytes_of, read_bytes
from goldenthread.loaders.formats.refusal import ReadError
from goldenthread.loaders.load import Options, load, texts_of_files
from goldenthread.loaders.report import LoadReport
from goldenthread.ontology import Ontology

GOOD = "Residents were concerned about fly-tipping.\n"
linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs what Linux has: pipes by name, names of any bytes"
)


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory, ontology: Ontology) -> Iterator[Store]:
    """A store outside the folder that is loaded."""
    with open_store(str(tmp_path_factory.mktemp("store") / "goldenthread.db"), ontology, create=True) as opened:
        yield opened


@pytest.fixture(params=[0, 1], ids=["here", "in a child"])
def loaded(store: Store, ontology: Ontology, request: pytest.FixtureRequest) -> Callable[[Path], LoadReport]:
    """Load a folder in this process, or in a child."""
    return lambda folder: load(
        store, ontology, [folder], folder, Options(readers=RULES, partnership="Harrowmere"), workers=request.param
    )


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["MIME-Version"] = "1.0"
    for name, value in headers.items():
        message[name] = value
    message.set_content("Residents worry about the pond.\n")
    return message


def raw_mail(head: str) -> bytes:
    return f"MIME-Version: 1.0\nMessage-ID: <1@x.example>\n{head}\n\n{GOOD}".encode()


# --------------------------------------------------------------------------------------------- e-mails and ZIPs


def test_a_mail_whose_sender_is_nested_costs_the_sender(
    tmp_path: Path, loaded: Callable[[Path], LoadReport], store: Store
) -> None:
    (tmp_path / "a.eml").write_bytes(raw_mail(f"Subject: The pond\nFrom: {'(' * 400} parks@x.example"))
    (tmp_path / "b.txt").write_text(GOOD, encoding="utf-8")
    report = loaded(tmp_path)
    assert not report.failed
    assert [d.path for d in store.documents()] == ["a.eml!message.txt", "b.txt"]
    assert any(path.endswith("a.eml!From") and "cannot be read" in why for path, why in report.passed_over)


def test_a_mail_of_parts_in_parts_costs_that_mail(tmp_path: Path, loaded: Callable[[Path], LoadReport]) -> None:
    nested = b"MIME-Version: 1.0\nMessage-ID: <1@x.example>\n"
    nested += b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(2000))
    (tmp_path / "a.eml").write_bytes(nested)
    (tmp_path / "b.txt").write_text(GOOD, encoding="utf-8")
    report = loaded(tmp_path)
    assert [Path(path).name for path, _ in report.failed] == ["a.eml"]
    assert report.added == ["b.txt"]


@linux
def test_a_long_encoded_subject_takes_little_memory() -> None:
    code = """
        import resource
        from goldenthread.loaders.formats.containers import members
        resource.setrlimit(resource.RLIMIT_AS, (600_000_000, 600_000_000))
        words = "=?utf-8?b?" + "w6k=" * 4 + "?= "
        mail = "MIME-Version: 1.0\\nMessage-ID: x\\nSubject: " + words * 10_000 + "\\n\\nThe pond is deep.\\n"
        print(members(mail.encode(), "mail.eml").documents[0][1].decode()[:40])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("éééé"), done.stderr[-300:]


def lzma_zip(*, damaged: bool) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", GOOD * 50)
    data = bytearray(buffer.getvalue())
    if damaged:
        data[60:90] = b"\xff" * 30
    return bytes(data)


def test_a_damaged_member_packed_by_lzma_costs_that_member(
    tmp_path: Path, loaded: Callable[[Path], LoadReport]
) -> None:
    (tmp_path / "a.zip").write_bytes(lzma_zip(damaged=True))
    (tmp_path / "b.zip").write_bytes(lzma_zip(damaged=False))
    report = loaded(tmp_path)
    assert report.passed_over == [("a.zip!a.txt", "damaged")]
    assert report.added == ["b.zip!a.txt"]


def test_a_container_is_opened_in_a_child(
    store: Store, ontology: Ontology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"a.txt": GOOD.encode()}))

    def opened_here(*_: object) -> None:
        raise AssertionError("opened in the parent")

    monkeypatch.setattr("goldenthread.loaders.load.members", opened_here)
    report = load(store, ontology, [tmp_path], tmp_path, Options(readers=RULES, partnership="Harrowmere"), workers=1)
    assert report.added == ["a.zip!a.txt"]


def test_an_attachment_whose_name_is_no_text_is_read(
    tmp_path: Path, loaded: Callable[[Path], LoadReport], store: Store
) -> None:
    head = (
        b'MIME-Version: 1.0\nMessage-ID: x\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n'
        b"Content-Type: text/plain\n"
    )
    part = b'Content-Disposition: attachment; filename="caf\xe9.txt"\n\n' + GOOD.encode() + b"\n--b--\n"
    (tmp_path / "a.eml").write_bytes(head + part)
    assert not loaded(tmp_path).failed
    assert all(d.path.encode("utf-8") for d in store.documents())


# ------------------------------------------------------------------------------------------------------- folders


@linux
def test_a_pipe_a_device_and_a_folder_are_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for path, why in (
        (tmp_path / "pipe.txt", "a pipe or a device"),
        (Path("/dev/zero"), "a pipe or a device"),
        (tmp_path, "a folder"),
    ):
        with pytest.raises(ReadError, match=why):
            bytes_of(path)


@linux
def test_what_is_no_ordinary_file_is_named_and_the_rest_is_read(
    tmp_path: Path, loaded: Callable[[Path], LoadReport], store: Store
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "b.txt").write_text(GOOD, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "deep" / "a.txt")
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "broken.txt").symlink_to(tmp_path / "gone.txt")
    report = loaded(tmp_path)
    assert [Path(path).name for path in report.added] == ["a.txt"]
    whys = {Path(path).name: why for path, why in report.passed_over}
    assert whys.keys() == {".hidden", "pipe.txt", "link.txt", "round", "broken.txt"}
    assert whys["pipe.txt"] == "not an ordinary file"
    assert whys["round"] == whys["link.txt"] == whys["broken.txt"]
    assert "a link" in whys["round"]
    assert not report.failed


@linux
def test_a_name_that_is_no_text_costs_that_file(tmp_path: Path, loaded: Callable[[Path], LoadReport]) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.txt").write_text(GOOD, encoding="utf-8")
    report = loaded(tmp_path)
    ((name, why),) = report.failed
    assert name.endswith("caf\\xe9.txt")
    assert "Rename it" in why
    assert report.added == ["b.txt"]


@linux
def test_a_folder_that_cannot_be_listed_is_named(
    tmp_path: Path, loaded: Callable[[Path], LoadReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "b.txt").write_text(GOOD, encoding="utf-8")
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("goldenthread.loaders.formats.files.os.scandir", scandir)
    report = loaded(tmp_path)
    ((name, why),) = report.failed
    assert (Path(name).name, why) == (
        "closed",
        "the folder cannot be listed: Permission denied. Check its permissions.",
    )
    assert report.added == ["b.txt"]


# --------------------------------------------------------------------------------------------------- single files


@pytest.mark.parametrize("reference", ["xfd1048576", "XFD1048576", "xFd1048576"])
def test_a_far_away_cell_is_refused_however_it_is_written(reference: str) -> None:
    data = sheet_xml(f'<sheetData><row r="1048576"><c r="{reference}"><v>1</v></c></row></sheetData>')
    with pytest.raises(ReadError, match="reaches to row 1,048,576 and column 16,384"):
        read_bytes(data, "plan.xlsx")


@pytest.mark.parametrize("reference", ["&#88;FD1048576", " XFD1048576 ", "R1C1X", ""])
def test_a_cell_without_a_place_is_refused(reference: str) -> None:
    data = sheet_xml(f'<sheetData><row r="1"><c r="{reference}"><v>1</v></c></row></sheetData>')
    with pytest.raises(ReadError, match="where it stands"):
        read_bytes(data, "plan.xlsx")


def test_signs_of_the_readers_own_in_a_text_are_words_like_others(read_text: Callable[..., DocumentGraph]) -> None:
    graph = read_text(
        "Priority 1: Burglary\n\n⟦P1⟧ leads on burglary with ⟦S7⟧, and Westmarch Police support ⟦G0⟧ it.\n"
    )
    assert graph.document.text is not None
    assert all(graph.document.text[e.start : e.end] == e.quote for s in graph.statements for e in s.evidence)


@pytest.mark.parametrize("span", ["²", "٣", "-1", "1e3", "0", "", "999999999999999999999"])
def test_a_column_span_that_is_no_number_is_one(span: str) -> None:
    page = (
        f'<table><tr><td colspan="{span}">Burglary</td><td>Police</td></tr><tr><td>Arson</td><td>Fire</td></tr></table>'
    )
    (table,) = read_bytes(f"<html><body>{page}</body></html>".encode(), "a.html").blocks
    assert [c.text for c in table.rows[0] if c.text] == ["Burglary", "Police"]


def test_one_bad_page_of_a_pdf_costs_that_page() -> None:
    paper = Paper()
    for words in (
        "The first page speaks of burglary.",
        "The second page speaks of arson.",
        "The third page speaks of noise.",
    ):
        paper.paragraph(words)
        paper.page()
    data = paper.bytes()
    pages = [
        at for at in range(len(data)) if data.startswith(b"/Type /Page\n", at) or data.startswith(b"/Type /Page ", at)
    ]
    assert len(pages) >= 3
    broken = data[: pages[1]] + b"/Type /Pagf" + data[pages[1] + 11 :]
    read = read_bytes(broken, "plan.pdf")
    assert "burglary" in read.text
    assert "noise" in read.text
    assert any("page 2 has damage" in note for note in read.notes)


def test_a_page_without_a_layout_costs_that_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "goldenthread.loaders.formats.pdf.read_layout", lambda page: 1 // 0 if page.number == 1 else read_layout(page)
    )
    paper = Paper()
    paper.paragraph("The first page speaks of burglary.")
    paper.page()
    paper.paragraph("The second page speaks of arson.")
    read = read_bytes(paper.bytes(), "plan.pdf")
    assert "arson" in read.text
    assert any("page 1 has damage" in note for note in read.notes)


def test_half_a_character_becomes_a_sign_and_offsets_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    from goldenthread.loaders.formats import reading

    text = "Arson \ud800 rose."
    monkeypatch.setattr(
        reading,
        "_office",
        lambda data, name: reading._with_words(
            ReadFile(text, (Block("paragraph", 0, len(text), text),), "\udc00", "x"), name
        ),
    )
    read = read_bytes(b"any", "a.txt")
    assert (read.text, read.blocks[0].text, read.title) == ("Arson \ufffd rose.", "Arson \ufffd rose.", "\ufffd")


# -------------------------------------------------------------------------------------------- children and parents

_PARENT = """
    import re, sys, time
    from goldenthread.loaders.formats.isolation import Readers

    def busy(context, item):
        import os
        print(os.getpid(), flush=True)
        re.match(r"(a|a)*$", "a" * 60 + "b")   # Python itself is busy: no thread of it gets a turn

    def asleep(context, item):
        import os, time
        print(os.getpid(), flush=True)
        time.sleep(600)

    if __name__ == "__main__":
        with Readers(1, seconds=3) as readers:
            list(readers.map({"busy": busy, "asleep": asleep}[sys.argv[1]], ["x"]))
"""


@linux
@pytest.mark.parametrize("how", ["busy", "asleep"])
@pytest.mark.parametrize("asked", [True, False], ids=["Linux ends it", "it ends itself"])
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path, how: str, asked: bool) -> None:
    code = textwrap.dedent(_PARENT)
    if not asked:  # as on other systems
        code = code.replace(
            "import re, sys, time",
            "import re, sys, time\nimport goldenthread.loaders.formats.isolation as isolation\n"
            "isolation._PR_SET_PDEATHSIG = 0\nisolation._GRACE = 0.5",
        )
    script = tmp_path / "parent.py"
    script.write_text(code, encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script), how], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent, parent.stdout:
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while time.monotonic() < until and alive(child):
        time.sleep(0.05)
    assert not alive(child)


def alive(process: int) -> bool:
    """Whether a process runs; one that has ended and was not yet asked for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_what_a_file_does_to_a_reader_is_an_error_of_that_file(
    store: Store, ontology: Ontology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in this process: with --workers 0 there are no limits, but one file costs that file."""
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.docx").write_bytes(docx(paragraph(GOOD)))

    def fails(*_: object) -> None:
        raise IndexError("words of the document")

    monkeypatch.setattr("goldenthread.loaders.formats.docx.read_docx", fails)
    report = load(store, ontology, [tmp_path], tmp_path, Options(readers=RULES, partnership="Harrowmere"))
    assert report.added == ["a.txt"]
    ((name, why),) = report.failed
    assert name.endswith("b.docx")
    assert "IndexError" in why
    assert "words of the document" not in why


def test_a_long_run_of_blanks_in_a_cell_of_owners_takes_no_time(read_text: Callable[..., DocumentGraph]) -> None:
    """It took time by the cube of its length: minutes for three thousand."""
    blanks = " " * 3_000
    table = f"| Priority | Lead |\n|---|---|\n| Burglary | Westmarch Police{blanks}x and {blanks}Harrowmere Council |\n"
    assert read_text(f"Lead: Westmarch Police{blanks}x\n\n{table}", "plan.md").statements


def test_texts_for_an_audit_are_read_in_a_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_here(*_: object) -> None:
        raise AssertionError("read in the parent")

    monkeypatch.setattr("goldenthread.loaders.load.read_file", read_here)
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.docx").write_bytes(docx(paragraph(GOOD))[:400])
    with texts_of_files() as text_of:
        assert (text_of(tmp_path / "a.txt"), text_of(tmp_path / "b.docx")) == (GOOD, None)
