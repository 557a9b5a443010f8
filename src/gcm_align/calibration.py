"""Scores to probabilities of the levels, fitted on coded documents.

Two things tell how far a passage carries an action: its score, and how near the whole
document stays to the framework's subject (in a health plan the same words are likelier to
be about someone else). One cumulative logit for each level turns them into probabilities.
Which force a passage has is not asked here; the rules in levels.py say what it allows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gcm_align.artifacts import models_path, sha256_of
from gcm_align.errors import ArtifactError
from gcm_align.types import Level, Scores

Array = npt.NDArray[np.float64]

# Operationalised is addressed with delivery facts, which are read and not estimated.
LEVELS = (Level.GAP, Level.MENTIONED, Level.PARTIAL, Level.ADDRESSED)
FILE = "calibrator.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrator:
    """
    Cumulative logits: P(level >= t) = logistic(a_t * score + b_t * nearness + c_t).

    weights: a, b and c for mentioned, partial and addressed. Shape: (3, 3).
    scores, nearness: lowest and highest value that the curves are trusted with; beyond
        them the nearest one counts.
    """

    weights: Array
    scores: tuple[float, float]
    nearness: tuple[float, float]
    sha256: str = ""

    def at_least(self, scores: npt.ArrayLike, nearness: npt.ArrayLike) -> Array:
        """
        Return how likely each level is reached.

        Args:
            scores: Scores of passages. Shape: (...).
            nearness: Of their documents; a number, or the same shape.

        Returns:
            Probabilities of mentioned, partial and addressed or more, falling along the
            last axis. Shape: (..., 3).
        """
        x = np.clip(np.asarray(scores, dtype=float), *self.scores)[..., None]
        z = np.clip(np.asarray(nearness, dtype=float), *self.nearness)[..., None]
        a, b, c = self.weights.T
        reached: Array = 1 / (1 + np.exp(-(a * x + b * z + c)))
        return np.minimum.accumulate(reached, axis=-1)

    def most_likely(self, scores: npt.ArrayLike, nearness: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Return the median level: half of the probability lies at it or above. Shape: (...)."""
        reached: npt.NDArray[np.int64] = (self.at_least(scores, nearness) >= 0.5).sum(axis=-1)
        return reached

    def levels(self, score: float, nearness: float) -> Array:
        """Return the probability of each of :data:`LEVELS` for one score. Shape: (4,)."""
        reached = np.concatenate([[1.0], self.at_least(score, nearness), [0.0]])
        each: Array = reached[:-1] - reached[1:]
        return each


def subject_nearness(scores: Scores) -> float:
    """
    Say how near a document stays to the framework's subject.

    The median over its passages of the score of the nearest action: it does not grow with
    the length of the document. A document without passages is as far off as can be.
    """
    if not len(scores.values):
        return float("-inf")
    return float(np.median(scores.values.max(axis=1)))


def capped(levels: Array, most: Level) -> Array:
    """Move the probability above a level down to it: the wording allows no more."""
    last = min(int(most), len(LEVELS) - 1)
    out = levels.copy()
    out[last] += out[last + 1 :].sum()
    out[last + 1 :] = 0
    return out


def risk(levels: Array, given: Level) -> float:
    """
    Return how likely a verdict is wrong: about the gap, or by two levels or more.

    Args:
        levels: Probability of each of :data:`LEVELS`. Shape: (4,).
        given: The verdict.
    """
    return float(levels[wrong_for(given)].sum())


def wrong_for(given: Level) -> npt.NDArray[np.bool_]:
    """Say which true levels make a verdict wrong. Shape: (4,)."""
    return is_wrong(np.array(LEVELS), np.array(given))


def is_wrong(gold: npt.NDArray[Any], given: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """
    Say which verdicts are wrong: about the gap, or by two levels or more.

    Addressed and operationalised are one here: delivery facts are listed beside the level
    and checked on their own.
    """
    true, verdict = np.minimum(gold, Level.ADDRESSED), np.minimum(given, Level.ADDRESSED)
    wrong: npt.NDArray[np.bool_] = ((true > 0) != (verdict > 0)) | (np.abs(true - verdict) >= 2)
    return wrong


def load_calibrator() -> Calibrator:
    """
    Load ``models/calibrator.json``; ``scripts/fit_calibrator.py`` makes it.

    Raises:
        ArtifactError: The file is missing or broken.
    """
    path = models_path(FILE)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        weights = np.array([data["levels"][level.label] for level in LEVELS[1:]], dtype=float)
        low, high = data["scores"]
        far, near = data["nearness"]
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(
            "The calibrator cannot be read",
            value=f"{path} ({error!r})",
            expected="weights for every level above gap",
            hint="Install gcm-align again, or run scripts/fit_calibrator.py.",
        ) from error
    return Calibrator(
        weights=weights, scores=(low, high), nearness=(far, near), sha256=sha256_of(path)
    )
