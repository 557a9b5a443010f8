"""Pages and files that could not be read: reported by name, never a gap."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from gcm_align.coverage import encodable
from gcm_align.figures import document_labels
from gcm_align.types import Report


def unread_frame(report: Report) -> pd.DataFrame:
    """Return pages and files that could not be read. Columns: file, what, where, why."""
    rows: list[tuple[str, str, str, str]] = []
    labels = document_labels(report)
    for document in report.documents:
        quality, label = document.quality, labels[document.id]
        if quality.pages_unread:
            pages = page_list(quality.pages_unread)
            rows.append((label, "pages without text", pages, "drawn, but no text came out"))
        if quality.pages_blank:
            rows.append((label, "blank pages", page_list(quality.pages_blank), "nothing is drawn"))
        rows += [(label, "warning", "", warning) for warning in quality.warnings]
    for item in report.skipped:
        what, pages = (
            ("reading stopped", f"from {item.page}") if item.page else ("skipped file", "")
        )
        rows.append((item.path, what, pages, item.message))
    safe = [tuple(encodable(value) for value in row) for row in rows]
    return pd.DataFrame(safe, columns=["file", "what", "pages", "why"])


def page_list(pages: Iterable[int]) -> str:
    """Return pages as runs: ``3, 7-9``."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
