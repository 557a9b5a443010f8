"""Vectors and words to scores: every passage against every action of a framework.

A score is a weighted sum of parts, each of which is kept: how near the passage lies to the
action's text with its elements and to clauses that say the action; which share of its
nearest known texts carry it; and how many of the rarer words of each it shares. What governs
a passage in its document (the goal above a row of a matrix, the opening of a list) is scored
apart and counts less than the passage's own words: put before them it makes all rows under
one goal look alike. Two parts are the passage's own, the same for every action: whether it
is about migration, and its length. The weights make scores compare across the actions of
one passage and across passages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gcm_align.indexing import ActionIndex
from gcm_align.types import Scores

FloatArray = npt.NDArray[np.float32]

MOST_WORDS = 60  # beyond it a longer passage is no likelier to hold an undertaking
NEAREST = 2  # known texts of an action averaged; one alone is at the mercy of its wording
NEIGHBOURS = 40  # known texts that are asked which actions they carry
WARMTH = 0.07  # cosine over which a neighbour's say falls to a third
NEAR = 0.9  # cosine of a text that has as much to say as...
UNDECIDED = 1e-3  # ...a thousand times this, the say of nobody: it matters far from all texts
NOBODY = 1e-3  # share that stands for none
ROWS = 512  # passages scored at once: bounds the memory
LEAD = "lead_"  # before the name of a part: the same of what governs the passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """
    What governs each passage in its document, or an empty text.

    texts: Length: n_passages.
    vectors: unit vectors; rows of empty texts are not looked at. Shape: (n_passages, n_dim).
    """

    texts: Sequence[str]
    vectors: FloatArray


def score_passages(
    texts: Sequence[str],
    vectors: FloatArray,
    index: ActionIndex,
    scope: Sequence[bool] | None = None,
    leads: Leads | None = None,
) -> Scores:
    """
    Score every passage against every action.

    Args:
        texts: The passages, as encoded. Length: n_passages.
        vectors: Their unit vectors. Shape: (n_passages, n_dimensions).
        index: The actions.
        scope: Whether each passage is about the framework's subject at all; None where
            that cannot be told, as for a framework of one's own. Length: n_passages.
        leads: What governs each passage; None where they stand alone.

    Returns:
        Scores with parts. Shape of each: (n_passages, n_actions).
    """
    n_actions = len(index.action_ids)
    parts, elements = _near(texts, vectors, index)
    parts |= {f"{LEAD}{name}": np.zeros_like(part) for name, part in parts.items()}
    governed = np.array([bool(text) for text in leads.texts] if leads else [False] * len(texts))
    if leads is not None and governed.any():
        above, near = _near_leads(leads, index)
        for name, part in above.items():
            parts[f"{LEAD}{name}"][governed] = part
        # An element that the goal names need not be named again in each of its rows.
        elements[governed] = np.maximum(elements[governed], near)
    told = np.ones(len(texts)) if scope is None else np.asarray(scope, dtype=np.float32)
    parts["governed"] = _spread(governed.astype(np.float32), n_actions)
    parts["scope"] = _spread(told.astype(np.float32), n_actions)
    parts["words"] = _spread(_word_counts(texts), n_actions)
    values = np.full((len(texts), n_actions), index.weights.intercept, dtype=np.float32)
    for name, weight in index.weights.parts.items():
        if name in parts:
            values += np.float32(weight) * parts[name]
    return Scores(
        action_ids=index.action_ids,
        values=values,
        parts={name: part for name, part in parts.items() if _is_told(name, index)},
        elements=elements,
        element_owner=index.element_owner,
    )


def _is_told(name: str, index: ActionIndex) -> bool:
    """Say whether a part is kept: what weighs nothing explains nothing; baselines need text."""
    return name in index.weights.parts or name in {"text", "scope"} or not index.weights.parts


def _near_leads(leads: Leads, index: ActionIndex) -> tuple[dict[str, FloatArray], FloatArray]:
    """Return what _near() does of the lead-ins, a row for each passage that has one."""
    # Many rows stand under one goal, which is scored once.
    last = {text: at for at, text in enumerate(leads.texts) if text}
    parts, elements = _near(list(last), leads.vectors[list(last.values())], index)
    place = {text: row for row, text in enumerate(last)}
    rows = [place[text] for text in leads.texts if text]
    return {name: part[rows] for name, part in parts.items()}, elements[rows]


def _near(
    texts: Sequence[str], vectors: FloatArray, index: ActionIndex
) -> tuple[dict[str, FloatArray], FloatArray]:
    """Return the parts that depend on the action, and the nearness to core elements."""
    parts = {name: vectors @ view.T for name, view in index.views.items()}
    elements = np.zeros((len(texts), 0), dtype=np.float32)
    if len(index.elements):
        elements = vectors @ index.elements.T
    parts |= index.words.scores(texts)
    if index.known is not None:
        shape = (len(texts), len(index.action_ids))
        parts |= {name: np.zeros(shape, dtype=np.float32) for name in ("phrasing", "neighbours")}
        clauses = index.known.carries & ~index.known.coded[:, None]
        for start in range(0, len(texts), ROWS):
            rows = slice(start, start + ROWS)
            near = vectors[rows] @ index.known.vectors.T
            parts["phrasing"][rows] = _nearest_mean(near, clauses)
            parts["neighbours"][rows] = _share_of_neighbours(near, index.known.carries)
    return parts, elements.astype(np.float32)


def _nearest_mean(near: FloatArray, carries: npt.NDArray[np.bool_]) -> FloatArray:
    """Mean of the nearest texts of each action; 0 where it has none."""
    out = np.zeros((len(near), carries.shape[1]), dtype=np.float32)
    for action in np.flatnonzero(carries.any(axis=0)):
        own = near[:, carries[:, action]]
        if own.shape[1] > NEAREST:
            own = np.partition(own, own.shape[1] - NEAREST, axis=1)[:, -NEAREST:]
        out[:, action] = own.mean(axis=1)
    return out


def _share_of_neighbours(near: FloatArray, carries: npt.NDArray[np.bool_]) -> FloatArray:
    """
    Logarithm of the share of a passage's nearest known texts that carry each action.

    A nearer one has more to say. Source: the attention of a matching network (Vinyals et
    al., 2016), where nobody has a say too.
    """
    most = min(NEIGHBOURS, near.shape[1])
    out = np.zeros((len(near), carries.shape[1]), dtype=np.float32)
    for row, own in enumerate(near):
        nearest = np.argpartition(-own, most - 1)[:most]
        weights = np.exp((own[nearest] - NEAR) / WARMTH)
        out[row] = (weights / (weights.sum() + UNDECIDED)) @ carries[nearest]
    shares: FloatArray = np.log(out + np.float32(NOBODY))
    return shares


def _word_counts(texts: Sequence[str]) -> FloatArray:
    """Logarithm of the number of words: a label of three words carries no undertaking."""
    counts = [min(len(text.split()), MOST_WORDS) for text in texts]
    return np.log(np.maximum(counts, 1)).astype(np.float32)


def _spread(column: FloatArray, n_actions: int) -> FloatArray:
    return np.repeat(column[:, None], n_actions, axis=1)
