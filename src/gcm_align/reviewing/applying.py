"""Reviews put on a report: those that hold decide the level, those in doubt are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gcm_align.reviewed import counting, decided, machine_report, marks_of
from gcm_align.reviewing.records import (
    DocumentKey,
    Review,
    StandingReviews,
    evidence_digest,
    leading_quotes,
)
from gcm_align.reviewing.store import ReviewStore, standing
from gcm_align.types import Assessment, DocumentSummary, Report, ReviewMark


def apply_reviews(
    report: Report, store: ReviewStore, successors: Mapping[str, str] | None = None
) -> Report:
    """
    Put the reviews of a store on a report.

    The latest verdict of any reviewer counts in place of the machine's level. Reviews of the
    same bytes or the same text hold. Those of an earlier text (of the same name, or of the
    one that it follows) hold where the evidence is unchanged; else they are marked suspect,
    shown, and not counted.

    Args:
        report: With or without reviews; earlier marks are replaced.
        store: The reviews.
        successors: The name of the earlier document by the name of the one that follows it.

    Returns:
        The report with ``reviews``, by document, action and age.
    """
    base = machine_report(report)
    marks: list[ReviewMark] = []
    for document in base.documents:
        earlier = (document.name, (successors or {}).get(document.name, ""))
        known = _known(store, document, tuple(dict.fromkeys(name for name in earlier if name)))
        for item in base.assessments:
            if item.document_id == document.id and item.action in known:
                marks += _marks(item, document, known[item.action])
    held = replace(base, reviews=tuple(marks))
    by_pair = marks_of(held)

    def reviewed(item: Assessment) -> Assessment:
        mark = counting(by_pair.get((item.document_id, item.action), ()))
        return item if mark is None else decided(item, mark)

    return replace(held, assessments=tuple(map(reviewed, base.assessments)))


def _known(
    store: ReviewStore, document: DocumentSummary, names: tuple[str, ...]
) -> dict[str, StandingReviews]:
    """Return what holds by action: of this text, else of an earlier one of these names."""
    key = DocumentKey.of(document)
    earlier = sorted(
        (
            row
            for name in names
            for row in store.named(name)
            if not key.same_text(row.review.document)
        ),
        key=lambda row: row.number,
    )
    return standing(earlier) | dict(store.current(key))


def _marks(item: Assessment, document: DocumentSummary, known: StandingReviews) -> list[ReviewMark]:
    found: list[ReviewMark] = []
    for review in (*known.verdicts, *known.notes):
        doubt = suspicion(review, item, document) if review.is_verdict else ""
        found.append(
            ReviewMark(
                document_id=item.document_id,
                action=item.action,
                decision=review.decision,
                level=review.level,
                reason=review.reason,
                note=review.note,
                reviewer=review.reviewer,
                at=review.at,
                counts=review is known.standing and not doubt,
                suspect=doubt,
                reviewed_level=review.machine_level,
                quotes=review.quotes,
                machine_level=item.level,
                machine_suggested=item.suggested,
            )
        )
    return found


def suspicion(review: Review, item: Assessment, document: DocumentSummary) -> str:
    """
    Say why a review must be looked at again; empty where it need not.

    Args:
        review: What was decided.
        item: The machine's verdict now.
        document: The document now.
    """
    if review.document.same_text(DocumentKey.of(document)):
        return ""
    now = evidence_digest(item)
    if now and now == review.evidence:
        return ""
    if not now or not review.evidence:
        return "The text changed, and nothing was quoted that could be compared."
    shown = {" ".join(e.quote.split()) for e in (*item.evidence, *item.counter_evidence)}
    gone = [quote for quote in review.quotes if quote not in shown | set(leading_quotes(item))]
    if gone:
        return f"The words that were judged are no longer found: “{gone[0]}”"
    if review.machine_level != item.level:
        return "The machine's level is another one now."
    return "The text changed, and other passages speak to the action now."
