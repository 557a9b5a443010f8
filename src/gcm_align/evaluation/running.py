"""Run an engine over a file of labelled clauses."""

from __future__ import annotations

from pathlib import Path

from gcm_align.clauses import judge_texts
from gcm_align.engine import Engine
from gcm_align.evaluation.clauses import load_clauses
from gcm_align.evaluation.ranking import ClauseEvaluation, evaluate_clauses
from gcm_align.matching import LexicalIndex


def evaluate_file(path: Path, engine: Engine) -> ClauseEvaluation:
    """
    Measure an engine on labelled clauses, beside two baselines.

    The baselines are BM25 over the texts of the actions alone, and the encoder's cosine
    with the same texts.

    Raises:
        UsageError: The file is broken; the message names the row and the field.
    """
    framework = engine.framework
    clauses = load_clauses(path, framework)
    texts = [" ".join(clause.text.split()) for clause in clauses]
    judged = judge_texts(texts, engine)
    bm25 = LexicalIndex([action.text for action in framework.actions]).scores(texts)
    return evaluate_clauses(
        clauses,
        framework,
        judged.scores.values,
        [("BM25, action text", bm25), ("cosine, action text", judged.scores.parts["text"])],
        judged.levels,
        judged.flagged,
    )
