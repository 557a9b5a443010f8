"""Assessments to the frames that every format prints: matrix, evidence, gaps, figures.

Renderers print what stands here and in ``figures.py``, and compute nothing. Text cells
are never missing ("" where there is nothing); whole numbers are nullable (Int64).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from gcm_align.figures import (
    MEASURES,
    Share,
    Tally,
    confidence,
    document_labels,
    figures,
    is_counted,
    ordered,
)
from gcm_align.gaps import Gap, elements, find_gaps, sector_words
from gcm_align.reviewed import counting, machine_report, marks_of
from gcm_align.translating import gettext as _
from gcm_align.types import Assessment, Decision, Evidence, Level, Quote, Report, ReviewMark

__all__ = [
    "evidence_frame",
    "figures",
    "figures_frame",
    "gaps_frame",
    "matrix_frame",
    "principles_frame",
]

if TYPE_CHECKING:
    from gcm_align.catalogue import Action, Framework

DIGITS = 4  # every float that leaves the library; the same bytes on every machine
NEEDS_REVIEW = "needs review"
NOT_APPLICABLE = "not applicable"
MACHINE_ONLY = ", machine only"
PRESENT = {True: "yes", False: "no", None: ""}
DELIVERY_KINDS = ("body", "time", "resources", "indicator", "sanction")
APPLICABILITY = {
    "yes": "applies",
    "partly": "applies in part",
    "rarely": "for the international community",
}

MATRIX_COLUMNS = (
    *("document", "action", "objective", "action_text", "level", "level_name", "contradiction"),
    *("probability", "quote", "page", "section", "evidence_count", "nearest_quote"),
    *("nearest_page", "status", "suggested_level", "paragraph", "applicability"),
    *("applicability_reason", "elements_found", "elements_missing", *DELIVERY_KINDS),
    *("confidence", "reason", "reviewer", "note"),
    *("counter_quote", "counter_page", "counter_section", "counted"),
    *("machine_level", "reviewer_level", "review_reason", "reviewed_at", "review_state"),
)
EVIDENCE_COLUMNS = (
    *("document", "action", "rank", "level", "score", "quote", "page", "section"),
    *("page_label", "force", "force_words", "context", "verified", "counter"),
)
PRINCIPLES_COLUMNS = (
    *("document", "principle", "paragraph", "present", "passages", "words", "quote", "page"),
    *("section", "reason"),
)
GAPS_COLUMNS = (
    *("document", "action", "objective", "action_text", "paragraph", "contradiction"),
    *("nearest_quote", "nearest_page", "nearest_section", "nearest_covers", "nearest_lacks"),
    *("sectors", "carried_by", "narrative", "status"),
)
FIGURES_COLUMNS = (
    *("document", "scope", "n", *(level.label for level in Level), "needs_review"),
    *("not_counted", "tension", "contradiction"),
    *(f"{measure}_{bound}" for measure in MEASURES for bound in ("lower", "upper")),
)


def section_text(section: Sequence[str]) -> str:
    """Return a heading path as one line, outermost first."""
    return " > ".join(section)


def _first(evidence: Sequence[Evidence]) -> Evidence | None:
    return evidence[0] if evidence else None


def _clause(prefix: str, evidence: Evidence | Quote | None) -> dict[str, object]:
    """Return quote, page and section cells under a prefix; empty where there is no clause."""
    return {
        f"{prefix}quote": evidence.quote if evidence else "",
        f"{prefix}page": evidence.page if evidence and evidence.paged else None,
        f"{prefix}section": section_text(evidence.section) if evidence else "",
    }


def _applicability(action: Action) -> dict[str, object]:
    known = action.applicability
    if known is None:
        return {"applicability": "", "applicability_reason": ""}
    words = APPLICABILITY.get(known.expressible, known.expressible)
    return {"applicability": words, "applicability_reason": known.reason}


def _number(objective: str) -> int | str:
    """Return an objective's number as a number where it is one, for sorting and filters."""
    return int(objective) if objective.isdecimal() else objective


def _review_cells(item: Assessment, marks: tuple[ReviewMark, ...]) -> dict[str, object]:
    """Return what reviewers said; a suspect review only in words, for it does not count."""
    mark = counting(marks)
    shown = mark or next((m for m in marks if m.decision == Decision.NOTE), None)
    suspect = [
        _("suspect: {reviewer}, {date}: {level}. {reason} {why}").format(
            reviewer=m.reviewer,
            date=m.at[:10],
            level=_level_cell(m),
            reason=m.reason,
            why=m.suspect,
        )
        for m in marks
        if m.suspect
    ]
    machine = item.level if mark is None else mark.machine_level
    return {
        "reviewer": shown.reviewer if shown else "",
        "note": shown.note if shown else "",
        "machine_level": None if machine is None else int(machine),
        "reviewer_level": _level_cell(mark) if mark else "",
        "review_reason": shown.reason if shown else "",
        "reviewed_at": shown.at if shown else "",
        "review_state": " | ".join(suspect) or ("counts" if mark else ""),
    }


def _level_cell(mark: ReviewMark) -> str:
    """Return the reviewer's level as the workbook's list has it."""
    special = {Decision.NOT_APPLICABLE: "NA", Decision.DISPUTE: "NR", Decision.NOTE: ""}
    level = "" if mark.level is None else str(int(mark.level))
    return special.get(mark.decision, level)


def _level_name(item: Assessment) -> str:
    if not item.applicable:
        return NOT_APPLICABLE
    return NEEDS_REVIEW if item.level is None else item.level.label


def _matrix_row(
    item: Assessment, action: Action, document: str, marks: tuple[ReviewMark, ...]
) -> dict[str, object]:
    carried = item.level != Level.GAP  # a gap quotes nothing; its nearest clause is apart
    return {
        "document": document,
        "action": action.id,
        "objective": _number(action.objective),
        "action_text": action.text,
        "level": None if item.level is None or not item.applicable else int(item.level),
        "level_name": _level_name(item),
        "contradiction": item.contradiction.value,
        "probability": round(item.probability, DIGITS),
        **_clause("", _first(item.evidence) if carried else None),
        "evidence_count": len(item.evidence) + len(item.counter_evidence),
        **_clause("nearest_", item.nearest),
        "status": item.status,
        "suggested_level": int(item.suggested) if item.level is None else None,
        "paragraph": action.paragraph,
        **_applicability(action),
        "elements_found": "; ".join(elements(action, item.elements_found)),
        "elements_missing": "; ".join(elements(action, item.elements_found, missing=True)),
        **{kind: item.delivery.get(kind, "") for kind in DELIVERY_KINDS},
        "confidence": confidence(item),
        "reason": item.reason,
        **_clause("counter_", _first(item.counter_evidence)),
        "counted": is_counted(item, action),
        **_review_cells(item, marks),
    }


def encodable(value: object) -> object:
    """
    Return a text without halves of surrogate pairs, which a broken font map can give.

    UTF-8 cannot hold them, nor can pandas' text columns where pyarrow is installed.
    """
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()
    return value


def _frame(
    rows: list[dict[str, object]], columns: Sequence[str], whole: Sequence[str]
) -> pd.DataFrame:
    """Return the columns in order; ``whole`` are integers that may be empty."""
    safe = [{name: encodable(value) for name, value in row.items()} for row in rows]
    frame = pd.DataFrame(safe, columns=list(columns))
    return frame.astype(dict.fromkeys(whole, "Int64"))


def matrix_frame(report: Report, framework: Framework) -> pd.DataFrame:
    """
    Return the coverage matrix.

    ``level`` is empty where the pair needs review. ``evidence_count`` is the number of
    rows of :func:`evidence_frame` for the pair, counter-provisions included.

    Returns:
        Columns MATRIX_COLUMNS. Shape: (n_documents * n_actions, 36).
    """
    labels = document_labels(report)
    marks = marks_of(report)
    rows = [
        _matrix_row(
            item, action, labels[item.document_id], marks.get((item.document_id, item.action), ())
        )
        for item, action in ordered(report, framework)
    ]
    whole = ("level", "page", "evidence_count", "nearest_page", "suggested_level", "counter_page")
    return _frame(rows, MATRIX_COLUMNS, (*whole, "machine_level"))


def _evidence_row(evidence: Evidence, *, counter: bool) -> dict[str, object]:
    return {
        "rank": evidence.rank,
        "level": int(evidence.level),
        "score": round(evidence.score, DIGITS),
        "quote": evidence.quote,
        "page": evidence.page if evidence.paged else None,
        "section": section_text(evidence.section),
        "page_label": evidence.page_label,
        "force": evidence.force.value,
        "force_words": "; ".join(evidence.force_words),
        "context": evidence.context,
        "verified": evidence.verified,
        "counter": counter,
    }


def evidence_frame(report: Report) -> pd.DataFrame:
    """
    Return one row for each passage shown, counter-provisions marked and after the rest.

    Returns:
        Columns EVIDENCE_COLUMNS. Shape: (n_passages_shown, 14).
    """
    labels = document_labels(report)
    rows: list[dict[str, object]] = [
        {"document": labels[item.document_id], "action": item.action}
        | _evidence_row(evidence, counter=counter)
        for item in report.assessments
        for counter, group in ((False, item.evidence), (True, item.counter_evidence))
        for evidence in group
    ]
    return _frame(rows, EVIDENCE_COLUMNS, ("rank", "level", "page"))


def _gap_row(gap: Gap, document: str) -> dict[str, object]:
    item, action = gap.item, gap.action
    covers = item.nearest.elements if item.nearest else ()
    return {
        "document": document,
        "action": action.id,
        "objective": _number(action.objective),
        "action_text": action.text,
        "paragraph": action.paragraph,
        "contradiction": item.contradiction.value,
        **_clause("nearest_", item.nearest),
        "nearest_covers": "; ".join(elements(action, covers)),
        "nearest_lacks": "; ".join(elements(action, covers, missing=True)),
        "sectors": sector_words(action),
        "carried_by": gap.carried_by,
        "narrative": gap.narrative,
        "status": item.status,
    }


def gaps_frame(report: Report, framework: Framework) -> pd.DataFrame:
    """
    Return one row for each gap with its nearest clause, what that lacks, and a narrative.

    Pairs that need review and actions not counted when absent are no gaps.

    Returns:
        Columns GAPS_COLUMNS. Shape: (n_gaps, 15).
    """
    labels = document_labels(report)
    rows = [
        _gap_row(gap, labels[gap.item.document_id])
        for gap in find_gaps(ordered(report, framework), labels)
    ]
    return _frame(rows, GAPS_COLUMNS, ("nearest_page",))


def principles_frame(report: Report, framework: Framework) -> pd.DataFrame:
    """
    Return one row for each document and guiding principle, with its first quote.

    ``present`` is yes, no, or empty where it cannot be told.

    Returns:
        Columns PRINCIPLES_COLUMNS. Shape: (n_documents * n_principles, 10).
    """
    labels = document_labels(report)
    principles = {item.key: item for item in framework.principles}
    rows: list[dict[str, object]] = []
    for finding in report.principles:
        principle = principles[finding.principle]
        first = finding.evidence[0] if finding.evidence else None
        rows.append(
            {
                "document": labels[finding.document_id],
                "principle": principle.name,
                "paragraph": principle.paragraph,
                "present": PRESENT[finding.present],
                "passages": finding.passages,
                "words": first.words if first else "",
                **_clause("", first),
                "reason": finding.reason,
            }
        )
    return _frame(rows, PRINCIPLES_COLUMNS, ("passages", "page"))


def _figures_row(document: str, scope: str, counts: Tally) -> dict[str, object]:
    row: dict[str, object] = {"document": document, "scope": scope, "n": counts.n}
    row |= {level.label: counts.levels[level] for level in Level}
    row |= {"needs_review": counts.needs_review, "not_counted": counts.not_counted}
    row |= {"tension": counts.tension, "contradiction": counts.contradiction}
    return row | _share_cells(counts.shares)


def _share_cells(shares: Mapping[str, Share]) -> dict[str, object]:
    cells: dict[str, object] = {}
    for name, share in shares.items():
        cells[f"{name}_lower"] = round(share.lower, DIGITS)
        cells[f"{name}_upper"] = round(share.upper, DIGITS)
    return cells


def figures_frame(report: Report, framework: Framework) -> pd.DataFrame:
    """
    Return the figures as a table: headline, all actions, then each objective, by document.

    The headline row has no counts; its shares are empty where it must not be shown. Where
    reviews count, the machine's own headline and total follow in rows of their own.

    Returns:
        Columns FIGURES_COLUMNS. Shape: (n_documents * (2 + n_objectives), 18).
    """
    rows: list[dict[str, object]] = []
    alone = figures(machine_report(report), framework) if report.reviews else None
    for item in figures(report, framework).documents:
        machine = [(alone.document(item.document_id), MACHINE_ONLY)] if alone else []
        for made, suffix in [(item, ""), *machine]:
            rows.append({"document": made.label, "scope": f"headline{suffix}"})
            rows[-1] |= _share_cells(made.headline) if made.headline else {}
            rows.append(_figures_row(made.label, f"all actions{suffix}", made.total))
        rows += [
            _figures_row(item.label, f"objective {number}", counts)
            for number, counts in item.objectives.items()
        ]
    frame = _frame(rows, FIGURES_COLUMNS, FIGURES_COLUMNS[2:12])
    return frame.astype(dict.fromkeys(FIGURES_COLUMNS[12:], "float64"))
