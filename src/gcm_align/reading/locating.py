"""Where on its page a quote stands: boxes line by line, by PDFium's own characters.

The search is on what two readers of a page agree on (``verify.normalised``), so that line
ends, hyphens and ligatures do not matter. A quote that runs over columns or table cells
in another order than PDFium's is found piece by piece.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gcm_align.reading.pdfium import open_pdfium
from gcm_align.reading.verify import normalised

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MIN_PIECE = 12  # normalised characters: a shorter piece may stand anywhere on a page
MIN_SHARE = 0.6  # of a quote that must be found, else its boxes would mislead


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBox:
    """A rectangle in the page's own coordinates: points, origin at the bottom left."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int = 0  # degrees clockwise that the page is turned for its reader

    @property
    def along(self) -> tuple[float, float]:
        """The ends of the box in the direction of the line of text."""
        return (self.bottom, self.top) if self.turned % 180 else (self.left, self.right)

    @property
    def across(self) -> tuple[float, float]:
        """The ends of the box across the line of text."""
        return (self.left, self.right) if self.turned % 180 else (self.bottom, self.top)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page's letters: ``text[i]`` was drawn in ``boxes[i]``."""

    text: str
    boxes: tuple[PageBox, ...]


def locate_quotes(
    data: bytes, name: str, quotes: Iterable[tuple[int, str]]
) -> Mapping[tuple[int, str], tuple[PageBox, ...]]:
    """
    Find quotes on their pages.

    Args:
        data: The bytes of a PDF.
        name: Its name, for messages.
        quotes: Pages (1-based) with the words to find there.

    Returns:
        For each quote one box a line, from the top; none where it was not found.

    Raises:
        EncryptedFileError: The PDF asks for a password.
        CorruptFileError: PDFium cannot open it.
    """
    pages: dict[int, _Page] = {}
    found: dict[tuple[int, str], tuple[PageBox, ...]] = {}
    with open_pdfium(data, name) as pdf:
        for number, quote in quotes:
            if number not in pages:
                pages[number] = _page(pdf, number)
            found[number, quote] = _lines(_letters(pages[number], quote))
    return found


def _page(pdf: PdfDocument, number: int) -> _Page:
    """Return the letters of a page that count in a comparison; none of a broken page."""
    import pypdfium2

    letters: list[str] = []
    boxes: list[PageBox] = []
    if not 1 <= number <= len(pdf):
        return _Page(text="", boxes=())
    try:
        page = pdf[number - 1]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return _Page(text="", boxes=())
    turned = int(page.get_rotation())
    for index in range(text_page.count_chars()):
        code = pypdfium2.raw.FPDFText_GetUnicode(text_page, index)
        kept = normalised(chr(code)) if code else ""
        if kept:
            box = _char_box(pypdfium2.raw, text_page, index, turned)
            letters.append(kept)
            boxes += [box] * len(kept)
    text_page.close()
    page.close()
    return _Page(text="".join(letters), boxes=tuple(boxes))


def _char_box(raw: Any, text_page: Any, index: int, turned: int) -> PageBox:
    """Return the line's box of a character: as high as its font, not as its ink."""
    box = raw.FS_RECTF()
    if raw.FPDFText_GetLooseCharBox(text_page, index, box):
        return PageBox(
            left=box.left, bottom=box.bottom, right=box.right, top=box.top, turned=turned
        )
    sides = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(text_page, index, *sides)
    left, right, bottom, top = (side.value for side in sides)
    return PageBox(left=left, bottom=bottom, right=right, top=top, turned=turned)


def _letters(page: _Page, quote: str) -> list[PageBox]:
    """Return the boxes of a quote's letters; empty where too few of them were found."""
    wanted = normalised(quote)
    start = page.text.find(wanted) if wanted else -1
    if start >= 0:
        return list(page.boxes[start : start + len(wanted)])
    found: list[PageBox] = []
    words = [word for word in map(normalised, quote.split()) if word]
    first = 0
    while first < len(words):
        last, piece = first, ""
        while last < len(words) and piece + words[last] in page.text:
            piece += words[last]
            last += 1
        if len(piece) >= MIN_PIECE:
            start = page.text.find(piece)
            found += page.boxes[start : start + len(piece)]
        first = max(last, first + 1)
    return found if wanted and len(found) >= MIN_SHARE * len(wanted) else []


def _lines(letters: list[PageBox]) -> tuple[PageBox, ...]:
    """Join letters that follow each other on a line."""
    lines: list[PageBox] = []
    for box in letters:
        if box.right <= box.left or box.top <= box.bottom:
            continue
        if lines and _follows(lines[-1], box):
            last = lines[-1]
            lines[-1] = PageBox(
                left=min(last.left, box.left),
                bottom=min(last.bottom, box.bottom),
                right=max(last.right, box.right),
                top=max(last.top, box.top),
                turned=last.turned,
            )
        else:
            lines.append(box)
    return tuple(lines)


def _follows(line: PageBox, box: PageBox) -> bool:
    """Say whether a letter continues a line: level with it, and no column away."""
    low, high = line.across
    start, end = line.along
    middle = sum(box.across) / 2
    gap = max(box.along[0] - end, start - box.along[1])
    return low < middle < high and gap < 2 * (high - low)
