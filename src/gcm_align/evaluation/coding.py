"""A machine's verdicts against a coding of the same document: verdicts, evidence, chances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gcm_align.calibration import LEVELS, is_wrong, risk
from gcm_align.errors import UsageError
from gcm_align.evaluation.agreement import ordinal_alpha
from gcm_align.evaluation.gold import Coding, found_among
from gcm_align.evaluation.reliability import Reliability, reliability, risk_coverage
from gcm_align.types import Assessment, Level

SHOWN = 3  # passages that a reader looks at first
ROUNDS = 1_000  # of the bootstrap
SEED = 20261123

Levels = npt.NDArray[np.int64]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingEvaluation:
    """
    Figures of one document against one coder; intervals are 95 %, over actions.

    Verdicts left for review count with their suggested level in ``*_suggested`` and are
    left out elsewhere. In ``alpha`` all five levels count; a verdict is *wrong* as
    :func:`gcm_align.calibration.is_wrong` says.
    """

    n: int
    review_share: float
    gap_precision: float  # of not-gap
    gap_recall: float
    gap_f1: float
    gap_f1_suggested: float
    gap_f1_interval: Interval  # of the suggestions
    gap_f1_everything: float  # baseline: nothing is a gap
    gap_f1_cosine: float  # baseline: cosine with the best threshold for this very coding
    alpha: float  # ordinal, levels 0 to 4
    alpha_suggested: float
    alpha_interval: Interval  # of the suggestions
    accepted_wrong: float | None
    evidence_found: float | None  # of actions with coded evidence: some among the first shown
    evidence_n: int
    chances: Reliability  # of the probability above gap
    coverage: tuple[float, ...]  # surest verdicts first
    risk: tuple[float, ...]  # share of wrong ones among as many
    outcomes: dict[str, bool]  # whether the suggested level of each action is right


def evaluate_coding(
    codings: Sequence[Coding],
    assessments: Sequence[Assessment],
    cosine: Sequence[float] = (),
) -> CodingEvaluation:
    """
    Compare the verdicts on one document with a coder's.

    Args:
        codings: The coder's levels; actions that the machine did not judge are left out.
        assessments: The machine's, of one document.
        cosine: Best cosine of a passage with each action's text, for a baseline; in the
            order of the assessments. Length: n_assessments, or none.

    Raises:
        UsageError: They share no action.
    """
    machine = {a.action: a for a in assessments}
    pairs = [(coding, machine[coding.action]) for coding in codings if coding.action in machine]
    if not pairs:
        raise UsageError(
            "The coding and the report share no action",
            value=f"{len(codings)} codings, {len(assessments)} verdicts",
            expected="codings of this framework",
            hint="Give the framework of the coding with --framework.",
        )
    gold = np.array([c.level for c, _ in pairs])
    suggested = np.array([a.suggested for _, a in pairs])
    accepted = np.array([a.level is not None for _, a in pairs])
    precision, recall, f1 = not_gap(gold[accepted], suggested[accepted])
    wrong = is_wrong(gold, suggested)
    found = [found_among(c, a.evidence[:SHOWN]) for c, a in pairs if c.evidence]
    near = dict(zip((a.action for a in assessments), cosine, strict=False))
    coverage, curve = risk_coverage(np.array([_risk(a) for _, a in pairs]), wrong)
    return CodingEvaluation(
        n=len(pairs),
        review_share=float(1 - accepted.mean()),
        gap_precision=precision,
        gap_recall=recall,
        gap_f1=f1,
        gap_f1_suggested=not_gap(gold, suggested)[2],
        gap_f1_interval=_interval(lambda g, s: not_gap(g, s)[2], gold, suggested),
        gap_f1_everything=not_gap(gold, np.ones_like(gold))[2],
        gap_f1_cosine=best_threshold_f1(gold, np.array([near.get(c.action, 0) for c, _ in pairs])),
        alpha=ordinal_alpha(gold[accepted], suggested[accepted]),
        alpha_suggested=ordinal_alpha(gold, suggested),
        alpha_interval=_interval(ordinal_alpha, gold, suggested),
        accepted_wrong=float(wrong[accepted].mean()) if accepted.any() else None,
        evidence_found=float(np.mean(found)) if found else None,
        evidence_n=len(found),
        chances=reliability(np.array([a.probability for _, a in pairs]), gold > 0),
        coverage=tuple(float(v) for v in coverage),
        risk=tuple(float(v) for v in curve),
        outcomes={c.action: not bool(w) for (c, _), w in zip(pairs, wrong, strict=True)},
    )


def not_gap(gold: Levels, found: Levels) -> tuple[float, float, float]:
    """Return precision, recall and F1 of 'not a gap'."""
    true, claimed = gold > 0, found > 0
    both = float((true & claimed).sum())
    precision = both / claimed.sum() if claimed.any() else 0.0
    recall = both / true.sum() if true.any() else 0.0
    f1 = 2 * both / (true.sum() + claimed.sum()) if both else 0.0
    return float(precision), float(recall), float(f1)


def best_threshold_f1(gold: Levels, near: npt.NDArray[Any]) -> float:
    """Return the F1 of 'not a gap' that the best single threshold reaches on these very pairs."""
    return max(not_gap(gold, (near >= t).astype(int))[2] for t in np.unique(near))


def _risk(item: Assessment) -> float:
    if not item.probabilities:
        return 1 - item.probability if item.suggested > Level.GAP else item.probability
    chances = np.array([item.probabilities.get(level.label, 0.0) for level in LEVELS])
    return risk(chances, item.suggested)


def _interval(figure: Callable[[Levels, Levels], float], gold: Levels, found: Levels) -> Interval:
    """95 % bootstrap interval of a figure, drawing actions."""
    draws = np.random.default_rng(SEED).integers(0, len(gold), (ROUNDS, len(gold)))
    values = np.array([figure(gold[rows], found[rows]) for rows in draws])
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)
