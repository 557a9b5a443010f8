"""How far reviewers agree: Krippendorff's alpha of each two, over what both decided."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gcm_align.reviewing.records import DocumentKey

if TYPE_CHECKING:
    from gcm_align.serving.library import Library
    from gcm_align.types import Report

LEAST_SHARED = 2  # verdicts that two people must share before their agreement is a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two reviewers: how many levels both gave, and alpha; None where nothing can be said."""

    one: str
    other: str
    shared: int
    alpha: float | None


def agreement_of(library: Library, report: Report) -> tuple[Agreement, ...]:
    """Return the agreement of each two reviewers of a document, by their names."""
    import numpy as np

    from gcm_align.evaluation.agreement import ordinal_alpha

    current = library.reviews.current(DocumentKey.of(report.documents[0]))
    levels: dict[str, dict[str, int]] = {}
    for action, held in current.items():
        for review in held.verdicts:
            if review.level is not None:
                levels.setdefault(review.reviewer, {})[action] = int(review.level)
    found = []
    names = sorted(levels)
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            shared = sorted(levels[one].keys() & levels[other].keys())
            first, second = (np.array([levels[name][a] for a in shared]) for name in (one, other))
            alpha = ordinal_alpha(first, second) if len(shared) >= LEAST_SHARED else math.nan
            found.append(
                Agreement(
                    one=one,
                    other=other,
                    shared=len(shared),
                    alpha=None if math.isnan(alpha) else float(alpha),
                )
            )
    return tuple(found)
