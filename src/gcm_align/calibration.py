"""Scores to probabilities of the levels, fitted on coded documents.

What is published is a document's level for an action, so that is what is calibrated: a few
figures sum up what all its passages say of the action (see :data:`FIGURES`), and one
cumulative logit for each level turns them into probabilities. No figure but the length has a
negative weight: a nearer passage never makes a level less likely.

A passage alone is judged by the score and by how near its document stays to the subject (in
a health plan the same words are likelier to be about someone else). Which force it has is
not asked there; the rules in levels.py say what it allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gcm_align.artifacts import models_path, read_fitted, sha256_of
from gcm_align.levels import is_firm, operational
from gcm_align.types import Clause, Level, Scores

Array = npt.NDArray[np.float64]

# Operationalised is addressed with delivery facts, which are read and not estimated.
LEVELS = (Level.GAP, Level.MENTIONED, Level.PARTIAL, Level.ADDRESSED)
FILE = "calibrator.json"
# Of a document and an action; the scores are those of its passages for the action.
FIGURES = (
    "best",  # highest score
    "amount",  # logarithm of the sum of what all scores add, log(1 + exp(score)) each
    "firm",  # highest score of a passage that is firm
    "delivered",  # highest score of a passage with two delivery facts
    "nearness",  # of the document to the subject
    "scope",  # share of its passages that are about the subject
    "length",  # logarithm of the number of its passages
)
RISING = tuple(name for name in FIGURES if name != "length")  # never a negative weight
FLOOR, CEILING = -12.0, 12.0  # scores beyond say no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrator:
    """
    Cumulative logits, of a passage and of a document.

    passage: weights of score, nearness and scope, then the intercept, for mentioned, partial
        and addressed. Shape: (3, 4).
    document: weights of :data:`FIGURES`, then the intercept, for the same. Shape: (3, 8).
    scores, nearness: lowest and highest value that the curves of a passage are trusted
        with; beyond them the nearest one counts.
    lowest, highest: the same of each figure of a document. Shape of each: (7,).
    """

    passage: Array
    document: Array
    scores: tuple[float, float]
    nearness: tuple[float, float]
    lowest: Array
    highest: Array
    sha256: str = ""

    def at_least(
        self, scores: npt.ArrayLike, nearness: npt.ArrayLike, scope: npt.ArrayLike = 1.0
    ) -> Array:
        """
        Return how likely a document of which this is the best passage reaches each level.

        Args:
            scores: Scores of passages. Shape: (...).
            nearness: Of their documents; a number, or the same shape.
            scope: Whether they are about the subject, 0 or 1; a number, or the same shape.

        Returns:
            Probabilities of mentioned, partial and addressed or more, falling along the
            last axis. Shape: (..., 3).
        """
        x = np.clip(np.asarray(scores, dtype=float), *self.scores)[..., None]
        z = np.clip(np.asarray(nearness, dtype=float), *self.nearness)[..., None]
        about = np.asarray(scope, dtype=float)[..., None]
        a, b, c, d = self.passage.T
        return _falling(a * x + b * z + c * about + d)

    def most_likely(self, scores: Scores, nearness: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """
        Return the median level of each passage: half of the probability lies there or above.

        Args:
            scores: Of passages.
            nearness: Of their documents; a number, or shape (n_passages, 1).

        Returns:
            Values of Level. Shape: (n_passages, n_actions).
        """
        scope = scores.parts.get("scope", np.ones_like(scores.values))
        return median_level(self.at_least(scores.values, nearness, scope))

    def reached(self, figures: npt.ArrayLike) -> Array:
        """
        Return how likely a document reaches each level.

        Args:
            figures: What :func:`document_figures` returned. Shape: (..., 7).

        Returns:
            Probabilities of mentioned, partial and addressed or more, falling along the
            last axis. Shape: (..., 3).
        """
        x = np.clip(np.asarray(figures, dtype=float), self.lowest, self.highest)
        return _falling(x @ self.document[:, :-1].T + self.document[:, -1])


def each_level(reached: Array) -> Array:
    """Return the probability of each of :data:`LEVELS`. Shape: (..., 3) to (..., 4)."""
    edge = reached[..., :1]
    whole = np.concatenate([np.ones_like(edge), reached, np.zeros_like(edge)], axis=-1)
    levels: Array = whole[..., :-1] - whole[..., 1:]
    return levels


def median_level(reached: Array) -> npt.NDArray[np.int64]:
    """Return the level at which or above which half of the probability lies. Shape: (...)."""
    level: npt.NDArray[np.int64] = (reached >= 0.5).sum(axis=-1)
    return level


def document_figures(
    scores: Scores, clauses: Sequence[Clause], without: npt.NDArray[np.bool_] | None = None
) -> Array:
    """
    Sum up what all passages of a document say of each action.

    Args:
        scores: Of its passages.
        clauses: Their force. Length: n_passages.
        without: Passages that do not count for an action, since they order the opposite.
            Shape: (n_passages, n_actions).

    Returns:
        The :data:`FIGURES` of each action. Shape: (n_actions, 7).
    """
    n_passages, n_actions = scores.values.shape
    values = np.clip(scores.values.astype(float), FLOOR, CEILING)
    if without is not None:
        values = np.where(without, FLOOR, values)
    firm = np.array([is_firm(c) for c in clauses], dtype=bool)
    about = scores.parts.get("scope")
    share = 1.0 if about is None or not n_passages else float(about[:, 0].mean())
    nearness = max(subject_nearness(scores), FLOOR)
    columns = (
        values.max(axis=0, initial=FLOOR),
        np.log(np.log1p(np.exp(values)).sum(axis=0) + np.exp(FLOOR)),
        values[firm].max(axis=0, initial=FLOOR),
        values[operational(clauses)].max(axis=0, initial=FLOOR),
        np.full(n_actions, nearness),
        np.full(n_actions, share),
        np.full(n_actions, np.log(max(n_passages, 1))),
    )
    return np.stack(columns, axis=1)


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

    def made(data: Any) -> Calibrator:
        far, near = data["nearness"]
        low, high = data["scores"]
        limits = np.array([data["figures"][name] for name in FIGURES], dtype=float)
        return Calibrator(
            passage=_rows(data["passage"], 4),
            document=_rows(data["document"], len(FIGURES) + 1),
            scores=(low, high),
            nearness=(far, near),
            lowest=limits[:, 0],
            highest=limits[:, 1],
            sha256=sha256_of(path),
        )

    return read_fitted(
        path,
        made,
        what="The calibrator",
        expected="weights for every level above gap, of a passage and of a document",
        script="fit_calibrator.py",
    )


def _rows(levels: dict[str, list[float]], length: int) -> Array:
    rows = np.array([levels[level.label] for level in LEVELS[1:]], dtype=float)
    if rows.shape != (len(LEVELS) - 1, length):
        raise ValueError(f"weights of shape {rows.shape}")
    return rows


def _falling(logits: Array) -> Array:
    """Return probabilities that never rise with the level."""
    reached: Array = 1 / (1 + np.exp(-logits))
    return np.minimum.accumulate(reached, axis=-1)
