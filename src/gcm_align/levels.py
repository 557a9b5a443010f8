"""The level that one passage may carry by its wording: codebook steps 3 to 7, one rule each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gcm_align.settings import Settings
from gcm_align.types import Clause, Force, Level, Scores

FIRM = frozenset({Force.DUTY, Force.RIGHT, Force.MEASURE, Force.UNDERTAKING})
OPERATIONAL_FACTS = 2  # delivery facts that make an addressed action operationalised


def allowed_levels(
    scores: Scores, clauses: Sequence[Clause], settings: Settings
) -> npt.NDArray[np.int64]:
    """
    Give the level that the wording of each passage allows at most for each action.

    Codebook steps 3 to 6: who acts, force, elements. A mention, a power or a clause without
    the core elements is no more than that, however near it lies.

    Returns:
        Mentioned, partial or addressed. Shape: (n_passages, n_actions).
    """
    speaks = np.array([undertakes(c) for c in clauses], dtype=bool).reshape(len(clauses), 1)
    whole = may_address(scores, clauses) & _complete(scores, settings)
    most = np.where(whole, int(Level.ADDRESSED), int(Level.PARTIAL))
    allowed: npt.NDArray[np.int64] = np.where(speaks, most, int(Level.MENTIONED))
    return allowed


def levels_alone(
    likely: npt.NDArray[np.int64],
    allowed: npt.NDArray[np.int64],
    told: npt.NDArray[np.bool_],
    about: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """
    Give the level that each passage alone would carry for each action.

    A passage that is not about migration may serve an action by implication, as legal aid
    for everybody does; it does not mention one (codebook, step 1).

    Args:
        likely: Most likely level by the score alone. Shape: (n_passages, n_actions).
        allowed: What allowed_levels() returned. Shape: (n_passages, n_actions).
        told: What operational() returned. Shape: (n_passages,).
        about: What is_about() returned. Shape: (n_passages, n_actions).

    Returns:
        Values of Level. Shape: (n_passages, n_actions).
    """
    levels: npt.NDArray[np.int64] = np.minimum(likely, allowed)
    levels[(levels == Level.ADDRESSED) & told[:, None]] = Level.OPERATIONALISED
    levels[(levels == Level.MENTIONED) & ~about] = Level.GAP
    return levels


def operational(clauses: Sequence[Clause]) -> npt.NDArray[np.bool_]:
    """Say which passages tell how they are delivered: codebook step 7. Shape: (n_passages,)."""
    return np.array([len(c.delivery_kinds) >= OPERATIONAL_FACTS for c in clauses], dtype=bool)


def may_address(scores: Scores, clauses: Sequence[Clause]) -> npt.NDArray[np.bool_]:
    """
    Say which passages are firm and in scope: alone complete, or several together.

    Returns:
        Shape: (n_passages, n_actions).
    """
    firm = np.array([is_firm(c) for c in clauses], dtype=bool).reshape(len(clauses), 1)
    return firm & is_about(scores)


def _complete(scores: Scores, settings: Settings) -> npt.NDArray[np.bool_]:
    """Say whether each passage holds the core elements. Shape: (n_passages, n_actions)."""
    held = np.zeros(scores.values.shape, dtype=np.int64)
    for column, owner in enumerate(scores.element_owner):
        held[:, owner] += scores.elements[:, column] >= settings.element_similarity
    needed: npt.NDArray[np.bool_] = held >= needed_elements(scores, settings)
    return needed


def needed_elements(scores: Scores, settings: Settings) -> npt.NDArray[np.int64]:
    """Return how many core elements make each action complete. Shape: (n_actions,)."""
    counts = np.bincount(scores.element_owner, minlength=len(scores.action_ids))
    needed: npt.NDArray[np.int64] = np.ceil(counts * settings.element_share).astype(int)
    return needed


def is_about(scores: Scores) -> npt.NDArray[np.bool_]:
    """
    Say whether each passage is about the framework's subject. Shape: (n_passages, n_actions).

    A health policy that promises care to "the poor and vulnerable" may help migrants, and
    does not address them: such a passage is partial at most.
    """
    told = scores.parts.get("scope")
    if told is None:
        return np.ones(scores.values.shape, dtype=bool)
    about: npt.NDArray[np.bool_] = told > 0
    return about


def undertakes(clause: Clause) -> bool:
    """Say whether the State, or someone it binds, undertakes anything."""
    return clause.state_acts and clause.force is not Force.MENTION


def is_firm(clause: Clause) -> bool:
    """Say whether the undertaking is a duty, right, measure or plan, and not a vague one."""
    return clause.state_acts and clause.force in FIRM and not clause.general
