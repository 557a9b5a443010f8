"""Run an engine over a file of labelled clauses, or over the document of a coding."""

from __future__ import annotations

from pathlib import Path

from gcm_align.clauses import judge_texts
from gcm_align.engine import Engine
from gcm_align.evaluation.baselines import bm25_scores
from gcm_align.evaluation.clauses import load_clauses
from gcm_align.evaluation.coding import CodingEvaluation, evaluate_coding
from gcm_align.evaluation.gold import find_document, load_coded_document
from gcm_align.evaluation.ranking import ClauseEvaluation, evaluate_clauses
from gcm_align.pipeline import conclude, prepare


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
    bm25 = bm25_scores([action.text for action in framework.actions], texts)
    return evaluate_clauses(
        clauses,
        framework,
        judged.scores.values,
        [("BM25, action text", bm25), ("cosine, action text", judged.scores.parts["text"])],
        judged.levels,
        judged.flagged,
    )


def evaluate_document(path: Path, engine: Engine, document: Path | None = None) -> CodingEvaluation:
    """
    Measure an engine's verdicts on a document against a coding of it.

    Args:
        path: The coding.
        engine: What judges.
        document: The coded document; left out, the one that the coding names is looked for
            in the folders above it.

    Raises:
        UsageError: The coding is broken, or its document is not found.
        ReadingError: The document cannot be read.
    """
    coded = load_coded_document(path)
    document = document or find_document(path, coded.document)
    reading = prepare(document, engine)
    verdicts, _ = conclude(document, reading, engine)
    cosine = reading.scores.parts["text"].max(axis=0, initial=-1.0)
    return evaluate_coding(coded.codings, verdicts, [float(value) for value in cosine])
