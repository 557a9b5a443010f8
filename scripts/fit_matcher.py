"""Fit the weights of the score's parts; write ``models/matcher.json``.

    python scripts/fit_matcher.py

The weights are those of a logistic regression on what the encoder's training did not see:
one in six of the clauses and one in six of the coded documents, by digest. Does this passage
speak to this action? No text counts among its own known texts, nor do other passages of its
document. A second set, without known texts, serves frameworks that have none.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from written_documents import Written, index_without, load_written, score_written

from gcm_align.artifacts import default_cache_dir
from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.encoding import CachedEncoder, Encoder, load_encoder
from gcm_align.indexing import ActionIndex, Weights, build_index
from gcm_align.matching import score_passages
from gcm_align.prototypes import (
    KnownText,
    actions_of,
    kept_documents,
    kept_for_calibration,
    load_known,
    training_clauses,
)
from gcm_align.scope import names_migration
from gcm_align.types import Scores
from gcm_align.vector_cache import VectorCache

OWN = ("full", "lexical")  # of an action alone
KNOWN = ("phrasing", "neighbours", "phrasing_words", "coded_words")
# What governs a passage: fewer parts, for a goal is short and general.
LEADS = ("lead_full", "lead_lexical")
KNOWN_LEADS = ("lead_phrasing", "lead_coded_words")
PARTS = {
    "with_known": (*OWN, *KNOWN, *LEADS, *KNOWN_LEADS, "governed", "scope", "words"),
    "without_known": (*OWN, *LEADS, "governed", "words"),
}
BLANK = Weights(parts={}, intercept=0.0, sha256="")
RIDGE = 1.0  # inverse strength, on parts of unit spread
ROUNDS = 2_000
CLAUSE_WEIGHT = 12.0  # of a pair of a clause: as many together as those of documents


@dataclass(frozen=True, slots=True)
class Labelled:
    """A clause and the actions that it speaks to; none for a clause on something else."""

    text: str
    actions: tuple[str, ...]
    unsure: tuple[str, ...]  # actions that it may or may not speak to: left out


@dataclass(frozen=True, slots=True)
class Pairs:
    """
    Pairs of a passage and an action.

    parts: of the score. Shape: (n_pairs, n_parts).
    truth: whether the passage speaks to the action. Shape: (n_pairs,).
    weight: of each pair in the fit.
    """

    parts: npt.NDArray[np.float64]
    truth: npt.NDArray[np.bool_]
    weight: float = 1.0


def load_labelled(framework: Framework) -> list[Labelled]:
    """Return the clauses kept for this fit."""
    out = []
    for row in training_clauses():
        if not kept_for_calibration(row["text"]):
            continue
        true = set(actions_of(row))
        # A contradiction is near in subject and against in sense: force decides there.
        unsure = {row["id"]} if row["kind"] == "contradiction" else set()
        unsure |= {other for action in true for other in framework.near_duplicates(action)}
        out.append(Labelled(row["text"], tuple(sorted(true)), tuple(sorted(unsure - true))))
    return out


def pairs_of_clauses(
    labelled: Sequence[Labelled], index: ActionIndex, encoder: Encoder, names: Sequence[str]
) -> Pairs:
    """Return every pair of a clause and an action that is sure."""
    texts = [item.text for item in labelled]
    scope = [names_migration(text) for text in texts]
    scores = score_passages(texts, encoder.encode(texts), index, scope)
    number = {action: i for i, action in enumerate(index.action_ids)}
    truth = np.zeros(scores.values.shape, dtype=bool)
    sure = np.ones(scores.values.shape, dtype=bool)
    for row, item in enumerate(labelled):
        truth[row, [number[a] for a in item.actions]] = True
        sure[row, [number[a] for a in item.unsure]] = False
    return replace(_pairs(scores, truth, sure, names), weight=CLAUSE_WEIGHT)


def pairs_of_document(
    document: Written,
    index: ActionIndex,
    encoder: Encoder,
    names: Sequence[str],
    without: Sequence[int] = (),
) -> Pairs:
    """
    Return every pair of a passage and an action; orders of the opposite are left out.

    So are passages that speak to an action of ``without``, by number.
    """
    scores = score_written(document, index, encoder)
    truth, sure = document.labels > 0, ~document.against
    sure[truth[:, list(without)].any(axis=1)] = False
    return _pairs(scores, truth, sure, names)


def fit(pairs: Sequence[Pairs]) -> list[float]:
    """Return the weights of the parts, then the intercept: ridge logistic regression."""
    parts = np.concatenate([p.parts for p in pairs])
    truth = np.concatenate([p.truth for p in pairs])
    mean, spread = parts.mean(axis=0), np.maximum(parts.std(axis=0), 1e-6)
    each = np.concatenate([np.full(len(p.truth), p.weight) for p in pairs])
    line = LogisticRegression(C=RIDGE, max_iter=ROUNDS)
    line.fit((parts - mean) / spread, truth, sample_weight=each)
    weights = line.coef_[0] / spread
    intercept = float(line.intercept_[0] - (weights * mean).sum())
    return [round(float(w), 3) for w in (*weights, intercept)]


def fit_set(
    name: str,
    documents: Sequence[Written],
    labelled: Sequence[Labelled],
    framework: Framework,
    known: Sequence[KnownText],
    encoder: Encoder,
    without: Sequence[str] = (),
) -> Weights:
    """
    Fit one set of weights.

    Args:
        name: with_known or without_known.
        documents: Coded ones, kept from the encoder's training.
        labelled: Clauses kept from it.
        framework: The actions.
        known: All known texts; those kept are not used here.
        encoder: A cached one.
        without: Parts that are left out.
    """
    names = tuple(part for part in PARTS[name] if part not in without)
    kept = [document.name for document in documents]
    if name == "with_known":
        index = index_without(kept, known, framework, encoder, BLANK)
    else:
        index = build_index(framework, encoder, (), BLANK)
    pairs = [pairs_of_clauses(labelled, index, encoder, names)]
    pairs += [pairs_of_document(document, index, encoder, names) for document in documents]
    *weights, intercept = fit(pairs)
    return Weights(parts=dict(zip(names, weights, strict=True)), intercept=intercept, sha256="")


def load_kept(framework: Framework) -> list[Written]:
    """Return the coded documents that the encoder's training did not see."""
    return [own for own in load_written(framework) if own.name in kept_documents()]


def _pairs(
    scores: Scores,
    truth: npt.NDArray[np.bool_],
    sure: npt.NDArray[np.bool_],
    names: Sequence[str],
) -> Pairs:
    parts = np.stack([scores.parts[name] for name in names], axis=-1)
    return Pairs(parts=parts[sure].astype(np.float64), truth=truth[sure])


def main() -> None:
    """Fit both sets of weights and write them with what they were fitted on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("models/matcher.json"))
    out: Path = parser.parse_args().out
    framework = load_catalogue()
    encoder = CachedEncoder(encoder=load_encoder(), cache=VectorCache(default_cache_dir()))
    labelled, documents = load_labelled(framework), load_kept(framework)
    content: dict[str, object] = {
        "encoder_sha256": encoder.sha256,
        "fitted_on": (
            f"{len(labelled)} clauses and {len(documents)} coded documents of data/training, "
            "kept from the encoder's training"
        ),
        "made_by": "scripts/fit_matcher.py",
    }
    for name in PARTS:
        made = fit_set(name, documents, labelled, framework, load_known(framework), encoder)
        content[name] = {"intercept": made.intercept, "parts": dict(made.parts)}
        print(name, content[name])
    out.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
