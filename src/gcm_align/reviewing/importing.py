"""A filled-in workbook to reviews: all of it is taken, or nothing with every fault named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.errors import ReviewError
from gcm_align.reporting.workbook import ENTRY, check_of
from gcm_align.reviewing.records import Decision, DocumentKey, Review
from gcm_align.reviewing.store import ReviewStore
from gcm_align.reviewing.workbook_file import Cell, MatrixFile, read_matrix
from gcm_align.types import Level

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework

SHOWN_FAULTS = 10
LEVELS = {str(int(level)): level for level in Level}
STATUSES = ("", "machine", "reviewed", "disputed")
READ = ("document", "action", "machine_level", "evidence_digest", "row_check", *ENTRY)
QUOTES = ("quote", "counter_quote", "nearest_quote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import took, in the order of the rows."""

    taken: tuple[Review, ...]
    unchanged: int  # rows with an entry that is on record already


class _FaultError(Exception):
    """A cell that cannot be taken."""

    def __init__(self, cell: Cell, why: str) -> None:
        super().__init__(f"{cell.place}: {cell.text[:60]!r}: {why}")


def import_workbook(
    path: Path, store: ReviewStore, framework: Framework, *, reviewer: str
) -> Imported:
    """
    Take the analyst's levels, not-applicable with reason, disputes and notes.

    A row that stands as it was written adds nothing; nor does an entry that is already the
    reviewer's latest. A name typed into the reviewer's column of a row without a review wins
    over ``reviewer``; a review on record that was changed is the importing reviewer's.

    Raises:
        ReviewError: A cell cannot be taken; the message names sheet, row and column. Nothing
            was kept.
    """
    file = read_matrix(path)
    _check_framework(path, file, framework)
    documents = _documents(file)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    reviews, faults, unchanged = [], [], 0
    seen: set[tuple[str, str]] = set()
    for row in file.rows:
        try:
            key = _identity(row, documents, framework, seen)
            review = _review(row, key, reviewer=reviewer, at=now)
        except _FaultError as fault:
            faults.append(str(fault))
            continue
        except ReviewError as error:
            faults.append(f"{row['reviewer_level'].place}: {error}")
            continue
        if review is not None and _on_record(review, store):
            unchanged += 1
        elif review is not None:
            reviews.append(review)
        else:
            unchanged += bool(row["entry_check"].text)
    if faults:
        raise _not_taken(path, file.sheet, faults)
    store.add_all(reviews)
    return Imported(taken=tuple(reviews), unchanged=unchanged)


def _identity(
    row: Mapping[str, Cell],
    documents: Mapping[str, DocumentKey],
    framework: Framework,
    seen: set[tuple[str, str]],
) -> DocumentKey:
    """Return the document of a row after checking that the row is the one that was written."""
    for name in READ:
        if row[name].formula:
            raise _FaultError(row[name], "a formula; expected a value")
    document, action = row["document"], row["action"]
    if document.text not in documents:
        raise _FaultError(document, "no document of this workbook")
    if action.text not in {item.id for item in framework.actions}:
        raise _FaultError(action, "no action of the catalogue")
    key = documents[document.text]
    level, evidence = row["machine_level"].text, row["evidence_digest"].text
    if check_of(document.text, key.sha256, action.text, level, evidence) != row["row_check"].text:
        raise _FaultError(
            action, "document, action, machine level or digest were altered in this row"
        )
    if (document.text, action.text) in seen:
        raise _FaultError(action, "the same document and action stand in two rows")
    seen.add((document.text, action.text))
    return key


def _review(row: Mapping[str, Cell], key: DocumentKey, *, reviewer: str, at: str) -> Review | None:
    """Return what a row says, or None where nothing was entered."""
    before = row["entry_check"].text
    entry = {name: row[name].text for name in ENTRY}
    if before and check_of(*entry.values()) == before:
        return None
    decision, level = _decision(row, was_reviewed=bool(before))
    if decision is None:
        return None
    machine = row["machine_level"].text
    note = entry["note"] or (entry["review_reason"] if decision == Decision.NOTE else "")
    return Review(
        document=key,
        action_id=row["action"].text,
        machine_level=LEVELS.get(machine),
        decision=decision,
        level=level,
        reason=entry["review_reason"],
        note=note,
        reviewer=reviewer if before else entry["reviewer"] or reviewer,
        at=at,
        evidence=row["evidence_digest"].text,
        quotes=tuple(" ".join(row[name].text.split()) for name in QUOTES if row[name].text),
    )


def _decision(
    row: Mapping[str, Cell], *, was_reviewed: bool
) -> tuple[Decision | None, Level | None]:
    cell, status = row["reviewer_level"], row["status"]
    said, machine = cell.text.upper(), LEVELS.get(row["machine_level"].text)
    if status.text.lower() not in STATUSES:
        raise _FaultError(status, "no status; expected machine, reviewed or disputed")
    disputed = status.text.lower() == "disputed"
    if said in LEVELS:
        if disputed:
            raise _FaultError(status, "disputed, and yet a level is given; take one of the two")
        same = machine is not None and LEVELS[said] == machine
        return (Decision.ACCEPT if same else Decision.CHANGE), LEVELS[said]
    if said == "NA":
        if not row["review_reason"].text:
            raise _FaultError(row["review_reason"], "not applicable needs a written reason here")
        return Decision.NOT_APPLICABLE, None
    if said == "NR" or (disputed and not said):
        return Decision.DISPUTE, None
    if said:
        raise _FaultError(cell, "no level; expected 0, 1, 2, 3, 4, NR or NA")
    if status.text.lower() == "reviewed":
        if machine is None or was_reviewed:
            raise _FaultError(
                cell, "reviewed, and no level; give one, or use gcm-align review undo"
            )
        return Decision.ACCEPT, machine
    words = row["note"].text or row["review_reason"].text
    return (Decision.NOTE if words else None), None


def _on_record(review: Review, store: ReviewStore) -> bool:
    """Say whether this is the reviewer's latest word on the action already."""
    known = store.current(review.document).get(review.action_id)
    if known is None:
        return False
    latest = known.verdicts if review.is_verdict else known.notes
    return any(r.reviewer == review.reviewer and review.says_the_same(r) for r in latest)


def _documents(file: MatrixFile) -> dict[str, DocumentKey]:
    """Return the documents that the manifest names, by their label."""
    found: dict[str, DocumentKey] = {}
    for name, label in file.manifest.items():
        if name.startswith("document.") and name.endswith(".label"):
            place = name.removesuffix(".label")
            found[label] = DocumentKey(
                name=file.manifest.get(f"{place}.name", ""),
                sha256=file.manifest.get(f"{place}.sha256", ""),
                text_sha256=file.manifest.get(f"{place}.text_sha256", ""),
            )
    return found


def _check_framework(path: Path, file: MatrixFile, framework: Framework) -> None:
    made_with = file.manifest.get("catalogue.sha256", "")
    if made_with != framework.sha256:
        raise ReviewError(
            "A workbook was made with another catalogue",
            value=f"{path} (catalogue.sha256 {made_with or 'missing'})",
            expected=f"catalogue.sha256 {framework.sha256} ({framework.name})",
            hint="Give the catalogue that it was made with, with --framework.",
        )


def _not_taken(path: Path, sheet: str, faults: list[str]) -> ReviewError:
    more = f"\nand {len(faults) - SHOWN_FAULTS} more" if len(faults) > SHOWN_FAULTS else ""
    listed = "".join(f"\n  {fault}" for fault in faults[:SHOWN_FAULTS])
    return ReviewError(
        "A workbook was not taken, and nothing of it was kept",
        value=f"{path}, sheet {sheet}{listed}{more}\n",
        expected="levels, reasons and notes in the reviewer's columns, the rest as it was",
        hint="Correct these cells and import the file again.",
    )
