"""The pages to upload and to see: workspace, matrix, one action with its page, exports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from markupsafe import escape
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response, StreamingResponse

from gcm_align.artifacts import examples_path
from gcm_align.coverage import NEEDS_REVIEW
from gcm_align.reading.sniffing import PDF
from gcm_align.reporting.view import Row, View, build_view
from gcm_align.serving import strings
from gcm_align.serving.accounts import Account
from gcm_align.serving.exports import export_forms, exported
from gcm_align.serving.library import Entry, Library, Run
from gcm_align.serving.order import sectors_of
from gcm_align.serving.rendering import page
from gcm_align.serving.security import REPORT_POLICY, SentForm, reader, reviewer
from gcm_align.serving.uploads import Taken, take

if TYPE_CHECKING:
    from gcm_align.serving.texts import Pane, Texts
    from gcm_align.types import Assessment, Box, Evidence, Report

routes = APIRouter(include_in_schema=False)
Reader = Annotated[Account, Depends(reader)]
Reviewer = Annotated[Account, Depends(reviewer)]
LOOK_SECONDS = 0.5  # between two looks at a run's progress


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
        raise HTTPException(404, strings.NOT_YET)
    return report


@routes.get("/")
def workspace(request: Request, _: Reader) -> Response:
    """Show all documents and what is under way."""
    entries = library_of(request).entries()
    countries = sorted({entry.country for entry in entries})
    return page(
        request, "workspace.html.j2", entries=entries, countries=countries,
        comparisons=request.app.state.comparisons.all(),
    )  # fmt: skip


@routes.post("/upload")
async def upload(request: Request, account: Reviewer, form: SentForm) -> Response:
    """Keep what was uploaded; a file that cannot be taken does not stop the others."""
    library = library_of(request)
    came = Taken()
    for item in form.getlist("files"):
        if not isinstance(item, UploadFile) or not item.filename:
            continue
        data = await item.read()
        came.add(
            await run_in_threadpool(
                take, library, data, item.filename,
                country=str(form.get("country", "")), status=str(form.get("status", "draft")),
                user=account.name,
            )
        )  # fmt: skip
    for entry in came.entries:
        request.app.state.accounts.record(account.name, "upload", entry.sha256)
    if came.refused or not came.entries:
        values = {"refused": came.refused, "taken": came.entries}
        return page(request, "refused.html.j2", code=400, **values)
    return RedirectResponse("/", 303)


@routes.post("/example")
async def example(request: Request, account: Reviewer, _: SentForm) -> Response:
    """Add an invented policy, so that there is something to look at."""
    path = examples_path("policies", "norland-labour-migration-policy.md")
    entry = await run_in_threadpool(
        library_of(request).add, path.read_bytes(), path.name,
        country="Norland (invented)", status="draft", user=account.name,
    )  # fmt: skip
    request.app.state.accounts.record(account.name, "example", entry.sha256)
    return RedirectResponse("/", 303)


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


@routes.post("/runs/{number}/cancel")
async def cancel(request: Request, number: int, account: Reviewer, _: SentForm) -> Response:
    """End a run."""
    if library_of(request).run(number) is None:
        raise HTTPException(404)
    library_of(request).cancel(number)
    request.app.state.accounts.record(account.name, "cancel", str(number))
    return RedirectResponse("/", 303)


@routes.get("/events")
async def events(request: Request, _: Reader) -> Response:
    """Tell how all runs stand until none waits: one stream, for browsers allow only a few."""
    library = library_of(request)

    async def told() -> AsyncIterator[str]:
        last: dict[int, str] = {}
        over: set[int] = set()
        while not await request.is_disconnected():
            runs = await run_in_threadpool(library.latest_runs)
            for run in runs:
                words = run_words(run)
                if last.get(run.id) != words:
                    yield f"event: run-{run.id}\ndata: {escape(words)}\n\n"
                    last[run.id] = words
                if not run.waits and run.id not in over:
                    yield f"event: over-{run.id}\ndata: .\n\n"
                    over.add(run.id)
            if not any(run.waits for run in runs):
                yield "event: finished\ndata: .\n\nevent: ended\ndata: .\n\n"
                return
            await asyncio.sleep(LOOK_SECONDS)

    return StreamingResponse(told(), media_type="text/event-stream")


def run_words(run: Run) -> str:
    """Say where a run stands."""
    words = strings.STATES[run.state]
    if run.state == "running":
        words += f": {strings.STAGES.get(run.stage, run.stage)}"
        if run.total > 1:
            words += f" {run.done} of {run.total}"
    return words


@routes.get("/documents/{sha256}")
def matrix(
    request: Request,
    sha256: str,
    _: Reader,
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
def row_page(request: Request, sha256: str, action: str, _: Reader) -> Response:
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


def panes_of(request: Request, entry: Entry, item: Assessment) -> tuple[Pane, ...]:
    """Return the text around what is shown of a verdict, where there is no page to draw."""
    if entry.media_type == PDF:
        return ()
    texts: Texts = request.app.state.texts
    return texts.panes(library_of(request).path(entry), _shown(item))


def _shown(item: Assessment) -> list[Evidence]:
    """Return the passages that a verdict shows, what works against the action first."""
    return [*item.counter_evidence, *item.evidence, *filter(None, [item.nearest])]


def row_of(request: Request, report: Report, action: str) -> tuple[Row, View]:
    """Return one row of a document with the whole it belongs to."""
    view = build_view(report, library_of(request).framework)
    found = next((row for row in view.rows if row.action.id == action), None)
    if found is None:
        raise HTTPException(404)
    return found, view


@routes.get("/documents/{sha256}/pages/{number}.png")
def picture(request: Request, sha256: str, number: int, _: Reader, action: str = "") -> Response:
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
    shown = [evidence for item in items for evidence in _shown(item)]
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
