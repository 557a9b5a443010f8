"""Documents of one country read together: who carries an action, and where texts disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING

from gcm_align.comparing.drafts import CARRIED
from gcm_align.comparing.sources import Source
from gcm_align.types import Assessment, Contradiction, Evidence, Level, ReviewMark

if TYPE_CHECKING:
    from gcm_align.catalogue import Action, Framework


class Coherence(StrEnum):
    """Whether one document carries an action that another narrows or contradicts."""

    NONE = ""
    INCOHERENT = "incoherent"
    POSSIBLE = "possibly incoherent"  # the level of the carrying document needs review


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two documents that disagree on one action."""

    carries: Source
    level: Level | None  # None where it needs review; then it is suggested at partial or more
    clause: Evidence | None
    against: Source
    flag: Contradiction
    counter: Evidence | None
    review: ReviewMark | None = None  # who gave the carrying level, where the machine did not


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """One action over several documents."""

    action: Action
    # The highest level decided; None where nothing is decided above gap and a document
    # needs review, for then a gap cannot be claimed of all of them; None too where a
    # reviewer found of every document that the action does not apply.
    level: Level | None
    best: Source | None  # the document at that level, the first given of several
    clause: Evidence | None
    open: tuple[tuple[Source, Level], ...]  # documents that review may lift it in, as suggested
    verdicts: tuple[tuple[Source, Assessment], ...]
    conflicts: tuple[Conflict, ...]

    @property
    def applicable(self) -> bool:
        """Whether the action applies to any document."""
        return not self.verdicts or any(item.applicable for _, item in self.verdicts)

    @property
    def silent(self) -> bool:
        """Whether nothing at all stands to be shown: a gap in every document, and no flag."""
        flagged = any(item.contradiction for _, item in self.verdicts)
        return self.level == Level.GAP and not flagged

    @property
    def coherence(self) -> Coherence:
        """Whether the documents disagree, for certain or possibly."""
        if not self.conflicts:
            return Coherence.NONE
        certain = any(item.level is not None for item in self.conflicts)
        return Coherence.INCOHERENT if certain else Coherence.POSSIBLE


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentComparison:
    """Every action over the documents of one country."""

    sources: tuple[Source, ...]
    rows: tuple[Together, ...]
    counts: Mapping[str, int]  # actions by best level, needs review, and by coherence


NEEDS_REVIEW = "needs review"
NOT_APPLICABLE = "not applicable"


def compare_documents(sources: Sequence[Source], framework: Framework) -> DocumentComparison:
    """
    Return for each action the best level with its document, and where documents disagree.

    Args:
        sources: Two documents or more, in the order to print them.
        framework: The catalogue that all were assessed with.
    """
    rows = tuple(together(action, sources) for action in framework.actions)
    return DocumentComparison(sources=tuple(sources), rows=rows, counts=_counts(rows))


def together(action: Action, sources: Sequence[Source]) -> Together:
    """Return what several documents say of one action."""
    verdicts = tuple(
        (source, source.assessments[action.id])
        for source in sources
        if action.id in source.assessments
    )
    applies = [(source, item) for source, item in verdicts if item.applicable]
    decided = [(source, item) for source, item in applies if item.level is not None]
    best = max(decided, key=lambda pair: pair[1].level or 0, default=None)  # the first of equals
    top = None if best is None else best[1].level
    floor = Level.GAP if top is None else top
    waiting = tuple(
        (source, item.suggested)
        for source, item in applies
        if item.level is None and item.suggested > floor
    )
    undecided = any(item.level is None for _, item in applies)
    claimed = top is not None and (top > Level.GAP or not undecided)
    named = best if claimed and floor > Level.GAP else None
    return Together(
        action=action,
        level=top if claimed else None,
        best=named[0] if named else None,
        clause=_first(named[1].evidence) if named else None,
        open=waiting,
        verdicts=verdicts,
        conflicts=_conflicts(verdicts),
    )


def _conflicts(verdicts: Sequence[tuple[Source, Assessment]]) -> tuple[Conflict, ...]:
    """Return each pair of documents of which one carries what the other narrows or opposes."""
    carrying = [(source, item) for source, item in verdicts if _carries(item)]
    against = [(source, item) for source, item in verdicts if item.contradiction]
    return tuple(
        Conflict(
            carries=source,
            level=item.level,
            clause=_first(item.evidence),
            against=other,
            flag=flagged.contradiction,
            counter=_first(flagged.counter_evidence),
            review=source.reviews.get(item.action),
        )
        for (source, item), (other, flagged) in product(carrying, against)
        if source is not other
    )


def _carries(item: Assessment) -> bool:
    return item.applicable and (item.suggested if item.level is None else item.level) >= CARRIED


def _first(evidence: Sequence[Evidence]) -> Evidence | None:
    return evidence[0] if evidence else None


def _counts(rows: Sequence[Together]) -> dict[str, int]:
    """Count the actions by best level, strongest first, then by disagreement."""
    counts = {
        level.label: sum(1 for row in rows if row.level == level) for level in reversed(Level)
    }
    counts[NEEDS_REVIEW] = sum(1 for row in rows if row.level is None and row.applicable)
    counts[NOT_APPLICABLE] = sum(1 for row in rows if not row.applicable)
    for coherence in (Coherence.INCOHERENT, Coherence.POSSIBLE):
        counts[coherence.value] = sum(1 for row in rows if row.coherence == coherence)
    return counts
