"""Compare designs of the matcher by cross-validation over actions; print a table with cost.

    python scripts/compare_designs.py ../shared/evaluation/paraphrases-dev.json

In each fold the encoder and the weights are trained without any text of one part of the
actions, and measured on the labelled clauses of these actions, which stand among all the
actions: what a framework of one's own will feel. The labelled clauses are never trained on.
About half an hour on two cores; ``--state`` keeps what is done.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from fit_matcher import (
    BLANK,
    PARTS,
    fit,
    load_kept,
    load_labelled,
    pairs_of_clauses,
    pairs_of_document,
)
from train_encoder import EPOCHS, SEED, load_examples, train

from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.encoding import TransformerEncoder, load_packaged
from gcm_align.evaluation.clauses import LabelledClause, load_clauses
from gcm_align.evaluation.ranking import evaluate_ranking
from gcm_align.indexing import Weights, build_index
from gcm_align.matching import score_passages

FOLDS = 3
COST_CLAUSES = 100

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fold:
    """What one fold leaves out, and what it is measured on."""

    framework: Framework
    left_out: frozenset[int]
    clauses: tuple[LabelledClause, ...]

    @property
    def texts(self) -> list[str]:
        """The clauses' words."""
        return [clause.text for clause in self.clauses]


def blank(parts: dict[str, float], intercept: float = 0.0) -> Weights:
    """Return weights that belong to no file."""
    return Weights(parts=parts, intercept=intercept, sha256="")


def fitted(encoder: Any, fold: Fold) -> Weights:
    """Fit the weights of the parts on the kept texts of the other actions."""
    names = PARTS["without_known"]
    index = build_index(fold.framework, encoder, (), BLANK)
    out = {fold.framework.actions[i].id for i in fold.left_out}
    # A text of the other actions says nothing about those left out: their columns stay, as
    # the negatives that a new framework's actions will be.
    kept = [item for item in load_labelled(fold.framework) if not out & set(item.actions)]
    pairs = [pairs_of_clauses(kept, index, encoder, names)]
    pairs += [
        pairs_of_document(document, index, encoder, names, sorted(fold.left_out))
        for document in load_kept(fold.framework)
    ]
    *weights, intercept = fit(pairs)
    return blank(dict(zip(names, weights, strict=True)), intercept)


def parts_score(encoder: Any, fold: Fold, weights: Weights) -> Callable[[list[str]], FloatArray]:
    """Return the scorer of an encoder with weighted parts."""
    index = build_index(fold.framework, encoder, (), weights)
    return lambda texts: score_passages(texts, encoder.encode(texts), index).values


def lexical_score(encoder: Any, fold: Fold) -> Callable[[list[str]], FloatArray]:
    """Return BM25 over actions with their elements."""
    index = build_index(fold.framework, encoder, (), blank({"lexical": 1.0}))
    return lambda texts: index.words.scores(texts)["lexical"]


def trained_encoder(fold: Fold) -> TransformerEncoder:
    """Train the packaged encoder on the clauses of the other actions."""
    framework = fold.framework
    actions = [a for i, a in enumerate(framework.actions) if i not in fold.left_out]
    number = {action.id: i for i, action in enumerate(actions)}
    out = {framework.actions[i].id for i in fold.left_out}
    positives, negatives = load_examples(number, without=out)
    near = [
        tuple(
            number[i]
            for group in framework.neighbours(a.id)
            for i in group.ids
            if i != a.id and i in number
        )
        for a in actions
    ]
    packaged = load_packaged()
    train(packaged.model, actions, positives, negatives, near, epochs=EPOCHS, seed=SEED)
    return packaged


def designs(fold: Fold) -> dict[str, Callable[[list[str]], FloatArray]]:
    """Return each design, trained where it is trained at all."""
    packaged = load_packaged()
    trained = trained_encoder(fold)
    return {
        "BM25, action with its elements": lexical_score(packaged, fold),
        "MiniLM as packaged, action text": parts_score(packaged, fold, blank({"text": 1.0})),
        "MiniLM as packaged, text, elements and BM25": parts_score(
            packaged, fold, fitted(packaged, fold)
        ),
        "MiniLM trained, action text": parts_score(trained, fold, blank({"text": 1.0})),
        "MiniLM trained, text, elements and BM25": parts_score(
            trained, fold, fitted(trained, fold)
        ),
    }


def measure(fold: Fold) -> dict[str, dict[str, Any]]:
    """Return scores and seconds of every design in one fold."""
    out = {}
    for name, score in designs(fold).items():
        score(fold.texts[:2])  # what is loaded on first use is no cost of the design
        started = time.perf_counter()
        score(fold.texts[:COST_CLAUSES])
        seconds = time.perf_counter() - started
        values = score(fold.texts)
        out[name] = {"values": values.tolist(), "seconds": seconds}
    return out


def report(results: list[dict[str, Any]], folds: list[Fold]) -> None:
    """Print the table over all folds; the cost is a ratio to the cheapest encoder."""
    clauses = tuple(clause for fold in folds for clause in fold.clauses)
    base = sum(r["MiniLM as packaged, action text"]["seconds"] for r in results)
    print("| design | R@1 | 95 % | R@5 | cost |\n| --- | ---: | ---: | ---: | ---: |")
    for name in results[0]:
        values = np.concatenate([np.array(r[name]["values"], dtype=np.float32) for r in results])
        row = evaluate_ranking(name, values, clauses, folds[0].framework)
        low, high = row.recall_interval[1]
        cost = sum(r[name]["seconds"] for r in results) / base
        print(
            f"| {name} | {row.recall[1]:.3f} | {low:.2f}-{high:.2f} | {row.recall[5]:.3f} "
            f"| {cost:.1f} |"
        )


def main() -> None:
    """Run the folds that the state file does not hold, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clauses", type=Path)
    parser.add_argument("--state", type=Path, help="JSON file that keeps finished folds")
    arguments = parser.parse_args()
    framework = load_catalogue()
    # Neither known texts nor scope belong to a new framework; the key alone decides on them.
    framework = replace(framework, key="unseen")
    clauses = [c for c in load_clauses(arguments.clauses, framework) if c.positive]
    place = {action.id: i for i, action in enumerate(framework.actions)}
    folds = [
        Fold(
            framework,
            frozenset(i for i in place.values() if i % FOLDS == k),
            tuple(c for c in clauses if place[c.id] % FOLDS == k),
        )
        for k in range(FOLDS)
    ]
    state = arguments.state
    results = json.loads(state.read_text()) if state and state.exists() else []
    for fold in folds[len(results) :]:
        results.append(measure(fold))
        if state:
            state.write_text(json.dumps(results))
    report(results, folds)


if __name__ == "__main__":
    main()
