"""What a reviewer decides, and a digest of what the machine showed when they did."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gcm_align.errors import ReviewError
from gcm_align.translating import gettext as _
from gcm_align.types import Assessment, Decision, DocumentSummary, Level

if TYPE_CHECKING:
    from gcm_align.types import Evidence

__all__ = [
    "VERDICTS",
    "Decision",
    "DocumentKey",
    "Review",
    "StandingReviews",
    "StoredReview",
    "evidence_digest",
    "leading_quotes",
    "review_of",
]

# Decisions that say what the verdict is; a note stands beside them.
VERDICTS = frozenset({Decision.ACCEPT, Decision.CHANGE, Decision.NOT_APPLICABLE, Decision.DISPUTE})
MAX_WORDS = 2000  # of a reason or a note, in characters: the workbook's own limit


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKey:
    """How a document is known again: by its bytes, else by its text, else by its name."""

    name: str
    sha256: str  # of the file's bytes
    text_sha256: str = ""  # of the text that was read; empty where it is not known

    @classmethod
    def of(cls, document: DocumentSummary) -> DocumentKey:
        """Return the key of a document of a report."""
        return cls(name=document.name, sha256=document.sha256, text_sha256=document.text_sha256)

    def same_text(self, other: DocumentKey) -> bool:
        """Say whether the two hold the same words for certain."""
        if self.sha256 == other.sha256:
            return True
        return bool(self.text_sha256) and self.text_sha256 == other.text_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """
    One decision of one reviewer on one action of one document.

    ``level`` is the reviewer's: that of an accepted verdict is the machine's own, a changed
    one has another, and the rest have none.

    Raises:
        ReviewError: The parts contradict each other.
    """

    document: DocumentKey
    action_id: str
    machine_level: Level | None  # None: the machine left it for review
    decision: Decision
    reviewer: str
    at: str  # ISO 8601, UTC
    level: Level | None = None
    reason: str = ""
    note: str = ""
    evidence: str = ""  # what evidence_digest() gave when the reviewer looked
    quotes: tuple[str, ...] = ()  # the leading words that the reviewer saw

    def __post_init__(self) -> None:
        for wrong, value, expected in self._faults():
            if wrong:
                raise ReviewError(
                    _("A review of {action} cannot be kept").format(action=self.action_id),
                    value=repr(value)[:80],
                    expected=expected,
                    hint=_("Correct the decision and give it again."),
                )

    def _faults(self) -> tuple[tuple[bool, object, str], ...]:
        decision, level = self.decision, self.level
        long = max(self.reason, self.note, key=len)
        wrong_level = (
            level is None or level != self.machine_level
            if decision == Decision.ACCEPT
            else (level is None) == (decision == Decision.CHANGE)
        )
        named = f"{self.document.name}\n{self.document.sha256}"
        return (
            (not self.reviewer.strip(), self.reviewer, "the name of the reviewer"),
            (not all(named.split("\n")), named, "a document with a name and a sha256"),
            (not self.action_id, self.action_id, "the id of an action"),
            (not _is_utc(self.at), self.at, "a time in ISO 8601 with its offset, in UTC"),
            (wrong_level, (decision.value, level), _LEVEL_RULE[decision]),
            (
                decision == Decision.NOT_APPLICABLE and not self.reason.strip(),
                self.reason,
                _("a written reason why the action does not apply"),
            ),
            (decision == Decision.NOTE and not self.note.strip(), self.note, _("words of a note")),
            (len(long) > MAX_WORDS, long, f"at most {MAX_WORDS:,} characters"),
        )

    @property
    def is_verdict(self) -> bool:
        """Say whether this decides the level, as a note does not."""
        return self.decision in VERDICTS

    def says_the_same(self, other: Review | None) -> bool:
        """Say whether another review holds the same decision in the same words."""
        if other is None:
            return False
        mine, theirs = (
            (r.decision, r.level, r.reason.strip(), r.note.strip()) for r in (self, other)
        )
        return mine == theirs


_LEVEL_RULE = {
    Decision.ACCEPT: "the machine's own level, which it must have given",
    Decision.CHANGE: "a level from 0 to 4",
    Decision.NOT_APPLICABLE: "no level beside “not applicable”",
    Decision.DISPUTE: "no level beside a dispute",
    Decision.NOTE: "no level beside a note",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReview:
    """A row of the store: a review, or the undoing of one."""

    number: int  # of the row, growing
    review: Review
    undoes: int = 0  # the row that this one takes back; 0 for a review


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingReviews:
    """What holds of one action of one document now."""

    action_id: str
    verdicts: tuple[Review, ...]  # the latest of each reviewer, the oldest first
    notes: tuple[Review, ...]  # the latest note of each reviewer, the oldest first

    @property
    def standing(self) -> Review | None:
        """The verdict that counts: the latest of any reviewer."""
        return self.verdicts[-1] if self.verdicts else None


def review_of(
    item: Assessment,
    document: DocumentSummary,
    decision: Decision,
    *,
    reviewer: str,
    level: Level | None = None,
    reason: str = "",
    note: str = "",
    at: str = "",
) -> Review:
    """
    Return a review of a machine's verdict, now unless ``at`` says otherwise.

    Args:
        item: The verdict as the machine gave it (see ``machine_report``).
        document: Its document.
        decision: What the reviewer decided.
        reviewer: Their name.
        level: Of a change; an accepted verdict takes the machine's.
        reason: Why; required of "not applicable".
        note: Anything else.
        at: ISO 8601, UTC.

    Raises:
        ReviewError: The parts contradict each other.
    """
    return Review(
        document=DocumentKey.of(document),
        action_id=item.action,
        machine_level=item.level,
        decision=decision,
        reviewer=reviewer.strip(),
        at=at or dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        level=item.level if decision == Decision.ACCEPT else level,
        reason=reason,
        note=note,
        evidence=evidence_digest(item),
        quotes=leading_quotes(item),
    )


def evidence_digest(item: Assessment) -> str:
    """
    Return a digest of a verdict's level, flag and quotes; white space and pages aside.

    Text that only moved to another page keeps it. Empty where nothing is quoted: then
    nothing can show that the evidence is still the same.
    """
    nearest = (item.nearest,) if item.nearest else ()
    groups = [
        sorted(_plain(e) for e in group)
        for group in (item.evidence, item.counter_evidence, nearest)
    ]
    if not any(groups):
        return ""
    level = None if item.level is None else int(item.level)
    whole = json.dumps([level, item.contradiction.value, *groups])
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def leading_quotes(item: Assessment) -> tuple[str, ...]:
    """Return the first quote for, the first against and the nearest clause, where there are."""
    shown = (*item.evidence[:1], *item.counter_evidence[:1])
    shown += (item.nearest,) if item.nearest else ()
    return tuple(_plain(evidence) for evidence in shown)


def _plain(evidence: Evidence) -> str:
    return " ".join(evidence.quote.split())


def _is_utc(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).utcoffset() == dt.timedelta(0)
    except ValueError:
        return False
