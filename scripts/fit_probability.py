"""Fit slope and middle of the published probability on a report and a coding of its document.

    python scripts/fit_probability.py OUT/report.json CODING.json

The probability is a logistic curve of the best score of a (document, action) pair: how likely
the coder is to find the document above gap. Prints how the report agrees with the coder, the
two settings, and the expected calibration error cross-validated over actions (five parts, in
the framework's order).
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from gcm_align.evaluation.coding import evaluate_coding, load_codings
from gcm_align.reporting import read_report
from gcm_align.types import Assessment

FOLDS = 5
BINS = 10

Array = npt.NDArray[np.float64]


def best_score(item: Assessment) -> float:
    """Return the best score of a pair: of its evidence, or of the nearest clause of a gap."""
    shown = [e.score for e in item.evidence] or ([item.nearest.score] if item.nearest else [])
    return max(shown, default=-30.0)


def fit(scores: Array, truth: Array) -> tuple[float, float]:
    """Return slope and middle of the logistic curve (Platt 1999, with his smoothed targets)."""
    above, below = truth.sum(), len(truth) - truth.sum()
    target = torch.tensor(np.where(truth > 0, (above + 1) / (above + 2), 1 / (below + 2)))
    x = torch.tensor(scores)
    line = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([line], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        logits = line[0] * x + line[1]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, target)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    slope, shift = line.detach().tolist()
    return slope, -shift / slope


def calibration_error(probability: Array, truth: Array) -> float:
    """Expected calibration error over bins of equal size."""
    order = np.argsort(probability, kind="stable")
    parts = np.array_split(order, BINS)
    gaps = [abs(probability[p].mean() - truth[p].mean()) * len(p) for p in parts]
    return float(sum(gaps) / len(truth))


def main() -> None:
    """Print the fitted settings and their cross-validated error."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("coding", type=Path)
    arguments = parser.parse_args()
    verdicts = {a.action: a for a in read_report(arguments.report).assessments}
    codings = load_codings(arguments.coding)
    for name, value in asdict(evaluate_coding(codings, list(verdicts.values()))).items():
        print(f"{name:<24}{value:.3f}" if isinstance(value, float) else f"{name:<24}{value}")
    scores = np.array([best_score(verdicts[c.action]) for c in codings])
    truth = np.array([float(c.level > 0) for c in codings])
    held_out = np.empty(len(truth))
    for fold in range(FOLDS):
        test = np.arange(len(truth)) % FOLDS == fold
        slope, middle = fit(scores[~test], truth[~test])
        held_out[test] = 1 / (1 + np.exp(-slope * (scores[test] - middle)))
    slope, middle = fit(scores, truth)
    print(f"probability_slope = {slope:.3f}, probability_middle = {middle:.3f}")
    print(f"cross-validated calibration error {calibration_error(held_out, truth):.3f}")
    constant = calibration_error(np.full(len(truth), truth.mean()), truth)
    print(f"the same of the constant share {truth.mean():.2f}: {constant:.3f}")
    print(f"Brier {np.mean((held_out - truth) ** 2):.3f}, constant {truth.var():.3f}")


if __name__ == "__main__":
    main()
