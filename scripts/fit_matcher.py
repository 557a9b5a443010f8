"""Fit the weights of the score's parts; write ``models/matcher.json``.

    python scripts/fit_matcher.py

The weights are those of a logistic regression on the clauses that the encoder's training
did not see (one in six, by digest): does this clause speak to this action? A clause never
counts among its own known phrasings. A second set, without phrasings, serves frameworks
that have none.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from gcm_align.artifacts import default_cache_dir
from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.encoding import CachedEncoder, load_encoder
from gcm_align.matching import ActionIndex, Weights, build_index, score_passages
from gcm_align.prototypes import kept_for_calibration, load_prototypes, training_clauses
from gcm_align.scope import names_migration
from gcm_align.vector_cache import VectorCache

PARTS = {
    "with_prototypes": ("full", "phrasing", "lexical", "scope", "words"),
    "without_prototypes": ("full", "lexical", "words"),
}
RIDGE = 1e-6  # times the mean squared weight, beside the mean loss: splits correlated parts
ROUNDS = 200
# Two weights cannot be learnt from made clauses, which are one sentence each and often name
# migration in no word; they were set by looking at five national documents (DECISIONS.md).
# Neither moves the order of the actions of a clause.
GIVEN = {"scope": 2.5, "words": 2.0}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A clause and the actions that it speaks to; none for a clause on something else."""

    text: str
    actions: tuple[str, ...]
    unsure: tuple[str, ...]  # actions that it may or may not speak to: left out


def load_labelled(framework: Framework) -> list[Labelled]:
    """Return the clauses kept for this fit."""
    out = []
    for row in training_clauses():
        if not kept_for_calibration(row["text"]):
            continue
        true = set(row["true_for"])
        if row["kind"] == "mention":
            true |= {row["id"]}
        # A contradiction is near in subject and against in sense: force decides there.
        unsure = {row["id"]} if row["kind"] == "contradiction" else set()
        unsure |= {other for action in true for other in framework.near_duplicates(action)}
        out.append(Labelled(row["text"], tuple(sorted(true)), tuple(sorted(unsure - true))))
    return out


def table(
    labelled: list[Labelled],
    index: ActionIndex,
    encoder: CachedEncoder,
    parts: tuple[str, ...],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return features and truth of every pair of a clause and an action that is sure."""
    texts = [item.text for item in labelled]
    scope = [names_migration(text) for text in texts]
    scores = score_passages(texts, encoder.encode(texts), index, scope)
    number = {action: i for i, action in enumerate(index.action_ids)}
    truth = np.zeros(scores.values.shape)
    sure = np.ones(scores.values.shape, dtype=bool)
    for row, item in enumerate(labelled):
        truth[row, [number[a] for a in item.actions]] = 1
        sure[row, [number[a] for a in item.unsure]] = False
    features = np.stack([scores.parts[name] for name in parts], axis=-1)
    return features[sure].astype(np.float64), truth[sure]


def fit(
    features: npt.NDArray[np.float64], truth: npt.NDArray[np.float64], fixed: dict[int, float]
) -> list[float]:
    """
    Return the weights of the parts, then the intercept: ridge logistic regression.

    Args:
        features: Parts of the score. Shape: (n_pairs, n_parts).
        truth: 1 where the clause speaks to the action. Shape: (n_pairs,).
        fixed: Weights by part number that are given and not fitted.
    """
    held = torch.zeros(features.shape[1] + 1, dtype=torch.float64)
    free = torch.ones_like(held)
    for part, weight in fixed.items():
        held[part], free[part] = weight, 0.0
    x = torch.tensor(np.hstack([features, np.ones((len(features), 1))]))
    y = torch.tensor(truth)
    weights = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ (weights * free + held), y)
        loss = loss + RIDGE * (weights[:-1] ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return [round(w, 3) for w in (weights.detach() * free + held).tolist()]


def without_own(index: ActionIndex, kept: npt.NDArray[np.bool_]) -> ActionIndex:
    """Leave out the phrasings that are clauses of this fit."""
    return replace(
        index, prototypes=index.prototypes[kept], prototype_owner=index.prototype_owner[kept]
    )


def main() -> None:
    """Fit both sets of weights and write them with what they were fitted on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("models/matcher.json"))
    out: Path = parser.parse_args().out
    framework = load_catalogue()
    encoder = CachedEncoder(encoder=load_encoder(), cache=VectorCache(default_cache_dir()))
    labelled = load_labelled(framework)
    phrasings = load_prototypes(framework)
    kept = np.array([not kept_for_calibration(text) for _, text in phrasings])
    blank = Weights(parts={}, intercept=0.0, sha256="")
    content: dict[str, object] = {
        "encoder_sha256": encoder.sha256,
        "fitted_on": f"{len(labelled)} clauses of data/training kept from the encoder's training",
        "made_by": "scripts/fit_matcher.py",
    }
    for name, parts in PARTS.items():
        index = build_index(framework, encoder, phrasings, blank)
        features, truth = table(labelled, without_own(index, kept), encoder, parts)
        fixed = {parts.index(part): GIVEN[part] for part in parts if part in GIVEN}
        *weights, intercept = fit(features, truth, fixed)
        content[name] = {"intercept": intercept, "parts": dict(zip(parts, weights, strict=True))}
        print(name, content[name], f"{int(truth.sum())} of {len(truth)} pairs")
    out.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
