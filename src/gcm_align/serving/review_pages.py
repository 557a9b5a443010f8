"""The pages to review: one verdict at a time, the quote before what the machine made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from gcm_align.errors import GcmAlignError
from gcm_align.figures import DocumentFigures, figures
from gcm_align.reading.sniffing import PDF
from gcm_align.reviewed import machine_report
from gcm_align.reviewing.records import DocumentKey, Review, review_of
from gcm_align.serving import strings
from gcm_align.serving.library import Entry
from gcm_align.serving.lookups import (
    Reader,
    Reviewer,
    entry_of,
    library_of,
    panes_of,
    report_of,
    row_of,
)  # fmt: skip
from gcm_align.serving.order import Task, review_order, sectors_of, still_open
from gcm_align.serving.rendering import page
from gcm_align.serving.security import SentForm
from gcm_align.translating import gettext as _
from gcm_align.types import Assessment, Decision, Level, Report

routes = APIRouter(include_in_schema=False)


@routes.get("/heatmap")
def heatmap(request: Request, _reader: Reader) -> Response:
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
    request: Request, sha256: str, account: Reviewer, sector: str = "", after: str = ""
) -> Response:
    """Go to the first verdict that this reviewer has not decided, or to the one after another."""
    report = report_of(request, sha256)
    sector = _known(request, sector)
    tasks = review_order(report, library_of(request).framework, sector)
    decided = _decided_by(request, report, account.name)
    ids = [task.action.id for task in tasks]
    at = ids.index(after) + 1 if after in ids else 0
    waiting = still_open(tasks[at:], decided) or still_open(tasks, decided)
    if waiting:
        where = f"/documents/{sha256}/review/{waiting[0].action.id}?sector={sector}"
        return RedirectResponse(where, 303)
    return page(
        request,
        "reviewed.html.j2",
        entry=entry_of(request, sha256),
        tasks=tasks,
        agreement=library_of(request).agreement(report),
    )


@routes.get("/documents/{sha256}/review/{action}")
def review_page(
    request: Request, sha256: str, action: str, account: Reviewer, sector: str = ""
) -> Response:
    """Show one verdict to decide."""
    entry = entry_of(request, sha256)
    report = report_of(request, sha256)
    row, _ = row_of(request, report, action)
    sector = _known(request, sector)
    tasks = review_order(report, library_of(request).framework, sector)
    decided = _decided_by(request, report, account.name)
    return page(
        request,
        "review.html.j2",
        entry=entry,
        row=row,
        machine=machine_item(report, action),
        # Who has not decided yet must not be led by those who have.
        reviews=row.reviews if action in decided else (),
        why=next((task.why for task in tasks if task.action.id == action), ""),
        place=_place(tasks, action),
        count=len(tasks),
        left=len(still_open(tasks, decided)),
        sector=sector,
        sectors=sectors_of(library_of(request).framework),
        pictured=entry.media_type == PDF,
        panes=panes_of(request, entry, machine_item(report, action)),
        differing=_differing(request, report, account.name),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An action on which another reviewer gave another level."""

    action: str
    words: str


def _differing(request: Request, report: Report, name: str) -> list[Difference]:
    """Return where others decided otherwise than this reviewer; nobody is told before deciding."""
    return [
        Difference(
            action=action,
            words=_(strings.DIFFERS).format(
                action=action, other=pair.second if pair.first == name else pair.first,
                theirs=_(Level(second if pair.first == name else first).label),
                own=_(Level(first if pair.first == name else second).label),
            ),
        )
        for pair in library_of(request).agreement(report)
        if name in (pair.first, pair.second)
        for _n, action, first, second in pair.differing
    ]  # fmt: skip


def _decided_by(request: Request, report: Report, reviewer_name: str) -> set[str]:
    """Return the actions that somebody has decided."""
    current = library_of(request).reviews.current(DocumentKey.of(report.documents[0]))
    return {
        action
        for action, held in current.items()
        if any(review.reviewer == reviewer_name for review in held.verdicts)
    }


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
