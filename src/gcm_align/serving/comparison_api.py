"""Comparisons for programs; see api.py."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi import Path as InPath
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from gcm_align.errors import GcmAlignError
from gcm_align.reporting.comparisons import render_comparison
from gcm_align.serving.answers import FAULTS, Reader, Writer
from gcm_align.serving.comparison_pages import comparisons_of, kept_of
from gcm_align.serving.comparisons import MOST_DOCUMENTS, Kept
from gcm_align.serving.lookups import entry_of

routes = APIRouter(prefix="/api/comparisons", responses=FAULTS)
Number = Annotated[int, InPath(ge=1, le=2**53 - 1)]
Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class ComparisonRequest(BaseModel):
    """What is to be compared, and as what."""

    mode: Literal["drafts", "documents", "countries"]
    documents: list[Digest] = Field(max_length=MOST_DOCUMENTS)
    title: str = Field("", max_length=120)


class ComparisonAnswer(BaseModel):
    """A comparison that is kept."""

    id: int
    mode: str
    title: str
    made_by: str
    made: str
    documents: list[str]
    redone: list[str] = Field(description="Documents that were assessed again since.")


@routes.get("")
def comparisons(request: Request, _reader: Reader) -> list[ComparisonAnswer]:
    """List the comparisons of the workspace, the latest first."""
    return [_answer(kept) for kept in comparisons_of(request).all()]


@routes.post("", status_code=201)
def add_comparison(request: Request, account: Writer, body: ComparisonRequest) -> ComparisonAnswer:
    """Keep a comparison of documents; two drafts stand in the order of their upload."""
    for sha256 in body.documents:
        entry_of(request, sha256)
    try:
        kept = comparisons_of(request).add(
            body.mode, body.documents, title=body.title, user=account.name
        )
    except GcmAlignError as error:
        raise HTTPException(400, f"{error.what}. {error.hint}") from error
    request.app.state.accounts.record(account.name, f"compare {kept.mode}", f"{kept.id}")
    return _answer(kept)


@routes.get("/{number}")
def comparison(request: Request, number: Number, _reader: Reader) -> ComparisonAnswer:
    """Return one comparison."""
    return _answer(kept_of(request, number))


@routes.delete("/{number}")
def remove_comparison(request: Request, number: Number, account: Writer) -> dict[str, bool]:
    """Remove a comparison; its documents stay."""
    kept_of(request, number)
    removed = comparisons_of(request).remove(number)
    request.app.state.accounts.record(account.name, "remove comparison", f"{number}")
    return {"removed": removed}


@routes.get("/{number}/exports/{form}")
def export_comparison(
    request: Request, number: Number, form: Literal["html", "xlsx", "csv"], _reader: Reader
) -> Response:
    """Return a comparison as the command line writes it."""
    kept = kept_of(request, number)
    made = render_comparison(comparisons_of(request).made_of(kept.mode, kept.documents))
    headers = {"Content-Disposition": f'attachment; filename="comparison.{form}"'}
    content = made[f"comparison.{form}"]
    return Response(content, media_type="application/octet-stream", headers=headers)


def _answer(kept: Kept) -> ComparisonAnswer:
    return ComparisonAnswer(
        id=kept.id, mode=kept.mode, title=kept.title, made_by=kept.made_by, made=kept.made,
        documents=[entry.sha256 for entry in kept.documents],
        redone=[entry.sha256 for entry in kept.redone],
    )  # fmt: skip
