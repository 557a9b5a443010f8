"""How far two reviewers agree on the levels that both gave."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gcm_align.evaluation.agreement import ordinal_alpha
from gcm_align.reviewing.records import Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two reviewers: on what they both gave a level, and where it differs."""

    first: str
    second: str
    n: int  # pairs of document and action on which both gave a level
    alpha: float | None  # Krippendorff's, ordinal; None where nothing varies
    same: int
    differing: tuple[tuple[str, str, int, int], ...]  # document, action, both levels
    without_level: int  # both decided, one at least with "not applicable" or a dispute


def agreements(verdicts: Sequence[Review]) -> tuple[Agreement, ...]:
    """
    Return the agreement of each two reviewers who judged the same pair.

    Args:
        verdicts: The latest verdict of each reviewer on each document and action.

    Returns:
        One for each two reviewers, by name.
    """
    given: dict[str, dict[tuple[str, str], Review]] = {}
    for review in verdicts:
        key = (review.document.sha256, review.action_id)
        given.setdefault(review.reviewer, {})[key] = review
    found = [
        _agreement(first, second, given[first], given[second])
        for first, second in combinations(sorted(given), 2)
    ]
    return tuple(item for item in found if item.n or item.without_level)


def _agreement(
    first: str,
    second: str,
    mine: dict[tuple[str, str], Review],
    theirs: dict[tuple[str, str], Review],
) -> Agreement:
    both = [(mine[key], theirs[key]) for key in mine if key in theirs]
    levels = [
        (one, int(one.level), int(other.level))
        for one, other in both
        if one.level is not None and other.level is not None
    ]
    columns = np.array([(a, b) for _, a, b in levels], dtype=np.int64).reshape(-1, 2)
    alpha = ordinal_alpha(columns[:, 0], columns[:, 1])
    return Agreement(
        first=first,
        second=second,
        n=len(levels),
        alpha=None if math.isnan(alpha) else alpha,
        same=sum(1 for _, a, b in levels if a == b),
        differing=tuple((one.document.name, one.action_id, a, b) for one, a, b in levels if a != b),
        without_level=len(both) - len(levels),
    )
