"""pdfplumber's pages, with a short cut where it spends half of its time: each character."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pdfplumber
from pdfminer.layout import LTComponent
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent
from pdfplumber.utils.exceptions import PdfminerException

from gcm_align.reading.quick_content import QuickInterpreter

if TYPE_CHECKING:
    from pdfminer.layout import LTPage
    from pdfminer.pdffont import PDFFont
    from pdfminer.utils import Matrix

log = logging.getLogger("gcm_align")

# Of a letter of a font: its text, width and displacement, and of the font: whether it runs
# down the page, its descent, and its name.
_Letter = tuple[str, float, Any, bool, float, str]


class QuickChar(LTComponent):
    """A character as pdfplumber's record, made where it is drawn."""

    __slots__ = ("record",)

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record


class QuickDevice(PDFPageAggregatorWithMarkedContent):
    """What draws a page, with characters that carry only what the reader asks for.

    pdfminer makes an object of nine boxes and points for each, and asks the font anew for a
    letter that it has drawn before; pdfplumber copies that, and decodes colours and graphics
    states. A record made at once, with the same sums in the same order, halves the time of a
    page, and remembered letters take a fifth of the rest.
    """

    def __init__(self, page: Page) -> None:
        super().__init__(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
        self._left, self._above = page.mediabox[:2]
        self._base = page.height
        self._number = page.page_number
        self._letters: dict[tuple[PDFFont, int], _Letter] = {}

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        _ncs: Any,
        _graphicstate: Any,
    ) -> float:
        """Add a character; return by how much the pen moves on. See pdfminer's LTChar."""
        letter = self._letters.get((font, cid))
        if letter is None:
            letter = self._letters[font, cid] = self._letter(font, cid)
        text, width, displacement, vertical, descent, name = letter
        moved = width * fontsize * scaling
        if vertical:
            vx, vy = displacement
            vx = fontsize * 0.5 if vx is None else vx * fontsize * 0.001
            vy = (1000 - vy) * fontsize * 0.001
            x0, y0, x1, y1 = -vx, vy + rise + moved, -vx + fontsize, vy + rise
        else:
            below = descent * fontsize
            x0, y0, x1, y1 = 0, below + rise, moved, below + rise + fontsize
        a, b, c, d, e, f = matrix
        xs = (a * x0 + c * y0 + e, a * x0 + c * y1 + e, a * x1 + c * y0 + e, a * x1 + c * y1 + e)
        ys = (b * x0 + d * y0 + f, b * x1 + d * y0 + f, b * x1 + d * y1 + f, b * x0 + d * y1 + f)
        left, right, bottom, above = min(xs), max(xs), min(ys), max(ys)
        top = self._base - above + self._above
        record = {
            "object_type": "char",
            "page_number": self._number,
            "text": text,
            "x0": left + self._left,
            "x1": right + self._left,
            "top": top,
            "bottom": self._base - bottom + self._above,
            "doctop": top,
            "width": right - left,
            "height": above - bottom,
            "size": right - left if vertical else above - bottom,
            "upright": a * d * scaling > 0 and b * c <= 0,
            "fontname": name,
            "matrix": matrix,
        }
        self.cur_item.add(QuickChar(record))
        return moved

    def _letter(self, font: PDFFont, cid: int) -> _Letter:
        try:
            text = font.to_unichr(cid)
            assert isinstance(text, str), str(type(text))
        except PDFUnicodeNotDefined:
            text = self.handle_undefined_char(font, cid)
        vertical, name = font.is_vertical(), font.fontname
        return (
            text,
            font.char_width(cid),
            font.char_disp(cid),
            vertical,
            0.0 if vertical else font.get_descent(),
            name.decode("latin-1") if isinstance(name, bytes) else name,
        )


class QuickPage(Page):
    """A page that is drawn by a QuickDevice."""

    @property
    def layout(self) -> LTPage:
        """Return what is on the page, drawn when it is first asked for."""
        if not hasattr(self, "_layout"):
            device = QuickDevice(self)
            try:
                QuickInterpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
            except Exception as error:
                raise PdfminerException(error) from error
            self._layout: LTPage = device.get_result()
        return self._layout

    def process_object(self, obj: Any) -> dict[str, Any]:
        """Return pdfplumber's record of an object."""
        return obj.record if isinstance(obj, QuickChar) else dict(super().process_object(obj))


def quick_pages(data: bytes) -> Iterator[Page]:
    """Yield the pages of a PDF in order; end early, without an error, where it is broken."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as plumber:
            for number, page in enumerate(PDFPage.create_pages(plumber.doc), start=1):
                yield QuickPage(plumber, page, page_number=number, initial_doctop=0)
    except Exception as error:  # pdfminer raises anything on a broken file
        log.debug("pdfplumber cannot go on with the file", exc_info=error)
