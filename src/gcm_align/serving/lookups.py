"""What pages and programs look up for a request, or answer "not found"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, HTTPException, Request

from gcm_align.reading.sniffing import PDF
from gcm_align.reporting.view import Row, View, build_view
from gcm_align.serving import strings
from gcm_align.serving.accounts import Account
from gcm_align.serving.library import Entry, Library
from gcm_align.serving.security import reader, reviewer
from gcm_align.translating import gettext as _

if TYPE_CHECKING:
    from gcm_align.serving.texts import Pane, Texts
    from gcm_align.types import Assessment, Evidence, Report

Reader = Annotated[Account, Depends(reader)]
Reviewer = Annotated[Account, Depends(reviewer)]


def library_of(request: Request) -> Library:
    """Return the library of the application."""
    found: Library = request.app.state.library
    return found


def entry_of(request: Request, sha256: str) -> Entry:
    """Return a document of the workspace, or "not found"."""
    entry = library_of(request).entry(sha256)
    if entry is None:
        raise HTTPException(404)
    return entry


def report_of(request: Request, sha256: str) -> Report:
    """Return the report of a document, or "not found"."""
    entry_of(request, sha256)
    report = library_of(request).report(sha256)
    if report is None:
        raise HTTPException(404, _(strings.NOT_YET))
    return report


def panes_of(request: Request, entry: Entry, item: Assessment) -> tuple[Pane, ...]:
    """Return the text around what is shown of a verdict, where there is no page to draw."""
    if entry.media_type == PDF:
        return ()
    texts: Texts = request.app.state.texts
    return texts.panes(library_of(request).path(entry), shown_passages(item))


def shown_passages(item: Assessment) -> list[Evidence]:
    """Return the passages that a verdict shows, what works against the action first."""
    return [*item.counter_evidence, *item.evidence, *filter(None, [item.nearest])]


def row_of(request: Request, report: Report, action: str) -> tuple[Row, View]:
    """Return one row of a document with the whole it belongs to."""
    view = build_view(report, library_of(request).framework)
    found = next((row for row in view.rows if row.action.id == action), None)
    if found is None:
        raise HTTPException(404)
    return found, view
