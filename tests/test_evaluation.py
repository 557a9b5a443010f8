"""Metrics against slow and plain versions of themselves."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_factory import assessment, evidence

from gcm_align.catalogue import Framework
from gcm_align.errors import UsageError
from gcm_align.evaluation import load_clauses
from gcm_align.evaluation.agreement import ordinal_alpha
from gcm_align.evaluation.coding import Coding, GoldQuote, evaluate_coding, load_codings
from gcm_align.evaluation.ranking import evaluate_ranking, rank_of
from gcm_align.types import Level


def test_a_tie_counts_against_the_true_action() -> None:
    scores = np.array([[1.0, 1.0, 0.0], [2.0, 1.0, 0.0]], dtype=np.float32)
    assert rank_of(scores, np.array([0, 0])).tolist() == [1, 0]


def slow_alpha(first: list[int], second: list[int]) -> float:
    """Krippendorff's definition, pair by pair."""
    values = first + second
    count = {v: values.count(v) for v in range(5)}

    def distance(a: int, b: int) -> float:
        low, high = min(a, b), max(a, b)
        return float((sum(count[v] for v in range(low, high + 1)) - (count[a] + count[b]) / 2) ** 2)

    observed = sum(distance(a, b) for a, b in zip(first, second, strict=True)) / len(first)
    pairs = list(itertools.permutations(values, 2))
    expected = sum(distance(a, b) for a, b in pairs) / len(pairs)
    return 1 - observed / expected if expected else float("nan")


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=12))
def test_alpha_equals_its_definition(pairs: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    got = ordinal_alpha(np.array(first), np.array(second))
    assert got == pytest.approx(slow_alpha(first, second), nan_ok=True)


def test_recall_and_mrr_of_a_table_by_hand(catalogue: Framework, tmp_path: Path) -> None:
    """Ranks 1, 3 and 7 give R@1 1/3, R@5 2/3, R@10 1 and MRR (1 + 1/3 + 1/7) / 3."""
    path = tmp_path / "clauses.json"
    ids = ["1.a", "1.b", "1.c"]
    path.write_text(json.dumps([{"id": i, "text": i} for i in ids]), encoding="utf-8")
    clauses = load_clauses(path, catalogue)
    scores = np.zeros((3, 187), dtype=np.float32)
    for row, ahead in enumerate((0, 2, 6)):
        scores[row, row] = 1.0
        scores[row, 100 : 100 + ahead] = 2.0
    figures = evaluate_ranking("made", scores, clauses, catalogue)
    assert figures.recall == pytest.approx({1: 1 / 3, 5: 2 / 3, 10: 1.0})
    assert figures.mrr == pytest.approx((1 + 1 / 3 + 1 / 7) / 3)
    low, high = figures.recall_interval[1]
    assert low <= 1 / 3 <= high


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot be read"),
        ("[]", "at least one clause"),
        ('[{"id": "1.a", "text": "x"}, 7]', "clauses[1]"),
        ('[{"id": "1.a", "text": " "}]', "'text'"),
        ('[{"id": "99.z", "text": "x"}]', "99.z"),
        ('[{"id": "1.a", "text": "x", "polarity": "maybe"}]', "maybe"),
    ],
)
def test_a_broken_clause_file_is_named(
    content: str, words: str, catalogue: Framework, tmp_path: Path
) -> None:
    path = tmp_path / "clauses.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="clauses") as caught:
        load_clauses(path, catalogue)
    assert words in str(caught.value)


def coding(action: str, level: Level, quote: str = "") -> Coding:
    quotes = (GoldQuote(page=31, quote=quote, level=level),) if quote else ()
    return Coding(action=action, level=level, doubt=False, contrary=False, evidence=quotes)


def test_a_coding_against_a_report_by_hand() -> None:
    """Two of three non-gaps found, none invented; one quote in two is shown."""
    words = "operate a recruitment agency without a licence"
    codings = [
        coding("1.a", Level.ADDRESSED, words),
        coding("1.b", Level.PARTIAL, "something else altogether is written on that page"),
        coding("1.c", Level.MENTIONED),
        coding("1.d", Level.GAP),
    ]
    verdicts = [
        assessment("1.a", Level.ADDRESSED, evidence=(evidence(Level.ADDRESSED),)),
        assessment("1.b", Level.PARTIAL),
        assessment("1.c", Level.GAP),
        assessment("1.d", Level.GAP),
    ]
    figures = evaluate_coding(codings, verdicts)
    assert figures.gap_precision == 1.0
    assert figures.gap_recall == pytest.approx(2 / 3)
    assert figures.gap_f1_everything == pytest.approx(6 / 7)
    assert (figures.evidence_found, figures.evidence_n) == (0.5, 2)
    assert figures.accepted_wrong == pytest.approx(1 / 4)


def test_the_gold_coding_loads(shared: Path) -> None:
    """All 187 actions are coded, and each non-gap has a quote."""
    path = shared / "evaluation" / "gold" / "kh-labour-migration-policy-2015.coder-1.json"
    codings = load_codings(path)
    assert len(codings) == 187
    assert sum(len(c.evidence) for c in codings) == 453
    assert all(c.evidence for c in codings if c.level > Level.GAP)
