"""The same for programs: JSON over HTTP, described by OpenAPI, with tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, HTTPException, Query, Request, UploadFile
from fastapi import Path as InPath
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from gcm_align.errors import GcmAlignError
from gcm_align.reading.collecting import PACKED
from gcm_align.record_values import plain
from gcm_align.reviewing.records import DocumentKey, review_of
from gcm_align.serving import strings
from gcm_align.serving.answers import (
    FAULTS,
    ActionId,
    ArchiveAnswer,
    DocumentAnswer,
    Reader,
    RefusedAnswer,
    ReviewRequest,
    RunAnswer,
    RunNumber,
    Sha256,
    Writer,
    document_answer,
    run_answer,
)
from gcm_align.serving.exports import export_forms, exported
from gcm_align.serving.lookups import entry_of, library_of, report_of
from gcm_align.serving.review_pages import machine_item
from gcm_align.serving.uploads import take
from gcm_align.translating import gettext as _
from gcm_align.types import Level

routes = APIRouter(prefix="/api", responses=FAULTS)


@routes.get("/documents")
def documents(request: Request, _reader: Reader) -> list[DocumentAnswer]:
    """List the documents of the workspace."""
    return [document_answer(entry) for entry in library_of(request).entries()]


@routes.post("/documents", status_code=201)
async def add_document(
    request: Request,
    account: Writer,
    file: Annotated[UploadFile, File()],
    country: Annotated[str, Form(max_length=120)] = "",
    status: Annotated[str, Form(pattern="^(in force|draft)$")] = "draft",
) -> DocumentAnswer:
    """Upload a document; its assessment is queued. The same bytes are kept once."""
    data = await file.read()
    if data.startswith(b"PK\x03\x04") and not (file.filename or "").lower().endswith(PACKED):
        raise HTTPException(400, _(strings.UPLOAD_ARCHIVES))
    try:
        entry = await run_in_threadpool(
            library_of(request).add, data, file.filename or "document",
            country=country, status=status, user=account.name,
        )  # fmt: skip
    except GcmAlignError as error:
        raise HTTPException(400, f"{error.what}. {error.hint}") from error
    request.app.state.accounts.record(account.name, "upload", entry.sha256)
    return document_answer(entry)


@routes.post("/archives", status_code=201)
async def add_archive(
    request: Request,
    account: Writer,
    file: Annotated[UploadFile, File()],
    country: Annotated[str, Form(max_length=120)] = "",
    status: Annotated[str, Form(pattern="^(in force|draft)$")] = "draft",
) -> ArchiveAnswer:
    """Upload a ZIP of documents; each is queued. What is refused stops no other."""
    came = await run_in_threadpool(
        take, library_of(request), await file.read(), file.filename or "archive.zip",
        country=country, status=status, user=account.name,
    )  # fmt: skip
    for entry in came.entries:
        request.app.state.accounts.record(account.name, "upload", entry.sha256)
    return ArchiveAnswer(
        documents=[document_answer(entry) for entry in came.entries],
        refused=[RefusedAnswer(name=name, why=why) for name, why in came.refused],
    )


@routes.get("/documents/{sha256}")
def document(request: Request, sha256: Sha256, _reader: Reader) -> DocumentAnswer:
    """Return one document."""
    return document_answer(entry_of(request, sha256))


@routes.get("/documents/{sha256}/assessments")
def assessments(
    request: Request,
    sha256: Sha256,
    _reader: Reader,
    objective: Annotated[str, Query(max_length=20)] = "",
    level: Annotated[int | None, Query(ge=0, le=4)] = None,
    needs_review: bool = False,
) -> Response:
    """Return the verdicts of a document with their evidence, as report.json holds them."""
    report = report_of(request, sha256)
    framework = library_of(request).framework
    found = [
        plain(item)
        for item in report.assessments
        if (not objective or framework.action(item.action).objective == objective)
        and (level is None or (item.level is not None and int(item.level) == level))
        and (not needs_review or item.level is None)
    ]
    return JSONResponse(found)


@routes.get("/documents/{sha256}/assessments/{action}")
def assessment(request: Request, sha256: Sha256, action: ActionId, _reader: Reader) -> Response:
    """Return the verdict on one action."""
    for item in report_of(request, sha256).assessments:
        if item.action == action:
            return JSONResponse(plain(item))
    raise HTTPException(404, _("There is no such action."))


@routes.post("/documents/{sha256}/assessments/{action}/reviews", status_code=201)
def add_review(
    request: Request, sha256: Sha256, action: ActionId, account: Writer, body: ReviewRequest
) -> dict[str, str]:
    """Keep a decision of the token's user."""
    report = report_of(request, sha256)
    level = None if body.level is None else Level(body.level)
    try:
        review = review_of(
            machine_item(report, action), report.documents[0], body.decision,
            reviewer=account.name, level=level, reason=body.reason, note=body.note,
        )  # fmt: skip
    except GcmAlignError as error:
        raise HTTPException(400, f"{error.what}: {error.expected}.") from error
    library_of(request).reviews.add(review)
    request.app.state.accounts.record(account.name, f"{review.decision.value} {action}", sha256)
    return {"decision": review.decision.value, "at": review.at}


@routes.delete("/documents/{sha256}/assessments/{action}/reviews")
def undo_review(
    request: Request, sha256: Sha256, action: ActionId, account: Writer
) -> dict[str, bool]:
    """Take back the latest decision of the token's user."""
    key = DocumentKey.of(report_of(request, sha256).documents[0])
    undone = library_of(request).reviews.undo(account.name, key, action)
    request.app.state.accounts.record(account.name, f"undo {action}", sha256)
    return {"undone": undone is not None}


@routes.get("/documents/{sha256}/exports/{form}")
def export(
    request: Request, sha256: Sha256, form: Annotated[str, InPath(max_length=40)], _reader: Reader
) -> Response:
    """Return the report in one form; several files come as a ZIP."""
    entry = entry_of(request, sha256)
    made = exported(library_of(request), entry, report_of(request, sha256), form)
    if made is None:
        raise HTTPException(
            404, _("The forms are {forms}.").format(forms=", ".join(export_forms(entry)))
        )
    headers = {"Content-Disposition": f'attachment; filename="{made[0]}"'}
    return Response(made[1], media_type="application/octet-stream", headers=headers)


@routes.post("/documents/{sha256}/runs", status_code=201)
def add_run(request: Request, sha256: Sha256, account: Writer) -> RunAnswer:
    """Ask for another assessment; one that is under way is returned instead."""
    entry_of(request, sha256)
    run = library_of(request).run(library_of(request).ask(sha256))
    assert run is not None
    request.app.state.accounts.record(account.name, "assess", sha256)
    return run_answer(run)


@routes.get("/runs/{number}")
def run_state(request: Request, number: RunNumber, _reader: Reader) -> RunAnswer:
    """Return how far a run is."""
    run = library_of(request).run(number)
    if run is None:
        raise HTTPException(404, _("There is no such run."))
    return run_answer(run)


@routes.delete("/runs/{number}")
def cancel_run(request: Request, number: RunNumber, account: Writer) -> RunAnswer:
    """Cancel a run."""
    library = library_of(request)
    if library.run(number) is None:
        raise HTTPException(404, _("There is no such run."))
    library.cancel(number)
    request.app.state.accounts.record(account.name, "cancel", str(number))
    run = library.run(number)
    assert run is not None
    return run_answer(run)
