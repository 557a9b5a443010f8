"""What comes of a document: its verdicts, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gcm_align.checking.verdicts import DocumentVerdicts, from_plain, to_plain
from gcm_align.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Why a document was not assessed, as a reader of any copy of it would be told."""

    error: str
    message: str


Outcome = DocumentVerdicts | Unread


def unread(document: DocumentVerdicts) -> Unread | None:
    """Say why nothing can be claimed of a document that was opened, or None."""
    if document.share_read == 0:
        message = f"None of its {document.pages} pages gave text; it may be a scan."
        return Unread(error="NoTextError", message=message)
    # Where pages are missing every verdict may need review too, and yet something was read.
    whole = document.share_read >= Settings().gap_min_share_read
    if whole and document.verdicts and all(v.level is None for v in document.verdicts):
        return Unread(error="NotAssessed", message=document.verdicts[0].reason)
    return None


def encode(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as plain values."""
    if isinstance(outcome, Unread):
        return {"unread": [outcome.error, outcome.message]}
    return {"read": to_plain(outcome)}


def decode(data: dict[str, Any]) -> Outcome:
    """Return the outcome that :func:`encode` wrote."""
    if "unread" in data:
        error, message = data["unread"]
        return Unread(error=error, message=message)
    return from_plain(data["read"])
