"""One screen at the end of a run: each document's figures, contradictions, scanned pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from gcm_align.figures import (
    MAX_REVIEW_SHARE,
    MEASURES,
    DocumentFigures,
    document_labels,
    figures,
)
from gcm_align.gaps import page_words
from gcm_align.reporting.numbers import percent, share_words, terminal_style
from gcm_align.reporting.review_wording import review_lines
from gcm_align.reporting.unread import ocr_words, page_list
from gcm_align.reporting.wording import calibration_words
from gcm_align.translating import gettext as _
from gcm_align.translating import ngettext
from gcm_align.types import Contradiction

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.types import Report

MAX_CONTRADICTIONS = 8  # one screen; the rest is counted and stands in the report


def summary_table(report: Report, framework: Framework) -> list[Table | Text]:
    """Return what a terminal shows of a report: text from documents is never markup."""
    table = Table(title=_("What the texts say"), title_justify="left", caption_justify="left")
    table.add_column(_("Document"), overflow="fold")
    headings = (*map(_, MEASURES), _("gaps"), _("found"), _("needs review"), "C1", "C2", "n")
    for heading in headings:
        table.add_column(heading, justify="right")
    for item in figures(report, framework).documents:
        table.add_row(*_cells(item))
    table.caption = _(
        "Breadth, depth and delivery: mean over {count} objectives; a range is what review may "
        "still change, and there is none where more than {limit} needs review. Found: at mentioned "
        "or above, decided."
    ).format(count=len(framework.objectives), limit=percent(MAX_REVIEW_SHARE, terminal_style()))
    closing = Text(calibration_words(report.run))
    reviewed = [Text(line) for line in review_lines(report, framework)]
    return [table, *_contradictions(report), *_scans(report), *reviewed, closing]


def _cells(item: DocumentFigures) -> list[Text]:
    headline = item.headline
    shares = [
        share_words(headline[name], terminal_style()) if headline else _("none")
        for name in MEASURES
    ]
    total = item.total
    counts = (
        *(total.levels[0], sum(total.levels[1:]), total.needs_review),
        *(total.tension, total.contradiction, total.n),
    )
    return [Text(item.label), *(Text(share) for share in shares), *(Text(str(n)) for n in counts)]


def _scans(report: Report) -> list[Text]:
    """Return which pages are scans: read by OCR, or unread and what to install."""
    labels = document_labels(report)
    lines: list[Text] = []
    for document in report.documents:
        quality, label = document.quality, labels[document.id]
        if quality.pages_ocr:
            read, how = _pages(quality.pages_ocr), ocr_words(quality)
            lines.append(Text(_("Read by OCR") + f"  {label}, {read}: {how}."))
        if quality.to_install:
            unread = _pages(quality.pages_unread)
            lines.append(Text(_("Not read") + f"  {label}, {unread}: {quality.to_install}"))
    return lines


def _pages(pages: tuple[int, ...]) -> str:
    return ngettext("page {pages}", "pages {pages}", len(pages)).format(pages=page_list(pages))


def _contradictions(report: Report) -> list[Text]:
    """Return one line for each clause that orders the opposite, with all its actions."""
    labels = document_labels(report)
    actions: dict[str, list[str]] = {}
    for item in report.assessments:
        if item.contradiction == Contradiction.CONTRADICTION and item.counter_evidence:
            clause = item.counter_evidence[0]
            words = f"{labels[item.document_id]}, {page_words(clause)}: “{clause.quote}”"
            actions.setdefault(words, []).append(item.action)
    lines = [Text(f"C2 {', '.join(ids)}  {words}") for words, ids in actions.items()]
    if len(lines) > MAX_CONTRADICTIONS:
        rest = len(lines) - MAX_CONTRADICTIONS
        lines[MAX_CONTRADICTIONS:] = [
            Text(_("and {count} more such clauses in the report").format(count=rest))
        ]
    return lines
