"""Reviews: what analysts decide on the machine's verdicts, kept and put back on reports."""

from __future__ import annotations

from gcm_align.reviewing.records import (
    Decision,
    DocumentKey,
    Review,
    StandingReviews,
    StoredReview,
    evidence_digest,
    review_of,
)
from gcm_align.reviewing.store import ReviewStore, default_store_path

__all__ = [
    "Decision",
    "DocumentKey",
    "Review",
    "ReviewStore",
    "StandingReviews",
    "StoredReview",
    "default_store_path",
    "evidence_digest",
    "review_of",
]
