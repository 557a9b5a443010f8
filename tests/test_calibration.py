"""Probabilities of levels: monotone, whole, capped by the wording, and loud when broken."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_factory import clause

from gcm_align import calibration
from gcm_align.artifacts import models_path, sha256_of
from gcm_align.calibration import (
    FIGURES,
    FLOOR,
    Array,
    capped,
    document_figures,
    each_level,
    is_wrong,
    load_calibrator,
    median_level,
    risk,
    subject_nearness,
)
from gcm_align.errors import ArtifactError
from gcm_align.types import Force, Level, Scores

SHIPPED = load_calibrator()


def scores(values: list[list[float]]) -> Scores:
    table = np.array(values, dtype=np.float32).reshape(len(values), len(values[0]) if values else 2)
    names = tuple(f"1.{i}" for i in range(table.shape[1]))
    none = np.zeros((len(values), 0), dtype=np.float32)
    return Scores(
        action_ids=names,
        values=table,
        parts={},
        elements=none,
        element_owner=np.zeros(0, dtype=np.int64),
    )


def figures_of(rows: list[list[float]], firm: bool = True) -> Array:
    """Return the figures of a document whose passages are all alike in wording."""
    force = Force.DUTY if firm else Force.WEAK
    return document_figures(scores(rows), [clause(force) for _ in rows])


@given(st.lists(st.lists(st.floats(-40, 40), min_size=2, max_size=2), min_size=1, max_size=6))
def test_the_levels_share_one_probability(rows: list[list[float]]) -> None:
    levels = each_level(SHIPPED.reached(figures_of(rows)))
    assert levels.shape == (2, 4)
    assert levels.min() >= 0
    assert levels.sum(axis=1) == pytest.approx([1, 1])


@given(st.floats(-40, 40), st.floats(0, 10), st.floats(-12, 6), st.floats(0, 10))
def test_a_nearer_passage_is_never_less_likely_to_carry_a_level(
    score: float, more: float, nearness: float, closer: float
) -> None:
    """Nor is the same passage in a document that stays nearer to the subject."""
    low = SHIPPED.at_least(score, nearness)
    assert (SHIPPED.at_least(score + more, nearness) >= low).all()
    assert (SHIPPED.at_least(score, nearness + closer) >= low).all()
    assert (low >= SHIPPED.at_least(score, nearness, 0.0)).all()


@given(st.lists(st.floats(-15, 15), min_size=1, max_size=6), st.integers(0, 5), st.floats(0, 10))
def test_a_nearer_passage_never_makes_a_document_less_likely(
    column: list[float], at: int, more: float
) -> None:
    """Raising one score of one passage lowers no level of its action."""
    at %= len(column)
    raised = [score + (more if i == at else 0) for i, score in enumerate(column)]
    low, high = (
        SHIPPED.reached(figures_of([[s, -9.0] for s in own]))[0] for own in (column, raised)
    )
    assert (high >= low - 1e-12).all()


def test_the_figures_of_a_document_by_hand() -> None:
    """Two passages, one of them firm; the one that orders the opposite counts for nothing."""
    table = scores([[3.0, -20.0], [1.0, -9.0]])
    made = [clause(Force.WEAK), clause(Force.DUTY)]
    found = dict(zip(FIGURES, document_figures(table, made)[0], strict=True))
    assert found["best"] == 3
    assert found["firm"] == 1
    assert found["delivered"] == FLOOR
    assert found["amount"] == pytest.approx(
        math.log(math.log1p(math.exp(3)) + math.log1p(math.exp(1))), abs=1e-4
    )
    assert found["nearness"] == 2
    assert found["length"] == pytest.approx(np.log(2))
    without = np.array([[True, False], [False, False]])
    assert document_figures(table, made, without)[0][0] == 1


def test_a_document_without_passages_is_a_gap() -> None:
    found = document_figures(scores([]), [])
    assert (median_level(SHIPPED.reached(found)) == 0).all()


def test_the_median_level_by_hand() -> None:
    """With the thresholds at 0, 1 and 3, a score of 2 reaches two of them."""
    thresholds = np.array([[1, 0, 0, 0], [1, 0, 0, -1], [1, 0, 0, -3.0]])
    made = replace(SHIPPED, passage=thresholds, scores=(-9, 9), nearness=(-9, 9))
    table = scores([[-1.0, 0.5, 2.0, 4.0]])
    assert made.most_likely(table, 0.0).tolist() == [[0, 1, 2, 3]]


def test_nearness_is_the_middle_of_the_nearest_and_not_of_the_longest() -> None:
    """Ten times the same pages stay as near as one time; nothing is as far as can be."""
    rows = [[-9.0, -8.0], [1.0, -9.0], [-9.0, -3.0]]
    assert subject_nearness(scores(rows)) == pytest.approx(-3)
    assert subject_nearness(scores(rows * 10)) == pytest.approx(-3)
    assert subject_nearness(scores([])) == -np.inf
    assert SHIPPED.at_least(0.0, -np.inf)[0] < 0.5


def test_a_cap_moves_probability_and_loses_none() -> None:
    made = capped(np.array([0.1, 0.2, 0.3, 0.4]), Level.MENTIONED)
    assert made.tolist() == pytest.approx([0.1, 0.9, 0, 0])
    assert capped(np.array([0.1, 0.2, 0.3, 0.4]), Level.OPERATIONALISED).tolist() == [
        0.1, 0.2, 0.3, 0.4,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given_level", "expected"),
    [
        (Level.GAP, 0.9),  # all that is not a gap
        (Level.MENTIONED, 0.1 + 0.4),
        (Level.PARTIAL, 0.1),
        (Level.ADDRESSED, 0.1 + 0.2),
        (Level.OPERATIONALISED, 0.1 + 0.2),
    ],
)
def test_the_risk_of_a_verdict_by_hand(given_level: Level, expected: float) -> None:
    assert risk(np.array([0.1, 0.2, 0.3, 0.4]), given_level) == pytest.approx(expected)


def test_wrong_is_about_the_gap_or_two_levels_off() -> None:
    gold, verdict = np.array([0, 1, 1, 2, 4, 4]), np.array([1, 0, 3, 4, 3, 2])
    assert is_wrong(gold, verdict).tolist() == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    "content", ["{", "{}", '{"passage": {}, "scores": [0, 1], "nearness": [0, 1]}']
)
def test_a_broken_calibrator_is_named(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "calibrator.json"
    path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(calibration, "models_path", lambda name: path)
    with pytest.raises(ArtifactError, match="calibrator") as caught:
        load_calibrator()
    assert str(path) in str(caught.value)


def test_the_calibrator_belongs_to_the_models_beside_it() -> None:
    """It was fitted with the encoder and the weights that are shipped."""
    made = json.loads(models_path("calibrator.json").read_text(encoding="utf-8"))
    assert made["matcher_sha256"] == sha256_of(models_path("matcher.json"))
    assert (
        made["encoder_sha256"]
        == json.loads(models_path("matcher.json").read_text(encoding="utf-8"))["encoder_sha256"]
    )
