"""``comparison.xlsx``: key figures, the rows of the comparison, method and manifests."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd
import xlsxwriter

from gcm_align.comparing.documents import DocumentComparison
from gcm_align.reporting import compare_wording, wording
from gcm_align.reporting.compare_tables import comparison_frame, conflicts_frame, counts_frame
from gcm_align.reporting.workbook import FIXED_DATE, OPTIONS, Book, formats_of
from gcm_align.translating import gettext as _

if TYPE_CHECKING:
    from gcm_align.reporting.comparisons import Comparison

TOP = 4  # rows above the key figures


def comparison_xlsx(comparison: Comparison) -> bytes:
    """Return the workbook's bytes; the same reports give the same bytes."""
    buffer = io.BytesIO()
    title = _(compare_wording.TITLES[comparison.mode])
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        workbook.set_properties({"title": title, "created": FIXED_DATE})
        book = Book(book=workbook, formats=formats_of(workbook))
        sheet = book.table("figures", counts_frame(comparison.result), top=TOP, keep=1)
        sheet.set_column(0, 0, 30)
        sheet.write_string(0, 0, title, book.formats["title"])
        sheet.write_string(1, 0, _(wording.SUGGESTIONS), book.formats["note"])
        sheet.write_string(2, 0, " / ".join(comparison.reports), book.formats["note"])
        book.table("comparison", comparison_frame(comparison.result), keep=3)
        if isinstance(comparison.result, DocumentComparison):
            book.table("incoherence", conflicts_frame(comparison.result.rows), keep=1)
        book.table("method", _method(comparison), keep=1)
        book.table("manifest", _manifests(comparison), keep=2)
    return buffer.getvalue()


def _method(comparison: Comparison) -> pd.DataFrame:
    """Return warnings first, then how the comparison is made and its limits."""
    warnings = compare_wording.warnings(comparison.mismatches, comparison.reports)
    rows = [("warning", text) for text in warnings]
    rows += [("reviewed", text) for text in compare_wording.reviewed_lines(comparison.parties)]
    rows += [("method", _(text)) for text in compare_wording.METHODS[comparison.mode]]
    rows += [("limit", text) for text in wording.caveats(comparison.framework)]
    return pd.DataFrame(rows, columns=["what", "why"])


def _manifests(comparison: Comparison) -> pd.DataFrame:
    rows = [
        (label, name, value)
        for label, report in comparison.reports.items()
        for name, value in wording.manifest(report.run)
    ]
    return pd.DataFrame(rows, columns=["report", "name", "value"])
