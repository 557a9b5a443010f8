"""Reading at arm's length: each document in a process of its own, with limits.

A file is hostile until read. PDFium may abort on one, pdfminer may run for hours; neither
reaches the caller. The child limits its memory, its seconds and the size of files it writes,
and may neither fetch nor start anything. Where the system has no such limits (Windows; on
macOS the memory) the parent's clock is the only one, and an abort still stays in the child.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from gcm_align.errors import ReaderStoppedError
from gcm_align.reading.process import Progress, run
from gcm_align.reading.transfer import from_values, to_values
from gcm_align.reading.verify import PageTexts
from gcm_align.settings import Settings
from gcm_align.types import Document

log = logging.getLogger("gcm_align")


def read_apart(path: Path, *, settings: Settings, progress: Progress | None = None) -> Document:
    """
    Read a document as read_document() does, in a process of its own.

    Where that process dies on a page, a second one reads the pages before it: the document
    then has ``quality.stopped_at``, and that page and all after it are unread. Where it dies
    on the file's outline, labels or title, a second one reads all pages without those.

    Args:
        path: The file.
        settings: Every limit named ``max_``.
        progress: Called with (pages done, pages in all).

    Raises:
        ReaderStoppedError: The process died, or ran over a limit, before the second page.
        ReadingError: The document cannot be read; see read_document().
    """
    first = run(_task(path, settings), settings, progress)
    if first.answer is not None:
        return _document(first.answer, settings)
    log.debug("%s: stopped at page %d: %s", path, first.page, first.why)
    if first.page > 1:
        second = run(_task(path, settings, pages=first.page - 1), settings, None)
        if second.answer is not None:
            return _partial(from_values(second.answer["document"]), first.page, first.why)
    elif first.page == 0 and first.pages_done:
        second = run(_task(path, settings, lists=False), settings, None)
        if second.answer is not None:
            return _without_lists(_document(second.answer, settings), first.why)
    raise ReaderStoppedError(
        "Reading the file was stopped",
        value=f"{path} ({f'page {first.page}: ' if first.page else ''}{first.why})",
        expected="a file that is read within the limits of memory and time",
        hint="Print it to PDF anew and analyse that, or raise the limit in the settings.",
        page=first.page,
    )


@contextmanager
def texts_apart(path: Path, document: Document, settings: Settings) -> Iterator[PageTexts]:
    """
    Read a document's pages again with the second reader, in a process of its own.

    Where that process dies on a page, no quote from there on can be verified.

    Raises:
        ReadingError: The file has changed and cannot be opened any more.
    """
    blockless = replace(document, blocks=(), text="")
    task = _task(path, settings, "texts", pages=max(0, document.quality.stopped_at - 1))
    task["document"] = to_values(blockless)
    outcome = run(task, settings, None)
    if outcome.answer is None and outcome.page > 1:
        outcome = run({**task, "pages": outcome.page - 1}, settings, None)
    if outcome.answer is None:
        log.warning("%s: no quote could be verified: %s", path, outcome.why)
    texts = outcome.answer["texts"] if outcome.answer else []
    yield PageTexts(known=dict(enumerate(texts, start=1)))


def unpack_apart(path: Path, folder: Path, settings: Settings) -> tuple[str, list[dict[str, str]]]:
    """
    Unpack an archive in a process of its own; see unpack().

    Returns:
        Its media type and, of an archive, its members.

    Raises:
        ReaderStoppedError: The process died, or ran over a limit.
        ReadingError: It cannot be opened.
    """
    task = _task(path, settings, "members")
    outcome = run({**task, "folder": str(folder)}, settings, None)
    if outcome.answer is None:
        raise ReaderStoppedError(
            "Unpacking the archive was stopped",
            value=f"{path} ({outcome.why})",
            expected="an archive that is unpacked within the limits of memory and time",
            hint="Unpack it yourself and analyse the folder, or raise the limit in the settings.",
            page=0,
        )
    return outcome.answer["kind"], outcome.answer["members"]


def _task(
    path: Path, settings: Settings, want: str = "document", *, pages: int = 0, lists: bool = True
) -> dict[str, Any]:
    """Return a task: what is wanted, from how many pages (0: all), and whether from lists."""
    return {
        "path": str(path),
        "settings": settings.as_dict(),
        "want": want,
        "pages": pages,
        "lists": lists,
    }


def _document(answer: dict[str, Any], settings: Settings) -> Document:
    document = from_values(answer["document"])
    if not answer["stopped"]:
        return document
    return _partial(document, answer["stopped"], f"{settings.max_read_seconds} seconds were used")


def _partial(document: Document, page: int, why: str) -> Document:
    """Mark a document whose reading ended at a page."""
    warning = f"Reading was stopped at page {page}: {why}; it and all after it are unread"
    quality = replace(
        document.quality, stopped_at=page, warnings=(warning, *document.quality.warnings)
    )
    return replace(document, quality=quality)


def _without_lists(document: Document, why: str) -> Document:
    """Say of a document that it was read without outline, labels and title."""
    warning = f"The file's outline, page labels and title were left out: {why}"
    quality = replace(document.quality, warnings=(warning, *document.quality.warnings))
    return replace(document, quality=quality)
