"""How well clauses find their action: ranking, near misses and contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from gcm_align.catalogue import Framework
from gcm_align.evaluation.clauses import LabelledClause
from gcm_align.types import Level

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

BOOTSTRAP_ROUNDS = 1_000
SEED = 20261123


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Figures of one ranker over the positive clauses; intervals are 95 %, over actions."""

    name: str
    n: int
    recall: dict[int, float]
    recall_interval: dict[int, tuple[float, float]]
    mrr: float
    soft_recall_1: float  # near-duplicate actions of the framework accepted
    near_miss_first: float | None  # near misses that rank their own action first


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseEvaluation:
    """All figures of one file of labelled clauses."""

    rankings: tuple[Ranking, ...]
    n_positive: int
    n_near_miss: int
    positives_partial: float  # positives that reach partial for their action
    near_misses_partial: float | None  # near misses that reach partial for their own id
    near_misses_by_kind: dict[str, tuple[int, float]]
    contradictions_flagged: float | None  # of clauses that order the opposite
    positives_flagged: float  # positives wrongly flagged as contradiction
    n_other: int  # clauses about no action at all
    other_mentioned: float | None  # of them: at mentioned or above for any action
    other_flagged: float | None  # of them: flagged as contradiction to any action
    by_style: dict[str, float] = field(default_factory=dict)  # recall at 1
    # By number and id of the clause: a positive that ranks its action first, a near miss
    # that stays below partial, a clause about something else that stays a gap everywhere.
    outcomes: dict[str, bool] = field(default_factory=dict)


def rank_of(scores: FloatArray, truth: IntArray) -> IntArray:
    """
    Return the rank of the true action, 0 the first; ties count against it.

    Args:
        scores: Shape: (n_clauses, n_actions).
        truth: Number of the true action. Shape: (n_clauses,).
    """
    own = scores[np.arange(len(truth)), truth][:, None]
    ahead: IntArray = (scores >= own).sum(axis=1).astype(np.int64) - 1
    return ahead


def evaluate_ranking(
    name: str, scores: FloatArray, clauses: Sequence[LabelledClause], framework: Framework
) -> Ranking:
    """
    Rank figures of one table of scores.

    Args:
        name: What made the scores.
        scores: Shape: (n_clauses, n_actions).
        clauses: Their labels. Length: n_clauses.
        framework: The actions of the columns.
    """
    number = {action.id: i for i, action in enumerate(framework.actions)}
    truth = np.array([number[c.id] for c in clauses], dtype=np.int64)
    positive = np.array([c.positive for c in clauses])
    ranks = rank_of(scores, truth)
    own = ranks[positive]
    soft = _soft_ranks(scores[positive], truth[positive], number, framework)
    negative = ranks[~positive]
    return Ranking(
        name=name,
        n=len(own),
        recall={k: float(np.mean(own < k)) for k in (1, 5, 10)},
        recall_interval={k: _interval(own < k, truth[positive]) for k in (1, 5, 10)},
        mrr=float(np.mean(1 / (own + 1))),
        soft_recall_1=float(np.mean(soft < 1)),
        near_miss_first=float(np.mean(negative < 1)) if len(negative) else None,
    )


def evaluate_clauses(
    clauses: Sequence[LabelledClause],
    framework: Framework,
    scores: FloatArray,
    baselines: Sequence[tuple[str, FloatArray]],
    levels: IntArray,
    flagged: npt.NDArray[np.bool_],
) -> ClauseEvaluation:
    """
    All figures of labelled clauses.

    Args:
        clauses: The labels. Length: n_clauses.
        framework: The actions of the columns.
        scores: gcm-align's scores. Shape: (n_clauses, n_actions).
        baselines: Name and scores of each ranker to set beside it.
        levels: Level of each clause alone. Shape: (n_clauses, n_actions).
        flagged: Counter-provision to the action. Shape: (n_clauses, n_actions).
    """
    number = {action.id: i for i, action in enumerate(framework.actions)}
    other = np.array([not c.id for c in clauses], dtype=bool)
    other_levels, other_flags = levels[other].any(axis=1), flagged[other].any(axis=1)
    names = [f"{row} ({clause.id or 'none'})" for row, clause in enumerate(clauses)]
    about = np.flatnonzero(~other)
    clauses, scores = [clauses[int(row)] for row in about], scores[about]
    own = np.array([number[c.id] for c in clauses], dtype=np.int64)
    partial, flag = levels[about, own] >= Level.PARTIAL, flagged[about, own]
    positive = np.array([c.positive for c in clauses], dtype=bool)
    kinds = np.array([c.kind for c in clauses], dtype=object)
    contradiction = kinds == "contradiction"
    ranks = rank_of(scores, own)
    styles = np.array([c.style for c in clauses], dtype=object)
    right = np.zeros(len(names), dtype=bool)
    right[about], right[other] = np.where(positive, ranks < 1, ~partial), ~other_levels
    return ClauseEvaluation(
        rankings=tuple(
            evaluate_ranking(name, table, clauses, framework)
            for name, table in [("gcm-align", scores), *((n, t[about]) for n, t in baselines)]
            if positive.any()
        ),
        n_positive=int(positive.sum()),
        n_near_miss=int((~positive).sum()),
        positives_partial=_share(partial[positive]) or 0.0,
        near_misses_partial=_share(partial[~positive]),
        near_misses_by_kind={
            kind: (int((kinds == kind).sum()), _share(partial[kinds == kind]) or 0.0)
            for kind in sorted(set(kinds[~positive]))
        },
        contradictions_flagged=_share(flag[contradiction]),
        positives_flagged=_share(flag[positive]) or 0.0,
        n_other=int(other.sum()),
        other_mentioned=_share(other_levels),
        other_flagged=_share(other_flags),
        by_style={
            style: _share((ranks < 1)[positive & (styles == style)]) or 0.0
            for style in sorted(set(styles[positive]) - {""})
        },
        outcomes=dict(zip(names, right.tolist(), strict=True)),
    )


def _share(values: npt.NDArray[np.bool_]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _soft_ranks(
    scores: FloatArray, truth: IntArray, number: dict[str, int], framework: Framework
) -> IntArray:
    """Best rank among the true action and those that the framework calls near-duplicates."""
    best = rank_of(scores, truth)
    for row, true in enumerate(truth):
        for action in framework.near_duplicates(framework.actions[true].id):
            other = scores[row, number[action]]
            best[row] = min(best[row], int((scores[row] >= other).sum()) - 1)
    return best


def _interval(hits: npt.NDArray[np.bool_], groups: IntArray) -> tuple[float, float]:
    """95 % bootstrap interval of a share, drawing whole actions."""
    names, inverse = np.unique(groups, return_inverse=True)
    sums = np.bincount(inverse, weights=hits.astype(float))
    counts = np.bincount(inverse)
    draws = np.random.default_rng(SEED).integers(0, len(names), (BOOTSTRAP_ROUNDS, len(names)))
    shares = sums[draws].sum(axis=1) / counts[draws].sum(axis=1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)
