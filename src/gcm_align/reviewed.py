"""What a report holds of reviews: the marks of a pair, and the report as the machine made it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gcm_align.types import Assessment, Decision, Level, Report, ReviewMark

MACHINE, REVIEWED, DISPUTED = "machine", "reviewed", "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCounts:
    """How far a document, or a report, was reviewed; counts of pairs."""

    pairs: int
    reviewed: int  # a level, or not applicable, that counts
    disputed: int
    suspect: int  # reviewed before, on words that have changed


def marks_of(report: Report) -> dict[tuple[str, str], tuple[ReviewMark, ...]]:
    """Return the reviews of each (document id, action) that has any, in their order."""
    found: dict[tuple[str, str], tuple[ReviewMark, ...]] = {}
    for mark in report.reviews:
        key = (mark.document_id, mark.action)
        found[key] = (*found.get(key, ()), mark)
    return found


def counting(marks: tuple[ReviewMark, ...]) -> ReviewMark | None:
    """Return the review that decides the level, if one does."""
    return next((mark for mark in marks if mark.counts), None)


def decided(item: Assessment, mark: ReviewMark) -> Assessment:
    """Return a verdict with what the reviewer decided in place of the machine's level."""
    if mark.decision == Decision.NOT_APPLICABLE:
        return replace(item, applicable=False, status=REVIEWED)
    if mark.decision == Decision.DISPUTE:
        return replace(item, level=None, status=DISPUTED)
    level = item.level if mark.level is None else mark.level
    return replace(item, level=level, suggested=level or Level.GAP, status=REVIEWED)


def machine_report(report: Report) -> Report:
    """Return the report as if nobody had reviewed it; the machine's own levels are kept."""
    if not report.reviews:
        return report
    marks = marks_of(report)

    def restored(item: Assessment) -> Assessment:
        mark = counting(marks.get((item.document_id, item.action), ()))
        if mark is None:
            return item
        level, suggested = mark.machine_level, mark.machine_suggested
        return replace(item, level=level, suggested=suggested, status=MACHINE, applicable=True)

    return replace(report, assessments=tuple(map(restored, report.assessments)), reviews=())


def review_counts(report: Report, document_id: str = "") -> ReviewCounts:
    """Count the reviewed pairs of one document, or of the report."""
    items = [i for i in report.assessments if document_id in ("", i.document_id)]
    marks = [m for m in report.reviews if document_id in ("", m.document_id)]
    return ReviewCounts(
        pairs=len(items),
        reviewed=sum(1 for item in items if item.status == REVIEWED),
        disputed=sum(1 for item in items if item.status == DISPUTED),
        suspect=len({(m.document_id, m.action) for m in marks if m.suspect}),
    )
