"""Assessments to figures: breadth, depth, delivery, with the range that review leaves.

An action that the framework marks as not counted when absent (five of the Compact's,
for the international community) enters a denominator only where a document carries it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gcm_align.types import Assessment, Contradiction, Level, Report

if TYPE_CHECKING:
    from gcm_align.catalogue import Action, Framework

MAX_REVIEW_SHARE = 0.20  # METHOD.md, Figures: no headline above it
# Certainty of "gap or not"; the codebook's three words. Provisional until calibrated.
HIGH_CONFIDENCE, MEDIUM_CONFIDENCE = 0.90, 0.70
MEASURES = {
    "breadth": Level.PARTIAL,
    "depth": Level.ADDRESSED,
    "delivery": Level.OPERATIONALISED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share in [0, 1]. Lower: needs review counts as 0; upper: as the suggested level."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one scope and its shares; ``n`` is the denominator of each share."""

    n: int
    levels: tuple[int, ...]  # actions decided at level 0, 1, 2, 3, 4
    needs_review: int  # all pairs without a level; those of counted actions are in n
    not_counted: int  # not in n: not for a national text and not found, or not applicable
    not_applicable: int  # of these, what a reviewer found not applicable
    tension: int
    contradiction: int
    reached: Mapping[str, tuple[int, int]]  # breadth, depth, delivery: least and most of n
    shares: Mapping[str, Share]  # the same over n


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFigures:
    """The figures of one document."""

    document_id: str
    label: str
    total: Tally  # each action weighs the same
    objectives: Mapping[str, Tally]  # by the objective's number
    headline: Mapping[str, Share] | None  # each objective weighs the same
    review_share: float  # counted actions that need review over n, unrounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of a report, document by document; documents are not ranked."""

    documents: tuple[DocumentFigures, ...]

    def document(self, document_id: str) -> DocumentFigures:
        """Return the figures of one document by its id."""
        return next(item for item in self.documents if item.document_id == document_id)


def document_labels(report: Report) -> dict[str, str]:
    """Return the name that tables print for each document id; the id joins a shared name."""
    names = [document.name for document in report.documents]
    return {
        document.id: document.name
        if names.count(document.name) == 1
        else f"{document.name} [{document.id}]"
        for document in report.documents
    }


def ordered(report: Report, framework: Framework) -> list[tuple[Assessment, Action]]:
    """Return assessments with their actions, by document, then in catalogue order."""
    place = {document.id: index for index, document in enumerate(report.documents)}
    rank = {action.id: index for index, action in enumerate(framework.actions)}
    pairs = [(item, framework.action(item.action)) for item in report.assessments]
    return sorted(pairs, key=lambda pair: (place[pair[0].document_id], rank[pair[1].id]))


def is_counted(assessment: Assessment, action: Action) -> bool:
    """Say whether the pair belongs in a denominator."""
    if not assessment.applicable:
        return False
    if action.applicability is None or action.applicability.counted:
        return True
    return assessment.level is not None and assessment.level > Level.GAP


def is_gap(assessment: Assessment, action: Action) -> bool:
    """Say whether the pair is a gap: decided, counted and without a clause."""
    return assessment.level == Level.GAP and is_counted(assessment, action)


def confidence(assessment: Assessment) -> str:
    """Return high, medium or low, as the codebook uses the words; needs review is low."""
    if assessment.level is None:
        return "low"
    p = assessment.probability
    certainty = p if assessment.level > Level.GAP else 1 - p
    if certainty >= HIGH_CONFIDENCE:
        return "high"
    return "medium" if certainty >= MEDIUM_CONFIDENCE else "low"


def _reached(counted: Sequence[Assessment], floor: Level) -> tuple[int, int]:
    """Return how many reach a level for certain, and how many may after review."""
    decided = sum(1 for item in counted if item.level is not None and item.level >= floor)
    possible = sum(1 for item in counted if item.level is None and item.suggested >= floor)
    return decided, decided + possible


def tally(pairs: Sequence[tuple[Assessment, Action]]) -> Tally:
    """Count one scope: a document, or one objective of it."""
    counted = [item for item, action in pairs if is_counted(item, action)]
    flags = [item.contradiction for item, _ in pairs]
    n = len(counted)
    reached = {name: _reached(counted, floor) for name, floor in MEASURES.items()}
    return Tally(
        n=n,
        levels=tuple(sum(1 for item in counted if item.level == level) for level in Level),
        needs_review=sum(1 for item, _ in pairs if item.level is None and item.applicable),
        not_counted=sum(
            1
            for item, action in pairs
            if not (item.level is None and item.applicable) and not is_counted(item, action)
        ),
        not_applicable=sum(1 for item, _ in pairs if not item.applicable),
        tension=flags.count(Contradiction.TENSION),
        contradiction=flags.count(Contradiction.CONTRADICTION),
        reached=reached,
        shares={
            name: Share(lower=least / n if n else 0.0, upper=most / n if n else 0.0)
            for name, (least, most) in reached.items()
        },
    )


def _headline(objectives: Iterable[Tally]) -> dict[str, Share]:
    """Return the mean share over objectives that have a denominator, each weighing the same."""
    scopes = [scope for scope in objectives if scope.n]
    size = len(scopes) or 1
    return {
        name: Share(
            lower=math.fsum(scope.shares[name].lower for scope in scopes) / size,
            upper=math.fsum(scope.shares[name].upper for scope in scopes) / size,
        )
        for name in MEASURES
    }


def document_figures(
    document_id: str, label: str, pairs: Sequence[tuple[Assessment, Action]], framework: Framework
) -> DocumentFigures:
    """Return the figures of one document, or of what stands for one, from all its pairs."""
    objectives = {
        objective.number: tally([pair for pair in pairs if pair[1].objective == objective.number])
        for objective in framework.objectives
    }
    total = tally(pairs)
    review_share = (total.n - sum(total.levels)) / total.n if total.n else 0.0
    shown = total.n > 0 and review_share <= MAX_REVIEW_SHARE
    return DocumentFigures(
        document_id=document_id,
        label=label,
        total=total,
        objectives=objectives,
        headline=_headline(objectives.values()) if shown else None,
        review_share=review_share,
    )


def figures(report: Report, framework: Framework) -> Figures:
    """
    Return every figure that a report prints.

    The headline is the mean over the objectives, each weighing the same; it is None
    where more than 20 % of a document's counted actions need review.
    """
    labels = document_labels(report)
    pairs = ordered(report, framework)
    return Figures(
        documents=tuple(
            document_figures(
                document.id,
                labels[document.id],
                [pair for pair in pairs if pair[0].document_id == document.id],
                framework,
            )
            for document in report.documents
        )
    )
