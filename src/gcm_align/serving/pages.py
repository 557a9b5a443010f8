"""The pages of the workspace: what is there, what comes in, what is under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, HTTPException, Request
from markupsafe import escape
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response, StreamingResponse

from gcm_align.artifacts import examples_path
from gcm_align.serving import strings
from gcm_align.serving.library import Run
from gcm_align.serving.lookups import Reader, Reviewer, library_of
from gcm_align.serving.rendering import page
from gcm_align.serving.security import SentForm
from gcm_align.serving.uploads import Taken, take
from gcm_align.translating import gettext as _

routes = APIRouter(include_in_schema=False)
LOOK_SECONDS = 0.5  # between two looks at a run's progress


@routes.get("/")
def workspace(request: Request, _reader: Reader) -> Response:
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
async def example(request: Request, account: Reviewer, _form: SentForm) -> Response:
    """Add an invented policy, so that there is something to look at."""
    path = examples_path("policies", "norland-labour-migration-policy.md")
    entry = await run_in_threadpool(
        library_of(request).add, path.read_bytes(), path.name,
        country="Norland (invented)", status="draft", user=account.name,
    )  # fmt: skip
    request.app.state.accounts.record(account.name, "example", entry.sha256)
    return RedirectResponse("/", 303)


@routes.post("/runs/{number}/cancel")
async def cancel(request: Request, number: int, account: Reviewer, _form: SentForm) -> Response:
    """End a run."""
    if library_of(request).run(number) is None:
        raise HTTPException(404)
    library_of(request).cancel(number)
    request.app.state.accounts.record(account.name, "cancel", str(number))
    return RedirectResponse("/", 303)


@routes.get("/events")
async def events(request: Request, _reader: Reader) -> Response:
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
    state = _(strings.STATES[run.state])
    if run.state != "running":
        return state
    stage = _(strings.STAGES.get(run.stage, run.stage))
    if run.total <= 1:
        return _("{state}: {stage}").format(state=state, stage=stage)
    return _("{state}: {stage} {done} of {total}").format(
        state=state, stage=stage, done=run.done, total=run.total
    )
