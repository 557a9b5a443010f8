"""Print what each part of the score earns: the weights are fitted again without it.

    python scripts/ablate_parts.py ../shared

Two questions for each set of parts. Do clauses find their action (R@1 and R@5 over
``evaluation/paraphrases-dev.json``, actions of a clause ranked)? And does an action find
its passages in a real document (coded evidence among the first three and first ten of the
coded policy, passages of an action ranked)?
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from fit_matcher import GIVEN, PARTS, Labelled, fit, load_labelled, table, without_own

from gcm_align.artifacts import default_cache_dir
from gcm_align.clauses import score_texts
from gcm_align.encoding import CachedEncoder, load_encoder
from gcm_align.engine import Engine, load_engine
from gcm_align.evaluation.clauses import LabelledClause, load_clauses
from gcm_align.evaluation.gold import CodedDocument, find_document, holds, load_coded_document
from gcm_align.evaluation.ranking import evaluate_ranking
from gcm_align.matching import ActionIndex, Weights, score_passages
from gcm_align.pipeline import encoded_text, prepare
from gcm_align.prototypes import kept_for_calibration, load_prototypes
from gcm_align.types import Reading
from gcm_align.vector_cache import VectorCache

CLAUSES = "evaluation/paraphrases-dev.json"
GOLD = "evaluation/gold/kh-labour-migration-policy-2015.coder-1.json"


def fitted_without(
    left_out: str, labelled: list[Labelled], index: ActionIndex, encoder: CachedEncoder
) -> Weights:
    """Fit the weights of all parts but one."""
    parts = tuple(part for part in PARTS["with_prototypes"] if part != left_out)
    features, truth = table(labelled, index, encoder, parts)
    fixed = {parts.index(part): GIVEN[part] for part in parts if part in GIVEN}
    *weights, intercept = fit(features, truth, fixed)
    return Weights(parts=dict(zip(parts, weights, strict=True)), intercept=intercept, sha256="")


def found_in(
    coded: CodedDocument, reading: Reading, engine: Engine, most: Sequence[int]
) -> list[float]:
    """Return the share of actions with coded evidence among their highest passages."""
    texts = [encoded_text(passage) for passage in reading.passages]
    vectors = engine.encoder.encode(texts)
    scores = score_passages(texts, vectors, engine.index, reading.scope)
    number = {action: i for i, action in enumerate(scores.action_ids)}
    ranks = []
    for coding in coded.codings:
        if not coding.evidence:
            continue
        order = np.argsort(-scores.values[:, number[coding.action]], kind="stable")
        hits = (
            rank
            for rank, at in enumerate(order)
            if any(
                gold.page in reading.passages[at].pages and holds(texts[at], gold.quote)
                for gold in coding.evidence
            )
        )
        ranks.append(next(hits, len(order)))
    return [float(np.mean(np.array(ranks) < k)) for k in most]


def describe(
    name: str,
    engine: Engine,
    clauses: Sequence[LabelledClause],
    coded: CodedDocument,
    reading: Reading,
) -> None:
    """Print one row of the table."""
    scores = score_texts([clause.text for clause in clauses], engine)
    ranking = evaluate_ranking(name, scores.values, clauses, engine.framework)
    first, third = found_in(coded, reading, engine, (3, 10))
    print(
        f"| {name} | {ranking.recall[1]:.3f} | {ranking.recall[5]:.3f} "
        f"| {first:.3f} | {third:.3f} |"
    )


def main() -> None:
    """Print the table: all parts, then without each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    shared: Path = parser.parse_args().shared
    engine = load_engine()
    encoder = CachedEncoder(encoder=load_encoder(), cache=VectorCache(default_cache_dir()))
    framework = engine.framework
    clauses = load_clauses(shared / CLAUSES, framework)
    coded = load_coded_document(shared / GOLD)
    reading = prepare(find_document(shared / GOLD, coded.document), engine)
    kept = np.array([not kept_for_calibration(text) for _, text in load_prototypes(framework)])
    labelled = load_labelled(framework)
    print("| parts | R@1 | R@5 | evidence in first 3 | in first 10 |")
    print("| --- | ---: | ---: | ---: | ---: |")
    describe("all", engine, clauses, coded, reading)
    for part in PARTS["with_prototypes"]:
        weights = fitted_without(part, labelled, without_own(engine.index, kept), encoder)
        without = replace(engine, index=replace(engine.index, weights=weights))
        describe(f"without {part}", without, clauses, coded, reading)


if __name__ == "__main__":
    main()
