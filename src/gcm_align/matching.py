"""Vectors and words to scores: every passage against every action of a framework.

A score is a weighted sum of parts, each of which is kept: how near the passage lies to
the action's text, to its core elements, to its objective and to known phrasings of the
action, and how many of its rarer words it shares (BM25). Two parts are the passage's own,
the same for every action: whether it is about migration, and its length. The weights make
scores compare across the actions of one passage and across passages.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gcm_align.artifacts import models_path, sha256_of
from gcm_align.catalogue import Action, Framework
from gcm_align.encoding import Encoder
from gcm_align.types import Scores

FloatArray = npt.NDArray[np.float32]

BM25_HALF = 20.0  # BM25 sum at which the lexical part reaches one half
MOST_WORDS = 60  # beyond it a longer passage is no likelier to hold an undertaking
PROTOTYPE_NEIGHBOURS = 2  # known phrasings averaged; one alone is at the mercy of its wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weight of each part; see ``models/matcher.json`` for how they were fitted."""

    parts: Mapping[str, float]
    intercept: float
    sha256: str
    encoder_sha256: str = ""  # the encoder they were fitted for


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionIndex:
    """What is searched: every view of every action, encoded once.

    views: unit vectors by part name. Each shape: (n_actions, n_dimensions).
    elements: unit vectors of core elements. Shape: (n_elements, n_dimensions).
    element_owner: number of the action of each element. Shape: (n_elements,).
    prototypes: unit vectors of known phrasings. Shape: (n_prototypes, n_dimensions).
    prototype_owner: number of the action of each phrasing. Shape: (n_prototypes,).
    """

    action_ids: tuple[str, ...]
    views: Mapping[str, FloatArray]
    elements: FloatArray
    element_owner: npt.NDArray[np.int64]
    prototypes: FloatArray
    prototype_owner: npt.NDArray[np.int64]
    lexicon: LexicalIndex
    weights: Weights


class LexicalIndex:
    """BM25 over the words of each action (bm25s, English stems)."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s
        import Stemmer

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it reports each index otherwise
        self._stemmer = Stemmer.Stemmer("english")
        self._tokenize = bm25s.tokenize
        self._index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        self._index.index(self._tokens(texts), show_progress=False)
        self._size = len(texts)

    def _tokens(self, texts: Sequence[str]) -> list[list[str]]:
        tokens: list[list[str]] = self._tokenize(
            list(texts),
            stopwords="english",
            stemmer=self._stemmer,
            return_ids=False,
            show_progress=False,
        )
        return tokens

    def scores(self, texts: Sequence[str]) -> FloatArray:
        """Return raw BM25 sums. Shape: (n_texts, n_actions)."""
        out = np.zeros((len(texts), self._size), dtype=np.float32)
        for row, words in enumerate(self._tokens(texts)):
            known = sorted(set(words) & self._index.vocab_dict.keys())
            if known:
                out[row] = self._index.get_scores(known)
        return out


def full_text(action: Action) -> str:
    """Return an action's text with its core and official elements, as one view of it."""
    elements = [*action.core_elements, *action.extra_elements]
    return f"{action.text}. {'; '.join(elements)}" if elements else action.text


def load_weights(*, with_prototypes: bool) -> Weights:
    """Load the fitted weights: with known phrasings, or for a framework that has none."""
    path = models_path("matcher.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    fitted = data["with_prototypes" if with_prototypes else "without_prototypes"]
    return Weights(
        parts=fitted["parts"],
        intercept=fitted["intercept"],
        sha256=sha256_of(path),
        encoder_sha256=data["encoder_sha256"],
    )


def build_index(
    framework: Framework,
    encoder: Encoder,
    prototypes: Sequence[tuple[str, str]] = (),
    weights: Weights | None = None,
) -> ActionIndex:
    """
    Encode every view of every action.

    Args:
        framework: The actions to search.
        encoder: Turns texts into unit vectors; give a cached one to encode only once.
        prototypes: Known phrasings as (action id, text); may be empty.
        weights: Weights of the parts; fitted ones where left out.
    """
    actions = framework.actions
    number = {action.id: i for i, action in enumerate(actions)}
    objectives = {item.number: item.title for item in framework.objectives}
    elements = [(number[a.id], text) for a in actions for text in a.core_elements]
    titles = [objectives.get(a.objective, "") or a.text for a in actions]
    full = [full_text(a) for a in actions]
    return ActionIndex(
        action_ids=tuple(number),
        views={
            "text": encoder.encode([a.text for a in actions]),
            "full": encoder.encode(full),
            "objective": encoder.encode(titles),
        },
        elements=encoder.encode([text for _, text in elements]),
        element_owner=np.array([owner for owner, _ in elements], dtype=np.int64),
        prototypes=encoder.encode([text for _, text in prototypes]),
        prototype_owner=np.array([number[a] for a, _ in prototypes], dtype=np.int64),
        lexicon=LexicalIndex([f"{f} {t}" for f, t in zip(full, titles, strict=True)]),
        weights=weights or load_weights(with_prototypes=bool(prototypes)),
    )


def score_passages(
    texts: Sequence[str],
    vectors: FloatArray,
    index: ActionIndex,
    scope: Sequence[bool] | None = None,
) -> Scores:
    """
    Score every passage against every action.

    Args:
        texts: The passages, as encoded. Length: n_passages.
        vectors: Their unit vectors. Shape: (n_passages, n_dimensions).
        index: The actions.
        scope: Whether each passage is about the framework's subject at all; None where
            that cannot be told, as for a framework of one's own. Length: n_passages.

    Returns:
        Scores with parts. Shape of each: (n_passages, n_actions).
    """
    n_actions = len(index.action_ids)
    parts = {name: vectors @ view.T for name, view in index.views.items()}
    elements = np.zeros((len(texts), 0), dtype=np.float32)
    if len(index.elements):
        elements = vectors @ index.elements.T
    parts["elements"] = _mean_by_owner(elements, index.element_owner, parts["text"])
    raw = index.lexicon.scores(texts)
    parts["lexical"] = raw / (raw + BM25_HALF)
    if len(index.prototypes):
        near = vectors @ index.prototypes.T
        parts["phrasing"] = _top_by_owner(near, index.prototype_owner, n_actions)
    told = np.ones(len(texts)) if scope is None else np.asarray(scope, dtype=np.float32)
    parts["scope"] = np.repeat(told.astype(np.float32)[:, None], n_actions, axis=1)
    parts["words"] = np.repeat(_word_counts(texts)[:, None], n_actions, axis=1)
    values = np.full((len(texts), n_actions), index.weights.intercept, dtype=np.float32)
    for name, weight in index.weights.parts.items():
        if name in parts:
            values += np.float32(weight) * parts[name].astype(np.float32)
    return Scores(
        action_ids=index.action_ids,
        values=values,
        parts=parts,
        elements=elements.astype(np.float32),
        element_owner=index.element_owner,
    )


def _word_counts(texts: Sequence[str]) -> FloatArray:
    """Logarithm of the number of words: a label of three words carries no undertaking."""
    counts = [min(len(text.split()), MOST_WORDS) for text in texts]
    return np.log(np.maximum(counts, 1)).astype(np.float32)


def _mean_by_owner(
    near: FloatArray, owner: npt.NDArray[np.int64], fallback: FloatArray
) -> FloatArray:
    """Mean over the elements of each action; an action without elements keeps the fallback."""
    out = fallback.copy()
    for action in np.unique(owner):
        out[:, action] = near[:, owner == action].mean(axis=1)
    return out


def _top_by_owner(near: FloatArray, owner: npt.NDArray[np.int64], n_actions: int) -> FloatArray:
    """Mean of the nearest phrasings of each action. Shape: (n_passages, n_actions)."""
    out = np.zeros((len(near), n_actions), dtype=np.float32)
    for action in np.unique(owner):
        own = near[:, owner == action]
        top = np.sort(own, axis=1)[:, -PROTOTYPE_NEIGHBOURS:]
        out[:, action] = top.mean(axis=1)
    return out
