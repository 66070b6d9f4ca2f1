"""Makes PDF files for tests as programs and scanners write them: headings, columns, ruled tables, and faults."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
LEFT, TOP = 60, HEIGHT - 90


class Paper:
    """A PDF file in the making; `y` is where the next line stands."""

    def __init__(self, *, title: str = "", password: str | None = None, sideways: bool = False) -> None:
        self._buffer = io.BytesIO()
        encryption = StandardEncryption(password, canPrint=0) if password else None
        self.canvas = Canvas(self._buffer, pagesize=landscape(A4) if sideways else A4, encrypt=encryption, invariant=1)
        if title:
            self.canvas.setTitle(title)
        self.running: Callable[[int], Sequence[str]] = lambda number: ()
        self.number = 1
        self.y = float(TOP)
        self._head()

    def _head(self) -> None:
        self.canvas.setFont("Helvetica", 8)
        for n, words in enumerate(self.running(self.number)):
            self.canvas.drawString(LEFT, (HEIGHT - 40, 40)[n % 2], words)

    def say(
        self, words: str, *, size: float = 11, bold: bool = False, x: float = LEFT, gap: float = 0.0, grey: float = 0.0
    ) -> None:
        """A line of words."""
        self.y -= gap
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.setFillGray(grey)
        self.canvas.drawString(x, self.y, words)
        self.canvas.setFillGray(0)
        self.y -= size * 1.3

    def heading(self, words: str, size: float = 16) -> None:
        """A heading."""
        self.say(words, size=size, bold=True, gap=size)
        self.y -= 4

    def paragraph(self, *lines: str, x: float = LEFT) -> None:
        """A paragraph, line by line, with white space behind."""
        for line in lines:
            self.say(line, x=x)
        self.y -= 9

    def items(self, *items: str, sign: str = "•", x: float = LEFT) -> None:
        """A list; its signs are drawn apart from its words, as word processors do."""
        for words in items:
            first, *others = words.split("\n")
            self.canvas.setFont("Helvetica", 11)
            self.canvas.drawString(x, self.y, sign)
            self.say(first, x=x + 16)
            for other in others:
                self.say(other, x=x + 16)
        self.y -= 9

    def table(self, widths: Sequence[float], rows: Sequence[Sequence[str | None]], *, height: float = 30) -> None:
        """A ruled table; None is a cell that is one with the cell above."""
        edges = [LEFT + sum(widths[:n]) for n in range(len(widths) + 1)]
        top = self.y
        for r, row in enumerate(rows):
            y = top - r * height
            for c, words in enumerate(row):
                if words is not None:
                    self.canvas.line(edges[c], y, edges[c + 1], y)
                self.canvas.setFont("Helvetica-Bold" if r == 0 else "Helvetica", 9)
                for n, line in enumerate((words or "").split("\n")):
                    self.canvas.drawString(edges[c] + 4, y - 11 - n * 11, line)
        bottom = top - len(rows) * height
        self.canvas.line(edges[0], bottom, edges[-1], bottom)
        for x in edges:
            self.canvas.line(x, top, x, bottom)
        self.y = bottom - 20

    def page(self) -> None:
        """The next page."""
        self.canvas.showPage()
        self.number += 1
        self.y = float(TOP)
        self._head()

    def bytes(self) -> bytes:
        """The file."""
        self.canvas.save()
        return self._buffer.getvalue()


def picture(canvas: Canvas) -> None:
    """A grey picture over the whole page, as a scanner leaves it."""
    from reportlab.lib.utils import ImageReader

    pixels = b"P5 2 2 255\n" + bytes((200, 210, 220, 230))
    canvas.drawImage(ImageReader(io.BytesIO(pixels)), 0, 0, WIDTH, HEIGHT)
