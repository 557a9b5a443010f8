"""Gold labels to metrics."""

from gcm_align.evaluation.clauses import LabelledClause, load_clauses
from gcm_align.evaluation.ranking import ClauseEvaluation, evaluate_clauses

__all__ = ["ClauseEvaluation", "LabelledClause", "evaluate_clauses", "load_clauses"]
