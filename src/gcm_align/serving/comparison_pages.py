"""The pages of comparisons: made from the workspace, kept, opened by a link, handed out."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from gcm_align.errors import GcmAlignError
from gcm_align.reporting.compare_html import comparison_values
from gcm_align.reporting.comparisons import render_comparison
from gcm_align.serving import strings
from gcm_align.serving.comparisons import Comparisons, Kept
from gcm_align.serving.document_pages import handed_out
from gcm_align.serving.lookups import Reader, Reviewer, library_of
from gcm_align.serving.rendering import page
from gcm_align.serving.security import SentForm
from gcm_align.translating import gettext as _

FORMS = ("html", "xlsx", "csv")  # what the command line writes
routes = APIRouter(include_in_schema=False)


def comparisons_of(request: Request) -> Comparisons:
    """Return the comparisons of the application."""
    found: Comparisons = request.app.state.comparisons
    return found


def kept_of(request: Request, number: int) -> Kept:
    """Return a comparison, or "not found"."""
    found = comparisons_of(request).get(number) if number < 2**53 else None
    if found is None:
        raise HTTPException(404)
    return found


@routes.get("/compare")
def compare(
    request: Request, account: Reader, mode: str = "drafts", form: str = "html"
) -> Response:
    """Compare documents that were chosen in the workspace, without keeping it: readers may."""
    chosen = library_of(request).in_order(request.query_params.getlist("document"))
    if not all(entry.assessed for entry in chosen):
        raise HTTPException(404, _(strings.NOT_YET))
    try:
        made = render_comparison(comparisons_of(request).made_of(mode, chosen))
    except GcmAlignError as error:
        return _refused(request, error)
    name = f"comparison.{form}"
    if name not in made:
        raise HTTPException(404)
    request.app.state.accounts.record(
        account.name, f"compare {mode}", " ".join(entry.sha256 for entry in chosen)
    )
    return handed_out(name, made[name])


@routes.post("/comparisons")
async def keep(request: Request, account: Reviewer, form: SentForm) -> Response:
    """Keep a comparison of the documents that were chosen, and show it."""
    try:
        kept = await run_in_threadpool(
            comparisons_of(request).add, str(form.get("mode", "")),
            [str(sha256) for sha256 in form.getlist("document")],
            title=str(form.get("title", "")), user=account.name,
        )  # fmt: skip
    except GcmAlignError as error:
        return _refused(request, error)
    request.app.state.accounts.record(account.name, f"compare {kept.mode}", f"{kept.id}")
    return RedirectResponse(f"/comparisons/{kept.id}", 303)


@routes.get("/comparisons/{number}")
def comparison_page(request: Request, number: int, _reader: Reader) -> Response:
    """Show a comparison with what its documents say now."""
    kept = kept_of(request, number)
    made = comparisons_of(request).made_of(kept.mode, kept.documents)
    values = comparison_values(made)
    return page(request, "comparison.html.j2", kept=kept, forms=FORMS, frame="div", **values)


@routes.get("/comparisons/{number}/export/{form}")
def export_comparison(request: Request, number: int, form: str, account: Reader) -> Response:
    """Hand out a comparison in one form."""
    kept = kept_of(request, number)
    if form not in FORMS:
        raise HTTPException(404)
    made = render_comparison(comparisons_of(request).made_of(kept.mode, kept.documents))
    request.app.state.accounts.record(account.name, f"export comparison {form}", f"{number}")
    return handed_out(f"comparison.{form}", made[f"comparison.{form}"])


@routes.post("/comparisons/{number}/renew")
async def renew(request: Request, number: int, account: Reviewer, _form: SentForm) -> Response:
    """Take the runs that there are now for those of the comparison."""
    kept_of(request, number)
    comparisons_of(request).renew(number)
    request.app.state.accounts.record(account.name, "renew comparison", f"{number}")
    return RedirectResponse(f"/comparisons/{number}", 303)


@routes.post("/comparisons/{number}/remove")
async def remove(request: Request, number: int, account: Reviewer, _form: SentForm) -> Response:
    """Remove a comparison; its documents stay."""
    kept_of(request, number)
    comparisons_of(request).remove(number)
    request.app.state.accounts.record(account.name, "remove comparison", f"{number}")
    return RedirectResponse("/#comparisons", 303)


def _refused(request: Request, error: GcmAlignError) -> Response:
    words = [("", f"{error.what}. {error.hint}")]
    return page(request, "refused.html.j2", code=400, refused=words, taken=[])
