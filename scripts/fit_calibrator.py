"""Fit the probabilities of the levels on coded documents; write ``models/calibrator.json``.

    python scripts/fit_calibrator.py ../shared

Real documents: codings in ``data/codings`` and the first coder's file in
``../shared/evaluation/gold``; the documents are in ``../shared/documents``. Written ones:
those of ``data/training`` that the encoder's training did not see. For each (document,
action) pair the figures that sum up the document go into one cumulative logit for each level,
a real document counting twice. Prints how the probabilities do on real documents that the
fit did not see, one left out at a time, on written ones, a writer left out at a time, and on
actions that it did not see, in five parts; and the curve from which the setting
``most_risk`` is read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from fit_matcher import load_kept
from scipy.optimize import minimize
from written_documents import index_without, score_written

from gcm_align.artifacts import data_path
from gcm_align.calibration import (
    FIGURES,
    FLOOR,
    LEVELS,
    RISING,
    Calibrator,
    document_figures,
    each_level,
    is_wrong,
    median_level,
    risk,
    subject_nearness,
)
from gcm_align.clauses import read_wording
from gcm_align.engine import Engine, load_engine
from gcm_align.evaluation.agreement import ordinal_alpha
from gcm_align.evaluation.gold import load_coded_document
from gcm_align.evaluation.reliability import reliability
from gcm_align.linguistics import load_pipeline
from gcm_align.pipeline import prepare
from gcm_align.prototypes import load_known
from gcm_align.types import Clause, Level, Scores

Array = npt.NDArray[np.float64]

GOLD = "evaluation/gold/kh-labour-migration-policy-2015.coder-1.json"
REAL_WEIGHT = 2.0  # of a pair of a real document, beside a written one
RIDGE = 1.0  # strength, on figures of unit spread
SCORES = (-9.0, 6.0)  # of a passage: beyond these a score says no more
NEARNESS = (FLOOR, 4.0)
PARTS = 5
SEED = 20261123
THRESHOLDS = (0.1, 0.15, 0.18, 0.2, 0.22, 0.25, 0.3)


@dataclass(frozen=True, slots=True)
class Coded:
    """
    One document: what the machine saw, and what the coder said.

    figures: Shape: (n_actions, n_figures).
    levels: 0 to 3, addressed or more. Shape: (n_actions,).
    """

    name: str
    writer: str  # of a written document; empty for a real one
    figures: Array
    levels: npt.NDArray[np.int64]

    @property
    def real(self) -> bool:
        """Say whether it is a document of a State that exists."""
        return not self.writer


def read_real(shared: Path, engine: Engine) -> list[Coded]:
    """Score every coded real document; the order is that of the files' names."""
    out = []
    for name, levels in sorted(codings(shared).items()):
        reading = prepare(shared / "documents" / name, engine)
        wanted = np.array([levels[a] for a in reading.scores.action_ids])
        out.append(coded(name, reading.scores, reading.clauses, wanted))
    return out


def read_written(engine: Engine) -> list[Coded]:
    """Score the written documents that the encoder did not see, none by its own texts."""
    framework, encoder, nlp = engine.framework, engine.encoder, load_pipeline("en")
    documents = load_kept(framework)
    index = index_without(
        [own.name for own in documents],
        load_known(framework),
        framework,
        encoder,
        engine.index.weights,
        kept_clauses=True,
    )
    out = []
    for own in documents:
        scores = score_written(own, index, encoder)
        clauses, _ = read_wording([p.text for p in own.passages], nlp, own.passages)
        out.append(coded(own.name, scores, clauses, own.levels, own.writer))
    return out


def coded(
    name: str,
    scores: Scores,
    clauses: Sequence[Clause],
    levels: npt.NDArray[np.int64],
    writer: str = "",
) -> Coded:
    """Sum up a document beside its coding, and say so."""
    made = Coded(name, writer, document_figures(scores, clauses), np.minimum(levels, 3))
    print(f"{name}: {len(scores.values)} passages, nearness {subject_nearness(scores):.2f}, "
          f"{int((made.levels > 0).sum())} not gap")  # fmt: skip
    return made


def codings(shared: Path) -> dict[str, dict[str, int]]:
    """Return the coded level of every action, by the document's file name."""
    out: dict[str, dict[str, int]] = {}
    for path in [shared / GOLD, *sorted(data_path("codings").glob("*.json"))]:
        coded = load_coded_document(path)
        # A second coder's file says how well coders agree; the first one's is fitted.
        out.setdefault(Path(coded.document).name, {c.action: int(c.level) for c in coded.codings})
    return out


def fit(documents: Sequence[Coded], actions: npt.NDArray[np.int64] | None = None) -> Calibrator:
    """Fit the cumulative logits, on all actions or some."""
    keep = np.arange(len(documents[0].levels)) if actions is None else actions
    x = np.concatenate([d.figures[keep] for d in documents])
    y = np.concatenate([d.levels[keep] for d in documents])
    weights = np.concatenate(
        [np.full(len(keep), REAL_WEIGHT if d.real else 1.0) for d in documents]
    )
    lowest, highest = x.min(axis=0), x.max(axis=0)
    rising = np.array([name in RISING for name in FIGURES])
    passage = np.array([FIGURES.index(name) for name in ("best", "nearness", "scope")])
    near = np.clip(x[:, passage], (SCORES[0], NEARNESS[0], 0), (SCORES[1], NEARNESS[1], 1))
    reach = [(y >= level) for level in LEVELS[1:]]
    return Calibrator(
        passage=np.array([logit(near, r, weights, np.ones(3, dtype=bool)) for r in reach]),
        document=np.array([logit(x, r, weights, rising) for r in reach]),
        scores=SCORES,
        nearness=NEARNESS,
        lowest=lowest,
        highest=highest,
    )


def logit(
    x: Array, reached: npt.NDArray[np.bool_], weights: Array, rising: npt.NDArray[np.bool_]
) -> Array:
    """
    Fit one logistic regression with ridge; some slopes are not below zero.

    Args:
        x: Figures. Shape: (n_pairs, n_figures).
        reached: Whether the level is reached. Shape: (n_pairs,).
        weights: Of the pairs. Shape: (n_pairs,).
        rising: Figures whose slope may not fall below zero. Shape: (n_figures,).

    Returns:
        Slopes, then the intercept. Shape: (n_figures + 1,).
    """
    mean, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    z = (x - mean) / spread

    def loss(b: Array) -> tuple[float, Array]:
        at = z @ b[:-1] + b[-1]
        off = weights * (1 / (1 + np.exp(-at)) - reached)
        value = (weights * (np.logaddexp(0, at) - reached * at)).sum()
        slope = np.append(z.T @ off + RIDGE * b[:-1], off.sum())
        return float(value + RIDGE / 2 * (b[:-1] ** 2).sum()), slope

    bounds = [(0, None) if up else (None, None) for up in rising] + [(None, None)]
    found = minimize(loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds)
    slopes = found.x[:-1] / spread
    return np.append(slopes, found.x[-1] - (slopes * mean).sum())


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts by the score alone, on pairs that the fit did not see. Length of each: n_pairs."""

    above: Array  # probability of not gap
    given: npt.NDArray[np.int64]
    risks: Array
    gold: npt.NDArray[np.int64]


def judge(calibrator: Calibrator, document: Coded, actions: npt.NDArray[np.int64]) -> Judged:
    """Apply a calibrator to some actions of a document."""
    reached = calibrator.reached(document.figures[actions])
    given, chances = median_level(reached), each_level(reached)
    return Judged(
        above=1 - chances[:, 0],
        given=given,
        risks=np.array([risk(c, Level(int(g))) for c, g in zip(chances, given, strict=True)]),
        gold=document.levels[actions],
    )


def joined(parts: Sequence[Judged]) -> Judged:
    """Put the pairs of several parts together."""
    return Judged(*(np.concatenate([getattr(p, name) for p in parts])
                    for name in ("above", "given", "risks", "gold")))  # fmt: skip


def describe(name: str, judged: Judged) -> None:
    """Print the figures of one set of pairs."""
    wrong = is_wrong(judged.gold, judged.given)
    both = ((judged.gold > 0) & (judged.given > 0)).sum()
    f1 = 2 * both / max((judged.gold > 0).sum() + (judged.given > 0).sum(), 1)
    found = reliability(judged.above, judged.gold > 0)
    print(
        f"{name}: not-gap F1 {f1:.3f}, alpha {ordinal_alpha(judged.gold, judged.given):.3f}, "
        f"wrong {wrong.mean():.3f}, calibration error {found.calibration_error:.3f}, "
        f"Brier {found.brier:.3f} (constant {found.brier_constant:.3f})"
    )
    for most in THRESHOLDS:
        accepted = judged.risks < most
        share = wrong[accepted].mean() if accepted.any() else float("nan")
        print(f"    risk below {most:.2f}: {accepted.mean():.2f} accepted, {share:.3f} wrong")


def cross_validate(real: Sequence[Coded], written: Sequence[Coded]) -> None:
    """Print the figures on documents, and on actions, that the fit did not see."""
    every = np.arange(len(real[0].levels))
    for extra, name in ((written, "with the written ones"), ([], "on the other real ones alone")):
        apart = [
            judge(fit([*(d for d in real if d is not document), *extra]), document, every)
            for document in real
        ]
        if extra:
            for document, judged in zip(real, apart, strict=True):
                describe(f"without {document.name}", judged)
        describe(f"all real, each left out in turn, {name}", joined(apart))
    unseen = [
        judge(fit([*real, *(d for d in written if d.writer != own.writer)]), own, every)
        for own in written
    ]
    describe("all written, each writer left out in turn", joined(unseen))
    shuffled = np.random.default_rng(SEED).permutation(len(every))
    parts = []
    for part in range(PARTS):
        test = np.sort(shuffled[part::PARTS])
        calibrator = fit([*real, *written], np.setdiff1d(every, test))
        parts += [judge(calibrator, document, test) for document in real]
    describe("all real, each fifth of the actions left out in turn", joined(parts))


def rounded(rows: Array) -> dict[str, list[float]]:
    """Return weights by level, as they are written."""
    return {
        level.label: [round(float(value), 4) for value in row]
        for level, row in zip(LEVELS[1:], rows, strict=True)
    }


def main() -> None:
    """Fit, cross-validate, and write the calibrator."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--out", type=Path, default=Path("models/calibrator.json"))
    arguments = parser.parse_args()
    engine = load_engine()
    real, written = read_real(arguments.shared, engine), read_written(engine)
    cross_validate(real, written)
    fitted = fit([*real, *written])
    data = {
        "made_by": "scripts/fit_calibrator.py",
        "fitted_on": [document.name for document in [*real, *written]],
        "encoder_sha256": engine.encoder.sha256,
        "matcher_sha256": engine.index.weights.sha256,
        "scores": list(fitted.scores),
        "nearness": list(fitted.nearness),
        "figures": {
            name: [round(float(low), 4), round(float(high), 4)]
            for name, low, high in zip(FIGURES, fitted.lowest, fitted.highest, strict=True)
        },
        "passage": rounded(fitted.passage),
        "document": rounded(fitted.document),
    }
    arguments.out.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
