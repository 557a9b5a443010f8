"""Whether probabilities keep their word, and what abstention buys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Pairs whose probabilities are alike: what was said, and what was so."""

    n: int
    said: float  # mean probability
    was: float  # share that was so


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """A reliability diagram in numbers."""

    bins: tuple[Bin, ...]
    calibration_error: float  # mean distance of said and was, weighted by n
    brier: float
    brier_constant: float  # of a forecast that always says the share that was so


def reliability(said: Array, was: npt.NDArray[np.bool_], bins: int = BINS) -> Reliability:
    """
    Compare probabilities with what was so, in bins of equal width.

    Args:
        said: Probabilities. Shape: (n,).
        was: Whether it was so. Shape: (n,).
        bins: Number of bins between 0 and 1; empty ones are left out.

    Source:
        Naeini, Cooper and Hauskrecht (2015), expected calibration error.
    """
    number = np.minimum((said * bins).astype(int), bins - 1)
    made = tuple(
        Bin(
            n=int((number == i).sum()),
            said=float(said[number == i].mean()),
            was=float(was[number == i].mean()),
        )
        for i in range(bins)
        if (number == i).any()
    )
    n = max(len(said), 1)
    return Reliability(
        bins=made,
        calibration_error=sum(b.n * abs(b.said - b.was) for b in made) / n,
        brier=float(np.mean((said - was) ** 2)) if len(said) else float("nan"),
        brier_constant=float(np.var(was)) if len(was) else float("nan"),
    )


def risk_coverage(risks: Array, wrong: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """
    Return what share is accepted, and what share of that is wrong, surest verdicts first.

    Args:
        risks: Estimated risk of each verdict. Shape: (n,).
        wrong: Whether the verdict was wrong. Shape: (n,).

    Returns:
        Coverage and risk. Shape of each: (n,).

    Source:
        El-Yaniv and Wiener (2010), On the Foundations of Noise-free Selective Classification.
    """
    order = np.argsort(risks, kind="stable")
    so_far = np.arange(1, len(order) + 1)
    return so_far / max(len(order), 1), np.cumsum(wrong[order]) / so_far
