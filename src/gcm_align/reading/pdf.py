"""A PDF to page layouts: lines, and ruled tables with their cells.

The one importer of pdfplumber. What pdfplumber breaks and what is done about it was
measured on 3,501 pages of national policies; see "Reading" in DECISIONS.md.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from gcm_align.reading import pdfium
from gcm_align.reading.glyphs import repair_glyphs, unmapped_share
from gcm_align.reading.layout import Line, PageLayout, Table
from gcm_align.reading.lines import make_lines
from gcm_align.reading.ruled import TableShape, find_shapes, make_table
from gcm_align.reading.watching import PageTimeError, enter_page, page_clock

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pypdfium2 import PdfDocument

    from gcm_align.settings import Settings

log = logging.getLogger("gcm_align")

_TURNED_SHARE = 0.5  # half of the glyphs on their side: the page is a landscape table
_DUPLICATE_SHARE = 0.05  # text drawn twice for a shadow or a false bold


def read_layouts(
    data: bytes,
    pdf: PdfDocument,
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
) -> list[PageLayout]:
    """
    Read every page; a page that breaks is kept as PDFium's text, with a warning.

    A page that the watch refuses has a layout without lines.

    Args:
        data: The file.
        pdf: The same file, opened by PDFium.
        settings: ``max_page_chars`` is used.
        progress: Called with (pages done, pages in all).

    Returns:
        One layout for each page, in order. Length: n_pages.
    """
    from gcm_align.reading.quick_pages import quick_pages

    # pdfminer reports each odd font on its own logger; the page's warnings say what matters.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    total = len(pdf)
    layouts: list[PageLayout] = []
    pages = quick_pages(data)
    for number in range(1, total + 1):
        if enter_page(number):
            layouts.append(_read_page(pdf, _next(pages, number), number, settings))
        else:
            layouts.append(PageLayout(number=number, width=0, height=0))
        if progress is not None:
            progress(number, total)
    return layouts


def _next(pages: Iterator[Page], number: int) -> Page | None:
    """Return the next page, None where pdfplumber finds none: in time, or at all."""
    try:
        # pdfminer follows an object that refers to itself without end.
        with page_clock():
            return next(pages, None)
    except PageTimeError:
        log.debug("page %d was not found in time", number)
        return None


def _read_page(pdf: PdfDocument, page: Page | None, number: int, settings: Settings) -> PageLayout:
    if page is None:
        return _plain_layout(pdf, number, "its structure is broken")
    try:
        with page_clock():
            return _layout(pdf, page, number, settings)
    except PageTimeError as error:
        return _plain_layout(pdf, number, f"its layout took more than {error}")
    except Exception as error:  # one broken page must not lose the file
        log.debug("page %d has no layout", number, exc_info=True)
        return _plain_layout(pdf, number, f"{type(error).__name__} in its layout")
    finally:
        # Nothing else frees a page's objects: 120 pages hold 816 MB without this, 54 MB with.
        page.close()


def _layout(pdf: PdfDocument, page: Page, number: int, settings: Settings) -> PageLayout:
    if len(page.chars) > settings.max_page_chars:
        return _plain_layout(pdf, number, f"it draws {len(page.chars)} characters")
    turned = _turn(page)
    if not turned:
        return _upright_layout(page, number)
    from gcm_align.reading.quick_pages import quick_pages

    copy = next(quick_pages(pdfium.turned_page(pdf, number, turned)), None)
    if copy is None:
        return _plain_layout(pdf, number, "it cannot be turned upright")
    layout = _upright_layout(copy, number)
    copy.close()
    _turn_back(layout, turned, float(page.width), float(page.height))
    return layout


def _turn(page: Page) -> int:
    """Return by how many degrees to turn a page whose text lies on its side, else 0."""
    sideways = [c for c in page.chars if not c["upright"] and not c["text"].isspace()]
    inked = sum(not c["text"].isspace() for c in page.chars)
    if not inked or len(sideways) < _TURNED_SHARE * inked:
        return 0
    upwards = sum(c["matrix"][1] > 0 for c in sideways)
    return 90 if upwards * 2 >= len(sideways) else 270


def _upright_layout(page: Page, number: int) -> PageLayout:
    layout = PageLayout(number=number, width=float(page.width), height=float(page.height))
    chars = _visible_chars(page)
    drawn = len(chars)
    chars, warning = repair_glyphs(chars)
    layout.unmapped = unmapped_share(chars, drawn)
    if warning:
        layout.warnings.append(f"Page {number}: {warning}")
    for order, char in enumerate(chars):
        char["order"] = order
    shapes = find_shapes(page)
    layout.tables, outside = _tables(shapes, chars, number)
    layout.lines = _lines(outside, number)
    return layout


def _tables(
    shapes: list[TableShape], chars: list[dict[str, Any]], number: int
) -> tuple[list[Table], list[dict[str, Any]]]:
    """Deal the characters out to the cells; return the tables and what lies outside."""
    tables: list[Table] = []
    outside = chars
    for shape in shapes:
        cells: dict[int, list[dict[str, Any]]] = {}
        rest: list[dict[str, Any]] = []
        for char in outside:
            at = shape.cell_at((char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2)
            if at is None:
                rest.append(char)
            else:
                cells.setdefault(at, []).append(char)
        lines = {at: _lines(own, number, one_column=True) for at, own in cells.items()}
        table = make_table(shape, lines, number)
        if table is not None:
            tables.append(table)
            outside = rest
    return tables, outside


def _lines(chars: list[dict[str, Any]], number: int, *, one_column: bool = False) -> list[Line]:
    from pdfplumber.utils.text import extract_words

    words = extract_words(
        chars,
        return_chars=True,
        use_text_flow=True,
        # Some files draw no blanks; a fifth of the letter size is narrower than any blank.
        x_tolerance_ratio=0.18,
        # Text that runs up the page, as in a narrow first column.
        line_dir_rotated="ltr",
        char_dir_rotated="btt",
    )
    return make_lines(words, number, one_column=one_column)


def _visible_chars(page: Page) -> list[dict[str, Any]]:
    """Return the characters inside the crop box, each once."""
    x0, top, x1, bottom = page.cropbox if page.rotation in (0, None) else page.bbox
    top, bottom = min(top, bottom), max(top, bottom)
    inside = [
        c
        for c in page.chars
        if x0 <= (c["x0"] + c["x1"]) / 2 <= x1 and c["top"] >= -1 and c["bottom"] <= bottom + 1
    ]
    places = {(c["text"], round(c["x0"]), round(c["top"])) for c in inside}
    if inside and 1 - len(places) / len(inside) > _DUPLICATE_SHARE:
        from pdfplumber.utils.text import dedupe_chars

        inside = dedupe_chars(inside, tolerance=1)
    return inside


def _turn_back(layout: PageLayout, degrees: int, width: float, height: float) -> None:
    """Put the boxes of a turned page where they stand on the page as displayed."""
    for item in (*layout.lines, *(ln for t in layout.tables for ln in _table_lines(t))):
        x0, top, x1, bottom = item.x0, item.top, item.x1, item.bottom
        if degrees == 90:
            item.x0, item.top, item.x1, item.bottom = top, height - x1, bottom, height - x0
        else:
            item.x0, item.top, item.x1, item.bottom = width - bottom, x0, width - top, x1


def _table_lines(table: Table) -> list[Line]:
    return [line for row in table.rows for cell in row for line in cell.lines]


def _plain_layout(pdf: PdfDocument, number: int, reason: str) -> PageLayout:
    """Return a page as PDFium's lines, without places, because pdfplumber cannot read it."""
    width, height = pdfium.page_size(pdf, number)
    layout = PageLayout(number=number, width=width, height=height)
    text = pdfium.page_text(pdf, number).replace("\ufffe", "-").replace("\x02", "-")
    for index, raw in enumerate(text.splitlines()):
        if raw.strip():
            top = 72.0 + 12 * index
            layout.lines.append(
                Line(
                    page=number,
                    text=" ".join(raw.split()),
                    x0=72,
                    top=top,
                    x1=width - 72,
                    bottom=top + 10,
                    size=10,
                    order=index,
                )
            )
    layout.warnings.append(f"Page {number} was read without its layout: {reason}")
    return layout
