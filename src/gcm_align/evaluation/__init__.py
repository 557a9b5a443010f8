"""Gold labels to metrics."""

from gcm_align.evaluation.clauses import LabelledClause, load_clauses
from gcm_align.evaluation.coding import CodingEvaluation, evaluate_coding
from gcm_align.evaluation.ranking import ClauseEvaluation, evaluate_clauses

__all__ = [
    "ClauseEvaluation",
    "CodingEvaluation",
    "LabelledClause",
    "evaluate_clauses",
    "evaluate_coding",
    "load_clauses",
]
