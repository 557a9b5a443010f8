"""Pages that are pictures of text: which they are, and their lines by Tesseract.

A page that is not recognised, or not surely enough, stays unread: it is never a gap.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gcm_align.reading import pdfium
from gcm_align.reading.languages import UNKNOWN, detect_language
from gcm_align.reading.layout import Line, PageLayout
from gcm_align.reading.recognised import mean_confidence, settle_sizes, to_lines, without_leaders
from gcm_align.reading.tesseract import (
    INSTALL,
    NotRecognisedError,
    Picture,
    Word,
    data_name,
    installed_languages,
    program,
    recognise,
)
from gcm_align.reading.unruling import without_rules
from gcm_align.reading.watching import enter_page, has_time

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from gcm_align.settings import Settings

_FEW_WORDS = 12  # on a full-page picture: a stamp, a header, a page number
_FEW_LETTERS = 200  # a word of more than that is a drawing made of letters
_UNMAPPED = 0.3  # of a page's characters have no known meaning: its sentences are broken
_PROBES = 3  # pages on which the language is looked for
_FIRST_CHOICE = ("eng", "fra", "spa", "por")  # data of several at once, as far as installed
_EMPTY_INK = 0.0005  # share of pixels: five letters at most, as specks on blank paper


@dataclass(slots=True, kw_only=True)
class Recognition:
    """What came of the pages that needed recognition."""

    texts: dict[int, str] = field(default_factory=dict)  # page -> words in Tesseract's order
    confidences: dict[int, list[float]] = field(default_factory=dict)  # page -> of its words
    blank: list[int] = field(default_factory=list)  # scanned, and nothing on the paper
    unread: list[int] = field(default_factory=list)  # needed it and were not read
    warnings: list[str] = field(default_factory=list)
    to_install: str = ""

    @property
    def confidence(self) -> float | None:
        """Return the mean confidence of all words, None where no page was recognised."""
        values = [value for page in self.confidences.values() for value in page]
        return round(sum(values) / len(values), 4) if values else None


def recognise_pages(
    pdf: PdfDocument, layouts: list[PageLayout], blank: tuple[int, ...], settings: Settings
) -> Recognition:
    """
    Replace the lines of pages that are pictures by what Tesseract recognises.

    Args:
        pdf: The file, opened by PDFium.
        layouts: One for each page; those recognised are changed in place.
        blank: Pages (1-based) with nothing drawn.
        settings: ``max_ocr_pages``, ``max_ocr_seconds``, ``max_ocr_pixels`` and
            ``min_ocr_confidence`` are used.

    Returns:
        What was found; ``unread`` holds each page that needed it and did not get it.
    """
    found = Recognition()
    wanted = [page for page in layouts if page.number not in blank and _needs(pdf, page)]
    found.unread = [layout.number for layout in wanted]
    if not wanted:
        return found
    if not program() or not installed_languages():
        found.to_install = f"{len(wanted)} pages are pictures of text: {INSTALL}, and run again."
        return found
    if len(wanted) > settings.max_ocr_pages:
        found.warnings.append(
            f"{len(wanted) - settings.max_ocr_pages} of {len(wanted)} scanned pages were left "
            f"unread: the setting max_ocr_pages is {settings.max_ocr_pages}"
        )
        wanted = wanted[: settings.max_ocr_pages]
    languages = _languages(pdf, layouts, wanted, settings, found)
    for layout, words, scale in _all_words(pdf, wanted, languages, settings, found):
        _take(layout, words, scale, settings, found)
    taken = [line for page in layouts if page.number in found.texts for line in page.lines]
    settle_sizes(taken)
    return found


def _needs(pdf: PdfDocument, layout: PageLayout) -> bool:
    """Say whether a page has no text, broken text, or a picture of text with a stamp."""
    if not layout.has_text or layout.unmapped >= _UNMAPPED:
        return True
    words = [word for line in layout.lines for word in line.text.split()]
    if layout.tables or len(words) >= _FEW_WORDS or sum(map(len, words)) >= _FEW_LETTERS:
        return False
    # A page that dies here must be named.
    return has_time() and enter_page(layout.number) and pdfium.is_scan(pdf, layout.number)


def _languages(
    pdf: PdfDocument,
    layouts: list[PageLayout],
    wanted: list[PageLayout],
    settings: Settings,
    found: Recognition,
) -> str:
    """Return Tesseract's names of the document's language: of its text, else by a trial."""
    have = installed_languages()
    own = [ln.text for page in layouts if page not in wanted for ln in page.lines]
    language = detect_language(" ".join(own))
    several = [name for name in _FIRST_CHOICE if name in have] or [have[0]]
    if language == UNKNOWN and len(several) > 1:
        step = max(1, len(wanted) // (_PROBES + 1))
        probes = wanted[step : step * _PROBES + 1 : step] or wanted[:1]
        language = _tried_language(pdf, probes, "+".join(several), settings)
    name = data_name(language)
    if language != UNKNOWN and name not in have:
        found.warnings.append(
            f"Tesseract has no data installed for the language {language}, only for "
            f"{', '.join(have)}"
        )
    return name if name in have else "+".join(several)


def _tried_language(
    pdf: PdfDocument, probes: list[PageLayout], several: str, settings: Settings
) -> str:
    """Return the language of the first page on which it can be told."""
    for layout in probes:
        picture = _picture(pdf, layout.number, settings)
        if picture is None:
            continue
        try:
            words = _words(picture, several, settings.max_ocr_seconds)
        except NotRecognisedError:
            continue
        if mean_confidence(words) >= settings.min_ocr_confidence:
            language = detect_language(" ".join(word.text for word in words))
            if language != UNKNOWN:
                return language
    return UNKNOWN


def _picture(pdf: PdfDocument, number: int, settings: Settings) -> Picture | None:
    if not has_time() or not enter_page(number):
        return None
    return pdfium.page_picture(pdf, number, settings.max_ocr_pixels)


def _all_words(
    pdf: PdfDocument,
    wanted: list[PageLayout],
    languages: str,
    settings: Settings,
    found: Recognition,
) -> list[tuple[PageLayout, list[Word], float]]:
    """Return the words of each page that is recognised; as many at once as there are cores."""
    results: list[tuple[PageLayout, list[Word], float]] = []
    waiting: deque[tuple[PageLayout, float, Future[list[Word]]]] = deque()
    cores = _cores()

    def collect() -> None:
        layout, scale, future = waiting.popleft()
        try:
            results.append((layout, future.result(), scale))
        except NotRecognisedError as error:
            found.warnings.append(f"Page {layout.number} was not recognised: {error}")

    with ThreadPoolExecutor(max_workers=cores) as pool:
        for layout in wanted:
            # PDFium is not thread-safe: it draws here, and only Tesseract runs beside.
            picture = _picture(pdf, layout.number, settings)
            if picture is None:
                found.warnings.append(
                    f"Page {layout.number} was not recognised: it cannot be drawn, or the "
                    "document's time was up"
                )
                continue
            if _is_empty(picture):
                found.blank.append(layout.number)
                found.unread.remove(layout.number)
                continue
            if len(waiting) >= cores:
                collect()
            future = pool.submit(_words, picture, languages, settings.max_ocr_seconds)
            waiting.append((layout, picture.dpi / pdfium.POINTS_PER_INCH, future))
        while waiting:
            collect()
    return results


def _words(picture: Picture, languages: str, seconds: int) -> list[Word]:
    return recognise(without_rules(picture), languages, seconds)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _is_empty(picture: Picture) -> bool:
    """Say whether the paper is empty: all but a few specks have its tone."""
    return pdfium.ink_share(picture) < _EMPTY_INK


def _take(
    layout: PageLayout, words: list[Word], scale: float, settings: Settings, found: Recognition
) -> None:
    """Put the recognised lines in the place of a page's own, where they are sure enough."""
    words = without_leaders(words)
    sure = mean_confidence(words)
    lines, left_out = to_lines(words, layout.number, scale)
    if not lines or sure < settings.min_ocr_confidence:
        found.warnings.append(
            f"Page {layout.number} was not recognised: "
            + (f"the confidence is {sure:.2f}" if words else "no words were found")
        )
        return
    if sum(len(word.text) for word in words) > settings.max_page_chars:
        found.warnings.append(f"Page {layout.number} was not recognised: it has too many letters")
        return
    if left_out:
        found.warnings.append(
            f"Page {layout.number}: {left_out} lines were left out, too unsure to be text"
        )
    layout.lines, layout.tables = lines, []
    found.unread.remove(layout.number)
    found.texts[layout.number] = _kept(lines)
    found.confidences[layout.number] = [word.confidence for word in words]


def _kept(lines: list[Line]) -> str:
    """Return what quotes are looked for in: the lines in Tesseract's order."""
    return "\n".join(line.text for line in lines)
