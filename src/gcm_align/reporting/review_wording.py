"""The words of reviews: who decided what, when and why; how far a report was reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gcm_align.figures import MEASURES, document_labels, figures
from gcm_align.reporting.numbers import share_words, terminal_style
from gcm_align.reviewed import machine_report, review_counts
from gcm_align.translating import gettext as _
from gcm_align.types import Decision, Level, ReviewMark

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.types import Report

DECISION_WORDS = {
    Decision.ACCEPT: "accepted",
    Decision.CHANGE: "changed to",
    Decision.NOT_APPLICABLE: "not applicable",
    Decision.DISPUTE: "disputed",
    Decision.NOTE: "note",
}


def level_words(level: Level | None) -> str:
    """Return a level as ``3 addressed``; None is needs review."""
    return _("needs review") if level is None else f"{level:d} {_(level.label)}"


def review_words(mark: ReviewMark) -> str:
    """Return one review as one line: who, when, what, why, and whether it counts."""
    what = _(DECISION_WORDS[mark.decision])
    if mark.level is not None:
        what += f" {level_words(mark.level)}"
    machine = level_words(mark.reviewed_level)
    parts = [
        _("{reviewer}, {date}: {what} (machine: {machine})").format(
            reviewer=mark.reviewer, date=mark.at[:10], what=what, machine=machine
        )
    ]
    parts += [_("Reason: {reason}").format(reason=mark.reason)] if mark.reason else []
    parts += [_("Note: {note}").format(note=mark.note)] if mark.note else []
    line = ". ".join(part.rstrip(". ") for part in parts) + "."
    if not mark.suspect:
        return line
    return " ".join((_("Suspect, not counted:"), line, mark.suspect))


def review_lines(report: Report, framework: Framework) -> list[str]:
    """Return for each document how far it was reviewed and the machine's own figures."""
    if not report.reviews:
        return []
    labels = document_labels(report)
    lines = []
    for item in figures(machine_report(report), framework).documents:
        counts = review_counts(report, item.document_id)
        shares = ", ".join(
            f"{_(name)} {share_words(item.total.shares[name], terminal_style())}"
            for name in MEASURES
        )
        lines.append(
            _(
                "{document}: {reviewed} of {pairs} verdicts reviewed, {disputed} disputed, "
                "{suspect} suspect (shown, not counted). A reviewed level counts in place of the "
                "machine's. Machine only, all actions: {shares} (n = {n})."
            ).format(
                document=labels[item.document_id],
                reviewed=counts.reviewed,
                pairs=counts.pairs,
                disputed=counts.disputed,
                suspect=counts.suspect,
                shares=shares,
                n=item.total.n,
            )
        )
    return lines
