"""``matrix.csv``, ``evidence.csv`` and ``gaps.csv``: flat tables for pandas, R and Excel.

UTF-8 without a byte order mark, comma, LF, floats with four digits. A text cell that a
spreadsheet would take for a formula (it begins with = + - @, a tab or a return) gets one
space in front: spreadsheets then show it as text, and white space aside the quote is
still the document's. Pages and levels that do not exist are empty, never 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gcm_align.coverage import evidence_frame, gaps_frame, matrix_frame

if TYPE_CHECKING:
    import pandas as pd

    from gcm_align.catalogue import Framework
    from gcm_align.types import Report

# The full-width forms are formulas to a spreadsheet that runs in Chinese or Japanese.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def matrix_csv(report: Report, framework: Framework) -> str:
    """Return the matrix: one row for each document and action."""
    return csv_text(matrix_frame(report, framework))


def evidence_csv(report: Report) -> str:
    """Return the evidence: one row for each passage shown."""
    return csv_text(evidence_frame(report))


def gaps_csv(report: Report, framework: Framework) -> str:
    """Return the gaps: one row each, with the nearest clause and the narrative."""
    return csv_text(gaps_frame(report, framework))


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV in which no text cell is a formula."""
    safe = frame.apply(lambda column: column.map(inert) if column.dtype.kind in "OTU" else column)
    return str(safe.to_csv(index=False, lineterminator="\n"))


def inert(value: object) -> object:
    """Put a space before a text that a spreadsheet would compute; leave the rest alone."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f" {value}"
    return value
