"""Metrics against slow and plain versions of themselves."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_factory import assessment, evidence
from typer.testing import CliRunner

from gcm_align.catalogue import Framework
from gcm_align.cli import app
from gcm_align.errors import UsageError
from gcm_align.evaluation import evaluate_clauses, load_clauses
from gcm_align.evaluation.agreement import ordinal_alpha
from gcm_align.evaluation.coding import best_threshold_f1, evaluate_coding
from gcm_align.evaluation.comparing import compare_outcomes, load_outcomes
from gcm_align.evaluation.gold import (
    Coding,
    GoldQuote,
    find_document,
    found_among,
    load_coded_document,
)
from gcm_align.evaluation.pictures import draw_pictures
from gcm_align.evaluation.ranking import evaluate_ranking, rank_of
from gcm_align.evaluation.reliability import reliability, risk_coverage
from gcm_align.types import Level

ACT = (
    "# Migrant Workers Act\n\nNo employer or agency shall retain the passport or any identity "
    "document of a migrant worker; whoever does so is liable to a fine.\n"
)


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


def test_a_clause_about_nothing_of_the_framework_counts_apart(
    catalogue: Framework, tmp_path: Path
) -> None:
    """One of two reaches mentioned somewhere; rankings are of the clause that has an action."""
    path = tmp_path / "clauses.json"
    none = {"id": None, "text": "Roads are kept in repair.", "polarity": "negative"}
    path.write_text(json.dumps([none, {"id": "1.a", "text": "x"}, none]), encoding="utf-8")
    clauses = load_clauses(path, catalogue)
    assert [c.id for c in clauses] == ["", "1.a", ""]
    levels = np.zeros((3, 187), dtype=np.int64)
    levels[2, 40] = Level.MENTIONED
    scores = np.zeros((3, 187), dtype=np.float32)
    scores[1, 0] = 1.0
    flagged = np.zeros((3, 187), dtype=bool)
    figures = evaluate_clauses(clauses, catalogue, scores, [("same", scores)], levels, flagged)
    assert (figures.n_other, figures.other_mentioned, figures.other_flagged) == (2, 0.5, 0.0)
    assert [(r.name, r.n, r.recall[1]) for r in figures.rankings] == [
        ("gcm-align", 1, 1.0),
        ("same", 1, 1.0),
    ]
    assert list(figures.outcomes.values()) == [True, True, False]


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
    assert figures.outcomes == {"1.a": True, "1.b": True, "1.c": False, "1.d": True}
    assert (figures.coverage[-1], figures.risk[-1]) == pytest.approx((1.0, 1 / 4))


def test_a_passage_that_runs_over_the_page_of_the_quote_is_found() -> None:
    """On another page the same words are another place."""
    words = "operate a recruitment agency without a licence"
    wanted = coding("1.a", Level.PARTIAL, words)  # on page 31
    before = evidence(Level.ADDRESSED, page=30)
    assert not found_among(wanted, [before])
    assert found_among(wanted, [replace(before, pages=(30, 31))])


def test_reliability_by_hand() -> None:
    """Said 0.1 and so in a half of two; said 0.9 and so: 2/3 of 0.4 and 1/3 of 0.1."""
    found = reliability(np.array([0.1, 0.1, 0.9]), np.array([True, False, True]))
    assert [b.n for b in found.bins] == [2, 1]
    assert [b.said for b in found.bins] == pytest.approx([0.1, 0.9])
    assert [b.was for b in found.bins] == [0.5, 1.0]
    assert found.calibration_error == pytest.approx(2 / 3 * 0.4 + 1 / 3 * 0.1)
    assert found.brier == pytest.approx((0.81 + 0.01 + 0.01) / 3)
    assert found.brier_constant == pytest.approx(2 / 9)


def test_the_surest_verdicts_come_first_on_the_curve() -> None:
    coverage, risk = risk_coverage(np.array([0.9, 0.1, 0.5]), np.array([True, False, False]))
    assert coverage.tolist() == pytest.approx([1 / 3, 2 / 3, 1])
    assert risk.tolist() == pytest.approx([0, 0, 1 / 3])


def test_the_cosine_baseline_has_the_best_threshold_for_it() -> None:
    """Cut between 0.5 and 0.4 it claims three and misses none: F1 4/5."""
    gold, near = np.array([1, 0, 2, 0]), np.array([0.9, 0.6, 0.5, 0.4])
    assert best_threshold_f1(gold, near) == pytest.approx(4 / 5)


def test_verdicts_gained_and_lost_are_named(tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(json.dumps({"outcomes": {"a": True, "b": False, "c": True}}), encoding="utf-8")
    change = compare_outcomes(load_outcomes(old), {"a": False, "b": True, "c": True, "d": True})
    assert (change.gained, change.lost, change.compared) == (("b",), ("a",), 3)
    old.write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError, match="earlier figures"):
        load_outcomes(old)


def test_a_coding_without_evidence_loads(tmp_path: Path) -> None:
    path = tmp_path / "coding.json"
    rows = {"document": "act.pdf", "levels": {"1.a": 4, "1.b": 0}, "doubt": ["1.b"]}
    path.write_text(json.dumps(rows), encoding="utf-8")
    loaded = load_coded_document(path)
    assert loaded.document == "act.pdf"
    assert [(c.action, c.level, c.doubt) for c in loaded.codings] == [
        ("1.a", Level.OPERATIONALISED, False),
        ("1.b", Level.GAP, True),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "coding.json, the file"),
        ("{}", "coding.json, the file"),
        ('{"codings": [{"action": "1.a", "level": 9}]}', "codings[0]"),
        ('{"codings": [{"action": "1.a", "level": 1}, 7]}', "codings[1]"),
    ],
)
def test_a_broken_coding_is_named(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "coding.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_coded_document(path)
    assert words in str(caught.value)


def test_the_document_of_a_coding_is_looked_for_above_it(tmp_path: Path) -> None:
    gold = tmp_path / "evaluation" / "gold" / "coding.json"
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "act.md").write_text("Act", encoding="utf-8")
    assert find_document(gold, "documents/act.md") == tmp_path / "documents" / "act.md"
    with pytest.raises(UsageError, match="not found"):
        find_document(gold, "documents/other.md")


def test_the_pictures_are_drawn_the_same_twice(tmp_path: Path) -> None:
    """And they show the figures: another result is another picture."""
    codings = [coding("1.a", Level.ADDRESSED), coding("1.b", Level.GAP)]
    good = [assessment("1.a", Level.ADDRESSED), assessment("1.b", Level.GAP)]
    bad = [assessment("1.a", Level.GAP), assessment("1.b", Level.ADDRESSED)]
    drawn = [
        [path.read_bytes() for path in draw_pictures(evaluate_coding(codings, made), tmp_path / n)]
        for n, made in (("1", good), ("2", good), ("3", bad))
    ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert all(picture.startswith(b"\x89PNG") for picture in drawn[0])


def test_the_command_measures_a_coded_document(tmp_path: Path) -> None:
    """Figures, pictures, and against an earlier run: found beside the coding, as JSON."""
    (tmp_path / "act.md").write_text(ACT, encoding="utf-8")
    gold, old = tmp_path / "coding.json", tmp_path / "old.json"
    rows = {"document": "act.md", "levels": {"6.h": 3, "20.b": 0}}
    gold.write_text(json.dumps(rows), encoding="utf-8")
    old.write_text(json.dumps({"outcomes": {"6.h": False, "20.b": True}}), encoding="utf-8")
    arguments = ["evaluate", str(gold), "--format", "json", "--against", str(old)]
    done = CliRunner().invoke(app, [*arguments, "--pictures", str(tmp_path / "out"), "--no-cache"])
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    assert printed["n"] == 2
    assert printed["outcomes"] == {"6.h": True, "20.b": True}
    assert printed["against"] == {"gained": ["6.h"], "lost": [], "compared": 2}
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "reliability.png",
        "risk-coverage.png",
    }


def test_the_gold_coding_loads(shared: Path) -> None:
    """All 187 actions are coded, and each non-gap has a quote."""
    path = shared / "evaluation" / "gold" / "kh-labour-migration-policy-2015.coder-1.json"
    codings = load_coded_document(path).codings
    assert len(codings) == 187
    assert sum(len(c.evidence) for c in codings) == 453
    assert all(c.evidence for c in codings if c.level > Level.GAP)
