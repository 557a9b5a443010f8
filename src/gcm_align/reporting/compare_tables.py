"""Comparisons as frames: the one source of every number and row that a format prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from gcm_align.comparing.changes import Change, DraftComparison, Kind, Side
from gcm_align.comparing.countries import CountryComparison
from gcm_align.comparing.documents import NEEDS_REVIEW, NOT_APPLICABLE, DocumentComparison, Together
from gcm_align.comparing.words import with_signs
from gcm_align.coverage import encodable, section_text
from gcm_align.reporting.compare_wording import (
    UNTOLD_WHY,
    conflict_words,
    flag_words,
    open_words,
    reviews_words,
    verdict_words,
)
from gcm_align.reporting.review_wording import DECISION_WORDS

if TYPE_CHECKING:
    from gcm_align.types import Level

Compared = DraftComparison | DocumentComparison | CountryComparison
UNCHANGED = "unchanged"
SIDE_COLUMNS = (
    *("level", "level_name", "suggested", "contradiction", "quote", "marked", "page", "section"),
    *("quote_is", "machine_level", "reviewer", "decision"),
)
BEST_COLUMNS = (
    *("action", "action_text", "level", "level_name", "document", "quote", "page", "section"),
    *("may_rise", "machine_level", "reviewer", "reviews"),
)
CONFLICT_COLUMNS = (
    *("action", "action_text", "coherence", "carried_by", "carries", "quote", "page", "against"),
    *("contradiction", "counter_quote", "counter_page"),
)
DRAFT_COLUMNS = (
    *("change", "action", "action_text"),
    *(f"before_{name}" for name in SIDE_COLUMNS),
    *(f"after_{name}" for name in SIDE_COLUMNS),
    *("same_clause", "same_words", "cause"),
)


def comparison_frame(result: Compared) -> pd.DataFrame:
    """Return the rows of a comparison: what comparison.csv holds."""
    if isinstance(result, DraftComparison):
        return draft_frame(result)
    if isinstance(result, DocumentComparison):
        return document_frame(result)
    return country_frame(result)


def counts_frame(result: Compared) -> pd.DataFrame:
    """Return the key figures. Columns: figure, country (where there are several), actions."""
    if isinstance(result, DraftComparison):
        rows = [(kind.value, result.counts[kind]) for kind in Kind]
        return _counts([*rows, (UNCHANGED, result.unchanged)])
    if isinstance(result, DocumentComparison):
        return _counts(list(result.counts.items()))
    rows_by_country = [
        (figure, party.label, counts[figure])
        for figure in result.counts[0]
        for party, counts in zip(result.parties, result.counts, strict=True)
    ]
    return pd.DataFrame(rows_by_country, columns=["figure", "country", "actions"])


def _counts(rows: list[tuple[str, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["figure", "actions"])


def _frame(rows: Sequence[object], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a frame; half a surrogate pair of a quote never reaches a text column."""
    loose = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return loose.map(encodable).infer_objects()


def draft_frame(comparison: DraftComparison) -> pd.DataFrame:
    """Return one row for each change, in the order of printing."""
    rows = [_draft_row(change) for change in comparison.changes]
    frame = _frame(rows, DRAFT_COLUMNS)
    numbers = [name for name in DRAFT_COLUMNS if name.endswith(("_level", "_suggested", "_page"))]
    return frame.astype(dict.fromkeys(numbers, "Int64"))


def document_frame(result: DocumentComparison) -> pd.DataFrame:
    """Return one row for each action: the best level, its document, and any disagreement."""
    rows = [
        {
            **_best(row),
            "coherence": row.coherence.value,
            "conflicts": "; ".join(conflict_words(item) for item in row.conflicts),
            "verdicts": "; ".join(
                f"{source.label}: {verdict_words(source, row.action.id)}"
                for source, _item in row.verdicts
            ),
        }
        for row in result.rows
    ]
    columns = [*BEST_COLUMNS, "coherence", "conflicts", "verdicts"]
    return _frame(rows, columns).astype(dict.fromkeys(("level", "page", "machine_level"), "Int64"))


def country_frame(result: CountryComparison) -> pd.DataFrame:
    """Return one row for each action and country, countries in the order given."""
    rows = [
        {
            **_best(cell),
            "country": party.label,
            "coherence": cell.coherence.value,
            "flags": flag_words(cell),
        }
        for row in result.rows
        for party, cell in zip(result.parties, row.cells, strict=True)
    ]
    columns = ["country", *BEST_COLUMNS, "flags", "coherence"]
    return _frame(rows, columns).astype(dict.fromkeys(("level", "page", "machine_level"), "Int64"))


def conflicts_frame(rows: Sequence[Together]) -> pd.DataFrame:
    """Return one row for each pair of documents that disagree on an action."""
    found = [
        {
            "action": row.action.id,
            "action_text": row.action.text,
            "coherence": row.coherence.value,
            "carried_by": item.carries.label,
            "carries": "" if item.level is None else item.level.label,
            "quote": item.clause.quote if item.clause else "",
            "page": item.clause.page if item.clause and item.clause.paged else None,
            "against": item.against.label,
            "contradiction": item.flag.value,
            "counter_quote": item.counter.quote if item.counter else "",
            "counter_page": item.counter.page if item.counter and item.counter.paged else None,
        }
        for row in rows
        for item in row.conflicts
    ]
    frame = _frame(found, CONFLICT_COLUMNS)
    return frame.astype({"page": "Int64", "counter_page": "Int64"})


def _best(row: Together) -> dict[str, object]:
    mark = row.best.reviews.get(row.action.id) if row.best else None
    return {
        "action": row.action.id,
        "action_text": row.action.text,
        "level": _number(row.level),
        "level_name": _level_name(row),
        "document": row.best.label if row.best else "",
        "quote": row.clause.quote if row.clause else "",
        "page": row.clause.page if row.clause and row.clause.paged else None,
        "section": section_text(row.clause.section) if row.clause else "",
        "may_rise": open_words(row),
        "machine_level": _number(mark.machine_level) if mark else _number(row.level),
        "reviewer": mark.reviewer if mark else "",
        "reviews": reviews_words(row),
    }


def _level_name(row: Together) -> str:
    if row.level is not None:
        return row.level.label
    return NEEDS_REVIEW if row.applicable else NOT_APPLICABLE


def _draft_row(change: Change) -> dict[str, object]:
    return {
        "change": change.kind.value,
        "action": change.action.id,
        "action_text": change.action.text,
        **_side("before", change.before, "-"),
        **_side("after", change.after, "+"),
        "same_clause": change.same_clause,
        "same_words": change.same_words,
        "cause": UNTOLD_WHY.get(change.cause, ""),
    }


def _side(name: str, side: Side, sign: str) -> dict[str, object]:
    clause = side.clause
    values: dict[str, object] = {
        "level": _number(side.level),
        "level_name": _side_name(side),
        "suggested": int(side.suggested),
        "contradiction": side.flag.value,
        "quote": " ".join(text for text, _ in side.pieces),
        "marked": with_signs(side.pieces, sign),
        "page": clause.page if clause and clause.paged else None,
        "section": "" if clause is None else section_text(clause.section),
        "quote_is": side.role.value,
        "machine_level": _number(side.review.machine_level if side.review else side.level),
        "reviewer": side.review.reviewer if side.review else "",
        "decision": DECISION_WORDS[side.review.decision] if side.review else "",
    }
    return {f"{name}_{key}": value for key, value in values.items()}


def _side_name(side: Side) -> str:
    if not side.applicable:
        return NOT_APPLICABLE
    return "" if side.level is None else side.level.label


def _number(level: Level | None) -> int | None:
    return None if level is None else int(level)
