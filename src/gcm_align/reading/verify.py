"""A second reader for quotes: whether words stand on a page, by PDFium's own text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.reading.sniffing import (
    AKOMA_NTOSO,
    HTML,
    MARKDOWN,
    OPENDOCUMENT,
    PDF,
    WORD,
    decode,
)
from gcm_align.settings import Settings
from gcm_align.types import Document, Span

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# White space differs between readers; so do hyphens at line ends (PDFium marks them with
# U+0002 or U+FFFE), bullets of symbol fonts, soft hyphens and the case of small capitals.
# Nothing else may differ.
_IGNORED = re.compile(
    r"[\s\u00ad\u0002\ufffe\ufffd\u200b-\u200d\ufeff\ue000-\uf8ff•●▪■-]|[\u2010\u2011]"
)

_MARKED = frozenset({WORD, OPENDOCUMENT, HTML, AKOMA_NTOSO})


def normalised(text: str) -> str:
    """Return what two readers of a page must agree on: its letters, figures and points."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


class PageTexts:
    """The normalised text of each page, read once, when it is first asked for."""

    def __init__(
        self,
        pdf: PdfDocument | None = None,
        texts: list[str] | None = None,
        known: dict[int, str] | None = None,
    ) -> None:
        self._pdf = pdf
        self._pages = known or {
            number: normalised(text) for number, text in enumerate(texts or [], start=1)
        }

    def page(self, number: int) -> str:
        """Return the normalised text of a page (1-based), empty where there is none."""
        if number not in self._pages:
            if self._pdf is None or not 1 <= number <= len(self._pdf):
                return ""
            from gcm_align.reading.pdfium import page_text

            self._pages[number] = normalised(page_text(self._pdf, number))
        return self._pages[number]

    def contains(self, page: int, quote: str) -> bool:
        """Say whether a quote stands on a page (1-based), white space aside."""
        wanted = normalised(quote)
        return bool(wanted) and wanted in self.page(page)

    def unverified(self, document: Document) -> tuple[Span, ...]:
        """Return the spans of a document's blocks that this reader does not find."""
        return tuple(
            span
            for block in document.blocks
            for span in block.spans
            if not self.contains(span.page, document.text[span.start : span.end])
        )


def _marked_texts(data: bytes, document: Document, settings: Settings) -> list[str]:
    """Return the words of each page of a marked-up file."""
    name = document.name
    if document.media_type == WORD:
        from gcm_align.reading.word import word_pages

        return word_pages(data, name, settings)
    if document.media_type == OPENDOCUMENT:
        from gcm_align.reading.opendocument import opendocument_pages

        return opendocument_pages(data, name, settings)
    if document.media_type == HTML:
        from gcm_align.reading.web import web_words

        return [web_words(data, name)]
    from gcm_align.reading.akoma import akoma_words

    return [akoma_words(data, name)]


@contextmanager
def page_texts(path: Path, document: Document, settings: Settings) -> Iterator[PageTexts]:
    """
    Open a document's file again, with a reader that is independent of the first.

    Of marked-up files this reader takes the words in the order of the file, with the numbers
    that are counted, before anything is joined, split or put in a table.

    Raises:
        ReadingError: The file has changed and cannot be opened any more.
    """
    data = path.read_bytes()
    if document.media_type in _MARKED:
        yield PageTexts(texts=_marked_texts(data, document, settings))
        return
    if document.media_type == PDF:
        from gcm_align.reading.pdfium import open_pdfium

        with open_pdfium(data, document.name) as pdf:
            # What was recognised has no second reader: the quote must stand in it unchanged.
            known = {page: normalised(text) for page, text in document.ocr_texts.items()}
            yield PageTexts(pdf, known=known)
        return
    text, _ = decode(data, document.name)
    if document.media_type == MARKDOWN:
        from gcm_align.reading.markdown import strip_markup

        text = strip_markup(re.sub(r"^\s{0,3}(?:>\s?)+", "", text, flags=re.MULTILINE))
        yield PageTexts(texts=[text])
    else:
        yield PageTexts(texts=text.split("\f"))
