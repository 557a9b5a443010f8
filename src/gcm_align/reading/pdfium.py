"""PDFium's view of a file: whether it opens, its labels, its text, its inked pages.

The one importer of pypdfium2. PDFium is not thread-safe: use processes, never threads
(https://github.com/pypdfium2-team/pypdfium2/issues/303).
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gcm_align.errors import CorruptFileError, EncryptedFileError
from gcm_align.reading.tesseract import Picture
from gcm_align.reading.watching import enter_lists, enter_page

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_BLANK_CHECK_WIDTH = 200  # pixels: a hairline still darkens a pixel
_BLANK_CONTRAST = 8  # of 255: below it is paper, not ink
_INK_CONTRAST = 40  # of 255: darker or lighter than the paper by that is print
POINTS_PER_INCH = 72.0
_OCR_DPI = 300.0  # what Tesseract's own guide asks for
_PICTURE_SHARE = 0.5  # of the page's area: a picture of the page, not on the page
_PAPER_SHARE = 0.5  # of the pixels have the paper's tone; a photograph has no such tone


def load_pdfium() -> None:
    """Load the library now; it is loaded when it is first used otherwise."""
    import pypdfium2  # noqa: F401


@contextmanager
def open_pdfium(data: bytes, name: str) -> Iterator[PdfDocument]:
    """
    Open a PDF held in memory.

    Raises:
        EncryptedFileError: It asks for a password.
        CorruptFileError: PDFium cannot open it, or it has no page.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
        pages = len(pdf)
    except pypdfium2.PdfiumError as error:
        raise _mapped(error, name) from error
    if pages == 0:
        pdf.close()
        raise CorruptFileError(
            "The PDF has no page",
            value=name,
            expected="at least one page",
            hint="Export the document to PDF again.",
        )
    try:
        yield pdf
    finally:
        pdf.close()


def _mapped(error: Exception, name: str) -> CorruptFileError | EncryptedFileError:
    reason = str(error)
    if "password" in reason.lower() or "security" in reason.lower():
        return EncryptedFileError(
            "The PDF asks for a password",
            value=name,
            expected="a PDF that opens without a password",
            hint="Open it in a viewer, save a copy without a password, and analyse the copy.",
        )
    return CorruptFileError(
        "The PDF cannot be opened",
        value=f"{name} ({reason})",
        expected="a complete PDF file",
        hint="Download or export it again; a PDF viewer may be able to save a repaired copy.",
    )


def page_text(pdf: PdfDocument, number: int) -> str:
    """Return PDFium's text of a page (1-based), empty where the page is broken."""
    import pypdfium2

    if not enter_page(number):
        return ""
    try:
        page = pdf[number - 1]
        text_page = page.get_textpage()
        text = str(text_page.get_text_range())
    except pypdfium2.PdfiumError:
        return ""
    text_page.close()
    page.close()
    return text


def page_size(pdf: PdfDocument, number: int) -> tuple[float, float]:
    """Return width and height of a page (1-based) in points, zeros where it is broken."""
    import pypdfium2

    try:
        width, height = pdf.get_page_size(number - 1)
    except pypdfium2.PdfiumError:
        return 0.0, 0.0
    return float(width), float(height)


def is_blank(pdf: PdfDocument, number: int) -> bool:
    """Say whether a page (1-based) shows nothing: every pixel has the paper's colour."""
    import pypdfium2

    if not enter_page(number):
        return False
    try:
        page = pdf[number - 1]
        scale = _BLANK_CHECK_WIDTH / max(page.get_width(), 1.0)
        pixels = page.render(scale=min(scale, 1.0), grayscale=True).to_numpy()
    except (pypdfium2.PdfiumError, MemoryError, ValueError):  # ValueError: it has no area
        return False
    page.close()
    return int(pixels.max()) - int(pixels.min()) < _BLANK_CONTRAST


def page_picture(pdf: PdfDocument, number: int, most_pixels: int) -> Picture | None:
    """Draw a page (1-based) in grey as large as letters need, None where it is broken."""
    import pypdfium2

    try:
        page = pdf[number - 1]
        inches = page.get_width() * page.get_height() / POINTS_PER_INCH**2
        dpi = min(_OCR_DPI, math.sqrt(0.99 * most_pixels / max(inches, 1e-6)))
        drawn = page.render(scale=dpi / POINTS_PER_INCH, grayscale=True).to_numpy()
    except (pypdfium2.PdfiumError, MemoryError, ValueError):  # ValueError: it has no area
        return None
    page.close()
    height, width = drawn.shape[:2]
    return Picture(width=width, height=height, pixels=drawn.tobytes(), dpi=dpi)


def ink_share(picture: Picture) -> float:
    """Return the share of a picture's pixels that stand out from its commonest tone."""
    import numpy as np

    counts = np.bincount(np.frombuffer(picture.pixels, dtype=np.uint8), minlength=256)
    apart = np.abs(np.arange(256) - int(counts.argmax())) > _INK_CONTRAST
    return float(counts[apart].sum() / counts.sum())


def is_scan(pdf: PdfDocument, number: int) -> bool:
    """Say whether a page (1-based) is one picture of a sheet of paper, a photograph apart."""
    import pypdfium2
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    try:
        page = pdf[number - 1]
        area = max(page.get_width() * page.get_height(), 1.0)
        boxes = [o.get_bounds() for o in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE])]
    except pypdfium2.PdfiumError:
        return False
    page.close()
    largest = max(((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in boxes), default=0.0)
    if largest < _PICTURE_SHARE * area:
        return False
    small = page_picture(pdf, number, _BLANK_CHECK_WIDTH**2)
    return small is not None and 1 - ink_share(small) >= _PAPER_SHARE


def turned_page(pdf: PdfDocument, number: int, degrees: int) -> bytes:
    """Return a PDF of one page (1-based), turned clockwise by a multiple of 90 degrees."""
    import pypdfium2

    copy = pypdfium2.PdfDocument.new()
    copy.import_pages(pdf, pages=[number - 1])
    page = copy[0]
    page.set_rotation((page.get_rotation() + degrees) % 360)
    page.close()
    buffer = io.BytesIO()
    copy.save(buffer)
    copy.close()
    return buffer.getvalue()


def page_labels(pdf: PdfDocument) -> dict[int, str]:
    """Return the printed numbers of pages where the file gives any."""
    import pypdfium2

    labels: dict[int, str] = {}
    if not enter_lists():
        return labels
    for index in range(len(pdf)):
        try:
            label = pdf.get_page_label(index)
        except pypdfium2.PdfiumError:
            continue
        if label:
            labels[index + 1] = label
    return labels


def bookmarks(pdf: PdfDocument) -> tuple[str, ...]:
    """Return the titles of the outline, in order."""
    import pypdfium2

    if not enter_lists():
        return ()
    try:
        return tuple(item.get_title().strip() for item in pdf.get_toc(max_depth=6))
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return ()


def metadata_title(pdf: PdfDocument) -> str:
    """Return the title that the file's metadata gives, often a word processor's leftover."""
    return str(pdf.get_metadata_value("Title") or "").strip() if enter_lists() else ""
