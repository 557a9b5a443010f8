"""The rows of a store as a table for people and programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from gcm_align.reporting.tables import inert
from gcm_align.reviewing.records import Review, StoredReview

COLUMNS = (
    *("number", "document", "sha256", "action", "machine_level", "decision", "level", "reason"),
    *("note", "reviewer", "at", "undoes", "undone_by"),
)


def history_csv(rows: Sequence[StoredReview]) -> str:
    """Return every row of a store, the undone and the undoing too, as CSV without formulas."""
    undone = {row.undoes: row.number for row in rows if row.undoes}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        review = row.review
        cells = (
            *(row.number, review.document.name, review.document.sha256, review.action_id),
            *(_level(review.machine_level), review.decision.value, _level(review.level)),
            *(review.reason, review.note, review.reviewer, review.at),
            *(row.undoes or "", undone.get(row.number, "")),
        )
        writer.writerow([inert(cell) for cell in cells])
    return text.getvalue()


def review_line(review: Review) -> str:
    """Return a review as one line of a terminal."""
    level = "" if review.level is None else f" {review.level:d} {review.level.label}"
    words = "; ".join(part for part in (review.reason, review.note) if part)
    decision = review.decision.value.replace("_", " ")
    line = f"{review.document.name}  {review.action_id}  {decision}{level}  {review.reviewer}"
    # No sign of a text or a name steers the terminal.
    whole = f"{line}, {review.at[:10]}" + (f": {words}" if words else "")
    return "".join(c if c.isprintable() else " " for c in whole)


def _level(level: int | None) -> int | str:
    return "" if level is None else int(level)
