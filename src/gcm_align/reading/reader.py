"""read_document(): bytes from a path, the right reader, one frozen record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from gcm_align.errors import (
    EmptyFileError,
    LimitExceededError,
    MissingFileError,
    NotAFileError,
    NoTextError,
    UnreadableFileError,
)
from gcm_align.reading.assembling import assemble
from gcm_align.reading.languages import UNKNOWN, detect_language, with_languages
from gcm_align.reading.layout import Draft, PageLayout
from gcm_align.reading.limited import open_container
from gcm_align.reading.marked import Written
from gcm_align.reading.sniffing import (
    AKOMA_NTOSO,
    ARCHIVE,
    HTML,
    MARKDOWN,
    OPENDOCUMENT,
    PDF,
    PLAIN,
    READ,
    WORD,
    decode,
    media_type,
)
from gcm_align.settings import Settings
from gcm_align.types import LIVE_KINDS, NO_PAGES, Block, BlockKind, Document, Quality

_TITLE_WORDS = 30  # a longer line on a cover is a subtitle or an imprint


@dataclass(slots=True, kw_only=True)
class _Contents:
    """What a reader of one format found."""

    drafts: list[Draft]
    quality: Quality
    title: str
    labels: dict[int, str]
    ocr_texts: dict[int, str] = field(default_factory=dict)
    language: str = ""  # as the file declares it


def read_document(
    path: Path,
    *,
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """
    Read one document of any format in ``sniffing.READ``, told apart by content.

    Pages of a scan are read by Tesseract where it is installed. A page without text is listed
    in ``quality.pages_unread`` and raises nothing.

    Args:
        path: The file.
        settings: Those named ``max_`` but for memory and seconds are used.
        progress: Called with (pages done, pages in all).

    Returns:
        The document; its blocks tile ``text`` in reading order.

    Raises:
        MissingFileError: There is no file at the path.
        NotAFileError: The path is a folder or a special file.
        UnreadableFileError: The operating system refuses the bytes.
        EmptyFileError: The file holds no bytes.
        UnsupportedFormatError: It is of no format that is read.
        CorruptFileError: It claims to be of a format and breaks its rules.
        EncryptedFileError: It asks for a password.
        NoTextError: A file that is no PDF holds nothing but blanks.
        LimitExceededError: It is larger than the settings allow.
    """
    data = _read_bytes(path, settings)
    kind = media_type(data, path.name)
    if kind == PDF:
        found = _read_pdf(data, path.name, settings, progress)
    else:
        if kind in (MARKDOWN, PLAIN):
            found = _read_text(data, path.name, markdown=kind == MARKDOWN)
        else:
            found = _read_marked(data, path.name, kind, settings)
        if progress is not None:
            progress(found.quality.pages, found.quality.pages)
    text, blocks = assemble(found.drafts)
    if not text:
        _check_text(kind, path.name)
    language = detect_language(_prose(text, blocks))
    if language == UNKNOWN and found.language:
        language = found.language
    blocks, warning = with_languages(text, blocks, language)
    quality = found.quality
    if warning:
        quality = replace(quality, warnings=(*quality.warnings, warning))
    digest = hashlib.sha256(data).hexdigest()
    return Document(
        id=_document_id(path.name, digest),
        name=path.name,
        sha256=digest,
        language=language,
        text=text,
        blocks=blocks,
        quality=quality,
        media_type=kind,
        title=found.title or path.stem,
        page_labels=found.labels,
        ocr_texts=found.ocr_texts,
    )


def _read_bytes(path: Path, settings: Settings) -> bytes:
    try:
        if path.is_dir() or (path.exists() and not path.is_file()):
            raise NotAFileError(
                "The path is not a file",
                value=path,
                expected=f"a file: {READ}",
                hint="Name the files in it, or pass a folder to a command that takes folders.",
            )
        size = path.stat().st_size
        if size > settings.max_bytes:
            raise LimitExceededError(
                "The file is too large",
                value=f"{path} ({size} bytes)",
                expected=f"at most {settings.max_bytes} bytes",
                hint="Split the file, or raise the setting max_bytes.",
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise MissingFileError(
            "There is no such file",
            value=path,
            expected=f"the path of a file: {READ}",
            hint="Check the spelling and the folder.",
        ) from None
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            "The file cannot be read",
            value=f"{path} ({getattr(error, 'strerror', None) or error})",
            expected="a file that this user may read",
            hint="Check its permissions and that the disk or share is there.",
        ) from error
    if not data:
        raise EmptyFileError(
            "The file is empty",
            value=path,
            expected="a file with content",
            hint="Download or export it again.",
        )
    return data


def _read_pdf(
    data: bytes,
    name: str,
    settings: Settings,
    progress: Callable[[int, int], None] | None,
) -> _Contents:
    from gcm_align.reading import pdf as plumber
    from gcm_align.reading import pdfium
    from gcm_align.reading.composing import compose
    from gcm_align.reading.scans import recognise_pages

    with pdfium.open_pdfium(data, name) as pdf:
        if len(pdf) > settings.max_pages:
            raise LimitExceededError(
                "The PDF has too many pages",
                value=f"{name} ({len(pdf)} pages)",
                expected=f"at most {settings.max_pages} pages",
                hint="Split the file, or raise the setting max_pages.",
            )
        layouts = plumber.read_layouts(data, pdf, settings, progress)
        silent = [layout.number for layout in layouts if not layout.has_text]
        blank = tuple(number for number in silent if pdfium.is_blank(pdf, number))
        recognised = recognise_pages(pdf, layouts, blank, settings)
        drafts = compose(layouts, pdfium.bookmarks(pdf))
        title = _pdf_title(layouts, pdfium.metadata_title(pdf))
        labels = pdfium.page_labels(pdf)
    warnings = [warning for layout in layouts for warning in layout.warnings]
    blank = tuple(sorted((*blank, *recognised.blank)))
    quality = Quality(
        pages=len(layouts),
        pages_read=len(layouts) - len(blank) - len(recognised.unread),
        pages_blank=blank,
        pages_unread=tuple(recognised.unread),
        method=_method(len(recognised.texts), len(layouts) - len(blank)),
        warnings=(*warnings, *recognised.warnings),
        pages_ocr=tuple(sorted(recognised.texts)),
        ocr_confidence=recognised.confidence,
        to_install=recognised.to_install,
    )
    return _Contents(
        drafts=drafts, quality=quality, title=title, labels=labels, ocr_texts=recognised.texts
    )


def _method(recognised: int, pages: int) -> str:
    """Return by what the pages of a PDF were read."""
    if not recognised:
        return "text layer"
    return "OCR" if recognised == pages else "text layer and OCR"


def _read_text(data: bytes, name: str, *, markdown: bool) -> _Contents:
    from gcm_align.reading.markdown import declared_language, parse_markdown
    from gcm_align.reading.plain import parse_plain
    from gcm_align.reading.structure import set_lead_ins, set_sections

    text, warning = decode(data, name)
    if not text.strip():
        raise _no_text(name)
    title, drafts = parse_markdown(text) if markdown else parse_plain(text)
    set_sections(drafts)
    set_lead_ins(drafts)
    written = {part.page for draft in drafts for part in draft.parts}
    pages = max(1, text.rstrip("\f\n ").count("\f") + 1)
    quality = Quality(
        pages=pages,
        pages_read=len(written),
        pages_blank=tuple(n for n in range(1, pages + 1) if n not in written),
        method="plain text",
        warnings=(warning,) if warning else (),
    )
    language = declared_language(text) if markdown else ""
    return _Contents(drafts=drafts, quality=quality, title=title, labels={}, language=language)


def _read_marked(data: bytes, name: str, kind: str, settings: Settings) -> _Contents:
    """Read a format that says what is a heading, an item or a cell."""
    written = _reader_of(data, name, kind, settings)(data, name, settings)
    if written.pages > settings.max_pages:
        raise LimitExceededError(
            "The file has too many pages",
            value=f"{name} ({written.pages} pages)",
            expected=f"at most {settings.max_pages} pages",
            hint="Split the file, or raise the setting max_pages.",
        )
    read = {part.page for draft in written.drafts for part in draft.parts}
    quality = Quality(
        pages=written.pages,
        pages_read=len(read),
        pages_blank=tuple(n for n in range(1, written.pages + 1) if n not in read),
        method=written.method,
        warnings=written.warnings,
    )
    # A page number would be taken for a place that a reader can turn to.
    labels = {} if written.paged else {1: NO_PAGES}
    return _Contents(
        drafts=written.drafts, quality=quality, title=written.title, labels=labels,
        language=written.language,
    )  # fmt: skip


def _reader_of(
    data: bytes, name: str, kind: str, settings: Settings
) -> Callable[[bytes, str, Settings], Written]:
    if kind == WORD:
        from gcm_align.reading.word import read_word

        return read_word
    if kind == OPENDOCUMENT:
        from gcm_align.reading.opendocument import read_opendocument

        return read_opendocument
    if kind == HTML:
        from gcm_align.reading.web import read_web

        return read_web
    if kind == AKOMA_NTOSO:
        from gcm_align.reading.akoma import read_akoma

        return read_akoma
    assert kind == ARCHIVE
    open_container(data, name, settings, whole=False).close()  # a broken one is told of as that
    raise NotAFileError(
        "The file is an archive and no document",
        value=name,
        expected=f"a file: {READ}",
        hint="Unpack it, or pass it to a command that takes folders and archives.",
    )


def _check_text(kind: str, name: str) -> None:
    """Refuse a file without words; a PDF has pages, which are listed as unread instead."""
    if kind != PDF:
        raise _no_text(name)


def _no_text(name: str) -> NoTextError:
    return NoTextError(
        "The file holds no text",
        value=name,
        expected="words",
        hint="Check that the right file was saved.",
    )


def _pdf_title(layouts: list[PageLayout], metadata: str) -> str:
    """Return the largest lines of the first page with text, else the metadata's title."""
    first = next((layout for layout in layouts[:5] if layout.lines), None)
    if first is not None:
        size = max(line.size for line in first.lines)
        lines = [line.text for line in first.lines if line.size >= 0.95 * size]
        words = " ".join(lines).split()
        if 1 < len(words) <= _TITLE_WORDS and sum(map(len, words)) > 8:
            return " ".join(words)
    # Word writes its own file name there when the author gave no title.
    leftover = re.search(r"microsoft word|\.(?:docx?|pdf|indd)\b|untitled", metadata, re.I)
    return "" if leftover else metadata


def _document_id(name: str, digest: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")
    return f"{slug or 'document'}-{digest[:8]}"


def _prose(text: str, blocks: tuple[Block, ...]) -> str:
    kinds = {*LIVE_KINDS, BlockKind.HEADING, BlockKind.FOREWORD}
    return " ".join(text[b.start : b.end] for b in blocks if b.kind in kinds)
