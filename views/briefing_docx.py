"""The scrutiny briefing as a Word document, for committees that work in Word."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .briefing import LIMITS, Briefing
from .scene import evidence_of, flag_of
from .wording import counted, day_in_words, printable

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import _Cell
    from docx.text.run import Run

#: Red, as on the pages.
_BROKEN = (0xB0, 0x00, 0x20)
#: When parts of the file say that they were made: the same briefing has the same bytes on any day.
_MADE = (1980, 1, 1, 0, 0, 0)
#: How many quotes a gap brings at most.
_QUOTES = 3


def briefing_docx(briefing: Briefing) -> bytes:
    """Return the briefing as the bytes of a .docx file."""
    import docx
    from docx.shared import Cm, Pt

    document = docx.Document()
    document.core_properties.title = printable(briefing.title)
    document.core_properties.author = "goldenthread"
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(10)
    for section in document.sections:
        section.page_width, section.page_height = Cm(29.7), Cm(21.0)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.8)
    _Writer(document, briefing).write()
    return _steady(document)


class _Writer:
    """Writes one briefing into an empty document."""

    def __init__(self, document: WordDocument, briefing: Briefing) -> None:
        self._document, self._briefing = document, briefing

    def write(self) -> None:
        self._document.add_heading(printable(self._briefing.title), 0)
        self._document.add_paragraph().add_run("Draft for an officer to check").bold = True
        self._table(("", ""), self._briefing.facts, header=False, widths=(5.5, 20.6))
        self._findings()
        self._themes()
        self._gaps()
        self._owners()
        self._evidence()
        self._made()

    def _findings(self) -> None:
        self._document.add_heading("Findings", 1)
        for number, sentence in enumerate(self._briefing.findings):
            run = self._document.add_paragraph(style="List Bullet").add_run(printable(sentence))
            run.bold = number == 0
        if self._briefing.scene.not_checked:
            self._note(
                f"Not checked, because there was nothing to check: {'; '.join(self._briefing.scene.not_checked)}."
            )

    def _themes(self) -> None:
        self._document.add_heading("Coverage by theme", 1)
        if not self._briefing.has_plan:
            self._note(self._briefing.why_no_coverage)
            return
        self._note("Issues that are raised as a concern or request. “(few)” means fewer than three in four.")
        rows = [
            (
                t.name,
                str(t.raised),
                *(f"{n} of {t.raised}{' (few)' if t.is_few(n) else ''}" for n in (t.planned, t.owned)),
            )
            for t in self._briefing.themes
        ]
        self._table(("Theme", "Issues raised", "In the plan", "With an owner"), rows, widths=(12, 3.5, 4, 4))

    def _gaps(self) -> None:
        scene = self._briefing.scene
        self._document.add_heading(f"Gaps, and what to do ({len(scene.gaps)})", 1)
        rows = []
        for gap in scene.gaps:
            marks = evidence_of(gap, scene)
            words = [f"{_quoted(mark.quote)} ({mark.cited})" for mark in marks[:_QUOTES]]
            words += [f"and {counted(len(marks) - _QUOTES, 'more quote')}"] if len(marks) > _QUOTES else []
            flag = flag_of(gap)
            rows.append(
                (
                    gap["label"],
                    flag.severity_in_words,
                    flag.message,
                    flag.hint,
                    "\n".join(words) or "None: nothing is stated.",
                )
            )
        self._table(
            ("Item", "Severity", "What is missing", "What to do", "The words"), rows, widths=(4, 2.2, 6.4, 5, 8.5)
        )

    def _owners(self) -> None:
        self._document.add_heading("Who owns what", 1)
        rows = [
            (
                f"{a.issue.label}\n{a.issue.theme}", a.raised or "not stated",
                *("\n".join(words) or "not stated" for words in (a.plan, a.groups, a.leads)), "\n".join(a.flags),
            )
            for a in self._briefing.answers
        ]  # fmt: skip
        headings = ("Issue", "Raised as", "In the plan as", "Delivered by", "Led by", "Missing")
        self._table(headings, rows, widths=(5, 2.8, 6.3, 4.5, 4.5, 3), broken=5)

    def _evidence(self) -> None:
        self._document.add_heading(f"Evidence ({len(self._briefing.statements)})", 1)
        rows = [
            (
                f"{link.subject.label} {link.relation} {link.object.label}",
                _quoted(words.mark.quote),
                words.mark.cited,
                link.status_by(words),
            )
            for link in self._briefing.statements
            for words in link.words
        ]
        self._table(("Statement", "Words", "Document, page and date", "Status"), rows, widths=(7.5, 10.4, 6, 2.2))

    def _made(self) -> None:
        documents = self._briefing.scene.documents
        self._document.add_heading("How this was made, and its limits", 1)
        self._document.add_paragraph(
            f"goldenthread read {counted(len(documents), 'document')} and wrote down each statement that it found, "
            "with the words that prove it and where they stand. Rules then looked for what a sound plan has. "
            "The same documents, asked about the same day, give the same briefing, to the letter; "
            "another fingerprint means other data."
        )
        for sentence in LIMITS:
            self._document.add_paragraph(sentence, style="List Bullet")
        self._document.add_heading("The documents", 2)
        for each in documents:
            where = ", ".join(filter(None, (each.path, day_in_words(each.date))))
            self._document.add_paragraph(printable(f"{each.title or each.path} ({where})"), style="List Number")

    def _note(self, text: str) -> None:
        self._document.add_paragraph().add_run(printable(text)).italic = True

    def _table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        widths: Sequence[float],
        header: bool = True,
        broken: int | None = None,
    ) -> None:
        """Add a table; `widths` are in centimetres, and the words in column `broken` stand in red."""
        from docx.shared import Cm, RGBColor

        table = self._document.add_table(rows=0, cols=len(headings), style="Table Grid" if header else "Normal Table")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        if header:
            row = table.add_row()
            for cell, words in zip(row.cells, headings, strict=True):
                _fill(cell, words).bold = True
                cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", fill="E7E6E1"))
            row._tr.get_or_add_trPr().append(_element("w:tblHeader"))  # it stands on each page again
        for words_of_row in rows:
            row = table.add_row()
            row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
            for number, (cell, words) in enumerate(zip(row.cells, words_of_row, strict=True)):
                run = _fill(cell, printable(words))
                run.bold = number == 0
                if number == broken:
                    run.bold, run.font.color.rgb = True, RGBColor(*_BROKEN)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
        if header and len(table.rows) == 1:
            self._note("None.")


def _quoted(words: str) -> str:
    return f"“{' '.join(words.split())}”"


def _fill(cell: _Cell, words: str) -> Run:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    run: Run = paragraph.add_run(words)
    run.font.size = Pt(9)
    return run


def _element(tag: str, **attributes: str) -> Any:
    """Return an element of WordprocessingML."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _steady(document: WordDocument) -> bytes:
    """Return the file with its parts in order and without the time of its making."""
    made, steady = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [info.filename for info in old.infolist()]:  # [Content_Types].xml must stay the first
            new.writestr(zipfile.ZipInfo(name, _MADE), old.read(name), zipfile.ZIP_DEFLATED)
    return steady.getvalue()
