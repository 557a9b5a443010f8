"""``matrix.xlsx``: the matrix as analysts work with it, on eight sheets.

Every text is written as text: no cell can become a formula or a link. The bytes depend
on the report alone (the creation date is fixed).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter

from gcm_align.coverage import (
    FIGURES_COLUMNS,
    evidence_frame,
    figures_frame,
    gaps_frame,
    matrix_frame,
    principles_frame,
)
from gcm_align.figures import document_labels, ordered
from gcm_align.reporting.palette import LINE, TINTS
from gcm_align.reporting.review_wording import review_lines
from gcm_align.reporting.unread import unread_frame
from gcm_align.reporting.wording import SUGGESTIONS, calibration, caveats, manifest
from gcm_align.reporting.workbook_wording import (
    BOOK_TITLE,
    CUT,
    MAX_MESSAGE,
    MAX_TITLE,
    NOTE_HINT,
    REASON_HINT,
    TAKE_ONE,
    TITLE,
    heading,
    sheet_name,
    spoken,
)
from gcm_align.reviewed import machine_report
from gcm_align.reviewing import evidence_digest
from gcm_align.translating import gettext as _
from gcm_align.types import Level

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.types import Report

# The day the General Assembly endorsed the Compact: any fixed day gives stable bytes.
FIXED_DATE = dt.datetime(2018, 12, 19)
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
MAX_CELL = 32_767  # Excel's limit; XlsxWriter drops a longer text without a word
# By these `gcm-align review import` knows a row again: see row_checks().
CHECKS = ("evidence_digest", "row_check", "entry_check")
ENTRY = ("reviewer_level", "review_reason", "note", "reviewer", "status")
FORMAT = "gcm-align matrix 1"
LINE_HEIGHT, MAX_HEIGHT = 15.0, 409.0  # points: of a line in Excel's own font; Excel's limit
REVIEWER_LEVELS = ("0", "1", "2", "3", "4", "NR", "NA")
STATUSES = ("machine", "reviewed", "disputed")
# METHOD.md, matrix columns, in its order; what only a machine reads comes last.
MATRIX_ORDER = (
    *("document", "action", "paragraph", "objective", "action_text", "level", "level_name"),
    *("contradiction", "quote", "page", "section", "elements_found", "elements_missing"),
    *("body", "time", "resources", "indicator", "sanction", "confidence", "probability"),
    *(
        "reason",
        "status",
        "reviewer_level",
        "review_reason",
        "note",
        "reviewer",
        "nearest_quote",
        "nearest_page",
    ),
    *("counter_quote", "counter_page", "counter_section", "suggested_level", "evidence_count"),
    *("applicability", "applicability_reason", "counted", "machine_level", "reviewed_at"),
    *("review_state", *CHECKS),
)
LAST_PRINTED = "elements_missing"  # of the columns of the matrix
A3 = 8  # paper, by its number in the file format
CONTRADICTIONS_ORDER = (
    *("document", "action", "contradiction", "action_text", "counter_quote", "counter_page"),
    *("counter_section", "level", "level_name", "quote", "page"),
)
WIDE = {"action_text", "quote", "nearest_quote", "counter_quote", "context", "narrative", "reason"}
MIDDLE = {"document", "section", "elements_found", "elements_missing", "applicability_reason"}
MIDDLE |= {
    "principle",
    "words",
    "nearest_section",
    "counter_section",
    "nearest_covers",
    "nearest_lacks",
    "carried_by",
}


@dataclass(slots=True)
class Book:
    """An open workbook with its formats."""

    book: Any
    formats: dict[str, Any]

    def table(self, name: str, frame: pd.DataFrame, *, top: int = 0, keep: int = 2) -> Any:
        """
        Write a frame as a sheet with frozen head, filter and widths; return the sheet.

        Args:
            name: A key of ``workbook_wording.SHEETS``.
            frame: The rows; its columns' names become headings.
            top: Rows above the head.
            keep: Columns that stay in sight.
        """
        frame = spoken(frame)
        sheet = self.book.add_worksheet(sheet_name(name))
        last_row, last_column = top + max(len(frame), 1), len(frame.columns) - 1
        for number, column in enumerate(frame.columns):
            style = self.formats["share" if column.endswith(("_lower", "_upper")) else "cell"]
            sheet.set_column(number, number, _width(column), style)
            sheet.write_string(top, number, heading(column), self.formats["head"])
            for row, value in enumerate(frame[column], start=top + 1):
                write_cell(sheet, row, number, value)
        for row, values in enumerate(frame.itertuples(index=False), start=top + 1):
            sheet.set_row(row, _height(values, list(frame.columns)))
        sheet.freeze_panes(top + 1, keep)
        sheet.autofilter(top, 0, last_row, last_column)
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        return sheet


def to_xlsx(report: Report, framework: Framework) -> bytes:
    """Return the workbook's bytes; the same report gives the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as workbook:
        workbook.set_properties({"title": _(BOOK_TITLE), "created": FIXED_DATE})
        book = Book(book=workbook, formats=formats_of(workbook))
        matrix = matrix_frame(report, framework)
        _key_figures(book, report, framework)
        _matrix(book, pd.concat([matrix, row_checks(report, framework, matrix)], axis=1))
        book.table("evidence", evidence_frame(report))
        book.table("gaps", gaps_frame(report, framework))
        flagged = matrix[matrix["contradiction"] != ""].sort_values(
            "contradiction", ascending=False, kind="stable"
        )
        sheet = book.table("contradictions", flagged[list(CONTRADICTIONS_ORDER)])
        _tint(sheet, book, CONTRADICTIONS_ORDER, len(flagged))
        book.table("principles", principles_frame(report, framework))
        book.table("unread", unread_frame(report), keep=1)
        book.table(
            "manifest", pd.DataFrame(workbook_manifest(report), columns=["name", "value"]), keep=1
        )
    return buffer.getvalue()


def workbook_manifest(report: Report) -> list[tuple[str, str]]:
    """Return the manifest of the run, and the documents by their digests."""
    rows = [("workbook", FORMAT), *manifest(report.run)]
    labels = document_labels(report)
    for number, document in enumerate(report.documents, start=1):
        place = f"document.{number}"
        rows += [
            (f"{place}.label", labels[document.id]),
            (f"{place}.name", document.name),
            (f"{place}.sha256", document.sha256),
            (f"{place}.text_sha256", document.text_sha256),
        ]
    whole = hashlib.sha256(repr(rows).encode("utf-8", "replace")).hexdigest()
    return [*rows, ("run", whole)]


def row_checks(report: Report, framework: Framework, matrix: pd.DataFrame) -> pd.DataFrame:
    """Return for each row of the matrix the columns CHECKS, in its order."""
    digests = {document.id: document.sha256 for document in report.documents}
    rows = []
    for (item, _action), cells in zip(
        ordered(machine_report(report), framework), matrix.to_dict("records"), strict=True
    ):
        evidence = evidence_digest(item)
        level = "" if item.level is None else int(item.level)
        named = (cells["document"], digests[item.document_id], item.action)
        entry = tuple(cells[column] for column in ENTRY) if cells["reviewed_at"] else ()
        rows.append(
            (evidence, check_of(*named, level, evidence), check_of(*entry) if entry else "")
        )
    return pd.DataFrame(rows, columns=list(CHECKS), index=matrix.index, dtype=object)


def check_of(*values: object) -> str:
    """Return a short digest of cells, white space aside."""
    plain = [" ".join(str(value).split()) for value in values]
    return hashlib.sha256(repr(plain).encode("utf-8", "replace")).hexdigest()[:16]


def write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    """Write one value by its type; nothing where there is none."""
    if isinstance(value, str):
        if value:
            # Half a surrogate pair, from a broken font map, stops XlsxWriter at the very end.
            text = value.encode("utf-8", "replace").decode()
            cut = _(CUT)
            text = text if len(text) <= MAX_CELL else text[: MAX_CELL - len(cut)] + cut
            sheet.write_string(row, column, text)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif not pd.isna(value):
        sheet.write_number(row, column, value)


def _height(values: Sequence[object], columns: Sequence[str]) -> float:
    """
    Return the height of a row in points, so that no wrapped text is cut or overlaps.

    Excel measures rows as it opens a file; LibreOffice leaves them at one line.
    """
    lines = 1
    for value, column in zip(values, columns, strict=True):
        if isinstance(value, str):
            # Words do not fill a line: a tenth of it stays empty.
            lines = max(lines, math.ceil(len(value) / (0.9 * _width(column))))
    return min(LINE_HEIGHT * lines, MAX_HEIGHT)


def _width(column: str) -> int:
    if column in WIDE or column.endswith(("_quote", "_marked")):
        return 56
    if column in MIDDLE or column in {"file", "why", "value", "name"}:
        return 30
    return 13


def formats_of(workbook: Any) -> dict[str, Any]:
    """Return the formats of a workbook by name."""
    top = {"valign": "top", "text_wrap": True}
    formats = {
        "cell": workbook.add_format(top),
        "share": workbook.add_format(top | {"num_format": "0.0%"}),
        "head": workbook.add_format(
            top | {"bold": True, "bg_color": "#22343A", "font_color": "#FFFFFF"}
        ),
        "title": workbook.add_format({"bold": True, "font_size": 14}),
        "note": workbook.add_format({"italic": True}),
        "review": workbook.add_format({"pattern": 17, "fg_color": "#8A8A8A"}),
        "entry": workbook.add_format(
            top | {"bg_color": "#FFFDE7", "border": 1, "border_color": LINE}
        ),
        "C2": workbook.add_format(_tinted("C2") | {"bold": True}),
        "C1": workbook.add_format({"bold": True}),
    }
    for level in Level:
        formats[f"level{level:d}"] = workbook.add_format(_tinted(str(int(level))))
    return formats


def _tinted(state: str) -> dict[str, str]:
    background, ink = TINTS[state]
    return {"bg_color": background, "font_color": ink}


def _key_figures(book: Book, report: Report, framework: Framework) -> None:
    """Write the figures under a title and the two warnings that must travel with them."""
    frame = figures_frame(report, framework)
    sheet = book.table("figures", frame, top=4)
    sheet.write_string(0, 0, _(TITLE), book.formats["title"])
    status, note = calibration(report.run)
    sheet.write_string(1, 0, _(SUGGESTIONS), book.formats["note"])
    told = _("Calibration: {status}. {note}").format(status=status, note=note)
    sheet.write_string(2, 0, told, book.formats["note"])
    below = 4 + len(frame) + 2
    for row, caveat in enumerate(
        (*review_lines(report, framework), *caveats(framework)), start=below
    ):
        sheet.write_string(row, 0, caveat, book.formats["note"])
    scope = FIGURES_COLUMNS.index("scope")
    sheet.set_column(scope, scope, 16, book.formats["cell"])


def _matrix(book: Book, matrix: pd.DataFrame) -> None:
    """Write the matrix with tints by level and with lists on the reviewer's columns."""
    frame = matrix[list(MATRIX_ORDER)]
    sheet = book.table("matrix", frame)
    # On paper what is found and where; all columns on one width would be too small to read.
    sheet.print_area(0, 0, len(frame), MATRIX_ORDER.index(LAST_PRINTED))
    _tint(sheet, book, MATRIX_ORDER, len(frame))
    last = max(len(frame), 1)
    for column, values in (
        ("reviewer_level", REVIEWER_LEVELS),
        ("status", tuple(map(_, STATUSES))),
    ):
        number = MATRIX_ORDER.index(column)
        rule: dict[str, object] = {
            "validate": "list",
            "source": list(values),
            "error_title": heading(column)[:MAX_TITLE],
            "error_message": _(TAKE_ONE).format(values=", ".join(values))[:MAX_MESSAGE],
        }
        sheet.data_validation(1, number, last, number, rule)
    length: dict[str, object] = {
        "validate": "length",
        "criteria": "<=",
        "value": 2000,
    }
    for column, (title, message) in (("note", NOTE_HINT), ("review_reason", REASON_HINT)):
        hint = {"input_title": _(title)[:MAX_TITLE], "input_message": _(message)[:MAX_MESSAGE]}
        number = MATRIX_ORDER.index(column)
        sheet.data_validation(1, number, last, number, length | hint)
    for column in ("reviewer_level", "review_reason", "note", "reviewer"):
        number = MATRIX_ORDER.index(column)
        wide = column in ("note", "review_reason")
        sheet.set_column(number, number, 30 if wide else 13, book.formats["entry"])
    first, last_check = (MATRIX_ORDER.index(CHECKS[place]) for place in (0, -1))
    sheet.set_column(first, last_check, 13, None, {"hidden": True})


def _tint(sheet: Any, book: Book, columns: Sequence[str], rows: int) -> None:
    """Tint level and flag columns by rule, so that a changed level changes its tint."""
    if not rows:
        return
    first, last = columns.index("level"), columns.index("level_name")
    flag = columns.index("contradiction")
    letter = xlsxwriter.utility.xl_col_to_name(first)
    for level in Level:
        rule = {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER(${letter}2),${letter}2={level:d})",
            "format": book.formats[f"level{level:d}"],
        }
        sheet.conditional_format(1, first, rows, last, rule)
    empty = {"type": "formula", "criteria": f"=ISBLANK(${letter}2)"}
    sheet.conditional_format(1, first, rows, last, empty | {"format": book.formats["review"]})
    for name in ("C1", "C2"):
        rule = {"type": "cell", "criteria": "==", "value": f'"{name}"'}
        sheet.conditional_format(1, flag, rows, flag, rule | {"format": book.formats[name]})
