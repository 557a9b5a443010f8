"""What is searched: every action in several views, and the texts whose actions are known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gcm_align.artifacts import models_path, sha256_of
from gcm_align.catalogue import Action, Framework
from gcm_align.encoding import Encoder
from gcm_align.lexical import WordIndex, WordTable, build_word_index, load_word_table
from gcm_align.prototypes import KnownText

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weight of each part; see ``models/matcher.json`` for how they were fitted."""

    parts: Mapping[str, float]
    intercept: float
    sha256: str
    encoder_sha256: str = ""  # the encoder they were fitted for


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIndex:
    """
    Texts whose actions are known, as vectors.

    vectors: unit vectors. Shape: (n_texts, n_dimensions).
    carries: the actions of each. Shape: (n_texts, n_actions).
    coded: whether each is a passage of a coded document. Shape: (n_texts,).
    """

    vectors: FloatArray
    carries: npt.NDArray[np.bool_]
    coded: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionIndex:
    """
    Every view of every action, encoded once.

    views: unit vectors by part name. Each shape: (n_actions, n_dimensions).
    elements: unit vectors of core elements. Shape: (n_elements, n_dimensions).
    element_owner: number of the action of each element. Shape: (n_elements,).
    known: texts whose actions are known; None for a framework that has none.
    """

    action_ids: tuple[str, ...]
    views: Mapping[str, FloatArray]
    elements: FloatArray
    element_owner: npt.NDArray[np.int64]
    known: KnownIndex | None
    words: WordIndex
    weights: Weights


def full_text(action: Action) -> str:
    """Return an action's text with its core and official elements, as one view of it."""
    elements = [*action.core_elements, *action.extra_elements]
    return f"{action.text}. {'; '.join(elements)}" if elements else action.text


def load_weights(*, with_known: bool) -> Weights:
    """Load the fitted weights: with known texts, or for a framework that has none."""
    path = models_path("matcher.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    fitted = data["with_known" if with_known else "without_known"]
    return Weights(
        parts=fitted["parts"],
        intercept=fitted["intercept"],
        sha256=sha256_of(path),
        encoder_sha256=data["encoder_sha256"],
    )


def build_index(
    framework: Framework,
    encoder: Encoder,
    known: Sequence[KnownText] = (),
    weights: Weights | None = None,
    table: WordTable | None = None,
) -> ActionIndex:
    """
    Encode every view of every action, and the known texts.

    Args:
        framework: The actions to search.
        encoder: Turns texts into unit vectors; give a cached one to encode only once.
        known: Texts whose actions are known; may be empty.
        weights: Weights of the parts; fitted ones where left out.
        table: What is known of words; the shipped table where left out.
    """
    actions = framework.actions
    number = {action.id: i for i, action in enumerate(actions)}
    objectives = {item.number: item.title for item in framework.objectives}
    elements = [(number[a.id], text) for a in actions for text in a.core_elements]
    titles = [objectives.get(a.objective, "") or a.text for a in actions]
    full = [full_text(a) for a in actions]
    return ActionIndex(
        action_ids=tuple(number),
        views={"text": encoder.encode([a.text for a in actions]), "full": encoder.encode(full)},
        elements=encoder.encode([text for _, text in elements]),
        element_owner=np.array([owner for owner, _ in elements], dtype=np.int64),
        known=_known_index(known, number, encoder) if known else None,
        words=build_word_index(full, titles, table or load_word_table(), known=bool(known)),
        weights=weights or load_weights(with_known=bool(known)),
    )


def carried(known: Sequence[KnownText], number: Mapping[str, int]) -> npt.NDArray[np.bool_]:
    """Return which text speaks to which action. Shape: (n_texts, n_actions)."""
    out = np.zeros((len(known), len(number)), dtype=bool)
    for row, text in enumerate(known):
        out[row, [number[action] for action in text.actions]] = True
    return out


def _known_index(
    known: Sequence[KnownText], number: Mapping[str, int], encoder: Encoder
) -> KnownIndex:
    return KnownIndex(
        vectors=encoder.encode([text.text for text in known]),
        carries=carried(known, number),
        coded=np.array([bool(text.source) for text in known]),
    )
