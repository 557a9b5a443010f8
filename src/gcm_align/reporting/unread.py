"""Pages and files that could not be read, or by OCR only: reported by name, never a gap."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from gcm_align.coverage import encodable
from gcm_align.figures import document_labels
from gcm_align.reporting.numbers import decimal
from gcm_align.translating import gettext as _
from gcm_align.types import Quality, Report


def unread_frame(report: Report) -> pd.DataFrame:
    """Return what could not be read, or not surely. Columns: file, what, where, why."""
    rows: list[tuple[str, str, str, str]] = []
    labels = document_labels(report)
    for document in report.documents:
        quality, label = document.quality, labels[document.id]
        if quality.pages_unread:
            pages = page_list(quality.pages_unread)
            rows.append((label, _("pages without text"), pages, _("drawn, but no text came out")))
        if quality.pages_blank:
            rows.append(
                (label, _("blank pages"), page_list(quality.pages_blank), _("nothing is drawn"))
            )
        if quality.to_install:
            rows.append(
                (label, _("could be read"), page_list(quality.pages_unread), quality.to_install)
            )
        if quality.pages_ocr:
            rows.append((label, _("read by OCR"), page_list(quality.pages_ocr), ocr_words(quality)))
        rows += [(label, _("warning"), "", warning) for warning in quality.warnings]
    for item in report.skipped:
        what, pages = (
            (_("reading stopped"), _("from {page}").format(page=item.page))
            if item.page
            else (_("skipped file"), "")
        )
        rows.append((item.path, what, pages, item.message))
    safe = [tuple(encodable(value) for value in row) for row in rows]
    return pd.DataFrame(safe, columns=["file", "what", "pages", "why"])


def ocr_words(quality: Quality) -> str:
    """Return how sure the recognition of a document's scanned pages is, in words."""
    return _("mean confidence of their words {value}; check a quote against its page").format(
        value=decimal(quality.ocr_confidence or 0)
    )


def page_list(pages: Iterable[int]) -> str:
    """Return pages as runs: ``3, 7-9``."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
