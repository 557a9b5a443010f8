"""The pages of one document: its matrix, one action with its page, exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from gcm_align.coverage import NEEDS_REVIEW
from gcm_align.reading.sniffing import PDF
from gcm_align.reporting.view import Row, build_view
from gcm_align.serving.exports import export_forms, exported
from gcm_align.serving.lookups import (
    Reader,
    Reviewer,
    entry_of,
    library_of,
    panes_of,
    report_of,
    row_of,
    shown_passages,
)  # fmt: skip
from gcm_align.serving.order import sectors_of
from gcm_align.serving.rendering import page
from gcm_align.serving.security import REPORT_POLICY, SentForm

if TYPE_CHECKING:
    from gcm_align.types import Box, Report

routes = APIRouter(include_in_schema=False)


@routes.get("/documents/{sha256}")
def matrix(
    request: Request,
    sha256: str,
    _reader: Reader,
    text: str = "",
    state: str = "",
    objective: str = "",
    sector: str = "",
    table: str = "",
    flag: str = "",
) -> Response:
    """Show the figures and the rows of one document, as far as they are asked for."""
    entry = entry_of(request, sha256)
    report = library_of(request).report(sha256)
    if report is None:
        return page(request, "waiting.html.j2", entry=entry)
    framework = library_of(request).framework
    view = build_view(report, framework)
    asked = {
        "text": text, "state": state, "objective": objective, "sector": sector, "table": table,
        "flag": flag,
    }  # fmt: skip
    return page(
        request,
        # A filter that is being set asks for the rows alone.
        "found.html.j2" if request.headers.get("hx-target") == "found" else "matrix.html.j2",
        entry=entry,
        report=report,
        view=view,
        rows=[row for row in view.rows if _asked_for(row, asked, request)],
        asked=asked,
        sectors=sectors_of(framework),
        framework=framework,
        exports=export_forms(entry),
        agreement=library_of(request).agreement(report),
    )


def _asked_for(row: Row, asked: dict[str, str], request: Request) -> bool:
    """Say whether a row passes every filter."""
    framework = library_of(request).framework
    table = framework.objective(row.action.objective).round_table
    led_by = row.action.applicability.sectors if row.action.applicability else ()
    quotes = (*row.item.evidence, *row.item.counter_evidence)
    words = f"{row.action.id} {row.action.text} {' '.join(e.context for e in quotes)}".casefold()
    return all(
        (
            not asked["state"] or row.state.key == asked["state"],
            not asked["objective"] or row.action.objective == asked["objective"],
            not asked["sector"] or asked["sector"] in led_by,
            not asked["table"] or str(table) == asked["table"],
            not asked["flag"] or row.item.contradiction.value != "",
            all(word in words for word in asked["text"].casefold().split()),
        )
    )


@routes.get("/documents/{sha256}/actions/{action}")
def row_page(request: Request, sha256: str, action: str, _reader: Reader) -> Response:
    """Show one verdict: evidence beside its page, and why."""
    entry = entry_of(request, sha256)
    row, view = row_of(request, report_of(request, sha256), action)
    ids = [item.action.id for item in view.rows]
    place = ids.index(action)
    return page(
        request,
        "row.page.html.j2",
        entry=entry,
        row=row,
        pictured=entry.media_type == PDF,
        panes=panes_of(request, entry, row.item),
        before=ids[place - 1] if place else "",
        after=ids[place + 1] if place + 1 < len(ids) else "",
        needs_review=NEEDS_REVIEW,
    )


@routes.get("/documents/{sha256}/pages/{number}.png")
def picture(
    request: Request, sha256: str, number: int, _reader: Reader, action: str = ""
) -> Response:
    """Draw a page, with what is quoted from it for an action marked."""
    entry = entry_of(request, sha256)
    report = report_of(request, sha256)
    if entry.media_type != PDF or not 1 <= number <= report.documents[0].quality.pages:
        raise HTTPException(404)
    path = library_of(request).path(entry)
    drawn = request.app.state.pictures.page(path, sha256, number, _boxes(report, action))
    return Response(drawn, media_type="image/png")


def _boxes(report: Report, action: str) -> list[Box]:
    items = [item for item in report.assessments if item.action == action]
    shown = [evidence for item in items for evidence in shown_passages(item)]
    return [box for evidence in shown for box in evidence.boxes]


@routes.get("/documents/{sha256}/export/{form}")
def export(request: Request, sha256: str, form: str, account: Reader) -> Response:
    """Hand out a report in one form, with the reviews; several files come as a ZIP."""
    entry = entry_of(request, sha256)
    report = report_of(request, sha256)
    made = exported(library_of(request), entry, report, form)
    if made is None:
        raise HTTPException(404)
    request.app.state.accounts.record(account.name, f"export {form}", sha256)
    return handed_out(*made)


def handed_out(name: str, content: bytes) -> Response:
    """Return a file; pages are shown without any right of ours, the rest is saved."""
    if name.endswith(".html"):
        headers = {"Content-Security-Policy": REPORT_POLICY}
        return Response(content, media_type="text/html; charset=utf-8", headers=headers)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


@routes.post("/documents/{sha256}/describe")
async def describe(request: Request, sha256: str, account: Reviewer, form: SentForm) -> Response:
    """Change country and status."""
    entry = entry_of(request, sha256)
    library_of(request).describe(
        entry.sha256,
        country=str(form.get("country", "")),
        status=str(form.get("status", entry.status)),
    )
    request.app.state.accounts.record(account.name, "describe", sha256)
    return RedirectResponse(f"/documents/{sha256}", 303)


@routes.post("/documents/{sha256}/assess")
async def assess_again(
    request: Request, sha256: str, account: Reviewer, form: SentForm
) -> Response:
    """Ask for another run."""
    entry_of(request, sha256)
    library_of(request).ask(sha256)
    request.app.state.accounts.record(account.name, "assess", sha256)
    return RedirectResponse("/", 303)
