"""Fit what tells a measure from a mention by its place; write ``models/programmed.json``.

    python scripts/fit_programmed.py

Passages of ``data/training``'s coded documents that a coder credited with anything: with
partial or more, they undertake something; with mentioned alone, they tell. Prints, on
writers that the fit did not see, how often the wording alone is right and how often the two
together are.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from written_documents import load_written

from gcm_align.catalogue import load_catalogue
from gcm_align.force import read_clauses
from gcm_align.levels import undertakes
from gcm_align.linguistics import load_pipeline
from gcm_align.programmed import FILE, SIGNS, is_open, signs_of
from gcm_align.types import Level

RIDGE = 0.05  # inverse strength, on signs of unit spread
# Between calling a report a measure and a measure a report: the second is three times as
# frequent, the first misleads.
THRESHOLD = 0.65
THRESHOLDS = (0.5, 0.6, 0.65, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class Labelled:
    """
    Passages that a coder credited with something.

    signs: Shape: (n_passages, n_signs).
    undertaken: whether the wording alone is read as an undertaking. Shape: (n_passages,).
    open: whether that is for the place to decide. Shape: (n_passages,).
    truth: whether the coder gave partial or more. Shape: (n_passages,).
    writers: of each passage. Shape: (n_passages,).
    """

    signs: npt.NDArray[np.float64]
    undertaken: npt.NDArray[np.bool_]
    open: npt.NDArray[np.bool_]
    truth: npt.NDArray[np.bool_]
    writers: npt.NDArray[np.str_]


def read_labelled() -> Labelled:
    """Read the wording of every credited passage of the coded documents."""
    nlp = load_pipeline("en")
    signs, undertaken, is_open_, truth, writers = [], [], [], [], []
    for document in load_written(load_catalogue()):
        texts = [p.text for p in document.passages]
        clauses = read_clauses(
            texts,
            nlp,
            kinds=[p.kind for p in document.passages],
            lead_ins=[p.lead_in for p in document.passages],
        )
        for at, (clause, passage) in enumerate(zip(clauses, document.passages, strict=True)):
            level = document.labels[at].max()
            if level == Level.GAP:
                continue
            own = signs_of(clause, passage, at / len(texts))
            signs.append([float(own[name]) for name in SIGNS])
            undertaken.append(undertakes(clause))
            is_open_.append(is_open(clause, passage.text))
            truth.append(level >= Level.PARTIAL)
            writers.append(document.writer)
    return Labelled(*(np.array(column) for column in (signs, undertaken, is_open_, truth, writers)))


def fit(
    signs: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], float]:
    """Return slopes, shape (n_signs,), and intercept."""
    mean, spread = signs.mean(axis=0), np.maximum(signs.std(axis=0), 1e-6)
    model = LogisticRegression(C=RIDGE, max_iter=3_000).fit((signs - mean) / spread, truth)
    slopes = model.coef_[0] / spread
    return slopes, float(model.intercept_[0] - (slopes * mean).sum())


def describe(name: str, found: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> None:
    """Print how often undertakings are found and mentions taken for them."""
    print(
        f"{name}: right {(found == truth).mean():.3f}, undertakings found "
        f"{found[truth].mean():.3f}, mentions taken for them {found[~truth].mean():.3f}"
    )


def main() -> None:
    """Fit, cross-validate over writers, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("models") / FILE)
    arguments = parser.parse_args()
    own = read_labelled()
    print(f"{len(own.truth)} passages, {int(own.open.sum())} left open by the wording")
    describe("wording alone", own.undertaken, own.truth)
    chances = np.zeros(len(own.truth))
    for writer in sorted(set(own.writers)):
        apart = own.writers == writer
        slopes, intercept = fit(own.signs[own.open & ~apart], own.truth[own.open & ~apart])
        chances[apart] = 1 / (1 + np.exp(-(own.signs[apart] @ slopes + intercept)))
    for threshold in THRESHOLDS:
        found = np.where(own.open, chances >= threshold, own.undertaken)
        describe(
            f"with the place, from {threshold}, each writer left out in turn", found, own.truth
        )
    slopes, intercept = fit(own.signs[own.open], own.truth[own.open])
    data = {
        "made_by": "scripts/fit_programmed.py",
        "fitted_on": f"{int(own.open.sum())} passages of the coded documents of data/training",
        "slopes": {name: round(float(b), 4) for name, b in zip(SIGNS, slopes, strict=True)},
        "intercept": round(intercept, 4),
        "threshold": round(float(np.log(THRESHOLD / (1 - THRESHOLD))), 4),
    }
    arguments.out.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
