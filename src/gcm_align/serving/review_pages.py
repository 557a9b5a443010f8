"""The pages to review: one verdict at a time, the quote before what the machine made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from gcm_align.errors import GcmAlignError
from gcm_align.evaluation.agreement import ordinal_alpha
from gcm_align.figures import DocumentFigures, figures
from gcm_align.reading.sniffing import PDF
from gcm_align.reviewed import machine_report
from gcm_align.reviewing.records import DocumentKey, Review, review_of
from gcm_align.serving.accounts import Account
from gcm_align.serving.library import Entry
from gcm_align.serving.order import Task, review_order, sectors_of, still_open
from gcm_align.serving.pages import entry_of, library_of, report_of, row_of
from gcm_align.serving.rendering import page
from gcm_align.serving.security import SentForm, reader, reviewer
from gcm_align.types import Assessment, Decision, Level, Report

routes = APIRouter(include_in_schema=False)
Reader = Annotated[Account, Depends(reader)]
Reviewer = Annotated[Account, Depends(reviewer)]
LEAST_SHARED = 2  # verdicts that two people must share before their agreement is a number


@routes.get("/heatmap")
def heatmap(request: Request, _: Reader) -> Response:
    """Show objectives by documents."""
    library = library_of(request)
    columns: list[tuple[Entry, DocumentFigures]] = []
    for entry in library.entries():
        report = library.report(entry.sha256)
        if report is not None:
            columns.append((entry, figures(report, library.framework).documents[0]))
    return page(request, "heatmap.html.j2", columns=columns, framework=library.framework)


@routes.get("/documents/{sha256}/review")
def next_task(
    request: Request, sha256: str, _: Reviewer, sector: str = "", after: str = ""
) -> Response:
    """Go to the first verdict that nobody decided, or to the one after another."""
    report = report_of(request, sha256)
    tasks = review_order(report, library_of(request).framework, sector)
    ids = [task.action.id for task in tasks]
    at = ids.index(after) + 1 if after in ids else 0
    waiting = still_open(tasks[at:]) or still_open(tasks)
    if waiting:
        return RedirectResponse(
            f"/documents/{sha256}/review/{waiting[0].action.id}?sector={_known(request, sector)}",
            303,
        )
    return page(
        request, "reviewed.html.j2", entry=entry_of(request, sha256), tasks=tasks,
        agreement=agreement_words(request, report),
    )  # fmt: skip


@routes.get("/documents/{sha256}/review/{action}")
def review_page(
    request: Request, sha256: str, action: str, _: Reviewer, sector: str = ""
) -> Response:
    """Show one verdict to decide."""
    entry = entry_of(request, sha256)
    report = report_of(request, sha256)
    row, _view = row_of(request, sha256, action)
    tasks = review_order(report, library_of(request).framework, sector)
    task = next((task for task in tasks if task.action.id == action), None)
    return page(
        request,
        "review.html.j2",
        entry=entry,
        row=row,
        machine=machine_item(report, action),
        why=task.why if task else "",
        place=_place(tasks, action),
        count=len(tasks),
        left=len(still_open(tasks)),
        sector=_known(request, sector),
        sectors=sectors_of(library_of(request).framework),
        pictured=entry.media_type == PDF,
    )


@routes.post("/documents/{sha256}/review/{action}")
async def decide(
    request: Request, sha256: str, action: str, account: Reviewer, form: SentForm
) -> Response:
    """Keep a decision, or take the latest one back, and go on."""
    library = library_of(request)
    report = report_of(request, sha256)
    sector = _known(request, str(form.get("sector", "")))
    given = str(form.get("decision", ""))
    document = report.documents[0]
    back = f"/documents/{sha256}/review/{action}?sector={sector}"
    if given == "undo":
        library.reviews.undo(account.name, DocumentKey.of(document), action)
        request.app.state.accounts.record(account.name, f"undo {action}", sha256)
        return RedirectResponse(back, 303)
    try:
        review = _review(report, action, given, form, account.name)
    except GcmAlignError as error:
        words = [("", f"{error.what}: {error.expected}. {error.hint}")]
        return page(request, "refused.html.j2", code=400, refused=words, taken=[], back=back)
    library.reviews.add(review)
    request.app.state.accounts.record(account.name, f"{review.decision.value} {action}", sha256)
    if review.decision == Decision.NOTE:
        return RedirectResponse(back, 303)
    return RedirectResponse(f"/documents/{sha256}/review?sector={sector}&after={action}", 303)


def _review(
    report: Report, action: str, given: str, form: Mapping[str, Any], reviewer_name: str
) -> Review:
    """Return what a form says as a review of the machine's own verdict."""
    item = machine_item(report, action)
    level = Level(int(given)) if given in {str(int(known)) for known in Level} else None
    if level is not None:
        decision = Decision.ACCEPT if level == item.level else Decision.CHANGE
    elif given in {kind.value for kind in Decision if kind != Decision.CHANGE}:
        decision = Decision(given)
    else:
        raise HTTPException(400)
    return review_of(
        item, report.documents[0], decision, reviewer=reviewer_name, level=level,
        reason=str(form.get("reason", "")), note=str(form.get("note", "")),
    )  # fmt: skip


def machine_item(report: Report, action: str) -> Assessment:
    """Return the machine's own verdict on an action, or "not found"."""
    for item in machine_report(report).assessments:
        if item.action == action:
            return item
    raise HTTPException(404)


def _place(tasks: tuple[Task, ...], action: str) -> int:
    """Return the place of an action in the order, from 1; 0 where it is not in it."""
    return next((n for n, task in enumerate(tasks, 1) if task.action.id == action), 0)


def _known(request: Request, sector: str) -> str:
    return sector if sector in sectors_of(library_of(request).framework) else ""


def agreement_words(request: Request, report: Report) -> list[tuple[str, str, int, float | None]]:
    """Return for each two reviewers how many verdicts they share, and Krippendorff's alpha."""
    current = library_of(request).reviews.current(DocumentKey.of(report.documents[0]))
    levels: dict[str, dict[str, int]] = {}
    for action, held in current.items():
        for review in held.verdicts:
            if review.level is not None:
                levels.setdefault(review.reviewer, {})[action] = int(review.level)
    found = []
    names = sorted(levels)
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            shared = sorted(levels[one].keys() & levels[other].keys())
            pairs = (np.array([levels[name][a] for a in shared]) for name in (one, other))
            alpha = ordinal_alpha(*pairs) if len(shared) >= LEAST_SHARED else None
            found.append((one, other, len(shared), alpha))
    return found
