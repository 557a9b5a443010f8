"""Fit the probabilities of the levels on coded documents; write ``models/calibrator.json``.

    python scripts/fit_calibrator.py ../shared

Codings: ``data/codings`` and the first coder's file in ``../shared/evaluation/gold``; the
documents are in ``../shared/documents``. For each (document, action) pair the score of the
nearest passage and the document's nearness to the subject go into one cumulative logit for
each level. Prints how the probabilities do on documents that the fit did not see, one left
out at a time, and on actions that it did not see, in five parts; and the curve from which
the setting ``most_risk`` is read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from gcm_align.artifacts import data_path
from gcm_align.calibration import LEVELS, Calibrator, is_wrong, risk, subject_nearness
from gcm_align.engine import Engine, load_engine
from gcm_align.evaluation.agreement import ordinal_alpha
from gcm_align.evaluation.gold import load_coded_document
from gcm_align.evaluation.reliability import reliability
from gcm_align.pipeline import prepare
from gcm_align.types import Level

Array = npt.NDArray[np.float64]

GOLD = "evaluation/gold/kh-labour-migration-policy-2015.coder-1.json"
SCORES = (-9.0, 6.0)  # beyond these a score says no more; 1 % of the pairs lie outside
# Documents without a word on migration lie at -9, the migration policy at -0.7. Left out of
# the fit, the policy is judged better by the straight line than by the nearest value seen
# (not-gap F1 0.83 against 0.73), so the line may go on for as far as a short act reaches.
NEARNESS = (-9.0, 2.0)
PARTS = 5
SEED = 20261123
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35)


@dataclass(frozen=True, slots=True)
class Coded:
    """One document: what the machine saw, and what the coder said. Length of each: n_actions."""

    name: str
    scores: Array
    nearness: Array
    levels: npt.NDArray[np.int64]  # 0 to 3: addressed or more


def read_coded(shared: Path, engine: Engine) -> list[Coded]:
    """Score every coded document; the order is that of the files' names."""
    out = []
    for name, levels in sorted(codings(shared).items()):
        reading = prepare(shared / "documents" / name, engine)
        values = reading.scores.values
        out.append(
            Coded(
                name=name,
                scores=values.max(axis=0).astype(float),
                nearness=np.full(values.shape[1], subject_nearness(reading.scores)),
                levels=np.array([min(levels[a], 3) for a in reading.scores.action_ids]),
            )
        )
        print(f"{name}: {len(values)} passages, nearness {out[-1].nearness[0]:.2f}, "
              f"{int((out[-1].levels > 0).sum())} not gap")  # fmt: skip
    return out


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
    seen = [(np.clip(d.scores, *SCORES), np.clip(d.nearness, *NEARNESS)) for d in documents]
    x = np.concatenate([np.stack(pair, axis=1)[keep] for pair in seen])
    y = np.concatenate([d.levels[keep] for d in documents])
    mean, spread = x.mean(axis=0), x.std(axis=0)
    rows = []
    for level in LEVELS[1:]:
        line = LogisticRegression(C=1.0, max_iter=1000).fit((x - mean) / spread, y >= level)
        slopes = line.coef_[0] / spread
        rows.append([*slopes, float(line.intercept_[0] - (slopes * mean).sum())])
    return Calibrator(
        weights=np.array(rows),
        scores=SCORES,
        nearness=NEARNESS,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts by the score alone, on pairs that the fit did not see. Length of each: n_pairs."""

    above: Array  # probability of not gap
    given: npt.NDArray[np.int64]
    risks: Array
    gold: npt.NDArray[np.int64]


def judge(calibrator: Calibrator, document: Coded, actions: npt.NDArray[np.int64]) -> Judged:
    """Apply a calibrator to some actions of a document."""
    scores, near = document.scores[actions], document.nearness[actions]
    given = calibrator.most_likely(scores, near)
    chances = [calibrator.levels(s, z) for s, z in zip(scores, near, strict=True)]
    return Judged(
        above=np.array([1 - c[0] for c in chances]),
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


def cross_validate(documents: Sequence[Coded]) -> None:
    """Print the figures on documents, and on actions, that the fit did not see."""
    every = np.arange(len(documents[0].levels))
    apart = [
        judge(fit([d for d in documents if d is not document]), document, every)
        for document in documents
    ]
    for document, judged in zip(documents, apart, strict=True):
        describe(f"without {document.name}", judged)
    describe("all, each document left out in turn", joined(apart))
    shuffled = np.random.default_rng(SEED).permutation(len(every))
    parts = []
    for part in range(PARTS):
        test = np.sort(shuffled[part::PARTS])
        calibrator = fit(documents, np.setdiff1d(every, test))
        parts += [judge(calibrator, document, test) for document in documents]
    describe("all, each fifth of the actions left out in turn", joined(parts))


def main() -> None:
    """Fit, cross-validate, and write the calibrator."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--out", type=Path, default=Path("models/calibrator.json"))
    arguments = parser.parse_args()
    engine = load_engine()
    documents = read_coded(arguments.shared, engine)
    cross_validate(documents)
    fitted = fit(documents)
    data = {
        "made_by": "scripts/fit_calibrator.py",
        "fitted_on": [document.name for document in documents],
        "encoder_sha256": engine.encoder.sha256,
        "matcher_sha256": engine.index.weights.sha256,
        "scores": list(fitted.scores),
        "nearness": list(fitted.nearness),
        "levels": {
            level.label: [round(float(value), 4) for value in row]
            for level, row in zip(LEVELS[1:], fitted.weights, strict=True)
        },
    }
    arguments.out.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
