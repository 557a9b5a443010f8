"""What programs send and are told, as OpenAPI describes it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from fastapi import Path as InPath
from pydantic import BaseModel, Field

from gcm_align.serving.accounts import Account
from gcm_align.serving.library import Entry, Run
from gcm_align.serving.security import token_reader, token_writer
from gcm_align.types import Decision

FAULTS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The content cannot be taken; the answer says why."},
    401: {"description": "A token is needed."},
    403: {"description": "The token may read, not change."},
    404: {"description": "There is no such document, run or action."},
    413: {"description": "The request is too large."},
}
Reader = Annotated[Account, Depends(token_reader)]
Writer = Annotated[Account, Depends(token_writer)]
Sha256 = Annotated[str, InPath(pattern="^[0-9a-f]{64}$")]
RunNumber = Annotated[int, InPath(ge=1, le=2**53)]
ActionId = Annotated[str, InPath(max_length=20)]


class RunAnswer(BaseModel):
    """A run as it stands."""

    id: int
    document: str
    state: str
    stage: str
    done: int
    total: int
    message: str


class DocumentAnswer(BaseModel):
    """A document with its latest run."""

    sha256: str
    name: str
    country: str
    status: str
    media_type: str
    size: int
    assessed: bool
    run: RunAnswer | None


class RefusedAnswer(BaseModel):
    """A file that was not taken, and why."""

    name: str
    why: str


class ArchiveAnswer(BaseModel):
    """What came of an archive."""

    documents: list[DocumentAnswer]
    refused: list[RefusedAnswer]


class ReviewRequest(BaseModel):
    """A decision on the machine's verdict."""

    decision: Decision
    level: int | None = Field(None, ge=0, le=4)
    reason: str = Field("", max_length=2000)
    note: str = Field("", max_length=2000)


def document_answer(entry: Entry) -> DocumentAnswer:
    """Return a document as programs are told of it."""
    return DocumentAnswer(
        sha256=entry.sha256, name=entry.name, country=entry.country, status=entry.status,
        media_type=entry.media_type, size=entry.size, assessed=entry.assessed,
        run=run_answer(entry.run) if entry.run else None,
    )  # fmt: skip


def run_answer(run: Run) -> RunAnswer:
    """Return a run as programs are told of it."""
    return RunAnswer(
        id=run.id, document=run.sha256, state=run.state, stage=run.stage, done=run.done,
        total=run.total, message=run.message,
    )  # fmt: skip
